/* What nobody knows is settled by a person who does, and by nobody else. */
#include "fill.h"
#include "outbox_fill.h"

#include "outreach/verbs.h"

#include <string.h>

enum { PEOPLE = 1203 }; /* more than a page */

static void uncertain_ones(TestHome *home, const char *campaign_state)
{
    outbox_people(home, PEOPLE);
    outbox_campaign(home, 1, 1, PEOPLE);
    test_sql(home, arena_printf(home->context.arena,
                                "UPDATE campaign SET state = '%s';\n"
                                "UPDATE message SET state = IF(person_id <= 3, 'delivered', "
                                "'uncertain'), fence = 7, attempts = 1, sent_at = NOW()",
                                campaign_state));
}

static json_t *settle(TestHome *home, const char *as)
{
    return fill_run(home, &OUTREACH_SETTLE,
                    json_pack("{s[s], ss, ss}", "arguments", "campaign 1", "as", as, "why",
                              "the gateway's list of that day"));
}

static void those_said_to_be_sent_wait_for_their_receipts(void **state)
{
    TestHome *home = *state;
    uncertain_ones(home, "running");
    json_t *result = settle(home, "sent");
    assert_int_equal(json_integer_value(json_object_get(result, "settled")), PEOPLE - 3);
    assert_int_equal(json_integer_value(json_object_get(result, "uncertain")), 0);
    json_decref(result);
    assert_int_equal(outbox_in_state(home, "sent"), PEOPLE - 3);
    assert_int_equal(outbox_in_state(home, "delivered"), 3);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM delivery_event WHERE from_state = 'uncertain' AND "
                          "to_state = 'sent' AND cause = 'staff' AND note LIKE "
                          "'%: the gateway''s list of that day'"),
        PEOPLE - 3);
    result = settle(home, "sent");
    assert_int_equal(json_integer_value(json_object_get(result, "settled")), 0);
    json_decref(result);
}

static void those_said_to_be_not_sent_are_sent(void **state)
{
    TestHome *home = *state;
    uncertain_ones(home, "running");
    json_t *result = settle(home, "not-sent");
    assert_int_equal(json_integer_value(json_object_get(result, "queued")), PEOPLE - 3);
    json_decref(result);
    assert_int_equal(outbox_in_state(home, "queued"), PEOPLE - 3);
}

static void of_a_cancelled_campaign_they_are_cancelled(void **state)
{
    TestHome *home = *state;
    uncertain_ones(home, "cancelled");
    json_decref(settle(home, "not-sent"));
    assert_int_equal(outbox_in_state(home, "cancelled"), PEOPLE - 3);
    assert_int_equal(outbox_in_state(home, "queued"), 0);
}

static void a_word_that_says_neither_is_refused(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 1);
    outbox_campaign(home, 1, 1, 1);
    TestOutput alone =
        TEST_RUN(home, "--lang", "en", "outreach", "settle", "1", "--why", "because");
    assert_int_equal(alone.status, 2);
    assert_non_null(strstr(alone.err, "--why goes with --as: without it the gateway is asked"));
    static const char *const CASES[][2] = {
        {"maybe", "because"}, {"sent", " "}, {"SENT", "because"}};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        TestOutput output = TEST_RUN(home, "--lang", "en", "outreach", "settle", "1", "--as",
                                     CASES[at][0], "--why", CASES[at][1]);
        assert_int_equal(output.status, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_said_to_be_sent_wait_for_their_receipts),
        cmocka_unit_test(those_said_to_be_not_sent_are_sent),
        cmocka_unit_test(of_a_cancelled_campaign_they_are_cancelled),
        cmocka_unit_test(a_word_that_says_neither_is_refused),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
