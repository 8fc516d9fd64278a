#include "survey/form_book.h"

#include "base/buffer.h"
#include "base/lang.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* A blank sheet while it is made. */
typedef struct FormSheet {
    lxw_worksheet *sheet;
    const Form *form;
    lxw_col_t width; /* columns so far */
} FormSheet;

enum { TITLE_ROW = 0, GIVEN_ROW = 1, HEADING_ROW = 2, NOTE_BYTES = 4096 };

ErrCode form_book_open(Arena *arena, const char *file, FormBook *ret_book, Err *err)
{
    FormBook book = {.arena = arena, .file = file, .part = arena_printf(arena, "%s.part", file)};
    unlink(book.part);
    book.book = workbook_new(book.part);
    if (!book.book)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    book.downs = (DropDowns){.arena = arena, .book = book.book};
    book.title = workbook_add_format(book.book);
    format_set_bold(book.title);
    format_set_font_size(book.title, 16);
    format_set_align(book.title, LXW_ALIGN_CENTER);
    book.heading = workbook_add_format(book.book);
    format_set_bold(book.heading);
    format_set_text_wrap(book.heading);
    format_set_border(book.heading, LXW_BORDER_THIN);
    format_set_align(book.heading, LXW_ALIGN_CENTER);
    format_set_align(book.heading, LXW_ALIGN_VERTICAL_CENTER);
    format_set_bg_color(book.heading, 0xDDE8F0);
    book.text = workbook_add_format(book.book);
    format_set_num_format(book.text, "@");
    book.wrap = workbook_add_format(book.book);
    format_set_text_wrap(book.wrap);
    *ret_book = book;
    return OK;
}

static bool is_required(const Form *form, const FormColumn *column)
{
    for (size_t i = 0; i < form->required_count; i++)
        if (text_list_has(&form->required[i], target_name(column->target)))
            return true;
    return false;
}

const char **form_book_words(Arena *arena, Target target)
{
    return target < FACT_COUNT ? drop_down_words(arena, (FactId)target) : NULL;
}

static void add_form_column(FormBook *book, FormSheet *sheet, const FormColumn *column)
{
    bool required = is_required(sheet->form, column);
    const char *heading =
        required ? arena_printf(book->arena, "%s*", column->heading) : column->heading;
    lxw_col_t at = sheet->width++;
    CellRun below = {sheet->sheet, HEADING_ROW + 1, HEADING_ROW + FORM_BOOK_ROWS, at};
    worksheet_set_column(sheet->sheet, at, at, column->width + 2, book->text);
    worksheet_write_string(sheet->sheet, HEADING_ROW, at, heading, book->heading);
    drop_down_add(&book->downs, &below, form_book_words(book->arena, column->target));
    if (column->note)
        worksheet_write_comment(sheet->sheet, HEADING_ROW, at, column->note);
}

void form_book_sheet(FormBook *book, const Form *form)
{
    FormSheet sheet = {.sheet = workbook_add_worksheet(book->book, form->id), .form = form};
    worksheet_set_row(sheet.sheet, HEADING_ROW, 36, NULL);
    for (size_t i = 0; i < form->column_count; i++)
        if (!form->columns[i].hidden)
            add_form_column(book, &sheet, &form->columns[i]);
    worksheet_merge_range(sheet.sheet, TITLE_ROW, 0, TITLE_ROW, (lxw_col_t)(sheet.width - 1),
                          form->title_zh, book->title);
    worksheet_write_string(sheet.sheet, GIVEN_ROW, 0, "填报单位：", NULL);
    worksheet_write_string(sheet.sheet, GIVEN_ROW, 4, "填表日期：", NULL);
    worksheet_freeze_panes(sheet.sheet, HEADING_ROW + 1, 0);
}

void form_book_notes(FormBook *book, const Form *form)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->book, "填表说明");
    worksheet_set_column(sheet, 0, 0, 28, NULL);
    worksheet_set_column(sheet, 1, 2, 60, book->wrap);
    lxw_row_t row = 0;
    for (size_t i = 0; i < form->column_count; i++) {
        const FormColumn *column = &form->columns[i];
        if (column->hidden)
            continue;
        const char **words = form_book_words(book->arena, column->target);
        AUTO_BUFFER list = BUFFER(NOTE_BYTES);
        for (size_t word = 0; words && words[word]; word++)
            buffer_printf(&list, "%s%s", word ? "、" : "", words[word]);
        worksheet_write_string(sheet, row, 0, column->heading, NULL);
        worksheet_write_string(sheet, row, 1, column->note ? column->note : "", book->wrap);
        worksheet_write_string(sheet, row++, 2, buffer_string(&list), book->wrap);
    }
}

ErrCode form_book_close(FormBook *book, Err *err)
{
    lxw_workbook *open = book->book;
    drop_downs_close(&book->downs);
    book->book = NULL;
    mode_t mask = umask(077);
    errno = 0;
    lxw_error failure = workbook_close(open);
    int reason = errno;
    umask(mask);
    if (failure != LXW_NO_ERROR) {
        unlink(book->part);
        if (reason == ENOSPC || reason == EDQUOT)
            return err_errno(err, ERR_IO, reason, _("cannot write '%s'"), book->file);
        return err_set(err, ERR_IO, _("cannot write '%s': %s"), book->file, lxw_strerror(failure));
    }
    if (rename(book->part, book->file) != 0) {
        err_errno(err, ERR_IO, errno, _("cannot write '%s'"), book->file);
        unlink(book->part);
        return err->code;
    }
    return OK;
}

void form_book_drop(FormBook *book)
{
    if (!book->book)
        return;
    mode_t mask = umask(077);
    (void)workbook_close(book->book); /* the library frees a workbook only by writing it */
    umask(mask);
    unlink(book->part);
    book->book = NULL;
}
