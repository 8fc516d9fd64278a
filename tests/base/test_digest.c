/* tests/base/test_digest.c: SHA-256 in pieces, beside libsodium's. */
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { LONGEST = 1000, TRIES = 400 };

/* Bytes that look like nothing, the same in every run. */
static uint32_t chance(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void digests_are_those_of_libsodium(void **state)
{
    (void)state;
    uint8_t bytes[LONGEST], ours[DIGEST_BYTES], theirs[DIGEST_BYTES];
    uint32_t seed = 2012;
    for (size_t i = 0; i < LONGEST; i++)
        bytes[i] = (uint8_t)chance(&seed);
    for (size_t length = 0; length < TRIES; length++) {
        Digest digest;
        digest_init(&digest);
        for (size_t at = 0; at < length;) { /* in pieces of any size */
            size_t piece = chance(&seed) % (length - at + 1);
            digest_add(&digest, bytes + at, piece);
            at += piece;
        }
        digest_end(&digest, ours);
        crypto_hash_sha256(theirs, bytes, length);
        assert_memory_equal(ours, theirs, DIGEST_BYTES);
    }
}

static void a_processor_without_instructions_gives_the_same(void **state)
{
    (void)state;
    uint8_t ours[DIGEST_BYTES], theirs[DIGEST_BYTES];
    Digest digest;
    digest_init(&digest);
    digest.native = false;
    digest_add(&digest, "abc", 3);
    digest_end(&digest, ours);
    crypto_hash_sha256(theirs, (const unsigned char *)"abc", 3);
    assert_memory_equal(ours, theirs, DIGEST_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_libsodium),
        cmocka_unit_test(a_processor_without_instructions_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
