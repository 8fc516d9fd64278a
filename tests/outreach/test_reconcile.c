/* outreach/reconcile.c, aftermath.c, pushes.c: what a restored base may have missed. */
#include "outreach/outbox_fill.h"

#include "base/text.h"
#include "outreach/epoch.h"
#include "support/scripted.h"

#include <string.h>

enum { PEOPLE = 60, TAKEN_BEFORE_S = 3600 };

static const char TAKEN[] = "UTC_TIMESTAMP(3) - INTERVAL 1 HOUR";

/* Campaigns 1..4, ten messages each: draft, approved, running (with one message in each state),
 * paused; 5 is done and 6 cancelled. The base came back an hour after its backup. */
static void fill(TestHome *home)
{
    static const char *const STATES[] = {"draft",  "approved", "running",
                                         "paused", "done",     "cancelled"};
    Arena *arena = home->context.arena;
    outbox_people(home, PEOPLE);
    for (int id = 1; id <= 6; id++) {
        outbox_campaign(home, id, id * 10 - 9, id * 10);
        test_sql(home, arena_printf(arena, "UPDATE campaign SET state = '%s' WHERE id = %d",
                                    STATES[id - 1], id));
    }
    test_sql(home, "UPDATE message SET state = 'delivered' WHERE campaign_id = 5;\n"
                   "UPDATE message SET state = 'cancelled' WHERE campaign_id = 6;\n"
                   "UPDATE message SET state = 'claimed', fence = 1, attempts = 1, worker = "
                   "RANDOM_BYTES(16) WHERE person_id IN (21, 22);\n"
                   "UPDATE message SET state = 'sent' WHERE person_id = 23;\n"
                   "UPDATE message SET state = 'delivered' WHERE person_id = 24;\n"
                   "UPDATE message SET state = 'uncertain' WHERE person_id = 25;\n"
                   "UPDATE campaign SET launch_epoch = NULL WHERE id <= 2");
    test_sql(home,
             arena_printf(arena,
                          "INSERT INTO restoration (taken_at, backup_epoch, epoch, program, "
                          "restored_by, restored_at) SELECT %s, UNHEX(REPEAT('ab', 16)), epoch, "
                          "'0.1.0', 't', UTC_TIMESTAMP(3) FROM base_state",
                          TAKEN));
}

static int64_t in_state(TestHome *home, const char *state)
{
    return test_number(home,
                       arena_printf(home->context.arena,
                                    "SELECT COUNT(*) FROM message WHERE state = '%s'", state));
}

static void assert_dispatch_refused(TestHome *home)
{
    TestOutput output = TEST_RUN(home, "--lang", "en", "outreach", "dispatch", "--until-done");
    assert_int_equal(output.status, 1);
    assert_non_null(strstr(output.err, "was restored from a backup"));
    assert_non_null(strstr(output.err, "talent outreach reconcile"));
}

