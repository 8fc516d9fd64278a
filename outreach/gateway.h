/* outreach/gateway.h: an SMS gateway as its JSON file and the configuration describe it: how to
 * ask it to send one message, how to read what it answers, and what its receipts and replies
 * look like.
 * Shape:  plain value made of outreach/gateways/<type>.json and talent.json's gateways.<name>.
 * Units:  rate in messages per second, 0 = no limit; *_ms milliseconds; *_s seconds.
 * Owns:   everything lives in the arena given to gateway_load, but for the JSON and the compiled
 *         regular expressions, which gateway_done releases.
 * Errors: ERR_CONFIG at the JSON path; ERR_NOT_FOUND for an unknown name or type; ERR_REFUSED
 *         when others may read the password file.
 * Source: DESIGN 7 "Gateways"; DOMAIN C "Gateways", D, checklist 58; RFC 7617 (basic); RFC 2104
 *         (HMAC). */
#ifndef OUTREACH_GATEWAY_H
#define OUTREACH_GATEWAY_H

#include "base/config.h"
#include "outreach/pattern.h"
#include "outreach/signature.h"
#include "outreach/wording.h"

#include <regex.h>

typedef enum OutcomeKind {
#define OUTCOME(name, word, state, meaning) OUTCOME_##name,
#include "outreach/outcomes.def"
#undef OUTCOME
    OUTCOME_COUNT
} OutcomeKind;

const char *outcome_word(OutcomeKind kind);

/* What a message brings to a request. Further holes are the file's own, under "compose". */
typedef enum GatewayHole {
    HOLE_TO, /* 11 digits */
    HOLE_TEXT,
    HOLE_REFERENCE, /* our unguessable key of this attempt, 32 hex digits */
    HOLE_FROM,
    HOLE_CALLBACK, /* URL for receipts; "" when nobody listens */
    HOLE_REPLIES,  /* URL for replies */
    HOLE_USERNAME,
    HOLE_PASSWORD,
    HOLE_TIMESTAMP, /* seconds since 1970 */
    HOLE_BODY,      /* the finished body, for signatures */
    HOLE_SIGNATURE,
    HOLE_TEMPLATE,  /* the gateway's own code of our template: gateways.<name>.templates */
    HOLE_SIGN_NAME, /* the template's signature */
    HOLE_GAPS,      /* {"name": …} of the template's placeholders, as a JSON object */
    HOLE_GAP_LIST,  /* [ … ] the same in order of first appearance */
    HOLE_ID,        /* the gateway's own of the message, when it is asked about; "" = not known */
    HOLE_DAY,       /* 20121001: the day of the attempt in Asia/Shanghai */
    HOLE_SENT,      /* seconds since 1970 of the attempt, likewise */
    HOLE_SINCE,     /* a minute before that */
    HOLE_BUILT_IN
} GatewayHole;
enum {
    COMPOSED_MAX = 8,
    HOLES_MAX = HOLE_BUILT_IN + COMPOSED_MAX,
    HEADERS_MAX = 16,
    RULES_MAX = 32,
    STATUSES_MAX = 16
};

typedef enum BodyKind { BODY_NONE, BODY_JSON, BODY_FORM, BODY_TEXT } BodyKind;
typedef enum AuthKind {
    AUTH_NONE,
    AUTH_BASIC,
    AUTH_HEADER,
    AUTH_HMAC_SHA256,
    AUTH_ACS3, /* the whole request signed: outreach/sign.h */
    AUTH_TC3,
    AUTH_KINDS
} AuthKind;

typedef struct GatewayHeader {
    const char *name;
    Pattern value;
} GatewayHeader;

/* One request for several messages: the JSON body holds an array whose one element is written for
 * each of them, and the answer an array that names each. */
typedef struct GatewayBatch {
    size_t limit;             /* messages a request; 0 = one message a request, and no more here */
    Pattern head, each, tail; /* the body: head, each for every message with commas, tail */
    bool same_text, same_wording; /* head and tail hold what must then be equal for all of them */
    const char *items;            /* JSON path of the array in the answer; "" = the answer */
    const char *to, *reference;   /* what names the message in an item: one of them; NULL */
} GatewayBatch;

