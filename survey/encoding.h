/* survey/encoding.h: the bytes of a text file as UTF-8, or a refusal that names the byte.
 * Shape:  encoding_decide looks at the whole file; a Decoder then gives its text piece by piece.
 * Units:  offsets are bytes of the file from 0.
 * Owns:   a Decoder borrows the file descriptor (read with pread) and owns an iconv handle; it
 *         lives in the arena and is ended by decoder_close.
 * Errors: ERR_INPUT with the offset of the first undecodable byte; nothing is ever replaced or
 *         skipped.
 * Source: RFC 3629, GB 18030-2005 as glibc's iconv reads it; DOMAIN "CSV encoding", checklist 1. */
#ifndef SURVEY_ENCODING_H
#define SURVEY_ENCODING_H

#include "base/arena.h"

typedef enum Encoding {
    ENCODING_UTF8,
    ENCODING_UTF8_BOM,
    ENCODING_GB18030,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
} Encoding;

/* "UTF-8", "UTF-8 BOM", "GB18030", "UTF-16LE", "UTF-16BE". */
const char *encoding_name(Encoding encoding);

/* What a user calls an encoding, in any case; GBK and GB2312 are read as GB18030, which holds them.
 */
ErrCode encoding_parse(const char *name, Encoding *ret_encoding, Err *err) MUST_CHECK;

/* A byte order mark decides; then the pattern of zero bytes that UTF-16 has; then strict UTF-8;
 * then strict GB18030; else ERR_INPUT. A file that is valid UTF-8 and valid GB18030 is UTF-8. */
ErrCode encoding_decide(int fd, Arena *arena, Encoding *ret_encoding, Err *err) MUST_CHECK;

typedef struct Decoder Decoder;

/* Starts at the first character; a byte order mark of the encoding is skipped. */
ErrCode decoder_open(int fd, Encoding encoding, Arena *arena, Decoder **ret_decoder,
                     Err *err) MUST_CHECK;
/* The next piece, whole characters, strict UTF-8 (NUL bytes included); *ret_length 0 = the end of
 * the file. *ret_text lives until the next call. */
ErrCode decoder_read(Decoder *decoder, const char **ret_text, size_t *ret_length,
                     Err *err) MUST_CHECK;
void decoder_close(Decoder *decoder); /* takes NULL */

#endif
