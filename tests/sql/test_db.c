/* sql/db.c, sql/statement.c, sql/rows.c, sql/failure.c: values in, rows out, and what a failure
 * says. */
#include "sql/connection.h"
#include "support/home.h"

static Db *db_of(void **state)
{
    return ((TestHome *)*state)->context.db;
}

static ErrCode run_text(Db *db, const char *text, const Value *params, size_t count,
                        Rows **ret_rows, Err *err)
{
    Call call = {.name = "test",
                 .text = text,
                 .query = QUERY_COUNT,
                 .params = params,
                 .count = count,
                 .ret_rows = ret_rows};
    return call_run(db, &call, err);
}

static void session_is_strict_utc_and_compares_bytes(void **state)
{
    TestHome *home = *state;
    assert_int_equal(test_number(home, "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW())"), 0);
    assert_int_equal(test_number(home, "SELECT '𠮷' = '𡃁'"), 0);
    assert_int_equal(test_number(home, "SELECT 'a' = 'A'"), 0);
    assert_int_equal(test_number(home, "SELECT CHAR_LENGTH('𠮷')"), 1);
    assert_int_equal(test_number(home, "SELECT @@autocommit"), 1);
    assert_int_equal(test_number(home, "SELECT @@tx_isolation = 'REPEATABLE-READ'"), 1);
    Err err = {0};
    test_sql(home, "CREATE TEMPORARY TABLE narrow (a VARCHAR(2), n TINYINT)");
    assert_int_equal(db_text(db_of(state), "INSERT INTO narrow (a) VALUES ('abc')", NULL, &err),
                     ERR_DB);
    assert_int_equal(db_text(db_of(state), "INSERT INTO narrow (n) VALUES (300)", NULL, &err),
                     ERR_DB);
    test_sql(home, "DROP TEMPORARY TABLE narrow");
}

static void values_come_back_as_they_went_in(void **state)
{
    Err err = {0};
    static const char BINARY[] = "a\0b\\\t\n\xbf\x5c\xff";
    static char longer[5000];
    memset(longer, 'x', sizeof longer - 1);
    TestHome *home = *state;
    test_sql(
        home,
        "CREATE TEMPORARY TABLE v (i BIGINT, t LONGTEXT, b LONGBLOB, d DATE, z INT, l LONGTEXT)");
    Value row[] = {v_int(INT64_MIN),   v_text("长安镇𠮷 ' \\ % _"),
                   v_bytes(BINARY, 9), v_date(date_of(2012, 2, 29)),
                   v_null(),           v_text(longer)};
    AUTO_ROWS rows = NULL;
    assert_ok(
        run_text(home->context.db, "INSERT INTO v VALUES (?, ?, ?, ?, ?, ?)", row, 6, NULL, &err),
        &err);
    assert_ok(db_text(home->context.db, "SELECT * FROM v", &rows, &err), &err);
    assert_int_equal(rows_count(rows), 1);
    assert_true(rows_next(rows));
    size_t length = 0;
    assert_true(rows_int(rows, 0) == INT64_MIN);
    assert_string_equal(rows_text(rows, 0), "-9223372036854775808");
    assert_string_equal(rows_text(rows, 1), "长安镇𠮷 ' \\ % _");
    assert_memory_equal(rows_bytes(rows, 2, &length), BINARY, 9);
    assert_int_equal(length, 9);
    assert_int_equal(rows_date(rows, 3), date_of(2012, 2, 29));
    assert_string_equal(rows_text(rows, 3), "2012-02-29");
    assert_true(rows_null(rows, 4));
    assert_int_equal(rows_int(rows, 4), 0);
    assert_null(rows_text(rows, 4));
    assert_int_equal(rows_date(rows, 4), DATE_NONE);
    assert_string_equal(rows_text(rows, 5), longer);
    assert_false(rows_next(rows));
    assert_false(rows_next(rows));
    test_sql(home, "DROP TEMPORARY TABLE v");
}

