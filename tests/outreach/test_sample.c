/* A campaign that goes to a few people first: never to one more before a person has looked. */
#include "fill.h"
#include "simulated.h"
#include "support/street.h"

#include "outreach/sample.h"
#include "outreach/verbs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

enum { PEOPLE = 60, SAMPLE = 7 };

static void drafted(TestHome *home)
{
    Err err = {0};
    Facts people[PEOPLE];
    for (int n = 0; n < PEOPLE; n++)
        people[n] = fill_person(home->context.arena, n + 1);
    fill_people(home, people, PEOPLE);
    unlink(arena_printf(home->context.arena, "%s/epoch", home->dir));
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_int_equal(draft.audience, PEOPLE);
}

static ErrCode approve(TestHome *home, int64_t size, int64_t seed, Err *err)
{
    Campaign campaign;
    const SampleApproval approval = {.word = "a", .user = "boss", .size = size, .seed = seed};
    return campaign_approve_sample(home->context.db, home->context.arena, &approval, &campaign,
                                   err);
}

static void launch(TestHome *home)
{
    Err err = {0};
    Campaign campaign;
    assert_ok(campaign_launch(home->context.db, home->context.arena, "a", &campaign, &err), &err);
}

static void resume(TestHome *home)
{
    Err err = {0};
    Campaign campaign;
    assert_ok(campaign_resume(home->context.db, home->context.arena, "a", &campaign, &err), &err);
}

static int64_t held(TestHome *home)
{
    return test_number(home, "SELECT COUNT(*) FROM message WHERE not_before = '9999-12-31'");
}

/* A number over who is of the sample. */
static int64_t who(TestHome *home)
{
    return test_number(home, "SELECT CAST(SUM(CRC32(person_id)) AS SIGNED) FROM message WHERE "
                             "not_before IS NULL");
}

static void the_same_seed_chooses_the_same_people_and_another_one_others(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    int64_t chosen[3];
    static const int64_t SEEDS[] = {42, 43, 42};
    for (int n = 0; n < 3; n++) {
        drafted(home);
        assert_ok(approve(home, SAMPLE, SEEDS[n], &err), &err);
        assert_int_equal(held(home), PEOPLE - SAMPLE);
        chosen[n] = who(home);
    }
    assert_int_equal(chosen[0], chosen[2]);
    assert_int_not_equal(chosen[0], chosen[1]);
    assert_int_equal(
        test_number(home, "SELECT sample_size = 7 AND sample_seed = 42 AND wave = 'sample' AND "
                          "approved_hash = content_hash FROM campaign"),
        1);
    /* as the comment of the table says, so that anyone can choose again */
    assert_int_equal(test_number(home,
                                 "SELECT COUNT(*) FROM (SELECT person_id FROM message ORDER BY "
                                 "SHA1(CONCAT('42:', person_id)) LIMIT 7) s JOIN message m USING "
                                 "(person_id) WHERE m.not_before IS NULL"),
                     SAMPLE);
    assert_int_not_equal(sample_seed_new(), sample_seed_new());
    assert_true(sample_seed_new() >= 0 && sample_seed_new() < (1LL << 53));
}

static void everyone_is_chosen_about_equally_often(void **state)
{
    enum { SEEDS = 300 };
    TestHome *home = *state;
    drafted(home);
    /* 300 choices of 7 of 60: 35 times each, with a spread of 5.6 */
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM (SELECT person_id, COUNT(*) AS times FROM (SELECT "
                          "person_id, ROW_NUMBER() OVER (PARTITION BY seq ORDER BY "
                          "SHA1(CONCAT(seq, ':', person_id))) AS place FROM message JOIN "
                          "seq_1_to_300) c WHERE place <= 7 GROUP BY person_id) t WHERE times "
                          "BETWEEN 12 AND 62"),
        PEOPLE);
}

static void the_sample_is_sent_then_the_campaign_waits_for_a_look_and_goes_on(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    drafted(home);
    assert_ok(approve(home, SAMPLE, 1, &err), &err);
    launch(home);
    Simulator *simulator = simulate(home, "");
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(stat_of(simulator, "requests"), SAMPLE);
    assert_int_equal(report.delivered, SAMPLE);
    assert_int_equal(report.paused_count, 1);
    assert_string_equal(report.paused[0].why, "sample sent: look at it and resume");

    json_t *status = fill_run(home, &OUTREACH_STATUS, json_pack("{s[s]}", "arguments", "a"));
    assert_string_equal(json_string_value(json_object_get(status, "state")), "paused");
    assert_int_equal(json_number_at(status, "messages.delivered"), SAMPLE);
    assert_int_equal(json_number_at(status, "messages.queued"), PEOPLE - SAMPLE);
    assert_int_equal(json_sum(json_object_get(status, "messages")), PEOPLE);
    assert_int_equal(json_number_at(status, "sample.held"), PEOPLE - SAMPLE);
    assert_int_equal(json_number_at(status, "sample.size"), SAMPLE);
    json_decref(status);

    (void)outbox_dispatched(home); /* another worker finds nothing to do */
    assert_int_equal(stat_of(simulator, "requests"), SAMPLE);
    resume(home);
    assert_int_equal(held(home), 0);
    report = outbox_dispatched(home);
    assert_int_equal(outbox_in_state(home, "delivered"), PEOPLE);
    assert_int_equal(stat_of(simulator, "requests"), PEOPLE);
    assert_int_equal(stat_of(simulator, "taken_twice"), 0);
    assert_int_equal(test_number(home,
                                 "SELECT state = 'done' AND wave = 'rest' AND sample_seed = 1 FROM "
                                 "campaign"),
                     1);
    simulator_close(simulator);
}

