/* outreach/sign.h: the signatures that cloud gateways ask for over a whole request.
 * Shape:  the value of the Authorization header, made from the request as it goes out; whatever is
 *         signed must be sent letter for letter.
 * Units:  a moment in seconds since 1970.
 * Owns:   results live in the arena; parts are borrowed.
 * Errors: none.
 * Source: Alibaba Cloud "V3 request structure and signature" (ACS3-HMAC-SHA256); Tencent Cloud "API
 *         3.0 signature v3" (TC3-HMAC-SHA256); RFC 2104; RFC 3986. */
#ifndef OUTREACH_SIGN_H
#define OUTREACH_SIGN_H

#include "base/arena.h"

#include <stdint.h>

typedef struct SignedParts {
    const char *method, *host, *path; /* "POST", "dysmsapi.aliyuncs.com", "/" */
    const char *query;                /* percent-encoded a=b&c=d in any order; "" = none */
    const char *const *headers;       /* "Name: value", ends with NULL; host is not among them */
    const char *body;
    size_t body_length;
} SignedParts;

typedef struct SignKey {
    const char *id, *secret;
} SignKey;

/* Over host, content-type and every x-acs-* header, which must hold the date and a nonce. */
const char *sign_acs3(Arena *arena, const SignedParts *parts, const SignKey *key);

/* Over content-type, host and x-tc-action. service: "sms". */
const char *sign_tc3(Arena *arena, const SignedParts *parts, const SignKey *key,
                     const char *service, int64_t seconds);

/* SHA-256 in hex digits. */
const char *sign_digest(Arena *arena, const char *bytes, size_t length);

/* Of a URL: its host with the port when one is given, its path ("/" when it has none), and what is
 * behind '?' ("" when nothing). */
void sign_url(Arena *arena, const char *url, SignedParts *parts);

#endif
