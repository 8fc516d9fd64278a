#include "policy/window.h"

#include "base/figures.h"
#include "base/json.h"
#include "base/render.h"
#include "people/where_node.h"
#include "policy/plane_sizing.h"
#include "policy/term.h"

#include <inttypes.h>

enum { MONTHS_AT_MOST_SHOWN = WINDOW_AT_MOST / 28 + 2 };

/* The questions of a window, one sizing each. */
typedef struct Questions {
    Arena *arena;
    const WhereTerms *terms;
    const Sizing *today;
    Date until;
    Sizing items[3 + ROUTES_AT_MOST + MONTHS_AT_MOST_SHOWN];
    json_t *sizes[3 + ROUTES_AT_MOST + MONTHS_AT_MOST_SHOWN];
    Span months[MONTHS_AT_MOST_SHOWN];
    size_t count, first_route, first_month, month_count;
} Questions;

/* "verdict <= likely": that a term compares so with a number. */
static const Where *compared(const Questions *questions, Term term, SqlCompare op, int64_t number)
{
    const FactValue value = {.known = true, .number = number};
    const Where node = {.kind = WHERE_COMPARE,
                        .fact = FACT_NONE,
                        .terms = questions->terms,
                        .term = term,
                        .op = op,
                        .values = arena_memdup(questions->arena, &value, sizeof value),
                        .value_count = 1};
    return arena_memdup(questions->arena, &node, sizeof node);
}

/* Both; NULL = everyone. */
static const Where *both(Arena *arena, const Where *a, const Where *b)
{
    const Where *parts[] = {a, b};
    if (!a)
        return b;
    const Where node = {.kind = WHERE_AND,
                        .fact = FACT_NONE,
                        .parts = arena_memdup(arena, parts, sizeof parts),
                        .part_count = 2};
    return arena_memdup(arena, &node, sizeof node);
}

/* Asks about those for whom --where holds, and this too. */
static void ask(Questions *questions, const Where *narrower, bool by_town)
{
    static const Grouping TOWN = {.name = "employer_town", .fact = FACT_EMPLOYER_TOWN};
    Sizing *sizing = &questions->items[questions->count++];
    *sizing = *questions->today;
    sizing->where = both(questions->arena, sizing->where, narrower);
    if (by_town)
        sizing->by[sizing->by_count++] = TOWN;
}

static const Where *reached(const Questions *questions)
{
    return compared(questions, TERM_VERDICT, SQL_LE, VERDICT_LIKELY);
}

/* The losing whose last day lies in a span. */
static const Where *losing_within(const Questions *questions, Span span)
{
    Arena *arena = questions->arena;
    const Where *days = both(arena, compared(questions, TERM_ELIGIBLE_UNTIL, SQL_GE, span.from),
                             compared(questions, TERM_ELIGIBLE_UNTIL, SQL_LE, span.until));
    return both(arena, reached(questions), days);
}

/* The window's days, month by month. */
static void cut_months(Questions *questions)
{
    Date from = questions->today->as_of;
    while (from <= questions->until) {
        Civil civil = date_civil(from);
        Date last = date_add_months(date_of(civil.year, civil.month, 1), 1) - 1;
        Date until = last < questions->until ? last : questions->until;
        questions->months[questions->month_count++] = (Span){from, until};
        from = until + 1;
    }
}

/* Those whom the policy's end stops in the window; nobody has a verdict below the first. */
static const Where *stopped(const Questions *questions)
{
    Date end = questions->today->policy->until;
    bool ends = end != DATE_NONE && end >= questions->today->as_of && end <= questions->until;
    return ends ? losing_within(questions, (Span){end, end})
                : compared(questions, TERM_VERDICT, SQL_LT, VERDICT_ELIGIBLE);
}

static void ask_all(Questions *questions)
{
    Arena *arena = questions->arena;
    const Span window = {questions->today->as_of, questions->until};
    const Where *losing = losing_within(questions, window);
    ask(questions, reached(questions), false);
    ask(questions, losing, true);
    ask(questions, stopped(questions), false);
    questions->first_route = questions->count;
    for (size_t i = 0; i < questions->today->policy->route_count; i++)
        ask(questions, both(arena, losing, compared(questions, TERM_ROUTE, SQL_EQ, (int64_t)i + 1)),
            true);
    questions->first_month = questions->count;
    cut_months(questions);
    for (size_t i = 0; i < questions->month_count; i++)
        ask(questions, losing_within(questions, questions->months[i]), false);
}

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static int64_t counted(const json_t *size)
{
    const char *name;
    json_t *value;
    int64_t people = 0;
    JSON_MEMBERS (json_object_get(size, "verdicts"), name, value)
        people += json_integer_value(value);
    return people;
}

/* People of a group of another sizing that has the same town; unknown towns are alike too. */
static int64_t people_of_town(const json_t *size, const json_t *town)
{
    size_t index;
    const json_t *group;
    JSON_ITEMS (json_object_get(size, "groups"), index, group) {
        if (json_equal(json_object_get(group, "employer_town"), town))
            return number_of(group, "people");
    }
    return 0;
}

