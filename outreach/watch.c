#include "outreach/watch.h"

#include "base/render.h"
#include "base/text.h"
#include "outreach/campaign.h"
#include "outreach/outbox.h"
#include "outreach/sample.h"
#include "outreach/tally.h"
#include "outreach/window.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

enum { BAR_COLUMNS = 40, SLICE_MS = 50 };

static const char SCREEN_BEGIN[] = "\033[?25l\033[2J", SCREEN_HOME[] = "\033[H",
                  SCREEN_REST[] = "\033[J", SCREEN_END[] = "\033[?25h";

/* What is seen at one look. */
typedef struct Look {
    Arena *arena; /* of this look */
    Moment at;
    Campaign campaign;
    int64_t counts[STATE_COUNT], total, held;
    double per_s;
    double left_s; /* < 0 = nobody can say */
    bool window_open;
    Moment opens_at; /* when it is not open; 0 = not within a year */
} Look;

typedef struct Watch {
    Context *context;
    const char *word;
    Window window;
    WatchPace pace;
    bool screen;
    Look look;
} Watch;

void watch_pace_add(WatchPace *pace, int64_t at_ms, int64_t count)
{
    size_t kept = pace->looks < PACE_LOOKS ? pace->looks : PACE_LOOKS - 1;
    size_t from = pace->looks - kept;
    for (size_t at = 0; at < kept; at++) {
        pace->at_ms[at] = pace->at_ms[from + at];
        pace->count[at] = pace->count[from + at];
    }
    pace->at_ms[kept] = at_ms;
    pace->count[kept] = count;
    pace->looks = kept + 1;
}

double watch_pace_per_s(const WatchPace *pace)
{
    if (pace->looks < 2)
        return 0;
    size_t last = pace->looks - 1;
    int64_t passed_ms = pace->at_ms[last] - pace->at_ms[0];
    int64_t grown = pace->count[last] - pace->count[0];
    return passed_ms > 0 && grown > 0 ? (double)grown * 1000 / (double)passed_ms : 0;
}

static ErrCode look_read(Db *db, void *state, Err *err)
{
    Watch *watch = state;
    Look *look = &watch->look;
    memset(look->counts, 0, sizeof look->counts);
    look->total = 0;
    TRY(campaign_load(db, look->arena, watch->word, &look->campaign, err));
    TRY(db_number(db, QUERY_OUTREACH_SAMPLE_HELD, PARAMS(v_int(look->campaign.id)), &look->held,
                  err));
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_WATCH_COUNTS, PARAMS(v_int(look->campaign.id)), &rows, err));
    while (rows_next(rows)) {
        MessageState message_state;
        if (message_state_find(rows_text(rows, 0), &message_state))
            look->counts[message_state] = rows_int(rows, 1);
        look->total += rows_int(rows, 1);
    }
    return OK;
}

/* Messages that are no longer ours to send. */
static int64_t gone(const Look *look)
{
    return look->total - look->counts[STATE_QUEUED] - look->counts[STATE_CLAIMED];
}

static ErrCode look_take(Watch *watch, Err *err)
{
    Look *look = &watch->look;
    arena_reset(look->arena);
    TRY(db_transact(watch->context->db, look_read, watch, err));
    look->at = moment_now();
    watch_pace_add(&watch->pace, look->at,
                   gone(look) - look->counts[STATE_CANCELLED] - look->counts[STATE_SUPPRESSED]);
    look->per_s = watch_pace_per_s(&watch->pace);
    look->window_open = window_open(&watch->window, look->at);
    look->opens_at = look->window_open ? 0 : window_next(&watch->window, look->at);
    int64_t left = look->counts[STATE_QUEUED] - look->held + look->counts[STATE_CLAIMED];
    bool goes = look->campaign.state == CAMPAIGN_RUNNING && look->window_open && look->per_s > 0;
    look->left_s = left == 0 ? 0 : goes ? (double)left / look->per_s : -1;
    return OK;
}

