#include "survey/verbs.h"

const Command *const SURVEY_VERBS[] = {&SURVEY_FORM, &SURVEY_IMPORT,   &SURVEY_BATCHES,
                                       &SURVEY_UNDO, &SURVEY_PROBLEMS, &SURVEY_CODES,
                                       NULL};
