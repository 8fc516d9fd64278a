#include "policy/plane_program.h"

#include "people/where_node.h"
#include "policy/plane_term.h"

#include <assert.h>

PlaneProgram *plane_program_new(Arena *arena, const PlaneLayout *layout)
{
    PlaneProgram *program = arena_alloc(arena, sizeof *program);
    program->arena = arena;
    program->layout = layout;
    program->on_column = (size_t)(layout_column(layout, FACT_PENSION_ON) - layout->columns);
    return program;
}

static bool same_ranges(const CodeRange *a, size_t a_count, const CodeRange *b, size_t b_count)
{
    return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count * sizeof *a) == 0);
}

static bool same_test(const PlaneTest *a, const PlaneTest *b)
{
    return a->column == b->column && a->decided == b->decided && a->grows == b->grows &&
           a->grown_is_true == b->grown_is_true && a->step_count == b->step_count &&
           (a->step_count == 0 ||
            memcmp(a->steps, b->steps, a->step_count * sizeof *a->steps) == 0) &&
           same_ranges(a->ranges, a->range_count, b->ranges, b->range_count) &&
           same_ranges(a->review, a->review_count, b->review, b->review_count);
}

static PlaneNode node_of(PlaneProgram *program, const PlaneTest *test)
{
    size_t place = 0;
    while (place < program->test_count && !same_test(test, &program->tests[place]))
        place++;
    if (place == TESTS_AT_MOST) {
        program->full = true;
        return (PlaneNode){.kind = NODE_TEST};
    }
    if (place == program->test_count)
        program->tests[program->test_count++] = *test;
    return (PlaneNode){.kind = NODE_TEST, .test = place};
}

/* A list of ranges that grows to what it was made for. */
typedef struct RangeList {
    CodeRange *ranges;
    size_t count;
    uint32_t top;
} RangeList;

static RangeList list_new(PlaneProgram *program, size_t column, size_t capacity)
{
    return (RangeList){.ranges = arena_array(program->arena, CodeRange, capacity + 1),
                       .top = plane_top(&program->layout->columns[column])};
}

static void list_add(RangeList *list, uint32_t from, uint32_t until)
{
    if (until > list->top)
        until = list->top;
    if (from <= until)
        list->ranges[list->count++] = (CodeRange){from, until};
}

static void list_add_value(RangeList *list, const PlaneColumn *column, int64_t value)
{
    list_add(list, plane_code_from(column, value), plane_code_from(column, value + 1) - 1);
}

