/* tests/survey/test_check_text.c: names and other free text. */
#include "support/home.h"
#include "support/rows.h"

static void names_keep_their_characters_and_one_separator(void **state)
{
    RowsWorld *world = *state;
    static const char *const CASES[][2] = {
        {"张 伟", "张伟"},
        {" 张　伟\n", "张伟"},
        {"阿依古丽•买买提", "阿依古丽·买买提"},
        {"阿依古丽．买买提", "阿依古丽·买买提"},
        {"阿依古丽·买买提", "阿依古丽·买买提"},
        {"㼆𠮷", "㼆𠮷"},
        {"Smith  John", "Smith John"},
        {"张\xE2\x80\x8B伟", "张伟"}, /* zero-width space */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *headings[] = {"姓名", "身份证号码", "手机号码", NULL};
        const char *cells[] = {CASES[i][0], ROWS_ID, "", NULL};
        Checked checked = rows_check(world->arena, world->enterprise, headings, cells);
        assert_string_equal(rows_fact(world->arena, &checked, FACT_NAME), CASES[i][1]);
        assert_false(checked.quarantined);
    }
}

static void real_names_and_firms_are_not_taken_for_damaged_ones(void **state)
{
    RowsWorld *world = *state;
    static const char *const NAMES[] = {"联通",       "欧阳修",
                                        "司马相如",   "缪启涛",
                                        "肖潇",       "娄云鹏",
                                        "涂伟",       "东莞市长安电子有限公司",
                                        "闫妮",       "Société Générale",
                                        "José·María", "Åström AB",
                                        "东莞café",   "«é»"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        CellCase one = {"工作单位", NAMES[i], FACT_EMPLOYER, NAMES[i], "", ""};
        rows_assert_cells(world, world->enterprise, &one, 1);
    }
}

static void over_long_and_damaged_texts_wait(void **state)
{
    RowsWorld *world = *state;
    char longer[3 * 201 + 1] = "";
    for (size_t i = 0; i < 201; i++)
        memcpy(longer + 3 * i, "东", 4);
    CellCase cases[] = {
        {"工作单位", longer, FACT_EMPLOYER, "-", "text_long@D2", ""},
        {"工作单位", longer + 3, FACT_EMPLOYER, longer + 3, "", ""},
        {"工作单位", "东莞\xEF\xBF\xBD厂", FACT_EMPLOYER, "-", "text_damaged@D2", ""},
        {"工作单位", "东莞\xE2\x80\xAE厂", FACT_EMPLOYER, "-", "text_damaged@D2",
         ""},                                                              /* bidi override */
        {"工作单位", "ÖÐÎÄ", FACT_EMPLOYER, "-", "text_damaged@D2", ""},   /* 中文 in GBK */
        {"工作单位", "å¼ ä¼Ÿ", FACT_EMPLOYER, "-", "text_damaged@D2", ""}, /* 张伟 in UTF-8 */
        {"工作单位", "=1+1", FACT_EMPLOYER, "=1+1", "", ""},               /* kept as it is */
        {"工作单位", "'; DROP TABLE person; --", FACT_EMPLOYER, "'; DROP TABLE person; --", "", ""},
    };
    ASSERT_CELLS(world, world->enterprise, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_keep_their_characters_and_one_separator),
        cmocka_unit_test(real_names_and_firms_are_not_taken_for_damaged_ones),
        cmocka_unit_test(over_long_and_damaged_texts_wait),
    };
    return cmocka_run_group_tests(tests, rows_setup, rows_teardown);
}
