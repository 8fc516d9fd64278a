/* people/id_number.h: the citizen identity number: is it one, and what does it say?
 * Shape:  IdNumber is the number in its 18-digit form and what can be read from it; IdProblem says
 *         why a text is none. Full-width forms, spaces, a leading apostrophe and a lower-case x
 *         are normalised; 15 digits become 18. No digit is ever guessed.
 * Units:  birth is a day; age is counted on the reference day `on` (the survey date), 0..120.
 * Owns:   nothing.
 * Errors: none of ErrCode; ret_number is untouched unless the result is ID_FINE.
 * Source: GB 11643-1999; 15 digits: 居民身份证法 (valid until 2013-01-01); 港澳台居民居住证
 *         810000/820000/830000; DOMAIN B, checklist 9–11. */
#ifndef PEOPLE_ID_NUMBER_H
#define PEOPLE_ID_NUMBER_H

#include "base/date.h"

typedef enum IdProblem {
    ID_FINE = 0,
    ID_EMPTY,      /* nothing but space */
    ID_SCIENTIFIC, /* 4.40524E+17: a spreadsheet kept a rounded number */
    ID_CHARACTERS, /* something that is neither a digit nor a closing X */
    ID_LENGTH,     /* neither 15 nor 18 characters */
    ID_DAMAGED, /* ends 000: a spreadsheet zeroed what is past its 15 digits; the checksum may still
                   hold */
    ID_BIRTH_DATE, /* a birth date that no calendar has */
    ID_CHECKSUM,
    ID_FUTURE,  /* born after the reference day */
    ID_TOO_OLD, /* over 120 years old on the reference day */
} IdProblem;

typedef struct IdNumber {
    char text[19]; /* 18 characters, X in upper case */
    Date birth;
    bool male;
    char area[7]; /* "441900": where the number was first given out, never where someone's hukou is
                   */
    bool resident_permit; /* area 810000, 820000 or 830000: Hong Kong, Macao, Taiwan */
    bool upgraded;        /* was written with 15 digits */
} IdNumber;

IdProblem id_number_check(const char *text, Date on, IdNumber *ret_number);

/* The 18th character for 17 digits. */
char id_number_check_character(const char digits[17]);

#endif
