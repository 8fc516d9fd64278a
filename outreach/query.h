/* outreach/query.h: what a gateway says when it is asked about one message that may have been sent.
 * Shape:  "query" in its file:
 *         { "request": as for sending, with {{id}}, {{day}}, {{sent}}, {{since}},
 *           "answer": [ { "status": [200], "when": …, "means": "found" | "absent" |
 *                     "nothing" | "refused" } ],
 *           "found": as a receipt: where the items are, which one is ours, which status means what,
 *           "absent": { "means": "not_sent", "after_s": N },
 *           "after_s": N, "rate_per_s": N, "at_once": N }
 *         The first rule that fits decides; what fits none, or "refused", is no answer.
 * Units:  seconds.
 * Owns:   a QueryAnswer is a plain value.
 * Errors: none: what is not understood says nothing.
 * Source: DOMAIN C "Gateways"; DOMAIN checklist 37, 39; Alibaba Cloud QuerySendDetails; Tencent
 *         Cloud PullSmsSendStatusByPhoneNumber; Twilio Messages. */
#ifndef OUTREACH_QUERY_H
#define OUTREACH_QUERY_H

#include "outreach/outcome.h"

typedef enum QueryKind {
    QUERY_FOUND,   /* the gateway has it: status says how it stands */
    QUERY_ABSENT,  /* the gateway does not know it */
    QUERY_UNKNOWN, /* an answer, but none about this message that can be understood */
    QUERY_UNASKED, /* no answer to the question: cut, refused, too fast */
} QueryKind;

typedef struct QueryAnswer {
    QueryKind kind;
    ReceiptStatus status;              /* QUERY_FOUND only */
    char code[OUTCOME_CODE_BYTES];     /* the gateway's own; "" = none */
    char gateway_id[OUTCOME_ID_BYTES]; /* "" = none */
    char note[OUTCOME_NOTE_BYTES];
} QueryAnswer;

/* asked: to, reference and id of the message (id may be NULL). */
void query_judge(const Gateway *gateway, const GatewayMessage *asked, const Exchange *exchange,
                 QueryAnswer *ret_answer);

/* What an answer does to an uncertain message whose attempt is so old; false = it stays so.
 * *ret_code is the code to keep when the answer brought none, or NULL. */
bool query_settles(const Gateway *gateway, const QueryAnswer *answer, int64_t age_s,
                   MessageState *ret_to, const char **ret_code);

#endif
