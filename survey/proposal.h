/* survey/proposal.h: a form proposed from a workbook that no form was made for: which of its headings
 * are facts, by what evidence, and what is left for a person to say.
 * Shape:  a Proposal is one table: its heading, its columns with what each was taken for, and the
 *         first rows below as evidence. A column's synonym is the heading of a known form that it
 *         was taken by.
 * Units:  lines from 1; columns from 0; at most PROPOSAL_ROWS rows are looked at.
 * Owns:   everything lives in the arena given.
 * Errors: ERR_INPUT for a file without a table; ERR_REFUSED for a form file that exists already.
 * Source: DESIGN 5 "Forms". No ID number, phone, name or other cell is shown: samples are shapes. */
#ifndef SURVEY_PROPOSAL_H
#define SURVEY_PROPOSAL_H

#include "survey/heading.h"

#include <jansson.h>

enum { PROPOSAL_ROWS = 200, PROPOSAL_SAMPLES = 3 };

typedef enum Match {
    MATCH_EXACT,   /* a heading that a form knows */
    MATCH_NEAR,    /* like one, and its cells pass the fact's check */
    MATCH_VALUES,  /* only its cells say what it is */
    MATCH_AGAIN,   /* known, but another column stands for its fact already */
    MATCH_IGNORED, /* known and not kept */
    MATCH_UNKNOWN
} Match;

typedef struct ProposedColumn {
    size_t column;
    unsigned line;
    const char *text, *key;
    Match match;
    const Form *form;           /* whose heading it was taken by … */
    const FormHeading *synonym; /* … NULL = none */
    double similarity;          /* 0..1 */
    size_t filled, fit;         /* cells that say something, and those that pass the fact's check */
    const char *samples[PROPOSAL_SAMPLES];
    size_t sample_count;
} ProposedColumn;

typedef struct Proposal {
    Arena *arena;
    const Form *const *forms;
    size_t form_count;
    const Form *base; /* the form that knows most of the headings: gives words and requirements */
    Date today;
    bool date_1904;
    unsigned sheet, line, last; /* the heading's lines, as in Heading */
    const char *sheet_name;
    const Row *rows; /* below the heading */
    size_t row_count;
    ProposedColumn *columns; /* those with a heading */
    size_t column_count;
} Proposal;

/* Reads the first table of a workbook and says what its columns are. */
ErrCode proposal_read(Arena *arena, const char *file, Date today, Proposal *ret_proposal,
                      Err *err) MUST_CHECK;
/* True when the column stands for its synonym's fact. */
bool proposal_takes(const ProposedColumn *column);
/* The form that knows all that the proposal does, so that none is needed; NULL = none does. */
const Form *proposal_fits(const Proposal *proposal);

/* survey/proposal_table.c: finds the heading and the rows below. */
ErrCode proposal_find_table(Proposal *proposal, const char *file, Err *err) MUST_CHECK;

/* survey/proposal_evidence.c */
/* Counts the cells that say something and those that pass the check of a heading's fact. */
void proposal_weigh(const Proposal *proposal, const Form *form, const FormHeading *heading,
                    ProposedColumn *column);
/* The shapes of the first cells: "000000字", and words of a vocabulary as they are. */
void proposal_sample(const Proposal *proposal, ProposedColumn *column);
/* How alike two headings are, 0..1. */
double heading_similarity(const char *key, const char *other);

/* survey/proposal_form.c */
/* {columns, missing}: what was found, as JSON for the report; owned by the caller. */
json_t *proposal_columns_json(const Proposal *proposal);
json_t *proposal_missing_json(const Proposal *proposal);
/* The form file; owned by the caller. */
json_t *proposal_form_json(const Proposal *proposal, const char *id);
ErrCode proposal_write(const json_t *form, const char *file, Err *err) MUST_CHECK;

#endif
