/* Tables of figures as a workbook: a sheet each, its chart beside it. */
#include "base/figures.h"
#include "base/lang.h"
#include "base/text.h"

#include <errno.h>
#include <xlsxwriter.h>

enum {
    TITLE_ROW,
    HEADING_ROW,
    FIRST_ROW,
    SHEET_CHARACTERS = 31,
    LABEL_WIDTH = 60,
    CHART_GAP = 1,
    CHART_ROWS = 30,
    ROW_PIXELS = 22,
    CHART_PIXELS = 720
};

typedef struct Book {
    lxw_workbook *workbook;
    lxw_format *title, *heading, *counted, *number, *withheld;
} Book;

/* A sheet's name: at most 31 characters, none of []:*?/\ and no other sheet's. */
static const char *sheet_name(Arena *arena, const FigureTable *table, size_t index)
{
    char *name = arena_printf(arena, "%zu %s", index + 1, table->title);
    for (char *at = name; *at; at++)
        *at = strchr("[]:*?/\\'", *at) ? ' ' : *at;
    const char *at = name, *end = name + strlen(name);
    for (size_t i = 0; i < SHEET_CHARACTERS && at < end; i++)
        text_next(&at, end);
    return arena_strndup(arena, name, (size_t)(at - name));
}

static void write_rows(const Book *book, lxw_worksheet *sheet, const FigureTable *table)
{
    size_t labels = table->label_count, series = table->series_count;
    for (size_t row = 0; row < table->row_count; row++) {
        lxw_row_t at = (lxw_row_t)(FIRST_ROW + row);
        for (size_t i = 0; i < labels; i++)
            worksheet_write_string(sheet, at, (lxw_col_t)i, table->texts[row * labels + i], NULL);
        for (size_t i = 0; i < series; i++) {
            Figure figure = table->figures[row * series + i];
            lxw_col_t column = (lxw_col_t)(labels + i);
            if (figure.known)
                worksheet_write_number(sheet, at, column, (double)figure.number, book->number);
            else
                worksheet_write_string(sheet, at, column, "…", book->withheld);
        }
    }
}

static void write_headings(const Book *book, lxw_worksheet *sheet, const FigureTable *table)
{
    worksheet_write_string(sheet, TITLE_ROW, 0, table->title, book->title);
    for (size_t i = 0; i < table->label_count; i++) {
        size_t width = text_columns(table->labels[i].title);
        for (size_t row = 0; row < table->row_count; row++) {
            size_t columns = text_columns(table->texts[row * table->label_count + i]);
            width = columns > width ? columns : width;
        }
        width = width > LABEL_WIDTH ? LABEL_WIDTH : width;
        worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i, (double)width + 2, NULL);
        worksheet_write_string(sheet, HEADING_ROW, (lxw_col_t)i, table->labels[i].title,
                               book->heading);
    }
    for (size_t i = 0; i < table->series_count; i++) {
        lxw_col_t column = (lxw_col_t)(table->label_count + i);
        size_t width = text_columns(table->series[i].title);
        worksheet_set_column(sheet, column, column, (double)(width < 8 ? 8 : width) + 3, NULL);
        worksheet_write_string(sheet, HEADING_ROW, column, table->series[i].title, book->counted);
    }
    worksheet_freeze_panes(sheet, FIRST_ROW, (lxw_col_t)table->label_count);
}

/* The drawn series; the categories are all label columns. */
static void add_series(lxw_chart *chart, const char *sheet, const FigureTable *table)
{
    lxw_row_t last = (lxw_row_t)(FIRST_ROW + table->row_count - 1);
    size_t drawn = 0;
    for (size_t i = 0; i < table->series_count; i++) {
        if (!table->series[i].drawn)
            continue;
        lxw_col_t column = (lxw_col_t)(table->label_count + i);
        lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
        lxw_chart_fill fill = {.color = figures_colour(drawn++)};
        chart_series_set_fill(series, &fill);
        chart_series_set_name(series, table->series[i].title);
        chart_series_set_categories(series, sheet, FIRST_ROW, 0, last,
                                    (lxw_col_t)(table->label_count - 1));
        chart_series_set_values(series, sheet, FIRST_ROW, column, last, column);
    }
}

