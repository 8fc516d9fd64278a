/* Tests people/id_number.c against published numbers and every damage of DOMAIN B. */
#include "people/id_number.h"

#include "support/home.h"

#include <stdlib.h>

typedef struct Case {
    const char *text;
    IdProblem problem;
    const char *id18; /* when fine */
    const char *birth;
    bool male;
} Case;

static const Case CASES[] = {
    /* Published good ones. */
    {"11010519491231002X", ID_FINE, "11010519491231002X", "1949-12-31", false},
    {"440524188001010014", ID_TOO_OLD, NULL, NULL, false}, /* sound, but born 1880 */
    {"440524198001010013", ID_FINE, "440524198001010013", "1980-01-01", true},
    /* Ways of writing that lose nothing. */
    {"11010519491231002x", ID_FINE, "11010519491231002X", "1949-12-31", false},
    {" 440524 19800101 0013 ", ID_FINE, "440524198001010013", "1980-01-01", true},
    {"'440524198001010013", ID_FINE, "440524198001010013", "1980-01-01", true},
    {"４４０５２４１９８００１０１００１３", ID_FINE, "440524198001010013", "1980-01-01", true},
    {"1101051949\u3000123100２ｘ", ID_FINE, "11010519491231002X", "1949-12-31", false},
    {"\u202d440524198001010013\u202c", ID_FINE, "440524198001010013", "1980-01-01", true},
    {"440524198001010013\n", ID_FINE, "440524198001010013", "1980-01-01", true},
    {"440524800101001", ID_FINE, "440524198001010013", "1980-01-01", true},
    /* Damage; no digit is guessed. */
    {"", ID_EMPTY, NULL, NULL, false},
    {"  \u3000", ID_EMPTY, NULL, NULL, false},
    {"4.40524E+17", ID_SCIENTIFIC, NULL, NULL, false},
    {"4.40524198001010e+17", ID_SCIENTIFIC, NULL, NULL, false},
    {"4E17", ID_SCIENTIFIC, NULL, NULL, false},
    {"440524198001010000", ID_DAMAGED, NULL, NULL, false},
    {"44052419800101001", ID_LENGTH, NULL, NULL, false},
    {"4405241980010100130", ID_LENGTH, NULL, NULL, false},
    {"11010519491231X", ID_CHARACTERS, NULL, NULL, false}, /* 15 digits have no check character */
    {"1101051949123100X", ID_LENGTH, NULL, NULL, false},
    {"44052419800101001O", ID_CHARACTERS, NULL, NULL, false},
    {"X40524198001010013", ID_CHARACTERS, NULL, NULL, false},
    {"440524-19800101-0013", ID_CHARACTERS, NULL, NULL, false},
    {"护照G12345678", ID_CHARACTERS, NULL, NULL, false},
    {"440524198001010014", ID_CHECKSUM, NULL, NULL, false},
    {"110105194912310020", ID_CHECKSUM, NULL, NULL, false},
    {"440524198002300013", ID_BIRTH_DATE, NULL, NULL, false},
    {"440524198013010013", ID_BIRTH_DATE, NULL, NULL, false},
    {"440524810229001", ID_BIRTH_DATE, NULL, NULL, false}, /* 1981 has no 29 February */
};

static Date reference_day(void)
{
    return date_of(2012, 10, 1);
}

static void id_numbers_are_taken_or_refused_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const Case *item = &CASES[i];
        IdNumber number = {.text = "untouched"};
        char day[11];
        IdProblem problem = id_number_check(item->text, reference_day(), &number);
        if (problem != item->problem)
            fail_msg("'%s': problem %d, expected %d", item->text, (int)problem, (int)item->problem);
        if (problem != ID_FINE) {
            assert_string_equal(number.text, "untouched");
            continue;
        }
        assert_string_equal(number.text, item->id18);
        assert_string_equal(date_format(number.birth, day), item->birth);
        assert_int_equal(number.male, item->male);
        assert_memory_equal(number.area, item->id18, 6);
        assert_false(number.resident_permit);
    }
}

/* A sound number for 17 digits. */
static void number_with(const char *digits, char out[19])
{
    snprintf(out, 19, "%.17s%c", digits, id_number_check_character(digits));
}

static void numbers_given_to_residents_of_hong_kong_macao_and_taiwan_are_known(void **state)
{
    (void)state;
    static const char *const DIGITS[] = {"81000019800101001", "82000019800101002",
                                         "83000019800101003"};
    for (size_t i = 0; i < 3; i++) {
        char text[19];
        IdNumber number;
        number_with(DIGITS[i], text);
        assert_int_equal(id_number_check(text, reference_day(), &number), ID_FINE);
        assert_true(number.resident_permit);
    }
}

static void a_person_is_born_by_the_reference_day_and_at_most_120(void **state)
{
    (void)state;
    static const struct {
        const char *birth;
        IdProblem problem;
    } BIRTHS[] = {{"20121001", ID_FINE},
                  {"20121002", ID_FUTURE},
                  {"18911002", ID_FINE}, /* 120, 121 tomorrow */
                  {"18911001", ID_TOO_OLD}};
    for (size_t i = 0; i < 4; i++) {
        char digits[18], text[19];
        IdNumber number;
        snprintf(digits, sizeof digits, "440524%s001", BIRTHS[i].birth);
        number_with(digits, text);
        assert_int_equal(id_number_check(text, reference_day(), &number), BIRTHS[i].problem);
    }
}

/* What a spreadsheet does to every sound number: its last three digits become zero. */
static void every_number_that_a_spreadsheet_zeroed_is_found(void **state)
{
    (void)state;
    int sums_hold = 0;
    srand(20121001);
    for (int i = 0; i < 20000; i++) {
        char text[64];
        IdNumber number;
        snprintf(text, sizeof text, "%06d19%02d%02d%02d0000", 110000 + rand() % 500000,
                 50 + rand() % 45, 1 + rand() % 12, 1 + rand() % 28);
        text[14] = (char)('0' + rand() % 10); /* the sequence's first digit is left */
        assert_int_equal(strlen(text), 18);
        sums_hold += id_number_check_character(text) == '0';
        assert_int_equal(id_number_check(text, reference_day(), &number), ID_DAMAGED);
    }
    assert_in_range(sums_hold, 1500, 2200); /* one in eleven passes the checksum */
}

static void any_single_wrong_digit_is_found(void **state)
{
    (void)state;
    const char *good = "440524198001010013";
    for (int place = 0; place < 18; place++)
        for (char digit = '0'; digit <= '9'; digit++) {
            char text[19];
            IdNumber number;
            memcpy(text, good, sizeof text);
            text[place] = digit;
            IdProblem problem = id_number_check(text, reference_day(), &number);
            assert_int_equal(problem == ID_FINE, digit == good[place]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(id_numbers_are_taken_or_refused_with_the_reason),
        cmocka_unit_test(numbers_given_to_residents_of_hong_kong_macao_and_taiwan_are_known),
        cmocka_unit_test(a_person_is_born_by_the_reference_day_and_at_most_120),
        cmocka_unit_test(every_number_that_a_spreadsheet_zeroed_is_found),
        cmocka_unit_test(any_single_wrong_digit_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
