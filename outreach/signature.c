#include "outreach/signature.h"

#include "base/lang.h"
#include "base/text.h"
#include "outreach/form.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string.h>

enum { OVER_BYTES_MAX = 1024 * 1024, TAG_BYTES_MAX = 32, WITHIN_S = 300 };

typedef enum SignedHole {
    SIGNED_URL,
    SIGNED_BODY,
    SIGNED_FORM,
    SIGNED_TIMESTAMP,
    SIGNED_HOLES
} SignedHole;

static const char *const HOLES[SIGNED_HOLES + 1] = {[SIGNED_URL] = "url",
                                                    [SIGNED_BODY] = "body",
                                                    [SIGNED_FORM] = "form",
                                                    [SIGNED_TIMESTAMP] = "timestamp"};

static ErrCode read_timestamp(const Node *node, Signature *signature, Err *err)
{
    Node within = node_find(node, "within_s");
    int64_t seconds = WITHIN_S;
    if (within.value)
        TRY(node_int(&within, 1, 24 * 3600, &seconds, err));
    signature->within_s = (int)seconds;
    if (node_find(node, "timestamp").value)
        return node_get_string(node, "timestamp", &signature->timestamp, err);
    if (within.value || pattern_uses(&signature->over, SIGNED_TIMESTAMP))
        return node_error(node, err, _("needs the name of the header 'timestamp'"));
    return OK;
}

ErrCode signature_read(Arena *arena, const Node *node, Signature *ret_signature, Err *err)
{
    static const char *const KEYS[] = {"kind",   "header",    "encoding", "over",
                                       "prefix", "timestamp", "within_s", NULL};
    static const char *const KINDS[] = {[SIGNATURE_NONE] = "none",
                                        [SIGNATURE_HMAC_SHA1] = "hmac-sha1",
                                        [SIGNATURE_HMAC_SHA256] = "hmac-sha256",
                                        NULL};
    static const char *const ENCODINGS[] = {"hex", "base64", NULL};
    Signature signature = {.prefix = ""};
    TRY(node_keys(node, KEYS, err));
    Node kind, encoding, over;
    int index;
    TRY(node_get(node, "kind", &kind, err));
    TRY(node_choice(&kind, KINDS, &index, err));
    signature.kind = (SignatureKind)index;
    TRY(node_get_string(node, "header", &signature.header, err));
    TRY(node_get(node, "encoding", &encoding, err));
    TRY(node_choice(&encoding, ENCODINGS, &index, err));
    signature.base64 = index == 1;
    const char *text;
    TRY(node_get(node, "over", &over, err));
    TRY(node_string(&over, &text, err));
    TRY(pattern_compile(arena, &over, text, HOLES, &signature.over, err));
    if (node_find(node, "prefix").value)
        TRY(node_get_string(node, "prefix", &signature.prefix, err));
    TRY(read_timestamp(node, &signature, err));
    *ret_signature = signature;
    return OK;
}

static const char *written(const Signature *signature, Arena *arena, const unsigned char *tag,
                           size_t length)
{
    size_t size = 2 * TAG_BYTES_MAX + 1;
    char *text = arena_alloc(arena, size);
    if (signature->base64)
        sodium_bin2base64(text, size, tag, length, sodium_base64_VARIANT_ORIGINAL);
    else
        sodium_bin2hex(text, size, tag, length);
    return arena_printf(arena, "%s%s", signature->prefix, text);
}

static bool fits_url(const Signature *signature, Arena *arena, const char *key,
                     const SignedPush *push, const char *url)
{
    const char *values[SIGNED_HOLES] = {
        [SIGNED_URL] = url, [SIGNED_BODY] = push->body, [SIGNED_TIMESTAMP] = push->timestamp};
    if (pattern_uses(&signature->over, SIGNED_FORM))
        values[SIGNED_FORM] = form_sorted(arena, push->body, push->body_length);
    AUTO_BUFFER over = BUFFER(OVER_BYTES_MAX);
    if (!pattern_fill(&signature->over, FILL_PLAIN, values, &over) || over.overflow)
        return false;
    unsigned char tag[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    const EVP_MD *digest = signature->kind == SIGNATURE_HMAC_SHA1 ? EVP_sha1() : EVP_sha256();
    if (!HMAC(digest, key, (int)strlen(key), (const unsigned char *)buffer_string(&over),
              over.length, tag, &length))
        return false;
    const char *right = written(signature, arena, tag, length);
    return strlen(right) == strlen(push->signature) &&
           sodium_memcmp(right, push->signature, strlen(right)) == 0;
}

/* "https://host:8443/a" without ":8443"; NULL when there is no port. */
static const char *without_port(Arena *arena, const char *url)
{
    const char *host = strstr(url, "://");
    size_t host_length = host ? strcspn(host + 3, "/?") : 0;
    const char *colon = host ? memrchr(host + 3, ':', host_length) : NULL;
    if (!colon)
        return NULL;
    return arena_printf(arena, "%.*s%s", (int)(colon - url), url, host + 3 + host_length);
}

static bool is_fresh(const Signature *signature, const SignedPush *push)
{
    if (!signature->timestamp)
        return true;
    char *end = NULL;
    long long moment = push->timestamp ? strtoll(push->timestamp, &end, 10) : 0;
    return end && end > push->timestamp && *end == '\0' && moment > 0 &&
           llabs(push->now_s - moment) <= signature->within_s;
}

bool signature_fits(const Signature *signature, Arena *arena, const char *key,
                    const SignedPush *push)
{
    if (!*key || !push->signature || !is_fresh(signature, push) ||
        strlen(push->body) != push->body_length) /* no text: what is signed is not what is read */
        return false;
    if (fits_url(signature, arena, key, push, push->url))
        return true;
    const char *portless = without_port(arena, push->url);
    return portless && fits_url(signature, arena, key, push, portless);
}
