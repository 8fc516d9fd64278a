/* policy/plane_program.h: rules and --where as tests of codes and trees over them.
 * Shape:  every condition, on a given day, is a few ranges of codes of one fact (a day that turns a
 *         rule is a constant day of the fact); what asks the same is one test. Trees read tests.
 *         Three readings of a rule: today; on a day to come, when what grows has grown; and `may`:
 *         whether it can be true (or false) on any day after today, for which only `t` counts and
 *         people too many are allowed.
 * Owns:   lives in the arena.
 * Errors: none; what is not laid out in planes must not be asked (…_fits).
 * Source: policy/outlook.h, people/where.h, which they must agree with. */
#ifndef POLICY_PLANE_PROGRAM_H
#define POLICY_PLANE_PROGRAM_H

#include "people/where.h"
#include "policy/outlook.h"
#include "policy/plane_set.h"

enum { TESTS_AT_MOST = 2048 };

typedef struct CodeRange {
    uint32_t from, until;
} CodeRange;

/* Months of at least this code, said on a day of at most that code, have grown enough. */
typedef struct GrowthStep {
    uint32_t months, day;
} GrowthStep;

typedef struct PlaneTest {
    size_t column;           /* of the layout */
    const CodeRange *ranges; /* true */
    size_t range_count;
    const CodeRange *review; /* unknown, where not true */
    size_t review_count;
    bool decided; /* an unknown fact makes it false */
    bool grows;
    bool grown_is_true; /* on a day to come; else what may have grown is unknown */
    const GrowthStep *steps;
    size_t step_count;
} PlaneTest;

typedef enum PlaneNodeKind { NODE_TEST, NODE_TERM, NODE_ALL, NODE_ANY, NODE_NOT } PlaneNodeKind;

typedef struct PlaneTerms PlaneTerms; /* policy/plane_term.h */

typedef struct PlaneNode PlaneNode;
struct PlaneNode {
    PlaneNodeKind kind;
    size_t test;
    const Where *where; /* NODE_TERM */
    const PlaneNode *items;
    size_t item_count;
};

typedef struct PlaneProgram {
    Arena *arena;
    const PlaneLayout *layout;
    size_t on_column; /* of Facts.pension_on */
    PlaneTest tests[TESTS_AT_MOST];
    size_t test_count;
    PlaneTerms *terms; /* NULL = --where has none */
    bool full;         /* more tests than there is room for: what was made is of no use */
} PlaneProgram;

typedef enum PlaneReading {
    READ_TODAY,
    READ_ON_DAY,
    READ_MAY_BE_TRUE,
    READ_MAY_BE_FALSE
} PlaneReading;

typedef struct PlaneWhen {
    PlaneReading reading;
    Date day; /* today, or the day to come */
} PlaneWhen;

PlaneProgram *plane_program_new(Arena *arena, const PlaneLayout *layout);
/* Whether all facts are laid out, those of the eras to come too. */
bool plane_policy_fits(const PlaneProgram *program, const Policy *policy);
bool plane_where_fits(const PlaneProgram *program, const Where *where);
PlaneNode plane_rule(PlaneProgram *program, const Rule *rule, PlaneWhen when);
PlaneNode plane_where(PlaneProgram *program, const Where *where);

#endif
