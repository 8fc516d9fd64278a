/* tests/e2e/test_purge.c: what was kept long enough names nobody any more; what is younger, or in
 * force, is as it was; all counts stay, and the base is sound. */
#include "base/text.h"
#include "support/street.h"

#include <string.h>

enum { PEOPLE = 900, FILES = 7 };

static void campaign_send(TestHome *home, const char *name, const char *where)
{
    json_decref(TEST_JSON(home, 0, "outreach", "plan", name, "--template", "settlement-invitation",
                          "--where", where, "--as-of", "2012-10-01"));
    json_decref(TEST_JSON(home, 0, "outreach", "approve", name));
    json_decref(TEST_JSON(home, 0, "outreach", "launch", name));
    TestOutput sent = TEST_RUN(home, "outreach", "dispatch", "--until-done");
    assert_true(sent.status == 0 || sent.status == 3);
    json_decref(TEST_JSON(home, 0, "outreach", "settle", name, "--as", "sent", "--why", "looked"));
    test_sql(home,
             "UPDATE message SET state = 'expired', settled_at = UTC_TIMESTAMP(3) WHERE state "
             "= 'sent'");
    test_sql(home,
             "INSERT INTO delivery_event (message_id, at, from_state, to_state, attempt, "
             "cause) SELECT id, UTC_TIMESTAMP(3), 'sent', 'expired', 1, 'expiry' FROM message "
             "m WHERE state = 'expired' AND 'sent' = (SELECT to_state FROM delivery_event e "
             "WHERE e.message_id = m.id ORDER BY e.id DESC LIMIT 1)");
    test_sql(home, "UPDATE campaign SET state = 'done' WHERE state = 'running'");
}

/* Two campaigns with replies: the first one of forty months ago, and so is all that came before it. */
static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return -1;
    TestHome *home = *state;
    json_t *made = street_generate(home, 5, PEOPLE);
    for (size_t i = 0; i < FILES; i++)
        json_decref(TEST_JSON(home, 3, "survey", "import", street_file(home, made, i)));
    json_decref(made);
    StreetGateway gateway = street_gateway_start(home, "undelivered=5%", "40%");
    campaign_send(home, "first", "sex = 男");
    test_sql(home,
             "UPDATE message SET sent_at = sent_at - INTERVAL 40 MONTH, settled_at = settled_at - "
             "INTERVAL 40 MONTH;\n"
             "UPDATE campaign SET planned_at = planned_at - INTERVAL 40 MONTH;\n"
             "UPDATE receipt SET received_at = received_at - INTERVAL 40 MONTH;\n"
             "UPDATE reply SET received_at = received_at - INTERVAL 40 MONTH;\n"
             "UPDATE batch SET imported_at = imported_at - INTERVAL 40 MONTH WHERE id <= 3;\n"
             "UPDATE optout SET added_at = added_at - INTERVAL 40 MONTH;\n"
             "UPDATE optout SET removed_at = added_at, removed_by = 't' ORDER BY id LIMIT 1");
    campaign_send(home, "second", "sex = 女");
    json_decref(street_gateway_stop(&gateway));
    return 0;
}

static int64_t rows_of(const json_t *result, const char *table)
{
    size_t index;
    json_t *line;
    json_array_foreach(json_object_get(result, "tables"), index,
                       line) if (text_equal(json_string_value(json_object_get(line, "table")),
                                            table)) return json_number_at(line, "rows");
    fail_msg("the result has no table '%s'", table);
    return -1;
}

static const char NAMED[] = "SELECT COUNT(*) FROM message WHERE person_id < 4611686018427387904 "
                            "AND phone <> '' AND text <> "
                            "'' AND phone_hash <> UNHEX(REPEAT('00', 16))";

static void dry_run_says_what_would_go_and_changes_nothing(void **state)
{
    TestHome *home = *state;
    int64_t named = test_number(home, NAMED);
    assert_int_equal(TEST_RUN(home, "db", "purge").status, 2);
    assert_int_equal(TEST_RUN(home, "db", "purge", "--dry-run", "--why", "x").status, 2);
    assert_int_equal(TEST_RUN(home, "db", "purge", "--why", " ").status, 2);
    json_t *result = TEST_JSON(home, 0, "db", "purge", "--dry-run");
    assert_int_equal(rows_of(result, "message"),
                     test_number(home, "SELECT COUNT(*) FROM message WHERE campaign_id = 1"));
    assert_int_equal(rows_of(result, "suppression"),
                     test_number(home, "SELECT COUNT(*) FROM suppression WHERE campaign_id = 1"));
    assert_true(rows_of(result, "message") > 20 && rows_of(result, "reply") > 2 &&
                rows_of(result, "receipt") > 10);
    assert_int_equal(rows_of(result, "optout"), 1);
    assert_int_equal(rows_of(result, "quarantine") + rows_of(result, "answer"), 0);
    json_decref(result);
    assert_int_equal(test_number(home, NAMED), named);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM erasure"), 0);
    /* a day to come makes nothing older */
    json_t *later = TEST_JSON(home, 0, "db", "purge", "--dry-run", "--as-of", "2099-01-01");
    assert_int_equal(rows_of(later, "message"),
                     test_number(home, "SELECT COUNT(*) FROM message WHERE campaign_id = 1"));
    json_decref(later);
}

