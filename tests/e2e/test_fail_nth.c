/* tests/e2e/test_fail_nth.c: every call that the dispatcher makes to the base, to the gateway and to
 * its files fails in turn, once for each way in which such a call fails (tests/support/failing.h);
 * also while the base is away and outcomes go to the journal, and while the journal is read again.
 * Then the program is run undisturbed. Whatever failed: a gateway that remembers everything has
 * heard of nobody twice, every state is true, nothing is forgotten, and what is uncertain was on the
 * wire. An ordinary run takes a sample, `./run soak` all of them; the seed is printed,
 * TALENT_TEST_SEED repeats it. */
#include "outreach/outbox_fill.h"
#include "support/failing.h"
#include "support/recorder.h"
#include "support/rounds.h"
#include "support/scripted.h"

#include "sql/connection.h"

#include <glob.h>

enum { MESSAGES = 10 };

static unsigned seed;
static Recorder *recorder;

static int setup(void **state)
{
    unsetenv(
        "TALENT_TEST_DATABASE"); /* the base is a socket of this machine, the rest is the web */
    if (test_home_setup(state) != 0)
        return -1;
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    json_t *file =
        json_load_file(config_shared(arena, "outreach/gateways/simulator.json"), 0, NULL);
    json_t *limits = json_object_get(file, "limits");
    assert_non_null(limits);
    json_object_set_new(limits, "connections", json_integer(3)); /* so that some are used again */
    json_object_set_new(limits, "timeout_ms", json_integer(3000));
    json_object_set_new(limits, "receipt_wait_s", json_integer(0));
    mkdir(arena_printf(arena, "%s/gateways", home->dir), 0700);
    assert_int_equal(
        json_dump_file(file, arena_printf(arena, "%s/gateways/recorder.json", home->dir), 0), 0);
    json_decref(file);
    recorder = recorder_open();
    test_config(home,
                arena_printf(arena,
                             "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"recorder\", "
                             "\"url\": \"http://127.0.0.1:%u/send\"}}, "
                             "\"receive\": {\"listen\": \"127.0.0.1:%u\"}",
                             recorder_port(recorder), free_port()));
    seed = test_seed();
    return 0;
}

static int teardown(void **state)
{
    failing_done(*state);
    recorder_close(recorder);
    return test_home_teardown(state);
}

static Run dispatch(TestHome *home, const Fault *fault)
{
    const char *words[] = {"outreach", "dispatch", "--until-done", NULL};
    return failing_wait(home, failing_start(home, words, fault));
}

/* Files of the journal that nobody has read again; removes them when told so. */
static size_t journals(TestHome *home, bool remove_them)
{
    glob_t found;
    size_t count = 0;
    if (glob(arena_printf(home->context.arena, "%s/journal/*.jsonl", home->dir), 0, NULL, &found) ==
        0)
        count = found.gl_pathc;
    for (size_t at = 0; remove_them && at < count; at++)
        unlink(found.gl_pathv[at]);
    if (count > 0)
        globfree(&found);
    return count;
}

static void prepare(TestHome *home)
{
    journals(home, true);
    outbox_people(home, MESSAGES);
    outbox_campaign(home, 1, 1, MESSAGES / 2);
    outbox_campaign(home, 2, MESSAGES / 2 + 1, MESSAGES);
    recorder_clear(recorder);
}

static void time_passes(TestHome *home)
{
    test_sql(home, "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE "
                   "state = 'claimed';\n"
                   "UPDATE message SET not_before = NULL");
}

/* Every message's log is a path of moves that ends where the message is. */
static void assert_logs(TestHome *home)
{
    assert_int_equal(
        test_number(home,
                    "SELECT COUNT(*) FROM (SELECT from_state, IFNULL(LAG(to_state) OVER (PARTITION "
                    "BY message_id ORDER BY id), 'queued') AS before_it FROM delivery_event) e "
                    "WHERE from_state <> before_it"),
        0);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message m WHERE state <> IFNULL((SELECT to_state "
                          "FROM delivery_event e WHERE e.message_id = m.id ORDER BY id DESC LIMIT "
                          "1), 'queued')"),
        0);
}

