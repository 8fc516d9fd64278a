/* A sheet from memory, and the promises of survey/sheet.h held against every row of it. */
#include "fuzz/fuzz.h"

#include "base/text.h"
#include "survey/sheet_row.h"

#include <sys/mman.h>
#include <unistd.h>

static void require(bool promise, const char *what)
{
    if (promise)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

static void check_cell(const Cell *cell)
{
    require(cell->text != NULL, "a cell has a text");
    require(text_valid(cell->text, strlen(cell->text), NULL), "a cell's text is UTF-8");
    require(cell->kind <= CELL_ERROR, "a cell has a kind");
    require((cell->kind == CELL_EMPTY) == (*cell->text == '\0'), "only empty cells have no text");
    require((cell->kind == CELL_DATE) == (cell->date != DATE_NONE),
            "dates and only they have days");
    if (cell->kind == CELL_DATE)
        require(cell->date >= DATE_MIN && cell->date <= DATE_MAX, "a date is in the calendar");
}

static void check_row(const Row *row, const Row *before)
{
    require(row->count <= SHEET_COLUMNS_MAX, "a row has at most 1,024 cells");
    require(row->sheet_name != NULL, "a sheet has a name, if an empty one");
    require(row->sheet > before->sheet ||
                (row->sheet == before->sheet && row->line > before->line) || before->sheet == 0,
            "rows come in order");
    if (row->count) {
        const Cell *last = &row->cells[row->count - 1];
        require(last->kind != CELL_EMPTY || last->formula,
                "a row ends with a cell that says something");
    }
    for (size_t i = 0; i < row->count; i++)
        check_cell(&row->cells[i]);
}

static void check_error(const Err *err)
{
    require(err->code == ERR_INPUT || err->code == ERR_LIMIT,
            "a bad file is ERR_INPUT or ERR_LIMIT");
    require(*err->text != '\0', "an error has a text");
}

void fuzz_sheet(const void *bytes, size_t length, const char *encoding)
{
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    require(fd >= 0 && write(fd, bytes, length) == (ssize_t)length, "memory for the input");
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    Err err;
    AUTO_ARENA arena = arena_new(0);
    AUTO_SHEET sheet = NULL;
    ErrCode code = sheet_open(path, encoding, &sheet, &err);
    bool more = code == OK;
    Row before = {.sheet = 0};
    while (more) {
        Row row;
        code = sheet_next(sheet, arena, &row, &more, &err);
        more = more && code == OK;
        if (more) {
            check_row(&row, &before);
            before = row;
        }
        arena_reset(arena);
    }
    if (code != OK)
        check_error(&err);
    close(fd);
}
