/* Tells containers apart by their first bytes. People rename files, and programs write one thing
 * under the name of another; so the name says nothing, and a file we can't read is called by what
 * it really is. */
#include "survey/sheet_reader.h"

#include "base/lang.h"

#include <strings.h>

enum { HEAD_BYTES = 4096, SCAN_BYTES = 256 * 1024 };

typedef struct Magic {
    const char *bytes;
    size_t length;
    const char *what; /* N_: completes "this is …" */
    const char *hint; /* N_ */
} Magic;

#define MAGIC(text) (text), sizeof(text) - 1

static const char SAVE_AS[] = N_("open it and save it as .xlsx");
static const char UNPACK[] = N_("unpack it and give the files in it");
static const char ASK_SENDER[] = N_("ask the sender for the questionnaire as .xlsx or .csv");

static const Magic FOREIGN[] = {
    {MAGIC("\x1F\x8B"), N_("a gzip archive"), UNPACK},
    {MAGIC("Rar!\x1A\x07"), N_("a RAR archive"), UNPACK},
    {MAGIC("7z\xBC\xAF\x27\x1C"), N_("a 7z archive"), UNPACK},
    {MAGIC("BZh"), N_("a bzip2 archive"), UNPACK},
    {MAGIC("\xFD"
           "7zXZ\0"),
     N_("an xz archive"), UNPACK},
    {MAGIC("%PDF-"), N_("a PDF"), ASK_SENDER},
    {MAGIC("{\\rtf"), N_("a text document (.rtf)"), ASK_SENDER},
    {MAGIC("\x89PNG\r\n"), N_("a picture (.png)"), ASK_SENDER},
    {MAGIC("\xFF\xD8\xFF"), N_("a picture (.jpg)"), ASK_SENDER},
    {MAGIC("SQLite format 3"), N_("an SQLite database"), ASK_SENDER},
    {MAGIC("MIME-Version:"), N_("a web page saved by Excel (.mht)"), SAVE_AS},
    {MAGIC("\x09\x08\x10\x00"), N_("an old .xls"), SAVE_AS},
    {MAGIC("\x09\x04\x06\x00"), N_("an old .xls"), SAVE_AS},
    {MAGIC("\x09\x02\x06\x00"), N_("an old .xls"), SAVE_AS},
};

/* How text begins that is HTML or XML under an office name. */
static const Magic MARKUP[] = {
    {MAGIC("<html"), N_("a web page saved as .xls or .csv"), SAVE_AS},
    {MAGIC("<!doctype html"), N_("a web page saved as .xls or .csv"), SAVE_AS},
    {MAGIC("<table"), N_("a web page saved as .xls or .csv"), SAVE_AS},
    {MAGIC("<head"), N_("a web page saved as .xls or .csv"), SAVE_AS},
    {MAGIC("<meta"), N_("a web page saved as .xls or .csv"), SAVE_AS},
    {MAGIC("<style"), N_("a web page saved as .xls or .csv"), SAVE_AS},
    {MAGIC("<?xml"), N_("an XML file, perhaps an XML Spreadsheet 2003"), SAVE_AS},
};

static ErrCode foreign(const Magic *magic, Err *err)
{
    err_set(err, ERR_INPUT, _("this is %s"), _(magic->what));
    return err_hint(err, "%s", _(magic->hint));
}

/* An OLE file is an old .xls, or the wrapping of an .xlsx with a password: the latter has a stream
 * named EncryptedPackage, written in UTF-16LE somewhere in the directory. */
static ErrCode ole_identify(const SheetFile *file, const SheetReader **ret_reader, Err *err)
{
    static const char NAME[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    enum { NAME_BYTES = sizeof NAME - 1 };
    char *bytes = arena_alloc(file->arena, SCAN_BYTES);
    bool encrypted = false;
    size_t length = 0;
    for (uint64_t offset = 0; offset < file->bytes && !encrypted;
         offset += SCAN_BYTES - NAME_BYTES) {
        TRY(sheet_read(file->fd, bytes, SCAN_BYTES, offset, &length, err));
        encrypted = memmem(bytes, length, NAME, NAME_BYTES) != NULL;
        if (length < SCAN_BYTES)
            break;
    }
    if (!encrypted) {
        *ret_reader = &SHEET_XLS;
        return OK;
    }
    err_set(err, ERR_INPUT, _("this is an encrypted .xlsx"));
    return err_hint(err, _("open it with its password and save it as .xlsx without a password"));
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at;
}

/* "[{", "[]", "{"" and "{}" with any white space between: a heading of a .csv doesn't begin like
 * that. */
static bool looks_like_json(const char *at, const char *end)
{
    if (at == end || (*at != '[' && *at != '{'))
        return false;
    bool array = *at == '[';
    at = skip_blanks(at + 1, end);
    if (at == end)
        return true;
    return array ? *at == '{' || *at == ']' : *at == '"' || *at == '}';
}

ErrCode sheet_identify(const SheetFile *file, const SheetReader **ret_reader, Err *err)
{
    char head[HEAD_BYTES];
    size_t length = 0;
    TRY(sheet_read(file->fd, head, sizeof head, 0, &length, err));
    if (length >= 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0)) {
        *ret_reader = &SHEET_XLSX;
        return OK;
    }
    if (length >= 8 && memcmp(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)
        return ole_identify(file, ret_reader, err);
    for (size_t i = 0; i < sizeof FOREIGN / sizeof *FOREIGN; i++)
        if (length >= FOREIGN[i].length && memcmp(head, FOREIGN[i].bytes, FOREIGN[i].length) == 0)
            return foreign(&FOREIGN[i], err);

    const char *end = head + length;
    bool marked = length >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0;
    const char *start = skip_blanks(marked ? head + 3 : head, end);
    for (size_t i = 0; i < sizeof MARKUP / sizeof *MARKUP; i++)
        if ((size_t)(end - start) >= MARKUP[i].length &&
            strncasecmp(start, MARKUP[i].bytes, MARKUP[i].length) == 0)
            return foreign(&MARKUP[i], err);
    *ret_reader = looks_like_json(start, end) ? &SHEET_JSON : &SHEET_CSV;
    return OK;
}
