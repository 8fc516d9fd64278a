#include "data/book.h"

#include "base/buffer.h"

#include <errno.h>
#include <iconv.h>

static void csv_field(Buffer *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        buffer_text(out, text);
        return;
    }
    buffer_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buffer_char(out, '"');
        buffer_char(out, *text);
    }
    buffer_char(out, '"');
}

static void csv_body(const Book *book, Buffer *out)
{
    size_t columns = heading_count(book->questionnaire->headings);
    for (size_t column = 0; column < columns; column++) {
        buffer_text(out, column ? "," : "");
        csv_field(out, book->questionnaire->headings[column].text);
    }
    buffer_text(out, "\r\n");
    for (size_t row = 0; row < book->rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            const Written *cell = &book->cells[row * columns + column];
            buffer_text(out, column ? "," : "");
            csv_field(out, cell->text ? cell->text : "");
        }
        buffer_text(out, "\r\n");
    }
}

/* What a Chinese Windows writes when it saves a table "as CSV". */
static ErrCode csv_encode(const Buffer *utf8, Buffer *ret_encoded, const char *path, Err *err)
{
    iconv_t converter = iconv_open("GB18030", "UTF-8");
    if (converter == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): as iconv says */
        return err_errno(err, ERR_IO, errno, "cannot encode '%s'", path);
    char *in = utf8->bytes, piece[4096];
    size_t left = utf8->length, result = 0;
    do {
        char *out = piece;
        size_t room = sizeof piece;
        errno = 0;
        result = iconv(converter, &in, &left, &out, &room);
        buffer_add(ret_encoded, piece, sizeof piece - room);
    } while (left > 0 && (result != (size_t)-1 || errno == E2BIG));
    int failure = errno;
    iconv_close(converter);
    if (left > 0)
        return err_errno(err, ERR_IO, failure, "cannot encode '%s'", path);
    return buffer_check(ret_encoded, path, err);
}

ErrCode book_write_csv(const Book *book, Err *err)
{
    AUTO_BUFFER utf8 = BUFFER((size_t)1 << 30);
    AUTO_BUFFER encoded = BUFFER((size_t)1 << 30);
    csv_body(book, &utf8);
    TRY(buffer_check(&utf8, book->path, err));
    TRY(csv_encode(&utf8, &encoded, book->path, err));
    FILE *file = fopen(book->path, "we");
    if (!file)
        return err_errno(err, ERR_IO, errno, "cannot write '%s'", book->path);
    fwrite(encoded.bytes, 1, encoded.length, file);
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed)
        return err_errno(err, ERR_IO, errno, "cannot write '%s'", book->path);
    return OK;
}
