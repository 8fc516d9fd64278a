/* tests/survey/test_import_mended.c: a quarantine workbook comes back mended, half mended or not,
 * and whatever was done to it meanwhile. */
#include "support/paper.h"

#include "base/text.h"

#include <sys/wait.h>
#include <unistd.h>

static void mended_rows_are_resolved_in_any_order_and_the_deleted_wait(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    Paper *paper = paper_waiting(home);
    paper_mend(paper, "440524198001010014", "440524198001010013");
    paper_swap(paper, PAPER_FIRST, PAPER_FIRST + 3);
    paper_delete(paper, PAPER_FIRST + 1);
    paper_expect(paper_import(home, paper, "mended.xlsx"), 3, 1, 1);
    assert_int_equal(paper_open(home, 1), 3);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 2 AND occupation = '=1+1' "
                          "AND surveyed_on = '2012-08-20' AND pension_months = 24 AND "
                          "certificate_type = 1 AND no_criminal_record = 1 AND "
                          "employer = '东莞市长安某某电子有限公司'"),
        1);
}

static void a_doubled_row_is_taken_once(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    Paper *paper = paper_waiting(home);
    paper_mend(paper, "440524198001010014", "440524198001010013");
    paper_double(paper, PAPER_FIRST);
    json_t *result = paper_import(home, paper, "doubled.xlsx");
    assert_int_equal(result_number(result, "skipped.mended"), 1);
    paper_expect(result, 4, 1, 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 2"), 1);
}

/* Half mended, the row waits on as it is now, in the batch that brought it; the number that the
 * sender has still finds it, and so does the one of a new workbook. */
static void a_row_that_is_still_wrong_waits_as_it_is_now(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    int64_t content = base_content(home);
    Paper *paper = paper_waiting(home);
    paper_mend(paper, "110105194912310020", "110105194912310021"); /* still no right digit */
    paper_expect(paper_import(home, paper, "half.xlsx"), 4, 0, 0);
    assert_int_equal(paper_open(home, 1), 3);
    assert_int_equal(paper_open(home, 2), 1);
    Paper *again = paper_read(home, paper_write_waiting(home, "again.xlsx"), 2);
    assert_string_equal(paper_cell(again, PAPER_FIRST, 3), "110105194912310021");
    assert_string_equal(paper_cell(again, 1, 0), "长安某厂员工统计表");
    assert_int_equal(again->columns, PAPER_KEY + 1);
    assert_true(text_starts(paper_cell(again, PAPER_FIRST, PAPER_KEY), "B1-S1-L5-"));

    /* By the old number, with the digit right and the level too. */
    paper_mend(paper, "110105194912310021", "11010519491231002X");
    paper_mend(paper, "高级职称", "高级工");
    paper_expect(paper_import(home, paper, "whole.xlsx"), 4, 1, 1);
    assert_int_equal(paper_open(home, 2), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 3 AND "
                                       "surveyed_on = '2012-08-20' AND credibility = 5"),
                     1);

    json_decref(TEST_JSON(home, 0, "survey", "undo", "3"));
    assert_int_equal(paper_open(home, 2), 1);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "2"));
    assert_int_equal(paper_open(home, 1), 4);
    assert_int_equal(base_content(home), content);
}

/* Two people mend copies of one workbook: what the other mended is not asked for again. */
static void copies_of_a_workbook_mend_each_their_rows(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    Paper *one = paper_waiting(home), *other = paper_waiting(home);
    paper_mend(one, "440524198001010014", "440524198001010013");
    paper_mend(one, "高级职称", "高级工"); /* half */
    paper_expect(paper_import(home, one, "one.xlsx"), 4, 1, 1);
    paper_mend(other, "44052481010100", "440524810101001");
    json_t *result = paper_import(home, other, "other.xlsx");
    assert_int_equal(result_number(result, "skipped.mended"), 1);
    paper_expect(result, 3, 1, 1);
    assert_int_equal(paper_open(home, 1), 1);
    assert_int_equal(paper_open(home, 2), 1);
    Paper *left = paper_read(home, paper_write_waiting(home, "left.xlsx"), 2);
    assert_string_equal(paper_cell(left, PAPER_FIRST, 5), "高级工"); /* as the first one left it */
}

/* Half mended by one file, whole by a later one: without the first it is the later one that mended
 * it. */
static void a_row_is_mended_also_without_the_file_that_half_mended_it(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    int64_t content = base_content(home);
    Paper *paper = paper_waiting(home);
    paper_mend(paper, "110105194912310020", "110105194912310021");
    paper_expect(paper_import(home, paper, "half.xlsx"), 4, 0, 0);
    paper_mend(paper, "110105194912310021", "11010519491231002X");
    paper_mend(paper, "高级职称", "高级工");
    paper_expect(paper_import(home, paper, "whole.xlsx"), 4, 1, 1);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "2"));
    assert_int_equal(paper_open(home, 1), 3);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine WHERE resolved_by = 3 AND "
                                       "batch_id = 1 AND moved_line > 0"),
                     1);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "3"));
    assert_int_equal(paper_open(home, 1), 4);
    assert_int_equal(base_content(home), content);
}

/* What was wrong in them was the very number, so that nothing of the person is found in them: they are
 * known by the answer that they became. */
