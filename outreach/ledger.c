#include "outreach/ledger.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 1024 };

void ledger_done(Ledger *ledger)
{
    free(ledger->lines);
    *ledger = (Ledger){0};
}

static LedgerLine *line_find(LedgerLine *lines, size_t capacity, uint64_t key)
{
    size_t at = (size_t)key & (capacity - 1);
    while (lines[at].key && lines[at].key != key)
        at = (at + 1) & (capacity - 1);
    return &lines[at];
}

static void ledger_grow(Ledger *ledger)
{
    size_t capacity = ledger->capacity ? ledger->capacity * 2 : FIRST_CAPACITY;
    LedgerLine *lines = calloc(capacity, sizeof *lines);
    if (!lines)
        abort();
    for (size_t at = 0; at < ledger->capacity; at++)
        if (ledger->lines[at].key)
            *line_find(lines, capacity, ledger->lines[at].key) = ledger->lines[at];
    free(ledger->lines);
    ledger->lines = lines;
    ledger->capacity = capacity;
}

static LedgerLine *line_make(Ledger *ledger, uint64_t key)
{
    if (ledger->used * 2 >= ledger->capacity)
        ledger_grow(ledger);
    LedgerLine *line = line_find(ledger->lines, ledger->capacity, key);
    if (!line->key) {
        line->key = key;
        ledger->used++;
    }
    return line;
}

void ledger_note(Ledger *ledger, uint64_t key, uint64_t number)
{
    line_make(ledger, key)->count = number;
}

uint64_t ledger_find(const Ledger *ledger, uint64_t key)
{
    return ledger->capacity ? line_find(ledger->lines, ledger->capacity, key)->count : 0;
}

uint64_t ledger_count(Ledger *ledger, uint64_t key)
{
    LedgerLine *line = line_make(ledger, key);
    if (++line->count == 2)
        ledger->beyond++;
    if (line->count > ledger->most)
        ledger->most = line->count;
    return line->count;
}

/* FNV-1a, then mixed so that the low bits depend on every byte. */
uint64_t ledger_key(const char *a, const char *b)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *c = a; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    hash = (hash ^ 0xff) * 0x100000001b3u;
    for (const char *c = b; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93u;
    hash ^= hash >> 32;
    return hash ? hash : 1;
}
