#include "base/buffer.h"

#include "base/lang.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_done(Buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (Buffer){.limit = buffer->limit};
}

void buffer_clear(Buffer *buffer)
{
    buffer->length = 0;
    buffer->overflow = false;
    if (buffer->bytes)
        buffer->bytes[0] = '\0';
}

/* Makes room for length more bytes and the NUL; false when the ceiling or the memory forbids it. */
static bool grow(Buffer *buffer, size_t length)
{
    if (buffer->overflow || length > buffer->limit || buffer->length > buffer->limit - length) {
        buffer->overflow = true;
        return false;
    }
    size_t wanted = buffer->length + length + 1;
    if (wanted <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < wanted)
        capacity *= 2;
    char *bytes = realloc(buffer->bytes, capacity);
    if (!bytes) {
        buffer->overflow = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void buffer_add(Buffer *buffer, const void *bytes, size_t length)
{
    if (!grow(buffer, length))
        return;
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_text(Buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_char(Buffer *buffer, char character)
{
    buffer_add(buffer, &character, 1);
}

void buffer_printf(Buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length >= 0 && grow(buffer, (size_t)length)) {
        vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
        buffer->length += (size_t)length;
    }
    va_end(arguments);
}

const char *buffer_string(const Buffer *buffer)
{
    return buffer->bytes ? buffer->bytes : "";
}

ErrCode buffer_check(const Buffer *buffer, const char *what, Err *err)
{
    if (buffer->overflow)
        return err_set(err, ERR_LIMIT, _("%s is larger than %zu bytes"), what, buffer->limit);
    return OK;
}
