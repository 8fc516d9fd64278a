/* From a plan to a cloud gateway that keeps the text and asks for its gaps. */
#include "fill.h"
#include "outbox_fill.h"
#include "support/scripted.h"

/* About each of the three, whoever asked: Tencent names the number that an item is about. */
#define TAKEN(n)                                                                                   \
    "{\"SerialNo\":\"5000:" n "\",\"PhoneNumber\":\"+861380000000" n "\",\"Code\":\"Ok\"}"
#define ACCEPTED                                                                                   \
    "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"Response\":{\"SendStatusSet\":[" TAKEN(        \
        "1") "," TAKEN("2") "," TAKEN("3") "]}}"

enum { PEOPLE = 3 };

/* A running campaign to three people, as a plan makes it. */
static void campaign_runs(TestHome *home)
{
    Err err = {0};
    Facts people[PEOPLE];
    for (int n = 0; n < PEOPLE; n++)
        people[n] = fill_person(home->context.arena, n + 1);
    fill_people(home, people, PEOPLE);
    unlink(arena_printf(home->context.arena, "%s/epoch", home->dir));
    Draft draft = fill_draft(home, "autumn");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_int_equal(draft.audience, PEOPLE);
    test_sql(home, "UPDATE campaign SET state = 'running', launched_at = UTC_TIMESTAMP(3),"
                   " launch_epoch = (SELECT epoch FROM base_state)");
}

static ErrCode dispatched(TestHome *home, const char *templates, unsigned port,
                          DispatchReport *report, Err *err)
{
    outbox_mute_type(home, "tencent");
    test_config(home, arena_printf(home->context.arena,
                                   "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": "
                                   "\"mute\", \"url\": \"http://127.0.0.1:%u/\", \"username\": "
                                   "\"id\", \"from\": \"1400006666\", \"templates\": %s}}, "
                                   "\"receive\": {\"listen\": \"127.0.0.1:0\"}",
                                   port, templates));
    const DispatchSettings settings = {.db = home->context.db,
                                       .sealer = home->context.sealer,
                                       .config = &home->context.config,
                                       .until_done = true,
                                       .quiet = true};
    return dispatcher_run(&settings, home->context.arena, report, err);
}

static void a_planned_message_goes_out_as_its_gaps(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    DispatchReport report;
    const Scene scene = {.answer = ACCEPTED, .end = SCENE_CLOSE};
    campaign_runs(home);
    Scripted *server = scripted_open(&scene, 1);
    assert_ok(dispatched(home, "{\"t\": \"449739\"}", scripted_port(server), &report, &err), &err);
    assert_int_equal(report.sent, PEOPLE);
    assert_int_equal(outbox_in_state(home, "sent"), PEOPLE);
    assert_int_equal(scripted_requests(server), PEOPLE);
    bool seen[PEOPLE + 1] = {false};
    for (size_t at = 0; at < PEOPLE; at++) {
        const char *request = scripted_request(server, at);
        assert_non_null(strstr(request, "\"TemplateId\":\"449739\""));
        assert_non_null(strstr(request, "\"SignName\":\"东莞人社\""));
        for (int n = 1; n <= PEOPLE; n++)
            seen[n] |=
                strstr(request, arena_printf(home->context.arena,
                                             "\"TemplateParamSet\":[\"林%d\",\"先生\",\"", n)) &&
                strstr(request, "\",\"长安镇新莞人服务管理中心\"]");
    }
    assert_true(seen[1] && seen[2] && seen[3]);
    scripted_close(server);
}

static void a_campaign_whose_text_was_not_filed_stops_and_nobody_is_lost(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    DispatchReport report;
    const Scene scene = {.answer = ACCEPTED, .end = SCENE_CLOSE};
    campaign_runs(home);
    Scripted *server = scripted_open(&scene, 1);
    assert_ok(dispatched(home, "{\"other\": \"1\"}", scripted_port(server), &report, &err), &err);
    assert_int_equal(scripted_requests(server), 0);
    assert_int_equal(outbox_in_state(home, "queued"), PEOPLE);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM campaign WHERE state = 'paused' AND paused_why LIKE"
                          " '%no code for the template \\'t\\'%gateways.g.templates%'"),
        1);
    scripted_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planned_message_goes_out_as_its_gaps),
        cmocka_unit_test(a_campaign_whose_text_was_not_filed_stops_and_nobody_is_lost),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
