/* outreach/signature.h: the signature that a gateway puts on what it pushes: without a right one
 * it is nobody's word.
 * Shape:  "signature" of a "receipt" or "reply" in the gateway's file:
 *         { "kind": "hmac-sha1" | "hmac-sha256", "header": NAME, "encoding": "hex" | "base64",
 *           "over": a pattern of {{url}}, {{body}}, {{form}}, {{timestamp}},
 *           "prefix": text before the signature, "timestamp": NAME of the header with the moment,
 *           "within_s": how old that may be }
 *         keyed with the gateway's password; {{url}} is the address that was called, {{form}} the
 *         body's fields in order of their names.
 * Units:  seconds since 1970.
 * Owns:   lives in the arena of the gateway.
 * Errors: ERR_CONFIG at the JSON path; a push that is not signed right is not an error but false.
 * Source: RFC 2104; Twilio "Security: validating requests" (URL and sorted fields). */
#ifndef OUTREACH_SIGNATURE_H
#define OUTREACH_SIGNATURE_H

#include "outreach/pattern.h"

typedef enum SignatureKind {
    SIGNATURE_NONE,
    SIGNATURE_HMAC_SHA1,
    SIGNATURE_HMAC_SHA256
} SignatureKind;

typedef struct Signature {
    SignatureKind kind;
    const char *header, *prefix; /* prefix: "" = none */
    bool base64;
    Pattern over;
    const char *timestamp; /* header; NULL = none */
    int within_s;
} Signature;

typedef struct SignedPush {
    const char *url; /* as the gateway called it, query included */
    const char *body;
    size_t body_length;
    const char *signature, *timestamp; /* what its headers said; NULL = nothing */
    int64_t now_s;
} SignedPush;

ErrCode signature_read(Arena *arena, const Node *node, Signature *ret_signature,
                       Err *err) MUST_CHECK;

/* key: the gateway's password; an empty one fits nothing. With a port in the URL, the signature
 * may be over the URL without it: gateways differ. */
bool signature_fits(const Signature *signature, Arena *arena, const char *key,
                    const SignedPush *push);

#endif
