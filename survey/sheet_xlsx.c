/* The workbook as one run of rows: its worksheets one after another, each opened when the one
 * before is read. */
#include "survey/sheet_xlsx.h"

typedef struct Xlsx {
    Arena *arena;
    Book book;
    size_t next_sheet; /* index of the sheet to open next */
    SheetRows *rows;   /* NULL between sheets */
} Xlsx;

static ErrCode xlsx_open(const SheetFile *file, SheetInfo *info, void **ret_state, Err *err)
{
    Xlsx *xlsx = arena_alloc(file->arena, sizeof *xlsx);
    xlsx->arena = file->arena;
    *ret_state = xlsx;
    TRY(book_open(file, &xlsx->book, err));
    info->date_1904 = xlsx->book.date_1904;
    return OK;
}

static ErrCode xlsx_next(void *state, RowBuilder *builder, Row *ret_row, bool *ret_more, Err *err)
{
    Xlsx *xlsx = state;
    Book *book = &xlsx->book;
    *ret_more = false;
    while (!*ret_more) {
        if (!xlsx->rows && xlsx->next_sheet == book->sheet_count)
            return OK;
        if (!xlsx->rows)
            TRY(sheet_rows_open(book, &book->sheets[xlsx->next_sheet++], xlsx->arena, &xlsx->rows,
                                err));
        TRY(sheet_rows_next(xlsx->rows, builder, ret_row, ret_more, err));
        if (!*ret_more) {
            sheet_rows_close(xlsx->rows);
            xlsx->rows = NULL;
        }
    }
    return OK;
}

static void xlsx_close(void *state)
{
    Xlsx *xlsx = state;
    if (!xlsx)
        return;
    sheet_rows_close(xlsx->rows);
    book_done(&xlsx->book);
}

const SheetReader SHEET_XLSX = {"xlsx", xlsx_open, xlsx_next, xlsx_close};
