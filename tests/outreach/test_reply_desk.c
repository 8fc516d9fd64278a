/* Replies that wait for a person, and what the person makes of them. */
#include "fill.h"
#include "outbox_fill.h"
#include "support/street.h"

#include "outreach/reply_desk.h"
#include "outreach/verbs.h"

enum { PEOPLE = 3 };

static void push(TestHome *home, int hour, const char *body)
{
    test_sql(home, arena_printf(home->context.arena,
                                "INSERT INTO receipt (received_at, gateway, kind, body) VALUES "
                                "('2012-10-03 %02d:00:00', 'g', 'reply', UNHEX('%s'))",
                                hour, outbox_seal(home, body)));
}

static void match(TestHome *home)
{
    Err err = {0};
    ReplyCounts counts = {0};
    GatewaySet gateways;
    assert_ok(gateways_load(&home->context.config, home->context.arena, &gateways, &err), &err);
    assert_ok(replies_match(home->context.db, home->context.sealer, &gateways, &counts, &err),
              &err);
    gateways_done(&gateways);
}

/* Three people who were told and who wait in a second campaign, and replies of two of them, of a
 * stranger and of no number at all. */
static int64_t *world_make(TestHome *home)
{
    Arena *arena = home->context.arena;
    Facts people[PEOPLE];
    for (int n = 0; n < PEOPLE; n++)
        people[n] = fill_person(arena, n + 1);
    int64_t *persons = fill_people(home, people, PEOPLE);
    outbox_gateway(home, 1);
    for (int id = 1; id <= 2; id++)
        test_sql(home,
                 arena_printf(arena,
                              "INSERT INTO campaign (id, name, state, template, template_text, "
                              "policy, policy_sha256, verdicts, as_of, people, other_verdicts, "
                              "content_hash, planned_by, planned_at) VALUES (%d, 'c%d', 'running', "
                              "'t', '', 'p', '', 'likely', '2012-10-01', 3, '{}', '', 'tester', "
                              "UTC_TIMESTAMP(3));\n"
                              "INSERT INTO message (campaign_id, person_id, verdict, route, "
                              "phone_hash, phone, text, segments, state, sent_at) SELECT %d, id, "
                              "'likely', 'r', phone_hash, phone, 't', 1, IF(%d = 1, 'delivered', "
                              "'queued'), IF(%d = 1, UTC_TIMESTAMP(3), NULL) FROM person",
                              id, id, id, id, id));
    push(home, 3,
         "[{\"phone\":\"13800000001\",\"text\":"
         "\"好的，我的身份证４４０５２４１９８００１０１００１３\"},"
         "{\"phone\":\"13800000002\",\"text\":\"打13912345678找我\"}]");
    push(home, 4, "{\"phone\":\"13912345678\",\"text\":\"别再发了\"}");
    push(home, 5, "{\"phone\":\"what?\",\"text\":\"？\"}");
    push(home, 6, "{\"phone\":\"13800000003\",\"text\":\"2\"}");
    match(home);
    return persons;
}

static const char *text_of(const json_t *reply, const char *key)
{
    const char *text = json_string_value(json_object_get(reply, key));
    return text ? text : "";
}

