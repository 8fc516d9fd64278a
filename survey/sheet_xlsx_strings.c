/* xl/sharedStrings.xml: the texts of all cells, once each, in one block with an index. Rich text is
 * the sum of its runs; phonetic guides (rPh) are no part of the text. */
#include "survey/sheet_xlsx.h"

#include "base/lang.h"

typedef struct StringsReader {
    SharedStrings *strings;
    bool in_string;   /* inside si */
    bool in_text;     /* inside t */
    bool in_phonetic; /* inside rPh */
    size_t begin;     /* of the current string in strings->text */
} StringsReader;

static void check_limits(Part *part, const StringsReader *reader)
{
    const SharedStrings *strings = reader->strings;
    bool full = strings->text.overflow || strings->index.overflow ||
                strings->text.length + strings->index.length > STRINGS_BYTES_MAX;
    /* seven bytes may stand for one escaped character */
    bool long_text = strings->text.length - reader->begin > (size_t)7 * SHEET_CELL_CHARACTERS_MAX;
    if (full)
        err_set(&part->failure, ERR_LIMIT, _("'%s': the texts need more than %d MiB"), part->name,
                STRINGS_BYTES_MAX >> 20);
    else if (long_text)
        err_set(&part->failure, ERR_LIMIT, _("'%s': a text holds more than %d characters"),
                part->name, SHEET_CELL_CHARACTERS_MAX);
    if (full || long_text)
        part_stop(part);
}

static void strings_start(void *user, const char *name, const char **attributes)
{
    (void)attributes;
    Part *part = user;
    StringsReader *reader = part->state;
    SharedStrings *strings = reader->strings;
    const char *local = xml_local(name);
    if (!reader->in_string) {
        if (strcmp(local, "si") != 0)
            return;
        uint32_t begin = (uint32_t)strings->text.length;
        reader->in_string = true;
        reader->begin = begin;
        buffer_add(&strings->index, &begin, sizeof begin);
        check_limits(part, reader);
    } else if (strcmp(local, "rPh") == 0) {
        reader->in_phonetic = true;
    } else if (strcmp(local, "t") == 0) {
        reader->in_text = !reader->in_phonetic;
    } else if (strcmp(local, "si") == 0) {
        err_set(&part->failure, ERR_INPUT, _("'%s': a text begins inside another"), part->name);
        part_stop(part);
    }
}

static void strings_text(void *user, const char *bytes, int length)
{
    Part *part = user;
    StringsReader *reader = part->state;
    if (!reader->in_text)
        return;
    buffer_add(&reader->strings->text, bytes, (size_t)length);
    check_limits(part, reader);
}

static void strings_end(void *user, const char *name)
{
    Part *part = user;
    StringsReader *reader = part->state;
    Buffer *text = &reader->strings->text;
    const char *local = xml_local(name);
    if (part->failure.code != OK || !reader->in_string)
        return;
    if (strcmp(local, "t") == 0) {
        reader->in_text = false;
    } else if (strcmp(local, "rPh") == 0) {
        reader->in_phonetic = false;
    } else if (strcmp(local, "si") == 0) {
        if (text->length > reader->begin)
            text->length = reader->begin + value_unescape(text->bytes + reader->begin,
                                                          text->length - reader->begin);
        buffer_char(text, '\0');
        reader->in_string = false;
        check_limits(part, reader);
    }
}

ErrCode strings_read(Archive *archive, const char *part, SharedStrings *strings, Err *err)
{
    static const PartHandlers HANDLERS = {strings_start, strings_end, strings_text};
    strings->text = BUFFER(STRINGS_BYTES_MAX);
    strings->index = BUFFER(STRINGS_BYTES_MAX);
    StringsReader reader = {.strings = strings};
    return part_parse(archive, part, &HANDLERS, &reader, err);
}

static uint32_t index_at(const SharedStrings *strings, size_t number)
{
    uint32_t begin;
    memcpy(&begin, strings->index.bytes + number * sizeof begin, sizeof begin);
    return begin;
}

const char *strings_at(const SharedStrings *strings, size_t number, size_t *ret_length)
{
    size_t count = strings->index.length / sizeof(uint32_t);
    if (number >= count)
        return NULL;
    size_t begin = index_at(strings, number);
    size_t end = number + 1 < count ? index_at(strings, number + 1) : strings->text.length;
    *ret_length = end - begin - 1;
    return strings->text.bytes + begin;
}
