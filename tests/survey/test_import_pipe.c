/* tests/survey/test_import_pipe.c: files of several chunks, read by one thread and written by the
 * other. */
#include "support/tables.h"

#include "base/buffer.h"
#include "survey/import_run.h"

enum { ROWS = 2 * CHUNK_ROWS + CHUNK_ROWS / 2, BAD_OF = 100, AGAIN = CHUNK_ROWS, MONTHS = 60 };

/* Row i is person i, but the last ones are the first again; one of BAD_OF has an ID number whose
 * check digit is wrong; its months say where it stands. */
static const char *long_file(TestHome *home, const char *name)
{
    AUTO_BUFFER out = BUFFER(1 << 26);
    buffer_text(&out, "姓名|身份证号码|手机号码|职业资格等级|在莞养老保险累计月数|填表日期\n");
    for (unsigned i = 0; i < ROWS; i++) {
        Invented person =
            invented_person(home->context.arena, i < ROWS - AGAIN ? i : i - ROWS + AGAIN);
        buffer_printf(&out, "%s|%s|%s|高级工|%u|2012-09-%s\n", person.name,
                      i % BAD_OF == 7 ? "440524198001010014" : person.id, person.phone, i % MONTHS,
                      i % 3 ? "20" : "21");
    }
    return table_csv(home, name, buffer_string(&out));
}

static void each_row_of_many_chunks_ends_once_where_it_belongs(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    json_t *result = table_import(home, long_file(home, "long.csv"));
    assert_int_equal(result_number(result, "rows"), ROWS);
    assert_int_equal(result_number(result, "accepted"), ROWS - ROWS / BAD_OF);
    assert_int_equal(result_number(result, "quarantined"), ROWS / BAD_OF);
    int64_t people = test_number(home, "SELECT COUNT(*) FROM person");
    assert_int_equal(result_number(result, "people.new"), people);
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer"), ROWS - ROWS / BAD_OF);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine"), ROWS / BAD_OF);
    /* The heading is line 1, row 0 is line 2. */
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM answer WHERE pension_months <> (line - 2) % 60 OR"
                          " surveyed_on <> IF((line - 2) % 3, '2012-09-20', '2012-09-21') OR"
                          " (line - 2) % 100 = 7"),
        0);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM quarantine WHERE (line - 2) % 100 <> 7"), 0);
    assert_int_equal(test_number(home, "SELECT SUM(answers) FROM person"), ROWS - ROWS / BAD_OF);
    assert_int_equal(people, test_number(home, "SELECT COUNT(DISTINCT id_hash) FROM answer"));
}

static void a_writer_that_fails_stops_the_reader_and_nothing_is_left(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *path = long_file(home, "refused.csv");
    ImportJob job = import_job(home, path);
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    test_sql(home, "RENAME TABLE problem TO problem_away");
    ErrCode code = import_file(&job, &result, &quarantined, &err);
    test_sql(home, "RENAME TABLE problem_away TO problem");
    assert_int_equal(code, ERR_DB);
    assert_non_null(
        strstr(err.text, "survey/problem_load")); /* the writer's reason, not the reader's */
    assert_int_equal(base_content(home), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 0);
    json_decref(table_import(home, path));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine"), ROWS / BAD_OF);
}

/* A file that leads answers of another file to other people is written on one connection: were it
 * killed half written, they could not be led back. */
static void answers_of_an_earlier_file_go_to_whom_the_long_one_names(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    test_config(home, "\"review\": null");
    Invented person = invented_person(home->context.arena, 1);
    const char *earlier = arena_printf(home->context.arena,
                                       "姓名|身份证号码|手机号码|职业资格等级|单位所在镇街|填表日期\n"
                                       "%s||%s|技师|长安镇|2012-06-01\n",
                                       person.name, person.phone);
    json_decref(table_import(home, table_csv(home, "earlier.csv", earlier)));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE id_hash IS NULL"), 1);
    json_t *result = table_import(home, long_file(home, "long.csv"));
    assert_int_equal(result_number(result, "accepted"), ROWS - ROWS / BAD_OF);
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer a JOIN person p ON p.id ="
                                       " a.person_id WHERE a.id_hash IS NULL AND p.id_hash IS"
                                       " NOT NULL AND p.answers > 1"),
                     1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person WHERE id_hash IS NULL"), 0);
    test_config(home, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_of_many_chunks_ends_once_where_it_belongs),
        cmocka_unit_test(a_writer_that_fails_stops_the_reader_and_nothing_is_left),
        cmocka_unit_test(answers_of_an_earlier_file_go_to_whom_the_long_one_names),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
