/* people/ask_book.h: a follow-up questionnaire: a few facts, asked of exactly these people.
 * Shape:  one sheet: title, the day to be filled in, headings, a row for each person: the key, what
 *         the person is recognised by, and an empty column for each fact, with drop-downs.
 * Units:  rows in the order given.
 * Owns:   nothing; the file is readable by its owner alone and appears whole, or not at all.
 * Errors: ERR_IO.
 * Source: survey/forms/followup.json has the same headings. */
#ifndef PEOPLE_ASK_BOOK_H
#define PEOPLE_ASK_BOOK_H

#include "people/fact.h"

typedef struct AskRow {
    const char *key;           /* ask_key_format */
    const char *name, *number; /* number: masked; NULL = not known */
    const char *employer;      /* or the school */
    const char *town;
} AskRow;

typedef struct AskBook {
    const FactId *facts; /* asked, in this order */
    size_t fact_count;
    const AskRow *rows;
    size_t row_count;
} AskBook;

ErrCode ask_book_write(Arena *arena, const AskBook *book, const char *file, Err *err) MUST_CHECK;

#endif
