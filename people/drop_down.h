/* people/drop_down.h: cells of a workbook that offer the words of a fact's vocabulary.
 * Shape:  short lists stand in the cells' own rule, long ones once each on a hidden sheet behind all
 *         others, which drop_downs_close writes.
 * Units:  rows and columns from 0, as libxlsxwriter counts them.
 * Owns:   nothing; texts live in the arena given.
 * Errors: none.
 * Source: DESIGN 4 "survey form": drop-downs. */
#ifndef PEOPLE_DROP_DOWN_H
#define PEOPLE_DROP_DOWN_H

#include "people/fact.h"

#include <xlsxwriter.h>

#define DROP_DOWN_LISTS "选项"  /* name of the hidden sheet */
enum { DROP_DOWN_LISTED = 64 }; /* more different long lists than there are vocabularies */

typedef struct DropDowns {
    Arena *arena;
    lxw_workbook *book;
    char *const *lists[DROP_DOWN_LISTED]; /* the words of long lists, each ending with NULL */
    size_t list_count;
} DropDowns;

/* A run of cells in one column. */
typedef struct CellRun {
    lxw_worksheet *sheet;
    lxw_row_t first, last;
    lxw_col_t column;
} CellRun;

/* The words that a fact takes, in Chinese, ending with NULL; NULL = anything. */
const char **drop_down_words(Arena *arena, FactId fact);
/* Other words are warned of, not refused. words ends with NULL; NULL = anything, does nothing. */
void drop_down_add(DropDowns *downs, const CellRun *cells, const char **words);
/* After the last other sheet of the book is there. */
void drop_downs_close(DropDowns *downs);

#endif
