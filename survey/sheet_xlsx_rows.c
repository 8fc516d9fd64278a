/* One worksheet, row by row. The scanner reads it; when it meets something that it leaves to expat,
 * the part is read again from its beginning by expat, which gives the rows that are left, or says
 * what is wrong. */
#include "survey/sheet_xlsx_grid.h"

#include "base/lang.h"

struct SheetRows {
    const BookSheet *sheet;
    Part part;
    Grid grid;
    XmlScan scan;
    bool by_expat;
    unsigned given; /* rows */
    bool ended;
};

/* The handlers of expat. It may call them once more after part_stop. */
static void expat_start(void *user, const char *name, const char **attributes)
{
    Part *part = user;
    SheetRows *rows = part->state;
    XmlAttribute list[SCAN_ATTRIBUTES_MAX];
    size_t count = 0;
    if (part->failure.code != OK)
        return;
    for (; *attributes && count < SCAN_ATTRIBUTES_MAX; attributes += 2) {
        const char *local = xml_local(attributes[0]);
        list[count++] =
            (XmlAttribute){{local, strlen(local)}, {attributes[1], strlen(attributes[1])}, true};
    }
    const char *local = xml_local(name);
    grid_start(&rows->grid, (XmlSlice){local, strlen(local)}, list, count);
    part->failure = rows->grid.failure;
    if (part->failure.code != OK)
        part_stop(part);
}

static void expat_end(void *user, const char *name)
{
    Part *part = user;
    SheetRows *rows = part->state;
    const char *local = xml_local(name);
    if (part->failure.code != OK)
        return;
    grid_end(&rows->grid, (XmlSlice){local, strlen(local)});
    part->failure = rows->grid.failure;
    if (part->failure.code != OK)
        part_stop(part);
    else if (rows->grid.row_ready)
        part_pause(part);
}

static void expat_text(void *user, const char *bytes, int length)
{
    Part *part = user;
    SheetRows *rows = part->state;
    grid_text(&rows->grid, bytes, (size_t)length);
}

static const PartHandlers EXPAT = {expat_start, expat_end, expat_text};

static ErrCode row_by_expat(SheetRows *rows, Err *err)
{
    while (!rows->grid.row_ready && !rows->part.ended)
        TRY(part_step(&rows->part, err));
    rows->ended = rows->part.ended && !rows->grid.row_ready;
    return OK;
}

/* Reads the rows that the scanner gave once more, to be where it was. */
static ErrCode skip_given(SheetRows *rows, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Arena *kept = rows->grid.builder->arena;
    ErrCode code = OK;
    rows->grid.builder->arena = arena;
    for (unsigned skipped = 0; code == OK && skipped < rows->given && !rows->ended; skipped++) {
        arena_reset(arena);
        rows->grid.row_ready = false;
        code = row_by_expat(rows, err);
    }
    rows->grid.builder->arena = kept;
    rows->grid.row_ready = false;
    return code;
}

static ErrCode turn_to_expat(SheetRows *rows, Err *err)
{
    rows->by_expat = true;
    scan_done(&rows->scan);
    grid_begin(&rows->grid, rows->grid.book);
    TRY(part_again(&rows->part, &EXPAT, err));
    TRY(skip_given(rows, err));
    return row_by_expat(rows, err);
}

static ErrCode fill(SheetRows *rows, Err *err)
{
    size_t room, length = 0;
    char *bytes = scan_room(&rows->scan, &room);
    if (room)
        TRY(part_read(&rows->part, bytes, room, &length, err));
    scan_filled(&rows->scan, length);
    rows->scan.strange |= rows->part.odd;
    return OK;
}

/* An attribute that matters is seldom written with entities. */
static bool attributes_plain(const XmlScan *scan)
{
    for (size_t i = 0; i < scan->attribute_count; i++)
        if (!scan->attributes[i].plain)
            return false;
    return true;
}

/* Takes one token. *ret_strange: expat must take over. */
static ErrCode take_token(SheetRows *rows, bool *ret_strange, Err *err)
{
    XmlScan *scan = &rows->scan;
    Grid *grid = &rows->grid;
    switch (scan_next(scan)) {
    case SCAN_MORE:
        return fill(rows, err);
    case SCAN_START:
        *ret_strange = grid->in_data && !attributes_plain(scan);
        if (!*ret_strange)
            grid_start(grid, scan->local, scan->attributes, scan->attribute_count);
        return OK;
    case SCAN_END:
        grid_end(grid, scan->local);
        return OK;
    case SCAN_TEXT:
        grid_text(grid, scan->text.bytes, scan->text.length);
        return OK;
    case SCAN_DONE:
        rows->ended = true;
        return OK;
    case SCAN_STRANGE:
    default:
        *ret_strange = true;
        return OK;
    }
}

static ErrCode row_by_scan(SheetRows *rows, Err *err)
{
    Grid *grid = &rows->grid;
    bool strange = false;
    while (!grid->row_ready && !rows->ended) {
        if (!grid_scan_cell(grid, &rows->scan))
            TRY(take_token(rows, &strange, err));
        if (strange)
            return turn_to_expat(rows, err);
        if (grid->failure.code != OK) {
            rows->part.failure = *err = grid->failure;
            return err->code;
        }
    }
    return OK;
}

ErrCode sheet_rows_open(Book *book, const BookSheet *sheet, Arena *arena, SheetRows **ret_rows,
                        Err *err)
{
    SheetRows *rows = arena_alloc(arena, sizeof *rows);
    rows->sheet = sheet;
    *ret_rows = rows;
    grid_begin(&rows->grid, book);
    scan_begin(&rows->scan);
    rows->scan.strange |= book->archive.only_expat;
    if (part_open(&book->archive, sheet->part, NULL, rows, &rows->part, err) != OK)
        return err_wrap(err, _("sheet '%s'"), sheet->name);
    return OK;
}

ErrCode sheet_rows_next(SheetRows *rows, RowBuilder *builder, Row *ret_row, bool *ret_more,
                        Err *err)
{
    Grid *grid = &rows->grid;
    grid->builder = builder;
    grid->row_ready = false;
    if ((rows->by_expat ? row_by_expat(rows, err) : row_by_scan(rows, err)) != OK) {
        if (rows->part.failure.code != OK)
            return err_wrap(err, _("sheet '%s'"), rows->sheet->name);
        return err_wrap(err, _("sheet '%s', after row %u"), rows->sheet->name, grid->line);
    }
    *ret_more = grid->row_ready;
    if (!grid->row_ready)
        return OK;
    rows->given++;
    ret_row->sheet = rows->sheet->number;
    ret_row->sheet_name = rows->sheet->name;
    ret_row->line = grid->line;
    ret_row->hidden = grid->row_hidden || rows->sheet->hidden;
    row_end(builder, ret_row);
    return OK;
}

void sheet_rows_close(SheetRows *rows)
{
    if (!rows)
        return;
    part_close(&rows->part);
    scan_done(&rows->scan);
    grid_done(&rows->grid);
}
