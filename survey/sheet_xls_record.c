/* Records and the texts in them. */
#include "survey/sheet_xls.h"

#include "base/text.h"

static ErrCode stream_bytes(XlsStream *stream, uint64_t offset, void *bytes, size_t length,
                            Err *err)
{
    size_t skip = (size_t)(offset - stream->window_start);
    if (offset < stream->window_start || skip + length > stream->window_length) {
        stream->window_start = offset;
        stream->window_length = 0;
        TRY(ole_read(&stream->ole, stream->window, sizeof stream->window, offset,
                     &stream->window_length, err));
        skip = 0;
        if (length > stream->window_length)
            return ole_damaged(err);
    }
    memcpy(bytes, stream->window + skip, length);
    return OK;
}

ErrCode xls_record(XlsStream *stream, Err *err)
{
    uint8_t head[4];
    TRY(stream_bytes(stream, stream->next, head, sizeof head, err));
    stream->type = ole_u16(head);
    stream->length = ole_u16(head + 2);
    stream->at = 0;
    TRY(stream_bytes(stream, stream->next + sizeof head, stream->data, stream->length, err));
    stream->next += sizeof head + stream->length;
    return OK;
}

ErrCode xls_want(const XlsStream *stream, size_t length, Err *err)
{
    return stream->length - stream->at >= length ? OK : ole_damaged(err);
}

ErrCode xls_more(XlsStream *stream, Err *err)
{
    while (stream->at == stream->length) {
        TRY(xls_record(stream, err));
        if (stream->type != XLS_CONTINUE)
            return ole_damaged(err);
    }
    return OK;
}

static ErrCode skip_bytes(XlsStream *stream, uint64_t count, Err *err)
{
    while (count > 0) {
        TRY(xls_more(stream, err));
        uint64_t left = stream->length - stream->at;
        uint64_t step = count < left ? count : left;
        stream->at += (size_t)step;
        count -= step;
    }
    return OK;
}

static void add_character(Buffer *text, uint32_t character)
{
    char bytes[4];
    buffer_add(text, bytes, text_encode(character ? character : 0xFFFD, bytes));
}

/* One UTF-16 unit; a high surrogate waits in *high for its other half. */
static void add_unit(Buffer *text, uint32_t unit, uint32_t *high)
{
    bool is_low = unit >= 0xDC00 && unit < 0xE000;
    if (*high && is_low) {
        add_character(text, 0x10000 + ((*high - 0xD800) << 10) + (unit - 0xDC00));
        *high = 0;
        return;
    }
    if (*high)
        add_character(text, 0xFFFD);
    *high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
    if (!*high)
        add_character(text, is_low ? 0xFFFD : unit);
}

/* What stands in front of the characters: their width, and how much follows them. */
static ErrCode text_head(XlsStream *stream, bool *ret_wide, uint64_t *ret_tail, Err *err)
{
    TRY(xls_want(stream, 1, err));
    uint8_t flags = stream->data[stream->at++];
    bool rich = flags & 8, extended = flags & 4;
    TRY(xls_want(stream, (rich ? 2U : 0U) + (extended ? 4U : 0U), err));
    *ret_wide = flags & 1;
    *ret_tail = 0;
    if (rich) {
        *ret_tail = (uint64_t)ole_u16(stream->data + stream->at) * 4;
        stream->at += 2;
    }
    if (extended) {
        *ret_tail += ole_u32(stream->data + stream->at);
        stream->at += 4;
    }
    return OK;
}

ErrCode xls_text(XlsStream *stream, size_t characters, Buffer *text, Err *err)
{
    bool wide = false;
    uint64_t tail = 0;
    uint32_t high = 0;
    TRY(text_head(stream, &wide, &tail, err));
    while (characters > 0) {
        if (stream->at == stream->length) { /* each CONTINUE says the width anew */
            TRY(xls_more(stream, err));
            wide = stream->data[stream->at++] & 1;
            continue;
        }
        TRY(xls_want(stream, wide ? 2 : 1, err));
        const uint8_t *at = stream->data + stream->at;
        add_unit(text, wide ? ole_u16(at) : *at, &high);
        stream->at += wide ? 2 : 1;
        characters--;
    }
    if (high)
        add_character(text, 0xFFFD);
    return skip_bytes(stream, tail, err);
}
