#include "account/verbs.h"

const Command *const ACCOUNT_VERBS[] = {&ACCOUNT_ADD,     &ACCOUNT_LIST,   &ACCOUNT_ROLE,
                                        &ACCOUNT_DISABLE, &ACCOUNT_ENABLE, &ACCOUNT_PASSWD,
                                        &ACCOUNT_LOGIN,   &ACCOUNT_LOGOUT, NULL};
