#include "base/text.h"
#include "outreach/optout.h"
#include "outreach/verbs.h"

static ErrCode list_run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    AUTO_ROWS rows = NULL;
    TRY(db_query(context->db, QUERY_OUTREACH_OPTOUT_LIST, NO_PARAMS, &rows, err));
    json_t *list = json_array();
    while (rows_next(rows)) {
        size_t length = 0;
        char *phone = NULL;
        const void *sealed = rows_bytes(rows, 1, &length);
        ErrCode code = unseal(context->sealer, context->arena, sealed, length, &phone, err);
        if (code != OK) {
            json_decref(list);
            return code;
        }
        json_array_append_new(
            list, json_pack("{sI, ss, ss, ss, ss, ss}", "id", (json_int_t)rows_int(rows, 0),
                            "phone", text_mask(context->arena, phone), "source", rows_text(rows, 2),
                            "why", rows_text(rows, 3), "added_by", rows_text(rows, 4), "added_at",
                            rows_text(rows, 5)));
    }
    *ret_result = list;
    return OK;
}

const Command OUTREACH_OPTOUT_LIST = {
    .words = "outreach optout list",
    .summary = N_("list the numbers that must not be texted, masked"),
    .columns = (const Column[]){{"id", N_("no.")},
                                {"phone", N_("phone")},
                                {"source", N_("source")},
                                {"why", N_("why")},
                                {"added_by", N_("added by")},
                                {"added_at", N_("added at")},
                                {0}},
    .role = ROLE_OUTREACH,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = list_run,
};
