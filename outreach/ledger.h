/* outreach/ledger.h: how often each thing was seen: the simulator's proof that nothing came
 * twice.
 * Shape:  counts by a 64-bit hash of the thing (two of a million differ in it but for one chance
 *         in 10^7).
 * Owns:   heap memory, released by ledger_done.
 * Errors: none; out of memory ends the process. Not thread-safe. */
#ifndef OUTREACH_LEDGER_H
#define OUTREACH_LEDGER_H

#include <stddef.h>
#include <stdint.h>

typedef struct LedgerLine {
    uint64_t key; /* 0 = free */
    uint64_t count;
} LedgerLine;

typedef struct Ledger {
    LedgerLine *lines;
    size_t capacity, used;
    uint64_t most;   /* the highest count */
    uint64_t beyond; /* things counted more than once */
} Ledger;

void ledger_done(Ledger *ledger);

/* Counts one more; returns how often it was seen with this time. */
uint64_t ledger_count(Ledger *ledger, uint64_t key);

/* Keeps a number other than 0 under the key, in place of a count. */
void ledger_note(Ledger *ledger, uint64_t key, uint64_t number);
/* The count or number under the key; 0 = none. */
uint64_t ledger_find(const Ledger *ledger, uint64_t key);

/* Of two texts, which are kept apart. Never 0. */
uint64_t ledger_key(const char *a, const char *b);

#endif
