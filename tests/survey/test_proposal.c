/* tests/survey/test_proposal.c: a form proposed from a workbook that none was made for: what its
 * headings are taken for, that no cell is shown, and that the form works as it was written. */
#include "support/tables.h"

#include "base/buffer.h"
#include "survey/proposal.h"

#include <sys/stat.h>
#include <unistd.h>

static const char HOSPITAL[] =
    "某某医院后勤技工登记表\n"
    "序号|职工姓名|身份证件号|民族|联系手机号|联系电话|现有技能证等级|证书编号码|取得证书时间|"
    "宿舍楼|"
    "参保累计年限合计|有无违法犯罪记录情况|号\n"
    "1|欧阳建国|440524198001010013|汉|13800138000|0769-22334455|高级工|1219000000300001|2012-06-30|"
    "A3栋|2|无|440524198001010013\n"
    "2|司马相如|11010519491231002X|汉|13800138001||技师|1219000000200001|2012.6|B12栋|3|无|"
    "11010519491231002X\n"
    "3|诸葛孔明|440524198001010013|壮|13800138002||三级||2012年6月|B12栋|2年|有|"
    "440524198001010013\n";

/* "C2 身份证件号 near id_number 3/3", a line for each column. */
static const char *columns_of(TestHome *home, const char *file)
{
    Proposal proposal;
    Err err = {0};
    AUTO_BUFFER out = BUFFER(1 << 16);
    assert_ok(proposal_read(home->context.arena, file, date_of(2012, 10, 1), &proposal, &err),
              &err);
    json_t *columns = proposal_columns_json(&proposal);
    size_t i;
    json_t *column;
    json_array_foreach(columns, i, column)
    {
        buffer_printf(&out, "%s %s %s", json_string_value(json_object_get(column, "cell")),
                      json_string_value(json_object_get(column, "heading")),
                      json_string_value(json_object_get(column, "match")));
        if (json_object_get(column, "fact"))
            buffer_printf(&out, " %s %lld/%lld", json_string_value(json_object_get(column, "fact")),
                          (long long)result_number(column, "fit"),
                          (long long)result_number(column, "cells"));
        buffer_char(&out, '\n');
    }
    json_decref(columns);
    return arena_strdup(home->context.arena, buffer_string(&out));
}

static void headings_are_taken_exactly_then_nearly_with_the_evidence_of_their_cells(void **state)
{
    TestHome *home = *state;
    assert_string_equal(columns_of(home, table_xlsx(home, "hospital.xlsx", HOSPITAL)),
                        "A2 序号 ignored\n"
                        "B2 职工姓名 exact name 3/3\n"
                        "C2 身份证件号 near id_number 3/3\n"
                        "D2 民族 ignored\n"
                        "E2 联系手机号 near phone 3/3\n"
                        "F2 联系电话 again phone 0/1\n"
                        "G2 现有技能证等级 near skill_level 3/3\n"
                        "H2 证书编号码 near certificate_no 2/2\n"
                        "I2 取得证书时间 near certificate_date 3/3\n"
                        "J2 宿舍楼 unknown\n"
                        "K2 参保累计年限合计 near pension_months 3/3\n"
                        "L2 有无违法犯罪记录情况 near no_criminal_record 3/3\n"
                        "M2 号 unknown\n");
}

static void cells_alone_say_what_an_id_number_a_phone_and_a_level_are(void **state)
{
    TestHome *home = *state;
    assert_string_equal(
        columns_of(home, table_csv(home, "cells.csv",
                                   "姓名|甲|乙|丙|丁\n"
                                   "张伟|440524198001010013|13800138000|三级|12\n"
                                   "李娜|11010519491231002X|13800138001|技师|13\n"
                                   "王芳|440524198001010013|13800138002|四级|14\n")),
        "A1 姓名 exact name 3/3\n"
        "B1 甲 values id_number 3/3\n"
        "C1 乙 values phone 3/3\n"
        "D1 丙 values skill_level 3/3\n"
        "E1 丁 unknown\n");
    /* Alike, but the cells are something else. */
    assert_string_equal(columns_of(home, table_csv(home, "liar.csv",
                                                   "姓名|身份证复印件|技能培训等级\n"
                                                   "张伟|有|一等奖\n李娜|无|二等奖\n")),
                        "A1 姓名 exact name 2/2\n"
                        "B1 身份证复印件 unknown\n"
                        "C1 技能培训等级 unknown\n");
}

