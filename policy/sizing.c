#include "policy/sizing.h"

#include "base/text.h"

/* Columns of size_count, before and after the counts. */
enum {
    AT_VERDICT,
    AT_ROUTE,
    AT_WHERE,
    AT_FACTS,
    AT_PEOPLE = AT_FACTS + GROUPINGS_AT_MOST,
    AT_COUNTS
};
enum {
    CLAUSES_AT_MOST = CONDITIONS_AT_MOST + ROUTES_AT_MOST + 1,
    COUNTS_AT_MOST = 2 * CLAUSES_AT_MOST + 2 * FACT_COUNT
};

/* What one count column counts. */
typedef enum CountKind { COUNT_TRUE, COUNT_UNKNOWN, COUNT_MISSING, COUNT_REVIEW } CountKind;
typedef struct Count {
    CountKind kind;
    const char *clause; /* COUNT_TRUE, COUNT_UNKNOWN */
    FactId fact;        /* COUNT_MISSING, COUNT_REVIEW */
    const SqlExpr *expr;
    int64_t people;
} Count;

typedef struct Tally {
    Arena *arena;
    const Sizing *sizing;
    Count counts[COUNTS_AT_MOST];
    size_t count;
    int64_t where[3]; /* by Kleene */
    int64_t verdicts[VERDICT_COUNT + 1];
    int64_t routes[ROUTES_AT_MOST]; /* first route of the eligible and the likely */
    FactValue facts[GROUPINGS_AT_MOST];
    int64_t group[VERDICT_COUNT + 1],
        group_unknown; /* of the facts above; [0] = some row was read */
    json_t *groups;
} Tally;

static void add_count(Tally *tally, CountKind kind, const char *clause, FactId fact,
                      const SqlExpr *condition)
{
    if (!condition)
        return;
    tally->counts[tally->count++] = (Count){.kind = kind,
                                            .clause = clause,
                                            .fact = fact,
                                            .expr = expr_count_if(tally->arena, condition)};
}

static void add_clause(Tally *tally, const Compiler *compiler, const char *clause, const Rule *rule)
{
    const SqlExpr *now = compile_now(compiler, rule);
    add_count(tally, COUNT_TRUE, clause, FACT_NONE, now);
    add_count(tally, COUNT_UNKNOWN, clause, FACT_NONE, expr_is_null(tally->arena, now));
}

/* What an undecided person waits for on any route. Counted for everyone, taken from the rows of
 * `possible` only. */
static void add_wants(Tally *tally, const Compiler *compiler, FactId fact, Wants wants)
{
    const Policy *policy = compiler->policy;
    const SqlExpr *routes[ROUTES_AT_MOST];
    size_t count = 0;
    for (size_t i = 0; i < policy->route_count; i++) {
        routes[count] = compile_wants(compiler, &policy->routes[i].rule, fact, wants);
        count += routes[count] != NULL;
    }
    if (count)
        add_count(tally, wants == WANTS_FACT ? COUNT_MISSING : COUNT_REVIEW, NULL, fact,
                  expr_or(tally->arena, routes, count));
}

static void choose_counts(Tally *tally, const Compiler *compiler)
{
    const Policy *policy = compiler->policy;
    if (policy->gate_clause)
        add_clause(tally, compiler, policy->gate_clause, &policy->gate);
    for (size_t i = 0; i < policy->condition_count; i++) {
        int route = policy->condition_route[i];
        if (route >= 0 && (i == 0 || policy->condition_route[i - 1] != route))
            add_clause(tally, compiler, policy->routes[route].clause, &policy->routes[route].rule);
        add_clause(tally, compiler, policy->conditions[i]->clause, policy->conditions[i]);
    }
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        add_wants(tally, compiler, (FactId)fact, WANTS_FACT);
        add_wants(tally, compiler, (FactId)fact, WANTS_REVIEW);
    }
}

static json_t *verdicts_json(const int64_t *people)
{
    json_t *verdicts = json_object();
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        json_object_set_new(verdicts, verdict_name((Verdict)i), json_integer(people[i]));
    return verdicts;
}

