/* sql/expr.c: what the server computes is what base/date.h and Kleene's tables say. */
#include "base/kleene.h"
#include "sql/connection.h"
#include "sql/expr_node.h"
#include "support/home.h"

#include <inttypes.h>

enum { DATES = 4000 };

/* SELECT expression [FROM table]. */
static Rows *select_rows(TestHome *home, const SqlExpr *expr, const char *from)
{
    Err err = {0};
    Rows *rows = NULL;
    AUTO_BUFFER text = BUFFER(1 << 20);
    ExprValues values = {.arena = home->context.arena};
    buffer_text(&text, "SELECT ");
    expr_write(expr, &text, &values);
    buffer_printf(&text, " %s", from);
    Call call = {.name = "test",
                 .text = buffer_string(&text),
                 .query = QUERY_COUNT,
                 .params = values.items,
                 .count = values.count,
                 .ret_rows = &rows};
    assert_ok(call_run(home->context.db, &call, &err), &err);
    return rows;
}

static Kleene truth_of(TestHome *home, const SqlExpr *expr)
{
    AUTO_ROWS rows = select_rows(home, expr, "");
    assert_true(rows_next(rows));
    return rows_null(rows, 0) ? KLEENE_UNKNOWN : kleene_of(rows_int(rows, 0) != 0);
}

static const SqlExpr *constant(Arena *arena, Kleene truth)
{
    return truth == KLEENE_TRUE    ? expr_true(arena)
           : truth == KLEENE_FALSE ? expr_false(arena)
                                   : expr_unknown(arena);
}

static void logic_is_kleenes(void **state)
{
    static const Kleene ALL[] = {KLEENE_FALSE, KLEENE_UNKNOWN, KLEENE_TRUE};
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    for (size_t i = 0; i < 3; i++) {
        const SqlExpr *a = constant(arena, ALL[i]);
        assert_int_equal(truth_of(home, expr_not(arena, a)), kleene_not(ALL[i]));
        assert_int_equal(truth_of(home, expr_is_null(arena, a)),
                         kleene_of(ALL[i] == KLEENE_UNKNOWN));
        assert_int_equal(truth_of(home, expr_if(arena, a, expr_true(arena), expr_false(arena))),
                         kleene_of(ALL[i] == KLEENE_TRUE));
        for (size_t j = 0; j < 3; j++) {
            const SqlExpr *both[] = {a, constant(arena, ALL[j])};
            assert_int_equal(truth_of(home, expr_and(arena, both, 2)), kleene_and(ALL[i], ALL[j]));
            assert_int_equal(truth_of(home, expr_or(arena, both, 2)), kleene_or(ALL[i], ALL[j]));
        }
    }
    assert_int_equal(truth_of(home, expr_and(arena, NULL, 0)), KLEENE_TRUE);
    assert_int_equal(truth_of(home, expr_or(arena, NULL, 0)), KLEENE_FALSE);
}

static void comparisons_and_lists_are_unknown_with_an_unknown_part(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    const SqlExpr *two = expr_value(arena, v_int(2)), *ten = expr_value(arena, v_int(10));
    const SqlExpr *none = expr_value(arena, v_null());
    static const Kleene TWO_TEN[] = {KLEENE_FALSE, KLEENE_TRUE,  KLEENE_TRUE,
                                     KLEENE_TRUE,  KLEENE_FALSE, KLEENE_FALSE};
    for (SqlCompare op = SQL_EQ; op <= SQL_GE; op++) {
        assert_int_equal(truth_of(home, expr_compare(arena, op, two, ten)), TWO_TEN[op]);
        assert_int_equal(truth_of(home, expr_compare(arena, op, two, none)), KLEENE_UNKNOWN);
    }
    const SqlExpr *known[] = {ten, two}, *partly[] = {ten, none};
    assert_int_equal(truth_of(home, expr_in(arena, two, known, 2)), KLEENE_TRUE);
    assert_int_equal(truth_of(home, expr_in(arena, two, partly, 2)), KLEENE_UNKNOWN);
    assert_int_equal(truth_of(home, expr_in(arena, ten, partly, 2)), KLEENE_TRUE);
    assert_int_equal(truth_of(home, expr_in(arena, two, known, 1)), KLEENE_FALSE);
    assert_int_equal(truth_of(home, expr_in(arena, none, known, 0)), KLEENE_FALSE);
}

