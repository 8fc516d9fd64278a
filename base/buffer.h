/* base/buffer.h: a growing run of bytes with a declared ceiling.
 * Shape:  bytes[0..length), always followed by a NUL that is not counted.
 * Units:  bytes.
 * Owns:   heap memory, released by buffer_done; init with BUFFER(limit).
 * Errors: passing the ceiling sets `overflow` and drops what does not fit; check it once with
 *         buffer_check (ERR_LIMIT) before using the content. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/err.h"

#include <stddef.h>

typedef struct Buffer {
    char *bytes; /* NULL while empty */
    size_t length;
    size_t capacity;
    size_t limit;
    bool overflow;
} Buffer;

#define BUFFER(limit_bytes) ((Buffer){.limit = (limit_bytes)})
#define AUTO_BUFFER __attribute__((cleanup(buffer_done))) Buffer

void buffer_done(Buffer *buffer);
void buffer_clear(Buffer *buffer); /* keeps the memory */
void buffer_add(Buffer *buffer, const void *bytes, size_t length);
void buffer_text(Buffer *buffer, const char *text);
void buffer_char(Buffer *buffer, char character);
void buffer_printf(Buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
const char *buffer_string(const Buffer *buffer); /* never NULL; lives until the next change */

/* ERR_LIMIT "what is larger than N bytes" when the ceiling was passed. */
ErrCode buffer_check(const Buffer *buffer, const char *what, Err *err) MUST_CHECK;

#endif