typedef struct GatewayAsk {
    bool post;
    Pattern path;                       /* in place of the URL's own; none = that stays */
    Pattern query;                      /* appended to the URL, encoded as it stands */
    GatewayHeader headers[HEADERS_MAX]; /* content type and authorization included */
    size_t header_count;
    BodyKind body_kind;
    Pattern body;
    Pattern composed[COMPOSED_MAX]; /* filled with FILL_QUERY, but for URLs, which stay whole */
    size_t composed_count;
    AuthKind auth;
    Pattern signed_over; /* AUTH_HMAC_SHA256 */
    bool signature_base64;
    const char *service; /* AUTH_TC3 */
    bool filed_texts;    /* it asks for the gaps of a text that was filed with the gateway */
    GatewayBatch batch;
} GatewayAsk;

/* Where a value stands in an answer: a JSON path, or the first group of a regular expression. */
typedef struct Finder {
    const char *path;       /* NULL = not by path */
    const regex_t *pattern; /* NULL = not by pattern */
} Finder;

/* The first rule that fits an answer decides; an answer that fits none is judged by its status
 * alone. */
typedef struct AnswerRule {
    const int *statuses; /* ends with 0; NULL = any */
    Finder when;     /* the value that `is` or `pattern` looks at; no finder = no such condition */
    const char **is; /* one of these; ends with NULL; NULL = the finder must only find something */
    OutcomeKind outcome;
    Finder id; /* when given, an accepted answer without it is uncertain */
    Finder to; /* when given, an answer about another number is uncertain */
    Finder code;
    const char *fix; /* for paused; NULL = none */
} AnswerRule;

typedef enum InboundKind { INBOUND_NONE, INBOUND_JSON, INBOUND_FORM, INBOUND_QUERY } InboundKind;
typedef enum ReceiptStatus {
    RECEIPT_DELIVERED,
    RECEIPT_UNDELIVERED,
    RECEIPT_SENT,
    RECEIPT_IGNORED,
    RECEIPT_STATUSES
} ReceiptStatus;

/* How what the gateway pushes is read: names of query parameters or form fields, or JSON paths
 * within an item. */
typedef struct Inbound {
    InboundKind kind;
    const char *items; /* JSON path of the array; NULL = the body is the item or the array */
    const char *reference, *id, *status, *code; /* receipts; NULL = not given */
    const char *phone, *text;                   /* replies; answers to a query: phone */
    Signature signature;                        /* of kind SIGNATURE_NONE: none is asked for */
    const char **words[RECEIPT_STATUSES];       /* which statuses mean what; each ends with NULL */
    unsigned answer_status; /* what the gateway wants to hear once it is stored */
    const char *answer_type, *answer_body;
} Inbound;

/* How the gateway is asked about one message, and how it answers: outreach/query.h. */
typedef enum QueryWord {
    QUERY_SAYS_FOUND,
    QUERY_SAYS_ABSENT,
    QUERY_SAYS_NOTHING,
    QUERY_SAYS_REFUSED
} QueryWord;
typedef struct QueryRule {
    AnswerRule fits; /* its statuses and condition alone */
    QueryWord word;
} QueryRule;
typedef struct GatewayQuery {
    bool given;
    GatewayAsk ask;
    bool by_id; /* it asks with the gateway's own id: nothing to ask when that is not known */
    QueryRule rules[RULES_MAX];
    size_t rule_count;
    Inbound found;           /* the items of a found answer; ours is the one with our key */
    bool absent_is_not_sent; /* what is not known there was never sent … */
    int absent_after_s;      /* … once the attempt is so old */
    int after_s;             /* the dispatcher asks by itself about older ones, and as often */
    int rate_per_s, at_once;
} GatewayQuery;

