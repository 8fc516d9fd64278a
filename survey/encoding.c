#include "survey/encoding.h"

#include "base/lang.h"
#include "base/text.h"
#include "survey/gb18030.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <strings.h>
#include <unistd.h>

enum {
    PIECE_BYTES = 64 * 1024,
    CARRY_BYTES = 8,              /* longer than any character */
    TEXT_BYTES = 2 * PIECE_BYTES, /* 2 bytes of GB18030 or UTF-16 become at most 3 */
};

static const struct {
    const char *name;
    const char *iconv_name; /* NULL = nothing to convert */
    const char *mark;
    size_t mark_bytes;
} ENCODINGS[] = {
    [ENCODING_UTF8] = {"UTF-8", NULL, "", 0},
    [ENCODING_UTF8_BOM] = {"UTF-8 BOM", NULL, "\xEF\xBB\xBF", 3},
    [ENCODING_GB18030] = {"GB18030", "GB18030", "\x84\x31\x95\x33", 4},
    [ENCODING_UTF16LE] = {"UTF-16LE", "UTF-16LE", "\xFF\xFE", 2},
    [ENCODING_UTF16BE] = {"UTF-16BE", "UTF-16BE", "\xFE\xFF", 2},
};
enum { ENCODING_COUNT = sizeof ENCODINGS / sizeof *ENCODINGS };

struct Decoder {
    int fd;
    Encoding encoding;
    iconv_t converter; /* only when ENCODINGS[encoding].iconv_name */
    uint64_t offset;   /* of bytes[0] in the file */
    size_t carried;    /* bytes of a cut character that wait in front */
    size_t done;       /* bytes of the last piece */
    char bytes[PIECE_BYTES + CARRY_BYTES];
    char text[TEXT_BYTES + 4 * CARRY_BYTES];
};

const char *encoding_name(Encoding encoding)
{
    return ENCODINGS[encoding].name;
}

ErrCode encoding_parse(const char *name, Encoding *ret_encoding, Err *err)
{
    static const struct {
        const char *name;
        Encoding encoding;
    } OTHERS[] = {
        {"UTF8", ENCODING_UTF8},       {"UTF-8-BOM", ENCODING_UTF8_BOM},
        {"GBK", ENCODING_GB18030},     {"GB2312", ENCODING_GB18030},
        {"CP936", ENCODING_GB18030},   {"UTF16LE", ENCODING_UTF16LE},
        {"UTF16BE", ENCODING_UTF16BE}, {"UTF-16", ENCODING_UTF16LE},
    };
    for (size_t i = 0; i < ENCODING_COUNT; i++)
        if (strcasecmp(name, ENCODINGS[i].name) == 0) {
            *ret_encoding = (Encoding)i;
            return OK;
        }
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
        if (strcasecmp(name, OTHERS[i].name) == 0) {
            *ret_encoding = OTHERS[i].encoding;
            return OK;
        }
    err_set(err, ERR_USAGE, _("the encoding '%s' is not known"), name);
    return err_hint(err, _("UTF-8, GB18030, UTF-16LE and UTF-16BE are"));
}

static ErrCode read_piece(int fd, char *bytes, size_t length, uint64_t offset, size_t *ret_length,
                          Err *err)
{
    ssize_t count;
    do
        count = pread(fd, bytes, length, (off_t)offset);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read at byte %llu"),
                         (unsigned long long)offset);
    *ret_length = (size_t)count;
    return OK;
}

/* Bytes at the end of a piece that begin a UTF-8 character which the piece doesn't complete. */
static size_t cut_tail(const char *bytes, size_t length)
{
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char byte = (unsigned char)bytes[length - back];
        if ((byte & 0xC0) == 0x80)
            continue;
        size_t needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return needed > back ? back : 0;
    }
    return 0;
}

/* Zero bytes at odd places in at least a twentieth of the units are the separators, digits and line
 * ends of UTF-16LE, at even places of UTF-16BE; the other places have few: 一 is U+4E00. Text that
 * would be sound UTF-8 but for a stray NUL must have many more of them to be taken for UTF-16. */
static bool looks_like_utf16(const char *bytes, size_t length, Encoding *ret_encoding)
{
    size_t zeros[2] = {0, 0};
    for (size_t i = 0; i < length; i++)
        if (bytes[i] == '\0')
            zeros[i % 2]++;
    bool sound_utf8 = text_valid(bytes, length - cut_tail(bytes, length), NULL);
    size_t enough = sound_utf8 ? length / 4 : length / 40 + 1;
    if (zeros[1] && zeros[1] >= enough && zeros[1] / 4 >= zeros[0])
        *ret_encoding = ENCODING_UTF16LE;
    else if (zeros[0] && zeros[0] >= enough && zeros[0] / 4 >= zeros[1])
        *ret_encoding = ENCODING_UTF16BE;
    else
        return false;
    return true;
}

/* Decodes the whole file and keeps nothing. */
static ErrCode prove(int fd, Encoding encoding, Arena *arena, Err *err)
{
    Decoder *decoder = NULL;
    TRY(decoder_open(fd, encoding, arena, &decoder, err));
    const char *text = NULL;
    size_t length = 1;
    ErrCode code = OK;
    while (code == OK && length)
        code = decoder_read(decoder, &text, &length, err);
    decoder_close(decoder);
    return code;
}