static void contains_takes_signs_letter_by_letter(void **state)
{
    static const struct {
        const char *text, *part;
        Kleene truth;
    } CASES[] = {
        {"东莞市100%棉纺厂", "100%", KLEENE_TRUE},
        {"东莞市1000棉纺厂", "100%", KLEENE_FALSE},
        {"a_b", "a_", KLEENE_TRUE},
        {"axb", "a_", KLEENE_FALSE},
        {"c\\d", "\\", KLEENE_TRUE},
        {"cd", "\\", KLEENE_FALSE},
        {"O'Neil", "'", KLEENE_TRUE},
        {NULL, "x", KLEENE_UNKNOWN},
        {"𠮷野", "𡃁", KLEENE_FALSE},
        {"𠮷野", "𠮷", KLEENE_TRUE},
    };
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    test_sql(home, "CREATE TABLE texts (id INT PRIMARY KEY, text VARCHAR(40))");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Err err = {0};
        const Value row[] = {v_int((int64_t)i), v_text(CASES[i].text)};
        Call insert = {.name = "test",
                       .text = "INSERT INTO texts VALUES (?, ?)",
                       .query = QUERY_COUNT,
                       .params = row,
                       .count = 2};
        assert_ok(call_run(home->context.db, &insert, &err), &err);
        AUTO_ROWS rows =
            select_rows(home, expr_like(arena, expr_column(arena, NULL, "text"), CASES[i].part),
                        arena_printf(arena, "FROM texts WHERE id = %zu", i));
        assert_true(rows_next(rows));
        Kleene truth = rows_null(rows, 0) ? KLEENE_UNKNOWN : kleene_of(rows_int(rows, 0) != 0);
        assert_int_equal(truth, CASES[i].truth);
    }
    test_sql(home, "DROP TABLE texts");
}

static void least_and_greatest_are_unknown_with_an_unknown_part(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    const SqlExpr *items[] = {expr_value(arena, v_int(9)), expr_value(arena, v_int(10)),
                              expr_value(arena, v_null())};
    AUTO_ROWS rows = select_rows(
        home,
        expr_list(arena,
                  (const SqlExpr *const[]){
                      expr_least(arena, items, 2), expr_greatest(arena, items, 2),
                      expr_least(arena, items, 3), expr_greatest(arena, items, 1),
                      expr_coalesce(arena, items + 1, 2), expr_add(arena, items[0], items[1]),
                      expr_sub(arena, items[0], items[1])},
                  7),
        "");
    assert_true(rows_next(rows));
    assert_int_equal(rows_int(rows, 0), 9);
    assert_int_equal(rows_int(rows, 1), 10);
    assert_true(rows_null(rows, 2));
    assert_int_equal(rows_int(rows, 3), 9);
    assert_int_equal(rows_int(rows, 4), 10);
    assert_int_equal(rows_int(rows, 5), 19);
    assert_int_equal(rows_int(rows, 6), -1);
}

/* Random days of 1900–2099; every eighth is the last of a month, every eighth a 29 February. */
static Date random_day(unsigned *seed)
{
    int year = 1900 + rand_r(seed) % 200, month = 1 + rand_r(seed) % 12;
    int kind = rand_r(seed) % 8;
    if (kind == 0)
        return date_of(1904 + 4 * (rand_r(seed) % 49), 2, 29);
    Date first = date_of(year, month, 1);
    if (kind == 1)
        return date_add_months(first, 1) - 1;
    return first + rand_r(seed) % 28;
}

static unsigned fill_days(TestHome *home)
{
    unsigned seed = (unsigned)moment_now(), started = seed;
    AUTO_BUFFER text = BUFFER(1 << 22);
    test_sql(home, "CREATE TABLE days (a DATE NOT NULL, b DATE NOT NULL, n INT NOT NULL)");
    buffer_text(&text, "INSERT INTO days VALUES ");
    for (int i = 0; i < DATES; i++) {
        char a[11], b[11];
        Date first = random_day(&seed);
        Date second = rand_r(&seed) % 4 == 0
                          ? date_add_months(first, rand_r(&seed) % 60) + rand_r(&seed) % 3 - 1
                          : random_day(&seed);
        buffer_printf(&text, "%s('%s', '%s', %d)", i ? "," : "", date_format(first, a),
                      date_format(second, b), rand_r(&seed) % 121 - 30);
    }
    test_sql(home, buffer_string(&text));
    return started;
}