/* Writes the group that has been read and begins an empty one. */
static void end_group(Tally *tally)
{
    const Sizing *sizing = tally->sizing;
    int64_t people = 0;
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        people += tally->group[i];
    if (people || tally->group_unknown) {
        json_t *group = json_object();
        for (size_t i = 0; i < sizing->by_count; i++) {
            const Grouping *by = &sizing->by[i];
            const char *shown = grouping_show(tally->arena, by, tally->facts[i], sizing->lang);
            json_object_set_new(group, by->name, shown ? json_string(shown) : json_null());
            if (shown && fact_info(by->fact)->kind == KIND_CODE)
                json_object_set_new(group, arena_printf(tally->arena, "%s_code", by->name),
                                    json_integer(tally->facts[i].number));
        }
        json_object_set_new(group, "people", json_integer(people));
        if (sizing->where)
            json_object_set_new(group, "where_unknown", json_integer(tally->group_unknown));
        json_object_set_new(group, "verdicts", verdicts_json(tally->group));
        json_array_append_new(tally->groups, group);
    }
    memset(tally->group, 0, sizeof tally->group);
    tally->group_unknown = 0;
}

static FactValue read_fact(const Rows *rows, unsigned column, const Grouping *by)
{
    if (rows_null(rows, column))
        return (FactValue){0};
    if (fact_info(by->fact)->kind == KIND_TEXT)
        return (FactValue){.known = true, .text = rows_text(rows, column)};
    return (FactValue){.known = true, .number = rows_int(rows, column)};
}

/* Rows come in the order of their facts: a new tuple ends the group. */
static void enter_group(Tally *tally, const Rows *rows)
{
    bool same = tally->group[0] != 0;
    for (size_t i = 0; i < tally->sizing->by_count; i++) {
        FactValue value = read_fact(rows, (unsigned)(AT_FACTS + i), &tally->sizing->by[i]);
        FactValue before = tally->facts[i];
        same = same && value.known == before.known && value.number == before.number &&
               text_equal(value.text, before.text);
        if (same)
            continue;
        if (tally->group[0])
            end_group(tally);
        tally->facts[i] = value;
    }
    tally->group[0] = 1;
}

static void read_row(Tally *tally, const Rows *rows)
{
    Kleene where =
        rows_null(rows, AT_WHERE) ? KLEENE_UNKNOWN : kleene_of(rows_int(rows, AT_WHERE) != 0);
    Verdict verdict = (Verdict)rows_int(rows, AT_VERDICT);
    int64_t people = rows_int(rows, AT_PEOPLE);
    tally->where[where] += people;
    if (tally->sizing->by_count)
        enter_group(tally, rows);
    if (where == KLEENE_UNKNOWN)
        tally->group_unknown += people;
    if (where != KLEENE_TRUE)
        return;
    tally->verdicts[verdict] += people;
    tally->group[verdict] += people;
    if (verdict == VERDICT_ELIGIBLE || verdict == VERDICT_LIKELY)
        tally->routes[rows_int(rows, AT_ROUTE)] += people;
    for (size_t i = 0; i < tally->count; i++) {
        Count *count = &tally->counts[i];
        if (count->kind <= COUNT_UNKNOWN || verdict == VERDICT_POSSIBLE)
            count->people += rows_int(rows, (unsigned)(AT_COUNTS + i));
    }
}

static ErrCode ask(Db *db, const Compiler *compiler, const Tally *tally, Rows **ret_rows, Err *err)
{
    static const char *const PLACES[GROUPINGS_AT_MOST] = {"first", "second", "third", "fourth"};
    Arena *arena = compiler->arena;
    const Sizing *sizing = tally->sizing;
    const SqlExpr **counts = arena_array(arena, const SqlExpr *, tally->count + 1);
    for (size_t i = 0; i < tally->count; i++)
        counts[i] = tally->counts[i].expr;
    Hole holes[4 + GROUPINGS_AT_MOST] = {
        {"verdict", policy_verdict_expr(arena, sizing->policy, sizing->as_of, compiler->alias)},
        {"route", policy_route_expr(arena, sizing->policy, sizing->as_of, compiler->alias)},
        {"where",
         sizing->where ? where_expr(arena, sizing->where, compiler->alias) : expr_true(arena)},
        {"counts", expr_list(arena, counts, tally->count)},
    };
    for (size_t i = 0; i < GROUPINGS_AT_MOST; i++)
        holes[4 + i] =
            (Hole){PLACES[i], i < sizing->by_count ? grouping_expr(compiler, &sizing->by[i])
                                                   : expr_list(arena, NULL, 0)};
    return db_query_filled(db, QUERY_POLICY_SIZE_COUNT, NO_PARAMS, holes,
                           sizeof holes / sizeof *holes, ret_rows, err);
}