static void computed_columns_have_their_plain_value(void **state)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    assert_ok(
        db_text(
            db_of(state),
            "SELECT SUM(seq), AVG(seq), CAST('2012-10-01 09:00:00.125' AS DATETIME(3)),"
            " CAST(18446744073709551 AS UNSIGNED), 1 = 1, DATE_ADD('2012-01-31', INTERVAL 1 MONTH)"
            " FROM seq_1_to_4",
            &rows, &err),
        &err);
    assert_true(rows_next(rows));
    assert_int_equal(rows_int(rows, 0), 10);
    assert_string_equal(rows_text(rows, 1), "2.5000");
    assert_int_equal(rows_int(rows, 1), 2);
    assert_string_equal(rows_text(rows, 2), "2012-10-01 09:00:00.125");
    assert_true(rows_int(rows, 3) == 18446744073709551);
    assert_int_equal(rows_int(rows, 4), 1);
    assert_int_equal(rows_date(rows, 5), date_of(2012, 2, 29));
}

static void many_rows_stay_readable_while_the_statement_runs_again(void **state)
{
    Err err = {0};
    AUTO_ROWS first = NULL;
    AUTO_ROWS second = NULL;
    Value from[] = {v_int(0)}, far[] = {v_int(19990)};
    const char *text =
        "SELECT seq, CONCAT('行', seq) FROM seq_1_to_20000 WHERE seq > ? ORDER BY seq";
    assert_ok(run_text(db_of(state), text, from, 1, &first, &err), &err);
    assert_true(rows_next(first));
    assert_ok(run_text(db_of(state), text, far, 1, &second, &err), &err);
    assert_int_equal(rows_count(first), 20000);
    assert_int_equal(rows_count(second), 10);
    int64_t sum = rows_int(first, 0);
    while (rows_next(first))
        sum += rows_int(first, 0);
    assert_true(sum == 20000LL * 20001 / 2);
    assert_string_equal(rows_text(first, 1), "行20000");
}

static void number_of_no_row_is_not_found(void **state)
{
    Err err = {0};
    int64_t number = 7;
    assert_ok(db_number(db_of(state), QUERY_SQL_MIGRATION_TABLE_EXISTS, NO_PARAMS, &number, &err),
              &err);
    assert_int_equal(number, 1);
    assert_int_equal(db_number(db_of(state), QUERY_SQL_LOAD_WARNINGS, NO_PARAMS, &number, &err),
                     ERR_NOT_FOUND);
    assert_int_equal(number, 1);
}

static void failures_name_keys_and_columns_but_no_values(void **state)
{
    static const struct {
        const char *statement, *says;
    } CASES[] = {
        {"INSERT INTO secret VALUES ('440524188001010014', 1, NULL)", "'PRIMARY'"},
        {"INSERT INTO secret VALUES ('x', '13800138000', NULL)", NULL},
        {"INSERT INTO secret VALUES ('y', 1, '13800138000')", "`d`"},
        {"SELECT CAST('440524188001010014' AS UNSIGNED) * 1000000000000", NULL},
        {"INSERT INTO secret (n) VALUES (1)", "'id'"},
    };
    TestHome *home = *state;
    test_sql(home, "CREATE TABLE secret (id VARCHAR(40) PRIMARY KEY, n TINYINT, d DATE);\n"
                   "INSERT INTO secret VALUES ('440524188001010014', 1, NULL)");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Err err = {0};
        AUTO_ROWS rows = NULL;
        bool reads = strncmp(CASES[i].statement, "SELECT", 6) == 0;
        assert_int_equal(db_text(db_of(state), CASES[i].statement, reads ? &rows : NULL, &err),
                         ERR_DB);
        assert_null(strstr(err.text, "4405"));
        assert_null(strstr(err.text, "138001"));
        if (CASES[i].says && !strstr(err.text, CASES[i].says))
            fail_msg("'%s' does not name %s", err.text, CASES[i].says);
    }
    test_sql(home, "DROP TABLE secret");
}

