#include "outreach/receipt.h"

#include "base/lang.h"
#include "base/text.h"
#include "outreach/idlist.h"

#include <stdlib.h>

enum { RECEIPTS_AT_ONCE = 1000, CODE_BYTES_MAX = 64 };

bool receipt_move(MessageState from, ReceiptStatus status, MessageState *ret_to)
{
    bool open = from == STATE_CLAIMED || from == STATE_SENT || from == STATE_UNCERTAIN;
    if (status == RECEIPT_DELIVERED && open) {
        *ret_to = STATE_DELIVERED;
        return true;
    }
    if (status == RECEIPT_UNDELIVERED && open) {
        *ret_to = STATE_UNDELIVERED;
        return true;
    }
    if (status == RECEIPT_SENT && open && from != STATE_SENT) {
        *ret_to = STATE_SENT;
        return true;
    }
    /* The gateway had refused it, yet reports on it: it took it after all, so it must not go out
     * again. */
    if ((status == RECEIPT_DELIVERED || status == RECEIPT_SENT) && from == STATE_QUEUED) {
        *ret_to = STATE_SUPPRESSED;
        return true;
    }
    return false;
}

typedef struct Item {
    size_t receipt; /* its place among the batch's */
    const Gateway *gateway;
    const char *reference, *id, *code;
    ReceiptStatus status;
    int64_t message; /* 0 = not found */
    MessageState state;
    int64_t fence, attempts;
} Item;

typedef struct Matching {
    const Sealer *sealer;
    const GatewaySet *gateways;
    Arena *arena;
    int64_t *ids; /* of the receipts */
    bool *unfit;  /* some item of it fits nothing */
    size_t receipt_count;
    Item *items;
    size_t item_count, item_capacity;
    ReceiptCounts counts;
} Matching;

static void item_add(Matching *matching, Item item)
{
    if (matching->item_count == matching->item_capacity) {
        size_t capacity = matching->item_capacity ? matching->item_capacity * 2 : 256;
        Item *items = arena_array(matching->arena, Item, capacity);
        if (matching->item_count > 0)
            memcpy(items, matching->items, matching->item_count * sizeof *items);
        matching->items = items;
        matching->item_capacity = capacity;
    }
    matching->items[matching->item_count++] = item;
}

static void receipt_read(Matching *matching, size_t place, const char *gateway_name,
                         const char *body, size_t length)
{
    const Gateway *gateway = gateways_find(matching->gateways, gateway_name);
    InboundItem *items;
    size_t count;
    if (!gateway ||
        !inbound_parse(&gateway->receipt, matching->arena, body, length, &items, &count)) {
        matching->unfit[place] = true;
        return;
    }
    for (size_t at = 0; at < count; at++) {
        ReceiptStatus status = receipt_status(&gateway->receipt, items[at].status);
        bool known = status != RECEIPT_STATUSES && (items[at].reference || items[at].id);
        const char *code = items[at].code;
        if (known)
            item_add(matching, (Item){.receipt = place,
                                      .gateway = gateway,
                                      .reference = items[at].reference,
                                      .id = items[at].id,
                                      .code = code && strlen(code) <= CODE_BYTES_MAX ? code : NULL,
                                      .status = status});
        else
            matching->unfit[place] = true;
    }
}

static ErrCode receipts_read(Db *db, Matching *matching, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_RECEIPT_NEW, PARAMS(v_text("receipt"), v_int(RECEIPTS_AT_ONCE)),
                 &rows, err));
    size_t count = (size_t)rows_count(rows);
    matching->ids = arena_array(matching->arena, int64_t, count + 1);
    matching->unfit = arena_array(matching->arena, bool, count + 1);
    matching->receipt_count = 0;
    matching->item_count = matching->item_capacity = 0;
    while (rows_next(rows)) {
        size_t place = matching->receipt_count++, length;
        const void *sealed = rows_bytes(rows, 2, &length);
        char *body;
        TRY(unseal(matching->sealer, matching->arena, sealed, length, &body, err));
        matching->ids[place] = rows_int(rows, 0);
        if (body)
            receipt_read(matching, place, rows_text(rows, 1), body, length - SEAL_OVERHEAD_BYTES);
        else
            matching->unfit[place] = true;
    }
    return OK;
}

