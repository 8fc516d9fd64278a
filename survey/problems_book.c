/* The rows in quarantine as a workbook: the questionnaire itself, each bad cell red with its
 * reason, to be mended and imported. */
#include "base/lang.h"
#include "base/text.h"
#include "survey/form_book.h"
#include "survey/problem_rows.h"

enum { REASONS_WIDTH = 60 };

static const Problem *problem_at(const ProblemRow *row, Target target)
{
    for (size_t i = 0; i < row->problem_count; i++)
        if (row->problems[i].target == target && row->problems[i].severity == SEVERITY_QUARANTINE)
            return &row->problems[i];
    return NULL;
}

static void write_cell(FormBook *book, const FormSheet *sheet, lxw_row_t at, Target target,
                       const char *text, const Problem *problem)
{
    int column = sheet->column_of[target];
    if (column < 0)
        return;
    if (*text)
        worksheet_write_string(sheet->sheet, at, (lxw_col_t)column, text,
                               problem ? book->bad : book->text);
    else if (problem)
        worksheet_write_blank(sheet->sheet, at, (lxw_col_t)column, book->bad);
    if (problem)
        worksheet_write_comment(sheet->sheet, at, (lxw_col_t)column,
                                problem_sentence(problem->code));
}

static void write_row(FormBook *book, const FormSheet *sheet, lxw_row_t at, lxw_col_t reasons,
                      const ProblemRow *row)
{
    const char *texts[TARGET_COUNT] = {NULL};
    for (size_t i = 0; i < row->raw.count; i++) {
        const RawCell *cell = &row->raw.cells[i];
        if (cell->target != TARGET_NONE && cell->target != TARGET_QUARANTINE_KEY)
            texts[cell->target] = problem_cell_text(book->arena, row, cell);
    }
    if (row->raw.implied != FACT_NONE && !texts[row->raw.implied])
        texts[row->raw.implied] = row->raw.implied_word;
    texts[TARGET_QUARANTINE_KEY] = quarantine_key_format(book->arena, row->key);
    for (Target target = 0; target < TARGET_COUNT; target++) {
        bool whole_row = target == TARGET_QUARANTINE_KEY;
        write_cell(book, sheet, at, target, texts[target] ? texts[target] : "",
                   problem_at(row, whole_row ? TARGET_NONE : target));
    }
    worksheet_write_string(sheet->sheet, at, reasons,
                           problem_reasons(book->arena, sheet->form, row), book->text);
}

ErrCode problems_write_book(Arena *arena, const ProblemRow *rows, size_t count, const char *file,
                            Err *err)
{
    const Form *const *forms;
    size_t form_count = 0;
    FormBook book;
    TRY(problem_forms(arena, rows, count, &forms, &form_count, err));
    if (form_count == 0)
        return err_set(err, ERR_NOT_FOUND, _("no row waits in quarantine: '%s' was not written"),
                       file);
    TRY(form_book_open(arena, file, &book, err));
    for (size_t i = 0; i < form_count; i++) {
        FormSheet sheet;
        form_book_sheet(&book, forms[i], true, &sheet);
        lxw_col_t reasons = form_book_column(&book, &sheet, "隔离原因", REASONS_WIDTH);
        lxw_row_t at = sheet.first_row;
        for (size_t row = 0; row < count; row++)
            if (text_equal(rows[row].raw.form, forms[i]->id))
                write_row(&book, &sheet, at++, reasons, &rows[row]);
    }
    return form_book_close(&book, err);
}
