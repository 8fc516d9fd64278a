/* The whole worker, against gateways that behave and gateways that do not, over real HTTP and a
 * real base. */
#include "simulated.h"
#include "support/scripted.h"

#include <pthread.h>
#include <string.h>

#define OK_202 "HTTP/1.1 202 Accepted\r\nContent-Length: 13\r\n\r\n{\"id\":\"S001\"}"

static void dispatch_delivers_every_message_once(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 700);
    outbox_campaign(home, 1, 1, 700);
    Simulator *simulator = simulate(home, "");
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.sent, 700);
    assert_int_equal(report.delivered, 700);
    assert_int_equal(report.failed, 0);
    assert_int_equal(report.uncertain, 0);
    assert_int_equal(report.left_queued, 0);
    assert_int_equal(outbox_in_state(home, "delivered"), 700);
    assert_int_equal(
        test_number(home,
                    "SELECT COUNT(*) FROM message WHERE gateway_id IS NULL OR sent_at IS NULL"),
        0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM campaign WHERE state = 'done'"), 1);
    assert_int_equal(stat_of(simulator, "requests"), 700);
    assert_int_equal(stat_of(simulator, "taken_twice"), 0);
    /* each move is in the log: claimed, sent, delivered */
    assert_true(test_number(home, "SELECT COUNT(*) FROM delivery_event") >= 3 * 700 - 700);
    simulator_close(simulator);
}

static void dispatch_sends_nothing_twice_through_a_bad_gateway(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 1500);
    outbox_campaign(home, 1, 1, 1500);
    Simulator *simulator =
        simulate(home, "503=3%,429=0.2%,cut=3%,double=5%,reorder=20%,lose=2%,undelivered=3%");
    (void)outbox_dispatched(home);
    assert_int_equal(stat_of(simulator, "taken_twice"), 0);
    assert_int_equal(stat_of(simulator, "references_twice"), 0);
    assert_int_equal(outbox_in_state(home, "queued"), 0);
    assert_int_equal(outbox_in_state(home, "claimed"), 0);
    assert_int_equal(outbox_in_state(home, "delivered") + outbox_in_state(home, "undelivered") +
                         outbox_in_state(home, "sent") + outbox_in_state(home, "uncertain"),
                     1500);
    assert_true(outbox_in_state(home, "undelivered") > 0);
    assert_true(outbox_in_state(home, "uncertain") >
                0); /* cut, and either not taken or without a receipt */
    /* what was delivered was taken by the gateway, and nothing that it took is called unsent */
    assert_int_equal(stat_of(simulator, "taken") <= 1500, 1);
    simulator_close(simulator);
}

static void dispatch_leaves_messages_queued_when_nobody_listens(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 20);
    outbox_campaign(home, 1, 1, 20);
    unsigned port = free_port();
    outbox_gateway(home, port);
    Err err = {0};
    DispatchReport report;
    assert_int_equal(outbox_dispatch(home, &report, &err), ERR_NET);
    assert_non_null(strstr(err.text, "does not answer; what was not sent is still queued"));
    assert_string_equal(err.hint, "start it in another terminal: talent outreach simulate");
    assert_int_equal(outbox_in_state(home, "queued"), 20);
}

static void dispatch_outside_the_window_sends_nothing(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 5);
    outbox_campaign(home, 1, 1, 5);
    Simulator *simulator = simulate(home, "");
    Config *config = &home->context.config;
    int minute = moment_minute_of_day(moment_now());
    config->window_open = false;
    config->window_from_minute = minute < 720 ? 800 : 100;
    config->window_to_minute = minute < 720 ? 900 : 200;
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.sent, 0);
    assert_int_equal(report.left_queued, 5);
    assert_true(report.opens_at > 0);
    assert_int_equal(stat_of(simulator, "requests"), 0);
    simulator_close(simulator);
}

static void dispatch_withholds_who_opted_out_was_told_or_is_gone(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 5);
    outbox_campaign(home, 1, 1, 5);
    outbox_campaign(home, 2, 3, 3); /* number 3 twice: the cap is one in 30 days */
    test_sql(home,
             arena_printf(
                 home->context.arena,
                 "INSERT INTO optout (phone_hash, phone, source, why, added_by, added_at) VALUES "
                 "(UNHEX('%s'), '', 'staff', 'w', 'tester', UTC_TIMESTAMP(3));\n"
                 "DELETE FROM person WHERE id = 2",
                 outbox_hash(home, outbox_phone(home, 1))));
    Simulator *simulator = simulate(home, "");
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.suppressed, 3);
    assert_int_equal(report.delivered, 3);
    assert_int_equal(
        test_number(home,
                    "SELECT COUNT(*) FROM delivery_event WHERE to_state = 'suppressed' AND code IN "
                    "('opted_out', 'forgotten', 'recently_told')"),
        3);
    assert_int_equal(stat_of(simulator, "requests"), 3);
    simulator_close(simulator);
}

static void dispatch_refuses_a_base_that_was_brought_back(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 2);
    outbox_campaign(home, 1, 1, 1);
    Simulator *simulator = simulate(home, "");
    (void)outbox_dispatched(home);
    test_sql(home, "UPDATE base_state SET epoch = UNHEX(REPEAT('ab', 16))");
    outbox_campaign(home, 2, 2, 2);
    Err err = {0};
    DispatchReport report;
    assert_int_equal(outbox_dispatch(home, &report, &err), ERR_REFUSED);
    assert_non_null(strstr(err.text, "it was restored or copied"));
    assert_non_null(
        strstr(err.hint, "then write abab-abab-abab-abab-abab-abab-abab-abab into the file"));
    assert_int_equal(stat_of(simulator, "requests"), 1);
    /* a copy of the base in a new home */
    unlink(arena_printf(home->context.arena, "%s/epoch", home->dir));
    assert_int_equal(outbox_dispatch(home, &report, &err), ERR_REFUSED);
    assert_int_equal(stat_of(simulator, "requests"), 1);
    /* a person has reconciled, and says so as the hint says */
    FILE *file = fopen(arena_printf(home->context.arena, "%s/epoch", home->dir), "we");
    assert_non_null(file);
    fputs("abab-abab-abab-abab-abab-abab-abab-abab\n", file);
    fclose(file);
    assert_int_equal(outbox_dispatched(home).sent, 1);
    simulator_close(simulator);
}

