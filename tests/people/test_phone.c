/* Tests people/phone.c: what a cell may hold, and every prefix of the table. */
#include "people/phone.h"

#include "support/home.h"

typedef struct Case {
    const char *text;
    PhoneProblem problem;
    const char *digits; /* when fine */
    PhoneKind kind;
    MayText may_text;
} Case;

#define TAKEN(text, digits)                                                                        \
    {                                                                                              \
        text, PHONE_FINE, digits, PHONE_KIND_PUBLIC, MAY_TEXT_YES                                  \
    }
#define KIND(text, kind, may_text)                                                                 \
    {                                                                                              \
        text, PHONE_FINE, text, PHONE_KIND_##kind, MAY_TEXT_##may_text                             \
    }
#define REFUSED(text, problem)                                                                     \
    {                                                                                              \
        text, problem, NULL, PHONE_KIND_UNKNOWN, MAY_TEXT_UNKNOWN                                  \
    }

static const Case CASES[] = {
    TAKEN("13800138000", "13800138000"),
    TAKEN(" 138 0013 8000 ", "13800138000"),
    TAKEN("138-0013-8000", "13800138000"),
    TAKEN("138—0013—8000", "13800138000"),
    TAKEN("+8613800138000", "13800138000"),
    TAKEN("+86 138 0013 8000", "13800138000"),
    TAKEN("008613800138000", "13800138000"),
    TAKEN("8613800138000", "13800138000"),
    TAKEN("(86)13800138000", "13800138000"),
    TAKEN("１３８００１３８０００", "13800138000"),
    TAKEN("（＋８６）１３８００１３８０００", "13800138000"),
    TAKEN("'13800138000", "13800138000"),
    TAKEN("13800138000.0", "13800138000"),
    TAKEN("\u202d13800138000\u202c", "13800138000"),
    /* Several numbers, one of them a mobile one. */
    TAKEN("13800138000/0769-22222222", "13800138000"),
    TAKEN("0769-22222222、13800138000", "13800138000"),
    TAKEN("13800138000 0769-22222222", "13800138000"),
    TAKEN("13800138000；13800138000", "13800138000"),
    TAKEN("13800138000或138 0013 8000", "13800138000"),
    TAKEN("13800138000/1390013900", "13800138000"),
    REFUSED("13800138000/13900139000", PHONE_SEVERAL),
    REFUSED("13800138000 13900139000", PHONE_SEVERAL),
    REFUSED("13800138000,13900139000,13800138000", PHONE_SEVERAL),
    REFUSED("13800138000 1390013", PHONE_LENGTH),
    /* Nothing, or no mobile number. */
    REFUSED("", PHONE_EMPTY),
    REFUSED(" / ", PHONE_EMPTY),
    REFUSED("0769-22222222", PHONE_LANDLINE),
    REFUSED("076922222222", PHONE_LANDLINE),
    REFUSED("(0769)2222222", PHONE_LANDLINE),
    REFUSED("010-62222222", PHONE_LANDLINE),
    REFUSED("020 62222222", PHONE_LANDLINE),
    REFUSED("22222222", PHONE_LANDLINE),
    REFUSED("400-800-8000", PHONE_LANDLINE),
    REFUSED("1380013800", PHONE_LENGTH),
    REFUSED("138001380001", PHONE_LENGTH),
    REFUSED("12345678901", PHONE_LENGTH),  /* no mobile number begins 12 */
    REFUSED("+13800138000", PHONE_LENGTH), /* a number of the United States */
    REFUSED("110", PHONE_LENGTH),
    REFUSED("1.38001E+10", PHONE_CHARACTERS),
    REFUSED("13800138000(李四)", PHONE_CHARACTERS),
    REFUSED("无", PHONE_CHARACTERS),
    REFUSED("1380013800O", PHONE_CHARACTERS),
    /* Kinds, by prefix and length. */
    KIND("13480013800", PUBLIC, YES),
    KIND("13498013800", UNKNOWN, UNKNOWN),
    KIND("13490013800", UNKNOWN, UNKNOWN),
    KIND("13492013800", SATELLITE, UNKNOWN),
    KIND("14500138000", DATA, UNKNOWN),
    KIND("14600138000", IOT, NO),
    KIND("14800138000", IOT, NO),
    KIND("1440013800012", IOT, NO),
    KIND("16190138000", SATELLITE, UNKNOWN),
    KIND("16200138000", RESALE, YES),
    KIND("17000138000", RESALE, YES),
    KIND("17100138000", RESALE, YES),
    KIND("17405138000", SATELLITE, UNKNOWN),
    KIND("17490138000", SATELLITE, UNKNOWN),
    KIND("17413138000", UNKNOWN, UNKNOWN),
    KIND("15400138000", UNKNOWN, UNKNOWN),
    KIND("19400138000", UNKNOWN, UNKNOWN),
    KIND("19900138000", PUBLIC, YES),
};

static void cells_give_one_mobile_number_or_the_reason_why_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const Case *item = &CASES[i];
        Phone phone = {.digits = "untouched"};
        PhoneProblem problem = phone_check(item->text, &phone);
        if (problem != item->problem)
            fail_msg("'%s': problem %d, expected %d", item->text, (int)problem, (int)item->problem);
        assert_string_equal(phone.digits, item->digits ? item->digits : "untouched");
        if (problem != PHONE_FINE)
            continue;
        if (phone.kind != item->kind || phone.may_text != item->may_text)
            fail_msg("'%s': kind %d, may text %d", item->text, (int)phone.kind,
                     (int)phone.may_text);
    }
}

static void an_endless_cell_is_refused(void **state)
{
    (void)state;
    char cell[4096];
    Phone phone;
    memset(cell, '1', sizeof cell - 1);
    cell[sizeof cell - 1] = '\0';
    assert_int_equal(phone_check(cell, &phone), PHONE_CHARACTERS);
}

static void every_prefix_of_the_table_decides_and_none_begins_another(void **state)
{
    (void)state;
    static const struct {
        const char *digits;
        PhoneKind kind;
        MayText may_text;
    } PREFIXES[] = {
#define PREFIX(digits, kind, may_text) {digits, PHONE_KIND_##kind, MAY_TEXT_##may_text},
#include "people/prefixes.def"
#undef PREFIX
    };
    size_t count = sizeof PREFIXES / sizeof *PREFIXES;
    assert_int_equal(count, 90);
    for (size_t i = 0; i < count; i++) {
        char text[12];
        Phone phone;
        snprintf(text, sizeof text, "%s%.*s", PREFIXES[i].digits,
                 11 - (int)strlen(PREFIXES[i].digits), "66666666");
        for (size_t j = 0; j < count; j++)
            if (j != i)
                assert_int_not_equal(strncmp(text, PREFIXES[j].digits, strlen(PREFIXES[j].digits)),
                                     0);
        assert_int_equal(phone_check(text, &phone), PHONE_FINE);
        assert_int_equal(phone.kind, PREFIXES[i].kind);
        assert_int_equal(phone.may_text, PREFIXES[i].may_text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_give_one_mobile_number_or_the_reason_why_not),
        cmocka_unit_test(an_endless_cell_is_refused),
        cmocka_unit_test(every_prefix_of_the_table_decides_and_none_begins_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