static json_t *clauses_json(const Tally *tally)
{
    json_t *clauses = json_object();
    for (size_t i = 0; i + 1 < tally->count && tally->counts[i].kind <= COUNT_UNKNOWN; i += 2) {
        int64_t holds = tally->counts[i].people, unknown = tally->counts[i + 1].people;
        json_t *clause = json_object();
        json_object_set_new(clause, "true", json_integer(holds));
        json_object_set_new(clause, "false",
                            json_integer(tally->where[KLEENE_TRUE] - holds - unknown));
        json_object_set_new(clause, "unknown", json_integer(unknown));
        json_object_set_new(clauses, tally->counts[i].clause, clause);
    }
    return clauses;
}

static int compare_people(const void *a, const void *b)
{
    const Count *left = *(const Count *const *)a, *right = *(const Count *const *)b;
    if (left->people != right->people)
        return left->people < right->people ? 1 : -1;
    return (int)left->fact - (int)right->fact;
}

/* Facts by how many undecided people wait for them, most first. */
static json_t *wants_json(const Tally *tally, CountKind kind)
{
    const Count *found[FACT_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < tally->count; i++) {
        if (tally->counts[i].kind == kind && tally->counts[i].people)
            found[count++] = &tally->counts[i];
    }
    qsort(found, count, sizeof *found, compare_people);
    json_t *facts = json_object();
    for (size_t i = 0; i < count; i++)
        json_object_set_new(facts, fact_info(found[i]->fact)->name, json_integer(found[i]->people));
    return facts;
}

static json_t *tally_json(Tally *tally)
{
    const Policy *policy = tally->sizing->policy;
    const int64_t *where = tally->where;
    char as_of[11];
    json_t *result = json_object(), *counts = json_object(), *routes = json_object();
    json_object_set_new(counts, "true", json_integer(where[KLEENE_TRUE]));
    json_object_set_new(counts, "false", json_integer(where[KLEENE_FALSE]));
    json_object_set_new(counts, "unknown", json_integer(where[KLEENE_UNKNOWN]));
    for (size_t i = 0; i < policy->route_count; i++)
        json_object_set_new(routes, policy->routes[i].id, json_integer(tally->routes[i]));
    json_object_set_new(result, "policy", json_string(policy->id));
    json_object_set_new(result, "as_of", json_string(date_format(tally->sizing->as_of, as_of)));
    json_object_set_new(
        result, "people",
        json_integer(where[KLEENE_TRUE] + where[KLEENE_FALSE] + where[KLEENE_UNKNOWN]));
    json_object_set_new(result, "where", counts);
    json_object_set_new(result, "verdicts", verdicts_json(tally->verdicts));
    json_object_set_new(result, "routes", routes);
    json_object_set_new(result, "clauses", clauses_json(tally));
    json_object_set_new(result, "missing", wants_json(tally, COUNT_MISSING));
    json_object_set_new(result, "review", wants_json(tally, COUNT_REVIEW));
    json_object_set(result, "groups", tally->groups);
    return result;
}

ErrCode sizing_count(Db *db, Arena *arena, const Sizing *sizing, json_t **ret_result, Err *err)
{
    const Compiler compiler = {
        .arena = arena, .policy = sizing->policy, .alias = "p", .as_of = sizing->as_of};
    Tally *tally = arena_alloc(arena, sizeof *tally);
    tally->arena = arena;
    tally->sizing = sizing;
    choose_counts(tally, &compiler);
    AUTO_ROWS rows = NULL;
    TRY(ask(db, &compiler, tally, &rows, err));
    tally->groups = json_array();
    while (rows_next(rows))
        read_row(tally, rows);
    if (sizing->by_count)
        end_group(tally);
    *ret_result = tally_json(tally);
    json_decref(tally->groups);
    return OK;
}
