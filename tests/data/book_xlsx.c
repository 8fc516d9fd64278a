#include "data/book.h"

#include <xlsxwriter.h>

typedef struct Formats {
    lxw_format *title, *line, *heading, *text, *date, *note;
} Formats;

typedef struct Page {
    const Book *book;
    const Questionnaire *questionnaire;
    lxw_worksheet *sheet;
    Formats formats;
    lxw_row_t row;  /* the next free one */
    lxw_col_t last; /* column */
} Page;

static lxw_format *format_boxed(lxw_workbook *workbook)
{
    lxw_format *format = workbook_add_format(workbook);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    return format;
}

static Formats formats_make(lxw_workbook *workbook)
{
    Formats formats = {.title = workbook_add_format(workbook),
                       .line = workbook_add_format(workbook),
                       .heading = format_boxed(workbook),
                       .text = format_boxed(workbook),
                       .date = format_boxed(workbook),
                       .note = workbook_add_format(workbook)};
    format_set_bold(formats.title);
    format_set_font_size(formats.title, 16);
    format_set_align(formats.title, LXW_ALIGN_CENTER);
    format_set_bold(formats.heading);
    format_set_align(formats.heading, LXW_ALIGN_CENTER);
    format_set_text_wrap(formats.heading);
    format_set_bg_color(formats.heading, 0xDDE8F3);
    format_set_num_format(formats.date, "yyyy\"年\"m\"月\"d\"日\"");
    format_set_text_wrap(formats.note);
    format_set_font_color(formats.note, 0x666666);
    return formats;
}

static void page_band(Page *page, const char *text, lxw_format *format)
{
    worksheet_merge_range(page->sheet, page->row, 0, page->row, page->last, text, format);
    page->row++;
}

/* Two rows of headings: groups merged across, lonely headings merged down. */
static void page_two_rows(Page *page)
{
    const Heading *headings = page->questionnaire->headings;
    lxw_format *format = page->formats.heading;
    lxw_row_t upper = page->row, lower = page->row + 1;
    for (lxw_col_t column = 0; column <= page->last;) {
        const Heading *heading = &headings[column];
        lxw_col_t end = column;
        while (heading->group && end < page->last && headings[end + 1].group &&
               strcmp(headings[end + 1].group, heading->group) == 0)
            end++;
        if (!heading->group)
            worksheet_merge_range(page->sheet, upper, column, lower, column, heading->text, format);
        else if (end == column)
            worksheet_write_string(page->sheet, upper, column, heading->group, format);
        else
            worksheet_merge_range(page->sheet, upper, column, upper, end, heading->group, format);
        for (lxw_col_t at = column; heading->group && at <= end; at++)
            worksheet_write_string(page->sheet, lower, at, headings[at].text, format);
        column = (lxw_col_t)(end + 1);
    }
    page->row += 2;
}

/* "填报单位(盖章)：…  所属镇街：…  填表日期：2012年9月18日": what stands above a table instead of
 * in it. */
static const char *page_line(const Questionnaire *questionnaire, char *line, size_t room)
{
    const Workplace *workplace = questionnaire->workplace;
    int day = questionnaire->filled_day;
    if (!(questionnaire->habits & HABIT_UNIT_TITLE))
        snprintf(line, room, "填表日期：2012年9月%d日", day);
    else if (workplace->school_kind)
        snprintf(line, room,
                 "填报学校：%s　院校所在省：广东　院校类别：技师学院　填表日期：2012年9月%d日",
                 workplace->name, day);
    else
        snprintf(line, room, "填报单位：%s　所属镇街：%s　填表日期：2012年9月%d日", workplace->name,
                 spell_town(workplace->town), day);
    return line;
}

static void page_head(Page *page)
{
    const Questionnaire *questionnaire = page->questionnaire;
    char line[400];
    page_line(questionnaire, line, sizeof line);
    page_band(page, questionnaire->title, page->formats.title);
    page_band(page, line, page->formats.line);
    for (lxw_col_t column = 0; column <= page->last; column++)
        worksheet_set_column(page->sheet, column, column, questionnaire->headings[column].width,
                             NULL);
    if (questionnaire->habits & HABIT_TWO_ROWS) {
        page_two_rows(page);
        return;
    }
    for (lxw_col_t column = 0; column <= page->last; column++)
        worksheet_write_string(page->sheet, page->row, column, questionnaire->headings[column].text,
                               page->formats.heading);
    page->row++;
}

static void page_cell(Page *page, lxw_col_t column, const Written *cell)
{
    const Formats *formats = &page->formats;
    switch (cell->kind) {
    case WRITTEN_EMPTY:
        worksheet_write_blank(page->sheet, page->row, column, formats->text);
        break;
    case WRITTEN_TEXT:
        worksheet_write_string(page->sheet, page->row, column, cell->text, formats->text);
        break;
    case WRITTEN_NUMBER:
        worksheet_write_number(page->sheet, page->row, column, cell->number, formats->text);
        break;
    case WRITTEN_DATE: /* serial 1 is 1900-01-01, and 60 a day that never was */
        worksheet_write_number(page->sheet, page->row, column, cell->date - date_of(1899, 12, 30),
                               formats->date);
        break;
    }
}

static void page_body(Page *page)
{
    const Book *book = page->book;
    size_t columns = (size_t)page->last + 1;
    for (size_t row = 0; row < book->rows; row++) {
        for (lxw_col_t column = 0; column <= page->last; column++)
            page_cell(page, column, &book->cells[row * columns + column]);
        page->row++;
        if ((page->questionnaire->habits & HABIT_GAPS) && row % 120 == 119)
            page->row++;
    }
}

static void page_foot(Page *page)
{
    if (!(page->questionnaire->habits & HABIT_TOTAL))
        return;
    char total[60];
    snprintf(total, sizeof total, "合计：%zu人", page->book->rows);
    worksheet_merge_range(page->sheet, page->row, 0, page->row, page->last, total,
                          page->formats.heading);
    page->row += 2;
    page_band(page,
              "填表说明:1.本表由用人单位如实填写;2.证书编号与职业资格证书一致;3.没有的项目留空。",
              page->formats.note);
}

ErrCode book_write_xlsx(const Book *book, Err *err)
{
    lxw_workbook *workbook = workbook_new(book->path);
    if (!workbook)
        return err_set(err, ERR_IO, "cannot write '%s'", book->path);
    /* The moment of creation is fixed, or the same seed would not give the same file. */
    lxw_doc_properties properties = {.created = (time_t)date_of(2012, 9, 18) * 86400};
    workbook_set_properties(workbook, &properties);
    Page page = {.book = book,
                 .questionnaire = book->questionnaire,
                 .sheet = workbook_add_worksheet(workbook, "调查表"),
                 .formats = formats_make(workbook),
                 .last = (lxw_col_t)(heading_count(book->questionnaire->headings) - 1)};
    page_head(&page);
    worksheet_freeze_panes(page.sheet, page.row, 0);
    page_body(&page);
    page_foot(&page);
    lxw_error failure = workbook_close(workbook);
    if (failure != LXW_NO_ERROR)
        return err_set(err, ERR_IO, "cannot write '%s': %s", book->path, lxw_strerror(failure));
    return OK;
}
