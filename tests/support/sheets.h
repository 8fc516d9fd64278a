/* tests/support/sheets.h: files for the readers of sheets, and what they read, as text to compare.
 * Shape:  a SheetWorld is a folder of its own under $TMPDIR or /tmp; setup and teardown fit a
 *         cmocka test.
 * Owns:   texts and paths live in world->arena; teardown removes the folder.
 * Errors: a file that cannot be made fails the test. */
#ifndef SUPPORT_SHEETS_H
#define SUPPORT_SHEETS_H

#include "base/arena.h"

#include <stdint.h>

typedef struct SheetWorld {
    Arena *arena;
    char dir[128];
} SheetWorld;

int sheets_setup(void **state);
int sheets_teardown(void **state);

const char *sheets_path(SheetWorld *world, const char *name);
/* Writes a file and returns its path. */
const char *sheets_file(SheetWorld *world, const char *name, const void *bytes, size_t length);

/* A zip of the given entries; the list ends with {0}. */
typedef struct ZipEntry {
    const char *name;
    const char *text;
    size_t length; /* 0 = strlen(text) */
    bool encrypted;
} ZipEntry;
const char *sheets_zip(SheetWorld *world, const char *name, const ZipEntry *entries);

/* The smallest workbook around some XML; a NULL member is left out, or takes the ordinary value. */
typedef struct OddBook {
    const char *rows;     /* content of sheetData */
    const char *sheet;    /* the whole worksheet part instead */
    const char *workbook; /* the whole workbook part */
    const char *strings;  /* content of sst */
    const char *styles;   /* content of styleSheet */
} OddBook;
const char *sheets_book(SheetWorld *world, const OddBook *book);

/* Reads a file to its end: one line a row, "sheet:line", a "h" when hidden, and its cells: 'text',
 * 12 (number),
 * @2012-09-27 (date), ?TRUE, !#N/A, - (empty), each with "=" in front when a formula made it.
 * After an error comes "ERR_INPUT: text without the path" and, in a line of its own, "hint: …". */
const char *sheets_read(SheetWorld *world, const char *path, const char *encoding);

#endif
