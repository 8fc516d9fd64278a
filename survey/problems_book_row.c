/* One row that waits, cell by cell as it came, with what is wrong with each. */
#include "survey/problems_book.h"

#include "base/text.h"

enum { CELL_BYTES = 32767 };            /* libxlsxwriter writes no longer text */
static const double SHOWN_WHOLE = 1e11; /* a number from here on is shown rounded */

static Mark mark_of(const Problem *problem)
{
    return problem->severity == SEVERITY_QUARANTINE ? MARK_BAD : MARK_NOTE;
}

static bool kept_as_text(const ProblemSheet *sheet, size_t column)
{
    const Heading *heading = &sheet->layout.heading;
    const FormHeading *known = column < heading->width ? heading->columns[column] : NULL;
    return known && form_column(sheet->form, known->target)->text;
}

static void write_text(const ProblemsTable *table, lxw_row_t at, size_t column, const char *text,
                       Mark mark)
{
    Look look = column == table->from->width ? LOOK_REASONS : LOOK_TEXT;
    lxw_format *format = table->book->looks[look][mark];
    if (*text)
        worksheet_write_string(table->to, at, (lxw_col_t)column, text, format);
    else if (mark != MARK_NONE)
        worksheet_write_blank(table->to, at, (lxw_col_t)column, format);
}

/* A cell as it came: its text where a number would be shown or typed over as another. */
static void write_cell(const ProblemsTable *table, lxw_row_t at, const ProblemRow *row,
                       const RawCell *cell, Mark mark)
{
    const ProblemsBook *book = table->book;
    size_t column = problem_column(table->from, cell);
    lxw_format *const *looks[LOOK_COUNT] = {book->looks[LOOK_TEXT], book->looks[LOOK_NUMBER],
                                            book->looks[LOOK_DATE]};
    if (cell->kind == CELL_DATE) {
        double serial = cell->number + (row->raw.date_1904 ? BOOK_SERIAL_1904 : 0);
        worksheet_write_number(table->to, at, (lxw_col_t)column, serial, looks[LOOK_DATE][mark]);
    } else if (cell->kind == CELL_BOOL) {
        worksheet_write_boolean(table->to, at, (lxw_col_t)column, cell->number != 0,
                                looks[LOOK_NUMBER][mark]);
    } else if (cell->kind == CELL_NUMBER && cell->number < SHOWN_WHOLE && !row->raw.date_1904 &&
               !kept_as_text(table->from, column)) {
        worksheet_write_number(table->to, at, (lxw_col_t)column, cell->number,
                               looks[LOOK_NUMBER][mark]);
    } else {
        const char *text = problem_cell_text(book->source->arena, row, cell);
        write_text(table, at, column, strlen(text) > CELL_BYTES ? cell->text : text, mark);
    }
}

const char *problems_book_said(const ProblemsTable *table, const ProblemRow *row,
                               ProblemPlace place, Mark *ret_mark)
{
    const char *all = NULL;
    *ret_mark = MARK_NONE;
    for (size_t i = 0; i < row->problem_count; i++) {
        const Problem *problem = &row->problems[i];
        ProblemPlace at = problem_place(table->from, row, problem);
        if (at.line != place.line || at.column != place.column)
            continue;
        const char *sentence = problem_sentence(problem->code);
        all = all ? arena_printf(table->book->source->arena, "%s\n%s", all, sentence) : sentence;
        *ret_mark = mark_of(problem) > *ret_mark ? mark_of(problem) : *ret_mark;
    }
    return all;
}

void problems_book_comment(const ProblemsTable *table, lxw_row_t at, size_t column,
                           const char *text)
{
    static lxw_comment_options options = {.x_scale = 2.2, .y_scale = 1.1};
    if (text)
        worksheet_write_comment_opt(table->to, at, (lxw_col_t)column, text, &options);
}

void problems_book_row(const ProblemsTable *table, lxw_row_t at, const ProblemRow *row)
{
    const ProblemSheet *from = table->from;
    Arena *arena = table->book->source->arena;
    const RawCell **cells = arena_array(arena, const RawCell *, from->width);
    for (size_t column = 0; column < from->width; column++)
        cells[column] = NULL;
    for (size_t i = 0; i < row->raw.count; i++) {
        size_t column = problem_column(from, &row->raw.cells[i]);
        if (column < from->width)
            cells[column] = &row->raw.cells[i];
    }
    const size_t *column_of = from->layout.heading.column_of;
    for (size_t column = 0; column <= from->width; column++) {
        Mark mark;
        const char *said =
            problems_book_said(table, row, (ProblemPlace){.line = 0, .column = column}, &mark);
        if (column == from->width)
            write_text(table, at, column, problem_reasons(arena, from, row), mark);
        else if (cells[column])
            write_cell(table, at, row, cells[column], mark);
        else if (row->raw.implied != FACT_NONE && column == column_of[row->raw.implied])
            write_text(table, at, column, row->raw.implied_word, mark);
        else
            write_text(table, at, column, "", mark);
        problems_book_comment(table, at, column, said);
    }
    write_text(table, at, from->width + 1,
               quarantine_key_format(table->book->source->sealer, arena, row->shown), MARK_NONE);
}
