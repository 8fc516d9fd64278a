/* tests/outreach/test_histories.c: the lives of tests/outreach/life.h in the real base, by the
 * program's own functions: after every event each message and campaign is what the reference says,
 * and in the end every delivery log is a path of allowed moves. The seed is printed, TALENT_TEST_SEED
 * repeats it, TALENT_TEST_ROUNDS (or ./run soak) makes more of them. */
#include "outreach/fill.h"
#include "outreach/life_draw.h"
#include "outreach/outbox_fill.h"

#include "outreach/attempt.h"
#include "outreach/claim.h"
#include "outreach/optout.h"
#include "outreach/receipt.h"
#include "outreach/verbs.h"
#include "sql/connection.h"
#include "support/rounds.h"

enum { ROUNDS = 25, EVENTS = 500 }; /* of LIFE_CAMPAIGNS × LIFE_MESSAGES lives each */

/* A life, and what holds it in the base. */
typedef struct Past {
    TestHome *home;
    Life life;
    GatewaySet gateways;
    ClaimBatch *batches[LIFE_LEASES];
    uint64_t seed;
} Past;

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return -1;
    outbox_gateway(*state, 1);
    return 0;
}

static ClaimTerms terms_of(int worker)
{
    ClaimTerms terms = {
        .gateway = "g", .timeout_ms = 1000, .limit = 500, .stride = 1, .first = (size_t)worker};
    memset(terms.worker, 'a' + worker, sizeof terms.worker);
    return terms;
}

static Claim *claim_of(const Past *past, int number, const LifeAttempt *attempt)
{
    ClaimBatch *batch = past->batches[attempt->lease];
    for (size_t at = 0; batch && at < batch->count; at++)
        if (batch->claims[at].message == number)
            return &batch->claims[at];
    fail_msg("seed %llu: the base gave no claim of message %d", (unsigned long long)past->seed,
             number);
    return NULL;
}

static void play_claim(Past *past, const LifeEvent *event)
{
    Err err = {0};
    Context *context = &past->home->context;
    ClaimTerms terms = terms_of(event->worker);
    ClaimBatch *batch;
    int64_t suppressed = 0;
    assert_ok(claim_take(context->db, context->sealer, &terms, &batch, &suppressed, &err), &err);
    if (batch)
        past->batches[past->life.lease_count] = batch;
}

static void play_mark(Past *past, int number, const LifeAttempt *attempt)
{
    Err err = {0};
    ClaimTerms terms = terms_of(attempt->worker);
    LifeLease *lease = &past->life.leases[attempt->lease];
    Begin begin = {.batch = past->batches[attempt->lease], .begun_id = number};
    if (lease->begun >= number)
        return;
    assert_ok(claim_begin_write(past->home->context.db, &terms, &begin, &err), &err);
    assert_int_equal(begin.lasts, !lease->over);
}

static void play_ask(Past *past, const LifeEvent *event, const Claim *claim,
                     const LifeAttempt *attempt)
{
    Err err = {0};
    ClaimTerms terms = terms_of(attempt->worker);
    ClaimBatch *batch = past->batches[attempt->lease];
    bool allowed[LIFE_CAMPAIGNS * LIFE_MESSAGES];
    batch->given = 0;
    assert_ok(claim_check(past->home->context.db, &terms, batch, allowed, &err), &err);
    assert_int_equal(allowed[claim - batch->claims],
                     life_may_go(&past->life, event->campaign, event->message, event->attempt));
}

static void play_record(Past *past, const LifeEvent *event, const Claim *claim,
                        const LifeAttempt *attempt)
{
    Err err = {0};
    AttemptCounts counts = {0};
    Attempt made = {.message = claim->message,
                    .campaign = claim->campaign,
                    .fence = claim->fence,
                    .attempts = claim->attempts,
                    .outcome = {.kind = attempt->answer, .note = "played"}};
    if (attempt->answer == OUTCOME_ACCEPTED)
        snprintf(made.outcome.gateway_id, sizeof made.outcome.gateway_id, "G%s", claim->reference);
    assert_ok(attempts_record(past->home->context.db, &made, 1, event->kind == LIFE_RECORD_LATE,
                              &counts, &err),
              &err);
}

static void play_receipt(Past *past, const char *reference, ReceiptStatus status)
{
    static const char *const WORDS[RECEIPT_STATUSES] = {
        [RECEIPT_DELIVERED] = "DELIVRD",
        [RECEIPT_UNDELIVERED] = "UNDELIV",
        [RECEIPT_SENT] = "ACCEPTD",
        [RECEIPT_IGNORED] = "BUFFERED", /* a word that nobody knows */
    };
    Err err = {0};
    ReceiptCounts counts = {0};
    Context *context = &past->home->context;
    const char *body =
        arena_printf(context->arena, "{\"reference\":\"%s\",\"id\":\"G%s\",\"status\":\"%s\"}",
                     reference, reference, WORDS[status]);
    test_sql(past->home,
             arena_printf(context->arena,
                          "INSERT INTO receipt (received_at, gateway, kind, body) VALUES "
                          "(UTC_TIMESTAMP(3), 'g', 'receipt', UNHEX('%s'))",
                          outbox_seal(past->home, body)));
    assert_ok(receipts_match(context->db, context->sealer, &past->gateways, &counts, &err), &err);
    assert_int_equal(counts.receipts, 1);
}

