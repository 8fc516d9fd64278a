/* survey/layout.h: what stands above the rows of a sheet, as its sender had it: the titles and the
 * heading.
 * Shape:  JSON {name, titles: [{line, cells}], heading: [{line, cells}], date_1904}; cells as in
 *         survey/raw_row.h. A quarantine workbook has a first line and two columns more than its
 *         sender: they are left out, so that its own waiting rows go back in the same layout.
 * Units:  lines and columns as in survey/sheet.h.
 * Owns:   everything lives in the arena given.
 * Errors: ERR_SEAL when what comes from the base is no such JSON; ERR_INPUT for a heading that the
 *         form does not read any more.
 * Source: table sheet_layout; DESIGN 4 "survey problems". */
#ifndef SURVEY_LAYOUT_H
#define SURVEY_LAYOUT_H

#include "survey/heading.h"

/* Begins the first line of a quarantine workbook: "【talent:enterprise】…" names the form. */
#define LAYOUT_MARK "【talent:"
#define LAYOUT_REASONS "隔离原因" /* heading of the column that says what is wrong */

typedef struct Layout {
    const char *sheet_name; /* "" = the container has none */
    const Row *rows;        /* the titles, then the one or two rows of the heading */
    size_t count;
    bool date_1904;
    Heading heading;
} Layout;

/* The rows above a table, up to the last of its heading. */
const char *layout_write(Arena *arena, const Heading *heading, const Row *rows, size_t count,
                         bool date_1904);
ErrCode layout_read(Arena *arena, const Form *form, const char *json, Layout *ret_layout,
                    Err *err) MUST_CHECK;
/* The form's own title and headings, for rows of bases that did not keep their sender's. */
ErrCode layout_of_form(Arena *arena, const Form *form, Layout *ret_layout, Err *err) MUST_CHECK;

/* True for a column that a quarantine workbook has beyond its sender's. */
bool layout_adds(const Heading *heading, size_t column);
/* The form that the first line of a quarantine workbook names; NULL = it names none of these. */
const Form *layout_form(const Form *const *forms, size_t form_count, const Row *rows, size_t count);

#endif
