/* tests/survey/test_heading.c: the heading under titles, merged cells and group headings. */
#include "support/home.h"
#include "support/rows.h"

#include "base/lang.h"

enum { ROWS_MAX = 40, COLUMNS_MAX = 12 };

static Arena *arena;
static const Form *form;

static int setup(void **state)
{
    (void)state;
    lang_set("en");
    arena = arena_new(0);
    form = rows_form(arena, "enterprise");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Rows from "a|b|c\nd|e". */
static size_t rows_of(const char *table, Row rows[ROWS_MAX])
{
    size_t count = 0;
    for (const char *at = table; *at; count++) {
        const char *cells[COLUMNS_MAX];
        size_t columns = 0, line = strcspn(at, "\n");
        for (size_t from = 0; from <= line; columns++) {
            size_t cell = strcspn(at + from, "|\n");
            cells[columns] = arena_strndup(arena, at + from, cell);
            from += cell + 1;
        }
        rows[count] = rows_make(arena, (unsigned)count + 1, cells, columns);
        at += line + (at[line] == '\n');
    }
    return count;
}

/* "3-4 name=B id_number=C", or the refusal. */
static const char *found_in(const char *table)
{
    Row rows[ROWS_MAX];
    size_t count = rows_of(table, rows);
    Heading heading;
    bool found = false;
    Err err = {0};
    if (heading_find(form, arena, rows, count, &heading, &found, &err) != OK)
        return arena_strdup(arena, err.text);
    if (!found)
        return "none";
    const char *text = arena_printf(arena, "%u-%u", heading.line, heading.last);
    for (size_t column = 0; column < heading.width; column++)
        if (heading.columns[column])
            text =
                arena_printf(arena, "%s %s=%c", text, target_name(heading.columns[column]->target),
                             (char)('A' + (int)column));
    for (Target target = 0; target < TARGET_COUNT; target++)
        if (heading.titles[target].line != 0)
            text = arena_printf(arena, "%s %s:'%s'", text, target_name(target),
                                heading.titles[target].cell.text);
    return text;
}

static void headings_are_found_wherever_offices_put_them(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"姓名|身份证号码|技能等级\n张伟|1|高级工", "1-1 name=A id_number=B skill_level=C"},
        /* under a title, a blank row, in another order, with a column that nobody knows */
        {"调查表||\n||\n序号|技能等级|姓名|身高|身份证号", "3-3 skill_level=B name=C id_number=E"},
        /* spaces, widths, colons, stars and remarks do not matter */
        {"姓　名：|身份证号码（必填）|*职业资格等级*|手机号码(11位)",
         "1-1 name=A id_number=B skill_level=C phone=D"},
        /* group headings over merged cells: the lower row counts, with the group where it needs it
         */
        {"姓名|职业资格|||联系方式\n|等级|证书编号|发证日期|手机",
         "1-2 name=A skill_level=B certificate_no=C certificate_date=D phone=E"},
        {"基本情况||社保|\n姓名|身份证号|参保月数|单位名称",
         "2-2 name=A id_number=B pension_months=C employer=D"},
        /* a heading that is printed again below does not replace the first one */
        {"姓名|身份证号|技能等级\n张伟|1|高级工\n姓名|身份证号|技能等级",
         "1-1 name=A id_number=B skill_level=C"},
        /* the keys of a survey tool, with their groups */
        {"person/name|person/id_number|skill/skill_level|_uuid",
         "1-1 name=A id_number=B skill_level=C"},
        /* a fallback steps back */
        {"姓名|联系电话|手机号码|技能等级", "1-1 name=A phone=C skill_level=D"},
        {"姓名|联系电话|技能等级", "1-1 name=A phone=B skill_level=C"},
        {"品名|数量|单价\n螺丝|3|5", "none"},
        {"姓名|手机\n张伟|1", "none"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(found_in(CASES[i][0]), CASES[i][1]);
}

static void values_above_the_table_stand_for_all_its_rows(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"单位名称：某某电子有限公司\n姓名|身份证号|技能等级",
         "2-2 name=A id_number=B skill_level=C employer:'某某电子有限公司'"},
        {"填报单位：某厂  所属镇街：长安镇  填表人：李四  "
         "填表日期：2012年9月20日\n姓名|身份证号|技能等级",
         "2-2 name=A id_number=B skill_level=C employer:'某厂' employer_town:'长安镇' "
         "surveyed_on:'2012年9月20日'"},
        {"填报单位 ：某厂 填表人：李四\n姓名|身份证号|技能等级",
         "2-2 name=A id_number=B skill_level=C employer:'某厂'"},
        {"填表日期|2012-09-20|单位名称：|某厂\n姓名|身份证号|技能等级",
         "2-2 name=A id_number=B skill_level=C employer:'某厂' surveyed_on:'2012-09-20'"},
        {"填表日期：    年  月  日\n姓名|身份证号|技能等级",
         "2-2 name=A id_number=B skill_level=C"},
        {"填报单位：\n姓名|身份证号|技能等级", "2-2 name=A id_number=B skill_level=C"},
        {"单位：人\n姓名|身份证号|技能等级", "2-2 name=A id_number=B skill_level=C"},
        /* the table's own column knows better */
        {"填报单位：某厂\n姓名|工作单位|技能等级", "2-2 name=A employer=B skill_level=C"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(found_in(CASES[i][0]), CASES[i][1]);
}

static void two_columns_of_one_fact_are_refused_with_their_cells(void **state)
{
    (void)state;
    assert_string_equal(found_in("调查表\n姓名|手机|手机号|技能等级"),
                        "sheet '1': two columns are '手机号码': B2 '手机' and C2 '手机号'");
    assert_string_equal(found_in("姓名|联系电话|电话|技能等级|工种"),
                        "sheet '1': two columns are '手机号码': B1 '联系电话' and C1 '电话'");
}

static void heading_below_thirty_rows_is_none(void **state)
{
    (void)state;
    const char *table = "";
    for (int i = 0; i < HEADING_ROWS; i++)
        table = arena_printf(arena, "%s说明\n", table);
    assert_string_equal(found_in(arena_printf(arena, "%s姓名|身份证号|技能等级", table)), "none");
    assert_string_equal(
        found_in(arena_printf(arena, "%s姓名|身份证号|技能等级", table + strlen("说明\n"))),
        "30-30 name=A id_number=B skill_level=C");
}

static void missing_headings_are_named_with_the_nearest_found(void **state)
{
    (void)state;
    Row rows[ROWS_MAX];
    Heading heading;
    bool found = false;
    Err err = {0};
    size_t count = rows_of("姓名|技能的等级|工作单位|镇街", rows);
    assert_ok(heading_find(form, arena, rows, count, &heading, &found, &err), &err);
    assert_true(found);
    assert_int_equal(heading_complete(&heading, arena, &err), ERR_INPUT);
    assert_string_equal(
        err.text,
        "sheet '1', heading in line 1: required headings are missing: '身份证号码' or '手机号码', "
        "'技能等级' (nearest found: '技能的等级')");
    assert_string_equal(err.hint,
                        "name the columns as in 'talent survey form enterprise -o FILE.xlsx'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_are_found_wherever_offices_put_them),
        cmocka_unit_test(values_above_the_table_stand_for_all_its_rows),
        cmocka_unit_test(two_columns_of_one_fact_are_refused_with_their_cells),
        cmocka_unit_test(heading_below_thirty_rows_is_none),
        cmocka_unit_test(missing_headings_are_named_with_the_nearest_found),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
