#include "support/two_readers.h"

#include "base/buffer.h"
#include "base/text.h"
#include "survey/sheet_xlsx.h"
#include "survey/xml_scan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EVENTS_BYTES_MAX = 64 << 20 };

/* What is read, one event a line; texts in one however many pieces they came in. */
typedef struct Events {
    Buffer text;
    size_t begin; /* of the last line but texts */
    bool in_text;
    XML_Parser parser;
} Events;

static void event(Events *events, char kind, const char *bytes, size_t length)
{
    buffer_text(&events->text, events->in_text ? "\n" : "");
    events->in_text = false;
    buffer_char(&events->text, kind);
    buffer_add(&events->text, bytes, length);
    events->begin = events->text.length;
    buffer_char(&events->text, '\n');
}

static void text_event(Events *events, const char *bytes, size_t length)
{
    if (!events->in_text) {
        events->begin = events->text.length;
        buffer_char(&events->text, '"');
    }
    events->in_text = true;
    buffer_add(&events->text, bytes, length);
}

static void on_start(void *user, const char *name, const char **attributes)
{
    event(user, '<', name, strlen(name));
    for (; *attributes; attributes += 2) {
        const char *local = xml_local(attributes[0]);
        event(user, '@', local, strlen(local));
        event(user, '=', attributes[1], strlen(attributes[1]));
    }
}

static void on_end(void *user, const char *name)
{
    event(user, '>', name, strlen(name));
}

static void on_text(void *user, const char *bytes, int length)
{
    text_event(user, bytes, (size_t)length);
}

static void on_doctype(void *user, const char *name, const char *system_id, const char *public_id,
                       int subset)
{
    (void)name, (void)system_id, (void)public_id, (void)subset;
    Events *events = user;
    XML_StopParser(events->parser, XML_FALSE);
}

static bool by_expat(const char *xml, size_t length, Events *events)
{
    events->parser = XML_ParserCreate(NULL);
    XML_SetUserData(events->parser, events);
    XML_SetElementHandler(events->parser, on_start, on_end);
    XML_SetCharacterDataHandler(events->parser, on_text);
    XML_SetStartDoctypeDeclHandler(events->parser, on_doctype);
    bool accepted = XML_Parse(events->parser, xml, (int)length, true) == XML_STATUS_OK;
    XML_ParserFree(events->parser);
    return accepted;
}

static size_t next_piece(size_t piece, uint64_t *chance)
{
    *chance = *chance * 6364136223846793005 + 1442695040888963407;
    return piece ? piece : 1 + (size_t)(*chance >> 33) % 40;
}

/* The value that the attribute's bytes stand for, which the scanner leaves to whoever wants it. */
static void value_event(Events *events, XmlSlice value)
{
    static const char *const NAMED[] = {"<lt;", ">gt;", "&amp;", "\"quot;", "'apos;"};
    AUTO_BUFFER text = BUFFER(EVENTS_BYTES_MAX);
    for (size_t i = 0; i < value.length; i++) {
        char byte = value.bytes[i], character[4];
        const char *rest = value.bytes + i + 1;
        if (byte == '&' && *rest == '#') {
            char *end;
            bool hex = rest[1] == 'x';
            uint32_t code = (uint32_t)strtoul(rest + 1 + hex, &end, hex ? 16 : 10);
            buffer_add(&text, character, text_encode(code, character));
            i = (size_t)(end - value.bytes);
        } else if (byte == '&') {
            for (size_t n = 0; n < 5; n++)
                if (strncmp(rest, NAMED[n] + 1, strlen(NAMED[n] + 1)) == 0)
                    buffer_char(&text, NAMED[n][0]);
            i = (size_t)((const char *)memchr(rest, ';', value.length - i) - value.bytes);
        } else if (byte != '\n' || i == 0 || rest[-2] != '\r') {
            buffer_char(&text, strchr("\t\r\n", byte) ? ' ' : byte);
        }
    }
    event(events, '=', buffer_string(&text), text.length);
}

static void start_event(Events *events, const XmlScan *scan)
{
    event(events, '<', scan->name.bytes, scan->name.length);
    for (size_t i = 0; i < scan->attribute_count; i++) {
        const XmlAttribute *attribute = &scan->attributes[i];
        event(events, '@', attribute->local.bytes, attribute->local.length);
        if (attribute->plain)
            event(events, '=', attribute->value.bytes, attribute->value.length);
        else
            value_event(events, attribute->value);
    }
}

static ScanToken by_scan(const char *xml, size_t length, size_t piece, Events *events)
{
    XmlScan *scan = calloc(1, sizeof *scan);
    uint64_t chance = length;
    size_t given = 0;
    ScanToken token = SCAN_MORE;
    scan_begin(scan);
    while (token != SCAN_DONE && token != SCAN_STRANGE) {
        token = scan_next(scan);
        if (token == SCAN_MORE) {
            size_t room, step = next_piece(piece, &chance);
            char *bytes = scan_room(scan, &room);
            step = step < length - given ? step : length - given;
            step = step < room ? step : room;
            if (step)
                memcpy(bytes, xml + given, step);
            given += step;
            scan_filled(scan, step);
        } else if (token == SCAN_START) {
            start_event(events, scan);
        } else if (token == SCAN_END) {
            event(events, '>', scan->name.bytes, scan->name.length);
        } else if (token == SCAN_TEXT) {
            text_event(events, scan->text.bytes, scan->text.length);
        }
    }
    scan_done(scan);
    free(scan);
    return token;
}

