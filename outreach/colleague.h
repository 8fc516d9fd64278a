/* outreach/colleague.h: the people of the bureau whose phones get test messages.
 * Shape:  a Colleague is a name of talent.json's `colleagues` and the mobile number there: numbers
 *         are named on no command line.
 * Owns:   names and numbers live in the arena given.
 * Errors: ERR_NOT_FOUND for a name that is not there, ERR_USAGE for a number instead of a name,
 *         ERR_CONFIG for one whose number is no mobile number.
 * Source: issue 5 "Texts": `outreach test` sends to colleagues only. */
#ifndef OUTREACH_COLLEAGUE_H
#define OUTREACH_COLLEAGUE_H

#include "base/config.h"

typedef struct Colleague {
    const char *name;
    const char *phone; /* 11 digits */
} Colleague;

/* "li,wang"; each once, in the order given. */
ErrCode colleagues_parse(const Config *config, Arena *arena, const char *list,
                         const Colleague **ret_colleagues, size_t *ret_count, Err *err) MUST_CHECK;

#endif
