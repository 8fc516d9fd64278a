/* One message made into the bytes of one request, signature included. */
#include "base/date.h"
#include "base/lang.h"
#include "outreach/gateway.h"
#include "outreach/sign.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

enum { BATCH_BYTES_MAX = 1024 * 1024 };
enum { REQUEST_BYTES_MAX = 64 * 1024, SIGNING_HEADERS = 4, NONCE_BYTES = 16, SINCE_MARGIN_S = 60 };

typedef struct Filling {
    const Gateway *gateway;
    Arena *arena;
    const GatewayMessage *messages; /* the first one fills what is written once */
    size_t count;
    const char *values[HOLES_MAX];
    int64_t seconds; /* since 1970: the moment of the request */
    Err *err;
} Filling;

static ErrCode fill(Filling *filling, const Pattern *pattern, Fill how, const char *what,
                    const char *before, const char **ret_text, size_t *ret_length)
{
    AUTO_BUFFER out = BUFFER(REQUEST_BYTES_MAX);
    buffer_text(&out, before);
    if (!pattern_fill(pattern, how, filling->values, &out))
        return err_set(filling->err, ERR_INPUT,
                       _("a value for '%s' of gateway '%s' holds a line break or another control "
                         "character"),
                       what, filling->gateway->name);
    TRY(buffer_check(&out, what, filling->err));
    *ret_text = arena_strndup(filling->arena, buffer_string(&out), out.length);
    if (ret_length)
        *ret_length = out.length;
    return OK;
}

/* Composed texts are made of encoded values, but for whole URLs; without a listener there is no URL
 * to compose. */
static ErrCode fill_composed(Filling *filling)
{
    const GatewayAsk *ask = &filling->gateway->ask;
    for (size_t at = 0; at < ask->composed_count; at++) {
        const Pattern *composed = &ask->composed[at];
        Filling encoded = *filling;
        if ((pattern_uses(composed, HOLE_CALLBACK) && !*filling->values[HOLE_CALLBACK]) ||
            (pattern_uses(composed, HOLE_REPLIES) && !*filling->values[HOLE_REPLIES]))
            continue;
        for (int hole = 0; hole < HOLE_BUILT_IN; hole++) {
            if (hole == HOLE_CALLBACK || hole == HOLE_REPLIES || !pattern_uses(composed, hole))
                continue;
            AUTO_BUFFER out = BUFFER(REQUEST_BYTES_MAX);
            if (filling->values[hole] && fill_value(FILL_QUERY, filling->values[hole], &out))
                encoded.values[hole] = arena_strdup(filling->arena, buffer_string(&out));
        }
        TRY(fill(&encoded, composed, FILL_PLAIN, "compose", "",
                 &filling->values[HOLE_BUILT_IN + at], NULL));
    }
    return OK;
}

/* The gateway's own code of the text, and what fills its gaps. */
static ErrCode fill_wording(Filling *filling, const Wording *wording)
{
    const Gateway *gateway = filling->gateway;
    if (!wording)
        return err_set(filling->err, ERR_INPUT,
                       _("the message was planned before its text could be filled in by gateways"));
    const json_t *code = json_object_get(gateway->templates, wording->template);
    if (!code) {
        err_set(filling->err, ERR_CONFIG, _("gateway '%s' has no code for the template '%s'"),
                gateway->name, wording->template);
        return err_hint(filling->err,
                        _("file the text with the gateway and add its code to "
                          "'gateways.%s.templates'"),
                        gateway->name);
    }
    filling->values[HOLE_TEMPLATE] = json_string_value(code);
    filling->values[HOLE_SIGN_NAME] = wording->signature;
    filling->values[HOLE_GAPS] = wording_object(filling->arena, wording);
    filling->values[HOLE_GAP_LIST] = wording_list(filling->arena, wording);
    return OK;
}

/* What one message of many brings. */
static ErrCode fill_each(const Filling *filling, const GatewayMessage *message, Buffer *out)
{
    Filling one = *filling;
    one.values[HOLE_TO] = message->to;
    one.values[HOLE_TEXT] = message->text;
    one.values[HOLE_REFERENCE] = message->reference;
    if (filling->gateway->ask.filed_texts)
        TRY(fill_wording(&one, message->wording));
    if (pattern_fill(&filling->gateway->ask.batch.each, FILL_JSON, one.values, out))
        return OK;
    return err_set(filling->err, ERR_INPUT, _("a message cannot be written for gateway '%s'"),
                   filling->gateway->name);
}

