/* outreach/gateway_file.h: the parts of a gateway's JSON file, each read by its own function;
 * for gateway*.c only.
 * Owns:   as gateway.h says; node is the object of that part.
 * Errors: ERR_CONFIG at the JSON path. */
#ifndef OUTREACH_GATEWAY_FILE_H
#define OUTREACH_GATEWAY_FILE_H

#include "outreach/gateway.h"

/* "request" of holder (the root, or "query"), with "compose" and "auth" of the root. */
ErrCode gateway_read_ask(Arena *arena, const Node *root, const Node *holder, GatewayAsk *ret_ask,
                         Err *err) MUST_CHECK;

/* "batch" of the root, with the value of the request's body and the names of its holes, ending with
 * NULL; an absent one leaves .limit 0. */
ErrCode gateway_read_batch(Arena *arena, const Node *batch, const Node *body,
                           const char *const *holes, GatewayAsk *ask, Err *err) MUST_CHECK;

/* A JSON value as text with its holes: "{{gaps|json}}" stands there without its quotes. */
const char *gateway_json_text(Arena *arena, const json_t *json);

/* "answer": the rules, into gateway. */
ErrCode gateway_read_rules(Arena *arena, const Node *answer, Gateway *gateway, Err *err) MUST_CHECK;

/* "query" of the root; an absent one gives .given = false. */
ErrCode gateway_read_query(Arena *arena, const Node *root, Gateway *gateway, Err *err) MUST_CHECK;

/* "status" and "when" of one rule. */
ErrCode gateway_read_condition(Arena *arena, const Node *node, Gateway *gateway, AnswerRule *rule,
                               Err *err) MUST_CHECK;

/* "receipt" or "reply"; an absent one (node->value NULL) gives INBOUND_NONE. */
ErrCode gateway_read_inbound(Arena *arena, const Node *node, bool is_reply, Inbound *ret_inbound,
                             Err *err) MUST_CHECK;

/* {"en": …, "zh": …} in the user's language. */
ErrCode gateway_read_words(const Node *node, const char **ret_text, Err *err) MUST_CHECK;

/* An array of texts, ending with NULL. */
ErrCode gateway_read_texts(Arena *arena, const Node *node, const char ***ret_texts,
                           Err *err) MUST_CHECK;

#endif
