/* policy/bits.h: one bit each of BITS_PEOPLE people, and three-valued truth of them.
 * Shape:  plain arrays of words, so that the compiler works on as many at once as the machine can;
 *         a Truth holds `t` (true) and `n` (not false: true or unknown), which makes Kleene's AND
 *         and OR a bitwise AND and OR of both.
 * Owns:   nothing; plain values.
 * Source: O'Neil, Quass: Improved Query Performance with Variant Indexes, SIGMOD 1997. */
#ifndef POLICY_BITS_H
#define POLICY_BITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { BITS_WORDS = 64, BITS_PEOPLE = BITS_WORDS * 64 };

typedef struct Bits {
    _Alignas(16) uint64_t words[BITS_WORDS];
} Bits;

typedef struct Truth {
    Bits t, n;
} Truth;

/* The loops over words, compiled also for wider machine words. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__)
#define FOR_WIDE_WORDS                                                                             \
    __attribute__((target_clones("default", "avx2", "arch=icelake-server"), optimize("O3")))
#else
#define FOR_WIDE_WORDS
#endif

#define BITS_EACH(i) for (int i = 0; i < BITS_WORDS; i++)

static inline void bits_fill(Bits *bits, bool one)
{
    memset(bits, one ? 0xFF : 0, sizeof *bits);
}
static inline void bits_and(Bits *restrict a, const Bits *restrict b)
{
    BITS_EACH(i) a->words[i] &= b->words[i];
}
static inline void bits_or(Bits *restrict a, const Bits *restrict b)
{
    BITS_EACH(i) a->words[i] |= b->words[i];
}
static inline void bits_and_not(Bits *restrict a, const Bits *restrict b)
{
    BITS_EACH(i) a->words[i] &= ~b->words[i];
}
static inline void bits_not(Bits *bits)
{
    BITS_EACH(i) bits->words[i] = ~bits->words[i];
}
static inline bool bits_any(const Bits *bits)
{
    uint64_t any = 0;
    BITS_EACH(i) any |= bits->words[i];
    return any != 0;
}

static inline void truth_fill(Truth *truth, bool holds)
{
    bits_fill(&truth->t, holds);
    bits_fill(&truth->n, holds);
}
static inline void truth_not(Truth *truth)
{
    BITS_EACH(i)
    {
        uint64_t t = truth->t.words[i];
        truth->t.words[i] = ~truth->n.words[i];
        truth->n.words[i] = ~t;
    }
}
static inline void truth_and(Truth *restrict a, const Truth *restrict b)
{
    bits_and(&a->t, &b->t);
    bits_and(&a->n, &b->n);
}
static inline void truth_or(Truth *restrict a, const Truth *restrict b)
{
    bits_or(&a->t, &b->t);
    bits_or(&a->n, &b->n);
}

#endif