/* True when the message is called uncertain and was not on the wire. */
static bool assert_message(const char *what, const Rows *row, const char *phone)
{
    const char *state = rows_text(row, 1);
    unsigned copies = recorder_copies(recorder, phone),
             seen = recorder_references(recorder, rows_null(row, 2) ? "" : rows_text(row, 2));
    bool told = strcmp(state, "sent") == 0 || strcmp(state, "delivered") == 0;
    bool uncertain = strcmp(state, "uncertain") == 0;
    if (copies > 1)
        fail_msg("%s: %s was told %u times", what, phone, copies);
    if (seen > 1)
        fail_msg("%s: one attempt to reach %s was on the wire %u times", what, phone, seen);
    if (!told && !uncertain)
        fail_msg("%s: the message to %s is %s, with %u copies", what, phone, state, copies);
    if (told && copies == 0)
        fail_msg("%s: the message to %s is %s, and was not sent", what, phone, state);
    return uncertain && seen == 0;
}

/* outcomes_lost: what was known could be kept nowhere. */
static void assert_true_to_the_gateway(TestHome *home, const char *what, bool outcomes_lost)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    unsigned unseen = 0, count = 0;
    assert_ok(db_text(home->context.db,
                      "SELECT id, state, LOWER(HEX(reference)) FROM message ORDER BY id", &rows,
                      &err),
              &err);
    for (; rows_next(rows); count++)
        unseen += assert_message(what, rows, outbox_phone(home, (int)rows_int(rows, 0)));
    assert_int_equal(count, MESSAGES);
    if (unseen > recorder_begun(recorder) && !outcomes_lost)
        fail_msg("%s: %u messages are called uncertain that were never on the wire", what, unseen);
    assert_logs(home);
}

/* The runs that come after: none of it needs anybody's hand. */
static void go_on(TestHome *home, const char *what, bool outcomes_lost)
{
    time_passes(home);
    Run after = dispatch(home, &NO_FAULT);
    if (after.status != 0 && after.status != 3)
        fail_msg("%s: it does not go on: status %d", what, after.status);
    if (journals(home, false) > 0)
        fail_msg("%s: outcomes were left in the journal", what);
    assert_true_to_the_gateway(home, what, outcomes_lost);
}

static Run dispatch_case(TestHome *home, const Fault *fault)
{
    prepare(home);
    Run run = dispatch(home, fault);
    /* when the base goes away between a claim and its reading, nobody holds the claim */
    bool lost = fault->away > 0;
    go_on(home, failing_said(home, fault, &run), lost);
    return run;
}

/* The journal is there, and is read again. */
static Run replay_case(TestHome *home, const Fault *fault)
{
    int away = 70;
    do {
        prepare(home);
        dispatch(home, &(Fault){.how = "none", .away = away});
        away += 5;
    } while (journals(home, false) == 0 && away < 300);
    assert_true(journals(home, false) > 0);
    time_passes(home);
    Run run = dispatch(home, fault);
    go_on(home, failing_said(home, fault, &run), false);
    return run;
}

static void whatever_fails_in_dispatch_nobody_is_told_twice_or_forgotten(void **state)
{
    TestHome *home = *state;
    Run whole = dispatch_case(home, &NO_FAULT);
    assert_int_equal(whole.status, 3); /* done, but for what the gateway was silent about */
    assert_string_equal(whole.failed, "nothing");
    Failing failing = {"dispatch", dispatch_case, &whole, 6, false};
    for (FaultKind kind = FAULT_DB; kind < FAULT_KINDS; kind++)
        each_fails(home, &failing, kind, &seed);
}

static void while_the_base_is_away_outcomes_are_kept_or_uncertain(void **state)
{
    TestHome *home = *state;
    Run whole = dispatch_case(home, &NO_FAULT);
    whole.counts[FAULT_FILE] += 4; /* those of the journal */
    Failing failing = {"dispatch without its base", dispatch_case, &whole, 5, true};
    each_fails(home, &failing, FAULT_FILE, &seed);
}

static void whatever_fails_while_the_journal_is_read_its_outcomes_come_in_once(void **state)
{
    TestHome *home = *state;
    Run whole = replay_case(home, &NO_FAULT);
    Failing failing = {"reading the journal", replay_case, &whole, 3, false};
    each_fails(home, &failing, FAULT_DB, &seed);
    each_fails(home, &failing, FAULT_FILE, &seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_fails_in_dispatch_nobody_is_told_twice_or_forgotten),
        cmocka_unit_test(while_the_base_is_away_outcomes_are_kept_or_uncertain),
        cmocka_unit_test(whatever_fails_while_the_journal_is_read_its_outcomes_come_in_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
