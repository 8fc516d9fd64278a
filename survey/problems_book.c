/* The rows in quarantine as a workbook: each table as its sender laid it out, each bad cell red
 * with its reason, to be mended and imported. */
#include "survey/problems_book.h"

#include "base/guard.h"
#include "base/lang.h"
#include "base/text.h"

#include <strings.h>

enum {
    REASONS_WIDTH = 60,
    EXPLANATION_HEIGHT = 50,
    TITLE_HEIGHT = 24,
    HEADING_HEIGHT = 32,
    WIDTH_LEAST = 8,
    WIDTH_MOST = 30,
    PAPER_A4 = 9,
    NAME_UNITS = 31, /* what a sheet's name may hold */
};

static lxw_format *format_new(ProblemsBook *book, Look look, Mark mark)
{
    static const char *const SHOWN[LOOK_COUNT] = {"@", "General", "yyyy-mm-dd", "@"};
    lxw_format *format = workbook_add_format(book->book.book);
    format_set_num_format(format, SHOWN[look]);
    if (look == LOOK_REASONS)
        format_set_text_wrap(format);
    if (mark != MARK_NONE) {
        format_set_bg_color(format, mark == MARK_BAD ? 0xFF9999 : 0xFFF2B3);
        format_set_border(format, LXW_BORDER_THIN);
        format_set_border_color(format, 0xC0C0C0);
    }
    return format;
}

static void formats_new(ProblemsBook *book)
{
    for (Look look = 0; look < LOOK_COUNT; look++)
        for (Mark mark = 0; mark < MARK_COUNT; mark++)
            book->looks[look][mark] = format_new(book, look, mark);
    book->explanation = workbook_add_format(book->book.book);
    format_set_text_wrap(book->explanation);
    format_set_italic(book->explanation);
    format_set_align(book->explanation, LXW_ALIGN_VERTICAL_CENTER);
    format_set_bg_color(book->explanation, 0xFFF9E0);
}

static int width_of(const ProblemSheet *sheet, size_t column)
{
    const Heading *heading = &sheet->layout.heading;
    const FormHeading *known = column < heading->width ? heading->columns[column] : NULL;
    size_t text = column < heading->width ? text_columns(heading->texts[column]) : 0;
    int width = text > WIDTH_MOST ? WIDTH_MOST : (int)text;
    int form = known ? form_column(sheet->form, known->target)->width : WIDTH_LEAST;
    return (width > form ? width : form) + 2;
}

/* The words of a column; a heading that asks 有无 is answered so. */
static const char **words_of(Arena *arena, const Heading *heading, size_t column)
{
    static const char *HAVE[] = {"有", "无", NULL};
    const FormHeading *known = heading->columns[column];
    if (!known)
        return NULL;
    const char **words = form_book_words(arena, known->target);
    return words && text_starts(heading->texts[column], "有无") ? HAVE : words;
}

static void set_columns(const ProblemsTable *table)
{
    const ProblemSheet *from = table->from;
    FormBook *book = &table->book->book;
    size_t width = from->width, known = from->layout.heading.width;
    for (size_t column = 0; column < width; column++) {
        lxw_col_t at = (lxw_col_t)column;
        worksheet_set_column(table->to, at, at, width_of(from, column), book->text);
        CellRun cells = {table->to, table->first, table->first + (lxw_row_t)from->count - 1, at};
        if (column < known)
            drop_down_add(&book->downs, &cells,
                          words_of(table->book->source->arena, &from->layout.heading, column));
    }
    lxw_row_col_options hidden = {.hidden = LXW_TRUE};
    lxw_col_t reasons = (lxw_col_t)width, key = (lxw_col_t)(width + 1);
    worksheet_set_column(table->to, reasons, reasons, REASONS_WIDTH, book->text);
    worksheet_set_column_opt(table->to, key, key, LXW_DEF_COL_WIDTH, book->text, &hidden);
}

/* What is wrong with a cell above the table stands with it once, though every row says so. */
static const char *title_said(const ProblemsTable *table, unsigned line, size_t column,
                              Mark *ret_mark)
{
    for (size_t i = 0; i < table->from->count; i++) {
        ProblemPlace place = {.line = line, .column = column};
        const char *said = problems_book_said(table, &table->from->rows[i], place, ret_mark);
        if (said)
            return said;
    }
    *ret_mark = MARK_NONE;
    return NULL;
}

static void write_title(const ProblemsTable *table, lxw_row_t at, const Row *row, size_t column,
                        bool head)
{
    const ProblemSheet *from = table->from;
    const ProblemsBook *book = table->book;
    const Cell *cell = &row->cells[column];
    const char *text = guard_on(book->source->arena, cell->text);
    bool old = from->layout.date_1904;
    lxw_col_t to = (lxw_col_t)column;
    Mark mark;
    const char *said = title_said(table, row->line, column, &mark);
    if (cell->kind == CELL_DATE)
        worksheet_write_number(table->to, at, to, cell->number + (old ? BOOK_SERIAL_1904 : 0),
                               book->looks[LOOK_DATE][mark]);
    else if (cell->kind == CELL_NUMBER && !old)
        worksheet_write_number(table->to, at, to, cell->number, book->looks[LOOK_NUMBER][mark]);
    else if (head && mark == MARK_NONE && row->count == 1 && from->width > 1)
        worksheet_merge_range(table->to, at, 0, at, (lxw_col_t)(from->width - 1), text,
                              book->book.title);
    else if (cell->kind != CELL_EMPTY)
        worksheet_write_string(table->to, at, to, text,
                               mark == MARK_NONE ? NULL : book->looks[LOOK_TEXT][mark]);
    problems_book_comment(table, at, column, said);
}

