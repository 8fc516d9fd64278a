/* Tables of figures as one picture: SVG 1.1, no scripts, no outside fonts. */
#include "base/buffer.h"
#include "base/figures.h"
#include "base/lang.h"
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

enum {
    WIDTH = 860,
    MARGIN = 24,
    TOP = 56,
    PLOT_HEIGHT = 300,
    BAR_HEIGHT = 18,
    BAR_STEP = 26,
    AXIS_ROOM = 44,
    LEGEND_ROOM = 26,
    TITLE_ROOM = 34,
    CHARACTER = 7, /* a terminal column's width at 12 px */
    LABEL_ROOM = 260,
    DIGITS_ROOM = 76,
    TICKS = 5,
    TICKS_AT_MOST = 12,
    SVG_BYTES = 64 << 20
};

typedef struct Plot {
    Buffer *out;
    Arena *arena;
    const FigureTable *table;
    double top, left, width, height, most; /* most: the number at the end of the axis */
    double step;                           /* from tick to tick */
} Plot;

/* Text as XML has it; control characters, which XML has not, become spaces. */
static const char *xml(Arena *arena, const char *text)
{
    AUTO_BUFFER out = BUFFER(1 << 20);
    for (const char *at = text; *at; at++) {
        if (*at == '&')
            buffer_text(&out, "&amp;");
        else if (*at == '<')
            buffer_text(&out, "&lt;");
        else if (*at == '>')
            buffer_text(&out, "&gt;");
        else if (*at == '"')
            buffer_text(&out, "&quot;");
        else
            buffer_char(&out, (unsigned char)*at < ' ' ? ' ' : *at);
    }
    return arena_strdup(arena, buffer_string(&out));
}

/* 1, 2 or 5 times a power of ten, so that about TICKS steps cover `most`. */
static double tick_step(double most)
{
    double raw = most / TICKS, power = pow(10, floor(log10(raw > 1 ? raw : 1)));
    double lead = raw / power;
    double step = (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
    return step < 1 ? 1 : step;
}

static const char *colour(Arena *arena, size_t series)
{
    return arena_printf(arena, "#%06x", figures_colour(series));
}

static size_t drawn_count(const FigureTable *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->series_count; i++)
        count += table->series[i].drawn;
    return count;
}

static double height_of(const FigureTable *table)
{
    double plot =
        table->shape == FIGURES_COURSE ? PLOT_HEIGHT : (double)table->row_count * BAR_STEP;
    return TITLE_ROOM + (drawn_count(table) > 1 ? LEGEND_ROOM : 0) + plot + AXIS_ROOM;
}