/* The day functions of one pair, by columns or by parameters: birthday, add months, whole months,
 * year, year end, add days. */
static const SqlExpr *day_functions(Arena *arena, const SqlExpr *a, const SqlExpr *b,
                                    const SqlExpr *n)
{
    const SqlExpr *items[] = {
        expr_birthday(arena, a, n), expr_add_months(arena, a, n), expr_whole_months(arena, a, b),
        expr_year(arena, a),        expr_year_end(arena, a),      expr_add_days(arena, a, n),
    };
    return expr_list(arena, items, sizeof items / sizeof *items);
}

static void check_day_functions(const Rows *rows, unsigned from, Date a, Date b, int n)
{
    int year = date_civil(a).year;
    assert_int_equal(rows_date(rows, from), date_birthday(a, n));
    assert_int_equal(rows_date(rows, from + 1), date_add_months(a, n));
    assert_int_equal(rows_int(rows, from + 2), date_whole_months(a, b));
    assert_int_equal(rows_int(rows, from + 3), year);
    assert_int_equal(rows_date(rows, from + 4), date_of(year, 12, 31));
    assert_int_equal(rows_date(rows, from + 5), a + n);
}

static void day_functions_agree_with_date_h(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    print_message("seed %u\n", fill_days(home));
    const SqlExpr *a = expr_column(arena, "d", "a"), *b = expr_column(arena, "d", "b"),
                  *n = expr_column(arena, NULL, "n");
    const SqlExpr *items[] = {a, b, n, day_functions(arena, a, b, n)};
    AUTO_ROWS rows = select_rows(home, expr_list(arena, items, 4), "FROM days d");
    assert_int_equal(rows_count(rows), DATES);
    for (int place = 0; rows_next(rows); place++) {
        Date day = rows_date(rows, 0), other = rows_date(rows, 1);
        int64_t number = rows_int(rows, 2);
        check_day_functions(rows, 3, day, other, (int)number);
        if (place % 8 != 0)
            continue;
        AUTO_ROWS again = select_rows(home,
                                      day_functions(arena, expr_value(arena, v_date(day)),
                                                    expr_value(arena, v_date(other)),
                                                    expr_value(arena, v_int(number))),
                                      "");
        assert_true(rows_next(again));
        check_day_functions(again, 0, day, other, (int)number);
    }
    test_sql(home, "DROP TABLE days");
}

static void day_functions_of_an_unknown_day_are_unknown(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    const SqlExpr *none = expr_value(arena, v_date(DATE_NONE)), *day = expr_value(arena, v_date(0));
    const SqlExpr *items[] = {day_functions(arena, none, day, expr_value(arena, v_int(1))),
                              expr_whole_months(arena, day, none)};
    AUTO_ROWS rows = select_rows(home, expr_list(arena, items, 2), "");
    assert_true(rows_next(rows));
    for (unsigned i = 0; i < 7; i++)
        assert_true(rows_null(rows, i));
}

static void counts_and_groups_work_over_no_column_too(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    const SqlExpr *big =
        expr_compare(arena, SQL_GT, expr_column(arena, NULL, "seq"), expr_value(arena, v_int(7)));
    const SqlExpr *items[] = {expr_list(arena, NULL, 0), expr_count_if(arena, big)};
    AUTO_ROWS rows =
        select_rows(home, expr_list(arena, items, 2), "FROM seq_1_to_10 GROUP BY (0 + 0)");
    assert_true(rows_next(rows));
    assert_int_equal(rows_int(rows, 1), 3);
    AUTO_ROWS none =
        select_rows(home, expr_count_if(arena, big), "FROM seq_1_to_10 WHERE seq > 99");
    assert_true(rows_next(none));
    assert_false(rows_null(none, 0));
    assert_int_equal(rows_int(none, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logic_is_kleenes),
        cmocka_unit_test(comparisons_and_lists_are_unknown_with_an_unknown_part),
        cmocka_unit_test(contains_takes_signs_letter_by_letter),
        cmocka_unit_test(least_and_greatest_are_unknown_with_an_unknown_part),
        cmocka_unit_test(day_functions_agree_with_date_h),
        cmocka_unit_test(day_functions_of_an_unknown_day_are_unknown),
        cmocka_unit_test(counts_and_groups_work_over_no_column_too),
    };
    return cmocka_run_group_tests_name("sql/expr", tests, test_home_setup, test_home_teardown);
}
