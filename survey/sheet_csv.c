/* Comma-separated values, strictly: a quote opens a field, is doubled inside it and closes it; a
 * quote anywhere else is an error that names its line, because whatever follows may have slid into
 * the wrong column. One thing that exports write outside the standard is read: ="0123", a formula
 * that keeps a spreadsheet from eating zeros. */
#include "survey/sheet_reader.h"

#include "base/buffer.h"
#include "base/lang.h"
#include "survey/encoding.h"

#include <strings.h>

enum { SAMPLE_LINES = 20, END_OF_FILE = -1 };

typedef struct Csv {
    Decoder *decoder;
    const char *piece;
    size_t at, length;
    bool marked; /* the last byte was CR: an LF belongs to it */
    char delimiter;
    unsigned line; /* on which the next byte stands */
    Buffer field;
    bool ends_plain[256], ends_quoted[256]; /* the bytes at which a span of a field stops */
} Csv;

/* The next byte without taking it, END_OF_FILE after the last. */
static ErrCode peek(Csv *csv, int *ret_byte, Err *err)
{
    if (csv->at == csv->length && csv->piece) {
        csv->at = 0;
        if (decoder_read(csv->decoder, &csv->piece, &csv->length, err) != OK)
            return err_wrap(err, _("after line %u"), csv->line);
        if (csv->length == 0)
            csv->piece = NULL;
    }
    *ret_byte = csv->piece ? (unsigned char)csv->piece[csv->at] : END_OF_FILE;
    return OK;
}

/* Takes the byte that peek showed, and counts lines: CR LF, CR and LF each end one. */
static void take(Csv *csv)
{
    char byte = csv->piece[csv->at++];
    if (byte == '\r' || (byte == '\n' && !csv->marked))
        csv->line++;
    csv->marked = byte == '\r';
}

/* Adds to the field everything up to one of the stops, or to the end of the piece. */
static void take_span(Csv *csv, const bool stops[256])
{
    size_t end = csv->at;
    while (end < csv->length && !stops[(unsigned char)csv->piece[end]])
        end++;
    buffer_add(&csv->field, csv->piece + csv->at, end - csv->at);
    csv->at = end;
    csv->marked = false;
}

static bool ends_field(const Csv *csv, int byte)
{
    return byte == END_OF_FILE || byte == csv->delimiter || byte == '\r' || byte == '\n';
}

static ErrCode quote_error(unsigned line, Err *err)
{
    err_set(err, ERR_INPUT, _("line %u: a quote stands where the field neither begins nor ends"),
            line);
    return err_hint(err, _("write the whole field in quotes, and a quote inside it twice"));
}

/* The rest of a field after its opening quote, and the closing quote. */
static ErrCode quoted_field(Csv *csv, Err *err)
{
    unsigned opened = csv->line;
    for (int byte = 0;;) {
        TRY(peek(csv, &byte, err));
        if (csv->field.overflow)
            return err_set(err, ERR_LIMIT,
                           _("line %u: a quoted field holds more than %d characters: its closing "
                             "quote may be missing"),
                           opened, SHEET_CELL_CHARACTERS_MAX);
        if (byte == END_OF_FILE) {
            err_set(err, ERR_INPUT, _("line %u: a quote is opened and never closed"), opened);
            return err_hint(err, _("close it, or write a quote inside a field twice"));
        }
        if (byte == '\r' || byte == '\n') {
            buffer_char(&csv->field, (char)byte);
            take(csv);
        } else if (byte != '"') {
            take_span(csv, csv->ends_quoted);
        } else {
            take(csv);
            TRY(peek(csv, &byte, err));
            if (byte != '"')
                return ends_field(csv, byte) ? OK : quote_error(csv->line, err);
            buffer_char(&csv->field, '"');
            take(csv);
        }
    }
}

static ErrCode plain_field(Csv *csv, bool *ret_formula, Err *err)
{
    for (int byte = 0;;) {
        TRY(peek(csv, &byte, err));
        if (ends_field(csv, byte))
            return OK;
        if (byte != '"') {
            take_span(csv, csv->ends_plain);
            continue;
        }
        if (strcmp(buffer_string(&csv->field), "=") != 0 || csv->field.length != 1)
            return quote_error(csv->line, err);
        *ret_formula = true;
        buffer_clear(&csv->field);
        take(csv);
        return quoted_field(csv, err);
    }
}

