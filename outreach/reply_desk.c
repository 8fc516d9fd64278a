#include "outreach/reply_desk.h"

#include "base/buffer.h"
#include "base/text.h"
#include "outreach/optout.h"
#include "outreach/reply_answer.h"
#include "people/answer.h"
#include "people/person.h"
#include "people/phone.h"

#include <string.h>

enum { MASKED_DIGITS = 7, SHOWN_DIGITS = 4, TEXT_BYTES = 4000 };

/* A long run of digits in what people write is a phone or an ID number: its last four stay. */
static const char *text_masked(Arena *arena, const char *text)
{
    const char *plain = text_fold_width(arena, text);
    AUTO_BUFFER masked = BUFFER(2 * TEXT_BYTES);
    for (const char *at = plain; *at;) {
        size_t run = strspn(at, "0123456789");
        for (size_t n = 0; n < run; n++)
            buffer_char(&masked, run >= MASKED_DIGITS && n + SHOWN_DIGITS < run ? '*' : at[n]);
        at += run;
        if (*at)
            buffer_char(&masked, *at++);
    }
    return arena_strdup(arena, buffer_string(&masked));
}

/* Where a row says who wrote: the phone of a message, the gateway, the receipt. */
typedef struct SenderColumns {
    unsigned phone, gateway, body;
} SenderColumns;

/* The sender's number: of the message that was sent to it, else out of the receipt itself. NULL
 * when neither tells. */
static ErrCode sender_phone(Context *context, const GatewaySet *gateways, const Rows *rows,
                            SenderColumns columns, size_t item, const char **ret_phone, Err *err)
{
    size_t length = 0, count = 0;
    char *phone = NULL, *body = NULL;
    InboundItem *items = NULL;
    Phone checked;
    const void *sealed = rows_bytes(rows, columns.phone, &length);
    TRY(unseal(context->sealer, context->arena, sealed, length, &phone, err));
    *ret_phone = phone;
    if (phone)
        return OK;
    const Gateway *gateway = gateways_find(gateways, rows_text(rows, columns.gateway));
    sealed = rows_bytes(rows, columns.body, &length);
    TRY(unseal(context->sealer, context->arena, sealed, length, &body, err));
    if (gateway && body &&
        inbound_parse(&gateway->reply, context->arena, body, strlen(body), &items, &count) &&
        item <= count && items[item - 1].phone &&
        phone_check(items[item - 1].phone, &checked) == PHONE_FINE)
        *ret_phone = arena_strdup(context->arena, checked.digits);
    return OK;
}

static const char *reply_name(Arena *arena, int64_t receipt, int64_t item)
{
    return item == 1 ? arena_printf(arena, "%lld", (long long)receipt)
                     : arena_printf(arena, "%lld.%lld", (long long)receipt, (long long)item);
}

static ErrCode waiting_add(Context *context, const GatewaySet *gateways, const Rows *rows,
                           bool clear, json_t *list, Err *err)
{
    Arena *arena = context->arena;
    const char *phone = NULL;
    char *text = NULL;
    size_t length = 0;
    const void *sealed = rows_bytes(rows, 5, &length);
    TRY(unseal(context->sealer, arena, sealed, length, &text, err));
    TRY(sender_phone(context, gateways, rows, (SenderColumns){6, 7, 8}, (size_t)rows_int(rows, 1),
                     &phone, err));
    const char *said = text ? text : "";
    json_t *reply = json_pack(
        "{ss, ss, ss, ss}", "reply", reply_name(arena, rows_int(rows, 0), rows_int(rows, 1)),
        "received_at", rows_text(rows, 2), "from", clear && phone ? phone : text_mask(arena, phone),
        "text", clear ? said : text_masked(arena, said));
    json_object_set_new(reply, "campaign",
                        rows_null(rows, 3) ? json_null() : json_string(rows_text(rows, 3)));
    json_object_set_new(reply, "person",
                        rows_null(rows, 4) ? json_null() : json_integer(rows_int(rows, 4)));
    json_array_append_new(list, reply);
    return OK;
}

ErrCode reply_desk_list(Context *context, int64_t limit, bool clear, json_t **ret_list, Err *err)
{
    GatewaySet gateways;
    AUTO_ROWS rows = NULL;
    TRY(db_query(context->db, QUERY_OUTREACH_REPLY_DESK_WAITING, PARAMS(v_int(limit)), &rows, err));
    TRY(gateways_load(&context->config, context->arena, &gateways, err));
    json_t *list = json_array();
    ErrCode code = OK;
    while (code == OK && rows_next(rows))
        code = waiting_add(context, &gateways, rows, clear, list, err);
    gateways_done(&gateways);
    if (code != OK)
        json_decref(list);
    else
        *ret_list = list;
    return code;
}

typedef struct Handling {
    Context *context;
    const GatewaySet *gateways;
    int64_t receipt, item;
    ReplyHandling *asked;
} Handling;