static void a_pause_by_hand_lets_nobody_else_go(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Campaign campaign;
    drafted(home);
    assert_ok(approve(home, SAMPLE, 1, &err), &err);
    launch(home);
    assert_ok(campaign_pause(home->context.db, home->context.arena, "a", "why", &campaign, &err),
              &err);
    resume(home);
    assert_int_equal(held(home), PEOPLE - SAMPLE);
    int64_t paused = -1;
    assert_ok(samples_pause(home->context.db, &paused, &err), &err);
    assert_int_equal(paused, 0); /* nothing of it was sent yet */
    test_sql(home, "UPDATE message SET state = 'claimed' WHERE not_before IS NULL");
    assert_ok(samples_pause(home->context.db, &paused, &err), &err);
    assert_int_equal(paused, 0); /* … or it is under way */
    test_sql(home, "UPDATE message SET state = 'uncertain', sent_at = UTC_TIMESTAMP(3) WHERE state "
                   "= 'claimed'");
    assert_ok(samples_pause(home->context.db, &paused, &err), &err);
    assert_int_equal(paused, 0); /* … or its receipts may still come */
    test_sql(home, "UPDATE message SET sent_at = UTC_TIMESTAMP(3) - INTERVAL 60 SECOND WHERE state "
                   "= 'uncertain'");
    assert_ok(samples_pause(home->context.db, &paused, &err), &err);
    assert_int_equal(paused, 1);
    assert_int_equal(held(home), PEOPLE - SAMPLE);
}

static void a_sample_that_is_no_sample_is_refused_and_a_new_approval_frees_the_rest(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    drafted(home);
    assert_int_equal(approve(home, PEOPLE, 1, &err), ERR_REFUSED);
    assert_string_equal(err.text, "campaign 'a' has only 60 messages");
    assert_string_equal(err.hint, "choose a smaller sample, or approve it without one");
    assert_int_equal(held(home), 0);
    assert_ok(approve(home, PEOPLE - 1, 1, &err), &err);
    assert_int_equal(held(home), 1);
    test_sql(home, "UPDATE campaign SET state = 'draft', approved_hash = NULL");
    assert_ok(approve(home, 0, 0, &err), &err);
    assert_int_equal(held(home), 0);
    assert_int_equal(
        test_number(home, "SELECT wave = 'whole' AND sample_size IS NULL FROM campaign"), 1);
    assert_int_equal(TEST_RUN(home, "outreach", "approve", "a", "--seed", "3").status, 2);
}

static pid_t dispatch_start(const TestHome *home)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execl(TALENT_PROGRAM, TALENT_PROGRAM, "--home", home->dir, "--quiet", "outreach",
              "dispatch", (char *)NULL);
        _exit(127);
    }
    return pid;
}

/* The server ends the sessions of killed workers, and what they had begun, a moment later. */
static void wait_until_alone(TestHome *home)
{
    for (int tries = 0; tries < 400; tries++) {
        if (test_number(home, "SELECT COUNT(*) FROM information_schema.processlist WHERE db = "
                              "DATABASE() AND id <> CONNECTION_ID()") == 0)
            return;
        usleep(25 * 1000);
    }
    fail_msg("somebody else is at the base");
}

/* Two workers at once, killed again and again: time is helped along where a lease holds. */
static void killed_workers_send_the_sample_and_nobody_else(void **state)
{
    enum { ROUNDS = 6, WORKERS = 2 };
    TestHome *home = *state;
    Err err = {0};
    drafted(home);
    assert_ok(approve(home, SAMPLE, 5, &err), &err);
    int64_t chosen = who(home);
    launch(home);
    Simulator *simulator = simulate(home, "slow=30%,503=20%");
    for (unsigned round = 0; round < ROUNDS; round++) {
        pid_t workers[WORKERS];
        for (int n = 0; n < WORKERS; n++)
            workers[n] = dispatch_start(home);
        usleep((useconds_t)(60 + 50 * round) * 1000);
        for (int n = 0; n < WORKERS; n++) {
            int status;
            kill(workers[n], SIGKILL);
            assert_int_equal(waitpid(workers[n], &status, 0), workers[n]);
        }
        wait_until_alone(home);
        test_sql(home, "UPDATE message SET leased_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND "
                       "WHERE state = 'claimed';\n"
                       "UPDATE message SET not_before = NULL WHERE not_before < '9999-12-31'");
    }
    test_sql(home, "UPDATE message SET sent_at = sent_at - INTERVAL 60 SECOND");
    (void)outbox_dispatched(home);
    assert_true(stat_of(simulator, "taken") <= SAMPLE);
    assert_int_equal(stat_of(simulator, "taken_twice"), 0);
    assert_int_equal(outbox_in_state(home, "queued"), PEOPLE - SAMPLE);
    assert_int_equal(held(home), PEOPLE - SAMPLE);
    assert_int_equal(test_number(home, "SELECT CAST(SUM(CRC32(person_id)) AS SIGNED) FROM message "
                                       "WHERE state <> 'queued'"),
                     chosen);
    assert_int_equal(test_number(home, "SELECT state = 'paused' FROM campaign"), 1);
    simulator_close(simulator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_chooses_the_same_people_and_another_one_others),
        cmocka_unit_test(everyone_is_chosen_about_equally_often),
        cmocka_unit_test(the_sample_is_sent_then_the_campaign_waits_for_a_look_and_goes_on),
        cmocka_unit_test(a_pause_by_hand_lets_nobody_else_go),
        cmocka_unit_test(a_sample_that_is_no_sample_is_refused_and_a_new_approval_frees_the_rest),
        cmocka_unit_test(killed_workers_send_the_sample_and_nobody_else),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