static void what_waited_or_was_on_its_way_becomes_uncertain(void **state)
{
    TestHome *home = *state;
    fill(home);
    assert_dispatch_refused(home);
    json_t *result = TEST_JSON(home, 0, "outreach", "reconcile");
    json_t *settled = json_object_get(result, "settled");
    assert_int_equal(json_integer_value(json_object_get(settled, "claimed_to_uncertain")), 2);
    assert_int_equal(json_integer_value(json_object_get(settled, "queued_to_uncertain")), 35);
    assert_int_equal(json_integer_value(json_object_get(result, "still_queued")), 0);
    assert_int_equal(json_array_size(json_object_get(result, "campaigns")), 4);
    json_decref(result);
    assert_int_equal(in_state(home, "uncertain"), 38);
    assert_int_equal(in_state(home, "queued") + in_state(home, "claimed"), 0);
    assert_int_equal(in_state(home, "sent"), 1);
    assert_int_equal(in_state(home, "delivered"), 11);
    assert_int_equal(in_state(home, "cancelled"), 10);
    /* each move is in the delivery log */
    assert_int_equal(test_number(home,
                                 "SELECT COUNT(*) FROM delivery_event WHERE cause = 'restore' "
                                 "AND to_state = 'uncertain'"),
                     37);
    /* what ran is held, what was launched belongs to this base, the rest is as it was */
    assert_int_equal(test_number(home,
                                 "SELECT COUNT(*) FROM campaign, base_state WHERE "
                                 "(campaign.id IN (1, 2) AND campaign.launch_epoch IS NULL AND "
                                 "campaign.state IN ('draft', 'approved')) OR "
                                 "(campaign.id IN (3, 4) AND campaign.state = 'paused' AND "
                                 "campaign.launch_epoch = base_state.epoch)"),
                     4);
    assert_int_equal(test_number(home,
                                 "SELECT COUNT(*) FROM restoration WHERE reconciled_at IS NOT "
                                 "NULL AND JSON_VALID(settled)"),
                     1);
    Err err = {0};
    const char *epoch;
    assert_ok(epoch_check(home->context.db, home->context.arena, home->dir, &epoch, &err), &err);
    TestOutput again = TEST_RUN(home, "--lang", "en", "outreach", "reconcile");
    assert_int_equal(again.status, 1);
    assert_non_null(strstr(again.err, "was not restored, or what came after is settled"));
}

static const char *dongguan_time(TestHome *home, int64_t ms)
{
    char text[20];
    return arena_strdup(home->context.arena, moment_format(ms, text));
}

static void who_knows_that_nothing_went_out_keeps_the_queue(void **state)
{
    TestHome *home = *state;
    fill(home);
    Moment now = moment_now();
    const char *late = dongguan_time(home, now - 60 * 1000),
               *early = dongguan_time(home, now - (TAKEN_BEFORE_S + 60) * 1000LL);
    static const char *const WRONG[] = {"yesterday",        "2012-09-27",
                                        "2012-09-27 25:00", "2012-09-27 10:61",
                                        "2012-13-01 10:00", "2012-09-27 10:00x"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        TestOutput output = TEST_RUN(home, "--lang", "en", "outreach", "reconcile",
                                     "--as-not-sent-since", WRONG[i], "--why", "the log");
        assert_int_equal(output.status, 2);
    }
    TestOutput silent = TEST_RUN(home, "outreach", "reconcile", "--as-not-sent-since", early);
    assert_int_equal(silent.status, 2);
    TestOutput output = TEST_RUN(home, "--lang", "en", "outreach", "reconcile",
                                 "--as-not-sent-since", late, "--why", "the log");
    assert_int_equal(output.status, 1);
    assert_non_null(strstr(output.err, "what went out between then and that time is not in it"));
    assert_dispatch_refused(home);
    assert_int_equal(in_state(home, "queued"), 35);
    json_t *result = TEST_JSON(home, 0, "outreach", "reconcile", "--as-not-sent-since", early,
                               "--why", "the workers were stopped");
    assert_int_equal(json_integer_value(json_object_get(result, "still_queued")), 35);
    json_decref(result);
    assert_int_equal(in_state(home, "queued"), 35);
    assert_int_equal(in_state(home, "uncertain"), 3);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM restoration WHERE reconciled_why LIKE "
                                       "'%the workers were stopped'"),
                     1);
}

