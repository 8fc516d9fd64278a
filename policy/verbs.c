#include "policy/verbs.h"

const Command *const POLICY_VERBS[] = {
    &POLICY_LIST,
    &POLICY_SHOW,
    &POLICY_TEST,
    &POLICY_CHECK,
    &POLICY_SIZE,
    &POLICY_FRONTIER,
    &POLICY_FORECAST,
    &POLICY_COMPARE,
    &POLICY_EXPLAIN,
    &POLICY_ASK,
    NULL,
};