static ErrCode fill_batch(Filling *filling, GatewayRequest *request)
{
    const GatewayBatch *batch = &filling->gateway->ask.batch;
    AUTO_BUFFER out = BUFFER(BATCH_BYTES_MAX);
    bool filled = pattern_fill(&batch->head, FILL_JSON, filling->values, &out);
    for (size_t at = 0; at < filling->count; at++) {
        if (at > 0)
            buffer_char(&out, ',');
        TRY(fill_each(filling, &filling->messages[at], &out));
    }
    filled = filled && pattern_fill(&batch->tail, FILL_JSON, filling->values, &out);
    if (!filled)
        return err_set(filling->err, ERR_INPUT, _("a message cannot be written for gateway '%s'"),
                       filling->gateway->name);
    TRY(buffer_check(&out, "body", filling->err));
    request->body = arena_strndup(filling->arena, buffer_string(&out), out.length);
    request->body_length = out.length;
    filling->values[HOLE_BODY] = request->body;
    return OK;
}

static ErrCode fill_body(Filling *filling, GatewayRequest *request)
{
    static const Fill FILLS[] = {[BODY_NONE] = FILL_PLAIN,
                                 [BODY_JSON] = FILL_JSON,
                                 [BODY_FORM] = FILL_QUERY,
                                 [BODY_TEXT] = FILL_PLAIN};
    const GatewayAsk *ask = &filling->gateway->ask;
    if (!ask->post)
        return OK;
    request->body = "";
    if (ask->body_kind == BODY_NONE)
        return OK;
    if (ask->batch.limit > 0)
        return fill_batch(filling, request);
    TRY(fill(filling, &ask->body, FILLS[ask->body_kind], "body", "", &request->body,
             &request->body_length));
    filling->values[HOLE_BODY] = request->body;
    return OK;
}

static ErrCode fill_signature(Filling *filling)
{
    const GatewayAsk *ask = &filling->gateway->ask;
    const char *key = filling->gateway->password, *over;
    size_t length;
    TRY(fill(filling, &ask->signed_over, FILL_PLAIN, "auth", "", &over, &length));
    unsigned char tag[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)over, length);
    crypto_auth_hmacsha256_final(&state, tag);
    char *text = arena_alloc(filling->arena, 2 * sizeof tag + 1);
    if (ask->signature_base64)
        sodium_bin2base64(text, 2 * sizeof tag + 1, tag, sizeof tag,
                          sodium_base64_VARIANT_ORIGINAL);
    else
        sodium_bin2hex(text, 2 * sizeof tag + 1, tag, sizeof tag);
    filling->values[HOLE_SIGNATURE] = text;
    return OK;
}

static const char *basic_header(Filling *filling)
{
    const Gateway *gateway = filling->gateway;
    const char *pair = arena_printf(filling->arena, "%s:%s", gateway->username, gateway->password);
    size_t size = sodium_base64_ENCODED_LEN(strlen(pair), sodium_base64_VARIANT_ORIGINAL);
    char *encoded = arena_alloc(filling->arena, size);
    sodium_bin2base64(encoded, size, (const unsigned char *)pair, strlen(pair),
                      sodium_base64_VARIANT_ORIGINAL);
    return arena_printf(filling->arena, "Authorization: Basic %s", encoded);
}

static SignedParts parts_of(const Filling *filling, const GatewayRequest *request)
{
    SignedParts parts = {.method = filling->gateway->ask.post ? "POST" : "GET",
                         .headers = request->headers,
                         .body = request->body,
                         .body_length = request->body_length};
    sign_url(filling->arena, request->url, &parts);
    return parts;
}

static void sign_as_acs3(const Filling *filling, const GatewayRequest *request, const char **more)
{
    const SignKey key = {filling->gateway->username, filling->gateway->password};
    const char *body = request->body ? request->body : "";
    char date[21], nonce[2 * NONCE_BYTES + 1];
    unsigned char random[NONCE_BYTES];
    struct tm utc;
    time_t seconds = (time_t)filling->seconds;
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(nonce, sizeof nonce, random, sizeof random);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
    *more++ = arena_printf(filling->arena, "x-acs-date: %s", date);
    *more++ = arena_printf(filling->arena, "x-acs-signature-nonce: %s", nonce);
    *more++ = arena_printf(filling->arena, "x-acs-content-sha256: %s",
                           sign_digest(filling->arena, body, request->body_length));
    SignedParts parts = parts_of(filling, request);
    *more =
        arena_printf(filling->arena, "Authorization: %s", sign_acs3(filling->arena, &parts, &key));
}

