/* people/verbs.h: the commands of this room: talent people ….
 * Source: DESIGN 4. */
#ifndef PEOPLE_VERBS_H
#define PEOPLE_VERBS_H

#include "base/command.h"

extern const Command PEOPLE_FIND;
extern const Command PEOPLE_SHOW;
extern const Command PEOPLE_DUPLICATES;
extern const Command PEOPLE_MERGE;
extern const Command PEOPLE_PART;
extern const Command PEOPLE_CORRECT;
extern const Command PEOPLE_FORGET;

extern const Command *const PEOPLE_VERBS[]; /* ends with NULL */

#endif