/* ="0123" that came as a properly quoted field. */
static bool unwrap_formula(const Buffer *field)
{
    return field->length > 3 && memcmp(field->bytes, "=\"", 2) == 0 &&
           memchr(field->bytes + 2, '"', field->length - 2) == field->bytes + field->length - 1;
}

/* The content of csv->field as a cell. A NUL can't be text: it becomes U+FFFD, which the checks
 * call damaged. */
static ErrCode put_field(Csv *csv, RowBuilder *builder, size_t column, bool formula, Err *err)
{
    const char *bytes = buffer_string(&csv->field);
    size_t length = csv->field.length;
    if (unwrap_formula(&csv->field)) {
        formula = true;
        bytes += 2;
        length -= 3;
    }
    Cell cell = SHEET_EMPTY_CELL;
    cell.formula = formula;
    cell.kind = length ? CELL_TEXT : CELL_EMPTY;
    if (!length || !memchr(bytes, '\0', length)) {
        TRY(row_text(builder, bytes, length, &cell.text, err));
        return row_put(builder, column, &cell, err);
    }
    AUTO_BUFFER mended = BUFFER(3 * SHEET_CELL_BYTES_MAX);
    for (size_t i = 0; i < length; i++)
        buffer_add(&mended, bytes[i] ? bytes + i : "\uFFFD", bytes[i] ? 1 : 3);
    TRY(row_text(builder, buffer_string(&mended), mended.length, &cell.text, err));
    return row_put(builder, column, &cell, err);
}

static ErrCode read_field(Csv *csv, RowBuilder *builder, size_t column, Err *err)
{
    int byte = 0;
    bool formula = false;
    unsigned line = csv->line;
    buffer_clear(&csv->field);
    TRY(peek(csv, &byte, err));
    if (byte == '"') {
        take(csv);
        TRY(quoted_field(csv, err));
    } else {
        TRY(plain_field(csv, &formula, err));
    }
    if (csv->field.overflow)
        return err_set(err, ERR_LIMIT, _("line %u: the cell holds more than %d characters"), line,
                       SHEET_CELL_CHARACTERS_MAX);
    if (put_field(csv, builder, column, formula, err) != OK)
        return err_wrap(err, _("line %u"), line);
    return OK;
}

/* The end of the line that begins at `begin`: where its CR or LF stands. NULL when the line is not
 * whole in the piece, or is anything but plain: quotes, NULs, lone CRs, perhaps a cell too long. */
static const char *plain_line(const Csv *csv, const char *begin)
{
    const char *end = memchr(begin, '\n', csv->length - csv->at);
    size_t length = end ? (size_t)(end - begin) : 0;
    if (!end || length > SHEET_CELL_CHARACTERS_MAX || memchr(begin, '"', length) ||
        memchr(begin, '\0', length))
        return NULL;
    const char *mark = memchr(begin, '\r', length);
    if (mark && mark != end - 1)
        return NULL;
    return mark ? mark : end;
}

/* Takes a plain line as a row: its text is copied as a whole, and delimiters become the ends of the
 * cells. False, with nothing taken, when the line is not plain or too wide. */
static bool take_plain_line(Csv *csv, RowBuilder *builder)
{
    const char *begin = csv->piece + csv->at, *end = plain_line(csv, begin);
    if (!end)
        return false;
    char *text = arena_strndup(builder->arena, begin, (size_t)(end - begin));
    char *stop = text + (end - begin);
    size_t count = 0;
    for (char *at = text; at <= stop; count++, at++) {
        if (count == SHEET_COLUMNS_MAX)
            return false;
        Cell *cell = &builder->cells[count];
        *cell = SHEET_EMPTY_CELL;
        cell->kind = *at && *at != csv->delimiter ? CELL_TEXT : CELL_EMPTY;
        cell->text = at;
        while (at < stop && *at != csv->delimiter)
            at++;
        *at = '\0';
    }
    builder->count = count;
    csv->at += (size_t)(end - begin) + 1 + (*end == '\r');
    csv->marked = false;
    csv->line++;
    return true;
}

