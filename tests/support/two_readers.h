/* support/two_readers.h: the scanner beside expat, its oracle.
 * Shape:  each function reads the same bytes twice and says what differs, or NULL.
 * Units:  bytes.
 * Owns:   the text lives in the arena.
 * Errors: none of its own: a refusal is a result like another, and has to be the same. */
#ifndef SUPPORT_TWO_READERS_H
#define SUPPORT_TWO_READERS_H

#include "base/arena.h"

/* An XML document, as elements, attributes and texts. piece = bytes that come at once, 0 = a number
 * by chance, each time another. What the scanner leaves to expat differs in
 * nothing as long as what came before it is what expat gave. *ret_left (may be NULL): it was left.
 */
const char *scans_differ(Arena *arena, const char *xml, size_t length, size_t piece,
                         bool *ret_left);

/* A workbook, row by row and cell by cell, its errors word by word. piece = bytes that are inflated
 * at once, 0 = as always. */
const char *books_differ(Arena *arena, const char *path, size_t piece);

#endif
