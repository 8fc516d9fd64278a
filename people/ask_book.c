#include "people/ask_book.h"

#include "people/drop_down.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TITLE_ROW, GIVEN_ROW, HEADING_ROW, FIRST_ROW, KNOWN_COLUMNS = 5, ASKED_WIDTH = 20 };

static const struct {
    const char *heading;
    double width;
} KNOWN[KNOWN_COLUMNS] = {{"回访编号", 16},
                          {"姓名", 12},
                          {"证件后四位", 14},
                          {"工作单位或院校", 30},
                          {"单位所在镇街", 14}};

typedef struct Sheet {
    lxw_worksheet *sheet;
    lxw_format *title, *heading, *text, *faint;
    DropDowns downs;
} Sheet;

static void add_formats(lxw_workbook *workbook, Sheet *sheet)
{
    sheet->title = workbook_add_format(workbook);
    format_set_bold(sheet->title);
    format_set_font_size(sheet->title, 16);
    sheet->heading = workbook_add_format(workbook);
    format_set_bold(sheet->heading);
    format_set_text_wrap(sheet->heading);
    format_set_border(sheet->heading, LXW_BORDER_THIN);
    format_set_bg_color(sheet->heading, 0xDDE8F0);
    sheet->text = workbook_add_format(workbook);
    format_set_num_format(sheet->text, "@");
    sheet->faint = workbook_add_format(workbook);
    format_set_num_format(sheet->faint, "@");
    format_set_font_color(sheet->faint, 0xAAAAAA);
    format_set_font_size(sheet->faint, 8);
}

static void write_head(const Sheet *sheet, const AskBook *book)
{
    worksheet_write_string(sheet->sheet, TITLE_ROW, 0, "东莞市高技能人才入户意向补充调查表",
                           sheet->title);
    worksheet_write_string(sheet->sheet, GIVEN_ROW, 0, "填表日期：", NULL);
    for (lxw_col_t i = 0; i < KNOWN_COLUMNS; i++) {
        worksheet_set_column(sheet->sheet, i, i, KNOWN[i].width, sheet->text);
        worksheet_write_string(sheet->sheet, HEADING_ROW, i, KNOWN[i].heading, sheet->heading);
    }
    worksheet_write_comment(sheet->sheet, HEADING_ROW, 0, "请勿改动：凭此编号对应到本人");
    worksheet_freeze_panes(sheet->sheet, FIRST_ROW, 2);
    for (size_t i = 0; i < book->fact_count; i++) {
        lxw_col_t column = (lxw_col_t)(KNOWN_COLUMNS + i);
        worksheet_set_column(sheet->sheet, column, column, ASKED_WIDTH, sheet->text);
        worksheet_write_string(sheet->sheet, HEADING_ROW, column,
                               fact_label(book->facts[i], LANG_ZH), sheet->heading);
    }
}

static void write_rows(Sheet *sheet, const AskBook *book)
{
    for (size_t i = 0; i < book->row_count; i++) {
        const AskRow *row = &book->rows[i];
        const char *cells[KNOWN_COLUMNS] = {row->key, row->name, row->number, row->employer,
                                            row->town};
        for (lxw_col_t column = 0; column < KNOWN_COLUMNS; column++) {
            if (cells[column])
                worksheet_write_string(sheet->sheet, (lxw_row_t)(FIRST_ROW + i), column,
                                       cells[column], column ? sheet->text : sheet->faint);
        }
    }
    for (size_t i = 0; i < book->fact_count; i++) {
        const CellRun cells = {.sheet = sheet->sheet,
                               .first = FIRST_ROW,
                               .last = (lxw_row_t)(FIRST_ROW + book->row_count - 1),
                               .column = (lxw_col_t)(KNOWN_COLUMNS + i)};
        drop_down_add(&sheet->downs, &cells, drop_down_words(sheet->downs.arena, book->facts[i]));
    }
}

ErrCode ask_book_write(Arena *arena, const AskBook *book, const char *file, Err *err)
{
    const char *part = arena_printf(arena, "%s.%d.part", file, getpid());
    /* The library would print its own line about a file that cannot be made. */
    FILE *probe = fopen(part, "we");
    if (!probe)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    fclose(probe);
    unlink(part);
    lxw_workbook *workbook = workbook_new(part);
    if (!workbook)
        return err_set(err, ERR_IO, _("cannot write '%s'"), file);
    Sheet sheet = {.sheet = workbook_add_worksheet(workbook, "followup"),
                   .downs = {.arena = arena, .book = workbook}};
    add_formats(workbook, &sheet);
    write_head(&sheet, book);
    write_rows(&sheet, book);
    drop_downs_close(&sheet.downs);
    mode_t mask = umask(077);
    lxw_error failure = workbook_close(workbook);
    umask(mask);
    if (failure != LXW_NO_ERROR)
        err_set(err, ERR_IO, _("cannot write '%s': %s"), file, lxw_strerror(failure));
    else if (rename(part, file) != 0)
        err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    else
        return OK;
    unlink(part);
    return err->code;
}
