/* xl/styles.xml: a cell names a style, the style names a number format, and that decides whether a
 * number is a date. Only cellXfs counts: cellStyleXfs are the styles' templates. */
#include "survey/sheet_xlsx.h"

#include "base/lang.h"

enum { FORMATS_MAX = 65536, CODE_BYTES_MAX = 1024 };

typedef struct CustomFormat {
    unsigned id;
    CellFormat format;
} CustomFormat;

typedef struct StylesReader {
    bool in_cell_xfs;
    Buffer *customs; /* CustomFormat */
    Buffer *formats; /* CellFormat, one a style */
} StylesReader;

static unsigned attribute_number(const char **attributes, const char *local)
{
    const char *value = xml_attribute(attributes, local);
    return value ? (unsigned)strtoul(value, NULL, 10) : 0;
}

static CellFormat format_of_id(const StylesReader *reader, unsigned id)
{
    size_t count = reader->customs->length / sizeof(CustomFormat);
    for (size_t i = count; i-- > 0;) {
        CustomFormat custom;
        memcpy(&custom, reader->customs->bytes + i * sizeof custom, sizeof custom);
        if (custom.id == id)
            return custom.format;
    }
    return format_builtin(id);
}

static void styles_start(void *user, const char *name, const char **attributes)
{
    Part *part = user;
    StylesReader *reader = part->state;
    const char *local = xml_local(name);
    if (strcmp(local, "cellXfs") == 0) {
        reader->in_cell_xfs = true;
    } else if (strcmp(local, "numFmt") == 0) {
        const char *code = xml_attribute(attributes, "formatCode");
        CustomFormat custom = {.id = attribute_number(attributes, "numFmtId")};
        if (code && strlen(code) <= CODE_BYTES_MAX)
            custom.format = format_parse(code);
        buffer_add(reader->customs, &custom, sizeof custom);
    } else if (reader->in_cell_xfs && strcmp(local, "xf") == 0) {
        CellFormat format = format_of_id(reader, attribute_number(attributes, "numFmtId"));
        buffer_add(reader->formats, &format, sizeof format);
    }
    if (reader->customs->overflow || reader->formats->overflow) {
        err_set(&part->failure, ERR_LIMIT, _("'%s' holds more than %d formats"), part->name,
                FORMATS_MAX);
        part_stop(part);
    }
}

static void styles_end(void *user, const char *name)
{
    Part *part = user;
    StylesReader *reader = part->state;
    if (strcmp(xml_local(name), "cellXfs") == 0)
        reader->in_cell_xfs = false;
}

ErrCode styles_read(Archive *archive, const char *part, Arena *arena, Book *book, Err *err)
{
    static const PartHandlers HANDLERS = {styles_start, styles_end, NULL};
    AUTO_BUFFER customs = BUFFER(FORMATS_MAX / 16 * sizeof(CustomFormat));
    AUTO_BUFFER formats = BUFFER(FORMATS_MAX * sizeof(CellFormat));
    StylesReader reader = {.customs = &customs, .formats = &formats};
    TRY(part_parse(archive, part, &HANDLERS, &reader, err));
    book->format_count = formats.length / sizeof(CellFormat);
    book->formats = arena_memdup(arena, formats.bytes, formats.length);
    return OK;
}
