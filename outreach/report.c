#include "base/render.h"
#include "outreach/campaign.h"
#include "outreach/outbox.h"
#include "outreach/tally.h"
#include "outreach/verbs.h"
#include "people/scope.h"
#include "policy/policy.h"

#include <assert.h>

enum { TOWNS_AT_MOST = 512, TOWN_BAR_COLUMNS = 16 };

/* The stages that a director follows, in order. */
typedef enum Stage {
    STAGE_SURVEYED,
    STAGE_LIKELY,
    STAGE_TOLD,
    STAGE_DELIVERED,
    STAGE_REPLIED,
    STAGE_WILLING,
    STAGE_COUNT
} Stage;

static const struct {
    const char *key, *label;
} STAGES[STAGE_COUNT] = {
    [STAGE_SURVEYED] = {"surveyed", N_("surveyed")},
    [STAGE_LIKELY] = {"likely", N_("likely eligible")},
    [STAGE_TOLD] = {"told", N_("told")},
    [STAGE_DELIVERED] = {"delivered", N_("delivered")},
    [STAGE_REPLIED] = {"replied", N_("replied")},
    [STAGE_WILLING] = {"willing", N_("willing")},
};

typedef struct Town {
    bool known;
    int64_t code;
    int64_t counts[STAGE_COUNT];
} Town;

typedef struct Report {
    Context *context;
    Campaign campaign;
    const Policy *policy;
    const Where *where; /* an officer's own towns; NULL = everyone */
    Town towns[TOWNS_AT_MOST];
    size_t town_count;
    int64_t total[STAGE_COUNT];
} Report;

/* The place of the current row's town among the towns, made when it is new. */
static ErrCode town_find(Report *report, const Rows *rows, size_t *ret_at, Err *err)
{
    bool known = !rows_null(rows, 0);
    int64_t code = rows_int(rows, 0);
    size_t at = 0;
    while (at < report->town_count &&
           (report->towns[at].known != known || report->towns[at].code != code))
        at++;
    if (at == TOWNS_AT_MOST)
        return err_set(err, ERR_LIMIT, _("the base names more than %d towns"), TOWNS_AT_MOST);
    if (at == report->town_count)
        report->towns[report->town_count++] = (Town){.known = known, .code = code};
    *ret_at = at;
    return OK;
}

/* Adds rows of (employer_town, first, second) to two stages. */
static ErrCode stages_add(Report *report, Rows *rows, Stage first, Stage second, Err *err)
{
    while (rows_next(rows)) {
        size_t at = 0;
        TRY(town_find(report, rows, &at, err));
        report->towns[at].counts[first] += rows_int(rows, 1);
        report->towns[at].counts[second] += rows_int(rows, 2);
        report->total[first] += rows_int(rows, 1);
        report->total[second] += rows_int(rows, 2);
    }
    return OK;
}

static ErrCode people_add(Db *db, Report *report, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const SqlExpr *verdict =
        policy_verdict_expr(arena, report->policy, report->campaign.as_of, "p");
    const SqlExpr *wanted[] = {expr_value(arena, v_int(VERDICT_ELIGIBLE)),
                               expr_value(arena, v_int(VERDICT_LIKELY))};
    const Hole holes[] = {{"likely", expr_in(arena, verdict, wanted, 2)},
                          {"where", where_expr(arena, report->where, "p")}};
    AUTO_ROWS rows = NULL;
    TRY(db_query_filled(db, QUERY_OUTREACH_REPORT_PEOPLE, NO_PARAMS, holes, 2, &rows, err));
    return stages_add(report, rows, STAGE_SURVEYED, STAGE_LIKELY, err);
}

static ErrCode campaign_add(Db *db, Report *report, QueryId query, Stage first, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const Hole hole = {"where", where_expr(arena, report->where, "p")};
    AUTO_ROWS rows = NULL;
    TRY(db_query_filled(db, query, PARAMS(v_int(report->campaign.id)), &hole, 1, &rows, err));
    return stages_add(report, rows, first, (Stage)(first + 1), err);
}

/* The towns add up to what is counted without them. */
static ErrCode report_ties_out(Db *db, const Report *report, Err *err)
{
    int64_t surveyed = 0, messages = 0, counts[STATE_COUNT];
    TRY(db_number(db, QUERY_OUTREACH_REPORT_SURVEYED, NO_PARAMS, &surveyed, err));
    TRY(outbox_counts(db, report->campaign.id, counts, &messages, err));
    assert(report->total[STAGE_SURVEYED] == surveyed);
    assert(report->total[STAGE_DELIVERED] == counts[STATE_DELIVERED]);
    assert(report->total[STAGE_TOLD] == counts[STATE_SENT] + counts[STATE_DELIVERED] +
                                            counts[STATE_UNDELIVERED] + counts[STATE_EXPIRED]);
    assert(report->total[STAGE_REPLIED] <= messages);
    return OK;
}

static ErrCode report_body(Db *db, void *state, Err *err)
{
    Report *report = state;
    report->town_count = 0;
    memset(report->total, 0, sizeof report->total);
    TRY(people_add(db, report, err));
    TRY(campaign_add(db, report, QUERY_OUTREACH_REPORT_MESSAGES, STAGE_TOLD, err));
    TRY(campaign_add(db, report, QUERY_OUTREACH_REPORT_REPLIES, STAGE_REPLIED, err));
    return report->where ? OK : report_ties_out(db, report, err);
}