static void draw_legend(const Plot *plot, double y)
{
    double x = MARGIN;
    size_t drawn = 0;
    for (size_t i = 0; i < plot->table->series_count; i++) {
        if (!plot->table->series[i].drawn)
            continue;
        const char *title = plot->table->series[i].title;
        buffer_printf(plot->out,
                      "<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"12\" fill=\"%s\"/>"
                      "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                      x, y - 10, colour(plot->arena, drawn), x + 17, y, xml(plot->arena, title));
        x += 17 + (double)text_columns(title) * CHARACTER + 22;
        drawn++;
    }
}

static void draw_value_axis(const Plot *plot, bool upright)
{
    for (double at = 0; at <= plot->most + plot->step / 2; at += plot->step) {
        const char *text = figure_text(plot->arena, (Figure){true, (int64_t)at});
        if (upright) {
            double y = plot->top + plot->height * (1 - at / plot->most);
            buffer_printf(plot->out,
                          "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>"
                          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                          plot->left, y, plot->left + plot->width, y, plot->left - 8, y + 4, text);
        } else {
            double x = plot->left + plot->width * at / plot->most;
            buffer_printf(plot->out,
                          "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>"
                          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
                          x, plot->top, x, plot->top + plot->height, x,
                          plot->top + plot->height + 18, text);
        }
    }
}

static void draw_bar(const Plot *plot, size_t row)
{
    const FigureTable *table = plot->table;
    double y = plot->top + (double)row * BAR_STEP + (BAR_STEP - BAR_HEIGHT) / 2.0, x = plot->left;
    size_t drawn = 0;
    bool known = true;
    const char *label = text_cut(plot->arena, figures_row_text(plot->arena, table, row),
                                 (LABEL_ROOM - 10) / CHARACTER);
    buffer_printf(plot->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                  plot->left - 8, y + 13, xml(plot->arena, label));
    for (size_t i = 0; i < table->series_count; i++) {
        Figure figure = table->figures[row * table->series_count + i];
        if (!table->series[i].drawn)
            continue;
        known = known && figure.known;
        double wide = figure.known && figure.number > 0
                          ? plot->width * (double)figure.number / plot->most
                          : 0;
        if (wide > 0)
            buffer_printf(plot->out,
                          "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%d\" fill=\"%s\"/>",
                          x, y, wide, BAR_HEIGHT, colour(plot->arena, drawn));
        x += wide;
        drawn++;
    }
    const char *sum = figure_text(plot->arena, (Figure){known, figures_drawn(table, row)});
    buffer_printf(plot->out, "<text x=\"%.1f\" y=\"%.1f\" class=\"number\">%s</text>\n", x + 6,
                  y + 13, sum);
}

static double x_of(const Plot *plot, size_t row)
{
    size_t steps = plot->table->row_count > 1 ? plot->table->row_count - 1 : 1;
    return plot->left + plot->width * (double)row / (double)steps;
}

/* What is drawn of the series before this one, and of it too, at a row. */
static double sum_below(const FigureTable *table, size_t row, size_t series, bool with)
{
    double sum = 0;
    for (size_t i = 0; i < series + with; i++) {
        Figure figure = table->figures[row * table->series_count + i];
        if (table->series[i].drawn && figure.known && figure.number > 0)
            sum += (double)figure.number;
    }
    return sum;
}

/* Rows from `first` on in which everything that is drawn is known; a gap stays empty. */
static size_t known_until(const FigureTable *table, size_t first)
{
    for (size_t row = first; row < table->row_count; row++)
        for (size_t i = 0; i < table->series_count; i++)
            if (table->series[i].drawn && !table->figures[row * table->series_count + i].known)
                return row;
    return table->row_count;
}

static void draw_area(const Plot *plot, size_t series, const char *fill)
{
    const FigureTable *table = plot->table;
    for (size_t first = 0; first < table->row_count; first++) {
        size_t end = known_until(table, first);
        if (end > first)
            buffer_text(plot->out, "<polygon points=\"");
        for (size_t row = first; row < end; row++)
            buffer_printf(plot->out, "%.2f,%.2f ", x_of(plot, row),
                          plot->top + plot->height *
                                          (1 - sum_below(table, row, series, true) / plot->most));
        for (size_t row = end; row > first; row--)
            buffer_printf(plot->out, "%.2f,%.2f ", x_of(plot, row - 1),
                          plot->top + plot->height * (1 - sum_below(table, row - 1, series, false) /
                                                              plot->most));
        if (end > first)
            buffer_printf(
                plot->out,
                "\" fill=\"%s\" fill-opacity=\"0.85\" stroke=\"%s\" stroke-width=\"1\"/>\n", fill,
                fill);
        first = end;
    }
}

static void draw_course_axis(const Plot *plot)
{
    const FigureTable *table = plot->table;
    size_t every = (table->row_count + TICKS_AT_MOST - 1) / TICKS_AT_MOST;
    double y = plot->top + plot->height;
    for (size_t row = 0; row < table->row_count; row += every ? every : 1)
        buffer_printf(plot->out,
                      "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"axis\"/>"
                      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
                      x_of(plot, row), y, x_of(plot, row), y + 5, x_of(plot, row), y + 19,
                      xml(plot->arena, table->texts[row * table->label_count]));
    buffer_printf(plot->out,
                  "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" class=\"name\">%s</text>\n",
                  plot->left + plot->width / 2, y + 37, xml(plot->arena, table->labels[0].title));
}

static void draw_course(Plot *plot)
{
    size_t drawn = 0;
    plot->left = MARGIN + DIGITS_ROOM;
    plot->width = WIDTH - 2 * MARGIN - DIGITS_ROOM;
    plot->height = PLOT_HEIGHT;
    draw_value_axis(plot, true);
    for (size_t i = 0; i < plot->table->series_count; i++)
        if (plot->table->series[i].drawn)
            draw_area(plot, i, colour(plot->arena, drawn++));
    draw_course_axis(plot);
}

static void draw_parts(Plot *plot)
{
    size_t widest = 0;
    for (size_t row = 0; row < plot->table->row_count; row++) {
        size_t columns = text_columns(figures_row_text(plot->arena, plot->table, row));
        widest = columns > widest ? columns : widest;
    }
    double room = (double)widest * CHARACTER + 10;
    room = room > LABEL_ROOM ? LABEL_ROOM : room;
    plot->left = MARGIN + room;
    plot->width = WIDTH - 2 * MARGIN - room - DIGITS_ROOM;
    plot->height = (double)plot->table->row_count * BAR_STEP;
    draw_value_axis(plot, false);
    for (size_t row = 0; row < plot->table->row_count; row++)
        draw_bar(plot, row);
}

static void draw_table(Buffer *out, Arena *arena, const FigureTable *table, double top)
{
    double most = (double)figures_most(table), step = tick_step(most);
    Plot plot = {
        .out = out, .arena = arena, .table = table, .step = step, .most = ceil(most / step) * step};
    buffer_printf(out, "<text x=\"%d\" y=\"%.1f\" class=\"title\">%s</text>\n", MARGIN, top + 20,
                  xml(arena, table->title));
    plot.top = top + TITLE_ROOM;
    if (drawn_count(table) > 1) {
        draw_legend(&plot, plot.top + 10);
        plot.top += LEGEND_ROOM;
    }
    if (table->shape == FIGURES_COURSE)
        draw_course(&plot);
    else
        draw_parts(&plot);
}

static void draw(const Bulletin *bulletin, Buffer *out)
{
    double height = TOP + (bulletin->note ? 2 * MARGIN : MARGIN), top = TOP;
    for (size_t i = 0; i < bulletin->table_count; i++)
        height += drawn_count(bulletin->tables[i]) ? height_of(bulletin->tables[i]) : 0;
    buffer_printf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
                  "viewBox=\"0 0 %d %.0f\">\n<style>text{font:12px 'Noto Sans CJK SC','Microsoft "
                  "YaHei','WenQuanYi Micro Hei',sans-serif;fill:#333}.head{font-size:17px;"
                  "font-weight:bold}.title{font-size:14px;font-weight:bold}.grid{stroke:#ddd}"
                  ".axis{stroke:#666}</style>\n<rect width=\"100%%\" height=\"100%%\" "
                  "fill=\"white\"/>\n<text x=\"%d\" y=\"34\" class=\"head\">%s</text>\n",
                  WIDTH, height, WIDTH, height, MARGIN, xml(bulletin->arena, bulletin->title));
    for (size_t i = 0; i < bulletin->table_count; i++) {
        if (!drawn_count(bulletin->tables[i]))
            continue;
        draw_table(out, bulletin->arena, bulletin->tables[i], top);
        top += height_of(bulletin->tables[i]);
    }
    if (bulletin->note)
        buffer_printf(out, "<text x=\"%d\" y=\"%.1f\">%s</text>\n", MARGIN, height - MARGIN / 2.0,
                      xml(bulletin->arena, bulletin->note));
    buffer_text(out, "</svg>\n");
}

ErrCode bulletin_write_svg(const Bulletin *bulletin, const char *file, Err *err)
{
    AUTO_BUFFER picture = BUFFER(SVG_BYTES);
    draw(bulletin, &picture);
    TRY(buffer_check(&picture, _("the picture"), err));
    FILE *out = fopen(file, "wxe");
    if (!out)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    bool fine = fwrite(picture.bytes, 1, picture.length, out) == picture.length &&
                fflush(out) == 0 && fsync(fileno(out)) == 0;
    int failure = errno;
    fine = fclose(out) == 0 && fine;
    return fine ? OK : err_errno(err, ERR_IO, failure, _("cannot write '%s'"), file);
}