static void look_json(const Look *look)
{
    char at[20], opens[20];
    json_t *messages = json_object(), *json = json_pack("{ss}", "at", moment_format(look->at, at));
    for (int state = 0; state < STATE_COUNT; state++)
        json_object_set_new(messages, message_state_word((MessageState)state),
                            json_integer(look->counts[state]));
    json_t *campaign = campaign_json(&look->campaign);
    json_object_update(json, campaign);
    json_decref(campaign);
    json_object_set_new(json, "paused_why",
                        look->campaign.paused_why ? json_string(look->campaign.paused_why)
                                                  : json_null());
    json_object_set_new(json, "audience", json_integer(look->total));
    json_object_set_new(json, "messages", messages);
    json_object_set_new(json, "held", json_integer(look->held));
    json_object_set_new(json, "rate_per_s", json_real(look->per_s));
    json_object_set_new(json, "eta_s", look->left_s < 0 ? json_null() : json_real(look->left_s));
    json_t *window = json_pack("{sb}", "open", (int)look->window_open);
    json_object_set_new(window, "opens",
                        look->opens_at ? json_string(moment_format(look->opens_at, opens))
                                       : json_null());
    json_object_set_new(json, "window", window);
    json_dumpf(json, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(json);
}

/* "3 h 05 min", "12 min 04 s", "9 s". */
static const char *duration_text(Arena *arena, double seconds)
{
    int64_t whole = (int64_t)(seconds + 0.999);
    if (whole >= 3600)
        return arena_printf(arena, _("%lld h %02lld min"), (long long)(whole / 3600),
                            (long long)(whole / 60 % 60));
    if (whole >= 60)
        return arena_printf(arena, _("%lld min %02lld s"), (long long)(whole / 60),
                            (long long)(whole % 60));
    return arena_printf(arena, _("%lld s"), (long long)whole);
}

static const char *left_text(const Look *look)
{
    if (look->left_s < 0)
        return _("nobody can say how long");
    return look->left_s > 0
               ? arena_printf(look->arena, _("%s left"), duration_text(look->arena, look->left_s))
               : _("nothing left to send");
}

static void look_line(const Look *look)
{
    char at[20];
    printf("%s  %s  %s/%s  %.0f/s  %s", moment_format(look->at, at),
           campaign_state_label(look->campaign.state), render_number(look->arena, gone(look)),
           render_number(look->arena, look->total), look->per_s, left_text(look));
    for (int state = 0; state < STATE_COUNT; state++) {
        if (look->counts[state] > 0)
            printf("  %s %s", message_state_label((MessageState)state),
                   render_number(look->arena, look->counts[state]));
    }
    if (look->campaign.paused_why)
        printf("  %s", look->campaign.paused_why);
    putchar('\n');
}

static const char *window_text(const Look *look)
{
    char opens[20];
    if (look->window_open)
        return _("the sending window is open");
    if (!look->opens_at)
        return _("the sending window does not open within a year");
    return arena_printf(look->arena, _("the sending window opens at %s"),
                        moment_format(look->opens_at, opens));
}

static void look_screen(const Look *look)
{
    const Campaign *campaign = &look->campaign;
    const char *bold = render_style(stdout, STYLE_BOLD), *warn = render_style(stdout, STYLE_WARN),
               *plain = render_plain(stdout);
    char at[20];
    fputs(SCREEN_HOME, stdout);
    printf("%s%s%s  %s  %s\033[K\n", bold, campaign->name, plain,
           campaign_state_label(campaign->state), moment_format(look->at, at));
    if (campaign->paused_why)
        printf("%s%s%s\033[K\n", warn, campaign->paused_why, plain);
    printf("%s %s/%s  %.0f/s  %s\033[K\n",
           render_bar(look->arena, gone(look), look->total, BAR_COLUMNS),
           render_number(look->arena, gone(look)), render_number(look->arena, look->total),
           look->per_s, left_text(look));
    printf("%s\033[K\n", window_text(look));
    if (look->held > 0)
        printf(_("%s messages are held until the sample has been looked at"),
               render_number(look->arena, look->held));
    fputs("\033[J\n", stdout);
    Tally tally = tally_start(look->arena, look->total);
    for (int state = 0; state < STATE_COUNT; state++) {
        if (look->counts[state] > 0)
            tally_add(&tally, message_state_label((MessageState)state), look->counts[state]);
    }
    tally_print(&tally, N_("state"), N_("messages"));
    if (look->counts[STATE_UNCERTAIN] > 0)
        printf("%s%s%s\n", warn,
               _("uncertain: a receipt or 'talent outreach settle' says what became of them"),
               plain);
    printf("\n%s\n", _("Ctrl-C ends the view; the campaign goes on"));
    fputs(SCREEN_REST, stdout);
}

static void look_show(const Watch *watch)
{
    if (watch->context->json)
        look_json(&watch->look);
    else if (watch->screen)
        look_screen(&watch->look);
    else
        look_line(&watch->look);
    fflush(stdout);
}

static void wait_until(Moment due)
{
    while (!command_interrupted && moment_now() < due) {
        int64_t left_ms = due - moment_now();
        if (left_ms > SLICE_MS || left_ms < 0)
            left_ms = SLICE_MS;
        nanosleep(&(struct timespec){.tv_nsec = left_ms * 1000000}, NULL);
    }
}

static ErrCode look_on(Watch *watch, int every_s, Err *err)
{
    while (!command_interrupted && !ferror(stdout)) {
        TRY(look_take(watch, err));
        look_show(watch);
        CampaignState state = watch->look.campaign.state;
        if (state == CAMPAIGN_DONE || state == CAMPAIGN_CANCELLED)
            break;
        wait_until(watch->look.at + (Moment)every_s * 1000);
    }
    return OK;
}

ErrCode campaign_watch(Context *context, const char *word, int every_s, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Watch watch = {.context = context,
                   .word = word,
                   .screen = !context->json && isatty(STDOUT_FILENO),
                   .look.arena = arena};
    TRY(window_load(&context->config, context->arena, &watch.window, err));
    if (watch.screen)
        fputs(SCREEN_BEGIN, stdout);
    ErrCode code = look_on(&watch, every_s, err);
    if (watch.screen)
        fputs(SCREEN_END, stdout);
    fflush(stdout);
    return code;
}
