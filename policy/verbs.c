#include "policy/verbs.h"

const Command *const POLICY_VERBS[] = {
    &POLICY_LIST, &POLICY_SHOW, &POLICY_TEST, &POLICY_SIZE, &POLICY_EXPLAIN, NULL,
};