static void write_heading(const ProblemsTable *table, lxw_row_t at, const Row *row)
{
    const FormBook *book = &table->book->book;
    Arena *arena = table->book->source->arena;
    worksheet_set_row(table->to, at, HEADING_HEIGHT, NULL);
    for (size_t column = 0; column < row->count; column++) {
        const char *text = row->cells[column].text;
        if (*text)
            worksheet_write_string(table->to, at, (lxw_col_t)column, guard_on(arena, text),
                                   book->heading);
        else
            worksheet_write_blank(table->to, at, (lxw_col_t)column, book->heading);
    }
}

/* What stood above the table; blank lines between are kept as one. */
static void write_above(ProblemsTable *table)
{
    const ProblemSheet *from = table->from;
    const Layout *layout = &from->layout;
    Arena *arena = table->book->source->arena;
    lxw_col_t reasons = (lxw_col_t)from->width;
    lxw_row_t at = 0;
    /* A heading that stood on the last line on which one is looked for leaves no room. */
    if (layout->count < HEADING_ROWS) {
        worksheet_set_row(table->to, at, EXPLANATION_HEIGHT, NULL);
        worksheet_merge_range(table->to, at, 0, at, reasons, problem_explanation(arena, from, true),
                              table->book->explanation);
        at++;
    }
    for (size_t i = 0; i < layout->count; i++) {
        const Row *row = &layout->rows[i];
        at += i > 0 && row->line > layout->rows[i - 1].line + 1;
        if (row->line >= layout->heading.line)
            write_heading(table, at, row);
        else if (i == 0)
            worksheet_set_row(table->to, at, TITLE_HEIGHT, NULL);
        for (size_t column = 0; row->line < layout->heading.line && column < row->count; column++)
            write_title(table, at, row, column, i == 0);
        at++;
    }
    worksheet_write_string(table->to, at - 1, reasons, LAYOUT_REASONS, table->book->book.heading);
    worksheet_write_string(table->to, at - 1, (lxw_col_t)(reasons + 1),
                           form_column(from->form, TARGET_QUARANTINE_KEY)->heading,
                           table->book->book.heading);
    worksheet_freeze_panes(table->to, at, 0);
    table->first = at;
}

static bool name_taken(const ProblemsBook *book, const char *name)
{
    static const char *const RESERVED[] = {DROP_DOWN_LISTS, "History"};
    for (size_t i = 0; i < sizeof RESERVED / sizeof *RESERVED; i++)
        if (strcasecmp(RESERVED[i], name) == 0)
            return true;
    for (size_t i = 0; i < book->name_count; i++)
        if (strcasecmp(book->names[i], name) == 0)
            return true;
    return false;
}

/* As much of a text as a sheet's name can hold beside so many units more. */
static const char *name_cut(Arena *arena, const char *text, size_t beside)
{
    const char *cursor = text, *end = text + strlen(text);
    for (size_t units = beside; cursor < end;) {
        const char *before = cursor;
        units += text_next(&cursor, end) > 0xFFFF ? 2 : 1;
        if (units > NAME_UNITS)
            return arena_strndup(arena, text, (size_t)(before - text));
    }
    return text;
}

const char *problems_book_name(ProblemsBook *book, const char *wanted)
{
    Arena *arena = book->source->arena;
    char *clean = arena_strdup(arena, wanted);
    for (char *at = clean; *at; at++)
        if (strchr("[]:*?/\\'", *at) || (unsigned char)*at < 0x20)
            *at = '_';
    const char *name = name_cut(arena, clean, 0);
    for (size_t i = 2; *name == '\0' || name_taken(book, name); i++) {
        const char *suffix = arena_printf(arena, " (%zu)", i);
        name = arena_printf(arena, "%s%s",
                            name_cut(arena, *clean ? clean : "table", strlen(suffix)), suffix);
    }
    book->names[book->name_count++] = name;
    return name;
}

static void write_table(ProblemsBook *book, const ProblemSheet *from)
{
    lxw_worksheet *to =
        workbook_add_worksheet(book->book.book, problems_book_name(book, from->name));
    ProblemsTable table = {.book = book, .from = from, .to = to};
    write_above(&table);
    set_columns(&table);
    for (size_t i = 0; i < from->count; i++)
        problems_book_row(&table, table.first + (lxw_row_t)i, &from->rows[i]);
    worksheet_set_landscape(to);
    worksheet_set_paper(to, PAPER_A4);
    worksheet_fit_to_pages(to, 1, 0);
    worksheet_repeat_rows(to, 0, table.first - 1);
    worksheet_ignore_errors(to, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
}

ErrCode problems_write_book(const ProblemSource *source, const ProblemSheet *sheets, size_t count,
                            const char *file, Err *err)
{
    ProblemsBook book = {.source = source,
                         .names = arena_array(source->arena, const char *, count)};
    TRY(form_book_open(source->arena, file, &book.book, err));
    formats_new(&book);
    for (size_t i = 0; i < count; i++)
        write_table(&book, &sheets[i]);
    return form_book_close(&book.book, err);
}
