/* outreach/outcome.h: what became of one attempt to send, as far as anyone can know.
 * Shape:  OutcomeKind is a line of outreach/outcomes.def; an Exchange is what was seen on the
 *         wire, an Outcome what it means by the gateway's file.
 * Units:  milliseconds; lengths in bytes.
 * Owns:   an Outcome is a plain value; an Exchange borrows the answer's body.
 * Errors: none: everything that is not understood after the first byte went out is UNCERTAIN.
 * Source: DOMAIN D "Send outcome classes", checklist 36–44. */
#ifndef OUTREACH_OUTCOME_H
#define OUTREACH_OUTCOME_H

#include "outreach/gateway.h"
#include "outreach/outbox.h"

enum { OUTCOME_CODE_BYTES = 65, OUTCOME_ID_BYTES = 129, OUTCOME_NOTE_BYTES = 65 };

typedef struct Exchange {
    const char
        *failure; /* "timeout", "reset", …: why there is no whole answer; NULL = there is one */
    bool nothing_sent; /* not a byte of the request left this machine */
    int status;        /* HTTP status of a whole answer */
    const char *body;  /* NUL-terminated */
    size_t body_length;
    int64_t retry_after_ms; /* 0 = not said */
    const char *to;         /* whom the request was about; NULL = not compared */
} Exchange;

typedef struct Outcome {
    OutcomeKind kind;
    char code[OUTCOME_CODE_BYTES];     /* the gateway's own; "" = none */
    char gateway_id[OUTCOME_ID_BYTES]; /* "" = none */
    char note[OUTCOME_NOTE_BYTES];     /* our own words: "http 503", "timeout" */
    const char *fix; /* PAUSED: what to do, in the user's language; borrowed from the Gateway */
    int64_t retry_after_ms;
} Outcome;

MessageState outcome_state(OutcomeKind kind);

/* Whether the rule's statuses and condition hold; json may be NULL. */
bool answer_fits(const AnswerRule *rule, const Exchange *exchange, json_t *json);

/* A code or an id as logs may hold it: no spaces, and no phone number. */
void code_clean(char *code);

/* Whether a gateway's way of writing a number ("+8613800138000") means ours. */
bool number_same(const char *theirs, const char *ours);

void outcome_judge(const Gateway *gateway, const Exchange *exchange, Outcome *ret_outcome);

/* The same for the answer to a request for several messages, each judged by what the answer says of
 * it: one that is not named, or named twice, is uncertain. ret_outcomes has a place for each. */
void outcome_judge_batch(const Gateway *gateway, const Exchange *exchange,
                         const GatewayMessage *messages, size_t count, Outcome *ret_outcomes);

/* A whole answer, already read; json may be NULL. For outcome*.c only. */
void outcome_judge_answer(const Gateway *gateway, const Exchange *exchange, json_t *json,
                          Outcome *ret_outcome);

#endif
