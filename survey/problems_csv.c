/* The rows in quarantine as .csv: UTF-8 with its mark, every field quoted, no field that a
 * spreadsheet would run. */
#include "base/lang.h"
#include "survey/problem_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void write_field(FILE *out, bool first, const char *text)
{
    fputs(first ? "\"" : ",\"", out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_headings(FILE *out, const Form *form)
{
    write_field(out, true, form_column(form, TARGET_QUARANTINE_KEY)->heading);
    for (size_t i = 0; i < form->column_count; i++)
        if (!form->columns[i].hidden)
            write_field(out, false, form->columns[i].heading);
    write_field(out, false, "隔离原因");
    fputs("\r\n", out);
}

static const char *text_of(Arena *arena, const ProblemRow *row, Target target)
{
    for (size_t i = 0; i < row->raw.count; i++)
        if (row->raw.cells[i].target == target)
            return problem_cell_text(arena, row, &row->raw.cells[i]);
    return (FactId)target == row->raw.implied ? row->raw.implied_word : "";
}

static void write_row(FILE *out, Arena *arena, const Form *form, const ProblemRow *row)
{
    write_field(out, true, quarantine_key_format(arena, row->key));
    for (size_t i = 0; i < form->column_count; i++)
        if (!form->columns[i].hidden)
            write_field(out, false, text_of(arena, row, form->columns[i].target));
    write_field(out, false, problem_reasons(arena, form, row));
    fputs("\r\n", out);
}

/* Readable by its owner alone; whole or not there. */
static ErrCode write_file(Arena *arena, const Form *form, const ProblemRow *rows, size_t count,
                          const char *part, Err *err)
{
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!out)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), part);
    fputs("\xEF\xBB\xBF", out);
    write_headings(out, form);
    for (size_t i = 0; i < count; i++)
        write_row(out, arena, form, &rows[i]);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), part);
    return OK;
}

ErrCode problems_write_csv(Arena *arena, const ProblemRow *rows, size_t count, const char *file,
                           Err *err)
{
    const Form *const *forms;
    size_t form_count = 0;
    TRY(problem_forms(arena, rows, count, &forms, &form_count, err));
    if (form_count == 0)
        return err_set(err, ERR_NOT_FOUND, _("no row waits in quarantine: '%s' was not written"),
                       file);
    if (form_count > 1) {
        err_set(err, ERR_REFUSED,
                _("the rows are of more than one form, and a .csv holds one table"));
        return err_hint(err, _("name a batch, or write a .xlsx"));
    }
    const char *part = arena_printf(arena, "%s.part", file);
    ErrCode code = write_file(arena, forms[0], rows, count, part, err);
    if (code == OK && rename(part, file) != 0)
        code = err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    if (code != OK)
        unlink(part);
    return code;
}
