/* people/why.h: the reason that a person gives for a decision.
 * Shape:  --why TEXT of people correct, merge, part and forget; it stays in the base and is shown.
 * Units:  at most WHY_CHARACTERS characters.
 * Errors: ERR_USAGE when it is empty, too long, or holds what may be an ID number or a phone.
 * Source: DESIGN "Personal data". */
#ifndef PEOPLE_WHY_H
#define PEOPLE_WHY_H

#include "base/command.h"
#include "people/decision.h"

#define WHY_OPTION                                                                                 \
    {                                                                                              \
        .name = "why", .kind = OPTION_TEXT, .value = "TEXT",                                       \
        .help = N_("the reason, without personal data"), .required = true                          \
    }

/* Who decides, and why: from --why and the acting user. */
ErrCode why_decider(const Context *context, const Arguments *arguments, Decider *ret_decider,
                    Err *err) MUST_CHECK;

#endif