const char *scans_differ(Arena *arena, const char *xml, size_t length, size_t piece, bool *ret_left)
{
    Events oracle = {.text = BUFFER(EVENTS_BYTES_MAX)},
           scanned = {.text = BUFFER(EVENTS_BYTES_MAX)};
    bool accepted = by_expat(xml, length, &oracle);
    ScanToken token = by_scan(xml, length, piece, &scanned);
    const char *difference = NULL;
    if (token == SCAN_STRANGE &&
        scanned.in_text) { /* expat may not give what stands before damage */
        scanned.text.length = scanned.begin;
        scanned.text.bytes[scanned.begin] = '\0';
    }
    if (token == SCAN_DONE && !accepted)
        difference = "the scanner accepts what expat refuses";
    else if (strncmp(buffer_string(&oracle.text), buffer_string(&scanned.text),
                     scanned.text.length) != 0)
        difference = arena_printf(arena, "expat gives\n%s\nthe scanner\n%s",
                                  buffer_string(&oracle.text), buffer_string(&scanned.text));
    else if (token == SCAN_DONE && oracle.text.length != scanned.text.length)
        difference = "the scanner gives less than expat";
    if (ret_left)
        *ret_left = token == SCAN_STRANGE;
    buffer_done(&oracle.text);
    buffer_done(&scanned.text);
    return difference;
}

/* One of the two readings of a workbook. */
typedef struct Reading {
    Arena *arena, *row_arena;
    int fd;
    Book book;
    size_t sheet; /* index of the one that is read */
    SheetRows *rows;
    RowBuilder builder;
    Row row;
    bool more;
    ErrCode code;
    Err err;
} Reading;

static Reading *reading_begin(const char *path, bool only_expat, size_t piece)
{
    Arena *arena = arena_new(0);
    Reading *reading = arena_alloc(arena, sizeof *reading);
    struct stat stat;
    reading->arena = arena;
    reading->row_arena = arena_new(0);
    reading->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (reading->fd < 0 || fstat(reading->fd, &stat) != 0)
        abort();
    SheetFile file = {
        .path = path, .fd = reading->fd, .bytes = (uint64_t)stat.st_size, .arena = arena};
    reading->book.archive.only_expat = only_expat;
    reading->book.archive.piece_bytes = piece;
    reading->code = book_open(&file, &reading->book, &reading->err);
    return reading;
}

static void reading_end(Reading *reading)
{
    sheet_rows_close(reading->rows);
    book_done(&reading->book);
    close(reading->fd);
    arena_free(reading->row_arena);
    arena_free(reading->arena);
}

static void reading_next(Reading *reading)
{
    Err *err = &reading->err;
    reading->more = false;
    arena_reset(reading->row_arena);
    while (reading->code == OK && !reading->more && reading->sheet < reading->book.sheet_count) {
        const BookSheet *sheet = &reading->book.sheets[reading->sheet];
        if (!reading->rows)
            reading->code =
                sheet_rows_open(&reading->book, sheet, reading->arena, &reading->rows, err);
        reading->builder.arena = reading->row_arena;
        if (reading->code == OK)
            reading->code = sheet_rows_next(reading->rows, &reading->builder, &reading->row,
                                            &reading->more, err);
        if (reading->code == OK && !reading->more) {
            sheet_rows_close(reading->rows);
            reading->rows = NULL;
            reading->sheet++;
        }
    }
}

static bool cells_equal(const Cell *a, const Cell *b)
{
    return a->kind == b->kind && strcmp(a->text, b->text) == 0 && a->number == b->number &&
           a->date == b->date && a->formula == b->formula;
}

static const char *rows_differ(Arena *arena, const Row *a, const Row *b)
{
    if (a->sheet != b->sheet || a->line != b->line || a->hidden != b->hidden ||
        a->count != b->count)
        return arena_printf(arena, "row %u of sheet %u has %zu cells, row %u of sheet %u has %zu",
                            a->line, a->sheet, a->count, b->line, b->sheet, b->count);
    for (size_t i = 0; i < a->count; i++)
        if (!cells_equal(&a->cells[i], &b->cells[i]))
            return arena_printf(arena, "cell %s is '%s' by expat, '%s' by the scanner",
                                cell_name(arena, i, a->line), a->cells[i].text, b->cells[i].text);
    return NULL;
}

const char *books_differ(Arena *arena, const char *path, size_t piece)
{
    Reading *oracle = reading_begin(path, true, 0), *scanned = reading_begin(path, false, piece);
    const char *difference = NULL;
    do {
        reading_next(oracle);
        reading_next(scanned);
        if (oracle->code != scanned->code || strcmp(oracle->err.text, scanned->err.text) != 0)
            difference = arena_printf(arena, "expat ends with '%s', the scanner with '%s'",
                                      oracle->err.text, scanned->err.text);
        else if (oracle->more != scanned->more)
            difference =
                arena_printf(arena, "rows end after %u for one of the two", oracle->row.line);
        else if (oracle->more)
            difference = rows_differ(arena, &oracle->row, &scanned->row);
    } while (!difference && oracle->more);
    reading_end(oracle);
    reading_end(scanned);
    return difference;
}