static void replies_wait_newest_first_and_masked(void **state)
{
    TestHome *home = *state;
    int64_t *persons = world_make(home);
    json_t *inbox = fill_run(home, &OUTREACH_INBOX, json_object());
    const json_t *replies = json_object_get(inbox, "replies");
    assert_int_equal(json_number_at(inbox, "waiting"), 4);
    static const char *const EXPECTED[][4] = {
        {"3", "2012-10-03 13:00:00", "****", "?"},
        {"2", "2012-10-03 12:00:00", "*******5678", "别再发了"},
        {"1.2", "2012-10-03 11:00:00", "*******0002", "打*******5678找我"},
        {"1", "2012-10-03 11:00:00", "*******0001", "好的,我的身份证**************0013"},
    };
    assert_int_equal(json_array_size(replies), 4);
    for (size_t at = 0; at < 4; at++) {
        const json_t *reply = json_array_get(replies, at);
        assert_string_equal(text_of(reply, "reply"), EXPECTED[at][0]);
        assert_string_equal(text_of(reply, "received_at"), EXPECTED[at][1]);
        assert_string_equal(text_of(reply, "from"), EXPECTED[at][2]);
        assert_string_equal(text_of(reply, "text"), EXPECTED[at][3]);
    }
    assert_true(json_is_null(json_object_get(json_array_get(replies, 1), "person")));
    assert_int_equal(json_number_at(json_array_get(replies, 2), "person"), persons[1]);
    assert_string_equal(text_of(json_array_get(replies, 2), "campaign"), "c1");
    json_decref(inbox);

    TestOutput shown = TEST_RUN(home, "--lang", "en", "outreach", "inbox", "--limit", "3");
    assert_int_equal(shown.status, 0);
    assert_non_null(strstr(shown.out, "4 replies wait for a person"));
    assert_null(strstr(shown.out, "好的"));
    assert_null(strstr(shown.out, "13912345678"));
    shown = TEST_RUN(home, "--lang", "en", "outreach", "inbox", "--clear");
    assert_non_null(strstr(shown.out, "13912345678"));
    assert_non_null(strstr(shown.out, "13800000002"));
}

static json_t *answer(TestHome *home, const char *reply, const char *as, const char *value)
{
    json_t *options = json_pack("{s[s], ss, ss}", "arguments", reply, "as", as, "why", "called");
    if (value)
        json_object_set_new(options, "value", json_string(value));
    return fill_run(home, &OUTREACH_ANSWER, options);
}

static void an_intention_that_a_person_read_is_an_answer_with_its_own_provenance(void **state)
{
    TestHome *home = *state;
    int64_t *persons = world_make(home);
    json_t *result = answer(home, "1", "intention", "1");
    assert_int_equal(json_number_at(result, "person"), persons[0]);
    assert_int_equal(json_number_at(result, "value"), 1);
    json_decref(result);
    json_decref(answer(home, "1.2", "intention", "考虑中"));
    assert_int_equal(
        test_number(home, arena_printf(home->context.arena,
                                       "SELECT wants_settlement FROM person WHERE id = %" PRId64,
                                       persons[0])),
        1);
    assert_int_equal(
        test_number(home, arena_printf(home->context.arena,
                                       "SELECT wants_settlement FROM person WHERE id = %" PRId64,
                                       persons[1])),
        3);
    assert_int_equal(
        test_number(home, arena_printf(home->context.arena,
                                       "SELECT COUNT(*) FROM batch WHERE form = 'reply' AND "
                                       "imported_by = '%s' AND file = 'SMS replies, campaign 1, "
                                       "2012-10-03, read by %s' AND surveyed_on = '2012-10-03' AND "
                                       "line_count = 2",
                                       home->context.user, home->context.user)),
        1);
    /* and not in the batch of those that were understood by themselves */
    assert_int_equal(
        test_number(home, "SELECT line_count FROM batch WHERE form = 'reply' AND imported_by = "
                          "'reply'"),
        1);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM reply WHERE meaning = 'intention' AND handled = 1 "
                          "AND handled_by IS NOT NULL AND handled_why = 'called' AND handled_at IS "
                          "NOT NULL"),
        2);
    json_t *inbox = fill_run(home, &OUTREACH_INBOX, json_object());
    assert_int_equal(json_number_at(inbox, "waiting"), 2);
    json_decref(inbox);
}

