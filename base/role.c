#include "base/role.h"

#include "base/text.h"

#include <string.h>

enum { ROLE_WORDS = 6 };

static const struct {
    unsigned role;
    const char *word;
} ROLES[ROLE_WORDS] = {
    {ROLE_SURVEY, "survey"},   {ROLE_OUTREACH, "outreach"}, {ROLE_APPROVER, "approver"},
    {ROLE_ANALYST, "analyst"}, {ROLE_OFFICER, "officer"},   {ROLE_ADMIN, "admin"},
};

const char *roles_text(Arena *arena, unsigned roles, const char *joint)
{
    const char *text = "";
    for (size_t i = 0; i < ROLE_WORDS; i++)
        if (roles & ROLES[i].role)
            text = arena_printf(arena, "%s%s%s", text, *text ? joint : "", ROLES[i].word);
    return text;
}

static ErrCode role_parse(const char *word, unsigned *roles, Err *err)
{
    const char *words[ROLE_WORDS];
    for (size_t i = 0; i < ROLE_WORDS; i++) {
        words[i] = ROLES[i].word;
        if (strcmp(word, words[i]) == 0) {
            *roles |= ROLES[i].role;
            return OK;
        }
    }
    err_set(err, ERR_USAGE, _("there is no role '%s'"), word);
    const char *nearest = text_nearest(word, words, ROLE_WORDS);
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest)
                   : err_hint(err, _("one of: %s"),
                              "survey, outreach, approver, analyst, officer, admin");
}

ErrCode roles_parse(Arena *arena, const char *text, unsigned *ret_roles, Err *err)
{
    static const char APART[] = ", \t\n";
    unsigned roles = 0;
    for (text += strspn(text, APART); *text; text += strspn(text, APART)) {
        size_t length = strcspn(text, APART);
        TRY(role_parse(arena_strndup(arena, text, length), &roles, err));
        text += length;
    }
    *ret_roles = roles;
    return OK;
}

const char *command_roles(Arena *arena, const Command *command)
{
    if (command->role & ROLE_ANYONE)
        return _("anyone");
    if (command->role == ROLE_EVERY)
        return _("whoever has an account");
    return roles_text(arena, command->role, ", ");
}
