/* survey/recall.h: what a cell came to when another cell of its column said the same before.
 * Shape:  a table of as many places as fit into a processor's cache; a new text takes the place of
 *         an older one. A column of towns, of levels, of yes and no repeats a few words a million
 *         times, and reading each once is enough.
 * Units:  texts of less than RECALL_TEXT_BYTES; longer ones are never recalled.
 * Owns:   a Recall lives in the arena given.
 * Errors: none.
 * Source: survey/check.c, which decides what may be recalled. */
#ifndef SURVEY_RECALL_H
#define SURVEY_RECALL_H

#include "survey/form.h"
#include "survey/problem.h"

enum { RECALL_TEXT_BYTES = 64 };

typedef struct Recalled {
    /* What was asked: */
    int what; /* a Target, or a question of the caller's own behind TARGET_COUNT */
    Date on;
    unsigned length; /* 0 = nothing is kept here */
    char text[RECALL_TEXT_BYTES];
    /* What it came to: */
    bool blank;      /* nothing was said */
    bool normalised; /* as `kind` */
    Normalised kind;
    bool known;
    int64_t number; /* a text that is known is the cell's own */
    const Word *word;
    char key[RECALL_TEXT_BYTES]; /* form_key of the text, where the caller needs it */
} Recalled;

typedef struct Recall Recall;

Recall *recall_new(Arena *arena);
/* Under another heading the same words may mean something else. */
void recall_clear(Recall *recall);

/* The place of a text; *ret_kept tells whether it holds what the same text came to. If not, it is
 * empty and the caller may fill it in and call recall_keep. NULL when the text can have none. */
Recalled *recall_find(Recall *recall, int what, Date on, const char *text, bool *ret_kept);
void recall_keep(Recalled *place, int what, Date on, const char *text);

#endif
