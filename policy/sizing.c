#include "policy/sizing.h"

#include "policy/funnel.h"

/* Columns of size_count. */
enum { WORDS = 3, AT_LATER = WORDS, AT_WHERE, AT_FACTS, AT_PEOPLE = AT_FACTS + GROUPINGS_AT_MOST };
enum { CONDITIONS_A_WORD = 30 };
_Static_assert(WORDS *CONDITIONS_A_WORD >= CONDITIONS_AT_MOST, "every condition has its two bits");

/* Conditions that ask the same, in whatever clause, are asked once. */
typedef struct Slots {
    size_t of[CONDITIONS_AT_MOST]; /* by place */
    const Rule *asked[CONDITIONS_AT_MOST];
    size_t count;
} Slots;

static bool same_values(FactId fact, const FactValue *a, size_t a_count, const FactValue *b,
                        size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; i < a_count && same; i++)
        same = fact_same(fact, a[i], b[i]);
    return same;
}

static bool same_question(const Rule *a, const Rule *b)
{
    return a->op == b->op && a->fact == b->fact && a->bound == b->bound && a->window == b->window &&
           same_values(a->fact, a->values, a->value_count, b->values, b->value_count) &&
           same_values(a->fact, a->review, a->review_count, b->review, b->review_count);
}

static void choose_slots(const Policy *policy, Slots *ret)
{
    ret->count = 0;
    for (size_t i = 0; i < policy->condition_count; i++) {
        size_t slot = 0;
        while (slot < ret->count && !same_question(policy->conditions[i], ret->asked[slot]))
            slot++;
        if (slot == ret->count)
            ret->asked[ret->count++] = policy->conditions[i];
        ret->of[i] = slot;
    }
}

/* Two bits for each slot of a word, added up; "(0 + 0)" for a word without slots. */
static const SqlExpr *word_expr(const Compiler *compiler, const Slots *slots, size_t word)
{
    const SqlExpr *sum = NULL;
    for (size_t i = word * CONDITIONS_A_WORD;
         i < slots->count && i < (word + 1) * CONDITIONS_A_WORD; i++) {
        int64_t weight = INT64_C(1) << 2 * (i % CONDITIONS_A_WORD);
        const SqlExpr *standing = compile_standing(compiler, slots->asked[i], weight);
        sum = sum ? expr_add(compiler->arena, sum, standing) : standing;
    }
    return sum ? sum : expr_list(compiler->arena, NULL, 0);
}

static ErrCode ask(Db *db, const Compiler *compiler, const Sizing *sizing, const Slots *slots,
                   Rows **ret_rows, Err *err)
{
    static const char *const PLACES[GROUPINGS_AT_MOST] = {"first", "second", "third", "fourth"};
    Arena *arena = compiler->arena;
    Hole holes[AT_PEOPLE] = {
        {"word", word_expr(compiler, slots, 0)},
        {"next", word_expr(compiler, slots, 1)},
        {"last", word_expr(compiler, slots, 2)},
        {"later", compile_later(compiler)},
        {"where", where_expr(arena, sizing->where, compiler->alias)},
    };
    for (size_t i = 0; i < GROUPINGS_AT_MOST; i++)
        holes[AT_FACTS + i] =
            (Hole){PLACES[i], i < sizing->by_count ? grouping_expr(compiler, &sizing->by[i])
                                                   : expr_list(arena, NULL, 0)};
    return db_query_filled(db, QUERY_POLICY_SIZE_COUNT, NO_PARAMS, holes, AT_PEOPLE, ret_rows, err);
}

static FactValue read_fact(const Rows *rows, unsigned column, const Grouping *by)
{
    if (rows_null(rows, column))
        return (FactValue){0};
    if (fact_info(by->fact)->kind == KIND_TEXT)
        return (FactValue){.known = true, .text = rows_text(rows, column)};
    return (FactValue){.known = true, .number = rows_int(rows, column)};
}

static void read_kind(const Rows *rows, const Sizing *sizing, const Slots *slots, Kind *ret)
{
    *ret = (Kind){.later = rows_int(rows, AT_LATER) != 0, .people = rows_int(rows, AT_PEOPLE)};
    for (size_t i = 0; i < policy_at(sizing->policy, sizing->as_of)->condition_count; i++) {
        size_t slot = slots->of[i];
        int64_t word = rows_int(rows, (unsigned)(slot / CONDITIONS_A_WORD));
        ret->standings.of[i] = (Standing)(word >> 2 * (slot % CONDITIONS_A_WORD) & 3);
    }
    ret->where =
        rows_null(rows, AT_WHERE) ? KLEENE_UNKNOWN : kleene_of(rows_int(rows, AT_WHERE) != 0);
    for (size_t i = 0; i < sizing->by_count; i++)
        ret->facts[i] = read_fact(rows, (unsigned)(AT_FACTS + i), &sizing->by[i]);
}

ErrCode sizing_count(Db *db, Arena *arena, const Sizing *sizing, json_t **ret_result, Err *err)
{
    const Policy *policy = policy_at(sizing->policy, sizing->as_of);
    const Compiler compiler = {
        .arena = arena, .policy = policy, .alias = "p", .as_of = sizing->as_of};
    Slots slots;
    Kind kind;
    AUTO_ROWS rows = NULL;
    choose_slots(policy, &slots);
    TRY(ask(db, &compiler, sizing, &slots, &rows, err));
    Funnel *funnel = funnel_new(arena, sizing);
    while (rows_next(rows)) {
        read_kind(rows, sizing, &slots, &kind);
        funnel_add(funnel, &kind);
    }
    *ret_result = funnel_json(funnel);
    return OK;
}
