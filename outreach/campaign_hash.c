#include "base/seal.h"
#include "outreach/campaign.h"
#include "policy/policy.h"

#include <assert.h>
#include <inttypes.h>

enum { HEX_BYTES = 2 * CAMPAIGN_HASH_BYTES };

/* A chain over everything that is approved: each link hashes the one before with one more part, so
 * parts cannot be moved, joined or left out. */
typedef struct Chain {
    Arena *arena;
    char link[HEX_BYTES + 1];
} Chain;

static void chain_add(Chain *chain, const void *part, size_t length)
{
    char *bytes = arena_alloc(chain->arena, HEX_BYTES + length);
    memcpy(bytes, chain->link, HEX_BYTES);
    if (length > 0)
        memcpy(bytes + HEX_BYTES, part, length);
    seal_sha256_hex(bytes, HEX_BYTES + length, chain->link);
}

static void chain_text(Chain *chain, const char *text)
{
    chain_add(chain, text, strlen(text));
}

/* The number by its hash: the bytes that it is sealed in change with the key. Whether they hold that
 * number is looked at when the message is claimed (outreach/claim.c). */
static void chain_message(Chain *chain, const Rows *rows)
{
    char person[24];
    size_t hash_length = 0;
    const void *hash = rows_bytes(rows, 1, &hash_length);
    snprintf(person, sizeof person, "%" PRId64, rows_int(rows, 0));
    chain_text(chain, person);
    chain_add(chain, hash, hash_length);
    chain_text(chain, rows_text(rows, 2));
    chain_text(chain, rows_text(rows, 3));
}

static unsigned hex_digit(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

ErrCode campaign_hash(Db *db, const Campaign *campaign, uint8_t ret_hash[CAMPAIGN_HASH_BYTES],
                      Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const Policy *policy = NULL;
    TRY(policy_load(arena, campaign->policy, &policy, err));
    AUTO_ARENA page_arena = arena_new(0);
    Chain chain = {.arena = page_arena};
    seal_sha256_hex("talent campaign", 15, chain.link);
    chain_text(&chain, campaign->policy);
    chain_text(&chain, policy_sha256(policy));
    chain_text(&chain, campaign->template_text);

    int64_t after = 0;
    for (uint64_t count = 1; count > 0;) {
        AUTO_ROWS rows = NULL;
        TRY(db_query(db, QUERY_OUTREACH_CAMPAIGN_CONTENT, PARAMS(v_int(campaign->id), v_int(after)),
                     &rows, err));
        count = rows_count(rows);
        while (rows_next(rows)) {
            arena_reset(page_arena);
            chain_message(&chain, rows);
            after = rows_int(rows, 0);
        }
    }
    for (size_t at = 0; at < CAMPAIGN_HASH_BYTES; at++)
        ret_hash[at] =
            (uint8_t)(hex_digit(chain.link[2 * at]) << 4 | hex_digit(chain.link[2 * at + 1]));
    return OK;
}
