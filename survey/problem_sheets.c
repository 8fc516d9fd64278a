#include "survey/problem_sheets.h"

#include "base/buffer.h"
#include "base/lang.h"
#include "base/text.h"

#include <ctype.h>

enum { REASONS_BYTES = 64 * 1024 };

/* The layouts that the base keeps, in the order batch, sheet. */
typedef struct Kept {
    int64_t batch;
    unsigned sheet;
    const char *json, *file;
} Kept;

static ErrCode load_kept(const ProblemSource *source, Kept **ret_kept, size_t *ret_count, Err *err)
{
    int64_t last = source->batch == 0 ? INT64_MAX : source->batch;
    AUTO_ROWS rows = NULL;
    TRY(db_query(source->db, QUERY_SURVEY_LAYOUT_LIST, PARAMS(v_int(source->batch), v_int(last)),
                 &rows, err));
    Kept *kept = arena_array(source->arena, Kept, (size_t)rows_count(rows) + 1);
    size_t count = 0;
    while (rows_next(rows)) {
        size_t length;
        char *json;
        const void *sealed = rows_bytes(rows, 2, &length);
        TRY(unseal(source->sealer, source->arena, sealed, length, &json, err));
        kept[count++] = (Kept){rows_int(rows, 0), (unsigned)rows_int(rows, 1), json,
                               arena_strdup(source->arena, rows_text(rows, 3))};
    }
    *ret_kept = kept;
    *ret_count = count;
    return OK;
}

/* "roster" of "roster.csv". */
static const char *stem(Arena *arena, const char *file)
{
    const char *dot = strrchr(file, '.');
    return dot && dot > file ? arena_strndup(arena, file, (size_t)(dot - file)) : file;
}

static size_t width_of(const ProblemSheet *sheet)
{
    size_t width = sheet->layout.heading.width;
    for (size_t i = 0; i < sheet->count; i++)
        for (size_t cell = 0; cell < sheet->rows[i].raw.count; cell++) {
            size_t column = problem_column(sheet, &sheet->rows[i].raw.cells[cell]);
            if (column != COLUMN_NONE && column >= width)
                width = column + 1;
        }
    return width;
}

static ErrCode fill_sheet(const ProblemSource *source, const Kept *kept, ProblemSheet *sheet,
                          Err *err)
{
    Arena *arena = source->arena;
    TRY(form_load(arena, sheet->rows[0].raw.form, &sheet->form, err));
    sheet->own = kept != NULL;
    if (kept)
        TRY(layout_read(arena, sheet->form, kept->json, &sheet->layout, err));
    else
        TRY(layout_of_form(arena, sheet->form, &sheet->layout, err));
    const char *name = sheet->layout.sheet_name;
    sheet->name = *name || !kept ? name : stem(arena, kept->file);
    sheet->width = width_of(sheet);
    return OK;
}

static bool same_table(const ProblemRow *a, const ProblemRow *b)
{
    return a->key.batch == b->key.batch && a->key.sheet == b->key.sheet;
}

ErrCode problem_sheets_load(const ProblemSource *source, const ProblemRow *rows, size_t count,
                            ProblemSheet **ret_sheets, size_t *ret_count, Err *err)
{
    Kept *kept;
    size_t kept_count, at = 0, made = 0;
    TRY(load_kept(source, &kept, &kept_count, err));
    ProblemSheet *sheets = arena_array(source->arena, ProblemSheet, count + 1);
    for (size_t first = 0; first < count;) {
        ProblemSheet *sheet = &sheets[made++];
        *sheet = (ProblemSheet){.rows = &rows[first]};
        while (first < count && same_table(&rows[first], sheet->rows)) {
            sheet->count++;
            first++;
        }
        QuarantineKey key = sheet->rows[0].key;
        while (at < kept_count && (kept[at].batch < key.batch ||
                                   (kept[at].batch == key.batch && kept[at].sheet < key.sheet)))
            at++;
        bool is = at < kept_count && kept[at].batch == key.batch && kept[at].sheet == key.sheet;
        TRY(fill_sheet(source, is ? &kept[at] : NULL, sheet, err));
    }
    *ret_sheets = sheets;
    *ret_count = made;
    return OK;
}

size_t problem_column(const ProblemSheet *sheet, const RawCell *cell)
{
    if (sheet->own)
        return cell->column;
    return cell->target == TARGET_NONE ? COLUMN_NONE
                                       : sheet->layout.heading.column_of[cell->target];
}

/* "F12" → column 5, line 12. */
static bool read_cell_name(const char *name, size_t *ret_column, unsigned *ret_line)
{
    size_t column = 0;
    const char *at = name;
    for (; isupper((unsigned char)*at); at++)
        column = column * 26 + (size_t)(*at - 'A' + 1);
    if (at == name || !isdigit((unsigned char)*at))
        return false;
    *ret_column = column - 1;
    *ret_line = (unsigned)strtoul(at, NULL, 10);
    return true;
}

ProblemPlace problem_place(const ProblemSheet *sheet, const ProblemRow *row, const Problem *problem)
{
    ProblemPlace place = {.line = 0, .column = sheet->width};
    size_t column;
    unsigned line;
    if (problem->target == TARGET_NONE)
        return place;
    if (!sheet->own) {
        column = sheet->layout.heading.column_of[problem->target];
        place.column = column == COLUMN_NONE ? sheet->width : column;
    } else if (read_cell_name(problem->cell, &column, &line)) {
        place.line = line == row->key.line ? 0 : line;
        place.column = column < sheet->width || place.line != 0 ? column : sheet->width;
    }
    return place;
}

static const char *heading_of(const ProblemSheet *sheet, const ProblemRow *row,
                              const Problem *problem)
{
    const Heading *heading = &sheet->layout.heading;
    ProblemPlace place = problem_place(sheet, row, problem);
    if (place.line == 0 && place.column < heading->width && *heading->texts[place.column])
        return heading->texts[place.column];
    const FormColumn *column =
        problem->target == TARGET_NONE ? NULL : form_column(sheet->form, problem->target);
    return column ? column->heading : NULL;
}

const char *problem_reasons(Arena *arena, const ProblemSheet *sheet, const ProblemRow *row)
{
    AUTO_BUFFER text = BUFFER(REASONS_BYTES);
    for (size_t i = 0; i < row->problem_count; i++) {
        const Problem *problem = &row->problems[i];
        if (problem->severity != SEVERITY_QUARANTINE)
            continue;
        const char *heading = heading_of(sheet, row, problem);
        buffer_printf(&text, "%s%s%s%s", text.length ? "; " : "", heading ? heading : "",
                      heading ? ": " : "", problem_sentence(problem->code));
    }
    return arena_strdup(arena, buffer_string(&text));
}

const char *problem_explanation(Arena *arena, const ProblemSheet *sheet, bool hidden_number)
{
    const char *text =
        hidden_number
            ? _("Mend the red cells (the reason is in each one's comment and in the last column; "
                "yellow ones may stay), save, and import this file. Rows may be deleted and "
                "sorted; rows that are not mended go on waiting. Leave the hidden last column and "
                "this line as they are.")
            : _("Mend what the column before the last says, save, and import this file. Rows may "
                "be deleted and sorted; rows that are not mended go on waiting. Leave the last "
                "column and this line as they are.");
    return arena_printf(arena, LAYOUT_MARK "%s】%s", sheet->form->id, text);
}
