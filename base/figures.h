/* base/figures.h: tables of figures, and the four ways out of the house: bars on a terminal, .xlsx
 *         with native charts, .csv, .svg.
 * Shape:  a Bulletin is a few tables; a table has label columns, series (number columns) and rows.
 *         Drawn series stand on one another: bars of a row, or areas along a course.
 * Units:  whole numbers; a figure that is not known is withheld and shown as "…", never as 0.
 * Owns:   everything lives in the arena of the Bulletin; texts given are copied.
 * Errors: ERR_IO; a file appears whole under its name, or not at all.
 * Source: DESIGN 4 and 9: a text that begins like a formula is neutralised in .csv; .xlsx cells are
 *         strings. */
#ifndef BASE_FIGURES_H
#define BASE_FIGURES_H

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { FIGURE_LABELS = 6, FIGURE_SERIES = 24, FIGURE_ROWS = 20000 };

typedef enum FigureShape {
    FIGURES_PARTS,  /* things side by side: bars */
    FIGURES_COURSE, /* steps along one axis: areas */
} FigureShape;

typedef struct Figure {
    bool known;
    int64_t number;
} Figure;

typedef struct FigureTitle {
    const char *title;
    bool drawn; /* a series: in charts too */
} FigureTitle;

typedef struct FigureTable {
    const char *title;
    FigureShape shape;
    FigureTitle labels[FIGURE_LABELS], series[FIGURE_SERIES];
    size_t label_count, series_count, row_count, room;
    const char **texts; /* row by row, label_count each */
    Figure *figures;    /* row by row, series_count each */
} FigureTable;

typedef struct Bulletin {
    Arena *arena;
    const char *title;
    const char *note; /* below everything; NULL = none */
    FigureTable **tables;
    size_t table_count, room;
} Bulletin;

Bulletin *bulletin_new(Arena *arena, const char *title, const char *note);
/* A table behind the others; declare its labels and series before its first row. */
FigureTable *bulletin_table(Bulletin *bulletin, const char *title, FigureShape shape);
void figures_label(Bulletin *bulletin, FigureTable *table, const char *title);
void figures_series(Bulletin *bulletin, FigureTable *table, const char *title, bool drawn);
/* A row: as many texts as labels, as many figures as series. */
void figures_row(Bulletin *bulletin, FigureTable *table, const char *const *labels,
                 const Figure *figures);

/* A JSON integer; anything else is not known. */
Figure figure_of(const json_t *value);
/* "12,345", "…" for what is not known; lives in arena. */
const char *figure_text(Arena *arena, Figure figure);
/* The same of a change: "+1,234", "-5", "0". */
const char *figure_change(Arena *arena, Figure figure);
/* Labels of a row in one line: "长安镇 · 高级工". */
const char *figures_row_text(Arena *arena, const FigureTable *table, size_t row);
/* What the drawn series of a row add up to; what is not known counts nothing. */
int64_t figures_drawn(const FigureTable *table, size_t row);
/* The most that a row draws, at least 1. */
int64_t figures_most(const FigureTable *table);

/* 0xRRGGBB of the n-th drawn series. */
uint32_t figures_colour(size_t drawn);

/* The ending chooses .csv, .xlsx or .svg. */
ErrCode bulletin_write(const Bulletin *bulletin, const char *file, Err *err) MUST_CHECK;
/* Bars as wide as the terminal that out is, 80 columns where it is none. */
void bulletin_chart(const Bulletin *bulletin, FILE *out);

/* base/figures_book.c, figures_svg.c: into a file that does not exist yet. */
ErrCode bulletin_write_book(const Bulletin *bulletin, const char *file, Err *err) MUST_CHECK;
ErrCode bulletin_write_svg(const Bulletin *bulletin, const char *file, Err *err) MUST_CHECK;

#endif