/* Finds the messages of items that have none yet, by one of the two keys. */
static ErrCode items_find(Db *db, Matching *matching, bool by_reference, Err *err)
{
    json_t *asked = json_array();
    for (size_t at = 0; at < matching->item_count; at++) {
        const Item *item = &matching->items[at];
        if (item->message || !(by_reference ? item->reference : item->id))
            continue;
        json_t *line = by_reference ? json_pack("{sI, ss}", "place", (json_int_t)at, "reference",
                                                item->reference)
                                    : json_pack("{sI, ss, ss}", "place", (json_int_t)at, "gateway",
                                                item->gateway->name, "id", item->id);
        if (line) /* NULL: what came is no text */
            json_array_append_new(asked, line);
    }
    bool none = json_array_size(asked) == 0;
    const char *text = idlist_take(matching->arena, asked);
    if (none)
        return OK;
    AUTO_ROWS rows = NULL;
    TRY(db_query(db,
                 by_reference ? QUERY_OUTREACH_RECEIPT_BY_REFERENCE
                              : QUERY_OUTREACH_RECEIPT_BY_GATEWAY_ID,
                 PARAMS(v_text(text)), &rows, err));
    while (rows_next(rows)) {
        Item *item = &matching->items[rows_int(rows, 0)];
        bool known = message_state_find(rows_text(rows, 2), &item->state);
        if (!known)
            return err_set(err, ERR_DB, _("a message has an unknown state"));
        item->message = rows_int(rows, 1);
        item->fence = rows_int(rows, 3);
        item->attempts = rows_int(rows, 4);
    }
    return OK;
}

static int by_message(const void *left, const void *right)
{
    const Item *const *a = left, *const *b = right;
    if ((*a)->message != (*b)->message)
        return (*a)->message < (*b)->message ? -1 : 1;
    return *a < *b ? -1 : *a > *b; /* as they came */
}

/* The moves of one message follow each other: each begins where the one before ended. */
static size_t moves_make(Matching *matching, Move *moves)
{
    const Item **order = arena_array(matching->arena, const Item *, matching->item_count + 1);
    size_t found = 0, count = 0;
    for (size_t at = 0; at < matching->item_count; at++) {
        if (matching->items[at].message)
            order[found++] = &matching->items[at];
        else
            matching->unfit[matching->items[at].receipt] = true;
    }
    matching->counts.unmatched = (int64_t)(matching->item_count - found);
    qsort(order, found, sizeof *order, by_message);
    MessageState state = STATE_QUEUED, to;
    for (size_t at = 0; at < found; at++) {
        if (at == 0 || order[at]->message != order[at - 1]->message)
            state = order[at]->state;
        if (!receipt_move(state, order[at]->status, &to))
            continue;
        moves[count++] = (Move){.message = order[at]->message,
                                .from = state,
                                .to = to,
                                .cause = "receipt",
                                .code = order[at]->code,
                                .gateway_id = order[at]->id,
                                .receipt = matching->ids[order[at]->receipt],
                                .fence = order[at]->fence,
                                .locked = true,
                                .attempts = order[at]->attempts};
        matching->counts.delivered += to == STATE_DELIVERED;
        matching->counts.undelivered += to == STATE_UNDELIVERED;
        state = to;
    }
    return count;
}

static ErrCode receipts_mark(Db *db, Matching *matching, Err *err)
{
    json_t *marks = json_array();
    for (size_t at = 0; at < matching->receipt_count; at++)
        json_array_append_new(marks,
                              json_pack("{sI, ss}", "id", (json_int_t)matching->ids[at], "state",
                                        matching->unfit[at] ? "unmatched" : "matched"));
    const char *text = idlist_take(matching->arena, marks);
    return db_run(db, QUERY_OUTREACH_RECEIPT_MARK, PARAMS(v_text(text)), NULL, err);
}

static ErrCode match(Db *db, void *state, Err *err)
{
    Matching *matching = state;
    arena_reset(matching->arena);
    matching->counts = (ReceiptCounts){0};
    TRY(receipts_read(db, matching, err));
    if (matching->receipt_count == 0)
        return OK;
    TRY(items_find(db, matching, true, err));
    TRY(items_find(db, matching, false, err));
    Move *moves = arena_array(matching->arena, Move, matching->item_count + 1);
    size_t count = moves_make(matching, moves);
    TRY(outbox_move(db, moves, count, NULL, err));
    matching->counts.receipts = (int64_t)matching->receipt_count;
    matching->counts.items = (int64_t)matching->item_count;
    return receipts_mark(db, matching, err);
}

ErrCode receipts_match(Db *db, const Sealer *sealer, const GatewaySet *gateways,
                       ReceiptCounts *counts, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Matching matching = {.sealer = sealer, .gateways = gateways, .arena = arena};
    do {
        ErrCode code = db_transact(db, match, &matching, err);
        if (code == ERR_DB_UNSURE) /* what was committed is no longer new */
            code = db_transact(db, match, &matching, err);
        TRY(code);
        counts->receipts += matching.counts.receipts;
        counts->items += matching.counts.items;
        counts->delivered += matching.counts.delivered;
        counts->undelivered += matching.counts.undelivered;
        counts->unmatched += matching.counts.unmatched;
    } while (matching.counts.receipts == RECEIPTS_AT_ONCE);
    return OK;
}

ErrCode receipts_again(Db *db, int seconds, Err *err)
{
    return db_run(db, QUERY_OUTREACH_RECEIPT_AGAIN, PARAMS(v_int(seconds)), NULL, err);
}
