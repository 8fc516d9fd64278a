#include "outreach/export.h"

#include "base/guard.h"
#include "base/lang.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { XLSX_ROWS_AT_MOST = 1048576, CELL_CHARACTERS = 32767 };

struct Export {
    Arena *arena;
    char *file, *temporary; /* one allocation, which file begins */
    unsigned columns;
    uint64_t rows;
    FILE *csv;              /* one of the two */
    lxw_workbook *workbook; /* in constant memory: rows go to disk as they come */
    lxw_worksheet *sheet;
    ErrCode code; /* the first failure */
    int failure;  /* its errno */
};

static void csv_cell(Export *export, const char *text)
{
    fputc('"', export->csv);
    for (const char *at = guard_on(export->arena, text); *at; at++) {
        if (*at == '"')
            fputc('"', export->csv);
        fputc(*at, export->csv);
    }
    fputc('"', export->csv);
}

static void csv_row(Export *export, const char *const *cells)
{
    for (unsigned at = 0; at < export->columns; at++) {
        if (at > 0)
            fputc(',', export->csv);
        if (cells[at] && *cells[at])
            csv_cell(export, cells[at]);
    }
    fputs("\r\n", export->csv);
    if (ferror(export->csv) && export->code == OK) {
        export->code = ERR_IO;
        export->failure = errno;
    }
}

static void xlsx_row(Export *export, const char *const *cells)
{
    if (export->rows >= XLSX_ROWS_AT_MOST) {
        export->code = ERR_LIMIT;
        return;
    }
    for (unsigned at = 0; at < export->columns; at++) {
        if (cells[at] && *cells[at] && export->code == OK &&
            worksheet_write_string(export->sheet, (lxw_row_t) export->rows, (lxw_col_t)at,
                                   cells[at], NULL) != LXW_NO_ERROR)
            export->code = ERR_IO;
    }
}

void export_row(Export *export, const char *const *cells)
{
    if (export->code == OK && export->csv)
        csv_row(export, cells);
    else if (export->code == OK)
        xlsx_row(export, cells);
    export->rows++;
    arena_reset(export->arena);
}

static ErrCode target_open(Export *export, Err *err)
{
    if (text_ends(export->file, ".csv")) {
        export->csv = fopen(export->temporary, "wxe");
        if (!export->csv)
            return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), export->file);
        fputs("\xEF\xBB\xBF", export->csv);
        return OK;
    }
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    export->workbook = workbook_new_opt(export->temporary, &options);
    export->sheet = export->workbook ? workbook_add_worksheet(export->workbook, NULL) : NULL;
    return export->sheet ? OK : err_set(err, ERR_IO, _("cannot write '%s'"), export->file);
}

ErrCode export_open(const char *file, const char *const *headings, Export **ret_export, Err *err)
{
    Export *export = calloc(1, sizeof *export);
    assert(export);
    size_t bytes = strlen(file) + 32;
    char *names = malloc(2 * bytes);
    assert(names);
    snprintf(names, bytes, "%s", file);
    snprintf(names + bytes, bytes, "%s.%d.part", file, getpid());
    *export = (Export){.file = names, .temporary = names + bytes, .arena = arena_new(0)};
    while (headings[export->columns])
        export->columns++;
    ErrCode code = target_open(export, err);
    if (code != OK) {
        Err ignored;
        (void)!export_close(export, false, &ignored);
        return code;
    }
    export_row(export, headings);
    *ret_export = export;
    return OK;
}

/* Flushes what was written to disk; the first failure stays the one that is told. */
static void target_close(Export *export)
{
    bool fine = true;
    if (export->csv) {
        fine = fflush(export->csv) == 0 && fsync(fileno(export->csv)) == 0;
        int failure = errno;
        fine = fclose(export->csv) == 0 && fine;
        export->failure = fine || export->failure ? export->failure : failure;
    } else if (export->workbook) {
        fine = workbook_close(export->workbook) == LXW_NO_ERROR;
    }
    if (!fine && export->code == OK)
        export->code = ERR_IO;
}

ErrCode export_close(Export *export, bool keep, Err *err)
{
    target_close(export);
    ErrCode code = export->code;
    if (code == ERR_LIMIT) {
        (void)err_set(err, code, _("'%s' would have more than %d rows"), export->file,
                      XLSX_ROWS_AT_MOST);
        (void)err_hint(err, _("write a .csv instead"));
    } else if (code != OK) {
        (void)err_errno(err, code, export->failure, _("cannot write '%s'"), export->file);
    } else if (keep && rename(export->temporary, export->file) != 0) {
        code = err_errno(err, ERR_IO, errno, _("cannot write '%s'"), export->file);
    }
    if ((code != OK || !keep) && (export->csv || export->workbook))
        unlink(export->temporary);
    arena_free(export->arena);
    free(export->file);
    free(export);
    return code;
}
