/* tests/survey/test_import_show.c: what was normalised is told on the screen, in JSON, and later by the
 * batch. */
#include "support/tables.h"

#include "survey/problem.h"

static const char FIRST[] = "姓名|身份证号码|手机号码|技能等级|工作单位|单位所在镇街|发证日期\n"
                            "张 伟|440524800101001|+86 13800138000|三级|某厂|附城|2012年9月\n"
                            "李娜|11010519491231002x|13800138001|高级工|某厂|长安镇|2012.9.3\n";
static const char SECOND[] = "姓名|身份证号码|手机号码|技能等级|工作单位|单位所在镇街|发证日期\n"
                             "王芳|440524198001010021|13800138002|三级|某厂|/|2012-09-03\n";

/* Only cells of rows that were taken are counted: what waits says itself what is wrong. */
static void what_was_normalised_is_counted_by_kind(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *kind;
        int64_t cells;
    } EXPECTED[] = {{"spelling", 1},     {"word", 1},      {"town", 1},  {"date", 1},
                    {"id_15_digits", 1}, {"id_number", 1}, {"phone", 1}, {"unknown", 1}};
    test_reset(home);
    json_t *result = table_import(home, table_csv(home, "first.csv", FIRST));
    const json_t *normalised = json_object_get(result, "normalised");
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++)
        assert_int_equal(result_number(normalised, EXPECTED[i].kind), EXPECTED[i].cells);
    assert_int_equal(json_object_size(normalised), sizeof EXPECTED / sizeof *EXPECTED);
    json_t *batches = TEST_JSON(home, 0, "survey", "batches");
    const json_t *batch = json_array_get(batches, 0);
    assert_true(json_equal(json_object_get(batch, "normalised"), normalised));
    assert_int_equal(result_number(batch, "normalised_cells"), 8);
    json_decref(batches);
    json_decref(result);
}

static void the_screen_says_it_in_words_over_all_files(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *first = table_csv(home, "first.csv", FIRST),
               *second = table_csv(home, "second.csv", SECOND);
    TestOutput said = TEST_RUN(home, "--lang", "en", "survey", "import", first, second);
    assert_int_equal(said.status, 0);
    assert_non_null(strstr(said.out, "cells that were normalised"));
    assert_non_null(strstr(said.out, "2 × another word of a vocabulary (word)\n"));
    assert_non_null(strstr(said.out, "1 × a sign for an empty cell (blank)\n"));
    assert_non_null(strstr(said.out, "1 × only a month: taken as its last day (date_month)\n"));
    assert_null(strstr(said.out, "day number"));
    test_reset(home);
    said = TEST_RUN(home, "--quiet", "survey", "import", first, second);
    assert_null(strstr(said.out, "×"));
}

static void codes_are_explained_one_or_all(void **state)
{
    TestHome *home = *state;
    TestOutput said = TEST_RUN(home, "--lang", "en", "survey", "codes", "id_checksum");
    assert_non_null(strstr(said.out, "compare every digit with the ID card; none is guessed"));
    assert_null(strstr(said.out, "id_length"));
    said = TEST_RUN(home, "survey", "codes", "id_checksm");
    assert_int_equal(said.status, 2);
    assert_non_null(strstr(said.err, "there is no code 'id_checksm'"));
    json_t *all = TEST_JSON(home, 0, "survey", "codes");
    assert_int_equal(json_array_size(json_object_get(all, "codes")), PROBLEM_COUNT);
    assert_int_equal(json_array_size(json_object_get(all, "normalised")), NORMALISED_COUNT);
    json_decref(all);
    said = TEST_RUN(home, "--lang", "en", "survey", "codes", "--readme");
    assert_non_null(strstr(said.out, "\n| `name_missing` | quarantined | the row has no name |"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_normalised_is_counted_by_kind),
        cmocka_unit_test(the_screen_says_it_in_words_over_all_files),
        cmocka_unit_test(codes_are_explained_one_or_all),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
