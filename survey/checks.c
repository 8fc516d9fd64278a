#include "survey/checks.h"

#include "base/lang.h"

#define UNDO_AND_IMPORT                                                                            \
    N_("take the batch back with 'talent survey undo' and import its file again; if it cannot "    \
       "be, "                                                                                      \
       "restore a backup")

static const Check BATCH_LINES = {
    .name = "batch_lines",
    .title = N_("every row of a file was accepted or quarantined"),
    .fix = UNDO_AND_IMPORT,
    .query = QUERY_SURVEY_CHECK_BATCH_LINES,
};
static const Check BATCH_ANSWERS = {
    .name = "batch_answers",
    .title = N_("every batch has the answers that it accepted"),
    .fix = UNDO_AND_IMPORT,
    .query = QUERY_SURVEY_CHECK_BATCH_ANSWERS,
};
static const Check BATCH_QUARANTINE = {
    .name = "batch_quarantine",
    .title = N_("every batch has the rows that it quarantined"),
    .fix = UNDO_AND_IMPORT,
    .query = QUERY_SURVEY_CHECK_BATCH_QUARANTINE,
};
static const Check PROBLEMS = {
    .name = "problems",
    .title = N_("every row in quarantine says why, and nothing is said of another"),
    .fix = UNDO_AND_IMPORT,
    .query = QUERY_SURVEY_CHECK_PROBLEMS,
};
static const Check STAGED = {
    .name = "staged",
    .title = N_("every row that waits for review belongs to a file that does"),
    .fix = N_("restore a backup, or refuse the file ('talent survey refuse') and hand it in again"),
    .query = QUERY_SURVEY_CHECK_STAGED,
};

const Check *const SURVEY_CHECKS[] = {&BATCH_LINES, &BATCH_ANSWERS, &BATCH_QUARANTINE,
                                      &PROBLEMS,    &STAGED,        NULL};
