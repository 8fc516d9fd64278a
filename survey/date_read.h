/* survey/date_read.h: a date as people write it.
 * Shape:  2012-09-27, 2012/9/27, 2012.09.27, 2012年9月27日, 20120927, 12/9/27, full-width digits, a
 *         spreadsheet's serial; 2012.09, 2012年9月, 201209 give a month; 2012, 2012年, 2012届 a
 *         year; "2010年9月至今" the start of a stretch.
 * Units:  date is the first day of what was read; year 1900..2100.
 * Owns:   nothing.
 * Errors: none: DATE_READ_NOTHING, DATE_READ_IMPOSSIBLE or DATE_READ_AMBIGUOUS say why there is no
 *         date.
 * Source: DOMAIN B "Excel dates", "Other dates"; ECMA-376 date systems; checklist 17. */
#ifndef SURVEY_DATE_READ_H
#define SURVEY_DATE_READ_H

#include "survey/sheet.h"

typedef enum DateReadKind {
    DATE_READ_NOTHING,
    DATE_READ_IMPOSSIBLE, /* 2012-02-30, serial 60 */
    DATE_READ_AMBIGUOUS,  /* 05/06/07 */
    DATE_READ_YEAR,
    DATE_READ_MONTH,
    DATE_READ_DAY,
} DateReadKind;

typedef struct DateRead {
    DateReadKind kind;
    Date date;
    bool since;      /* "…至今": a beginning */
    bool serial;     /* a spreadsheet's day number under no date format */
    bool two_digits; /* of the year */
} DateRead;

/* What dates the cell can hold at all: decides between readings of a two-digit year and of day and
 * month. */
typedef struct DateRange {
    Date earliest, latest;
    bool date_1904;
} DateRange;

/* text: the cell's text in plain widths. A date that has one reading comes back even when it lies
 * outside the range. */
DateRead date_read(const Cell *cell, const char *text, const DateRange *range);

#endif
