#include "audit/verbs.h"

const Command *const AUDIT_VERBS[] = {&AUDIT_LIST, &AUDIT_VERIFY, NULL};
