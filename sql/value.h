/* sql/value.h: what goes in through a `?`, and what bulk rows are made of.
 * Shape:  tagged value; text is UTF-8, bytes are binary, dates are civil days.
 * Owns:   nothing; text and bytes are borrowed until the call returns. */
#ifndef SQL_VALUE_H
#define SQL_VALUE_H

#include "base/date.h"

#include <stddef.h>
#include <string.h>

typedef enum ValueKind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BYTES, VALUE_DATE } ValueKind;

typedef struct Value {
    ValueKind kind;
    int64_t number;    /* VALUE_INT, VALUE_DATE */
    const void *bytes; /* VALUE_TEXT, VALUE_BYTES */
    size_t length;
} Value;

static inline Value v_null(void)
{
    return (Value){.kind = VALUE_NULL};
}
static inline Value v_int(int64_t number)
{
    return (Value){.kind = VALUE_INT, .number = number};
}
static inline Value v_text(const char *text) /* NULL = SQL NULL */
{
    return text ? (Value){.kind = VALUE_TEXT, .bytes = text, .length = strlen(text)} : v_null();
}
static inline Value v_bytes(const void *bytes, size_t length) /* NULL = SQL NULL */
{
    return bytes ? (Value){.kind = VALUE_BYTES, .bytes = bytes, .length = length} : v_null();
}
static inline Value v_date(Date date) /* DATE_NONE = SQL NULL */
{
    return date == DATE_NONE ? v_null() : (Value){.kind = VALUE_DATE, .number = date};
}

/* The parameter list of a call: PARAMS(v_int(batch), v_text(name)); NO_PARAMS for none. */
#define PARAMS(...)                                                                                \
    (const Value[]){__VA_ARGS__}, sizeof((const Value[]){__VA_ARGS__}) / sizeof(Value)
#define NO_PARAMS NULL, 0

#endif
