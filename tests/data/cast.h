/* data/cast.h: the questionnaires that are handed in: who, in which layout, with which habits.
 * Shape:  CAST[] is the whole delivery; a Heading is a column with its printed words.
 * Units:  share is in per mille of all people; filled_day a day of September 2012.
 * Owns:   static constants.
 * Source: DOMAIN A "Questionnaire columns in practice"; headings as offices spell them, in ways
 *         that survey/forms/enterprise.json, school.json and certificate.json know. */
#ifndef DATA_CAST_H
#define DATA_CAST_H

#include "data/invent.h"

/* Columns beside the facts. */
enum {
    COLUMN_NUMBER = FACT_COUNT,
    COLUMN_NATION,
    COLUMN_REMARK,
    COLUMN_FILLED_ON,
    COLUMN_SCORE,
    COLUMN_ISSUER
};

typedef struct Heading {
    int column;        /* a FactId or one of the above */
    const char *group; /* the heading above it, NULL = none; in Kobo the group of the question */
    const char *text;  /* NULL ends the list */
    double width;      /* of the column in a workbook, in characters */
} Heading;

typedef enum Container { CONTAINER_XLSX, CONTAINER_GB18030, CONTAINER_KOBO } Container;

/* What a clerk does with cells. */
enum {
    HABIT_TWO_ROWS = 1,      /* groups above the headings, merged */
    HABIT_PHONE_NUMBERS = 2, /* phones typed as numbers */
    HABIT_MONTHS_TEXT = 4,   /* months kept as text */
    HABIT_DATE_SERIALS = 8,  /* dates as dates */
    HABIT_DATES_MIXED = 16,  /* each in the spelling that came to mind */
    HABIT_LOOSE_NUMBERS =
        32, /* ID numbers and phones with blanks, dashes, full-width digits, lower x, 15 digits */
    HABIT_TOTAL = 64,       /* 合计 and notes below the table */
    HABIT_GAPS = 128,       /* a blank row here and there */
    HABIT_WORDY = 256,      /* vocabularies in more than one spelling */
    HABIT_UNIT_TITLE = 512, /* the unit stands above the table, not in a column */
};

typedef struct Questionnaire {
    const char *file, *form;
    Container container;
    const char *title;
    const Workplace *workplace;
    const Heading *headings;
    unsigned habits;
    int share;
    int filled_day;
} Questionnaire;

/* Two schools stand behind the enterprises; their graduates also work in these. The last file is the
 * roster of an assessment centre: people of the others, with their certificates. */
enum { CAST_COUNT = 7, CAST_FIRST_SCHOOL = 4, CAST_ROSTER = 6 };
extern const Questionnaire CAST[CAST_COUNT];

size_t heading_count(const Heading *headings);
/* The place of a column, or heading_count when there is none. */
size_t heading_find(const Heading *headings, int column);

#endif
