#include "base/figures.h"

#include "base/guard.h"
#include "base/lang.h"
#include "base/render.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

enum { FIRST_TABLES = 8, FIRST_ROWS = 32 };

Bulletin *bulletin_new(Arena *arena, const char *title, const char *note)
{
    Bulletin *bulletin = arena_alloc(arena, sizeof *bulletin);
    *bulletin = (Bulletin){.arena = arena,
                           .title = arena_strdup(arena, title),
                           .note = note ? arena_strdup(arena, note) : NULL,
                           .tables = arena_array(arena, FigureTable *, FIRST_TABLES),
                           .room = FIRST_TABLES};
    return bulletin;
}

FigureTable *bulletin_table(Bulletin *bulletin, const char *title, FigureShape shape)
{
    FigureTable *table = arena_alloc(bulletin->arena, sizeof *table);
    *table = (FigureTable){.title = arena_strdup(bulletin->arena, title), .shape = shape};
    if (bulletin->table_count == bulletin->room) {
        FigureTable **more = arena_array(bulletin->arena, FigureTable *, 2 * bulletin->room);
        memcpy(more, bulletin->tables, bulletin->room * sizeof(FigureTable *));
        bulletin->tables = more;
        bulletin->room *= 2;
    }
    bulletin->tables[bulletin->table_count++] = table;
    return table;
}

void figures_label(Bulletin *bulletin, FigureTable *table, const char *title)
{
    assert(table->row_count == 0 && table->label_count < FIGURE_LABELS);
    table->labels[table->label_count++] = (FigureTitle){arena_strdup(bulletin->arena, title), true};
}

void figures_series(Bulletin *bulletin, FigureTable *table, const char *title, bool drawn)
{
    assert(table->row_count == 0 && table->series_count < FIGURE_SERIES);
    table->series[table->series_count++] =
        (FigureTitle){arena_strdup(bulletin->arena, title), drawn};
}

static void grow(Arena *arena, FigureTable *table)
{
    size_t room = table->room ? 2 * table->room : FIRST_ROWS;
    const char **texts = arena_array(arena, const char *, room * table->label_count + 1);
    Figure *figures = arena_array(arena, Figure, room * table->series_count + 1);
    if (table->row_count) {
        memcpy(texts, table->texts, table->row_count * table->label_count * sizeof(char *));
        memcpy(figures, table->figures, table->row_count * table->series_count * sizeof *figures);
    }
    table->texts = texts;
    table->figures = figures;
    table->room = room;
}

void figures_row(Bulletin *bulletin, FigureTable *table, const char *const *labels,
                 const Figure *figures)
{
    if (table->row_count == table->room)
        grow(bulletin->arena, table);
    for (size_t i = 0; i < table->label_count; i++)
        table->texts[table->row_count * table->label_count + i] =
            arena_strdup(bulletin->arena, labels[i]);
    memcpy(table->figures + table->row_count * table->series_count, figures,
           table->series_count * sizeof *figures);
    table->row_count++;
}

Figure figure_of(const json_t *value)
{
    return (Figure){.known = json_is_integer(value), .number = json_integer_value(value)};
}

const char *figure_text(Arena *arena, Figure figure)
{
    return figure.known ? render_number(arena, figure.number) : "…";
}

const char *figure_change(Arena *arena, Figure figure)
{
    const char *text = figure_text(arena, figure);
    return figure.known && figure.number > 0 ? arena_printf(arena, "+%s", text) : text;
}

const char *figures_row_text(Arena *arena, const FigureTable *table, size_t row)
{
    const char *text = "";
    for (size_t i = 0; i < table->label_count; i++)
        text = arena_printf(arena, "%s%s%s", text, i ? " · " : "",
                            table->texts[row * table->label_count + i]);
    return text;
}

int64_t figures_drawn(const FigureTable *table, size_t row)
{
    int64_t sum = 0;
    for (size_t i = 0; i < table->series_count; i++) {
        Figure figure = table->figures[row * table->series_count + i];
        if (table->series[i].drawn && figure.known && figure.number > 0)
            sum += figure.number;
    }
    return sum;
}

int64_t figures_most(const FigureTable *table)
{
    int64_t most = 1;
    for (size_t row = 0; row < table->row_count; row++) {
        int64_t drawn = figures_drawn(table, row);
        most = drawn > most ? drawn : most;
    }
    return most;
}

uint32_t figures_colour(size_t drawn)
{
    /* Okabe and Ito's, which the colour-blind tell apart. */
    static const uint32_t COLOURS[] = {0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0xd55e00, 0x56b4e9};
    return COLOURS[drawn % (sizeof COLOURS / sizeof *COLOURS)];
}

static void csv_text(Arena *arena, FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *at = guard_on(arena, text); *at; at++) {
        if (*at == '"')
            fputc('"', out);
        fputc(*at, out);
    }
    fputc('"', out);
}

static void csv_titles(Arena *arena, FILE *out, const FigureTable *table)
{
    for (size_t i = 0; i < table->label_count + table->series_count; i++) {
        const FigureTitle *title =
            i < table->label_count ? &table->labels[i] : &table->series[i - table->label_count];
        fputs(i ? "," : "", out);
        csv_text(arena, out, title->title);
    }
    fputs("\r\n", out);
}

static void csv_table(Arena *arena, FILE *out, const FigureTable *table)
{
    csv_titles(arena, out, table);
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < table->label_count; i++) {
            fputs(i ? "," : "", out);
            csv_text(arena, out, table->texts[row * table->label_count + i]);
        }
        for (size_t i = 0; i < table->series_count; i++) {
            Figure figure = table->figures[row * table->series_count + i];
            fputs(i || table->label_count ? "," : "", out);
            if (figure.known)
                fprintf(out, "%" PRId64, figure.number);
            else
                fputs("…", out);
        }
        fputs("\r\n", out);
    }
}

/* RFC 4180, UTF-8 with BOM for Excel. One table is a plain table; of several each has its title
 * above it and an empty line between. */
static ErrCode write_csv(const Bulletin *bulletin, const char *file, Err *err)
{
    FILE *out = fopen(file, "wxe");
    if (!out)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    fputs("\xEF\xBB\xBF", out);
    for (size_t i = 0; i < bulletin->table_count; i++) {
        const FigureTable *table = bulletin->tables[i];
        fputs(i ? "\r\n" : "", out);
        if (bulletin->table_count > 1) {
            csv_text(bulletin->arena, out, table->title);
            fputs("\r\n", out);
        }
        csv_table(bulletin->arena, out, table);
    }
    bool fine = !ferror(out) && fflush(out) == 0 && fsync(fileno(out)) == 0;
    int failure = errno;
    fine = fclose(out) == 0 && fine;
    return fine ? OK : err_errno(err, ERR_IO, failure, _("cannot write '%s'"), file);
}

ErrCode bulletin_write(const Bulletin *bulletin, const char *file, Err *err)
{
    const char *part = arena_printf(bulletin->arena, "%s.%d.part", file, getpid());
    ErrCode code = text_ends(file, ".csv")    ? write_csv(bulletin, part, err)
                   : text_ends(file, ".xlsx") ? bulletin_write_book(bulletin, part, err)
                                              : bulletin_write_svg(bulletin, part, err);
    if (code == OK && rename(part, file) != 0)
        code = err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    if (code != OK)
        unlink(part);
    return code;
}
