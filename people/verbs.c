#include "people/verbs.h"

const Command *const PEOPLE_VERBS[] = {&PEOPLE_FIND,   &PEOPLE_SHOW, &PEOPLE_DUPLICATES,
                                       &PEOPLE_MERGE,  &PEOPLE_PART, &PEOPLE_CORRECT,
                                       &PEOPLE_FORGET, NULL};
