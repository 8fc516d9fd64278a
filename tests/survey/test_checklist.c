/* tests/survey/test_checklist.c: what a whole import must do with bad inputs, where no single check or
 * reader can show it. docs/CHECKS.md says which item of DOMAIN stands here and which elsewhere. */
#include "support/tables.h"

#include <unistd.h>

#define HEADINGS "姓名|身份证号码|手机号码|技能等级|工作单位\n"

static json_t *import_text(TestHome *home, const char *name, const char *table)
{
    return table_import(home, table_csv(home, name, table));
}

/* Item 2: a name of a column that was damaged is no column, and is listed; a required one is missed. */
static void a_damaged_heading_is_listed_as_unknown(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    json_t *result = import_text(home, "heading.csv",
                                 "姓名|身份证号码|手机号码|技能等级|工作单位|Ñ§Àú|备�注\n"
                                 "张伟|440524198001010013|13800138000|高级工|某厂|大专|无\n");
    const json_t *unknown = json_object_get(result, "unknown_headings");
    assert_int_equal(json_array_size(unknown), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(unknown, 0), "cell")),
                        "F1");
    assert_string_equal(json_string_value(json_object_get(json_array_get(unknown, 1), "cell")),
                        "G1");
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person WHERE education IS NULL"), 1);
    json_decref(result);
    ImportJob job = import_job(home, table_csv(home, "level.csv",
                                               "姓名|身份证号码|¼¼ÄÜµÈ¼¶|工作单位|户籍\n"
                                               "张伟|440524198001010013|高级工|某厂|湖南\n"));
    assert_import_refused(
        home, &job, ERR_INPUT,
        "sheet '1', heading in line 1: required headings are missing: '技能等级'");
}

/* Item 11. */
static void fifteen_digits_and_eighteen_are_one_person(void **state)
{
    TestHome *home = *state;
    static const char *const NUMBERS[] = {"440524800101001", "440524198001010013",
                                          "４４０５２４800101001", "440524 19800101 0013"};
    test_reset(home);
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++)
        json_decref(import_text(home, arena_printf(home->context.arena, "%zu.csv", i),
                                arena_printf(home->context.arena,
                                             HEADINGS "张伟|%s||高级工|某厂%zu\n", NUMBERS[i], i)));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer"), 4);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), 1);
}

/* Item 12: nothing is overwritten silently: every answer stays, and the person says what they disagree
 * on. */
static void one_number_under_two_names_is_a_conflict_and_no_overwrite(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    json_decref(
        import_text(home, "a.csv", HEADINGS "张伟|440524198001010013|13800138000|高级工|甲厂\n"));
    json_t *second =
        import_text(home, "b.csv", HEADINGS "张炜|440524198001010013|13800138001|技师|乙厂\n");
    assert_int_equal(result_number(second, "people.changed"), 1);
    json_decref(second);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), 1);
    assert_int_equal(test_number(home, "SELECT COUNT(DISTINCT name, employer) FROM answer"), 2);
    assert_int_equal(test_number(home, "SELECT conflicts FROM person"),
                     1 << FACT_NAME | 1 << FACT_EMPLOYER | 1 << FACT_SKILL_LEVEL | 1 << FACT_PHONE);
}

static void one_phone_of_two_people_makes_them_no_one_person(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    json_decref(import_text(home, "dormitory.csv",
                            HEADINGS "张伟|440524198001010013|13800138000|高级工|甲厂\n"
                                     "李娜|11010519491231002X|13800138000|技师|甲厂\n"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), 2);
    assert_int_equal(test_number(home, "SELECT COUNT(DISTINCT phone_hash) FROM person"), 1);
    assert_int_equal(test_number(home, "SELECT SUM(conflicts) FROM person"), 0);
}

/* Item 21: a corrected file of a later day changes the people whose rows were corrected, and says how
 * many; one of the same day is another opinion, and a conflict. */
