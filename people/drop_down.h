/* people/drop_down.h: cells of a workbook that offer the words of a fact's vocabulary.
 * Shape:  short lists stand in the cells' own rule, long ones on a hidden sheet that all share.
 * Units:  rows and columns from 0, as libxlsxwriter counts them.
 * Owns:   nothing; texts live in the arena given.
 * Errors: none.
 * Source: DESIGN 4 "survey form": drop-downs. */
#ifndef PEOPLE_DROP_DOWN_H
#define PEOPLE_DROP_DOWN_H

#include "people/fact.h"

#include <xlsxwriter.h>

typedef struct DropDowns {
    Arena *arena;
    lxw_workbook *book;
    lxw_worksheet *lists; /* NULL = no long list yet */
    lxw_col_t list_count;
} DropDowns;

/* A run of cells in one column. */
typedef struct CellRun {
    lxw_worksheet *sheet;
    lxw_row_t first, last;
    lxw_col_t column;
} CellRun;

/* The words that a fact takes, in Chinese, ending with NULL; NULL = anything. */
const char **drop_down_words(Arena *arena, FactId fact);
/* Does nothing for a fact that takes anything. */
void drop_down_add(DropDowns *downs, const CellRun *cells, FactId fact);

#endif
