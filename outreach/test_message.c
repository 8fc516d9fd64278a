#include "outreach/test_message.h"

#include "base/text.h"
#include "outreach/text.h"
#include "people/identity.h"
#include "policy/policy.h"

#include <string.h>

enum { WAIT_MS = 100, EXAMPLE_LEVEL = 2 };

static void fact_text_set(Facts *facts, FactId fact, const char *text)
{
    facts->values[fact] = (FactValue){.known = true, .text = text};
}

static void fact_number_set(Facts *facts, FactId fact, int64_t number)
{
    facts->values[fact] = (FactValue){.known = true, .number = number};
}

/* Nobody: a colleague's phone is no place for a real person's name. */
static Facts example_person(void)
{
    Facts facts = {.pension_on = DATE_NONE};
    int64_t town = word_code_at(VOCABULARY_TOWN, 0);
    fact_text_set(&facts, FACT_NAME, "张三");
    fact_text_set(&facts, FACT_OCCUPATION, "电工");
    fact_text_set(&facts, FACT_EMPLOYER, "东莞市某某电子有限公司");
    fact_number_set(&facts, FACT_SEX, 1);
    fact_number_set(&facts, FACT_SKILL_LEVEL, EXAMPLE_LEVEL);
    fact_number_set(&facts, FACT_OWNS_HOME, 0);
    fact_number_set(&facts, FACT_EMPLOYER_TOWN, town);
    return facts;
}

ErrCode test_message_make(Arena *arena, const Campaign *campaign, TestMessage *ret_message,
                          Err *err)
{
    SmsText text;
    const Policy *policy = NULL;
    Template *template = arena_alloc(arena, sizeof *template);
    Wording *wording = arena_alloc(arena, sizeof *wording);
    Facts facts = example_person();
    TRY(template_parse(arena, campaign->template_id, campaign->template_text,
                       strlen(campaign->template_text), template, err));
    TRY(policy_load(arena, campaign->policy, &policy, err));
    const char *reason = policy_route_count(policy) > 0 ? policy_route_reason(policy, 0) : NULL;
    if (sms_text_render(arena, template, &facts, reason, &text) != TEXT_FINE)
        return err_set(err, ERR_REFUSED, _("the text of campaign '%s' cannot be filled in: {{%s}}"),
                       campaign->name, placeholder_word(text.refused));
    bool worded = wording_read(arena, template, text.gaps, wording);
    assert(worded);
    *ret_message = (TestMessage){
        .text = text.text, .segments = sms_text_segments(text.text), .wording = wording};
    return OK;
}

static ErrCode optout_check(Context *context, const Colleague *colleague, Err *err)
{
    uint8_t hash[SEAL_HASH_BYTES];
    int64_t opted_out = 0;
    identity_phone_hash(context->sealer, colleague->phone, hash);
    TRY(db_number(context->db, QUERY_OUTREACH_TEST_MESSAGE_OPTOUT,
                  PARAMS(v_bytes(hash, sizeof hash)), &opted_out, err));
    if (!opted_out)
        return OK;
    return err_set(err, ERR_REFUSED, _("colleague '%s' is on the do-not-text list"),
                   colleague->name);
}

/* A test while it is logged. */
typedef struct Logging {
    const TestSending *sending;
    const char *colleague;
    uint8_t reference[SEAL_TOKEN_BYTES];
    int64_t id;
    const Outcome *outcome;
} Logging;

static ErrCode log_begin(Db *db, void *state, Err *err)
{
    Logging *logging = state;
    const TestSending *sending = logging->sending;
    return db_insert(db, QUERY_OUTREACH_TEST_MESSAGE_INSERT,
                     PARAMS(v_int(sending->campaign->id), v_text(sending->context->user),
                            v_text(logging->colleague), v_text(sending->gateway->name),
                            v_bytes(logging->reference, sizeof logging->reference),
                            v_text(sending->message->text), v_int(sending->message->segments)),
                     &logging->id, err);
}

/* What the gateway said, when it is text at all. */
static Value said(const char *text)
{
    return v_text(*text && text_valid(text, strlen(text), NULL) ? text : NULL);
}

static ErrCode log_end(Db *db, void *state, Err *err)
{
    const Logging *logging = state;
    const Outcome *outcome = logging->outcome;
    return db_run(db, QUERY_OUTREACH_TEST_MESSAGE_OUTCOME,
                  PARAMS(v_text(outcome_word(outcome->kind)), said(outcome->code),
                         said(outcome->gateway_id), v_int(logging->id)),
                  NULL, err);
}

static ErrCode exchange(const TestSending *sending, const Colleague *colleague,
                        const Logging *logging, Outcome *ret_outcome, Err *err)
{
    void *tag;
    Exchange exchange;
    const GatewayMessage message = {
        .to = colleague->phone,
        .text = sending->message->text,
        .reference =
            seal_hex(sending->context->arena, logging->reference, sizeof logging->reference),
        .wording = sending->message->wording};
    TRY(wire_start(sending->wire, &message, NULL, err));
    while (!wire_finished(sending->wire, &tag, &exchange))
        TRY(wire_wait(sending->wire, WAIT_MS, err));
    outcome_judge(sending->gateway, &exchange, ret_outcome);
    return OK;
}

ErrCode test_message_send(const TestSending *sending, const Colleague *colleague,
                          Outcome *ret_outcome, Err *err)
{
    Context *context = sending->context;
    Logging logging = {.sending = sending, .colleague = colleague->name, .outcome = ret_outcome};
    TRY(optout_check(context, colleague, err));
    seal_random(logging.reference, sizeof logging.reference);
    TRY(db_transact(context->db, log_begin, &logging, err));
    TRY(exchange(sending, colleague, &logging, ret_outcome, err));
    return db_transact(context->db, log_end, &logging, err);
}

static json_t *text_or_null(const Rows *rows, unsigned column)
{
    const char *text = rows_text(rows, column);
    return text ? json_string(text) : json_null();
}

ErrCode test_messages_json(Db *db, int64_t campaign, json_t **ret_list, Err *err)
{
    static const char *const KEYS[] = {"id",      "at",        "sent_by",   "colleague",
                                       "gateway", "reference", "text",      "segments",
                                       "outcome", "code",      "gateway_id"};
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_TEST_MESSAGE_LIST, PARAMS(v_int(campaign)), &rows, err));
    json_t *list = json_array();
    while (rows_next(rows)) {
        json_t *test = json_object();
        for (unsigned at = 0; at < sizeof KEYS / sizeof KEYS[0]; at++) {
            bool number = at == 0 || at == 7;
            json_object_set_new(test, KEYS[at],
                                number ? json_integer(rows_int(rows, at)) : text_or_null(rows, at));
        }
        json_array_append_new(list, test);
    }
    *ret_list = list;
    return OK;
}