static void a_corrected_file_changes_what_was_corrected(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *day;
        int64_t changed, technicians, conflicts;
    } CASES[] = {{"2012-09-21", 1, 2, 1}, {"2012-09-20", 0, 1, 1}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        test_reset(home);
        for (int corrected = 0; corrected <= 1; corrected++) {
            json_t *result =
                import_text(home, "list.csv",
                            arena_printf(home->context.arena,
                                         "填表日期：%s\n" HEADINGS
                                         "张伟|440524198001010013|13800138000|%s|甲厂\n"
                                         "李娜|11010519491231002X|13800138001|技师|甲厂\n"
                                         "王芳|440524198001010021|13800138002|高级工|甲厂\n",
                                         corrected ? CASES[i].day : "2012-09-20",
                                         corrected ? "技师" : "高级工"));
            assert_int_equal(result_number(result, "people.new"), corrected ? 0 : 3);
            assert_int_equal(result_number(result, "people.changed"),
                             corrected ? CASES[i].changed : 0);
            json_decref(result);
        }
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person WHERE skill_level = 2"),
                         CASES[i].technicians);
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person WHERE conflicts <> 0"),
                         CASES[i].conflicts);
    }
}

/* Item 25: a file's name is bytes to open and text to show, and nothing else. */
static void names_of_files_are_never_run(void **state)
{
    TestHome *home = *state;
    const char *touched = arena_printf(home->context.arena, "%s/touched", home->dir);
    const char *names[] = {"-rf.csv",
                           "a\nb.csv",
                           "$(touch touched).csv",
                           "`touch touched`.csv",
                           "; touch touched ;.csv",
                           "%s%n.csv",
                           "..csv",
                           "'\".csv"};
    assert_int_equal(chdir(home->dir), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        test_reset(home);
        const char *path =
            table_csv(home, names[i], HEADINGS "张伟|440524198001010013|13800138000|高级工|甲厂\n");
        TestOutput said = TEST_RUN(home, "survey", "import", path);
        assert_int_equal(said.status, 0);
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer"), 1);
        assert_int_not_equal(access(touched, F_OK), 0);
        said = TEST_RUN(home, "survey", "batches");
        assert_int_equal(said.status, 0);
        assert_non_null(strstr(said.out, i == 1 ? "a?b.csv" : names[i]));
    }
}

/* What selection does not need is known in every form, and kept nowhere. */
static void what_nobody_needs_is_not_kept(void **state)
{
    TestHome *home = *state;
    static const char *const FORMS_AND_MARKS[][3] = {{"enterprise", "工作单位", "某厂"},
                                                     {"school", "毕业院校", "某校"},
                                                     {"certificate", "准考证号", "1"}};
    for (size_t i = 0; i < 3; i++) {
        test_reset(home);
        json_t *result = import_text(
            home, "needless.csv",
            arena_printf(home->context.arena,
                         "姓名|身份证号码|技能等级|%s|民族|政治面貌|婚姻状况|子女数量|"
                         "统一社会信用代码|通讯地址|电子邮箱\n"
                         "张伟|440524198001010013|高级工|%s|壮族|群众|已婚|2|91512081MA62K0260E|"
                         "某街1号|a@b.cn\n",
                         FORMS_AND_MARKS[i][1], FORMS_AND_MARKS[i][2]));
        assert_string_equal(json_string_value(json_object_get(result, "form")),
                            FORMS_AND_MARKS[i][0]);
        assert_int_equal(json_array_size(json_object_get(result, "unknown_headings")), 0);
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE normalised IS NULL"),
                         1);
        json_decref(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_heading_is_listed_as_unknown),
        cmocka_unit_test(fifteen_digits_and_eighteen_are_one_person),
        cmocka_unit_test(one_number_under_two_names_is_a_conflict_and_no_overwrite),
        cmocka_unit_test(one_phone_of_two_people_makes_them_no_one_person),
        cmocka_unit_test(a_corrected_file_changes_what_was_corrected),
        cmocka_unit_test(names_of_files_are_never_run),
        cmocka_unit_test(what_nobody_needs_is_not_kept),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