static void of_two_columns_for_a_fact_the_better_heading_stands(void **state)
{
    TestHome *home = *state;
    assert_string_equal(columns_of(home, table_csv(home, "twice.csv",
                                                   "姓名|联系电话|手机号码|技能等级|等级\n"
                                                   "张伟|1|13800138000|高级工|无\n")),
                        "A1 姓名 exact name 1/1\n"
                        "B1 联系电话 again phone 0/1\n"
                        "C1 手机号码 exact phone 1/1\n"
                        "D1 技能等级 exact skill_level 1/1\n"
                        "E1 等级 again skill_level 0/1\n");
}

static void nothing_of_a_person_is_shown(void **state)
{
    TestHome *home = *state;
    static const char *const SECRETS[] = {"440524198001010013",
                                          "11010519491231002",
                                          "13800138000",
                                          "22334455",
                                          "欧阳",
                                          "司马",
                                          "诸葛",
                                          "1219000000300001",
                                          "B12"};
    const char *file = table_csv(home, "secret.csv", HOSPITAL);
    TestOutput shown = TEST_RUN(home, "survey", "form", "--from", file);
    TestOutput json = TEST_RUN(home, "survey", "form", "--from", file, "--json");
    assert_int_equal(shown.status, 0);
    assert_int_equal(json.status, 0);
    assert_non_null(strstr(shown.out, "0{18}"));
    assert_non_null(strstr(json.out, "a0字"));
    for (size_t i = 0; i < sizeof SECRETS / sizeof *SECRETS; i++) {
        assert_null(strstr(shown.out, SECRETS[i]));
        assert_null(strstr(json.out, SECRETS[i]));
    }
    /* A table without headings is people, and is not looked at any closer. */
    TestOutput bare = TEST_RUN(home, "survey", "form", "--from",
                               table_csv(home, "bare.csv", "欧阳建国|男|汉\n诸葛孔明|男|汉\n"));
    assert_int_equal(bare.status, 1);
    assert_non_null(strstr(bare.err, "no heading of '"));
    assert_null(strstr(bare.err, "诸葛"));
}

static void a_proposed_form_is_used_as_it_was_written(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *workbook = table_xlsx(home, "hospital.xlsx", HOSPITAL);
    const char *form = arena_printf(home->context.arena, "%s/forms/hospital.json", home->dir);
    assert_int_equal(TEST_RUN(home, "survey", "import", workbook).status, 1);
    json_t *proposal = TEST_JSON(home, 0, "survey", "form", "--from", workbook, "-o", form);
    assert_int_equal(json_array_size(json_object_get(proposal, "missing")), 0);
    assert_true(json_is_null(json_object_get(proposal, "fits")));
    json_decref(proposal);
    json_t *results = TEST_JSON(home, 0, "survey", "import", workbook);
    json_t *result = json_array_get(results, 0);
    assert_string_equal(json_string_value(json_object_get(result, "form")), "hospital");
    assert_int_equal(result_number(result, "accepted"), 3);
    json_decref(results);
    /* What the near heading says besides its name is kept: the opposite, and years. */
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE no_criminal_record = 1"),
                     2);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE pension_months = 24"), 2);
    /* A questionnaire that another form was made for goes on being its. */
    results = TEST_JSON(home, 0, "survey", "import",
                        table_csv(home, "other.csv",
                                  "姓名|身份证号码|手机号码|技能等级|工作单位\n"
                                  "张伟|440524198001010013|13800138000|高级工|某厂\n"));
    assert_string_equal(json_string_value(json_object_get(json_array_get(results, 0), "form")),
                        "enterprise");
    json_decref(results);
    /* Edits are not written over. */
    TestOutput again = TEST_RUN(home, "survey", "form", "--from", workbook, "-o", form);
    assert_int_equal(again.status, 1);
    assert_non_null(strstr(again.err, "exists already"));
    /* And it can be handed out blank. */
    const char *blank = arena_printf(home->context.arena, "%s/blank.xlsx", home->dir);
    assert_int_equal(TEST_RUN(home, "survey", "form", "hospital", "-o", blank).status, 0);
    unlink(form);
}