static void dispatch_holds_a_campaign_that_another_base_launched(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 2);
    outbox_campaign(home, 1, 1, 2);
    test_sql(home, "UPDATE campaign SET launch_epoch = UNHEX(REPEAT('cd', 16))");
    Simulator *simulator = simulate(home, "");
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.held, 1);
    assert_int_equal(stat_of(simulator, "requests"), 0);
    assert_int_equal(outbox_in_state(home, "queued"), 2);
    simulator_close(simulator);
}

typedef struct Worker {
    TestHome *home;
    Db *db;
    Arena *arena;
    DispatchReport report;
    ErrCode code;
    Err err;
} Worker;

static void *worker_run(void *state)
{
    Worker *worker = state;
    DispatchSettings settings = {.db = worker->db,
                                 .sealer = worker->home->context.sealer,
                                 .config = &worker->home->context.config,
                                 .until_done = true,
                                 .quiet = true};
    worker->code = dispatcher_run(&settings, worker->arena, &worker->report, &worker->err);
    return NULL;
}

static void workers_at_once_send_nothing_twice(void **state)
{
    enum { WORKERS = 3, MESSAGES = 1200 };
    TestHome *home = *state;
    outbox_people(home, MESSAGES);
    outbox_campaign(home, 1, 1, MESSAGES);
    outbox_campaign(home, 2, 1,
                    MESSAGES / 4); /* the same people: the cap must hold across workers */
    Simulator *simulator = simulate(home, "503=2%,cut=1%,double=5%");
    Worker workers[WORKERS] = {0};
    pthread_t threads[WORKERS];
    Err err = {0};
    for (int n = 0; n < WORKERS; n++) {
        workers[n] = (Worker){.home = home, .arena = arena_new(0)};
        assert_ok(db_open_again(home->context.db, &workers[n].db, &err), &err);
        assert_int_equal(pthread_create(&threads[n], NULL, worker_run, &workers[n]), 0);
    }
    int64_t sent = 0;
    for (int n = 0; n < WORKERS; n++) {
        pthread_join(threads[n], NULL);
        assert_ok(workers[n].code, &workers[n].err);
        sent += workers[n].report.sent;
        db_close(workers[n].db);
        arena_free(workers[n].arena);
    }
    assert_true(sent > MESSAGES * 9 / 10 && sent <= MESSAGES);
    assert_int_equal(stat_of(simulator, "taken_twice"), 0);
    assert_int_equal(stat_of(simulator, "references_twice"), 0);
    assert_int_equal(outbox_in_state(home, "suppressed"), MESSAGES / 4);
    assert_int_equal(
        test_number(
            home, "SELECT COUNT(*) FROM (SELECT person_id FROM message WHERE state <> 'suppressed' "
                  "GROUP BY person_id HAVING COUNT(*) > 1) twice"),
        0);
    simulator_close(simulator);
}

static void outcomes_that_the_base_cannot_take_are_journalled_and_recorded_next_time(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 12);
    outbox_campaign(home, 1, 1, 12);
    const Scene scenes[] = {{.answer = OK_202, .delay_ms = 700}};
    Scripted *server = scripted_open(scenes, 1);
    outbox_gateway_without_receipts(home, scripted_port(server));
    Worker worker = {.home = home, .arena = arena_new(0)};
    pthread_t thread;
    Err err = {0};
    assert_ok(db_open_again(home->context.db, &worker.db, &err), &err);
    assert_int_equal(pthread_create(&thread, NULL, worker_run, &worker), 0);
    for (int tries = 0; tries < 100 && scripted_requests(server) < 12; tries++)
        usleep(10 * 1000);
    test_sql(home,
             "RENAME TABLE delivery_event TO delivery_event_away"); /* while all are on the wire */
    pthread_join(thread, NULL);
    test_sql(home, "RENAME TABLE delivery_event_away TO delivery_event");
    assert_int_equal(worker.code, ERR_DB);
    assert_non_null(strstr(worker.err.hint, "the outcomes of 12 messages are in"));
    assert_int_equal(outbox_in_state(home, "claimed"), 12);
    db_close(worker.db);
    arena_free(worker.arena);
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.sent, 0);
    assert_int_equal(outbox_in_state(home, "sent"), 12);
    assert_int_equal(scripted_requests(server), 12);
    scripted_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dispatch_delivers_every_message_once),
        cmocka_unit_test(dispatch_sends_nothing_twice_through_a_bad_gateway),
        cmocka_unit_test(dispatch_leaves_messages_queued_when_nobody_listens),
        cmocka_unit_test(dispatch_outside_the_window_sends_nothing),
        cmocka_unit_test(dispatch_withholds_who_opted_out_was_told_or_is_gone),
        cmocka_unit_test(dispatch_refuses_a_base_that_was_brought_back),
        cmocka_unit_test(dispatch_holds_a_campaign_that_another_base_launched),
        cmocka_unit_test(workers_at_once_send_nothing_twice),
        cmocka_unit_test(outcomes_that_the_base_cannot_take_are_journalled_and_recorded_next_time),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