/* "17" or "17.2". */
static ErrCode reply_parse(const char *text, int64_t *ret_receipt, int64_t *ret_item, Err *err)
{
    size_t digits = strspn(text, "0123456789");
    size_t more = text[digits] == '.' ? strspn(text + digits + 1, "0123456789") : 0;
    bool whole = digits > 0 && digits <= 18 && text[digits] == '\0';
    bool part = digits > 0 && digits <= 18 && more > 0 && more <= 5 && !text[digits + 1 + more];
    if (!whole && !part) {
        (void)err_set(err, ERR_USAGE, _("'%s' is not the number of a reply"), text);
        return err_hint(err, _("'talent outreach inbox' shows the numbers"));
    }
    *ret_receipt = strtoll(text, NULL, 10);
    *ret_item = part ? strtoll(text + digits + 1, NULL, 10) : 1;
    return OK;
}

static ErrCode optout_take(Db *db, const Handling *handling, const Rows *rows, Err *err)
{
    const char *phone = NULL;
    ReplyHandling *asked = handling->asked;
    TRY(sender_phone(handling->context, handling->gateways, rows, (SenderColumns){6, 7, 8},
                     (size_t)handling->item, &phone, err));
    if (!phone)
        return err_set(err, ERR_REFUSED, _("nobody knows the number of reply '%s'"), asked->reply);
    const OptOut optout = {
        .phone = phone, .source = "reply", .why = asked->why, .user = handling->context->user};
    return optout_add(db, handling->context->sealer, &optout, &asked->optout_added,
                      &asked->withheld, err);
}

static ErrCode intention_take(Db *db, const Handling *handling, const Rows *rows, Err *err)
{
    Context *context = handling->context;
    ReplyHandling *asked = handling->asked;
    Person person;
    if (asked->person == 0)
        return err_set(err, ERR_REFUSED,
                       _("nobody knows who wrote reply '%s': it is no one's intention"),
                       asked->reply);
    TRY(person_load(db, context->sealer, context->arena, asked->person, &person, err));
    IntentionList list = {0};
    intention_add(&list, context->arena,
                  (Intention){.campaign = rows_int(rows, 2),
                              .campaign_name = asked->campaign,
                              .person = asked->person,
                              .day = rows_date(rows, 5),
                              .value = asked->intention,
                              .read_by = context->user});
    return intentions_take(db, context->sealer, context->arena, &list, err);
}

static ErrCode refuse_handled(const Handling *handling, const Rows *rows, Err *err)
{
    if (rows_null(rows, 1))
        return err_set(err, ERR_REFUSED, _("reply '%s' was understood when it came"),
                       handling->asked->reply);
    return err_set(err, ERR_REFUSED, _("reply '%s' was handled by %s"), handling->asked->reply,
                   rows_text(rows, 1));
}

static ErrCode handle_body(Db *db, void *state, Err *err)
{
    static const char *const MEANINGS[] = {
        [REPLY_OTHER] = "other", [REPLY_OPTOUT] = "optout", [REPLY_INTENTION] = "intention"};
    const Handling *handling = state;
    ReplyHandling *asked = handling->asked;
    bool intention = asked->meaning == REPLY_INTENTION;
    AUTO_ROWS rows = NULL;
    if (intention)
        TRY(answers_lock(db, err));
    TRY(db_query(db, QUERY_OUTREACH_REPLY_DESK_GET,
                 PARAMS(v_int(handling->receipt), v_int(handling->item)), &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, _("there is no reply '%s'"), asked->reply);
    if (rows_int(rows, 0))
        return refuse_handled(handling, rows, err);
    asked->person = rows_int(rows, 4);
    asked->campaign =
        rows_null(rows, 3) ? NULL : arena_strdup(handling->context->arena, rows_text(rows, 3));
    if (asked->meaning == REPLY_OPTOUT)
        TRY(optout_take(db, handling, rows, err));
    if (intention)
        TRY(intention_take(db, handling, rows, err));
    return db_run(db, QUERY_OUTREACH_REPLY_DESK_HANDLE,
                  PARAMS(v_text(MEANINGS[asked->meaning]),
                         intention ? v_int(asked->intention) : v_null(),
                         v_text(handling->context->user), v_text(asked->why),
                         v_int(handling->receipt), v_int(handling->item)),
                  NULL, err);
}

ErrCode reply_desk_handle(Context *context, ReplyHandling *handling, Err *err)
{
    GatewaySet gateways;
    Handling state = {.context = context, .gateways = &gateways, .asked = handling};
    TRY(reply_parse(handling->reply, &state.receipt, &state.item, err));
    TRY(gateways_load(&context->config, context->arena, &gateways, err));
    ErrCode code = db_transact(context->db, handle_body, &state, err);
    gateways_done(&gateways);
    return code;
}
