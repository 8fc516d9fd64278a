/* outreach/verbs.h: the verbs of this room.
 * Shape:  each is defined in the file of its words: OUTREACH_PLAN in plan.c, OUTREACH_OPTOUT_ADD
 *         in optout_add.c. */
#ifndef OUTREACH_VERBS_H
#define OUTREACH_VERBS_H

#include "base/command.h"

extern const Command OUTREACH_TEMPLATE_LIST, OUTREACH_TEMPLATE_SHOW, OUTREACH_TEMPLATE_CHECK;
extern const Command OUTREACH_PLAN, OUTREACH_PREVIEW, OUTREACH_TEST;
extern const Command OUTREACH_APPROVE, OUTREACH_LAUNCH, OUTREACH_PAUSE, OUTREACH_RESUME,
    OUTREACH_CANCEL;
extern const Command OUTREACH_STATUS, OUTREACH_LOG, OUTREACH_REPORT;
extern const Command OUTREACH_OPTOUT_ADD, OUTREACH_OPTOUT_REMOVE, OUTREACH_OPTOUT_LIST;
extern const Command OUTREACH_INBOX, OUTREACH_ANSWER;
extern const Command OUTREACH_DISPATCH, OUTREACH_SETTLE, OUTREACH_RECEIVE, OUTREACH_SIMULATE;
extern const Command OUTREACH_RECONCILE;

extern const Command *const OUTREACH_VERBS[]; /* ends with NULL */

#endif