static ErrCode csv_next(void *state, RowBuilder *builder, Row *ret_row, bool *ret_more, Err *err)
{
    Csv *csv = state;
    int byte = 0;
    TRY(peek(csv, &byte, err));
    if (byte == '\n' && csv->marked) { /* of the CR LF that ended the row before */
        take(csv);
        TRY(peek(csv, &byte, err));
    }
    *ret_more = byte != END_OF_FILE;
    if (!*ret_more)
        return OK;
    row_begin(builder, builder->arena);
    ret_row->line = csv->line;
    if (take_plain_line(csv, builder)) {
        row_end(builder, ret_row);
        return OK;
    }
    for (size_t column = 0;; column++) {
        TRY(read_field(csv, builder, column, err));
        TRY(peek(csv, &byte, err));
        if (byte != csv->delimiter)
            break;
        take(csv);
    }
    if (byte != END_OF_FILE)
        take(csv);
    row_end(builder, ret_row);
    return OK;
}

/* How well a delimiter fits the first lines: the number of them with the same count of delimiters,
 * times that count. A heading that lists trades with commas inside one field of a semicolon file
 * has its count alone. */
static size_t delimiter_fit(const char *text, size_t length, char delimiter)
{
    size_t counts[SAMPLE_LINES] = {0}, line = 0, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < length && line < SAMPLE_LINES; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && text[i] == delimiter)
            counts[line]++;
        else if (!quoted && (text[i] == '\n' || text[i] == '\r') && counts[line])
            line++;
    }
    for (size_t a = 0; a < SAMPLE_LINES; a++) {
        size_t same = 0;
        for (size_t b = 0; b < SAMPLE_LINES; b++)
            same += counts[a] && counts[a] == counts[b];
        if (same * counts[a] > best)
            best = same * counts[a];
    }
    return best;
}

/* Takes the line "sep=;" that Excel understands, or looks at the first lines. */
static ErrCode decide_delimiter(Csv *csv, Err *err)
{
    static const char CANDIDATES[] = {'\t', ',', ';'};
    int byte = 0;
    TRY(peek(csv, &byte, err));
    csv->delimiter = ',';
    if (byte == END_OF_FILE)
        return OK;
    size_t length = csv->length;
    if (length >= 6 && strncasecmp(csv->piece, "sep=", 4) == 0 &&
        memchr(CANDIDATES, csv->piece[4], sizeof CANDIDATES) &&
        (csv->piece[5] == '\r' || csv->piece[5] == '\n')) {
        csv->delimiter = csv->piece[4];
        for (int i = 0; i < 6; i++)
            take(csv);
        return OK;
    }
    size_t best = 0;
    for (size_t i = 0; i < sizeof CANDIDATES; i++) {
        size_t fit = delimiter_fit(csv->piece, length, CANDIDATES[i]);
        if (fit > best) {
            best = fit;
            csv->delimiter = CANDIDATES[i];
        }
    }
    return OK;
}

static ErrCode csv_open(const SheetFile *file, SheetInfo *info, void **ret_state, Err *err)
{
    Encoding encoding = ENCODING_UTF8;
    if (file->encoding)
        TRY(encoding_parse(file->encoding, &encoding, err));
    else
        TRY(encoding_decide(file->fd, file->arena, &encoding, err));
    info->encoding = encoding_name(encoding);
    Csv *csv = arena_alloc(file->arena, sizeof *csv);
    csv->field = BUFFER(SHEET_CELL_BYTES_MAX + 3);
    csv->line = 1;
    csv->piece = "";
    *ret_state = csv;
    TRY(decoder_open(file->fd, encoding, file->arena, &csv->decoder, err));
    TRY(decide_delimiter(csv, err));
    csv->ends_plain[(unsigned char)csv->delimiter] = true;
    for (const char *stop = "\"\r\n"; *stop; stop++)
        csv->ends_plain[(unsigned char)*stop] = csv->ends_quoted[(unsigned char)*stop] = true;
    return OK;
}

static void csv_close(void *state)
{
    Csv *csv = state;
    if (!csv)
        return;
    decoder_close(csv->decoder);
    buffer_done(&csv->field);
}

const SheetReader SHEET_CSV = {"csv", csv_open, csv_next, csv_close};