static void sign_as_tc3(const Filling *filling, const GatewayRequest *request, const char **more)
{
    const SignKey key = {filling->gateway->username, filling->gateway->password};
    SignedParts parts = parts_of(filling, request);
    *more++ = arena_printf(filling->arena, "X-TC-Timestamp: %lld", (long long)filling->seconds);
    *more = arena_printf(
        filling->arena, "Authorization: %s",
        sign_tc3(filling->arena, &parts, &key, filling->gateway->ask.service, filling->seconds));
}

static ErrCode fill_headers(Filling *filling, GatewayRequest *request)
{
    const GatewayAsk *ask = &filling->gateway->ask;
    const char **headers =
        arena_array(filling->arena, const char *, ask->header_count + SIGNING_HEADERS + 1);
    for (size_t at = 0; at < ask->header_count; at++) {
        const char *before = arena_printf(filling->arena, "%s: ", ask->headers[at].name);
        TRY(fill(filling, &ask->headers[at].value, FILL_LINE, ask->headers[at].name, before,
                 &headers[at], NULL));
    }
    const char **more = headers + ask->header_count;
    request->headers = headers;
    if (ask->auth == AUTH_BASIC)
        *more = basic_header(filling);
    else if (ask->auth == AUTH_ACS3)
        sign_as_acs3(filling, request, more);
    else if (ask->auth == AUTH_TC3)
        sign_as_tc3(filling, request, more);
    return OK;
}

/* "https://host:1/a?b" up to the end of "host:1". */
static size_t origin_length(const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    return (size_t)(host - url) + strcspn(host, "/?");
}

static ErrCode fill_url(Filling *filling, GatewayRequest *request)
{
    const Gateway *gateway = filling->gateway;
    request->url = gateway->url;
    if (gateway->ask.path.count > 0) {
        const char *origin =
            arena_strndup(filling->arena, gateway->url, origin_length(gateway->url));
        TRY(fill(filling, &gateway->ask.path, FILL_QUERY, "path", origin, &request->url, NULL));
    }
    if (gateway->ask.query.count == 0)
        return OK;
    const char *before =
        arena_printf(filling->arena, "%s%c", request->url, strchr(request->url, '?') ? '&' : '?');
    return fill(filling, &gateway->ask.query, FILL_QUERY, "query", before, &request->url, NULL);
}

/* When the attempt was made, for those who are asked about it. */
static void fill_moment(Filling *filling, int64_t sent_s)
{
    Civil day = date_civil(moment_date(sent_s * 1000));
    filling->values[HOLE_DAY] =
        arena_printf(filling->arena, "%04d%02d%02d", day.year, day.month, day.day);
    filling->values[HOLE_SENT] = arena_printf(filling->arena, "%lld", (long long)sent_s);
    filling->values[HOLE_SINCE] =
        arena_printf(filling->arena, "%lld", (long long)(sent_s - SINCE_MARGIN_S));
}

ErrCode gateway_request(const Gateway *gateway, Arena *arena, const GatewayMessage *message,
                        GatewayRequest *ret_request, Err *err)
{
    return gateway_batch_request(gateway, arena, message, 1, ret_request, err);
}

ErrCode gateway_batch_request(const Gateway *gateway, Arena *arena, const GatewayMessage *messages,
                              size_t count, GatewayRequest *ret_request, Err *err)
{
    const GatewayMessage *message = messages;
    Filling filling = {.gateway = gateway,
                       .arena = arena,
                       .messages = messages,
                       .count = count,
                       .values = {[HOLE_TO] = message->to,
                                  [HOLE_TEXT] = message->text,
                                  [HOLE_REFERENCE] = message->reference,
                                  [HOLE_FROM] = gateway->from,
                                  [HOLE_CALLBACK] = gateway->callback,
                                  [HOLE_REPLIES] = gateway->replies,
                                  [HOLE_USERNAME] = gateway->username,
                                  [HOLE_PASSWORD] = gateway->password,
                                  [HOLE_ID] = message->id},
                       .err = err};
    filling.seconds = time(NULL);
    if (message->sent_s)
        fill_moment(&filling, message->sent_s);
    filling.values[HOLE_TIMESTAMP] = arena_printf(arena, "%lld", (long long)filling.seconds);
    GatewayRequest request = {0};
    if (gateway->ask.filed_texts)
        TRY(fill_wording(&filling, message->wording));
    TRY(fill_composed(&filling));
    TRY(fill_body(&filling, &request));
    if (gateway->ask.auth == AUTH_HMAC_SHA256)
        TRY(fill_signature(&filling));
    TRY(fill_url(&filling, &request));
    TRY(fill_headers(&filling, &request));
    *ret_request = request;
    return OK;
}
