#include "base/render.h"
#include "outreach/campaign.h"
#include "outreach/delivery.h"
#include "outreach/outbox.h"
#include "outreach/report_book.h"
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
_Static_assert((int)STAGE_COUNT == (int)REPORT_STAGES, "a stage for each column");

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
        json_object_set_new(object, REPORT_STAGE[stage].key, json_integer(counts[stage]));
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
    json_t *delivery = NULL;
    bool wanted = option_given(arguments, "o") || option_flag(arguments, "chart") ||
                  option_flag(arguments, "delivery");
    if (wanted && context->acting.towns)
        return err_set(err, ERR_REFUSED,
                       _("what became of messages is counted for the whole city, which an officer "
                         "of a town does not see"));
    if (wanted)
        TRY(delivery_count(context->db, context->sealer, report->campaign.id, &delivery, err));
    *ret_result = report_json(report);
    if (delivery)
        json_object_set_new(*ret_result, "delivery", delivery);
    return publish(context, arguments, &PUBLISH_REPORT, ret_result, err);
}

static int64_t count_of(const json_t *object, Stage stage)
{
    return json_integer_value(json_object_get(object, REPORT_STAGE[stage].key));
}

/* The whole funnel: each stage with its bar against those surveyed. */
static void funnel_show(Arena *arena, const json_t *total, bool own_towns)
{
    Tally tally = tally_start(arena, count_of(total, STAGE_SURVEYED));
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        if (json_is_null(json_object_get(total, REPORT_STAGE[stage].key)))
            tally_withheld(&tally, _(REPORT_STAGE[stage].label));
        else
            tally_add(&tally, _(REPORT_STAGE[stage].label), count_of(total, (Stage)stage));
    }
    tally_print(&tally, own_towns ? N_("in the own towns") : N_("in the whole city"), N_("people"));
}

/* What is withheld reads as such, and not as nothing. */
static void figures_withheld(json_t *line)
{
    const char *key;
    json_t *value;
    json_object_foreach(line, key, value)
    {
        if (json_is_null(value))
            json_object_set_new(line, key, json_string("…"));
    }
}

/* A line per town: its stages, and how far those likely eligible were reached. */
static void towns_show(Arena *arena, const json_t *towns)
{
    Column columns[STAGE_COUNT + 3] = {{"town", N_("employer's town")}};
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        columns[stage + 1] = (Column){REPORT_STAGE[stage].key, REPORT_STAGE[stage].label};
    columns[STAGE_COUNT + 1] = (Column){"bar", N_("delivered of likely")};
    json_t *lines = json_array();
    for (size_t at = 0; at < json_array_size(towns); at++) {
        json_t *line = json_copy(json_array_get(towns, at));
        if (!json_is_string(json_object_get(line, "town")))
            json_object_set_new(line, "town", json_string(_("(not stated)")));
        const char *bar = render_bar(arena, count_of(line, STAGE_DELIVERED),
                                     count_of(line, STAGE_LIKELY), TOWN_BAR_COLUMNS);
        json_object_set_new(line, "bar", json_string(bar));
        figures_withheld(line);
        json_array_append_new(lines, line);
    }
    render_table(stdout, columns, lines);
    json_decref(lines);
}

/* What became of the messages, one way of telling them apart after the other. */
static void delivery_show(const json_t *result)
{
    for (int by = 0; by < DELIVERY_COUNT; by++) {
        const json_t *list =
            json_object_get(json_object_get(result, "delivery"), delivery_key((DeliveryBy)by));
        if (!list)
            continue;
        const Column columns[] = {{"what", delivery_label((DeliveryBy)by)},
                                  {"messages", N_("messages")},
                                  {"delivered", N_("delivered")},
                                  {0}};
        json_t *lines = json_deep_copy(list), *line;
        size_t at;
        json_array_foreach(lines, at, line)
        {
            if (json_is_null(json_object_get(line, "what")))
                json_object_set_new(line, "what", json_string(_("(none)")));
            figures_withheld(line);
        }
        printf("\n");
        render_table(stdout, columns, lines);
        json_decref(lines);
    }
}

static void report_show(const Context *context, const json_t *result)
{
    if (publish_chart(context, &PUBLISH_REPORT, result))
        return;
    printf("%s%s%s  %s, %s\n\n", render_style(stdout, STYLE_BOLD),
           json_string_value(json_object_get(result, "campaign")), render_plain(stdout),
           json_string_value(json_object_get(result, "policy")),
           json_string_value(json_object_get(result, "as_of")));
    funnel_show(context->arena, json_object_get(result, "total"), context->acting.towns != NULL);
    printf("\n");
    towns_show(context->arena, json_object_get(result, "towns"));
    delivery_show(result);
    const char *note = publish_note(result);
    if (note)
        printf("\n%s\n", note);
}

const Command OUTREACH_REPORT = {
    .words = "outreach report",
    .summary = N_("show how far a campaign reached, by town"),
    .details =
        N_("surveyed: people of the base. likely: eligible or likely by the campaign's policy "
           "on its day. told: messages that a gateway took. delivered: a receipt says so. "
           "replied: people who answered. willing: whose last answer is that they want to "
           "settle. The towns add up to the total. With --delivery, and in the file of -o, "
           "stands what became of the messages by hour, town, operator and error code. The "
           "operator is the one whom the number's prefix was given to; people may have taken "
           "their number to another."),
    .positionals = (const Positional[]){{"CAMPAIGN", N_("its name or number"), false, false}, {0}},
    .options = (const Option[]){{.name = "delivery",
                                 .kind = OPTION_FLAG,
                                 .help = N_("say too what became of the messages, by hour, town, "
                                            "operator and error code")},
                                PUBLISH_OPTIONS,
                                {0}},
    .role = ROLE_OUTREACH | ROLE_APPROVER | ROLE_OFFICER,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | SENDS,
    .run = report_run,
    .show = report_show,
};
