/* talent db verify: whether the base is in itself as it must be. Changes nothing. */
#include "base/progress.h"
#include "base/render.h"
#include "base/text.h"
#include "sql/check.h"
#include "sql/verbs.h"

static ErrCode statement_run(Db *db, QueryId query, CheckResult *ret_result, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, query, NO_PARAMS, &rows, err));
    *ret_result = (CheckResult){0};
    if (!rows_next(rows))
        return OK;
    const char *first = rows_text(rows, 2);
    ret_result->looked = rows_int(rows, 0);
    ret_result->wrong = rows_int(rows, 1);
    snprintf(ret_result->first, sizeof ret_result->first, "%s",
             first && ret_result->wrong > 0 ? first : "");
    return OK;
}

static json_t *line_make(const Check *check, const CheckResult *result)
{
    bool sound = result->wrong == 0;
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:s?, s:s?}", "check", check->name, "title",
                     _(check->title), "state", sound ? "sound" : "wrong", "looked",
                     (json_int_t)result->looked, "wrong", (json_int_t)result->wrong, "first",
                     *result->first ? result->first : NULL, "fix", sound ? NULL : _(check->fix));
}

static ErrCode checks_run(Context *context, const CheckTerms *terms, json_t *lines, Err *err)
{
    int64_t wrong = 0, count = 0;
    Progress progress = progress_start(!context->quiet, _("checks"), 0);
    for (const Check *const *check = context->checks; *check; check++, count++) {
        CheckResult result = {0};
        ErrCode code = (*check)->run ? (*check)->run(context, terms, &result, err)
                                     : statement_run(context->db, (*check)->query, &result, err);
        if (code == OK && command_interrupted)
            code = err_set(err, ERR_INTERRUPTED, _("stopped"));
        if (code != OK) {
            progress_end(&progress);
            return err_wrap(err, _("check '%s'"), (*check)->name);
        }
        wrong += result.wrong > 0;
        json_array_append_new(lines, line_make(*check, &result));
        progress_at(&progress, count + 1);
    }
    progress_end(&progress);
    if (wrong == 0)
        return OK;
    return err_set(err, ERR_REFUSED, _("%lld of %lld checks found something wrong"),
                   (long long)wrong, (long long)count);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    const CheckTerms terms = {.all = option_flag(arguments, "all")};
    json_t *lines = json_array();
    ErrCode code = checks_run(context, &terms, lines, err);
    *ret_result = lines;
    return code;
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    size_t index;
    json_t *line;
    json_array_foreach(result, index, line)
    {
        bool sound = text_equal(json_string_value(json_object_get(line, "state")), "sound");
        long long looked = (long long)json_integer_value(json_object_get(line, "looked")),
                  wrong = (long long)json_integer_value(json_object_get(line, "wrong"));
        printf("%s %s (%lld)\n", sound ? "✓" : "✗",
               json_string_value(json_object_get(line, "title")), looked);
        if (sound)
            continue;
        printf(_("    wrong: %lld, the first one %s\n"), wrong,
               json_string_value(json_object_get(line, "first")));
        printf("    %s\n", json_string_value(json_object_get(line, "fix")));
    }
}

const Command DB_VERIFY = {
    .words = "db verify",
    .summary = N_("check that the base is in itself as it must be"),
    .details = N_("Sealed values open, counts tie out, no row stands alone, every person is what "
                  "its answers say, the delivery log leads to where each message is, and the bit "
                  "planes count what the base counts. Of persons a sample is folded anew, with "
                  "--all every one. Nothing is changed; exit status 1 when anything is wrong, with "
                  "what to do."),
    .options = (const Option[]){{.name = "all",
                                 .kind = OPTION_FLAG,
                                 .help = N_("look at every person, not at a sample")},
                                {0}},
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = run,
    .show = show,
};
