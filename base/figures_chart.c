/* Tables of figures as bars on a terminal. */
#include "base/figures.h"
#include "base/render.h"
#include "base/text.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PLAIN_COLUMNS = 80, LEAST_COLUMNS = 40, MOST_COLUMNS = 200, LEAST_BAR = 8, LABEL_SHARE = 2 };

/* The glyph tells the parts of a bar apart where there is no colour. */
static const struct {
    const char *glyph;
    Style style;
} PARTS[] = {
    {"█", STYLE_GOOD}, {"▓", STYLE_WARN}, {"▒", STYLE_BAD}, {"░", STYLE_DIM}, {"▚", STYLE_BOLD}};
enum { PART_COUNT = sizeof PARTS / sizeof *PARTS };

static size_t terminal_columns(FILE *out)
{
    struct winsize size;
    const char *said = getenv("COLUMNS");
    size_t columns = said ? (size_t)strtoul(said, NULL, 10) : PLAIN_COLUMNS;
    if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        columns = size.ws_col;
    columns = columns > MOST_COLUMNS ? MOST_COLUMNS : columns;
    return columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns;
}

static size_t drawn_series(const FigureTable *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->series_count; i++)
        count += table->series[i].drawn;
    return count;
}

static void print_legend(FILE *out, const FigureTable *table, size_t columns)
{
    enum { GAP = 3, INDENT = 2 };
    size_t part = 0, used = 0;
    for (size_t i = 0; i < table->series_count; i++) {
        if (!table->series[i].drawn)
            continue;
        size_t width = text_columns(table->series[i].title) + 2;
        bool next_line = used && used + GAP + width > columns;
        fprintf(out, "%s%*s", next_line ? "\n" : "", used && !next_line ? GAP : INDENT, "");
        fprintf(out, "%s%s%s %s", render_style(out, PARTS[part % PART_COUNT].style),
                PARTS[part % PART_COUNT].glyph, render_plain(out), table->series[i].title);
        used = used && !next_line ? used + GAP + width : INDENT + width;
        part++;
    }
    fputc('\n', out);
}

/* Parts end where their running sum ends, so that a row's bar is as long as its sum. */
static void print_parts(FILE *out, const FigureTable *table, size_t row, int64_t most,
                        size_t columns)
{
    int64_t sum = 0;
    size_t part = 0, at = 0;
    for (size_t i = 0; i < table->series_count; i++) {
        Figure figure = table->figures[row * table->series_count + i];
        if (!table->series[i].drawn)
            continue;
        sum += figure.known && figure.number > 0 ? figure.number : 0;
        size_t end = (size_t)((double)sum * (double)columns / (double)most + 0.5);
        fputs(at < end ? render_style(out, PARTS[part % PART_COUNT].style) : "", out);
        bool any = at < end;
        for (; at < end; at++)
            fputs(PARTS[part % PART_COUNT].glyph, out);
        fputs(any ? render_plain(out) : "", out);
        part++;
    }
}

/* A row's number is that of its only drawn series, or the sum of them. */
static const char *row_number(Arena *arena, const FigureTable *table, size_t row)
{
    bool known = true;
    for (size_t i = 0; i < table->series_count; i++)
        known = known &&
                (!table->series[i].drawn || table->figures[row * table->series_count + i].known);
    return figure_text(arena, (Figure){known, figures_drawn(table, row)});
}

static void print_table(FILE *out, Arena *arena, const FigureTable *table, size_t columns)
{
    size_t label = 0, number = 0;
    int64_t most = figures_most(table);
    for (size_t row = 0; row < table->row_count; row++) {
        size_t wide = text_columns(figures_row_text(arena, table, row));
        size_t digits = text_columns(row_number(arena, table, row));
        label = wide > label ? wide : label;
        number = digits > number ? digits : number;
    }
    label = label > columns / LABEL_SHARE ? columns / LABEL_SHARE : label;
    size_t taken = 2 + label + 2 + number + 2;
    size_t bar = columns > taken + LEAST_BAR ? columns - taken : LEAST_BAR;
    fprintf(out, "\n%s%s%s\n", render_style(out, STYLE_BOLD), table->title, render_plain(out));
    bool several = drawn_series(table) > 1;
    if (several)
        print_legend(out, table, columns);
    for (size_t row = 0; row < table->row_count; row++) {
        const char *text = text_cut(arena, figures_row_text(arena, table, row), label);
        const char *digits = row_number(arena, table, row);
        fprintf(out, "  %s%*s  %*s%s  ", text, (int)(label - text_columns(text)), "",
                (int)(number - text_columns(digits)), "", digits);
        if (several)
            print_parts(out, table, row, most, bar);
        else
            fputs(render_bar(arena, figures_drawn(table, row), most, (int)bar), out);
        fputc('\n', out);
    }
}

void bulletin_chart(const Bulletin *bulletin, FILE *out)
{
    size_t columns = terminal_columns(out);
    fprintf(out, "%s\n", bulletin->title);
    for (size_t i = 0; i < bulletin->table_count; i++)
        if (bulletin->tables[i]->row_count && drawn_series(bulletin->tables[i]))
            print_table(out, bulletin->arena, bulletin->tables[i], columns);
    if (bulletin->note)
        fprintf(out, "\n%s\n", bulletin->note);
}
