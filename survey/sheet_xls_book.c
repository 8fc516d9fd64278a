/* What all sheets of an old workbook share: formats, texts, the list of sheets. */
#include "survey/sheet_xls.h"

#include "base/lang.h"

enum { VERSION_BIFF8 = 0x0600, FORMATS_MAX = 4096, XFS_MAX = 65536, FORMAT_CODE_BYTES = 4096 };

typedef struct Formats {
    uint16_t ids[FORMATS_MAX];
    CellFormat formats[FORMATS_MAX];
    size_t count;
} Formats;

static ErrCode too_old(Err *err)
{
    err_set(err, ERR_INPUT, _("this is an .xls of Excel 95 or older"));
    return err_hint(err, _("open it and save it as .xlsx"));
}

ErrCode xls_book_text(XlsBook *book, size_t characters, uint32_t *ret_number, Err *err)
{
    XlsTexts *strings = &book->strings;
    uint32_t begin = (uint32_t)strings->text.length;
    uint32_t number = (uint32_t)(strings->index.length / sizeof begin);
    buffer_add(&strings->index, &begin, sizeof begin);
    TRY(xls_text(book->stream, characters, &strings->text, err));
    buffer_char(&strings->text, '\0');
    if (strings->text.overflow || strings->index.overflow)
        return err_set(err, ERR_LIMIT, _("the texts need more than %d MiB"),
                       XLS_TEXTS_BYTES_MAX >> 20);
    *ret_number = number;
    return OK;
}

static uint32_t index_at(const XlsTexts *texts, size_t number)
{
    uint32_t begin;
    memcpy(&begin, texts->index.bytes + number * sizeof begin, sizeof begin);
    return begin;
}

const char *xls_text_at(const XlsTexts *texts, size_t number, size_t *ret_length)
{
    size_t count = texts->index.length / sizeof(uint32_t);
    if (number >= count)
        return NULL;
    size_t begin = index_at(texts, number);
    size_t end = number + 1 < count ? index_at(texts, number + 1) : texts->text.length;
    *ret_length = end - begin - 1;
    return texts->text.bytes + begin;
}

static ErrCode strings_record(XlsBook *book, Err *err)
{
    XlsStream *stream = book->stream;
    TRY(xls_want(stream, 8, err));
    uint32_t count = ole_u32(stream->data + 4);
    stream->at = 8;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number;
        TRY(xls_more(stream, err));
        TRY(xls_want(stream, 2, err));
        size_t characters = ole_u16(stream->data + stream->at);
        stream->at += 2;
        TRY(xls_book_text(book, characters, &number, err));
    }
    return OK;
}

static ErrCode sheet_record(XlsBook *book, unsigned *tabs, Err *err)
{
    XlsStream *stream = book->stream;
    TRY(xls_want(stream, 8, err));
    uint32_t place = ole_u32(stream->data);
    uint8_t state = stream->data[4] & 3, kind = stream->data[5];
    size_t characters = stream->data[6];
    stream->at = 7;
    ++*tabs;
    if (kind != 0)
        return OK; /* a chart or a macro sheet holds no rows */
    if (book->sheet_count == XLS_SHEETS_MAX)
        return err_set(err, ERR_LIMIT, _("there are too many sheets"));
    for (size_t i = 0; i < book->sheet_count; i++)
        if (book->sheets[i].place == place) /* a thousand names for one large sheet */
            return ole_damaged(err);
    AUTO_BUFFER name = BUFFER(4 * UINT8_MAX);
    TRY(xls_text(stream, characters, &name, err));
    book->sheets[book->sheet_count++] = (XlsSheet){
        .name = arena_strdup(book->arena, buffer_string(&name)),
        .number = *tabs,
        .place = place,
        .hidden = state != 0,
    };
    return OK;
}

