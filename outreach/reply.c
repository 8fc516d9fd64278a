#include "outreach/reply.h"

#include "base/lang.h"
#include "base/text.h"
#include "outreach/idlist.h"
#include "outreach/optout.h"
#include "outreach/reply_answer.h"
#include "people/identity.h"
#include "people/phone.h"

#include <string.h>

enum { REPLIES_AT_ONCE = 200, TEXT_BYTES_MAX = 1900 };

typedef struct Matching {
    const Sealer *sealer;
    const GatewaySet *gateways;
    Arena *arena;
    IntentionList intentions;
    int64_t receipt_count;
    ReplyCounts counts;
} Matching;

typedef struct Sender {
    const char *phone; /* NULL = no mobile number */
    uint8_t hash[SEAL_HASH_BYTES];
    int64_t campaign, person; /* 0 = nobody whom we have texted */
    const char *campaign_name;
} Sender;

static ErrCode sender_find(Db *db, const Matching *matching, const char *number, Sender *ret,
                           Err *err)
{
    Phone phone;
    *ret = (Sender){0};
    if (phone_check(number, &phone) == PHONE_FINE)
        ret->phone = arena_strdup(matching->arena, phone.digits);
    identity_phone_hash(matching->sealer, ret->phone ? ret->phone : number, ret->hash);
    if (!ret->phone)
        return OK;
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_REPLY_MESSAGE, PARAMS(v_bytes(ret->hash, sizeof ret->hash)),
                 &rows, err));
    if (rows_next(rows)) {
        ret->campaign = rows_int(rows, 0);
        ret->campaign_name = arena_strdup(matching->arena, rows_text(rows, 1));
        ret->person = rows_int(rows, 2);
    }
    return OK;
}

static ErrCode reply_store(Db *db, const Matching *matching, int64_t receipt, size_t item,
                           const Sender *sender, const char *text, ReplyMeaning meaning,
                           int intention, uint64_t *ret_stored, Err *err)
{
    static const char *const MEANINGS[] = {
        [REPLY_OTHER] = "other", [REPLY_OPTOUT] = "optout", [REPLY_INTENTION] = "intention"};
    size_t length = strlen(text), sealed_length;
    const uint8_t *sealed = seal(matching->sealer, matching->arena, text,
                                 length > TEXT_BYTES_MAX ? TEXT_BYTES_MAX : length, &sealed_length);
    return db_run(db, QUERY_OUTREACH_REPLY_INSERT,
                  PARAMS(v_int(receipt), v_int((int64_t)item + 1),
                         sender->campaign ? v_int(sender->campaign) : v_null(),
                         sender->person ? v_int(sender->person) : v_null(),
                         v_bytes(sender->hash, sizeof sender->hash), v_int(receipt),
                         v_bytes(sealed, sealed_length), v_text(MEANINGS[meaning]),
                         meaning == REPLY_INTENTION ? v_int(intention) : v_null(),
                         v_int(meaning != REPLY_OTHER)),
                  ret_stored, err);
}

static ErrCode reply_take(Db *db, Matching *matching, int64_t receipt, Date day, size_t item,
                          const InboundItem *inbound, Err *err)
{
    const char *text = inbound->text ? inbound->text : "";
    Sender sender;
    TRY(sender_find(db, matching, inbound->phone, &sender, err));
    int intention = 0;
    ReplyMeaning meaning = reply_understand(matching->arena, text, &intention);
    /* A number that is none can't opt out, and only whom we asked has answered a question. */
    if ((meaning == REPLY_OPTOUT && !sender.phone) ||
        (meaning == REPLY_INTENTION && !sender.person))
        meaning = REPLY_OTHER;
    uint64_t stored;
    TRY(reply_store(db, matching, receipt, item, &sender, text, meaning, intention, &stored, err));
    if (stored == 0)
        return OK; /* this item was taken in before */
    matching->counts.replies++;
    matching->counts.others += meaning == REPLY_OTHER;
    matching->counts.optouts += meaning == REPLY_OPTOUT;
    matching->counts.intentions += meaning == REPLY_INTENTION;
    if (meaning == REPLY_INTENTION)
        intention_add(&matching->intentions, matching->arena,
                      (Intention){.campaign = sender.campaign,
                                  .campaign_name = sender.campaign_name,
                                  .person = sender.person,
                                  .day = day,
                                  .value = intention});
    if (meaning != REPLY_OPTOUT)
        return OK;
    bool added;
    int64_t withheld;
    OptOut optout = {
        .phone = sender.phone, .source = "reply", .why = "asked by SMS reply", .user = "reply"};
    return optout_add(db, matching->sealer, &optout, &added, &withheld, err);
}

static ErrCode receipt_take(Db *db, Matching *matching, const Rows *rows, bool *ret_fits, Err *err)
{
    const Gateway *gateway = gateways_find(matching->gateways, rows_text(rows, 1));
    size_t length, count = 0;
    const void *sealed = rows_bytes(rows, 2, &length);
    char *body;
    TRY(unseal(matching->sealer, matching->arena, sealed, length, &body, err));
    InboundItem *items = NULL;
    *ret_fits = gateway && body &&
                inbound_parse(&gateway->reply, matching->arena, body, length - SEAL_OVERHEAD_BYTES,
                              &items, &count);
    if (!*ret_fits)
        return OK;
    Date day = moment_date((Moment)rows_int(rows, 3) * 1000);
    for (size_t at = 0; at < count; at++) {
        if (!items[at].phone)
            *ret_fits = false;
        else
            TRY(reply_take(db, matching, rows_int(rows, 0), day, at, &items[at], err));
    }
    return OK;
}

static ErrCode match(Db *db, void *state, Err *err)
{
    Matching *matching = state;
    arena_reset(matching->arena);
    matching->counts = (ReplyCounts){0};
    matching->intentions = (IntentionList){0};
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_RECEIPT_NEW, PARAMS(v_text("reply"), v_int(REPLIES_AT_ONCE)),
                 &rows, err));
    matching->receipt_count = (int64_t)rows_count(rows);
    json_t *marks = json_array();
    ErrCode code = OK;
    while (code == OK && rows_next(rows)) {
        bool fits = false;
        code = receipt_take(db, matching, rows, &fits, err);
        json_array_append_new(marks, json_pack("{sI, ss}", "id", (json_int_t)rows_int(rows, 0),
                                               "state", fits ? "matched" : "unmatched"));
    }
    const char *text = idlist_take(matching->arena, marks);
    TRY(code);
    if (matching->receipt_count == 0)
        return OK;
    TRY(intentions_take(db, matching->sealer, matching->arena, &matching->intentions, err));
    return db_run(db, QUERY_OUTREACH_RECEIPT_MARK, PARAMS(v_text(text)), NULL, err);
}

ErrCode replies_match(Db *db, const Sealer *sealer, const GatewaySet *gateways, ReplyCounts *counts,
                      Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Matching matching = {.sealer = sealer, .gateways = gateways, .arena = arena};
    do {
        ErrCode code = db_transact(db, match, &matching, err);
        if (code == ERR_DB_UNSURE) /* what was committed is no longer new */
            code = db_transact(db, match, &matching, err);
        TRY(code);
        counts->replies += matching.counts.replies;
        counts->optouts += matching.counts.optouts;
        counts->intentions += matching.counts.intentions;
        counts->others += matching.counts.others;
    } while (matching.receipt_count == REPLIES_AT_ONCE);
    return OK;
}
