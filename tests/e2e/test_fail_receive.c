/* tests/e2e/test_fail_receive.c: every call of the receiver, and of a person who settles what is
 * uncertain, fails in turn (tests/support/failing.h). A receipt that was answered with 200 is never
 * lost and moves its message once; one that was not is pushed again, as gateways do. What a person
 * says is taken whole or not at all. An ordinary run takes a sample, `./run soak` all of it. */
#include "outreach/outbox_fill.h"
#include "support/failing.h"
#include "support/rounds.h"
#include "support/scripted.h"

#include <signal.h>

enum { MESSAGES = 10, PUSHES_MAX = 2000 };

static unsigned seed, listen_port;

static int setup(void **state)
{
    unsetenv("TALENT_TEST_DATABASE");
    if (test_home_setup(state) != 0)
        return -1;
    TestHome *home = *state;
    listen_port = free_port();
    test_config(home,
                arena_printf(home->context.arena,
                             "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"simulator\", "
                             "\"url\": \"http://127.0.0.1:1/send\"}}, "
                             "\"receive\": {\"listen\": \"127.0.0.1:%u\"}",
                             listen_port));
    seed = test_seed();
    return 0;
}

static int teardown(void **state)
{
    failing_done(*state);
    return test_home_teardown(state);
}

/* Messages that went out under known references, in a state with its log. */
static void prepare(TestHome *home, const char *in_state)
{
    outbox_people(home, MESSAGES);
    outbox_campaign(home, 1, 1, MESSAGES);
    test_sql(home, arena_printf(
                       home->context.arena,
                       "UPDATE message SET state = '%s', gateway = 'g', fence = 1, attempts = 1, "
                       "sent_at = UTC_TIMESTAMP(3), reference = UNHEX(LPAD(id, 32, '0'));\n"
                       "INSERT INTO delivery_event (message_id, at, from_state, to_state, "
                       "attempt, cause) SELECT id, UTC_TIMESTAMP(3), 'queued', 'claimed', 1, "
                       "'claim' FROM message;\n"
                       "INSERT INTO delivery_event (message_id, at, from_state, to_state, "
                       "attempt, cause) SELECT id, UTC_TIMESTAMP(3), 'claimed', '%s', 1, "
                       "'answer' FROM message",
                       in_state, in_state));
}

/* The log of each message: so many moves, the last of them into that state, each from where the one
 * before ended. */
static void assert_logs(TestHome *home, const char *what, const char *in_state, int moves)
{
    int64_t sound = test_number(
        home, arena_printf(home->context.arena,
                           "SELECT COUNT(*) FROM message m WHERE state = '%s' AND (SELECT COUNT(*) "
                           "FROM delivery_event e WHERE e.message_id = m.id) = %d AND (SELECT "
                           "to_state FROM delivery_event e WHERE e.message_id = m.id ORDER BY id "
                           "DESC LIMIT 1) = '%s'",
                           in_state, moves, in_state));
    if (sound != MESSAGES)
        fail_msg("%s: of %d messages %lld are '%s' by %d moves", what, MESSAGES, (long long)sound,
                 in_state, moves);
}

static const char *token_of(TestHome *home)
{
    char text[80] = "";
    FILE *file = fopen(home->context.config.token_file, "re");
    if (!file)
        return NULL; /* the receiver has not made it yet */
    if (fscanf(file, "%79s", text) != 1)
        text[0] = '\0';
    fclose(file);
    return arena_strdup(home->context.arena, text);
}

/* A receiver that listens, or does not, and the one that takes its place. */
typedef struct Receiving {
    pid_t pid;
    Run first; /* of the one that fails */
    bool replaced;
} Receiving;

