/* survey/form.h: a questionnaire as data: which heading is which fact, in which words the cells may
 * speak.
 * Shape:  a Form is one file survey/forms/ID.json, or HOME/forms/ID.json, with its words file; a
 *         Target is a FactId or one of the roles that a column can have without being a fact
 *         (TARGET_ID_TYPE …). Headings and words are compared by form_key.
 * Owns:   a Form lives whole in the arena given to form_load.
 * Errors: ERR_CONFIG with file and JSON path for a faulty form; ERR_INPUT for a form that does not
 *         exist.
 * Source: DESIGN 5 "Forms"; DOMAIN "Questionnaire columns in practice", "Level traps", "Towns". */
#ifndef SURVEY_FORM_H
#define SURVEY_FORM_H

#include "people/fact.h"

enum {
    TARGET_NONE = -1,
    TARGET_ID_TYPE = FACT_COUNT, /* which paper the ID number is the number of */
    TARGET_SURVEYED_ON,          /* when the line was filled in */
    TARGET_PENSION_START,        /* since when contributions are paid: shows no count of months */
    TARGET_ASK_KEY,              /* the person of a follow-up questionnaire's row */
    TARGET_QUARANTINE_KEY,       /* "B12-S1-L34": the line that this row mends */
    TARGET_COUNT
};
typedef int Target;

const char *
target_name(Target target); /* "skill_level", "id_type": as forms and JSON results write it */
Target target_find(const char *name); /* TARGET_NONE when unknown */

/* What a bare number under a heading counts. */
typedef enum HeadingUnit { UNIT_MONTHS, UNIT_YEARS, UNIT_UNSAID } HeadingUnit;

typedef struct FormHeading {
    const char *text, *key;
    Target target;
    FactId implies;   /* a fact that the heading itself states, FACT_NONE = none … */
    int64_t implied;  /* … and its code */
    bool invert;      /* the column asks for the opposite: "有无违法犯罪记录" */
    HeadingUnit unit; /* of months of insurance: "27" under "缴费年限" would be years */
    bool fallback;    /* stands for the target only where no better heading does: "联系电话" */
} FormHeading;

typedef struct FormColumn {
    Target target;
    const char *heading, *note; /* note may be NULL */
    int width;                  /* characters */
    bool text;                  /* written as text: ID numbers, phones */
    bool in_title; /* may stand once above the table: "填表日期：2012年9月20日" */
    bool hidden;   /* not on blank forms */
} FormColumn;

typedef struct Word {
    const char *key;
    int64_t code; /* of the vocabulary; 1 and 0 for flags; 0 = no meaning without more evidence */
    bool clear;   /* false: says it too loosely to be taken alone */
} Word;

typedef struct WordList {
    const Word *words;
    size_t count;
} WordList;

typedef struct TextList {
    const char *const *items;
    size_t count;
} TextList;

typedef struct FormWords {
    WordList facts[FACT_COUNT];
    WordList flag;         /* for flags that have no list of their own, and for inverted columns */
    WordList school_names; /* a part of a school's name → its kind */
    TextList silent[FACT_COUNT];  /* understood, and says nothing of this fact */
    TextList foreign[FACT_COUNT]; /* parts of words that belong to another scale */
    TextList blank, none;         /* stand for an empty cell: everywhere; where "no" is no answer */
    TextList total, note, example;                /* first words of rows that are no answers */
    TextList sequence;                            /* headings of columns that only count */
    TextList id_papers;                           /* papers whose number is a citizen's ID number */
    TextList hukou_here, hukou_elsewhere, cities; /* cities of Guangdong */
} FormWords;

typedef struct Form {
    const char *id, *file;
    const char *title_zh, *title_en;
    int credibility; /* of its answers, 1..9 */
    const FormColumn *columns;
    size_t column_count;
    const FormHeading
        *headings; /* all of all columns; the first of each column is its own heading */
    size_t heading_count;
    TextList ignored;         /* keys of headings that are known and not kept */
    TextList marks;           /* keys of headings that tell this form from others */
    const TextList *required; /* each: names of targets of which one must have a column */
    size_t required_count;
    FormWords words;
} Form;

#define FORMS "survey/forms"

/* Reads one file, which must call itself by that id. */
ErrCode form_read(Arena *arena, const char *id, const char *file, Form *ret_form,
                  Err *err) MUST_CHECK;

/* survey/form_shelf.c: the form of an id. */
ErrCode form_load(Arena *arena, const char *id, const Form **ret_form, Err *err) MUST_CHECK;
/* Every form, shipped and of the home (which comes before a shipped one of its id), by id; those with
 * marks last. */
ErrCode form_load_all(Arena *arena, const Form *const **ret_forms, size_t *ret_count,
                      Err *err) MUST_CHECK;

/* The form under which headings and words are compared: text_key without spaces, brackets in their
 * ASCII form, and without
 * "*", ":" and "。" at the ends. */
const char *form_key(Arena *arena, const char *text);
/* True for a text of digits, small letters, points, dashes and common Han characters only: it is
 * its own key, and no width or space of it can be mended. */
bool form_plain(const char *text);
/* A heading by its cell text; tried again without its bracketed remark "(必填)", then without its
 * group ("person/name", as survey tools export it). NULL = unknown. */
const FormHeading *form_heading(const Form *form, Arena *arena, const char *text);
bool form_ignores(const Form *form, Arena *arena, const char *text);
const FormColumn *form_column(const Form *form, Target target); /* NULL = the form does not ask */

/* A word of a fact's vocabulary; inverted columns speak the general yes and no. NULL = unknown
 * word. */
const Word *form_word(const Form *form, Arena *arena, FactId fact, bool invert, const char *key);
bool text_list_has(const TextList *list, const char *key);
bool text_list_starts(const TextList *list, const char *key);  /* key starts with an item */
bool text_list_within(const TextList *list, const char *text); /* text contains an item */

/* survey/form_words.c */
ErrCode form_words_load(Arena *arena, const char *file, FormWords *ret_words, Err *err) MUST_CHECK;

#endif
