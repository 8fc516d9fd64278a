#include "outreach/query.h"

#include "base/text.h"
#include "outreach/receipt.h"

#include <stdio.h>
#include <string.h>

static void keep(char *out, size_t size, const char *text)
{
    if (text && strlen(text) < size)
        snprintf(out, size, "%s", text);
}

/* Ours by our own reference where the gateway gives it back, else by its id; and never of another
 * number. */
static bool is_ours(const Inbound *found, const GatewayMessage *asked, const InboundItem *item)
{
    if (found->phone && (!item->phone || !number_same(item->phone, asked->to)))
        return false;
    if (found->reference)
        return text_equal(item->reference, asked->reference);
    return asked->id && text_equal(item->id, asked->id);
}

/* Of several items with our key the last word counts: delivered or undelivered before sent. */
static void judge_items(const Inbound *found, const GatewayMessage *asked, const InboundItem *items,
                        size_t count, QueryAnswer *answer)
{
    answer->kind = QUERY_ABSENT;
    for (size_t at = 0; at < count; at++) {
        if (!is_ours(found, asked, &items[at]))
            continue;
        ReceiptStatus status = receipt_status(found, items[at].status);
        if (answer->kind == QUERY_FOUND && (status == RECEIPT_SENT || status == RECEIPT_STATUSES))
            continue;
        answer->kind = status == RECEIPT_STATUSES ? QUERY_UNKNOWN : QUERY_FOUND;
        answer->status = status;
        keep(answer->code, sizeof answer->code, items[at].code);
        keep(answer->gateway_id, sizeof answer->gateway_id, items[at].id);
    }
    code_clean(answer->code);
}

static void judge_found(const Inbound *found, const GatewayMessage *asked, const Exchange *exchange,
                        QueryAnswer *answer)
{
    AUTO_ARENA arena = arena_new(0);
    InboundItem *items;
    size_t count;
    if (inbound_parse(found, arena, exchange->body, exchange->body_length, &items, &count))
        judge_items(found, asked, items, count, answer);
}

void query_judge(const Gateway *gateway, const GatewayMessage *asked, const Exchange *exchange,
                 QueryAnswer *ret_answer)
{
    const GatewayQuery *query = &gateway->query;
    *ret_answer = (QueryAnswer){.kind = QUERY_UNASKED};
    if (exchange->failure) {
        keep(ret_answer->note, sizeof ret_answer->note, exchange->failure);
        return;
    }
    snprintf(ret_answer->note, sizeof ret_answer->note, "http %d", exchange->status);
    json_t *json = json_loadb(exchange->body, exchange->body_length, JSON_REJECT_DUPLICATES, NULL);
    const QueryRule *rule = query->rules, *end = query->rules + query->rule_count;
    while (rule < end && !answer_fits(&rule->fits, exchange, json))
        rule++;
    json_decref(json);
    if (rule == end || rule->word == QUERY_SAYS_REFUSED)
        return;
    ret_answer->kind = rule->word == QUERY_SAYS_ABSENT ? QUERY_ABSENT : QUERY_UNKNOWN;
    if (rule->word == QUERY_SAYS_FOUND)
        judge_found(&query->found, asked, exchange, ret_answer);
}

bool query_settles(const Gateway *gateway, const QueryAnswer *answer, int64_t age_s,
                   MessageState *ret_to, const char **ret_code)
{
    const GatewayQuery *query = &gateway->query;
    *ret_code = NULL;
    if (answer->kind == QUERY_FOUND)
        return receipt_move(STATE_UNCERTAIN, answer->status, ret_to);
    if (answer->kind != QUERY_ABSENT || !query->absent_is_not_sent || age_s < query->absent_after_s)
        return false;
    *ret_to = STATE_UNDELIVERED;
    *ret_code = "not_known_there";
    return true;
}