ErrCode encoding_decide(int fd, Arena *arena, Encoding *ret_encoding, Err *err)
{
    char *head = arena_alloc(arena, PIECE_BYTES);
    size_t length = 0;
    TRY(read_piece(fd, head, PIECE_BYTES, 0, &length, err));
    for (size_t i = 0; i < ENCODING_COUNT; i++) {
        size_t mark_bytes = ENCODINGS[i].mark_bytes;
        if (mark_bytes && length >= mark_bytes &&
            memcmp(head, ENCODINGS[i].mark, mark_bytes) == 0) {
            *ret_encoding = (Encoding)i;
            return OK;
        }
    }
    if (looks_like_utf16(head, length, ret_encoding))
        return OK;
    static const Encoding CANDIDATES[] = {ENCODING_UTF8, ENCODING_GB18030};
    Err refusals[2];
    for (size_t i = 0; i < 2; i++) {
        ErrCode code = prove(fd, CANDIDATES[i], arena, &refusals[i]);
        if (code == OK)
            *ret_encoding = CANDIDATES[i];
        else
            *err = refusals[i];
        if (code != ERR_INPUT)
            return code;
    }
    err_set(err, ERR_INPUT, "%s; %s", refusals[0].text, refusals[1].text);
    return err_hint(err, _("save the file again as 'CSV UTF-8'"));
}

ErrCode decoder_open(int fd, Encoding encoding, Arena *arena, Decoder **ret_decoder, Err *err)
{
    Decoder *decoder = arena_alloc(arena, sizeof *decoder);
    decoder->fd = fd;
    decoder->encoding = encoding;
    size_t length = 0, mark_bytes = ENCODINGS[encoding].mark_bytes;
    TRY(read_piece(fd, decoder->bytes, CARRY_BYTES, 0, &length, err));
    if (mark_bytes && length >= mark_bytes &&
        memcmp(decoder->bytes, ENCODINGS[encoding].mark, mark_bytes) == 0)
        decoder->offset = mark_bytes;
    if (ENCODINGS[encoding].iconv_name) {
        iconv_t converter = iconv_open("UTF-8", ENCODINGS[encoding].iconv_name);
        if (converter == (iconv_t)(intptr_t)-1)
            return err_errno(err, ERR_IO, errno, _("this system cannot convert from %s"),
                             encoding_name(encoding));
        decoder->converter = converter;
    }
    *ret_decoder = decoder;
    return OK;
}

static ErrCode undecodable(const Decoder *decoder, size_t at, Err *err)
{
    const char *name =
        decoder->encoding == ENCODING_UTF8_BOM ? "UTF-8" : encoding_name(decoder->encoding);
    return err_set(err, ERR_INPUT, _("byte %llu is not %s"),
                   (unsigned long long)(decoder->offset + at), name);
}

/* Both decode decoder->bytes[0..length); *ret_used < length leaves the rest for the next piece. */
static ErrCode decode_utf8(const Decoder *decoder, size_t length, bool last, size_t *ret_used,
                           Err *err)
{
    size_t used = length - (last ? 0 : cut_tail(decoder->bytes, length)), bad = 0;
    if (!text_valid(decoder->bytes, used, &bad))
        return undecodable(decoder, bad, err);
    *ret_used = used;
    return OK;
}

/* iconv's way to say how far it came; false when that is not to the end. */
static bool convert(Decoder *decoder, const char *end, const char **in, char **out)
{
    if (decoder->encoding == ENCODING_GB18030)
        return gb18030_decode(decoder->converter, in, end, out);
    char *from = decoder->bytes;
    size_t in_left = (size_t)(end - from), out_left = sizeof decoder->text;
    bool whole = iconv(decoder->converter, &from, &in_left, out, &out_left) != (size_t)-1;
    *in = from;
    return whole;
}

static ErrCode decode_iconv(Decoder *decoder, size_t length, bool last, size_t *ret_used,
                            size_t *ret_text, Err *err)
{
    const char *in = decoder->bytes;
    char *out = decoder->text;
    bool whole = convert(decoder, decoder->bytes + length, &in, &out);
    size_t used = (size_t)(in - decoder->bytes);
    if (!whole && (errno != EINVAL || last))
        return undecodable(decoder, used, err);
    *ret_used = used;
    *ret_text = (size_t)(out - decoder->text);
    return OK;
}

ErrCode decoder_read(Decoder *decoder, const char **ret_text, size_t *ret_length, Err *err)
{
    bool converts = ENCODINGS[decoder->encoding].iconv_name != NULL;
    memmove(decoder->bytes, decoder->bytes + decoder->done, decoder->carried);
    decoder->offset += decoder->done;
    size_t got = 0;
    TRY(read_piece(decoder->fd, decoder->bytes + decoder->carried, PIECE_BYTES,
                   decoder->offset + decoder->carried, &got, err));
    size_t length = decoder->carried + got, used = 0, text_length = 0;
    if (converts)
        TRY(decode_iconv(decoder, length, got == 0, &used, &text_length, err));
    else
        TRY(decode_utf8(decoder, length, got == 0, &used, err));
    decoder->done = used;
    decoder->carried = length - used;
    *ret_text = converts ? decoder->text : decoder->bytes;
    *ret_length = converts ? text_length : used;
    if (*ret_length == 0 && got) /* a few bytes that don't make a character yet */
        return decoder_read(decoder, ret_text, ret_length, err);
    return OK;
}

void decoder_close(Decoder *decoder)
{
    if (decoder && ENCODINGS[decoder->encoding].iconv_name)
        iconv_close(decoder->converter);
}
