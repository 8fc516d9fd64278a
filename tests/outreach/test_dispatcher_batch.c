/* The whole worker with a gateway that takes many messages a request. */
#include "simulated.h"
#include "support/scripted.h"

#include <string.h>

static void many_messages_go_in_few_requests(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 900);
    outbox_campaign(home, 1, 1, 900);
    Simulator *simulator = simulate_as(home, "simulator-batch", "");
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.sent, 900);
    assert_int_equal(report.delivered, 900);
    assert_int_equal(stat_of(simulator, "taken"), 900);
    assert_int_equal(stat_of(simulator, "taken_twice"), 0);
    assert_true(stat_of(simulator, "requests") <= 20);
    simulator_close(simulator);
}

/* Some of a request are busy, some too fast, and now and then the connection is cut, when those that
 * were taken are not known. */
static void partial_answers_send_nothing_twice(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 900);
    outbox_campaign(home, 1, 1, 900);
    Simulator *simulator =
        simulate_as(home, "simulator-batch", "503=5%,429=0.3%,cut=0.2%,double=5%,lose=2%");
    (void)outbox_dispatched(home);
    assert_int_equal(stat_of(simulator, "taken_twice"), 0);
    assert_int_equal(stat_of(simulator, "references_twice"), 0);
    int64_t delivered = outbox_in_state(home, "delivered"), sent = outbox_in_state(home, "sent");
    assert_int_equal(delivered + sent + outbox_in_state(home, "uncertain"), 900);
    assert_true(delivered + sent <= stat_of(simulator, "taken"));
    assert_true(outbox_in_state(home, "uncertain") > 0);
    simulator_close(simulator);
}

/* Messages 1 to 4 with the references aa…, bb…, cc…, dd…; the answer speaks of the first three. */
static void an_answer_that_leaves_one_out_leaves_that_one_uncertain(void **state)
{
    static const char BODY[] =
        "[{\"reference\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"id\":\"S1\"},"
        "{\"reference\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\",\"error\":\"bad_number\"},"
        "{\"reference\":\"cccccccccccccccccccccccccccccccc\",\"id\":\"S3\"}]";
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    outbox_people(home, 4);
    outbox_campaign(home, 1, 1, 4);
    test_sql(home, "UPDATE message SET reference = UNHEX(REPEAT(ELT(id, 'aa', 'bb', 'cc', 'dd'), "
                   "16))");
    const Scene scenes[] = {
        {.answer = arena_printf(arena, "HTTP/1.1 202 Accepted\r\nContent-Length: %zu\r\n\r\n%s",
                                strlen(BODY), BODY)}};
    Scripted *server = scripted_open(scenes, 1);
    outbox_mute_type(home, "simulator-batch");
    outbox_gateway_of(home, "mute", scripted_port(server));
    (void)outbox_dispatched(home);
    assert_int_equal(scripted_requests(server), 1);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message WHERE state = ELT(id, 'sent', 'rejected', "
                          "'sent', 'uncertain')"),
        4);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM message WHERE gateway_id = "
                                       "CONCAT('S', id)"),
                     2);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event WHERE message_id = 4 "
                                       "AND note = 'http 202 does not name it'"),
                     1);
    scripted_close(server);
}

/* Refused as a whole, perhaps for the sake of one: nobody is given up before it was tried alone. */
static void a_request_that_is_refused_as_a_whole_is_tried_one_by_one(void **state)
{
    static const char REFUSED[] = "HTTP/1.1 400 No\r\nContent-Length: 23\r\n\r\n"
                                  "{\"error\":\"bad_request\"}";
    TestHome *home = *state;
    outbox_people(home, 3);
    outbox_campaign(home, 1, 1, 3);
    const Scene scenes[] = {{.answer = REFUSED}};
    Scripted *server = scripted_open(scenes, 1);
    outbox_mute_type(home, "simulator-batch");
    outbox_gateway_of(home, "mute", scripted_port(server));
    (void)outbox_dispatched(home);
    assert_int_equal(outbox_in_state(home, "rejected"), 3);
    assert_int_equal(scripted_requests(server), 4); /* together once, then each alone */
    assert_int_equal(test_number(home, "SELECT SUM(attempts) FROM message"), 6);
    scripted_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_messages_go_in_few_requests),
        cmocka_unit_test(partial_answers_send_nothing_twice),
        cmocka_unit_test(an_answer_that_leaves_one_out_leaves_that_one_uncertain),
        cmocka_unit_test(a_request_that_is_refused_as_a_whole_is_tried_one_by_one),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
