/* sql/filled.c: holes filled in their order, their values after the statement's own. */
#include "sql/expr_node.h"
#include "support/home.h"

static void holes_are_filled_in_the_order_of_the_text(void **state)
{
    (void)state;
    static const Statement STATEMENT = {
        .name = "test/size",
        .text = "SELECT {{by}}, COUNT(*) FROM person p WHERE id > ? AND {{where}} GROUP BY {{by}}",
    };
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUFFER text = BUFFER(4096);
    ExprValues values = {.arena = arena};
    const SqlExpr *town = expr_column(arena, "p", "home_town");
    const SqlExpr *by[] = {
        expr_if(arena, expr_is_null(arena, town), expr_value(arena, v_int(5)), town)};
    const Hole holes[] = {
        {"where", expr_compare(arena, SQL_LT, expr_column(arena, "p", "birth_date"),
                               expr_value(arena, v_date(0)))},
        {"by", expr_list(arena, by, 1)},
    };
    statement_fill(&STATEMENT, holes, 2, &text, &values);
    assert_string_equal(
        buffer_string(&text),
        "SELECT IF((`p`.`home_town` IS NULL), ?, `p`.`home_town`), COUNT(*) FROM person p"
        " WHERE id > ? AND (`p`.`birth_date` < CAST(? AS DATE))"
        " GROUP BY IF((`p`.`home_town` IS NULL), ?, `p`.`home_town`)");
    assert_int_equal(values.count, 3);
    assert_int_equal(values.items[0].kind, VALUE_INT);
    assert_int_equal(values.items[1].kind, VALUE_DATE);
    assert_int_equal(values.items[2].number, 5);
}

static void text_of_a_value_never_enters_the_statement(void **state)
{
    (void)state;
    static const Statement STATEMENT = {.name = "test/find", .text = "SELECT 1 WHERE {{where}}"};
    static const char EVIL[] = "x') OR 1=1 -- {{where}} ?";
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUFFER text = BUFFER(4096);
    ExprValues values = {.arena = arena};
    const Hole holes[] = {{"where", expr_like(arena, expr_column(arena, "p", "name"), EVIL)}};
    statement_fill(&STATEMENT, holes, 1, &text, &values);
    assert_string_equal(buffer_string(&text), "SELECT 1 WHERE (LOCATE(?, `p`.`name`) > 0)");
    assert_memory_equal(values.items[0].bytes, EVIL, sizeof EVIL - 1);
}

static void many_values_keep_their_order(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUFFER text = BUFFER(1 << 20);
    ExprValues values = {.arena = arena};
    const SqlExpr *items[1000];
    for (int i = 0; i < 1000; i++)
        items[i] = expr_value(arena, v_int(i));
    expr_write(expr_in(arena, expr_column(arena, NULL, "id"), items, 1000), &text, &values);
    assert_int_equal(values.count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(values.items[i].number, i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holes_are_filled_in_the_order_of_the_text),
        cmocka_unit_test(text_of_a_value_never_enters_the_statement),
        cmocka_unit_test(many_values_keep_their_order),
    };
    return cmocka_run_group_tests_name("sql/filled", tests, NULL, NULL);
}
