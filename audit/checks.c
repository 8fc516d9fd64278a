#include "audit/checks.h"

#include "audit/check.h"
#include "base/lang.h"

#include <inttypes.h>

static ErrCode chain_run(Context *context, const CheckTerms *terms, CheckResult *ret_result,
                         Err *err)
{
    (void)terms; /* a chain is looked at whole */
    AuditCheck check;
    TRY(audit_check(context->db, &context->config, &check, err));
    *ret_result = (CheckResult){.looked = check.chain.lines};
    if (!audit_sound(&check))
        check_wrong(ret_result, "audit_line %" PRId64, audit_first_wrong(&check));
    return OK;
}

static const Check CHAIN = {
    .name = "audit_chain",
    .title = N_("every line of the audit is the one that was written"),
    .fix = N_("'talent audit verify' says what is wrong; compare with the anchor files of the "
              "other homes and with a backup"),
    .run = chain_run,
};

const Check *const AUDIT_CHECKS[] = {&CHAIN, NULL};
