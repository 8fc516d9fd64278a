/* policy/verbs.h: the commands of this room: talent policy ….
 * Source: DESIGN 4. */
#ifndef POLICY_VERBS_H
#define POLICY_VERBS_H

#include "base/command.h"

/* Lines of verbs' options: which policy, whom, and with which parameters moved. */
#define POLICY_OPTION                                                                              \
    {                                                                                              \
        "policy", OPTION_TEXT, "ID", N_("policy; may be left out while there is only one"),        \
            .many = false                                                                          \
    }
#define WHERE_OPTION                                                                               \
    {                                                                                              \
        "where", OPTION_TEXT, "EXPR",                                                              \
            N_("only people for whom this holds, for example 'town = 长安镇'"), .many = false      \
    }
#define SET_OPTION                                                                                 \
    {                                                                                              \
        "set", OPTION_TEXT, "PARAM=VALUE", N_("move a parameter, for example age_max=50"),         \
            .many = true                                                                           \
    }

extern const Command POLICY_LIST;
extern const Command POLICY_SHOW;
extern const Command POLICY_TEST;
extern const Command POLICY_CHECK;
extern const Command POLICY_SIZE;
extern const Command POLICY_FRONTIER;
extern const Command POLICY_FORECAST;
extern const Command POLICY_COMPARE;
extern const Command POLICY_EXPLAIN;
extern const Command POLICY_ASK;

extern const Command *const POLICY_VERBS[]; /* ends with NULL */

#endif
