#include "support/commands.h"

#include "account/verbs.h"
#include "audit/verbs.h"
#include "outreach/verbs.h"
#include "people/verbs.h"
#include "policy/verbs.h"
#include "sql/verbs.h"
#include "survey/verbs.h"

enum { COMMANDS_AT_MOST = 256 };

const Command *const *test_commands(void)
{
    static const Command *commands[COMMANDS_AT_MOST];
    const Command *const *const rooms[] = {SURVEY_VERBS,   PEOPLE_VERBS,  POLICY_VERBS,
                                           OUTREACH_VERBS, ACCOUNT_VERBS, AUDIT_VERBS,
                                           SQL_VERBS};
    size_t count = 0;
    for (size_t room = 0; room < sizeof rooms / sizeof *rooms; room++)
        for (size_t verb = 0; rooms[room][verb] && count < COMMANDS_AT_MOST - 2; verb++)
            commands[count++] = rooms[room][verb];
    commands[count++] = &HELP;
    commands[count] = NULL;
    return commands;
}