/* The first code whose day turns on `limit` or later; turning days never go back. */
static uint32_t code_turning(const Rule *rule, const PlaneColumn *column, int64_t limit)
{
    uint32_t low = 1, high = plane_top(column) + 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        Date turning;
        bool turns = rule_turning_day(rule, (Date)plane_value(column, middle), &turning);
        assert(turns); /* what is laid out ends long before the calendar does */
        if (turning < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The greatest code of days of which so many months on is no later than `day`. */
static uint32_t code_grown(const PlaneColumn *on, int months, Date day)
{
    uint32_t low = 0, high = plane_top(on);
    while (low < high) {
        uint32_t middle = high - (high - low) / 2;
        if (date_add_months((Date)plane_value(on, middle), months) <= day)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static void growth_steps(PlaneProgram *program, const Rule *rule, PlaneWhen when, PlaneTest *test)
{
    const PlaneColumn *months = &program->layout->columns[test->column];
    const PlaneColumn *on = &program->layout->columns[program->on_column];
    GrowthStep *steps = arena_array(program->arena, GrowthStep, (size_t)rule->bound + 1);
    test->grows = true;
    test->grown_is_true = when.reading != READ_TODAY;
    test->steps = steps;
    if (when.reading == READ_MAY_BE_TRUE) {
        steps[test->step_count++] = (GrowthStep){1, plane_top(on)};
        return;
    }
    for (int64_t said = 0; said < rule->bound && said <= plane_value(months, plane_top(months));
         said++) {
        uint32_t day = code_grown(on, (int)(rule->bound - said), when.day);
        if (day == 0)
            continue;
        steps[test->step_count++] = (GrowthStep){plane_code_from(months, said), day};
        if (day == plane_top(on))
            return;
    }
}

static void grown_test(PlaneProgram *program, const Rule *rule, PlaneWhen when, PlaneTest *test)
{
    const PlaneColumn *column = &program->layout->columns[test->column];
    RangeList list = list_new(program, test->column, 1);
    uint32_t enough = plane_code_from(column, rule->bound);
    if (when.reading == READ_MAY_BE_FALSE) {
        list_add(&list, 1, enough - 1);
    } else {
        list_add(&list, enough, list.top);
        growth_steps(program, rule, when, test);
    }
    test->ranges = list.ranges;
    test->range_count = list.count;
}

/* When a rule can turn true, or false, after today: its range of codes. */
static CodeRange day_may(const Rule *rule, const PlaneColumn *column, PlaneWhen when)
{
    int64_t tomorrow = (int64_t)when.day + 1;
    bool to_true = when.reading == READ_MAY_BE_TRUE;
    if (rule->op == RULE_WITHIN)
        return (CodeRange){to_true ? code_turning(rule, column, tomorrow) : 1, UINT32_MAX};
    bool ends = rule->op == RULE_AGE_BELOW;
    return (CodeRange){ends == to_true ? code_turning(rule, column, tomorrow + 1) : 1, UINT32_MAX};
}

static CodeRange day_range(const Rule *rule, const PlaneColumn *column, PlaneWhen when)
{
    if (when.reading == READ_MAY_BE_TRUE || when.reading == READ_MAY_BE_FALSE)
        return day_may(rule, column, when);
    if (rule->op == RULE_WITHIN)
        return (CodeRange){code_turning(rule, column, when.day),
                           plane_code_from(column, (int64_t)when.day + 1) - 1};
    uint32_t turned = code_turning(rule, column, (int64_t)when.day + 1);
    return rule->op == RULE_AGE_BELOW ? (CodeRange){turned, UINT32_MAX}
                                      : (CodeRange){1, turned - 1};
}

static void values_list(PlaneProgram *program, const FactValue *values, size_t count, size_t column,
                        RangeList *ret_list)
{
    *ret_list = list_new(program, column, count);
    for (size_t i = 0; i < count; i++)
        list_add_value(ret_list, &program->layout->columns[column], values[i].number);
}

static void constant_test(PlaneProgram *program, const Rule *rule, PlaneTest *test)
{
    const PlaneColumn *column = &program->layout->columns[test->column];
    RangeList list, review;
    if (rule->op == RULE_IN) {
        values_list(program, rule->values, rule->value_count, test->column, &list);
        values_list(program, rule->review, rule->review_count, test->column, &review);
        test->review = review.ranges;
        test->review_count = review.count;
    } else {
        list = list_new(program, test->column, 1);
        if (rule->op == RULE_AT_LEAST)
            list_add(&list, plane_code_from(column, rule->bound), list.top);
        else
            list_add(&list, 1, plane_code_from(column, rule->bound + 1) - 1);
    }
    test->ranges = list.ranges;
    test->range_count = list.count;
}

static PlaneNode not_node(PlaneProgram *program, PlaneNode node)
{
    PlaneNode *item = arena_memdup(program->arena, &node, sizeof node);
    return (PlaneNode){.kind = NODE_NOT, .items = item, .item_count = 1};
}

static size_t column_of(const PlaneProgram *program, FactId fact)
{
    const PlaneColumn *column = layout_column(program->layout, (int)fact);
    assert(column);
    return (size_t)(column - program->layout->columns);
}

static PlaneNode condition_node(PlaneProgram *program, const Rule *rule, PlaneWhen when)
{
    PlaneTest test = {.column = column_of(program, rule->fact)};
    if (rule->op < RULE_GROWN_TO) {
        constant_test(program, rule, &test);
        PlaneNode node = node_of(program, &test);
        return when.reading == READ_MAY_BE_FALSE ? not_node(program, node) : node;
    }
    if (rule->op == RULE_GROWN_TO) {
        grown_test(program, rule, when, &test);
        return node_of(program, &test);
    }
    RangeList list = list_new(program, test.column, 1);
    CodeRange range = day_range(rule, &program->layout->columns[test.column], when);
    list_add(&list, range.from, range.until);
    test.ranges = list.ranges;
    test.range_count = list.count;
    return node_of(program, &test);
}

PlaneNode plane_rule(PlaneProgram *program, const Rule *rule, PlaneWhen when)
{
    if (!rule_is_group(rule))
        return condition_node(program, rule, when);
    bool may = when.reading >= READ_MAY_BE_TRUE, all = rule->op == RULE_ALL;
    if (rule->op == RULE_NOT && may) {
        when.reading = when.reading == READ_MAY_BE_TRUE ? READ_MAY_BE_FALSE : READ_MAY_BE_TRUE;
        return plane_rule(program, rule->items, when);
    }
    PlaneNode *items = arena_array(program->arena, PlaneNode, rule->item_count + 1);
    for (size_t i = 0; i < rule->item_count; i++)
        items[i] = plane_rule(program, &rule->items[i], when);
    if (when.reading == READ_MAY_BE_FALSE)
        all = !all;
    return (PlaneNode){.kind = rule->op == RULE_NOT ? NODE_NOT
                               : all                ? NODE_ALL
                                                    : NODE_ANY,
                       .items = items,
                       .item_count = rule->item_count};
}

static void compare_list(RangeList *list, const PlaneColumn *column, SqlCompare op, int64_t value)
{
    uint32_t from = plane_code_from(column, value), after = plane_code_from(column, value + 1);
    switch (op) {
    case SQL_EQ:
        list_add(list, from, after - 1);
        break;
    case SQL_NE:
        list_add(list, 1, from - 1);
        list_add(list, after, list->top);
        break;
    case SQL_LT:
        list_add(list, 1, from - 1);
        break;
    case SQL_LE:
        list_add(list, 1, after - 1);
        break;
    case SQL_GT:
        list_add(list, after, list->top);
        break;
    case SQL_GE:
    default:
        list_add(list, from, list->top);
        break;
    }
}

PlaneNode plane_where(PlaneProgram *program, const Where *where)
{
    if (where->part_count > 0) {
        PlaneNode *items = arena_array(program->arena, PlaneNode, where->part_count);
        for (size_t i = 0; i < where->part_count; i++)
            items[i] = plane_where(program, where->parts[i]);
        return (PlaneNode){.kind = where->kind == WHERE_NOT   ? NODE_NOT
                                   : where->kind == WHERE_AND ? NODE_ALL
                                                              : NODE_ANY,
                           .items = items,
                           .item_count = where->part_count};
    }
    if (where->terms) {
        plane_terms_make(program, where->terms);
        return (PlaneNode){.kind = NODE_TERM, .where = where};
    }
    PlaneTest test = {.column = column_of(program, where->fact)};
    const PlaneColumn *column = &program->layout->columns[test.column];
    RangeList list = list_new(program, test.column, where->value_count + 2);
    if (where->kind == WHERE_KNOWN) {
        list_add(&list, 1, list.top);
        test.decided = true;
    } else if (where->kind == WHERE_COMPARE) {
        compare_list(&list, column, where->op, where->values[0].number);
    } else {
        for (size_t i = 0; i < where->value_count; i++)
            list_add_value(&list, column, where->values[i].number);
    }
    test.ranges = list.ranges;
    test.range_count = list.count;
    return node_of(program, &test);
}

static bool rule_fits(const PlaneProgram *program, const Rule *rule)
{
    if (!rule_is_group(rule))
        return layout_column(program->layout, (int)rule->fact) != NULL;
    bool fits = true;
    for (size_t i = 0; i < rule->item_count; i++)
        fits &= rule_fits(program, &rule->items[i]);
    return fits;
}

bool plane_policy_fits(const PlaneProgram *program, const Policy *policy)
{
    bool fits = true;
    for (const Policy *era = policy; era; era = era->next) {
        fits &= rule_fits(program, &era->gate);
        for (size_t i = 0; i < era->route_count; i++)
            fits &= rule_fits(program, &era->routes[i].rule);
    }
    return fits;
}

bool plane_where_fits(const PlaneProgram *program, const Where *where)
{
    if (where->terms)
        return plane_terms_fit(program, where->terms);
    if (where->part_count == 0)
        return layout_column(program->layout, (int)where->fact) != NULL;
    bool fits = true;
    for (size_t i = 0; i < where->part_count; i++)
        fits &= plane_where_fits(program, where->parts[i]);
    return fits;
}