/* Ends the connection from the other side, as an administrator or a broken network does. */
static void cut(TestHome *home)
{
    Err err = {0};
    Db *other = NULL;
    int64_t id = test_number(home, "SELECT CONNECTION_ID()");
    assert_ok(db_open_again(home->context.db, &other, &err), &err);
    assert_ok(
        db_text(other, arena_printf(home->context.arena, "KILL %lld", (long long)id), NULL, &err),
        &err);
    db_close(other);
}

static void cut_connection_is_opened_anew_for_a_read(void **state)
{
    TestHome *home = *state;
    int64_t before = test_number(home, "SELECT CONNECTION_ID()");
    cut(home);
    assert_true(test_number(home, "SELECT CONNECTION_ID()") != before);
    assert_int_equal(test_number(home, "SELECT @@tx_isolation = 'REPEATABLE-READ'"), 1);
}

static void cut_connection_does_a_write_once_or_says_that_nobody_knows(void **state)
{
    TestHome *home = *state;
    test_sql(home, "CREATE TABLE written (n INT)");
    cut(home);
    Err err = {0};
    ErrCode code = db_text(home->context.db, "INSERT INTO written VALUES (1)", NULL, &err);
    int64_t rows = test_number(home, "SELECT COUNT(*) FROM written");
    if (code == OK)
        assert_int_equal(rows, 1);
    else
        assert_int_equal(code, ERR_DB_UNSURE);
    assert_true(rows <= 1);
    test_sql(home, "DROP TABLE written");
}

static int64_t open_statements(TestHome *home)
{
    return test_number(
        home, "SELECT SUM(IF(VARIABLE_NAME = 'COM_STMT_PREPARE', VARIABLE_VALUE, -VARIABLE_VALUE))"
              " FROM information_schema.session_status"
              " WHERE VARIABLE_NAME IN ('COM_STMT_PREPARE', 'COM_STMT_CLOSE')");
}

static void filled_texts_are_closed_when_newer_ones_push_them_out(void **state)
{
    TestHome *home = *state;
    int64_t before = open_statements(home);
    for (int i = 0; i < 200; i++)
        assert_int_equal(test_number(home, arena_printf(home->context.arena, "SELECT %d", i)), i);
    assert_true(open_statements(home) - before <= FILLED_KEPT);
}

static void reset_empties_the_tables_and_begins_anew(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    test_sql(home, "INSERT INTO optout (phone_hash, phone, source, why, added_by, added_at)"
                   " VALUES ('0123456789abcdef', 'x', 'staff', 'test', 'tester', NOW())");
    test_sql(home, "UPDATE base_state SET people_version = 7, person_number = 9");
    test_reset(home);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM optout"), 0);
    assert_int_equal(test_number(home, "SELECT people_version FROM base_state"), 0);
    assert_int_equal(test_number(home, "SELECT person_number FROM base_state"), 0);
    assert_true(test_number(home, "SELECT COUNT(*) FROM schema_migration") > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(session_is_strict_utc_and_compares_bytes),
        cmocka_unit_test(values_come_back_as_they_went_in),
        cmocka_unit_test(computed_columns_have_their_plain_value),
        cmocka_unit_test(many_rows_stay_readable_while_the_statement_runs_again),
        cmocka_unit_test(number_of_no_row_is_not_found),
        cmocka_unit_test(failures_name_keys_and_columns_but_no_values),
        cmocka_unit_test(cut_connection_is_opened_anew_for_a_read),
        cmocka_unit_test(cut_connection_does_a_write_once_or_says_that_nobody_knows),
        cmocka_unit_test(filled_texts_are_closed_when_newer_ones_push_them_out),
        cmocka_unit_test(reset_empties_the_tables_and_begins_anew),
    };
    return cmocka_run_group_tests_name("sql/db", tests, test_home_setup, test_home_teardown);
}
