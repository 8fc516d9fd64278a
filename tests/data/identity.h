/* data/identity.h: numbers as offices write them: citizen numbers and certificates.
 * Shape:  text of digits made from parts; unchecked, so that wrong ones can be made as well.
 * Units:  sequence 1..999, odd for men.
 * Owns:   results live in the arena.
 * Errors: none.
 * Source: GB 11643-1999; certificate numbers: DOMAIN B. */
#ifndef DATA_IDENTITY_H
#define DATA_IDENTITY_H

#include "base/arena.h"
#include "base/date.h"

/* The 18 characters for any year, month and day, also impossible ones, with the right check
 * character. */
const char *identity_number(Arena *arena, int area, Civil birth, int sequence);
/* The check character of the first 17 digits. */
char identity_check(const char *digits);
/* The 15 digits of a first-generation card for an 18-character number of the 20th century. */
const char *identity_short(Arena *arena, const char *number);

/* The 16 digits of a qualification certificate; level, 1 (senior technician) to 5 (junior worker),
 * is the 11th. */
const char *identity_certificate(Arena *arena, int year, int office, int level, int serial);

#endif
