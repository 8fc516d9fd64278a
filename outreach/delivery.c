#include "outreach/delivery.h"

#include "base/command.h"
#include "base/text.h"
#include "outreach/outbox.h"
#include "people/fact.h"
#include "people/operator.h"

#include <stdlib.h>

enum { COLUMN_PERSON, COLUMN_PHONE, COLUMN_STATE, COLUMN_HOUR, COLUMN_CODE, COLUMN_TOWN };

static const struct {
    const char *key, *title, *label;
} BREAKDOWNS[DELIVERY_COUNT] = {
    [DELIVERY_HOURS] = {"hours", N_("Delivery by hour"), N_("hour")},
    [DELIVERY_TOWNS] = {"towns", N_("Delivery by town"), N_("employer's town")},
    [DELIVERY_OPERATORS] = {"operators", N_("Delivery by operator"), N_("operator by prefix")},
    [DELIVERY_ERRORS] = {"errors", N_("Delivery by error code"), N_("error code")},
};

const char *delivery_key(DeliveryBy by)
{
    return BREAKDOWNS[by].key;
}

const char *delivery_title(DeliveryBy by)
{
    return _(BREAKDOWNS[by].title);
}

const char *delivery_label(DeliveryBy by)
{
    return BREAKDOWNS[by].label;
}

typedef struct DeliveryRow {
    const char *what; /* "" = none */
    int64_t messages, counts[STATE_COUNT];
} DeliveryRow;

typedef struct Breakdown {
    DeliveryRow *rows;  /* of DELIVERY_ROWS */
    size_t count, last; /* last: where the last message was found */
} Breakdown;

typedef struct Delivery {
    const Sealer *sealer;
    int64_t campaign;
    Arena *arena;
    Breakdown breakdowns[DELIVERY_COUNT];
    int64_t messages;
} Delivery;

static ErrCode breakdown_add(Delivery *delivery, DeliveryBy by, const char *what,
                             MessageState state, Err *err)
{
    Breakdown *breakdown = &delivery->breakdowns[by];
    size_t at = breakdown->last;
    if (breakdown->count == 0 || strcmp(breakdown->rows[at].what, what) != 0)
        at = 0;
    while (at < breakdown->count && strcmp(breakdown->rows[at].what, what) != 0)
        at++;
    if (at == DELIVERY_ROWS)
        return err_set(err, ERR_LIMIT, _("%s: more than %d different rows"), delivery_title(by),
                       DELIVERY_ROWS);
    if (at == breakdown->count)
        breakdown->rows[breakdown->count++] =
            (DeliveryRow){.what = arena_strdup(delivery->arena, what)};
    breakdown->rows[at].messages++;
    breakdown->rows[at].counts[state]++;
    breakdown->last = at;
    return OK;
}

static const char *or_none(const char *text)
{
    return text ? text : "";
}

static ErrCode message_add(Delivery *delivery, Arena *arena, const Rows *rows, Err *err)
{
    size_t length = 0;
    char *phone = NULL;
    MessageState state = STATE_QUEUED;
    bool known = message_state_find(rows_text(rows, COLUMN_STATE), &state);
    assert(known);
    const void *sealed = rows_bytes(rows, COLUMN_PHONE, &length);
    TRY(unseal(delivery->sealer, arena, sealed, length, &phone, err));
    const char *town = rows_null(rows, COLUMN_TOWN)
                           ? ""
                           : arena_printf(arena, "%lld", (long long)rows_int(rows, COLUMN_TOWN));
    delivery->messages++;
    TRY(breakdown_add(delivery, DELIVERY_HOURS, or_none(rows_text(rows, COLUMN_HOUR)), state, err));
    TRY(breakdown_add(delivery, DELIVERY_TOWNS, town, state, err));
    TRY(breakdown_add(delivery, DELIVERY_OPERATORS, operator_word(operator_find(phone)), state,
                      err));
    return breakdown_add(delivery, DELIVERY_ERRORS, or_none(rows_text(rows, COLUMN_CODE)), state,
                         err);
}

static ErrCode delivery_body(Db *db, void *state, Err *err)
{
    Delivery *delivery = state;
    AUTO_ARENA arena = arena_new(0);
    int64_t after = 0;
    delivery->messages = 0;
    for (int by = 0; by < DELIVERY_COUNT; by++)
        delivery->breakdowns[by].count = delivery->breakdowns[by].last = 0;
    for (uint64_t count = 1; count > 0;) {
        AUTO_ROWS rows = NULL;
        arena_reset(arena);
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("interrupted"));
        TRY(db_query(db, QUERY_OUTREACH_REPORT_DELIVERY,
                     PARAMS(v_int(delivery->campaign), v_int(after)), &rows, err));
        count = rows_count(rows);
        while (rows_next(rows)) {
            TRY(message_add(delivery, arena, rows, err));
            after = rows_int(rows, COLUMN_PERSON);
        }
    }
    return OK;
}

static int by_what(const void *left, const void *right)
{
    const DeliveryRow *a = left, *b = right;
    return strcmp(a->what, b->what);
}

static int by_messages(const void *left, const void *right)
{
    const DeliveryRow *a = left, *b = right;
    if (a->messages != b->messages)
        return a->messages > b->messages ? -1 : 1;
    return strcmp(a->what, b->what);
}

/* What a person reads: the name of a town, the operator's. */
static const char *what_label(DeliveryBy by, const char *what, Arena *arena)
{
    FactValue town = {.known = true, .number = strtoll(what, NULL, 10)};
    if (by == DELIVERY_TOWNS)
        return fact_show(arena, FACT_EMPLOYER_TOWN, town, lang_now());
    for (int at = 0; by == DELIVERY_OPERATORS && at < OPERATOR_COUNT; at++) {
        if (text_equal(what, operator_word((Operator)at)))
            return operator_label((Operator)at);
    }
    return what;
}

static json_t *breakdown_json(Delivery *delivery, DeliveryBy by)
{
    Breakdown *breakdown = &delivery->breakdowns[by];
    int64_t messages = 0;
    json_t *list = json_array();
    qsort(breakdown->rows, breakdown->count, sizeof *breakdown->rows,
          by == DELIVERY_HOURS ? by_what : by_messages);
    for (size_t at = 0; at < breakdown->count; at++) {
        const DeliveryRow *row = &breakdown->rows[at];
        json_t *object = json_object();
        json_object_set_new(object, "what",
                            *row->what ? json_string(what_label(by, row->what, delivery->arena))
                                       : json_null());
        json_object_set_new(object, "messages", json_integer(row->messages));
        for (int state = 0; state < STATE_COUNT; state++)
            json_object_set_new(object, message_state_word((MessageState)state),
                                json_integer(row->counts[state]));
        json_array_append_new(list, object);
        messages += row->messages;
    }
    assert(messages == delivery->messages);
    return list;
}

ErrCode delivery_count(Db *db, const Sealer *sealer, int64_t campaign, json_t **ret_delivery,
                       Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Delivery delivery = {.sealer = sealer, .campaign = campaign, .arena = arena};
    for (int by = 0; by < DELIVERY_COUNT; by++)
        delivery.breakdowns[by].rows = arena_array(arena, DeliveryRow, DELIVERY_ROWS);
    TRY(db_transact(db, delivery_body, &delivery, err));
    *ret_delivery = json_object();
    for (int by = 0; by < DELIVERY_COUNT; by++)
        json_object_set_new(*ret_delivery, delivery_key((DeliveryBy)by),
                            breakdown_json(&delivery, (DeliveryBy)by));
    return OK;
}
