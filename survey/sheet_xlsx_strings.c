/* xl/sharedStrings.xml: the texts of all cells, once each. Rich text is the sum of its runs;
 * phonetic guides (rPh) are no part of the text. As with worksheets, expat reads what the scanner
 * leaves to it, from the beginning. */
#include "survey/sheet_xlsx.h"
#include "survey/xml_scan.h"

#include "base/lang.h"

#include <stdlib.h>

/* Seven bytes may stand for one escaped character. */
enum { TEXT_BYTES_MAX = 7 * SHEET_CELL_CHARACTERS_MAX };

typedef struct StringsReader {
    SharedStrings *strings;
    const char *part;
    bool in_string;   /* inside si */
    bool in_text;     /* inside t */
    bool in_phonetic; /* inside rPh */
    Buffer text;      /* of the si that is being read */
    Err failure;
} StringsReader;

static void string_is(StringsReader *reader, const char *bytes, size_t length)
{
    Err *failure = &reader->failure;
    if (length > TEXT_BYTES_MAX)
        err_set(failure, ERR_LIMIT, _("'%s': a text holds more than %d characters"), reader->part,
                SHEET_CELL_CHARACTERS_MAX);
    else if (strings_add(reader->strings, bytes, length, failure) != OK)
        err_wrap(failure, "'%s'", reader->part);
}

static void string_start(StringsReader *reader, XmlSlice local)
{
    if (!reader->in_string) {
        reader->in_string = slice_is(local, "si");
        buffer_clear(&reader->text);
    } else if (slice_is(local, "rPh")) {
        reader->in_phonetic = true;
    } else if (slice_is(local, "t")) {
        reader->in_text = !reader->in_phonetic;
    } else if (slice_is(local, "si")) {
        err_set(&reader->failure, ERR_INPUT, _("'%s': a text begins inside another"), reader->part);
    }
}

static void string_text(StringsReader *reader, const char *bytes, size_t length)
{
    if (reader->in_text)
        buffer_add(&reader->text, bytes, length);
    if (reader->text.overflow)
        string_is(reader, "", TEXT_BYTES_MAX + 1);
}

static void string_end(StringsReader *reader, XmlSlice local)
{
    Buffer *text = &reader->text;
    if (!reader->in_string)
        return;
    if (slice_is(local, "t")) {
        reader->in_text = false;
    } else if (slice_is(local, "rPh")) {
        reader->in_phonetic = false;
    } else if (slice_is(local, "si")) {
        if (text->length)
            text->length = value_unescape(text->bytes, text->length);
        string_is(reader, buffer_string(text), text->length);
        reader->in_string = false;
    }
}

/* The handlers of expat. It may call them once more after part_stop. */
static void expat_start(void *user, const char *name, const char **attributes)
{
    (void)attributes;
    Part *part = user;
    StringsReader *reader = part->state;
    const char *local = xml_local(name);
    if (reader->failure.code == OK)
        string_start(reader, (XmlSlice){local, strlen(local)});
    part->failure = reader->failure;
    if (part->failure.code != OK)
        part_stop(part);
}

static void expat_text(void *user, const char *bytes, int length)
{
    Part *part = user;
    StringsReader *reader = part->state;
    if (reader->failure.code == OK)
        string_text(reader, bytes, (size_t)length);
    part->failure = reader->failure;
    if (part->failure.code != OK)
        part_stop(part);
}

static void expat_end(void *user, const char *name)
{
    Part *part = user;
    StringsReader *reader = part->state;
    const char *local = xml_local(name);
    if (reader->failure.code == OK)
        string_end(reader, (XmlSlice){local, strlen(local)});
    part->failure = reader->failure;
    if (part->failure.code != OK)
        part_stop(part);
}

static ErrCode read_by_expat(StringsReader *reader, Part *part, Err *err)
{
    static const PartHandlers EXPAT = {expat_start, expat_end, expat_text};
    Buffer text = reader->text;
    strings_done(reader->strings);
    *reader = (StringsReader){.strings = reader->strings, .part = reader->part, .text = text};
    buffer_clear(&reader->text);
    TRY(part_again(part, &EXPAT, err));
    while (!part->ended)
        TRY(part_step(part, err));
    return OK;
}

static ErrCode fill(XmlScan *scan, Part *part, Err *err)
{
    size_t room, length = 0;
    char *bytes = scan_room(scan, &room);
    if (room)
        TRY(part_read(part, bytes, room, &length, err));
    scan_filled(scan, length);
    scan->strange |= part->odd;
    return OK;
}

/* A whole si, unless it is in one that began before or holds an escape. */
static bool whole_string(StringsReader *reader, XmlScan *scan)
{
    XmlSlice text;
    if (reader->in_string || !scan_string(scan, &text))
        return false;
    if (!memchr(text.bytes, '_', text.length)) {
        string_is(reader, text.bytes, text.length);
        return true;
    }
    buffer_clear(&reader->text);
    buffer_add(&reader->text, text.bytes, text.length);
    reader->text.length = value_unescape(reader->text.bytes, text.length);
    string_is(reader, reader->text.bytes, reader->text.length);
    return true;
}

/* Takes tokens to the end; *ret_strange: expat must begin anew. */
static ErrCode read_by_scan(StringsReader *reader, XmlScan *scan, Part *part, bool *ret_strange,
                            Err *err)
{
    for (ScanToken token = SCAN_MORE; token != SCAN_DONE && token != SCAN_STRANGE;) {
        if (reader->failure.code != OK) {
            *err = reader->failure;
            return err->code;
        }
        if (whole_string(reader, scan))
            continue;
        token = scan_next(scan);
        if (token == SCAN_MORE)
            TRY(fill(scan, part, err));
        else if (token == SCAN_START)
            string_start(reader, scan->local);
        else if (token == SCAN_TEXT)
            string_text(reader, scan->text.bytes, scan->text.length);
        else if (token == SCAN_END)
            string_end(reader, scan->local);
        *ret_strange = token == SCAN_STRANGE;
    }
    return OK;
}

ErrCode strings_read(Archive *archive, const char *name, SharedStrings *strings, Err *err)
{
    Part part;
    StringsReader reader = {.strings = strings, .part = name, .text = BUFFER(TEXT_BYTES_MAX)};
    XmlScan *scan = calloc(1, sizeof *scan);
    if (!scan)
        return err_set(err, ERR_LIMIT, _("'%s' cannot be read: out of memory"), name);
    ErrCode code = part_open(archive, name, NULL, &reader, &part, err);
    if (code == OK) {
        bool strange = false;
        scan_begin(scan);
        scan->strange |= archive->only_expat;
        code = read_by_scan(&reader, scan, &part, &strange, err);
        if (code == OK && strange)
            code = read_by_expat(&reader, &part, err);
        part_close(&part);
    }
    scan_done(scan);
    free(scan);
    buffer_done(&reader.text);
    return code;
}