static int town_compare(const void *left, const void *right)
{
    const Town *a = left, *b = right;
    if (a->known != b->known)
        return a->known ? -1 : 1;
    for (int stage = STAGE_LIKELY; stage >= STAGE_SURVEYED; stage--) {
        if (a->counts[stage] != b->counts[stage])
            return a->counts[stage] > b->counts[stage] ? -1 : 1;
    }
    return a->code < b->code ? -1 : a->code > b->code;
}

static void stages_json(json_t *object, const int64_t counts[STAGE_COUNT])
{
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        json_object_set_new(object, STAGES[stage].key, json_integer(counts[stage]));
}

static json_t *report_json(Report *report)
{
    Context *context = report->context;
    json_t *towns = json_array(), *total = json_object();
    qsort(report->towns, report->town_count, sizeof *report->towns, town_compare);
    for (size_t at = 0; at < report->town_count; at++) {
        const Town *town = &report->towns[at];
        FactValue value = {.known = town->known, .number = town->code};
        const char *name = fact_show(context->arena, FACT_EMPLOYER_TOWN, value, context->lang);
        json_t *object = json_object();
        json_object_set_new(object, "town", name ? json_string(name) : json_null());
        json_object_set_new(object, "code", town->known ? json_integer(town->code) : json_null());
        stages_json(object, town->counts);
        json_array_append_new(towns, object);
    }
    stages_json(total, report->total);
    json_t *result = campaign_json(&report->campaign);
    json_object_set_new(result, "policy", json_string(report->campaign.policy));
    char as_of[11];
    json_object_set_new(result, "as_of", json_string(date_format(report->campaign.as_of, as_of)));
    json_object_set_new(result, "total", total);
    json_object_set_new(result, "towns", towns);
    return result;
}

static ErrCode report_run(Context *context, const Arguments *arguments, json_t **ret_result,
                          Err *err)
{
    Report *report = arena_alloc(context->arena, sizeof *report);
    report->context = context;
    TRY(campaign_load(context->db, context->arena, argument_at(arguments, 0), &report->campaign,
                      err));
    TRY(policy_load(context->arena, report->campaign.policy, &report->policy, err));
    TRY(scope_where(context, NULL, NULL, &report->where, err));
    TRY(db_transact(context->db, report_body, report, err));
    *ret_result = report_json(report);
    return OK;
}

static int64_t count_of(const json_t *object, Stage stage)
{
    return json_integer_value(json_object_get(object, STAGES[stage].key));
}

/* The whole funnel: each stage with its bar against those surveyed. */
static void funnel_show(Arena *arena, const json_t *total, bool own_towns)
{
    Tally tally = tally_start(arena, count_of(total, STAGE_SURVEYED));
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        tally_add(&tally, _(STAGES[stage].label), count_of(total, (Stage)stage));
    tally_print(&tally, own_towns ? N_("in the own towns") : N_("in the whole city"), N_("people"));
}

/* A line per town: its stages, and how far those likely eligible were reached. */
static void towns_show(Arena *arena, const json_t *towns)
{
    Column columns[STAGE_COUNT + 3] = {{"town", N_("employer's town")}};
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        columns[stage + 1] = (Column){STAGES[stage].key, STAGES[stage].label};
    columns[STAGE_COUNT + 1] = (Column){"bar", N_("delivered of likely")};
    json_t *lines = json_array();
    for (size_t at = 0; at < json_array_size(towns); at++) {
        json_t *line = json_copy(json_array_get(towns, at));
        if (!json_is_string(json_object_get(line, "town")))
            json_object_set_new(line, "town", json_string(_("(not stated)")));
        const char *bar = render_bar(arena, count_of(line, STAGE_DELIVERED),
                                     count_of(line, STAGE_LIKELY), TOWN_BAR_COLUMNS);
        json_object_set_new(line, "bar", json_string(bar));
        json_array_append_new(lines, line);
    }
    render_table(stdout, columns, lines);
    json_decref(lines);
}

static void report_show(const Context *context, const json_t *result)
{
    printf("%s%s%s  %s, %s\n\n", render_style(stdout, STYLE_BOLD),
           json_string_value(json_object_get(result, "campaign")), render_plain(stdout),
           json_string_value(json_object_get(result, "policy")),
           json_string_value(json_object_get(result, "as_of")));
    funnel_show(context->arena, json_object_get(result, "total"), context->acting.towns != NULL);
    printf("\n");
    towns_show(context->arena, json_object_get(result, "towns"));
}

const Command OUTREACH_REPORT = {
    .words = "outreach report",
    .summary = N_("show how far a campaign reached, by town"),
    .details =
        N_("surveyed: people of the base. likely: eligible or likely by the campaign's policy "
           "on its day. told: messages that a gateway took. delivered: a receipt says so. "
           "replied: people who answered. willing: whose last answer is that they want to "
           "settle. The towns add up to the total."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .role = ROLE_OUTREACH | ROLE_APPROVER | ROLE_OFFICER,
    .needs = NEEDS_DATABASE | SENDS,
    .run = report_run,
    .show = report_show,
};
