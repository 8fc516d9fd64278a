#include "people/operator.h"

#include "people/phone.h"
#include "support/home.h"

static void numbers_are_known_by_whom_they_were_given_to(void **state)
{
    (void)state;
    static const struct {
        const char *digits;
        Operator operator;
    } CASES[] = {
        {"13800138000", OPERATOR_MOBILE},
        {"13012345678", OPERATOR_UNICOM},
        {"13412345678", OPERATOR_MOBILE},
        {"13491234567", OPERATOR_UNKNOWN},
        {"13492345678", OPERATOR_TELECOM},
        {"18912345678", OPERATOR_TELECOM},
        {"19212345678", OPERATOR_BROADNET},
        {"17031234567", OPERATOR_MOBILE},
        {"17041234567", OPERATOR_UNICOM},
        {"17406123456", OPERATOR_OTHER},
        {"16191234567", OPERATOR_STARNET},
        {"15412345678", OPERATOR_UNKNOWN},
        {"", OPERATOR_UNKNOWN},
        {NULL, OPERATOR_UNKNOWN},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        if (operator_find(CASES[at].digits) != CASES[at].operator)
            fail_msg("%s: %s", CASES[at].digits ? CASES[at].digits : "NULL",
                     operator_word(operator_find(CASES[at].digits)));
    }
    assert_string_equal(operator_word(OPERATOR_BROADNET), "broadnet");
    assert_string_equal(operator_label(OPERATOR_BROADNET), "China Broadnet");
}

/* The two tables of prefixes speak of the same ones. */
static void every_prefix_that_is_given_out_has_an_operator_and_no_other(void **state)
{
    (void)state;
    for (int prefix = 1300; prefix <= 1999; prefix++) {
        char digits[12];
        Phone phone;
        snprintf(digits, sizeof digits, "%d5555555", prefix);
        bool given = phone_check(digits, &phone) == PHONE_FINE && phone.kind != PHONE_KIND_UNKNOWN;
        if (prefix / 10 >= 140 && prefix / 10 <= 144)
            continue; /* 13 digits */
        if (given != (operator_find(digits) != OPERATOR_UNKNOWN))
            fail_msg("%s", digits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_known_by_whom_they_were_given_to),
        cmocka_unit_test(every_prefix_that_is_given_out_has_an_operator_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