static void a_forgotten_person_takes_along_the_rows_that_were_mended(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    int64_t people = test_number(home, "SELECT COUNT(*) FROM person");
    Paper *paper = paper_waiting(home);
    paper_mend(paper, "110105194912310020", "110105194912310021");
    paper_expect(paper_import(home, paper, "half.xlsx"), 4, 0, 0);
    paper_mend(paper, "110105194912310021", "11010519491231002X");
    paper_mend(paper, "高级职称", "高级工");
    paper_expect(paper_import(home, paper, "whole.xlsx"), 4, 1, 1);
    int64_t person = test_number(home, "SELECT person_id FROM answer WHERE batch_id = 3");
    json_t *result =
        TEST_JSON(home, 0, "people", "forget",
                  arena_printf(home->context.arena, "%lld", (long long)person), "--why", "asked");
    assert_int_equal(result_number(result, "quarantined"), 2);
    json_decref(result);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "3"));
    json_decref(TEST_JSON(home, 0, "survey", "undo", "2"));
    assert_int_equal(paper_open(home, 1), 3);
    assert_int_equal(paper_open(home, 2), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), people);
}

static void a_workbook_that_is_saved_and_imported_again_changes_nothing(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    Paper *paper = paper_waiting(home);
    paper_mend(paper, "440524198001010014", "440524198001010013");
    paper_expect(paper_import(home, paper, "once.xlsx"), 4, 1, 1);
    int64_t content = base_content(home);

    /* The next row mended in the same file: the first is not taken again. */
    paper_mend(paper, "44052481010100", "440524810101001");
    json_t *result = paper_import(home, paper, "twice.xlsx");
    assert_int_equal(result_number(result, "skipped.mended"), 1);
    paper_expect(result, 3, 1, 1);
    assert_int_equal(paper_open(home, 1), 2);
    assert_int_not_equal(base_content(home), content);

    /* Only rows that are in already: there is nothing to import. */
    while (paper->rows > PAPER_FIRST + 1)
        paper_delete(paper, PAPER_FIRST + 1);
    ImportJob job =
        import_job(home, table_xlsx(home, "rest.xlsx", paper_text(home, paper, 0, paper->columns)));
    assert_import_refused(home, &job, ERR_INPUT,
                          "every row of the file was mended before, and says the same");

    /* Corrected once more after it was taken: a newer answer. */
    paper_mend(paper, "13800138000", "13800138999");
    result = paper_import(home, paper, "later.xlsx");
    paper_expect_note(result, "key_resolved");
    paper_expect(result, 1, 1, 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person WHERE name = '张伟'"), 1);
}

static void rows_of_a_batch_that_was_taken_back_are_new_rows(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    Paper *paper = paper_waiting(home);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "1"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM sheet_layout"), 0);
    paper_mend(paper, "440524198001010014", "440524198001010013");
    json_t *result = paper_import(home, paper, "orphans.xlsx");
    paper_expect_note(result, "key_unknown");
    paper_expect(result, 4, 1, 0);
    assert_int_equal(paper_open(home, 2), 3);
}

static void a_damaged_number_mends_nobody_elses_row(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    Paper *paper = paper_waiting(home);
    paper_mend(paper, "440524198001010014", "440524198001010013");
    /* As a spreadsheet counts on: the number of the next row with the check digits of this one. */
    char *number = arena_strdup(home->context.arena, paper_cell(paper, PAPER_FIRST, PAPER_KEY));
    assert_int_equal(number[strlen("B1-S1-L")], '4');
    number[strlen("B1-S1-L")] = '5';
    paper->cells[PAPER_FIRST][PAPER_KEY] = number;
    json_t *result = paper_import(home, paper, "damaged.xlsx");
    paper_expect_note(result, "key_damaged");
    paper_expect(result, 4, 1, 0);
    assert_int_equal(paper_open(home, 1), 4);
}

static bool office_saves(TestHome *home, const char *path, const char *folder)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        const char *profile =
            arena_printf(home->context.arena, "-env:UserInstallation=file://%s/office", home->dir);
        FILE *out = freopen("/dev/null", "w", stdout);
        execlp("soffice", "soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir",
               folder, path, (char *)NULL);
        _exit(out ? 127 : 126);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Where LibreOffice is installed: what it saves is another file, and says the same. */
static void a_workbook_that_an_office_saved_comes_back(void **state)
{
    TestHome *home = *state;
    paper_begin(home);
    int64_t content = base_content(home);
    const char *path = paper_write_waiting(home, "office.xlsx"),
               *folder = paper_path(home, "saved");
    if (!office_saves(home, path, folder))
        skip();
    const char *saved = paper_path(home, "saved/office.xlsx");
    paper_expect(table_import(home, saved), 4, 0, 0);
    assert_int_equal(base_content(home), content);
    Paper *paper = paper_read(home, saved, 1);
    paper_mend(paper, "440524198001010014", "440524198001010013");
    paper_expect(paper_import(home, paper, "office-mended.xlsx"), 4, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mended_rows_are_resolved_in_any_order_and_the_deleted_wait),
        cmocka_unit_test(a_doubled_row_is_taken_once),
        cmocka_unit_test(a_row_that_is_still_wrong_waits_as_it_is_now),
        cmocka_unit_test(copies_of_a_workbook_mend_each_their_rows),
        cmocka_unit_test(a_row_is_mended_also_without_the_file_that_half_mended_it),
        cmocka_unit_test(a_forgotten_person_takes_along_the_rows_that_were_mended),
        cmocka_unit_test(a_workbook_that_is_saved_and_imported_again_changes_nothing),
        cmocka_unit_test(rows_of_a_batch_that_was_taken_back_are_new_rows),
        cmocka_unit_test(a_damaged_number_mends_nobody_elses_row),
        cmocka_unit_test(a_workbook_that_an_office_saved_comes_back),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
