#include "outreach/sign.h"

#include "base/buffer.h"
#include "base/date.h"
#include "base/text.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { CANONICAL_BYTES_MAX = 128 * 1024, SIGNED_MAX = 32, QUERY_MAX = 64 };

typedef struct Tag {
    unsigned char bytes[crypto_auth_hmacsha256_BYTES];
} Tag;

static Tag keyed(const void *key, size_t key_length, const char *text)
{
    Tag tag;
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, tag.bytes);
    sodium_memzero(&state, sizeof state);
    return tag;
}

static const char *hex(Arena *arena, const unsigned char *bytes, size_t length)
{
    char *text = arena_alloc(arena, 2 * length + 1);
    return sodium_bin2hex(text, 2 * length + 1, bytes, length);
}

const char *sign_digest(Arena *arena, const char *bytes, size_t length)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)bytes, length);
    return hex(arena, digest, sizeof digest);
}

static int text_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The pairs in order of their names: as one text each they sort by name first, since '=' is less
 * than what names are made of, but for '-', '.' and digits, which no parameter here holds after a
 * shared beginning. */
static const char *query_sorted(Arena *arena, const char *query)
{
    const char *pairs[QUERY_MAX];
    size_t count = 0;
    AUTO_BUFFER sorted = BUFFER(CANONICAL_BYTES_MAX);
    for (const char *rest = query; *rest && count < QUERY_MAX;) {
        size_t length = strcspn(rest, "&");
        pairs[count++] = arena_strndup(arena, rest, length);
        rest += length + (rest[length] == '&');
    }
    qsort(pairs, count, sizeof *pairs, text_compare);
    for (size_t at = 0; at < count; at++) {
        if (at > 0)
            buffer_char(&sorted, '&');
        buffer_text(&sorted, pairs[at]);
    }
    return arena_strdup(arena, buffer_string(&sorted));
}

/* The headers that are signed, as "name:value\n" in order of their names, and their names. */
typedef struct SignedHeaders {
    const char *lines, *names;
} SignedHeaders;

typedef bool (*HeaderChoice)(const char *name);

static bool acs3_signs(const char *name)
{
    return text_starts(name, "x-acs-") || text_equal(name, "content-type");
}

static bool tc3_signs(const char *name)
{
    return text_equal(name, "x-tc-action") || text_equal(name, "content-type");
}

static char *lower(Arena *arena, const char *text, size_t length)
{
    char *small = arena_strndup(arena, text, length);
    for (char *c = small; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return small;
}

static SignedHeaders headers_signed(Arena *arena, const SignedParts *parts, HeaderChoice choice,
                                    bool small_values)
{
    const char *lines[SIGNED_MAX];
    size_t count = 0;
    lines[count++] = arena_printf(arena, "host:%s", parts->host);
    for (const char *const *header = parts->headers; *header && count < SIGNED_MAX; header++) {
        size_t length = strcspn(*header, ":");
        const char *name = lower(arena, *header, length);
        if (!choice(name))
            continue;
        const char *value = text_trim(arena, *header + length + ((*header)[length] == ':'));
        if (small_values)
            value = lower(arena, value, strlen(value));
        lines[count++] = arena_printf(arena, "%s:%s", name, value);
    }
    qsort(lines, count, sizeof *lines, text_compare);
    AUTO_BUFFER all = BUFFER(CANONICAL_BYTES_MAX);
    AUTO_BUFFER names = BUFFER(CANONICAL_BYTES_MAX);
    for (size_t at = 0; at < count; at++) {
        buffer_printf(&all, "%s\n", lines[at]);
        if (at > 0)
            buffer_char(&names, ';');
        buffer_add(&names, lines[at], strcspn(lines[at], ":"));
    }
    return (SignedHeaders){.lines = arena_strdup(arena, buffer_string(&all)),
                           .names = arena_strdup(arena, buffer_string(&names))};
}

/* The digest of what both schemes call the canonical request. */
static const char *request_digest(Arena *arena, const SignedParts *parts,
                                  const SignedHeaders *headers)
{
    const char *canonical = arena_printf(
        arena, "%s\n%s\n%s\n%s\n%s\n%s", parts->method, parts->path,
        query_sorted(arena, parts->query), headers->lines, headers->names,
        sign_digest(arena, parts->body ? parts->body : "", parts->body ? parts->body_length : 0));
    return sign_digest(arena, canonical, strlen(canonical));
}

const char *sign_acs3(Arena *arena, const SignedParts *parts, const SignKey *key)
{
    SignedHeaders headers = headers_signed(arena, parts, acs3_signs, false);
    const char *over =
        arena_printf(arena, "ACS3-HMAC-SHA256\n%s", request_digest(arena, parts, &headers));
    Tag tag = keyed(key->secret, strlen(key->secret), over);
    return arena_printf(arena, "ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
                        key->id, headers.names, hex(arena, tag.bytes, sizeof tag.bytes));
}

const char *sign_tc3(Arena *arena, const SignedParts *parts, const SignKey *key,
                     const char *service, int64_t seconds)
{
    char day[11];
    date_format((Date)(seconds / (24 * 60 * 60)), day); /* in UTC, whatever the hour is here */
    SignedHeaders headers = headers_signed(arena, parts, tc3_signs, true);
    const char *scope = arena_printf(arena, "%s/%s/tc3_request", day, service);
    const char *over = arena_printf(arena, "TC3-HMAC-SHA256\n%lld\n%s\n%s", (long long)seconds,
                                    scope, request_digest(arena, parts, &headers));
    char *first = arena_printf(arena, "TC3%s", key->secret);
    Tag tag = keyed(first, strlen(first), day);
    sodium_memzero(first, strlen(first));
    tag = keyed(tag.bytes, sizeof tag.bytes, service);
    tag = keyed(tag.bytes, sizeof tag.bytes, "tc3_request");
    tag = keyed(tag.bytes, sizeof tag.bytes, over);
    return arena_printf(arena, "TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s",
                        key->id, scope, headers.names, hex(arena, tag.bytes, sizeof tag.bytes));
}

void sign_url(Arena *arena, const char *url, SignedParts *parts)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    size_t host_length = strcspn(host, "/?");
    const char *path = host + host_length;
    size_t path_length = strcspn(path, "?");
    parts->host = lower(arena, host, host_length);
    parts->path = path_length ? arena_strndup(arena, path, path_length) : "/";
    parts->query = path[path_length] == '?' ? path + path_length + 1 : "";
}