static void an_optout_that_a_person_read_withholds_what_waits(void **state)
{
    TestHome *home = *state;
    world_make(home);
    json_t *result = answer(home, "1", "optout", NULL);
    assert_int_equal(json_number_at(result, "withheld"), 1);
    json_decref(result);
    assert_int_equal(outbox_in_state(home, "suppressed"), 1);
    assert_int_equal(outbox_in_state(home, "queued"), 2);
    json_decref(answer(home, "2", "optout", NULL)); /* a stranger, known by the receipt alone */
    assert_int_equal(
        test_number(home, arena_printf(home->context.arena,
                                       "SELECT COUNT(*) FROM optout WHERE active_hash IN "
                                       "(UNHEX('%s'), UNHEX('%s')) AND source = 'reply' AND why = "
                                       "'called'",
                                       outbox_hash(home, "13912345678"),
                                       outbox_hash(home, "13800000001"))),
        2);
}

static void what_cannot_be_is_refused_and_changes_nothing(void **state)
{
    static const struct {
        const char *words[8];
        int status;
        const char *text;
    } CASES[] = {
        {{"2", "--as", "intention", "--value", "1", "--why", "w"},
         1,
         "nobody knows who wrote reply '2': it is no one's intention"},
        {{"3", "--as", "optout", "--why", "w"}, 1, "nobody knows the number of reply '3'"},
        {{"4", "--as", "done", "--why", "w"}, 1, "reply '4' was understood when it came"},
        {{"99", "--as", "done", "--why", "w"}, 1, "there is no reply '99'"},
        {{"1.3", "--as", "done", "--why", "w"}, 1, "there is no reply '1.3'"},
        {{"1.", "--as", "done", "--why", "w"}, 2, "'1.' is not the number of a reply"},
        {{"x", "--as", "done", "--why", "w"}, 2, "'x' is not the number of a reply"},
        {{"1", "--as", "maybe", "--why", "w"},
         2,
         "--as must be 'intention', 'optout' or 'done', not 'maybe'"},
        {{"1", "--as", "done", "--why", " "}, 2, "--why is 1 to 150 characters"},
        {{"1", "--as", "intention", "--why", "w"}, 2, "--as intention needs --value"},
        {{"1", "--as", "intention", "--value", "4", "--why", "w"}, 2, "'4' is no intention"},
        {{"1", "--as", "done", "--value", "1", "--why", "w"},
         2,
         "--value goes with --as intention"},
    };
    TestHome *home = *state;
    world_make(home);
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        const char *words[12] = {"--lang", "en", "outreach", "answer"};
        for (size_t n = 0; n < 8; n++)
            words[4 + n] = CASES[at].words[n];
        TestOutput output = test_run(home, words);
        if (output.status != CASES[at].status || !strstr(output.err, CASES[at].text))
            fail_msg("case %zu: %d %s", at, output.status, output.err);
    }
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM reply WHERE handled = 0"), 4);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM optout"), 0);
    json_decref(answer(home, "3", "done", NULL));
    TestOutput again =
        TEST_RUN(home, "--lang", "en", "outreach", "answer", "3", "--as", "done", "--why", "w");
    assert_int_equal(again.status, 1);
    assert_non_null(strstr(again.err, "reply '3' was handled by "));
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM reply WHERE meaning = 'other' AND handled = 1"), 1);
}

static void what_a_forgotten_person_wrote_is_gone_from_the_inbox(void **state)
{
    TestHome *home = *state;
    world_make(home);
    test_sql(home, "UPDATE reply SET text = '';\nUPDATE message SET phone = ''");
    json_t *inbox = fill_run(home, &OUTREACH_INBOX, json_object());
    const json_t *replies = json_object_get(inbox, "replies");
    assert_int_equal(json_array_size(replies), 4);
    assert_string_equal(text_of(json_array_get(replies, 3), "text"), "");
    json_decref(inbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_wait_newest_first_and_masked),
        cmocka_unit_test(an_intention_that_a_person_read_is_an_answer_with_its_own_provenance),
        cmocka_unit_test(an_optout_that_a_person_read_withholds_what_waits),
        cmocka_unit_test(what_cannot_be_is_refused_and_changes_nothing),
        cmocka_unit_test(what_a_forgotten_person_wrote_is_gone_from_the_inbox),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
