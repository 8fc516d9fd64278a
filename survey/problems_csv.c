/* The rows in quarantine as .csv, as their sender laid them out: UTF-8 with its mark, every field
 * quoted, no field that a spreadsheet would run. */
#include "base/guard.h"
#include "base/lang.h"
#include "survey/problem_sheets.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A file being written; the first field of a record needs no comma. */
typedef struct Out {
    FILE *file;
    Arena *arena;
    const ProblemSource *source;
    const ProblemSheet *sheet;
} Out;

static void write_field(const Out *out, size_t column, const char *text)
{
    fputs(column == 0 ? "\"" : ",\"", out->file);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out->file);
        fputc(*text, out->file);
    }
    fputc('"', out->file);
}

static void end_record(const Out *out)
{
    fputs("\r\n", out->file);
}

static void write_above(const Out *out)
{
    const ProblemSheet *sheet = out->sheet;
    const Layout *layout = &sheet->layout;
    if (layout->count < HEADING_ROWS) {
        write_field(out, 0, problem_explanation(out->arena, sheet, false));
        end_record(out);
    }
    for (size_t i = 0; i < layout->count; i++) {
        const Row *row = &layout->rows[i];
        bool last = i + 1 == layout->count;
        for (size_t column = 0; column < (last ? sheet->width : row->count); column++)
            write_field(out, column,
                        guard_on(out->arena, column < row->count ? row->cells[column].text : ""));
        if (last) {
            write_field(out, sheet->width, LAYOUT_REASONS);
            write_field(out, sheet->width + 1,
                        form_column(sheet->form, TARGET_QUARANTINE_KEY)->heading);
        }
        end_record(out);
    }
}

static const char *text_of(const Out *out, const ProblemRow *row, size_t column)
{
    const RawRow *raw = &row->raw;
    for (size_t i = 0; i < raw->count; i++)
        if (problem_column(out->sheet, &raw->cells[i]) == column)
            return problem_cell_text(out->arena, row, &raw->cells[i]);
    bool implied =
        raw->implied != FACT_NONE && column == out->sheet->layout.heading.column_of[raw->implied];
    return implied ? raw->implied_word : "";
}

static void write_row(const Out *out, const ProblemRow *row)
{
    const ProblemSheet *sheet = out->sheet;
    for (size_t column = 0; column < sheet->width; column++)
        write_field(out, column, text_of(out, row, column));
    write_field(out, sheet->width, problem_reasons(out->arena, sheet, row));
    write_field(out, sheet->width + 1,
                quarantine_key_format(out->source->sealer, out->arena, row->shown));
    end_record(out);
}

/* Readable by its owner alone; whole or not there. */
static ErrCode write_file(Out *out, const char *part, Err *err)
{
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    out->file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!out->file)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), part);
    fputs("\xEF\xBB\xBF", out->file);
    write_above(out);
    for (size_t i = 0; i < out->sheet->count; i++)
        write_row(out, &out->sheet->rows[i]);
    bool failed = ferror(out->file) != 0;
    if (fclose(out->file) != 0 || failed)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), part);
    return OK;
}

ErrCode problems_write_csv(const ProblemSource *source, const ProblemSheet *sheets, size_t count,
                           const char *file, Err *err)
{
    if (count > 1) {
        err_set(err, ERR_REFUSED,
                _("the rows are of more than one table, and a .csv holds one table"));
        return err_hint(err, _("name a batch, or write a .xlsx"));
    }
    Out out = {.arena = source->arena, .source = source, .sheet = &sheets[0]};
    const char *part = arena_printf(source->arena, "%s.part", file);
    ErrCode code = write_file(&out, part, err);
    if (code == OK && rename(part, file) != 0)
        code = err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    if (code != OK)
        unlink(part);
    return code;
}