typedef struct Refusing {
    const Sealer *sealer;
    const char *phone;
} Refusing;

static ErrCode opt_out(Db *db, void *state, Err *err)
{
    const Refusing *refusing = state;
    bool added;
    int64_t withheld;
    const OptOut optout = {
        .phone = refusing->phone, .source = "staff", .why = "asked", .user = "tester"};
    return optout_add(db, refusing->sealer, &optout, &added, &withheld, err);
}

static void play_campaign(Past *past, const LifeEvent *event)
{
    Err err = {0};
    Context *context = &past->home->context;
    Campaign campaign;
    int64_t cancelled = 0;
    const char *word = arena_printf(context->arena, "%d", event->campaign + 1);
    if (event->kind == LIFE_PAUSE)
        assert_ok(campaign_pause(context->db, context->arena, word, "played", &campaign, &err),
                  &err);
    else if (event->kind == LIFE_CANCEL)
        assert_ok(campaign_cancel(context->db, context->arena, word, &campaign, &cancelled, &err),
                  &err);
    else /* no approval is bound to these messages */
        test_sql(past->home,
                 arena_printf(context->arena, "UPDATE campaign SET state = 'running' WHERE id = %s",
                              word));
}

static void play_settle(Past *past, const LifeEvent *event)
{
    const char *word = arena_printf(past->home->context.arena, "%d", event->campaign + 1);
    json_decref(fill_run(past->home, &OUTREACH_SETTLE,
                         json_pack("{s[s], ss, ss}", "arguments", word, "as",
                                   event->kind == LIFE_SETTLE_SENT ? "sent" : "not-sent", "why",
                                   "played")));
}

static void play_expire(Past *past, int number)
{
    Err err = {0};
    int64_t expired = 0;
    test_sql(past->home,
             arena_printf(past->home->context.arena,
                          "UPDATE message SET sent_at = sent_at - INTERVAL 80 HOUR WHERE id = %d",
                          number));
    assert_ok(claim_expire(past->home->context.db, "g", 72, &expired, &err), &err);
    assert_int_equal(expired, 1);
}

static void play_lapse(Past *past, const LifeAttempt *attempt)
{
    int64_t lease = past->batches[attempt->lease]->lease;
    test_sql(past->home,
             arena_printf(past->home->context.arena,
                          "UPDATE lease SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND "
                          "WHERE id = %lld;\n"
                          "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND "
                          "WHERE lease_id = %lld",
                          (long long)lease, (long long)lease));
}

/* Makes an event happen in the base. */
static void play(Past *past, const LifeEvent *event)
{
    Err err = {0};
    int64_t swept = 0;
    Context *context = &past->home->context;
    const LifeMessage *message = &past->life.campaigns[event->campaign].messages[event->message];
    const LifeAttempt *attempt = event->attempt < 0 ? NULL : &message->attempts[event->attempt];
    int number = life_number(&past->life, event->campaign, event->message);
    const Claim *claim = attempt ? claim_of(past, number, attempt) : NULL;
    switch (event->kind) {
    case LIFE_CLAIM:
        play_claim(past, event);
        break;
    case LIFE_MARK:
        play_mark(past, number, attempt);
        break;
    case LIFE_ASK:
        play_ask(past, event, claim, attempt);
        break;
    case LIFE_RECORD:
    case LIFE_RECORD_LATE:
        play_record(past, event, claim, attempt);
        break;
    case LIFE_LAPSE:
        play_lapse(past, attempt);
        break;
    case LIFE_SWEEP:
        assert_ok(claim_sweep(context->db, &swept, &err), &err);
        break;
    case LIFE_RECEIPT:
        play_receipt(past, claim->reference, event->status);
        break;
    case LIFE_STRANGER:
        play_receipt(past, "00000000000000000000000000000000", RECEIPT_DELIVERED);
        break;
    case LIFE_OPT_OUT:
        assert_ok(db_transact(context->db, opt_out,
                              &(Refusing){context->sealer, outbox_phone(past->home, number)}, &err),
                  &err);
        break;
    case LIFE_PAUSE:
    case LIFE_RESUME:
    case LIFE_CANCEL:
        play_campaign(past, event);
        break;
    case LIFE_SETTLE_SENT:
    case LIFE_SETTLE_NOT_SENT:
        play_settle(past, event);
        break;
    case LIFE_EXPIRE:
        play_expire(past, number);
        break;
    case LIFE_BEGIN: /* the base hears of these when they are recorded */
    case LIFE_ANSWER:
    case LIFE_EVENT_KINDS:
        break;
    }
}

