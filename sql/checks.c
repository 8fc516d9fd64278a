#include "sql/check.h"

#include "base/lang.h"
#include "sql/reseal.h"

#include <stdarg.h>

void check_wrong(CheckResult *result, const char *format, ...)
{
    va_list arguments;
    if (result->wrong++ > 0)
        return;
    va_start(arguments, format);
    vsnprintf(result->first, sizeof result->first, format, arguments);
    va_end(arguments);
}

static ErrCode sealed_run(Context *context, const CheckTerms *terms, CheckResult *ret_result,
                          Err *err)
{
    CheckResult result = {0};
    (void)terms;
    for (size_t i = 0; i < SEALED_COLUMN_COUNT; i++) {
        const SealedColumn *column = &SEALED_COLUMNS[i];
        SealedCheck check;
        TRY(reseal_check(context->db, context->sealer, column, &check, err));
        result.looked += check.values;
        if (check.bad == 0)
            continue;
        check_wrong(&result, "%s.%s %s", column->table, column->column, check.bad_row);
        result.wrong += check.bad - 1;
    }
    *ret_result = result;
    return OK;
}

static const Check SEALED = {
    .name = "sealed",
    .title = N_("every sealed value opens with a key of seal.key"),
    .fix = N_("bring back the seal.key that belongs to this base; if it is the right one, the "
              "rows named were changed by hand or damaged: restore a backup"),
    .run = sealed_run,
};

const Check *const SQL_CHECKS[] = {&SEALED, NULL};
