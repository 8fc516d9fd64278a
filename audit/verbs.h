/* audit/verbs.h: the commands of this room: talent audit ….
 * Source: DESIGN 9 "Audit log". */
#ifndef AUDIT_VERBS_H
#define AUDIT_VERBS_H

#include "base/command.h"

extern const Command AUDIT_LIST;
extern const Command AUDIT_VERIFY;

extern const Command *const AUDIT_VERBS[]; /* ends with NULL */

#endif
