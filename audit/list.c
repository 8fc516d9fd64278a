/* talent audit list: who did what, when, on whom, why, and what came of it. */
#include "audit/line.h"
#include "audit/verbs.h"

#include "base/text.h"
#include "sql/expr.h"

enum {
    LIMIT_MAX = 10000, /* stands in line.sql too */
    LAST_AT = 15,      /* columns of line_deeds behind those of LINE */
    ENDED,
    ENDED_AT,
    SUBJECT,
    RESULT,
    COUNTS
};

/* The first moment of a day in Dongguan, in UTC as the table has it. */
static const SqlExpr *day_begins(Arena *arena, Date day)
{
    char text[11];
    date_format(day - 1, text);
    return expr_value(arena, v_text(arena_printf(arena, "%s 16:00:00", text)));
}

static const SqlExpr *filter_make(Arena *arena, const Arguments *arguments)
{
    const SqlExpr *all[4];
    size_t count = 0;
    const char *who = option_text(arguments, "who"), *what = option_text(arguments, "what");
    Date since = option_date(arguments, "since", DATE_NONE);
    Date until = option_date(arguments, "until", DATE_NONE);
    if (who)
        all[count++] = expr_compare(arena, SQL_EQ, expr_column(arena, "b", "who"),
                                    expr_value(arena, v_text(who)));
    if (what)
        all[count++] = expr_like(arena, expr_column(arena, "b", "command"), what);
    if (since != DATE_NONE)
        all[count++] =
            expr_compare(arena, SQL_GE, expr_column(arena, "b", "at"), day_begins(arena, since));
    if (until != DATE_NONE)
        all[count++] = expr_compare(arena, SQL_LT, expr_column(arena, "b", "at"),
                                    day_begins(arena, until + 1));
    return expr_and(arena, all, count);
}

/* A JSON column, {} when it is empty. */
static json_t *object_of(const char *text)
{
    json_t *object = text && *text ? json_loads(text, 0, NULL) : NULL;
    return object ? object : json_object();
}

static json_t *deed_json(const Rows *rows, Arena *arena)
{
    const AuditLine line = line_read(rows, arena);
    bool ended = !rows_null(rows, ENDED), refused = text_equal(line.phase, "refused");
    bool alone = text_equal(line.phase, "end"); /* it began in another base */
    const char *result = refused ? N_("refused")
                         : alone ? line.result
                         : ended ? rows_text(rows, RESULT)
                                 : N_("not ended");
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s?, s:o}", "number",
                     (json_int_t)line.number, "at", rows_text(rows, LAST_AT), "who", line.who,
                     "os_user", line.os_user, "host", line.host, "command", line.command, "options",
                     line.options, "subject",
                     object_of(ended ? rows_text(rows, SUBJECT) : line.subject), "why", line.why,
                     "result", result, "ended_at", ended ? rows_text(rows, ENDED_AT) : NULL,
                     "counts", object_of(ended ? rows_text(rows, COUNTS) : line.counts));
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    AUTO_ROWS rows = NULL;
    const Hole hole = {"filter", filter_make(context->arena, arguments)};
    TRY(db_query_filled(context->db, QUERY_AUDIT_LINE_DEEDS, NO_PARAMS, &hole, 1, &rows, err));
    *ret_result = json_array();
    for (int64_t left = option_int(arguments, "limit", LIMIT_MAX); left > 0 && rows_next(rows);
         left--)
        json_array_append_new(*ret_result, deed_json(rows, context->arena));
    return OK;
}

static const Option OPTIONS[] = {
    {.name = "who", .kind = OPTION_TEXT, .value = "NAME", .help = N_("only of this account")},
    {.name = "what",
     .kind = OPTION_TEXT,
     .value = "WORDS",
     .help = N_("only commands whose words hold this: 'people show', 'import'")},
    {.name = "since", .kind = OPTION_DATE, .value = "DATE", .help = N_("from this day on")},
    {.name = "until", .kind = OPTION_DATE, .value = "DATE", .help = N_("to this day")},
    {.name = "limit",
     .kind = OPTION_INT,
     .value = "N",
     .help = N_("show at most so many"),
     .min = 1,
     .max = LIMIT_MAX,
     .preset = "50"},
    {0}};

static const Column COLUMNS[] = {{"number", N_("number")},   {"at", N_("at")},
                                 {"who", N_("who")},         {"command", N_("command")},
                                 {"options", N_("options")}, {"subject", N_("on whom or what")},
                                 {"why", N_("why")},         {"result", N_("result")},
                                 {"counts", N_("counts")},   {0}};

const Command AUDIT_LIST = {
    .words = "audit list",
    .summary = N_("list who did what, newest first"),
    .details = N_("Every command that changes the base, sends, exports or shows ID numbers and "
                  "phones in the clear leaves a line before it begins and one when it has ended; "
                  "one that was refused leaves a line too. 'not ended' is running, or was killed."),
    .options = OPTIONS,
    .columns = COLUMNS,
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE,
    .run = run,
};