/* Whatever stands twice in a workbook, the form that is proposed from it can be read. */
static void what_stands_twice_in_a_workbook_stands_once_in_its_form(void **state)
{
    TestHome *home = *state;
    static const char *const TABLES[] = {
        "姓名|姓 "
        "名|联系电话|联系电话|手机|等级|等级|号|号|备注|备注\n张伟|张伟|1|1|2|三级|三级|1|2||\n",
        "名字|联系电话|电话|技能等级|现技能等级|号|备注|手机号码（备注）\n张伟|1|1|三级|三级|1||\n",
        "联系电话|联系电话|姓名|等级\n1|1|张伟|三级\n",
        "姓名|证书|证书编号码|证书编号码|证书编号（号码）|手机码|手机码（旧）\n张伟|1|1|1|1|"
        "13800138000|\n",
    };
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++) {
        const char *form = arena_printf(home->context.arena, "%s/forms/twice.json", home->dir);
        const Form *read = NULL;
        Err err = {0};
        TestOutput said = TEST_RUN(home, "survey", "form", "--from",
                                   table_csv(home, "twice.csv", TABLES[i]), "-o", form);
        assert_int_equal(said.status, 0);
        assert_ok(form_load(home->context.arena, "twice", &read, &err), &err);
        unlink(form);
    }
}

static void what_a_form_knows_already_and_what_is_missing_is_said(void **state)
{
    TestHome *home = *state;
    const char *known = table_csv(home, "known.csv",
                                  "姓名|身份证号码|技能等级|工作单位\n"
                                  "张伟|440524198001010013|高级工|某厂\n");
    const char *lacking = table_csv(home, "lacking.csv", "姓名|工作单位\n张伟|某厂\n");
    TestOutput said = TEST_RUN(home, "survey", "form", "--from", known);
    assert_non_null(strstr(said.out, "the form 'enterprise' knows this workbook already"));
    said = TEST_RUN(home, "survey", "form", "--from", lacking);
    assert_non_null(strstr(said.out, "no column for id_number / phone: what every form asks for"));
    assert_non_null(strstr(said.out, "no column for skill_level"));
    assert_null(strstr(said.out, "no column for name"));
}

static void a_form_or_a_workbook_must_be_named_and_not_both(void **state)
{
    TestHome *home = *state;
    assert_int_equal(TEST_RUN(home, "survey", "form").status, 2);
    assert_int_equal(TEST_RUN(home, "survey", "form", "school").status, 2);
    assert_int_equal(TEST_RUN(home, "survey", "form", "school", "--from", "x.csv").status, 2);
    assert_int_equal(TEST_RUN(home, "survey", "form", "school", "-o", "x.json").status, 2);
    assert_int_equal(TEST_RUN(home, "survey", "form", "--from", "x.csv", "-o", "x.xlsx").status, 2);
    assert_int_equal(TEST_RUN(home, "survey", "form", "--from", "absent.csv").status, 1);
}

static void headings_are_alike_by_the_characters_that_they_share_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int alike;
    } CASES[] = {
        {"姓名", "姓名", 100},
        {"身份证件号", "身份证件号码", 92},
        {"取得证书时间", "取证时间", 80},
        {"现有等级", "等级", 75},
        {"职业", "企业", 50},
        {"甲", "甲", 100},
        {"甲", "甲乙", 0},
        {"手机", "姓名", 0},
        {"", "", 100},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        assert_int_equal((int)(heading_similarity(CASES[i].a, CASES[i].b) * 100 + 0.5),
                         CASES[i].alike);
        assert_int_equal((int)(heading_similarity(CASES[i].b, CASES[i].a) * 100 + 0.5),
                         CASES[i].alike);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_are_taken_exactly_then_nearly_with_the_evidence_of_their_cells),
        cmocka_unit_test(cells_alone_say_what_an_id_number_a_phone_and_a_level_are),
        cmocka_unit_test(of_two_columns_for_a_fact_the_better_heading_stands),
        cmocka_unit_test(nothing_of_a_person_is_shown),
        cmocka_unit_test(a_proposed_form_is_used_as_it_was_written),
        cmocka_unit_test(what_stands_twice_in_a_workbook_stands_once_in_its_form),
        cmocka_unit_test(what_a_form_knows_already_and_what_is_missing_is_said),
        cmocka_unit_test(a_form_or_a_workbook_must_be_named_and_not_both),
        cmocka_unit_test(headings_are_alike_by_the_characters_that_they_share_in_order),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
