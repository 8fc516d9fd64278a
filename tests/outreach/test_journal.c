/* Outcomes that outlive the base's absence. */
#include "outbox_fill.h"

#include "outreach/journal.h"

#include <fcntl.h>
#include <string.h>

#define EPOCH "0011-2233-4455-6677-8899-aabb-ccdd-eeff"
#define WORKER "ffeeddccbb"

static void fill(TestHome *home)
{
    outbox_people(home, 4);
    outbox_campaign(home, 1, 1, 4);
    test_sql(home, "UPDATE message SET state = 'claimed', fence = 5, attempts = 1");
}

static const Attempt ATTEMPTS[] = {
    {.message = 1,
     .campaign = 1,
     .fence = 5,
     .attempts = 1,
     .outcome = {.kind = OUTCOME_ACCEPTED, .gateway_id = "G1", .note = "http 202"}},
    {.message = 2,
     .campaign = 1,
     .fence = 5,
     .attempts = 1,
     .outcome = {.kind = OUTCOME_REJECTED, .code = "bad", .note = "http 422"}},
    {.message = 3,
     .campaign = 1,
     .fence = 4,
     .attempts = 1,
     .outcome = {.kind = OUTCOME_ACCEPTED}}, /* an older claim */
    {.message = 4,
     .campaign = 1,
     .fence = 5,
     .attempts = 1,
     .wait_ms = 1000,
     .outcome = {.kind = OUTCOME_NOT_SENT}},
};

static const char *journal_path(TestHome *home)
{
    return arena_printf(home->context.arena, "%s/journal/" EPOCH "-" WORKER ".jsonl", home->dir);
}

static void write_journal(TestHome *home, bool keep_open, Journal *journal)
{
    Err err = {0};
    *journal = journal_start(home->dir, EPOCH, WORKER);
    assert_ok(journal_append(journal, ATTEMPTS, 4, &err), &err);
    if (!keep_open)
        journal_close(journal);
}

static AttemptCounts replay(TestHome *home)
{
    Err err = {0};
    AttemptCounts counts = {0};
    assert_ok(journal_replay(home->dir, EPOCH, home->context.db, &counts, &err), &err);
    return counts;
}

static void journal_is_replayed_once(void **state)
{
    TestHome *home = *state;
    Journal journal;
    fill(home);
    write_journal(home, false, &journal);
    AttemptCounts counts = replay(home);
    assert_int_equal(counts.by_kind[OUTCOME_ACCEPTED], 1);
    assert_int_equal(counts.by_kind[OUTCOME_REJECTED], 1);
    assert_int_equal(counts.by_kind[OUTCOME_NOT_SENT], 1);
    assert_int_equal(counts.stale, 1);
    assert_int_equal(
        test_number(
            home,
            "SELECT COUNT(*) FROM message WHERE id = 1 AND state = 'sent' AND gateway_id = 'G1'"),
        1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM message WHERE id = 2 AND state = "
                                       "'rejected' AND error_code = 'bad'"),
                     1);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message WHERE id = 3 AND state = 'claimed'"), 1);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message WHERE id = 4 AND state = 'queued' AND "
                          "not_before > UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE"),
        1);
    assert_int_not_equal(access(journal_path(home), F_OK), 0);
    counts = replay(home);
    assert_int_equal(counts.by_kind[OUTCOME_ACCEPTED], 0);
}

static void journal_settles_what_a_lost_lease_made_uncertain(void **state)
{
    TestHome *home = *state;
    Journal journal;
    fill(home);
    write_journal(home, false, &journal);
    test_sql(home, "UPDATE message SET state = 'uncertain'");
    AttemptCounts counts = replay(home);
    assert_int_equal(counts.by_kind[OUTCOME_ACCEPTED], 1);
    assert_int_equal(outbox_in_state(home, "sent"), 1);
    /* uncertain is never queued again by itself, not even by a journal that says "not sent" */
    assert_int_equal(outbox_in_state(home, "uncertain"), 3);
    assert_int_equal(outbox_in_state(home, "queued"), 0);
}

static void journal_of_a_living_worker_or_another_base_is_left_alone(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Journal journal;
    fill(home);
    write_journal(home, true, &journal);
    assert_int_equal(replay(home).by_kind[OUTCOME_ACCEPTED], 0);
    assert_int_equal(access(journal_path(home), F_OK), 0);
    journal_close(&journal);
    AttemptCounts counts = {0};
    assert_ok(journal_replay(home->dir, "another", home->context.db, &counts, &err), &err);
    assert_int_equal(counts.by_kind[OUTCOME_ACCEPTED], 0);
    assert_int_equal(replay(home).by_kind[OUTCOME_ACCEPTED], 1);
}

static void journal_with_a_cut_last_line_is_read_up_to_it(void **state)
{
    TestHome *home = *state;
    Journal journal;
    fill(home);
    write_journal(home, false, &journal);
    struct stat status;
    assert_int_equal(stat(journal_path(home), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(truncate(journal_path(home), status.st_size - 10), 0);
    AttemptCounts counts = replay(home);
    assert_int_equal(counts.by_kind[OUTCOME_ACCEPTED], 1);
    assert_int_equal(counts.by_kind[OUTCOME_NOT_SENT], 0);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message WHERE id = 4 AND state = 'claimed'"), 1);
}

static void journal_with_a_damaged_line_is_kept_and_named(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Journal journal;
    fill(home);
    write_journal(home, false, &journal);
    int file = open(journal_path(home), O_WRONLY | O_CLOEXEC);
    assert_true(write(file, "garbage!", 8) == 8);
    close(file);
    AttemptCounts counts = {0};
    assert_int_equal(journal_replay(home->dir, EPOCH, home->context.db, &counts, &err), ERR_IO);
    assert_string_equal(
        err.text,
        arena_printf(home->context.arena, "%s:1: not a line of the journal", journal_path(home)));
    assert_int_equal(access(journal_path(home), F_OK), 0);
    assert_int_equal(outbox_in_state(home, "claimed"), 4);
    unlink(journal_path(home));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(journal_is_replayed_once),
        cmocka_unit_test(journal_settles_what_a_lost_lease_made_uncertain),
        cmocka_unit_test(journal_of_a_living_worker_or_another_base_is_left_alone),
        cmocka_unit_test(journal_with_a_cut_last_line_is_read_up_to_it),
        cmocka_unit_test(journal_with_a_damaged_line_is_kept_and_named),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