typedef struct Gateway {
    const char *name;                             /* in talent.json; "simulator" without one */
    const char *type;                             /* of the file */
    const char *title;                            /* in the user's language */
    bool sends_sms;                               /* false = no SMS leaves the building */
    const char *url, *username, *password, *from; /* "" when not configured */
    const char *callback, *replies; /* URLs that the gateway is given; "" = nobody listens */
    GatewayAsk ask;
    AnswerRule rules[RULES_MAX];
    size_t rule_count;
    Inbound receipt, reply;
    GatewayQuery query;
    json_t *templates; /* our template's id → the gateway's code; NULL = none */
    int rate_per_s, connections;
    int connect_timeout_ms, timeout_ms;
    int idle_s;         /* a kept connection unused for longer is not used again */
    int receipt_wait_s; /* dispatch --until-done waits this long without any receipt */
    int receipt_hours;  /* a message without a receipt is expired after that */
    json_t *json;       /* the file */
    regex_t *expressions[RULES_MAX * 5];
    size_t expression_count;
} Gateway;

/* name NULL = the configured gateway, or the simulator when none is. */
ErrCode gateway_load(const Config *config, Arena *arena, const char *name, Gateway *ret_gateway,
                     Err *err) MUST_CHECK;
void gateway_done(Gateway *gateway);

/* Every configured gateway, and the simulator: whoever may call the receiver. */
typedef struct GatewaySet {
    Gateway *items;
    size_t count;
} GatewaySet;
ErrCode gateways_load(const Config *config, Arena *arena, GatewaySet *ret_set, Err *err) MUST_CHECK;
void gateways_done(GatewaySet *set);
const Gateway *gateways_find(const GatewaySet *set,
                             const char *name); /* NULL = none of that name */

/* Gives the gateway the addresses of the receiver: PUBLIC_URL/receipt/TOKEN/NAME and …/reply/…;
 * NULL token = nobody listens. */
void gateway_callbacks(Gateway *gateway, Arena *arena, const char *public_url, const char *token);

typedef struct GatewayMessage {
    const char *to, *text, *reference;
    const Wording *wording; /* may be NULL where no texts are filed */
    const char *id;         /* when it is asked about: the gateway's own, or NULL */
    int64_t sent_s;         /* likewise: the moment of the attempt */
} GatewayMessage;

typedef struct GatewayRequest {
    const char *url;
    const char *const *headers; /* "Name: value", ends with NULL */
    const char *body;           /* NULL = no body */
    size_t body_length;
} GatewayRequest;

/* The request for one message, living in arena. ERR_INPUT, naming the place but not the value, when
 * a value would break out of a header; ERR_CONFIG when the gateway has no code for the template. */
ErrCode gateway_request(const Gateway *gateway, Arena *arena, const GatewayMessage *message,
                        GatewayRequest *ret_request, Err *err) MUST_CHECK;

/* The same for count > 0 messages, at most ask.batch.limit, which fit together. */
ErrCode gateway_batch_request(const Gateway *gateway, Arena *arena, const GatewayMessage *messages,
                              size_t count, GatewayRequest *ret_request, Err *err) MUST_CHECK;
/* Whether two messages may go in one request, by what is the same for all of a request. */
bool gateway_batch_fits(const Gateway *gateway, const GatewayMessage *one,
                        const GatewayMessage *other);
/* An order in which those that fit together are neighbours. */
int gateway_batch_order(const Gateway *gateway, const GatewayMessage *one,
                        const GatewayMessage *other);

/* One item of what a gateway pushed; absent values are NULL. */
typedef struct InboundItem {
    const char *reference, *id, *status, *code;
    const char *phone, *text;
} InboundItem;

/* Reads a stored body. Items live in arena. False when it is not of the form that the file says. */
bool inbound_parse(const Inbound *inbound, Arena *arena, const char *body, size_t length,
                   InboundItem **ret_items, size_t *ret_count);
/* RECEIPT_STATUSES when no list of the file holds the word. */
ReceiptStatus receipt_status(const Inbound *inbound, const char *word);

/* What a finder finds in an answer (json may be NULL); false when nothing, or when it does not fit.
 */
bool finder_text(const Finder *finder, json_t *json, const char *body, size_t length, char *out,
                 size_t size);

#endif
