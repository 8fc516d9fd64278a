/* survey/problem.h: one thing that is wrong with a row.
 * Shape:  ProblemCode is a line of survey/problems.def, Normalised one of survey/normalised.def.
 * Owns:   nothing; value is borrowed.
 * Errors: none.
 * Source: survey/problems.def, remedies.def, normalised.def. */
#ifndef SURVEY_PROBLEM_H
#define SURVEY_PROBLEM_H

#include "survey/form.h"

typedef enum ProblemCode {
#define PROBLEM(name, code, severity, sentence) PROBLEM_##name,
#include "survey/problems.def"
#undef PROBLEM
    PROBLEM_COUNT
} ProblemCode;

typedef enum Severity { SEVERITY_NOTE, SEVERITY_QUARANTINE } Severity;

typedef enum Normalised {
#define NORMALISED(name, kind, sentence, example) NORMALISED_##name,
#include "survey/normalised.def"
#undef NORMALISED
    NORMALISED_COUNT
} Normalised;

typedef struct Problem {
    ProblemCode code;
    Severity severity;
    Target target;     /* TARGET_NONE = the row as a whole */
    const char *cell;  /* "F12"; "" = the row as a whole */
    const char *value; /* as read; "" = empty */
} Problem;

const char *problem_name(ProblemCode code); /* "id_checksum" */
Severity problem_severity(ProblemCode code);
const char *problem_sentence(ProblemCode code); /* in the language of now */
ProblemCode problem_find(const char *name);     /* PROBLEM_COUNT when unknown */
const char *problem_example(ProblemCode code);  /* cells that have it; "" = says itself */
const char *problem_remedy(ProblemCode code);   /* what to do, in the language of now */

const char *normalised_name(Normalised kind);     /* "date_serial" */
const char *normalised_sentence(Normalised kind); /* in the language of now */
const char *normalised_example(Normalised kind);  /* "2年3个月 → 27" */

/* A value as the problem list may show it: secret facts masked, and every run of 11 digits and more
 * in other cells (an ID number in the wrong column) except in a certificate's number. Lives in
 * arena. */
const char *problem_value_shown(Arena *arena, Target target, const char *value);

#endif
