/* tests/support/grid.h: a sheet as texts, to be read, changed and written again; and the rows that
 * wait, as a workbook and as numbers.
 * Shape:  rows and columns from 0.
 * Owns:   everything lives in the home's arena.
 * Errors: what should not fail fails the test. */
#ifndef SUPPORT_GRID_H
#define SUPPORT_GRID_H

#include "support/tables.h"

enum { GRID_ROWS = 64, GRID_COLUMNS = 32 };

typedef struct Grid {
    char name[64]; /* of the sheet */
    const char *cells[GRID_ROWS][GRID_COLUMNS];
    size_t rows, columns;
} Grid;

const char *grid_path(TestHome *home, const char *name); /* in the home */
Grid *grid_read(TestHome *home, const char *path, unsigned sheet);
const char *grid_cell(const Grid *grid, size_t row, size_t column); /* "" where nothing is */
/* The rows from `first`, so many columns of them, as a table of support/tables.h. */
const char *grid_text(TestHome *home, const Grid *grid, size_t first, size_t columns);
json_t *grid_import(TestHome *home, const Grid *grid, const char *name);
/* Replaces the one cell that says `from`. */
void grid_mend(Grid *grid, const char *from, const char *to);
void grid_delete(Grid *grid, size_t row);
void grid_double(Grid *grid, size_t row);
void grid_swap(Grid *grid, size_t a, size_t b);

/* A table of which four rows wait, and what its quarantine workbook holds: line 1 explains, 2 and 3
 * are titles, 4 the heading, then the rows. */
extern const char GRID_TABLE[];
enum { GRID_FIRST = 4, GRID_SENDERS = 11, GRID_REASONS = 11, GRID_KEY = 12 };
void grid_begin(TestHome *home); /* an empty base, and the table imported */
Grid *grid_waiting(TestHome *home);
/* Writes what waits with `survey problems -o`. */
const char *grid_write_waiting(TestHome *home, const char *name);
int64_t grid_open(TestHome *home, int64_t batch); /* as `survey batches` counts it */
/* The numbers of an import; takes the result. */
void grid_expect(json_t *result, int64_t rows, int64_t accepted, int64_t resolved);
/* Its first note. */
void grid_expect_note(const json_t *result, const char *code);

#endif
