/* talent audit verify: whether every line of the audit is the one that was written. */
#include "audit/check.h"
#include "audit/verbs.h"

#include "base/lang.h"

#include <stdio.h>

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    AuditCheck check;
    TRY(audit_check(context->db, &context->config, &check, err));
    *ret_result = audit_check_json(&check);
    if (audit_sound(&check))
        return OK;
    err_set(err, ERR_INPUT, _("the audit is not as it was written: %s"),
            audit_wrong(context->arena, &check));
    return err_hint(err, _("compare with the anchor files of the other homes and with a backup"));
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    long long lines = json_integer_value(json_object_get(result, "lines")),
              anchors = json_integer_value(json_object_get(result, "anchors")),
              behind = json_integer_value(json_object_get(result, "file_behind"));
    printf(_("%lld lines, %lld of them anchored from this home\n"), lines, anchors);
    if (behind > 0)
        printf(_("The anchor file is behind by %lld lines: others wrote them, or a command was "
                 "killed while it wrote\n"),
               behind);
    if (json_is_true(json_object_get(result, "sound")))
        puts(_("Every line is the one that was written, and none is missing"));
}

const Command AUDIT_VERIFY = {
    .words = "audit verify",
    .summary = N_("check that no line of the audit was changed, taken away or put in"),
    .details = N_("Every line holds the hash of the one before it. The numbers and hashes of the "
                  "lines that were written from this home stand in its file audit.anchor too, "
                  "outside the base: lines that were taken from the end, a chain that was computed "
                  "anew and an old base that was brought back show there. Keep copies of that file "
                  "where those who administer the base cannot write."),
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE,
    .run = run,
    .show = show,
};
