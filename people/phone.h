/* people/phone.h: the one mobile number of a cell, and whether an SMS may go there.
 * Shape:  Phone is a mobile number and its kind; PhoneProblem says why a text holds none.
 *         +86, 0086, spaces, dashes, brackets, full-width forms and a spreadsheet's ".0" are
 *         normalised; of several numbers one is taken only if exactly one is a mobile number.
 * Units:  digits: 11, or 13 for the IoT numbers that begin 140..144.
 * Owns:   nothing.
 * Errors: none of ErrCode; ret_phone is untouched unless the result is PHONE_FINE.
 * Source: people/prefixes.def; DOMAIN B "Mobile", checklist 20. */
#ifndef PEOPLE_PHONE_H
#define PEOPLE_PHONE_H

typedef enum PhoneProblem {
    PHONE_FINE = 0,
    PHONE_EMPTY,      /* nothing but space */
    PHONE_CHARACTERS, /* letters, scientific notation, … */
    PHONE_LENGTH, /* begins like a mobile number, but has not 11 digits; or no known form at all */
    PHONE_LANDLINE, /* a sound number, but no mobile one */
    PHONE_SEVERAL,  /* two or more different mobile numbers */
} PhoneProblem;

typedef enum PhoneKind {
    PHONE_KIND_PUBLIC,
    PHONE_KIND_RESALE, /* a virtual operator's */
    PHONE_KIND_DATA,   /* data card */
    PHONE_KIND_IOT,
    PHONE_KIND_SATELLITE,
    PHONE_KIND_UNKNOWN, /* a prefix that was not given out when the table was made */
} PhoneKind;

typedef enum MayText {
    MAY_TEXT_NO,
    MAY_TEXT_UNKNOWN /* take it, with a warning */,
    MAY_TEXT_YES
} MayText;

typedef struct Phone {
    char digits[14];
    PhoneKind kind;
    MayText may_text;
} Phone;

PhoneProblem phone_check(const char *text, Phone *ret_phone);

#endif
