#include "base/digest.h"

#include <string.h>

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

static const uint32_t ROUNDS[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static bool processor_can(void)
{
    enum { SHA = 1 << 29 };
    const unsigned ssse3_and_sse41 = 1u << 9 | 1u << 19;
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & ssse3_and_sse41) != ssse3_and_sse41)
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & SHA);
}

/* The instructions want the eight words as (a, b, e, f) and (c, d, g, h), the first one highest. */
__attribute__((target("sha,sse4.1"))) static void blocks(uint32_t state[8], const uint8_t *bytes,
                                                         size_t count)
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)state);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
    low = _mm_shuffle_epi32(low, 0xB1);
    high = _mm_shuffle_epi32(high, 0x1B);
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0);
    for (; count > 0; count--, bytes += DIGEST_BLOCK_BYTES) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i words[4];
        for (size_t i = 0; i < 4; i++)
            words[i] = _mm_shuffle_epi8(
                _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i)), big_endian);
        for (size_t group = 0; group < 16; group++) {
            __m128i *now = &words[group % 4];
            const __m128i last = words[(group + 3) % 4], second = words[(group + 1) % 4];
            if (group >= 4) {
                const __m128i shifted = _mm_alignr_epi8(last, words[(group + 2) % 4], 4);
                *now = _mm_add_epi32(_mm_sha256msg1_epu32(*now, second), shifted);
                *now = _mm_sha256msg2_epu32(*now, last);
            }
            __m128i sum = _mm_add_epi32(
                *now, _mm_loadu_si128((const __m128i *)(const void *)(ROUNDS + 4 * group)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    low = _mm_shuffle_epi32(abef, 0x1B);
    high = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

#else

static bool processor_can(void)
{
    return false;
}

static void blocks(uint32_t state[8], const uint8_t *bytes, size_t count)
{
    (void)state;
    (void)bytes;
    (void)count;
}

#endif

void digest_init(Digest *digest)
{
    static const uint32_t BEGIN[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memset(digest, 0, sizeof *digest);
    digest->native = processor_can();
    memcpy(digest->state, BEGIN, sizeof BEGIN);
    crypto_hash_sha256_init(&digest->portable);
}

void digest_add(Digest *digest, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    if (!digest->native) {
        crypto_hash_sha256_update(&digest->portable, at, length);
        return;
    }
    digest->bytes += length;
    if (digest->block_bytes > 0) {
        size_t room = DIGEST_BLOCK_BYTES - digest->block_bytes,
               part = length < room ? length : room;
        memcpy(digest->block + digest->block_bytes, at, part);
        digest->block_bytes += part;
        at += part;
        length -= part;
        if (digest->block_bytes < DIGEST_BLOCK_BYTES)
            return;
        blocks(digest->state, digest->block, 1);
        digest->block_bytes = 0;
    }
    blocks(digest->state, at, length / DIGEST_BLOCK_BYTES);
    digest->block_bytes = length % DIGEST_BLOCK_BYTES;
    memcpy(digest->block, at + length - digest->block_bytes, digest->block_bytes);
}

static void put_big_endian(uint8_t *out, uint64_t number, size_t bytes)
{
    for (size_t i = bytes; i-- > 0; number >>= 8)
        out[i] = (uint8_t)(number & 0xFF);
}

void digest_end(Digest *digest, uint8_t out[DIGEST_BYTES])
{
    static const uint8_t PADDING[DIGEST_BLOCK_BYTES] = {0x80};
    enum { LENGTH_AT = 56 };
    if (!digest->native) {
        crypto_hash_sha256_final(&digest->portable, out);
        return;
    }
    uint8_t length[8];
    put_big_endian(length, digest->bytes * 8, sizeof length);
    size_t filled = digest->block_bytes;
    digest_add(digest, PADDING,
               (filled < LENGTH_AT ? LENGTH_AT : LENGTH_AT + DIGEST_BLOCK_BYTES) - filled);
    digest_add(digest, length, sizeof length);
    for (size_t i = 0; i < 8; i++)
        put_big_endian(out + 4 * i, digest->state[i], 4);
}
