/* outreach/export.h: a table on its way into a file that an office opens: .xlsx or .csv.
 * Shape:  open, rows of as many texts as there are headings, close; the file appears whole under
 *         its name at close, or not at all. All cells are text.
 * Units:  at most 1,048,575 rows in an .xlsx.
 * Owns:   export_open returns owned; export_close takes it in any case.
 * Errors: ERR_IO, ERR_LIMIT; the first failure is given by export_close.
 * Source: RFC 4180; UTF-8 with BOM, so that Chinese Excel reads it; DESIGN 9 "Exports": a .csv cell
 *         that begins like a formula gets a leading apostrophe. */
#ifndef OUTREACH_EXPORT_H
#define OUTREACH_EXPORT_H

#include "base/arena.h"

typedef struct Export Export;

/* The ending of file chooses the format. headings ends with NULL. */
ErrCode export_open(const char *file, const char *const *headings, Export **ret_export,
                    Err *err) MUST_CHECK;
/* One row: a text per heading, NULL = empty. */
void export_row(Export *export, const char *const *cells);
/* keep false throws the file away. */
ErrCode export_close(Export *export, bool keep, Err *err) MUST_CHECK;

#endif
