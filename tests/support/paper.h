/* tests/support/paper.h: a sheet as texts, to be read, changed and written again; and the rows that
 * wait, as a workbook and as numbers.
 * Shape:  rows and columns from 0.
 * Owns:   everything lives in the home's arena.
 * Errors: what should not fail fails the test. */
#ifndef SUPPORT_PAPER_H
#define SUPPORT_PAPER_H

#include "support/tables.h"

enum { PAPER_ROWS = 64, PAPER_COLUMNS = 32 };

typedef struct Paper {
    char name[64]; /* of the sheet */
    const char *cells[PAPER_ROWS][PAPER_COLUMNS];
    size_t rows, columns;
} Paper;

const char *paper_path(TestHome *home, const char *name); /* in the home */
Paper *paper_read(TestHome *home, const char *path, unsigned sheet);
const char *paper_cell(const Paper *paper, size_t row, size_t column); /* "" where nothing is */
/* The rows from `first`, so many columns of them, as a table of support/tables.h. */
const char *paper_text(TestHome *home, const Paper *paper, size_t first, size_t columns);
json_t *paper_import(TestHome *home, const Paper *paper, const char *name);
/* Replaces the one cell that says `from`. */
void paper_mend(Paper *paper, const char *from, const char *to);
void paper_delete(Paper *paper, size_t row);
void paper_double(Paper *paper, size_t row);
void paper_swap(Paper *paper, size_t a, size_t b);

/* A table of which four rows wait, and what its quarantine workbook holds: line 1 explains, 2 and 3
 * are titles, 4 the heading, then the rows. */
extern const char PAPER_TABLE[];
enum { PAPER_FIRST = 4, PAPER_SENDERS = 11, PAPER_REASONS = 11, PAPER_KEY = 12 };
void paper_begin(TestHome *home); /* an empty base, and the table imported */
Paper *paper_waiting(TestHome *home);
/* Writes what waits with `survey problems -o`. */
const char *paper_write_waiting(TestHome *home, const char *name);
int64_t paper_open(TestHome *home, int64_t batch); /* as `survey batches` counts it */
/* The numbers of an import; takes the result. */
void paper_expect(json_t *result, int64_t rows, int64_t accepted, int64_t resolved);
/* Its first note. */
void paper_expect_note(const json_t *result, const char *code);

#endif