/* What the screens say about campaigns, before and after. */
static json_t *said(TestHome *home)
{
    json_t *status = json_array();
    json_array_append_new(status, TEST_JSON(home, 0, "outreach", "status", "first"));
    json_array_append_new(status, TEST_JSON(home, 0, "outreach", "status", "second"));
    return status;
}

static void old_records_name_nobody_and_all_counts_stay(void **state)
{
    TestHome *home = *state;
    test_config(home, "\"retention\": {\"rows_months\": 39}");
    json_t *before = said(home), *dry = TEST_JSON(home, 0, "db", "purge", "--dry-run");
    int64_t events = test_number(home, "SELECT COUNT(*) FROM delivery_event"),
            replies = test_number(home, "SELECT COUNT(*) FROM reply"),
            young = test_number(home, "SELECT COUNT(*) FROM message WHERE campaign_id = 2"),
            in_force = test_number(home, "SELECT COUNT(*) FROM optout WHERE removed_at IS NULL");
    assert_true(rows_of(dry, "quarantine") > 0 && rows_of(dry, "answer") > 0);
    json_t *done = TEST_JSON(home, 0, "db", "purge", "--why", "yearly");
    assert_true(json_equal(json_object_get(dry, "tables"), json_object_get(done, "tables")));
    json_decref(dry);
    json_decref(done);
    assert_int_equal(test_number(home, NAMED), young);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message WHERE campaign_id = 1 AND (person_id < "
                          "4611686018427387904 OR phone <> '' OR text <> '' OR gaps <> '' OR "
                          "reference IS NOT NULL OR gateway_id IS NOT NULL)"),
        0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM suppression WHERE campaign_id = 1 AND "
                                       "person_id < 4611686018427387904"),
                     0);
    assert_int_equal(test_number(home,
                                 "SELECT COUNT(*) FROM receipt WHERE body <> '' AND received_at < "
                                 "UTC_TIMESTAMP(3) - INTERVAL 37 MONTH"),
                     0);
    assert_true(test_number(home, "SELECT COUNT(*) FROM receipt WHERE body <> ''") > 0);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM reply WHERE (text <> '' OR person_id IS NOT NULL) "
                          "AND received_at < UTC_TIMESTAMP(3) - INTERVAL 37 MONTH"),
        0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM optout WHERE phone = ''"), 1);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM optout WHERE removed_at IS NULL AND phone <> ''"),
        in_force);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine WHERE batch_id <= 3"), 0);
    assert_true(test_number(home, "SELECT COUNT(*) FROM quarantine") > 0);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id <= 3 AND normalised IS NOT "
                          "NULL"),
        0);
    /* what was sent, when, and what became of it, stays */
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event"), events);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM reply"), replies);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM message WHERE campaign_id = 1 AND "
                                       "sent_at IS NULL AND state NOT IN ('suppressed', "
                                       "'rejected')"),
                     0);
    json_t *after = said(home);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM erasure WHERE why = 'yearly' AND "
                                       "rows_before IS NOT NULL AND JSON_VALID(erased)"),
                     1);
}

static void purged_base_is_sound_and_is_shown_as_before(void **state)
{
    TestHome *home = *state;
    TestOutput verified = TEST_RUN(home, "--lang", "en", "db", "verify", "--all");
    if (verified.status != 0)
        fail_msg("%s%s", verified.out, verified.err);
    static const char *const SHOWN[][4] = {{"outreach", "log", "first", NULL},
                                           {"outreach", "report", "first", NULL},
                                           {"outreach", "optout", "list", NULL},
                                           {"survey", "problems", NULL, NULL},
                                           {"survey", "batches", NULL, NULL}};
    for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN; i++) {
        TestOutput output = test_run(home, SHOWN[i]);
        if (output.status != 0)
            fail_msg("%s %s: %s", SHOWN[i][0], SHOWN[i][1], output.err);
    }
    json_t *again = TEST_JSON(home, 0, "db", "purge", "--dry-run");
    assert_int_equal(rows_of(again, "message") + rows_of(again, "suppression") +
                         rows_of(again, "reply") + rows_of(again, "receipt") +
                         rows_of(again, "optout") + rows_of(again, "quarantine") +
                         rows_of(again, "answer"),
                     0);
    json_decref(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dry_run_says_what_would_go_and_changes_nothing),
        cmocka_unit_test(old_records_name_nobody_and_all_counts_stay),
        cmocka_unit_test(purged_base_is_sound_and_is_shown_as_before),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
