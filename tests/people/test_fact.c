/* Tests people/fact.c: names, and that a value is read as it is shown, in both languages. */
#include "people/fact.h"

#include "people/crowd.h"

static void names_are_lower_case_and_found_again(void **state)
{
    (void)state;
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        const char *name = fact_info(fact)->name;
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
        assert_int_equal(fact_find(name), fact);
        assert_true(strlen(fact_label(fact, LANG_EN)) > 0);
        assert_string_not_equal(fact_label(fact, LANG_EN), fact_label(fact, LANG_ZH));
    }
    assert_int_equal(fact_find("SKILL_LEVEL"), FACT_NONE);
    assert_int_equal(fact_find(""), FACT_NONE);
    assert_string_equal(fact_label(FACT_SKILL_LEVEL, LANG_ZH), "技能等级");
}

static void every_fact_is_a_column_of_both_tables(void **state)
{
    TestHome *home = *state;
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        assert_int_equal(
            test_number(home, arena_printf(home->context.arena,
                                           "SELECT COUNT(*) FROM information_schema.columns WHERE"
                                           " table_schema = DATABASE() AND column_name = '%s' AND"
                                           " table_name IN ('person', 'answer')",
                                           fact_info(fact)->name)),
            2);
}

static void what_is_shown_is_read_back(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Crowd crowd = {.arena = arena, .state = test_seed(), .people = 9};
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        if (fact_info(fact)->kind == KIND_SEALED)
            continue;
        for (int round = 0; round < 200; round++) {
            Err err = {0};
            FactValue value = crowd_value(&crowd, fact), back = {.known = false};
            Lang lang = round % 2 ? LANG_ZH : LANG_EN;
            assert_ok(fact_parse(arena, fact, fact_show(arena, fact, value, lang), &back, &err),
                      &err);
            assert_true(fact_same(fact, value, back));
        }
    }
}

static void values_are_read_in_both_languages(void **state)
{
    (void)state;
    static const struct {
        FactId fact;
        const char *text;
        int64_t number;
    } VALUES[] = {
        {FACT_OWNS_HOME, "是", 1},
        {FACT_OWNS_HOME, "否", 0},
        {FACT_OWNS_HOME, "有", 1},
        {FACT_OWNS_HOME, "无", 0},
        {FACT_OWNS_HOME, "Yes", 1},
        {FACT_OWNS_HOME, "NO", 0},
        {FACT_OWNS_HOME, " 1 ", 1},
        {FACT_SEX, "male", 1},
        {FACT_SEX, "女", 2},
        {FACT_SEX, "2", 2},
        {FACT_SKILL_LEVEL, "高级工", 3},
        {FACT_SKILL_LEVEL, "senior worker", 3},
        {FACT_SKILL_LEVEL, "５", 5},
        {FACT_WANTS_SETTLEMENT, "愿意", 1},
        {FACT_WANTS_SETTLEMENT, "是", 1},
        {FACT_WANTS_SETTLEMENT, "否", 2},
        {FACT_WANTS_SETTLEMENT, "no", 2},
        {FACT_WANTS_SETTLEMENT, "undecided", 3},
        {FACT_PENSION_MONTHS, "24", 24},
        {FACT_PENSION_MONTHS, "1200", 1200},
        {FACT_HOME_TOWN, "东莞市虎门镇", 441900121},
        {FACT_BIRTH_DATE, "1970-01-02", 1},
    };
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++) {
        Err err = {0};
        FactValue value = {.known = false};
        assert_ok(fact_parse(arena, VALUES[i].fact, VALUES[i].text, &value, &err), &err);
        assert_true(value.known);
        assert_int_equal(value.number, VALUES[i].number);
    }
}

static void what_no_vocabulary_has_is_refused_with_what_may_be_written(void **state)
{
    (void)state;
    static const struct {
        FactId fact;
        const char *text, *message, *hint;
    } WRONG[] = {
        {FACT_SEX, "unclear", "'unclear' is not a value of 'sex'", "it is one of: male, female"},
        {FACT_SKILL_LEVEL, "9", "'9' is not a value of 'skill_level'", NULL},
        {FACT_SKILL_LEVEL, "technicain", "'technicain' is not a value of 'skill_level'",
         "did you mean 'technician'?"},
        {FACT_OWNS_HOME, "2", "'2' is not a value of 'owns_home'",
         "it is one of: yes, no, 是, 否, 有, 无"},
        {FACT_PENSION_MONTHS, "-1", "'-1' is not a value of 'pension_months'",
         "it is a whole number from 0 to 1200"},
        {FACT_PENSION_MONTHS, "1201", "'1201' is not a value of 'pension_months'", NULL},
        {FACT_PENSION_MONTHS, "99999999999999999999", NULL, NULL},
        {FACT_PENSION_MONTHS, "", "'' is not a value of 'pension_months'", NULL},
        {FACT_BIRTH_DATE, "1980", "'1980' is not a value of 'birth_date'",
         "it is a date like 2012-09-27"},
        {FACT_ID_NUMBER, "440524198001010013", "'id_number' is sealed and cannot be given here",
         ""},
    };
    AUTO_ARENA arena = arena_new(0);
    lang_set("en");
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        Err err = {0};
        FactValue value = {.number = 77};
        assert_int_equal(fact_parse(arena, WRONG[i].fact, WRONG[i].text, &value, &err), ERR_INPUT);
        assert_int_equal(value.number, 77);
        if (WRONG[i].message)
            assert_string_equal(err.text, WRONG[i].message);
        if (WRONG[i].hint)
            assert_string_equal(err.hint, WRONG[i].hint);
    }
}

static void sealed_values_are_shown_masked_and_unknown_ones_not_at_all(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    FactValue id_number = {.known = true, .text = "440524198001010013"};
    FactValue strange = {.known = true, .number = 77};
    assert_string_equal(fact_show(arena, FACT_ID_NUMBER, id_number, LANG_ZH), "**************0013");
    assert_string_equal(fact_show(arena, FACT_SKILL_LEVEL, strange, LANG_EN), "77");
    assert_null(fact_show(arena, FACT_NAME, (FactValue){.known = false}, LANG_EN));
}

static void values_are_the_same_when_both_are_unknown_or_equal(void **state)
{
    (void)state;
    FactValue unknown = {.known = false, .number = 3}, three = {.known = true, .number = 3};
    FactValue four = {.known = true, .number = 4};
    char copy[] = "甲";
    FactValue text = {.known = true, .text = "甲"}, same = {.known = true, .text = copy};
    assert_true(fact_same(FACT_SEX, unknown, (FactValue){.known = false}));
    assert_false(fact_same(FACT_SEX, unknown, three));
    assert_false(fact_same(FACT_SEX, three, four));
    assert_true(fact_same(FACT_SEX, three, three));
    assert_true(fact_same(FACT_NAME, text, same));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_lower_case_and_found_again),
        cmocka_unit_test(every_fact_is_a_column_of_both_tables),
        cmocka_unit_test(what_is_shown_is_read_back),
        cmocka_unit_test(values_are_read_in_both_languages),
        cmocka_unit_test(what_no_vocabulary_has_is_refused_with_what_may_be_written),
        cmocka_unit_test(sealed_values_are_shown_masked_and_unknown_ones_not_at_all),
        cmocka_unit_test(values_are_the_same_when_both_are_unknown_or_equal),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
