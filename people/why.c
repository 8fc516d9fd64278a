#include "people/why.h"

#include "base/text.h"

#include <string.h>

enum { SECRET_DIGITS = 11 };

/* Digits in a row, spaces and dashes passed over, as in a phone or an ID number. */
static bool holds_number(Arena *arena, const char *text)
{
    size_t digits = 0;
    for (const char *at = text_fold_width(arena, text); *at; at++) {
        if (strchr("0123456789", *at))
            digits++;
        else if (*at != ' ' && *at != '-')
            digits = 0;
        if (digits == SECRET_DIGITS)
            return true;
    }
    return false;
}

ErrCode why_decider(const Context *context, const Arguments *arguments, Decider *ret_decider,
                    Err *err)
{
    const char *why = text_trim(context->arena, option_text(arguments, "why"));
    if (*why == '\0')
        return err_set(err, ERR_USAGE, _("--why says nothing"));
    if (text_characters(why) > DECISION_WHY_CHARACTERS)
        return err_set(err, ERR_USAGE, _("--why is at most %d characters"),
                       DECISION_WHY_CHARACTERS);
    if (holds_number(context->arena, why))
        return err_set(err, ERR_USAGE,
                       _("--why holds an ID number or a phone, and stays readable"));
    *ret_decider = (Decider){.why = why, .user = context->user};
    return OK;
}
