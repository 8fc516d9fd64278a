/* outreach/pattern.h: a text with {{holes}}, compiled once and filled in for each message.
 * Shape:  literal pieces and holes; a hole is the place of its name in the list given to
 *         pattern_compile.
 * Owns:   a Pattern lives in the arena and borrows the text that it was made from.
 * Errors: ERR_CONFIG at the node for an unknown hole (with the nearest known one), an open
 *         brace, a control character. Filling fails only where a value would break out of its
 *         place.
 * Source: RFC 3986 (percent-encoding), RFC 8259 (JSON strings), RFC 9110 5.5 (field values). */
#ifndef OUTREACH_PATTERN_H
#define OUTREACH_PATTERN_H

#include "base/buffer.h"
#include "base/node.h"

/* How a value is written so that it stays a value. */
typedef enum Fill {
    FILL_PLAIN, /* as it is: a body of plain text, what a signature covers */
    FILL_QUERY, /* percent-encoded: query parameters and form fields */
    FILL_JSON,  /* inside a JSON string */
    FILL_LINE,  /* a header's value: control characters are refused */
} Fill;

typedef struct PatternPart {
    const char *text; /* literal, when hole < 0 */
    size_t length;
    int hole;
    bool json; /* "{{hole|json}}": the value is JSON by itself and is written as it is */
} PatternPart;

typedef struct Pattern {
    const PatternPart *parts; /* NULL = no pattern */
    size_t count;
} Pattern;

/* node is where text was read, for errors. holes ends with NULL. */
ErrCode pattern_compile(Arena *arena, const Node *node, const char *text, const char *const *holes,
                        Pattern *ret_pattern, Err *err) MUST_CHECK;

/* Appends the pattern with values[hole] in each hole (NULL = nothing). False when FILL_LINE met a
 * control character; out is then of no use. */
bool pattern_fill(const Pattern *pattern, Fill fill, const char *const *values,
                  Buffer *out) MUST_CHECK;

/* Appends one value, written so. */
bool fill_value(Fill fill, const char *value, Buffer *out) MUST_CHECK;

bool pattern_uses(const Pattern *pattern, int hole);

#endif
