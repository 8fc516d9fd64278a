/* tests/outreach/test_states.c: whatever happens to messages, in whatever order, no state is ever
 * reached that is not true. A million lives of three messages in memory, held against the table of
 * moves and the functions that choose them. The seed is printed, TALENT_TEST_SEED repeats it. */
#include "outreach/life_draw.h"

#include "outreach/outcome.h"
#include "outreach/receipt.h"
#include "support/rounds.h"

/* A million lives; instructions that watch memory make each of them many times slower. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { LIVES = 100000 };
#else
enum { LIVES = 1000000 };
#endif
#else
enum { LIVES = 1000000 };
#endif
enum { EVENTS = 60 };

static uint64_t seed_of_this; /* to be told when a life goes wrong */

/* Every move of a life is one that the program's table has, and leads out of a state that is not
 * final. */
static void move_is_allowed(Life *life, const LifeMessage *message, MessageState to,
                            const char *cause)
{
    (void)life;
    if (!message_move_allowed(message->state, to, cause) || message_state_final(message->state))
        fail_msg("life %llu: %s to %s because of %s", (unsigned long long)seed_of_this,
                 message_state_word(message->state), message_state_word(to), cause);
}

/* What the program's own functions would do with an answer or a receipt. */
static MessageState program_says(const LifeMessage *message, const LifeEvent *event)
{
    MessageState to = message->state;
    bool current = event->attempt == message->fence - 1;
    if (event->kind == LIFE_RECEIPT && current)
        (void)receipt_move(message->state, event->status, &to);
    if ((event->kind == LIFE_RECORD || event->kind == LIFE_RECORD_LATE) && current &&
        message->state == STATE_CLAIMED)
        to = outcome_state(message->attempts[event->attempt].answer);
    return to;
}

static void life_hold(const Life *life)
{
    int64_t by_state[STATE_COUNT] = {0}, total = 0;
    for (int at = 0; at < life->campaign_count; at++) {
        for (int n = 0; n < life->message_count; n++) {
            const LifeMessage *message = &life->campaigns[at].messages[n];
            const char *wrong = life_wrong(&life->campaigns[at], message);
            if (wrong)
                fail_msg("life %llu: message %d is %s: %s", (unsigned long long)seed_of_this, n,
                         message_state_word(message->state), wrong);
            by_state[message->state]++;
        }
    }
    for (MessageState state = 0; state < STATE_COUNT; state++)
        total += by_state[state];
    assert_int_equal(total, life->campaign_count * life->message_count);
}

static void step(Life *life, const LifeEvent *event)
{
    LifeMessage *message = &life->campaigns[event->campaign].messages[event->message];
    bool compared = event->kind == LIFE_RECEIPT || event->kind == LIFE_RECORD ||
                    event->kind == LIFE_RECORD_LATE;
    MessageState expected = program_says(message, event), before = message->state;
    life_apply(life, event);
    bool late = event->kind == LIFE_RECORD_LATE && before == STATE_UNCERTAIN;
    bool cancelled = expected == STATE_QUEUED && message->state == STATE_CANCELLED;
    if (compared && !late && !cancelled && message->state != expected)
        fail_msg("life %llu: %s became %s, the program would make it %s",
                 (unsigned long long)seed_of_this, message_state_word(before),
                 message_state_word(message->state), message_state_word(expected));
    life_hold(life);
}

/* Nothing is forgotten: once every answer is recorded and every lease over, what is not final waits
 * for its turn, for a receipt, or for a person. */
static void wind_up(Life *life)
{
    LifeCampaign *campaign = &life->campaigns[0];
    for (int n = 0; n < life->message_count; n++) {
        LifeMessage *message = &campaign->messages[n];
        LifeEvent event = {.message = n, .attempt = message->fence - 1, .kind = LIFE_RECORD};
        if (message->state == STATE_CLAIMED && message->attempts[event.attempt].answered) {
            step(life, &event);
        } else if (message->state == STATE_CLAIMED) {
            event.kind = LIFE_LAPSE;
            if (!life->leases[message->attempts[event.attempt].lease].over)
                step(life, &event);
            event.kind = LIFE_SWEEP;
            step(life, &event);
        }
        assert_true(message->state != STATE_CLAIMED);
        assert_true(message_state_final(message->state) || message->state == STATE_SENT ||
                    message->state == STATE_UNCERTAIN ||
                    (message->state == STATE_QUEUED && campaign->state != CAMPAIGN_CANCELLED));
    }
}

static void a_million_lives_reach_no_state_that_is_not_true(void **state)
{
    (void)state;
    uint64_t seed = test_seed();
    unsigned lives = test_rounds(LIVES), twice = 0;
    int64_t ended[STATE_COUNT] = {0}, events = 0;
    for (unsigned n = 0; n < lives; n++) {
        Life life;
        LifeEvent event;
        seed_of_this = seed + n; /* TALENT_TEST_SEED may be the seed of one life */
        life_begin(&life, seed_of_this, 1, 3);
        life.moves = move_is_allowed;
        for (int at = 0; at < EVENTS; at++) {
            if (!life_draw(&life, &event))
                continue;
            step(&life, &event);
            events++;
        }
        wind_up(&life);
        for (int at = 0; at < life.message_count; at++) {
            ended[life.campaigns[0].messages[at].state]++;
            twice += life.campaigns[0].messages[at].copies > 1;
        }
    }
    print_message("%u lives, %lld events; twice on the phone by somebody's word: %u;", lives,
                  (long long)events, twice);
    for (MessageState at = 0; at < STATE_COUNT; at++) {
        print_message(" %s %lld", message_state_word(at), (long long)ended[at]);
        assert_true(at == STATE_CLAIMED || ended[at] > 0); /* all of it happened */
    }
    print_message("\n");
    assert_true(twice > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_lives_reach_no_state_that_is_not_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
