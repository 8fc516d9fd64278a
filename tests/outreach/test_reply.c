/* What people answer: understood by the table, effective at once, everything else left to a
 * person. */
#include "fill.h"
#include "outbox_fill.h"

#include "outreach/reply.h"

#include <string.h>

static void push(TestHome *home, const char *body)
{
    test_sql(home, arena_printf(home->context.arena,
                                "INSERT INTO receipt (received_at, gateway, kind, body) VALUES "
                                "('2012-10-03 03:00:00', 'g', 'reply', UNHEX('%s'))",
                                outbox_seal(home, body)));
}

static ReplyCounts match(TestHome *home)
{
    Err err = {0};
    ReplyCounts counts = {0};
    GatewaySet gateways;
    outbox_gateway(home, 1);
    assert_ok(gateways_load(&home->context.config, home->context.arena, &gateways, &err), &err);
    assert_ok(replies_match(home->context.db, home->context.sealer, &gateways, &counts, &err),
              &err);
    gateways_done(&gateways);
    return counts;
}

static void optout_by_reply_stops_what_is_queued_in_every_campaign(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 2);
    outbox_campaign(home, 1, 1, 2);
    outbox_campaign(home, 2, 1, 2);
    test_sql(
        home,
        "UPDATE message SET state = 'delivered', sent_at = UTC_TIMESTAMP(3) WHERE campaign_id = 1");
    push(home, "[{\"phone\":\"+86 138-0000-0001\",\"text\":\"退订\"}]");
    ReplyCounts counts = match(home);
    assert_int_equal(counts.optouts, 1);
    assert_int_equal(outbox_in_state(home, "suppressed"), 1);
    assert_int_equal(outbox_in_state(home, "queued"), 1);
    assert_int_equal(
        test_number(
            home,
            arena_printf(
                home->context.arena,
                "SELECT COUNT(*) FROM optout WHERE active_hash = UNHEX('%s') AND source = 'reply'",
                outbox_hash(home, outbox_phone(home, 1)))),
        1);
    assert_int_equal(
        test_number(home,
                    "SELECT COUNT(*) FROM reply WHERE meaning = 'optout' AND campaign_id = 1 AND "
                    "person_id = 1 AND handled = 1"),
        1);
}

static void optout_of_someone_we_never_texted_counts_too(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 1);
    push(home, "{\"phone\":\"13912345678\",\"text\":\"TD\"}");
    assert_int_equal(match(home).optouts, 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM optout WHERE removed_at IS NULL"), 1);
}

static void reply_pushed_twice_is_taken_in_once_each_and_nothing_breaks(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 1);
    push(home, "[{\"phone\":\"13800000001\",\"text\":\"TD\"},{\"phone\":\"13800000001\",\"text\":"
               "\"TD\"}]");
    push(home,
         "[{\"phone\":\"13800000001\",\"text\":\"谢谢\"}, {\"phone\":\"what?\",\"text\":\"1\"}]");
    ReplyCounts counts = match(home);
    assert_int_equal(counts.optouts, 2);
    assert_int_equal(counts.others, 2);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM optout"), 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM reply WHERE handled = 0"), 2);
    assert_int_equal(match(home).replies, 0);
}

static int64_t intention_of(TestHome *home, int64_t person)
{
    return test_number(home, arena_printf(home->context.arena,
                                          "SELECT wants_settlement FROM person WHERE id = %lld",
                                          (long long)person));
}

static void intention_becomes_an_answer_with_its_own_provenance(void **state)
{
    enum { PEOPLE = 3 };
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Facts people[PEOPLE];
    for (int n = 0; n < PEOPLE; n++)
        people[n] = fill_person(arena, n + 1);
    int64_t *persons = fill_people(home, people, PEOPLE);
    test_sql(home, "INSERT INTO campaign (id, name, state, template, template_text, policy, "
                   "policy_sha256, verdicts, as_of, "
                   "people, other_verdicts, content_hash, planned_by, planned_at) VALUES (1, 'c', "
                   "'running', 't', '', 'p', "
                   "'', 'likely', '2012-10-01', 3, '{}', '', 'tester', UTC_TIMESTAMP(3));\n"
                   "INSERT INTO message (campaign_id, person_id, verdict, route, phone_hash, "
                   "phone, text, segments, state, "
                   "sent_at) SELECT 1, id, 'likely', 'r', phone_hash, phone, 't', 1, 'delivered', "
                   "UTC_TIMESTAMP(3) FROM person");
    push(home, arena_printf(arena,
                            "[{\"phone\":\"%s\",\"text\":\"1\"},{\"phone\":\"%s\",\"text\":\"2\"},"
                            "{\"phone\":\"13900000000\",\"text\":\"1\"}]",
                            people[0].values[FACT_PHONE].text, people[1].values[FACT_PHONE].text));
    ReplyCounts counts = match(home);
    assert_int_equal(counts.intentions, 2);
    assert_int_equal(counts.others, 1); /* a stranger answers nothing that we asked */
    assert_int_equal(intention_of(home, persons[0]), 1);
    assert_int_equal(intention_of(home, persons[1]), 2);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), PEOPLE);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM batch WHERE form = 'reply' AND credibility = 7 AND "
                          "surveyed_on = '2012-10-03' AND line_count = 2 AND accepted = 2"),
        1);
    /* a change of mind on the same day stands behind the first answer, in the same batch */
    push(home, arena_printf(arena, "{\"phone\":\"%s\",\"text\":\"3\"}",
                            people[0].values[FACT_PHONE].text));
    assert_int_equal(match(home).intentions, 1);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM batch WHERE form = 'reply' AND line_count = 3"), 1);
    assert_int_equal(intention_of(home, persons[0]), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optout_by_reply_stops_what_is_queued_in_every_campaign),
        cmocka_unit_test(optout_of_someone_we_never_texted_counts_too),
        cmocka_unit_test(reply_pushed_twice_is_taken_in_once_each_and_nothing_breaks),
        cmocka_unit_test(intention_becomes_an_answer_with_its_own_provenance),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