static void receiver_ensure(TestHome *home, Receiving *receiving)
{
    static const char *const WORDS[] = {"outreach", "receive", NULL};
    Run ended;
    if (!failing_ended(home, receiving->pid, &ended))
        return;
    if (receiving->replaced)
        fail_msg("the receiver that nothing disturbs has ended with %d", ended.status);
    receiving->first = ended;
    receiving->replaced = true;
    receiving->pid = failing_start(home, WORDS, &NO_FAULT);
}

/* Pushes until it is taken, as a gateway does. */
static void receipt_push(TestHome *home, Receiving *receiving, int n)
{
    Arena *arena = home->context.arena;
    const char *body = arena_printf(
        arena, "{\"reference\":\"%032d\",\"id\":\"G%d\",\"status\":\"DELIVRD\",\"code\":\"000\"}",
        n, n);
    for (int tries = 0; tries < PUSHES_MAX; tries++) {
        const char *token = token_of(home);
        if (token && http_call(listen_port, "POST", arena_printf(arena, "/receipt/%s/g", token),
                               body, NULL, 0) == 200)
            return;
        receiver_ensure(home, receiving);
        usleep(10 * 1000);
    }
    fail_msg("nobody takes a receipt");
}

static Run receive_case(TestHome *home, const Fault *fault)
{
    static const char *const WORDS[] = {"outreach", "receive", NULL};
    prepare(home, "sent");
    unlink(home->context.config.token_file);
    Receiving receiving = {.pid = failing_start(home, WORDS, fault)};
    for (int n = 1; n <= MESSAGES; n++)
        receipt_push(home, &receiving, n);
    for (int tries = 0; tries < PUSHES_MAX && outbox_in_state(home, "delivered") < MESSAGES;
         tries++) {
        receiver_ensure(home, &receiving);
        usleep(10 * 1000);
    }
    kill(receiving.pid, SIGINT);
    Run last = failing_wait(home, receiving.pid);
    Run run = receiving.replaced ? receiving.first : last;
    const char *what = failing_said(home, fault, &run);
    assert_logs(home, what, "delivered", 3);
    if (test_number(home, "SELECT COUNT(*) FROM receipt WHERE state = 'matched'") < MESSAGES)
        fail_msg("%s: a receipt that was answered is not there", what);
    return run;
}

static Run settle_case(TestHome *home, const Fault *fault)
{
    static const char *const WORDS[] = {"outreach", "settle", "1",      "--as",
                                        "not-sent", "--why",  "played", NULL};
    prepare(home, "uncertain");
    Run run = failing_wait(home, failing_start(home, WORDS, fault));
    const char *what = failing_said(home, fault, &run);
    int64_t settled = outbox_in_state(home, "queued");
    if (settled != 0 && settled != MESSAGES)
        fail_msg("%s: %lld of %d were settled", what, (long long)settled, MESSAGES);
    if (run.status == 0 && settled == 0)
        fail_msg("%s: it says that they were settled", what);
    Run again = failing_wait(home, failing_start(home, WORDS, &NO_FAULT));
    if (again.status != 0)
        fail_msg("%s: it does not go on: status %d", what, again.status);
    assert_logs(home, what, "queued", 3);
    return run;
}

static void whatever_fails_a_receipt_that_was_answered_moves_its_message_once(void **state)
{
    TestHome *home = *state;
    Run whole = receive_case(home, &NO_FAULT);
    Failing failing = {"receive", receive_case, &whole, 5, false};
    for (FaultKind kind = FAULT_DB; kind < FAULT_KINDS; kind++)
        each_fails(home, &failing, kind, &seed);
}

static void whatever_fails_what_a_person_says_is_taken_whole_or_not_at_all(void **state)
{
    TestHome *home = *state;
    Run whole = settle_case(home, &NO_FAULT);
    Failing failing = {"settle", settle_case, &whole, 6, false};
    each_fails(home, &failing, FAULT_DB, &seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_fails_a_receipt_that_was_answered_moves_its_message_once),
        cmocka_unit_test(whatever_fails_what_a_person_says_is_taken_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
