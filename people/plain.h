/* people/plain.h: the characters of a cell that should hold a number, in plain forms.
 * Shape:  full-width forms become ASCII, every kind of space one ' ', dashes of all lengths '-';
 *         invisible marks, which copying from web pages leaves around numbers, are passed over.
 * Owns:   nothing.
 * Errors: none.
 * Source: DOMAIN B, checklist 9, 20. */
#ifndef PEOPLE_PLAIN_H
#define PEOPLE_PLAIN_H

#include <stdint.h>

/* The next visible character at *cursor, which moves on; 0 at the end. */
uint32_t plain_next(const char **cursor, const char *end);

#endif