static void add_chart(const Book *book, lxw_worksheet *sheet, const char *name,
                      const FigureTable *table)
{
    bool course = table->shape == FIGURES_COURSE;
    lxw_chart *chart =
        workbook_add_chart(book->workbook, course ? LXW_CHART_AREA_STACKED : LXW_CHART_BAR_STACKED);
    add_series(chart, name, table);
    chart_title_set_name(chart, table->title);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    if (course)
        chart_axis_set_name(chart->x_axis, table->labels[0].title);
    else
        chart_axis_set_reverse(chart->y_axis); /* the first row is the topmost bar */
    size_t rows = course ? CHART_ROWS * 2 / 3 : table->row_count + 6;
    rows = rows > 2 * CHART_ROWS ? 2 * CHART_ROWS : rows;
    lxw_chart_options options = {.x_scale = (double)CHART_PIXELS / 480,
                                 .y_scale = (double)(rows < 12 ? 12 : rows) * ROW_PIXELS / 288};
    worksheet_insert_chart_opt(sheet, HEADING_ROW,
                               (lxw_col_t)(table->label_count + table->series_count + CHART_GAP),
                               chart, &options);
}

static void write_sheet(const Bulletin *bulletin, const Book *book, size_t index)
{
    const FigureTable *table = bulletin->tables[index];
    const char *name = sheet_name(bulletin->arena, table, index);
    lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, name);
    if (!sheet)
        return;
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    write_headings(book, sheet, table);
    write_rows(book, sheet, table);
    bool drawn = false;
    for (size_t i = 0; i < table->series_count; i++)
        drawn |= table->series[i].drawn;
    if (drawn && table->row_count)
        add_chart(book, sheet, name, table);
    lxw_row_t below = (lxw_row_t)(FIRST_ROW + table->row_count + 1);
    worksheet_write_string(sheet, below, 0, bulletin->title, NULL);
    if (bulletin->note)
        worksheet_write_string(sheet, below + 1, 0, bulletin->note, NULL);
}

static lxw_format *add_heading(lxw_workbook *workbook, uint8_t align)
{
    lxw_format *format = workbook_add_format(workbook);
    format_set_bold(format);
    format_set_bottom(format, LXW_BORDER_THIN);
    format_set_bg_color(format, 0xDDE8F0);
    format_set_align(format, align);
    return format;
}

ErrCode bulletin_write_book(const Bulletin *bulletin, const char *file, Err *err)
{
    /* The library would print its own line about a file that cannot be made. */
    FILE *probe = fopen(file, "we");
    if (!probe)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    fclose(probe);
    Book book = {.workbook = workbook_new(file)};
    if (!book.workbook)
        return err_set(err, ERR_IO, _("cannot write '%s'"), file);
    book.title = workbook_add_format(book.workbook);
    format_set_bold(book.title);
    format_set_font_size(book.title, 14);
    book.heading = add_heading(book.workbook, LXW_ALIGN_LEFT);
    book.counted = add_heading(book.workbook, LXW_ALIGN_RIGHT);
    book.number = workbook_add_format(book.workbook);
    format_set_num_format(book.number, "#,##0");
    book.withheld = workbook_add_format(book.workbook);
    format_set_align(book.withheld, LXW_ALIGN_RIGHT);
    for (size_t i = 0; i < bulletin->table_count; i++)
        write_sheet(bulletin, &book, i);
    lxw_error failure = workbook_close(book.workbook);
    return failure == LXW_NO_ERROR
               ? OK
               : err_set(err, ERR_IO, _("cannot write '%s': %s"), file, lxw_strerror(failure));
}