static const char *file_write(TestHome *home, const char *name, const char *text)
{
    const char *path = arena_printf(home->context.arena, "%s/%s", home->dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void surviving_journal_tells_what_was_sent(void **state)
{
    TestHome *home = *state;
    fill(home);
    const char *folder = arena_printf(home->context.arena, "%s/survived", home->dir);
    assert_int_equal(mkdir(folder, 0700), 0);
    int64_t accepted =
        test_number(home, "SELECT id FROM message WHERE person_id = 26 AND campaign_id = 3");
    const char *lines = arena_printf(
        home->context.arena,
        "{\"message\":%lld,\"campaign\":3,\"fence\":4,\"attempts\":1,\"wait_ms\":0,\"outcome\":"
        "\"accepted\",\"gateway_id\":\"G7\"}\n"
        "{\"message\":%lld,\"campaign\":3,\"fence\":4,\"attempts\":1,\"wait_ms\":0,\"outcome\":"
        "\"not_sent\"}\n",
        (long long)accepted, (long long)accepted + 1);
    const char *own =
        arena_printf(home->context.arena, "survived/%s-0102030405.jsonl",
                     epoch_grouped(home->context.arena, "abababababababababababababababab"));
    file_write(home, own, lines);
    file_write(home, "survived/1111-of-another-base.jsonl", lines);
    json_t *result = TEST_JSON(home, 0, "outreach", "reconcile", "--journal", folder);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(result, "settled"), "sent_by_journal")),
        1);
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT person_id FROM message WHERE gateway_id = 'G7' AND "
                                       "state = 'sent'"),
                     26);
    assert_int_equal(in_state(home, "uncertain"), 37);
}

static void pushes_that_were_kept_bring_back_opt_outs(void **state)
{
    TestHome *home = *state;
    fill(home);
    test_config(home, "\"gateways\": {\"street\": {\"type\": \"simulator\", \"url\": "
                      "\"http://127.0.0.1:1/send\"}}");
    const char *reply = arena_printf(
        home->context.arena,
        "{\"gateway\": \"street\", \"kind\": \"reply\", \"body\": \"[{\\\"phone\\\": \\\"%s\\\", "
        "\\\"text\\\": \\\"TD\\\"}]\"}\n",
        outbox_phone(home, 35));
    const char *broken = file_write(
        home, "broken.jsonl", arena_printf(home->context.arena, "%s{\"gateway\": 7}\n", reply));
    TestOutput output = TEST_RUN(home, "--lang", "en", "outreach", "reconcile", "--pushes", broken);
    assert_int_equal(output.status, 1);
    assert_non_null(strstr(output.err, ":2: not a push"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt"), 0);
    assert_dispatch_refused(home);
    const char *kept = file_write(home, "kept.jsonl", reply);
    json_t *result = TEST_JSON(home, 0, "outreach", "reconcile", "--pushes", kept);
    assert_int_equal(json_integer_value(json_object_get(result, "pushes")), 1);
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM optout o JOIN message m ON "
                                       "m.phone_hash = o.active_hash WHERE m.person_id = 35 AND "
                                       "m.state = 'suppressed'"),
                     1);
    test_config(home, NULL);
}

/* A dump brought back by hand has the epoch of the base that it is of: a person must say so. */
static void base_brought_back_by_hand_is_declared(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    const char *before, *after;
    fill(home);
    test_sql(home, "DELETE FROM restoration");
    assert_ok(epoch_adopt(home->context.db, home->context.arena, home->dir, &err), &err);
    assert_ok(epoch_check(home->context.db, home->context.arena, home->dir, &before, &err), &err);
    const char *early = dongguan_time(home, moment_now() - TAKEN_BEFORE_S * 1000LL);
    TestOutput future = TEST_RUN(home, "outreach", "reconcile", "--as-of-backup",
                                 dongguan_time(home, moment_now() + 3600 * 1000LL));
    assert_int_equal(future.status, 2);
    json_decref(TEST_JSON(home, 0, "outreach", "reconcile", "--as-of-backup", early));
    assert_int_equal(in_state(home, "uncertain"), 38);
    assert_ok(epoch_check(home->context.db, home->context.arena, home->dir, &after, &err), &err);
    assert_string_not_equal(before, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waited_or_was_on_its_way_becomes_uncertain),
        cmocka_unit_test(who_knows_that_nothing_went_out_keeps_the_queue),
        cmocka_unit_test(surviving_journal_tells_what_was_sent),
        cmocka_unit_test(pushes_that_were_kept_bring_back_opt_outs),
        cmocka_unit_test(base_brought_back_by_hand_is_declared),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
