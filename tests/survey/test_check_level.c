/* tests/survey/test_check_level.c: skill levels by their synonyms, and the certificate that
 * confirms or contradicts them. */
#include "support/home.h"
#include "support/rows.h"

static void levels_are_taken_by_their_synonyms(void **state)
{
    RowsWorld *world = *state;
    static const struct {
        const char *cell, *expected;
    } CASES[] = {
        {"高级工", "高级工"},
        {"三级", "高级工"},
        {"国家职业资格三级", "高级工"},
        {"3级", "高级工"},
        {"Ⅲ", "高级工"},
        {"III级", "高级工"},
        {"高级工（三级）", "高级工"},
        {"三级/高级工", "高级工"},
        {"３级", "高级工"},
        {" 高 级 工 ", "高级工"},
        {"高级技工", "高级工"},
        {"技师", "技师"},
        {"二级技师", "技师"},
        {"国家职业资格二级", "技师"},
        {"技师(二级)", "技师"},
        {"高级技师", "高级技师"},
        {"一级/高级技师", "高级技师"},
        {"四级", "中级工"},
        {"中级工", "中级工"},
        {"五级", "初级工"},
        {"初级工", "初级工"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        CellCase one = {"技能等级", CASES[i].cell, FACT_SKILL_LEVEL, CASES[i].expected, "", ""};
        rows_assert_cells(world, world->enterprise, &one, 1);
    }
}

static void levels_of_another_scale_wait_for_a_person(void **state)
{
    RowsWorld *world = *state;
    static const CellCase CASES[] = {
        {"技能等级", "高级", FACT_SKILL_LEVEL, "-", "level_unclear@D2", ""},
        {"技能等级", "二级", FACT_SKILL_LEVEL, "-", "level_unclear@D2", ""},
        {"技能等级", "一级", FACT_SKILL_LEVEL, "-", "level_unclear@D2", ""},
        {"技能等级", "特级技师", FACT_SKILL_LEVEL, "-", "level_unclear@D2", ""},
        {"技能等级", "高级职称", FACT_SKILL_LEVEL, "-", "level_foreign@D2", ""},
        {"技能等级", "高级工程师", FACT_SKILL_LEVEL, "-", "level_foreign@D2", ""},
        {"技能等级", "二级建造师", FACT_SKILL_LEVEL, "-", "level_foreign@D2", ""},
        {"技能等级", "优秀", FACT_SKILL_LEVEL, "-", "level_unknown@D2", ""},
        {"技能等级", "学徒工", FACT_SKILL_LEVEL, "-", "", "says_nothing@D2"},
        {"技能等级", "无", FACT_SKILL_LEVEL, "-", "", "says_nothing@D2"},
    };
    ASSERT_CELLS(world, world->enterprise, CASES);
}

static void certificate_number_confirms_or_contradicts_the_level(void **state)
{
    RowsWorld *world = *state;
    static const struct {
        const char *level, *number, *expected, *problems, *notes, *type;
    } CASES[] = {
        {"高级工", "1219000000300001", "高级工", "", "", "-"},
        {"技师", "1219000000300001", "-", "level_clash@D2", "", "-"},
        {"二级", "1219000000200001", "技师", "", "", "-"},
        {"二级", "1219000000300001", "-", "level_unclear@D2", "", "-"},
        {"一级", "1219000000100001", "高级技师", "", "", "-"},
        {"特级技师", "1219000000100001", "高级技师", "", "", "-"},
        {"技师", "Y000144000000213000001", "-", "level_clash@D2", "", "技能等级"},
        {"高级工", "Y001244000001123000123", "高级工", "", "", "技能等级"},
        {"高级工", "粤A12345", "高级工", "", "", "-"},
        /* Forms that say nothing of the level: 特级技师, another place's own, thirteen digits. */
        {"高级工", "SY00044000000212000001", "高级工", "", "", "-"},
        {"特级技师", "SY00044000000112000001", "-", "level_unclear@D2", "", "-"},
        {"高级工", "RSN201200000001", "高级工", "", "", "-"},
        {"高级工", "1209001010301", "高级工", "", "", "-"},
        {"高级工", "#1.2190000003e15", "高级工", "", "certificate_rounded@E2", "-"},
        {"高级工", "1.219E+15", "高级工", "", "certificate_rounded@E2", "-"},
        {"高级工", "无", "高级工", "", "", "-"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *headings[] = {"姓名", "身份证号码", "手机号码", "技能等级", "证书编号", NULL};
        const char *cells[] = {"张伟", ROWS_ID, ROWS_PHONE, CASES[i].level, CASES[i].number, NULL};
        Checked checked = rows_check(world->arena, world->enterprise, headings, cells);
        assert_string_equal(rows_fact(world->arena, &checked, FACT_SKILL_LEVEL), CASES[i].expected);
        assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_QUARANTINE),
                            CASES[i].problems);
        assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_NOTE), CASES[i].notes);
        assert_string_equal(rows_fact(world->arena, &checked, FACT_CERTIFICATE_TYPE),
                            CASES[i].type);
    }
}

static void certificate_of_another_year_is_noted(void **state)
{
    RowsWorld *world = *state;
    const char *headings[] = {"姓名", "身份证号码", "技能等级", "证书编号", "发证日期", NULL};
    const char *cells[] = {"张伟", ROWS_ID, "高级工", "1219000000300001", "2010-05-01", NULL};
    Checked checked = rows_check(world->arena, world->enterprise, headings, cells);
    assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_NOTE),
                        "certificate_year@D2");
    assert_false(checked.quarantined);
}

static void headings_state_the_type_of_the_certificate(void **state)
{
    RowsWorld *world = *state;
    static const struct {
        const char *heading, *cell, *expected;
    } CASES[] = {
        {"职业资格等级", "高级工", "职业资格"},       {"国家职业资格等级", "三级", "职业资格"},
        {"技能等级认定", "高级工", "技能等级"},       {"技能等级", "高级工", "-"},
        {"技能等级", "国家职业资格三级", "职业资格"}, {"等级", "职业技能等级三级", "技能等级"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        CellCase one = {
            CASES[i].heading, CASES[i].cell, FACT_CERTIFICATE_TYPE, CASES[i].expected, "", ""};
        rows_assert_cells(world, world->enterprise, &one, 1);
    }
    const char *headings[] = {"姓名", "身份证号码", "职业资格等级", "证书类别", NULL};
    const char *cells[] = {"张伟", ROWS_ID, "高级工", "职业技能等级证书", NULL};
    Checked checked = rows_check(world->arena, world->enterprise, headings, cells);
    assert_string_equal(rows_fact(world->arena, &checked, FACT_CERTIFICATE_TYPE),
                        "技能等级"); /* the column knows better */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_taken_by_their_synonyms),
        cmocka_unit_test(levels_of_another_scale_wait_for_a_person),
        cmocka_unit_test(certificate_number_confirms_or_contradicts_the_level),
        cmocka_unit_test(certificate_of_another_year_is_noted),
        cmocka_unit_test(headings_state_the_type_of_the_certificate),
    };
    return cmocka_run_group_tests(tests, rows_setup, rows_teardown);
}
