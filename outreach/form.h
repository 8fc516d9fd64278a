/* outreach/form.h: a=b&c=d taken apart: what gateways push as a form or in a query.
 * Shape:  names and values are percent-encoded, '+' is a space; bytes after a %00 are cut off.
 * Owns:   results live in the arena.
 * Errors: none: what cannot be decoded stays as it is.
 * Source: WHATWG URL standard, application/x-www-form-urlencoded. */
#ifndef OUTREACH_FORM_H
#define OUTREACH_FORM_H

#include "base/arena.h"

/* The first field of this name (NULL = no name); NULL when there is none. */
const char *form_value(Arena *arena, const char *form, size_t length, const char *name);

/* Every name with its value behind it, decoded, in order of the names' bytes, nothing in between:
 * what gateways sign. */
const char *form_sorted(Arena *arena, const char *form, size_t length);

#endif
