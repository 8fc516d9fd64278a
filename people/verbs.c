#include "people/verbs.h"

const Command *const PEOPLE_VERBS[] = {&PEOPLE_FIND, &PEOPLE_SHOW, NULL};
