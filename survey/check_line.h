/* survey/check_line.h: the row that is being checked, as the check_*.c files share it.
 * Shape:  Line is one row's work in progress; Input is one of its cells, read and not blank.
 * Owns:   everything lives in Line.arena.
 * Errors: none.
 * Source: survey/check.h. */
#ifndef SURVEY_CHECK_LINE_H
#define SURVEY_CHECK_LINE_H

#include "people/id_number.h"
#include "survey/check.h"
#include "survey/recall.h"

typedef struct Input {
    Target target;
    const FormHeading *heading; /* NULL for a value that stands above the table */
    const Cell *cell;
    const char *raw;  /* as read */
    const char *text; /* trimmed, plain widths */
    const char *key;  /* form_key */
    size_t column;
    unsigned line;
} Input;

enum { LINE_PROBLEMS = 2 * TARGET_COUNT };

typedef struct Line {
    const CheckSetting *setting;
    const Form *form;
    Arena *arena;
    const Row *row;
    Facts *facts;
    Checked *out;
    Problem *problems; /* room for LINE_PROBLEMS; NULL until there is one */
    size_t problem_count;
    const char *raw[TARGET_COUNT]; /* cells that were normalised … */
    Normalised raw_kind;           /* … the last of them as what */

    bool id_given; /* the row has an ID number, sound or not */
    IdNumber id;   /* valid when facts hold ID_NUMBER */
    bool other_paper;
    Input level; /* kept until the certificate's number is known … */
    const Word *level_word;
    Date pension_start;
    bool months_given; /* the cell of the months says something */
} Line;

void line_problem(Line *line, const Input *input, ProblemCode code);
/* The same about a target's cell in this row: for what contradicts another cell. Without such a
 * cell, about the row. */
void line_problem_at(Line *line, Target target, ProblemCode code);
/* A fact was read; `shown` is how the vocabulary would write it: another spelling counts as
 * normalised. */
void line_number(Line *line, const Input *input, int64_t number, const char *shown,
                 Normalised kind);
void line_text(Line *line, const Input *input, const char *text, Normalised kind);
void line_normalised(Line *line, const Input *input, Normalised kind);
/* A fact that follows from other cells; does nothing when it is known already. */
void line_conclude(Line *line, FactId fact, int64_t number);
bool line_knows(const Line *line, FactId fact);

/* check_text.c */
void check_name(Line *line, const Input *input);
void check_text(Line *line, const Input *input);
void check_certificate_no(Line *line, const Input *input);
/* check_identity.c */
void check_id_type(Line *line, const Input *input);
void check_id_number(Line *line, const Input *input);
void check_sex_whole(Line *line); /* against the ID number */
void check_phone(Line *line, const Input *input);
void check_identity_whole(Line *line); /* a row needs a name and an ID number or a phone */
/* check_date.c */
void check_surveyed_on(Line *line, const Input *input);
void check_birth_date(Line *line, const Input *input);
void check_certificate_date(Line *line, const Input *input);
void check_graduation_date(Line *line, const Input *input);
/* check_level.c */
void check_level(Line *line, const Input *input);
void check_level_whole(Line *line); /* level against certificate number */
/* check_town.c */
void check_town(Line *line, const Input *input);
int64_t town_of(Line *line, const char *key); /* 0 = no town of the city */
void check_hukou_whole(Line *line);
/* check_word.c */
void check_code(Line *line, const Input *input);
void check_flag(Line *line, const Input *input);
void check_home(Line *line, const Input *input);
void check_province(Line *line, const Input *input);
void check_school_whole(Line *line); /* kind and province from the school's name */
/* check_pension.c */
bool months_bare(const Cell *cell, const char *key); /* a number without its unit */
void check_pension_months(Line *line, const Input *input);
void check_pension_start(Line *line, const Input *input);
void check_pension_whole(Line *line);

#endif
