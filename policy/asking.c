#include "policy/asking.h"

#include "base/text.h"
#include "people/ask_key.h"
#include "people/person.h"
#include "policy/outlook.h"

#include <assert.h>

enum { AT_ID_HASH = PERSON_COLUMNS, AT_NAME_PHONE_HASH, FIRST_ROOM = 256 };

/* Whatever is neither sealed nor the name can stand in a questionnaire's column. */
static bool can_be_asked(FactId fact)
{
    return fact != FACT_NAME && fact_info(fact)->kind != KIND_SEALED;
}

static ErrCode unknown_fact(Arena *arena, const char *name, Err *err)
{
    const char **names = arena_array(arena, const char *, FACT_COUNT);
    size_t count = 0;
    for (int i = 0; i < FACT_COUNT; i++) {
        if (can_be_asked((FactId)i))
            names[count++] = fact_info((FactId)i)->name;
    }
    const char *nearest = text_nearest(name, names, count);
    err_set(err, ERR_USAGE, _("cannot ask for '%s': it is no fact that a questionnaire asks"),
            name);
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
}

/* The next item of a list with commas, trimmed; NULL at its end. */
static const char *next_item(Arena *arena, const char **at)
{
    if (!**at)
        return NULL;
    size_t length = strcspn(*at, ",");
    const char *item = text_trim(arena, arena_strndup(arena, *at, length));
    *at += length + ((*at)[length] == ',');
    return item;
}

ErrCode asking_facts(Arena *arena, const char *names, Asking *asking, Err *err)
{
    const char *name;
    while ((name = next_item(arena, &names)) != NULL) {
        FactId fact = fact_find(name);
        if (fact == FACT_NONE || !can_be_asked(fact))
            return unknown_fact(arena, name, err);
        if (!(asking->mask >> fact & 1))
            asking->facts[asking->fact_count++] = fact;
        asking->mask |= UINT32_C(1) << fact;
    }
    return OK;
}

ErrCode asking_verdicts(Arena *arena, const char *names, Asking *asking, Err *err)
{
    const char *name;
    while ((name = next_item(arena, &names)) != NULL) {
        Verdict verdict;
        if (!verdict_find(name, &verdict)) {
            err_set(err, ERR_USAGE, _("'%s' is no verdict"), name);
            return err_hint(err, _("one of: %s"), "eligible likely possible later ineligible");
        }
        asking->verdicts[verdict] = true;
    }
    return OK;
}

static const SqlExpr *who_expr(Arena *arena, const Asking *asking, Date as_of)
{
    const SqlExpr *wanted[VERDICT_COUNT], *both[2];
    size_t count = 0;
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++) {
        if (asking->verdicts[i])
            wanted[count++] = expr_value(arena, v_int(i));
    }
    both[0] = expr_in(arena, policy_verdict_expr(arena, asking->policy, as_of, "p"), wanted, count);
    both[1] = where_expr(arena, asking->where, "p");
    return expr_and(arena, both, 2);
}

typedef struct AskList {
    AskRow *rows;
    size_t count, room;
} AskList;

static void list_add(Arena *arena, AskList *list, const AskRow *row)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : FIRST_ROOM;
        AskRow *rows = arena_array(arena, AskRow, room);
        if (list->count)
            memcpy(rows, list->rows, list->count * sizeof *rows);
        list->rows = rows;
        list->room = room;
    }
    list->rows[list->count++] = *row;
}

/* The facts of the person that are shown, in the arena that lasts. */
static const char *shown(Arena *arena, const Person *person, FactId fact)
{
    const char *text = fact_show(arena, fact, person->facts.values[fact], LANG_ZH);
    return text ? arena_strdup(arena, text) : NULL;
}

static void take_person(Context *context, const Asking *asking, const Rows *rows,
                        const Person *person, AskList *list)
{
    Standings standings;
    Arena *arena = context->arena;
    size_t length = 0;
    bool by_id = !rows_null(rows, AT_ID_HASH);
    const void *hash = rows_bytes(rows, by_id ? AT_ID_HASH : AT_NAME_PHONE_HASH, &length);
    standings_read(asking->policy, &person->facts, context->as_of, &standings);
    uint32_t waits = verdict_waits(asking->policy, &standings, STANDS_ASK);
    if (!(waits & asking->mask) || !hash)
        return;
    assert(length == SEAL_HASH_BYTES);
    const char *employer = shown(arena, person, FACT_EMPLOYER);
    AskKey key = {.by_id = by_id, .facts = asking->mask};
    memcpy(key.hash, hash, SEAL_HASH_BYTES);
    const AskRow row = {.key = ask_key_format(context->sealer, arena, &key),
                        .name = shown(arena, person, FACT_NAME),
                        .number = shown(arena, person, FACT_ID_NUMBER),
                        .employer = employer ? employer : shown(arena, person, FACT_SCHOOL),
                        .town = shown(arena, person, FACT_EMPLOYER_TOWN)};
    list_add(arena, list, &row);
}

ErrCode asking_rows(Context *context, const Asking *asking, AskRow **ret_rows, size_t *ret_count,
                    Err *err)
{
    AUTO_ARENA page = arena_new(0);
    AskList list = {0};
    int64_t after = 0;
    for (uint64_t count = 1; count > 0;) {
        AUTO_ROWS rows = NULL;
        arena_reset(page);
        const Hole who = {"who", who_expr(page, asking, context->as_of)};
        TRY(db_query_filled(context->db, QUERY_POLICY_ASK_PAGE, PARAMS(v_int(after)), &who, 1,
                            &rows, err));
        count = rows_count(rows);
        while (rows_next(rows)) {
            Person person;
            TRY(person_read(rows, 0, context->sealer, page, &person, err));
            take_person(context, asking, rows, &person, &list);
            after = person.id;
        }
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("interrupted"));
    }
    *ret_rows = list.rows;
    *ret_count = list.count;
    return OK;
}