static json_t *towns_json(const Questions *questions)
{
    const Policy *policy = questions->today->policy;
    json_t *towns = json_array();
    size_t index;
    const json_t *group;
    JSON_ITEMS (json_object_get(questions->sizes[1], "groups"), index, group) {
        json_t *town = json_object_get((json_t *)(uintptr_t)group, "employer_town");
        if (number_of(group, "people") == 0)
            continue;
        json_t *line = json_object(), *routes = json_object();
        for (size_t i = 0; i < policy->route_count; i++)
            json_object_set_new(
                routes, policy->routes[i].id,
                json_integer(people_of_town(questions->sizes[questions->first_route + i], town)));
        json_object_set(line, "employer_town", town);
        json_object_set(line, "employer_town_code", json_object_get(group, "employer_town_code"));
        json_object_set(line, "people", json_object_get(group, "people"));
        json_object_set_new(line, "routes", routes);
        json_array_append_new(towns, line);
    }
    return towns;
}

static json_t *months_json(const Questions *questions)
{
    json_t *months = json_array();
    for (size_t i = 0; i < questions->month_count; i++) {
        char day[11];
        const json_t *size = questions->sizes[questions->first_month + i];
        json_t *line = json_object();
        json_object_set_new(line, "from", json_string(date_format(questions->months[i].from, day)));
        json_object_set_new(line, "until",
                            json_string(date_format(questions->months[i].until, day)));
        json_object_set_new(line, "people", json_integer(counted(size)));
        json_object_set(line, "routes", json_object_get(size, "routes"));
        json_array_append_new(months, line);
    }
    return months;
}

static json_t *window_json(const Questions *questions, int64_t days)
{
    char day[11];
    const Sizing *today = questions->today;
    json_t *result = json_object();
    json_object_set_new(result, "policy", json_string(today->policy->id));
    json_object_set_new(result, "as_of", json_string(date_format(today->as_of, day)));
    json_object_set_new(result, "window", json_integer(days));
    json_object_set_new(result, "until", json_string(date_format(questions->until, day)));
    json_object_set_new(result, "reached", json_integer(counted(questions->sizes[0])));
    json_object_set_new(result, "losing", json_integer(counted(questions->sizes[1])));
    json_object_set_new(result, "by_end", json_integer(counted(questions->sizes[2])));
    json_object_set(result, "routes", json_object_get(questions->sizes[1], "routes"));
    json_object_set_new(result, "months", months_json(questions));
    json_object_set_new(result, "towns", towns_json(questions));
    return result;
}

ErrCode window_count(Context *context, const Sizing *today, int64_t days, json_t **ret_result,
                     Err *err)
{
    Arena *arena = context->arena;
    if (today->as_of > DATE_MAX - days)
        return err_set(err, ERR_USAGE, _("there are no %" PRId64 " days after that day"), days);
    Questions *questions = arena_alloc(arena, sizeof *questions);
    questions->arena = arena;
    questions->terms = policy_terms(arena, today->policy, today->as_of);
    questions->today = today;
    questions->until = today->as_of + (Date)days;
    ask_all(questions);
    const Sizings all = {.arena = arena, .items = questions->items, .count = questions->count};
    TRY(plane_sizings(context->db, context->config.home, &all, questions->sizes, err));
    *ret_result = window_json(questions, days);
    for (size_t i = 0; i < questions->count; i++)
        json_decref(questions->sizes[i]);
    return OK;
}

static void say(json_t *object)
{
    const char *key;
    json_t *value;
    JSON_MEMBERS (object, key, value) {
        if (json_kind(value) == JSON_NULL)
            json_object_set_new(object, key, json_string("…"));
    }
}

/* Rows with "…" for what is withheld. */
static json_t *said(const json_t *rows)
{
    json_t *copy = json_deep_copy(rows), *row;
    size_t index;
    JSON_ITEMS (copy, index, row) {
        if (json_kind(json_object_get(row, "people")) == JSON_NULL)
            json_object_set_new(row, "people", json_string("…"));
        say(json_object_get(row, "routes"));
    }
    return copy;
}

/* Rows with a column for each route. */
static void show_rows(Arena *arena, const json_t *result, const char *list, const Column *own)
{
    enum { OWN_AT_MOST = 3 };
    Column columns[OWN_AT_MOST + ROUTES_AT_MOST + 1] = {0};
    size_t count = 0;
    const char *route;
    json_t *people;
    for (; own[count].key; count++)
        columns[count] = own[count];
    JSON_MEMBERS (json_object_get(result, "routes"), route, people)
        columns[count++] = (Column){arena_printf(arena, "routes.%s", route), route};
    json_t *rows = said(json_object_get(result, list));
    putchar('\n');
    render_table(stdout, columns, rows);
    json_decref(rows);
}

const char *window_title(const Context *context, const json_t *result)
{
    Arena *arena = context->arena;
    return arena_printf(arena, _("%s: of %s who are reached on %s, %s lose the chance by %s"),
                        json_string_value(json_object_get(result, "policy")),
                        figure_text(arena, figure_of(json_object_get(result, "reached"))),
                        json_string_value(json_object_get(result, "as_of")),
                        figure_text(arena, figure_of(json_object_get(result, "losing"))),
                        json_string_value(json_object_get(result, "until")));
}

void window_show(const Context *context, const json_t *result)
{
    static const Column MONTHS[] = {
        {"from", N_("last day from")}, {"until", N_("until")}, {"people", N_("people")}, {0}};
    static const Column TOWNS[] = {{"employer_town", N_("town")}, {"people", N_("people")}, {0}};
    Arena *arena = context->arena;
    const Figure by_end = figure_of(json_object_get(result, "by_end"));
    puts(window_title(context, result));
    if (by_end.number || !by_end.known)
        printf(_("%s of them because the policy ends\n"), figure_text(arena, by_end));
    show_rows(arena, result, "months", MONTHS);
    show_rows(arena, result, "towns", TOWNS);
}
