/* base/text.h: UTF-8 text as Chinese office files need it.
 * Shape:  NUL-terminated UTF-8 in and out, unless a length is taken.
 * Units:  bytes for lengths; terminal columns for widths (a Han character is 2); UTF-16 code units
 *         where a gateway counts them.
 * Owns:   results live in the given arena, or in the argument.
 * Errors: text functions do not fail; text_valid says whether bytes are UTF-8 at all.
 * Source: Unicode 14 East Asian Width; full-width forms U+FF01..U+FF5E, U+3000; DOMAIN "Names". */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Decodes one character at *cursor (before end) and moves on; U+FFFD on a damaged sequence, which
 * moves one byte. */
uint32_t text_next(const char **cursor, const char *end);

/* Appends the UTF-8 of a code point to out (at least 4 bytes); returns bytes written. */
size_t text_encode(uint32_t code_point, char *out);

/* True for strict UTF-8 (no surrogates, no overlong forms); ret_offset (may be NULL) gets the
 * offset of the first bad byte. NUL bytes inside length are valid here. */
bool text_valid(const char *bytes, size_t length, size_t *ret_offset);

/* Full-width ASCII, full-width space and no-break space to their plain forms; everything else
 * stays. */
char *text_fold_width(Arena *arena, const char *text);

/* text_fold_width, outer white space off, inner runs of white space to one space, CR/LF to space,
 * zero-width and BOM characters off, ASCII letters to lower case: the key under which headings and
 * vocabularies are compared. */
char *text_key(Arena *arena, const char *text);

/* Outer white space (ASCII, U+00A0, U+3000) and zero-width characters off. */
char *text_trim(Arena *arena, const char *text);

/* True when text holds U+FFFD, a control character other than TAB/CR/LF, a bidi override or a
 * private-use character: a person's name or a heading with one of these was damaged on its way. */
bool text_damaged(const char *text);

/* Columns on a terminal: 2 for wide and full-width characters, 0 for combining and zero-width ones.
 */
size_t text_columns(const char *text);

/* The longest prefix of at most columns columns, "…" in place of what was cut. */
char *text_cut(Arena *arena, const char *text, size_t columns);

size_t text_characters(const char *text); /* code points */
size_t text_utf16_units(const char *text);

bool text_equal(const char *a, const char *b); /* NULL equals only NULL */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* The candidate nearest to word by edit distance, or NULL when none is near enough to suggest. */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

/* Shown instead of an ID number or a phone: stars and the last four; NULL or shorter than 8 gives
 * "****". */
char *text_mask(Arena *arena, const char *secret);

#endif
