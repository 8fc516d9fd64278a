/* outreach/suppression.h: why a person who was to be addressed gets no message.
 * Shape:  a line of outreach/suppressions.def, in the order in which the reasons are asked.
 * Errors: none.
 * Source: DESIGN 7 "Audience". */
#ifndef OUTREACH_SUPPRESSION_H
#define OUTREACH_SUPPRESSION_H

#include <stdbool.h>

typedef enum Suppression {
#define SUPPRESSION(name, word, label) SUPPRESSION_##name,
#include "outreach/suppressions.def"
#undef SUPPRESSION
    SUPPRESSION_COUNT,
    SUPPRESSION_NONE = -1 /* gets the message */
} Suppression;

const char *suppression_word(Suppression reason);  /* "no_phone": in SQL and JSON */
const char *suppression_label(Suppression reason); /* translated */

#endif