static ErrCode format_record(XlsBook *book, Formats *formats, Err *err)
{
    XlsStream *stream = book->stream;
    TRY(xls_want(stream, 4, err));
    uint16_t id = ole_u16(stream->data);
    size_t characters = ole_u16(stream->data + 2);
    stream->at = 4;
    AUTO_BUFFER code = BUFFER(FORMAT_CODE_BYTES);
    TRY(xls_text(stream, characters, &code, err));
    if (formats->count == FORMATS_MAX || code.overflow)
        return err_set(err, ERR_LIMIT, _("there are too many number formats"));
    formats->ids[formats->count] = id;
    formats->formats[formats->count++] = format_parse(buffer_string(&code));
    return OK;
}

static ErrCode xf_record(XlsBook *book, const Formats *formats, Err *err)
{
    TRY(xls_want(book->stream, 4, err));
    uint16_t id = ole_u16(book->stream->data + 2);
    if (book->format_count == XFS_MAX)
        return err_set(err, ERR_LIMIT, _("there are too many number formats"));
    CellFormat format = format_builtin(id);
    for (size_t i = 0; i < formats->count; i++)
        if (formats->ids[i] == id)
            format = formats->formats[i];
    book->formats[book->format_count++] = format;
    return OK;
}

static ErrCode global_record(XlsBook *book, Formats *formats, unsigned *tabs, Err *err)
{
    switch (book->stream->type) {
    case XLS_FILEPASS:
        err_set(err, ERR_INPUT, _("this is an .xls with a password"));
        return err_hint(err,
                        _("open it with its password and save it as .xlsx without a password"));
    case XLS_DATE_1904:
        TRY(xls_want(book->stream, 2, err));
        book->date_1904 = ole_u16(book->stream->data) == 1;
        return OK;
    case XLS_BOUNDSHEET:
        return sheet_record(book, tabs, err);
    case XLS_FORMAT:
        return format_record(book, formats, err);
    case XLS_XF:
        return xf_record(book, formats, err);
    case XLS_SST:
        return strings_record(book, err);
    default:
        return OK;
    }
}

static ErrCode globals_read(XlsBook *book, Err *err)
{
    XlsStream *stream = book->stream;
    TRY(xls_record(stream, err));
    if (stream->type != XLS_BOF)
        return ole_damaged(err);
    TRY(xls_want(stream, 4, err));
    if (ole_u16(stream->data) != VERSION_BIFF8)
        return too_old(err);
    Formats *formats = arena_alloc(book->arena, sizeof *formats);
    unsigned tabs = 0;
    do {
        TRY(xls_record(stream, err));
        TRY(global_record(book, formats, &tabs, err));
    } while (stream->type != XLS_EOF);
    return OK;
}

ErrCode xls_book_open(const SheetFile *file, XlsBook *book, Err *err)
{
    Arena *arena = file->arena;
    bool found = false, old = false;
    book->arena = arena;
    book->strings.text = BUFFER(XLS_TEXTS_BYTES_MAX);
    book->strings.index = BUFFER(XLS_TEXTS_BYTES_MAX);
    book->stream = arena_alloc(arena, sizeof *book->stream);
    TRY(ole_open(file, "Workbook", &book->stream->ole, &found, err));
    if (!found)
        TRY(ole_open(file, "Book", &book->stream->ole, &old, err));
    if (old)
        return too_old(err);
    if (!found) {
        err_set(err, ERR_INPUT, _("this is an old office file, not an .xls"));
        return err_hint(err, _("ask the sender for the questionnaire as .xlsx or .csv"));
    }
    book->sheets = arena_array(arena, XlsSheet, XLS_SHEETS_MAX);
    book->formats = arena_array(arena, CellFormat, XFS_MAX);
    TRY(globals_read(book, err));
    if (book->sheet_count == 0)
        return err_set(err, ERR_INPUT, _("the workbook has no worksheet"));
    return OK;
}

void xls_book_done(XlsBook *book)
{
    buffer_done(&book->strings.text);
    buffer_done(&book->strings.index);
}