static const char *const EVENTS_SAID[LIFE_EVENT_KINDS] = {
    "claim",       "mark",   "ask",    "begin",       "answer",          "record",
    "late record", "lapse",  "sweep",  "receipt",     "stranger",        "opt out",
    "pause",       "resume", "cancel", "settle sent", "settle not sent", "expire"};

/* The base is what the reference says. */
static void assert_same(Past *past, const LifeEvent *event)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    const Life *life = &past->life;
    assert_ok(db_text(past->home->context.db,
                      "SELECT m.id, m.state, m.fence, c.state FROM message m JOIN campaign c ON "
                      "c.id = m.campaign_id ORDER BY m.id",
                      &rows, &err),
              &err);
    for (int number = 1; rows_next(rows); number++) {
        const LifeCampaign *campaign = &life->campaigns[(number - 1) / life->message_count];
        const LifeMessage *message = &campaign->messages[(number - 1) % life->message_count];
        const char *wrong = life_wrong(campaign, message);
        if (wrong)
            fail_msg("seed %llu: message %d after '%s' is %s: %s", (unsigned long long)past->seed,
                     number, EVENTS_SAID[event->kind], message_state_word(message->state), wrong);
        if (strcmp(rows_text(rows, 1), message_state_word(message->state)) != 0 ||
            rows_int(rows, 2) != message->fence)
            fail_msg("seed %llu: message %d after '%s' is %s under fence %lld, and should be %s "
                     "under %d",
                     (unsigned long long)past->seed, number, EVENTS_SAID[event->kind],
                     rows_text(rows, 1), (long long)rows_int(rows, 2),
                     message_state_word(message->state), message->fence);
        assert_string_equal(rows_text(rows, 3), campaign_state_word(campaign->state));
    }
}

/* From queued on, move by move, as the table allows, to where the message is; one line a move. */
static void assert_logs(Past *past)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    const Life *life = &past->life;
    MessageState states[LIFE_CAMPAIGNS * LIFE_MESSAGES] = {STATE_QUEUED};
    int moves[LIFE_CAMPAIGNS * LIFE_MESSAGES] = {0};
    assert_ok(db_text(past->home->context.db,
                      "SELECT message_id, from_state, to_state, cause FROM delivery_event ORDER BY "
                      "id",
                      &rows, &err),
              &err);
    while (rows_next(rows)) {
        MessageState from, to, *now = &states[rows_int(rows, 0) - 1];
        assert_true(message_state_find(rows_text(rows, 1), &from));
        assert_true(message_state_find(rows_text(rows, 2), &to));
        assert_int_equal(from, *now);
        assert_true(message_move_allowed(from, to, rows_text(rows, 3)));
        *now = to;
        moves[rows_int(rows, 0) - 1]++;
    }
    for (int at = 0; at < life->campaign_count * life->message_count; at++) {
        const LifeMessage *message =
            &life->campaigns[at / life->message_count].messages[at % life->message_count];
        assert_int_equal(states[at], message->state);
        assert_int_equal(moves[at], message->moves);
    }
}

static void past_begin(Past *past, TestHome *home, uint64_t seed)
{
    Err err = {0};
    memset(past, 0, sizeof *past);
    past->home = home;
    past->seed = seed;
    life_begin(&past->life, seed, LIFE_CAMPAIGNS, LIFE_MESSAGES);
    outbox_people(home, LIFE_CAMPAIGNS * LIFE_MESSAGES);
    for (int at = 0; at < LIFE_CAMPAIGNS; at++)
        outbox_campaign(home, at + 1, at * LIFE_MESSAGES + 1, (at + 1) * LIFE_MESSAGES);
    assert_ok(gateways_load(&home->context.config, home->context.arena, &past->gateways, &err),
              &err);
}

static void past_end(Past *past)
{
    for (int at = 0; at < past->life.lease_count; at++)
        claim_free(past->batches[at]);
    gateways_done(&past->gateways);
}

static void lives_in_the_base_are_what_the_reference_says(void **state)
{
    TestHome *home = *state;
    uint64_t seed = test_seed();
    unsigned rounds = test_rounds(ROUNDS);
    int64_t events = 0;
    for (unsigned round = 0; round < rounds; round++) {
        Past past;
        LifeEvent event = {0};
        Arena *kept = home->context.arena;
        home->context.arena = arena_new(0);
        past_begin(&past, home, seed + round);
        for (int at = 0; at < EVENTS; at++) {
            if (!life_draw(&past.life, &event))
                continue;
            play(&past, &event);
            life_apply(&past.life, &event);
            assert_same(&past, &event);
            events++;
        }
        assert_logs(&past);
        past_end(&past);
        arena_free(home->context.arena);
        home->context.arena = kept;
    }
    print_message("%u lives, %lld events\n", rounds * LIFE_CAMPAIGNS * LIFE_MESSAGES,
                  (long long)events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lives_in_the_base_are_what_the_reference_says),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
