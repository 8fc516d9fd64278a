/* outreach/tally.h: lines of what, how many and a bar, as a person reads them on a terminal.
 * Shape:  tally_start, tally_add for each line, tally_print, which ends it.
 * Units:  bars are drawn against `whole`.
 * Errors: none. */
#ifndef OUTREACH_TALLY_H
#define OUTREACH_TALLY_H

#include "base/arena.h"

#include <jansson.h>

typedef struct Tally {
    Arena *arena;
    int64_t whole;
    json_t *lines; /* owned until tally_print */
} Tally;

Tally tally_start(Arena *arena, int64_t whole);
void tally_add(Tally *tally, const char *label, int64_t count);
/* A line whose figure is not told. */
void tally_withheld(Tally *tally, const char *label);
/* Prints the lines under the headings, which are source texts (N_); nothing when there is no line.
 * */
void tally_print(Tally *tally, const char *what, const char *count);

#endif
