#include "outreach/campaign.h"

#include "outreach/fill.h"
#include "outreach/outbox.h"

#include <sys/stat.h>

enum { PEOPLE = 3 };

/* A draft 'a' of three people. */
static Draft drafted(TestHome *home)
{
    Err err = {0};
    Facts people[PEOPLE];
    for (int at = 0; at < PEOPLE; at++)
        people[at] = fill_person(home->context.arena, at + 1);
    fill_people(home, people, PEOPLE);
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    return draft;
}

typedef enum Step { APPROVE, LAUNCH, PAUSE, RESUME, CANCEL, FINISH, STEP_COUNT } Step;

static ErrCode finish_body(Db *db, void *state, Err *err)
{
    return campaign_finish(db, state, err);
}

static ErrCode step_take(TestHome *home, Step step, Campaign *campaign, Err *err)
{
    Db *db = home->context.db;
    Arena *arena = home->context.arena;
    int64_t number = 0;
    switch (step) {
    case APPROVE:
        return campaign_approve(db, arena, "a", "boss", campaign, err);
    case LAUNCH:
        return campaign_launch(db, arena, "a", campaign, err);
    case PAUSE:
        return campaign_pause(db, arena, "a", "why", campaign, err);
    case RESUME:
        return campaign_resume(db, arena, "a", campaign, err);
    case CANCEL:
        return campaign_cancel(db, arena, "a", campaign, &number, err);
    case FINISH:
        return db_transact(db, finish_body, &number, err);
    case STEP_COUNT:
        break;
    }
    return err_set(err, ERR_USAGE, "no such step");
}

static const char *state_now(TestHome *home)
{
    Err err = {0};
    Campaign campaign;
    assert_ok(campaign_load(home->context.db, home->context.arena, "a", &campaign, &err), &err);
    return campaign_state_word(campaign.state);
}

static void each_step_is_taken_from_its_states_only(void **state)
{
    static const struct {
        const char *from;
        const char *to[CANCEL + 1]; /* by Step; NULL = refused */
    } TABLE[] = {
        {"draft", {"approved", NULL, NULL, NULL, "cancelled"}},
        {"approved", {NULL, "running", NULL, NULL, "cancelled"}},
        {"running", {NULL, NULL, "paused", NULL, "cancelled"}},
        {"paused", {NULL, NULL, NULL, "running", "cancelled"}},
        {"cancelled", {NULL, NULL, NULL, NULL, NULL}},
        {"done", {NULL, NULL, NULL, NULL, NULL}},
    };
    TestHome *home = *state;
    drafted(home);
    for (size_t at = 0; at < sizeof TABLE / sizeof TABLE[0]; at++) {
        for (Step step = APPROVE; step <= CANCEL; step++) {
            Err err = {0};
            Campaign campaign = {0};
            const char *to = TABLE[at].to[step];
            test_sql(home,
                     arena_printf(home->context.arena,
                                  "UPDATE campaign SET state = '%s', approved_hash = content_hash",
                                  TABLE[at].from));
            ErrCode code = step_take(home, step, &campaign, &err);
            if (code != (to ? OK : ERR_REFUSED))
                fail_msg("%s, step %d: %s %s", TABLE[at].from, (int)step, err_name(code), err.text);
            assert_string_equal(state_now(home), to ? to : TABLE[at].from);
            if (to)
                assert_string_equal(campaign_state_word(campaign.state), to);
        }
    }
}

static void a_refused_step_says_the_state_and_what_to_do(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Campaign campaign;
    drafted(home);
    assert_int_equal(step_take(home, LAUNCH, &campaign, &err), ERR_REFUSED);
    assert_string_equal(err.text, "campaign 'a' is draft and cannot become running");
    assert_string_equal(err.hint, "approve it first: talent outreach approve 'a'");
}

static void a_campaign_is_found_by_name_and_by_number(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Campaign campaign;
    Draft draft = drafted(home);
    const char *number = arena_printf(home->context.arena, "%" PRId64, draft.id);
    assert_ok(campaign_load(home->context.db, home->context.arena, number, &campaign, &err), &err);
    assert_string_equal(campaign.name, "a");
    assert_int_equal(campaign.people, PEOPLE);
    assert_string_equal(campaign.planned_by, "tester");
    assert_null(campaign.approved_hash);
    assert_int_equal(campaign_load(home->context.db, home->context.arena, "b", &campaign, &err),
                     ERR_NOT_FOUND);
    assert_string_equal(err.text, "there is no campaign 'b'");
    assert_int_equal(campaign_load(home->context.db, home->context.arena, "99", &campaign, &err),
                     ERR_NOT_FOUND);
}

static void approval_and_launch_record_who_when_and_which_base(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Campaign campaign;
    drafted(home);
    assert_ok(step_take(home, APPROVE, &campaign, &err), &err);
    assert_string_equal(campaign.approved_by, "boss");
    assert_memory_equal(campaign.approved_hash, campaign.content_hash, CAMPAIGN_HASH_BYTES);
    assert_ok(step_take(home, LAUNCH, &campaign, &err), &err);
    assert_int_equal(
        test_number(
            home,
            "SELECT launch_epoch = (SELECT epoch FROM base_state) AND launched_at IS NOT NULL AND "
            "approved_at IS NOT NULL FROM campaign"),
        1);
}

/* Everything that is approved, changed behind the program's back. */
static const char *const CHANGES[] = {
    "UPDATE message SET text = CONCAT(text, '！') ORDER BY id DESC LIMIT 1",
    "UPDATE message SET gaps = CONCAT(gaps, '！') ORDER BY id DESC LIMIT 1",
    "UPDATE message SET phone_hash = UNHEX(MD5('x')) ORDER BY id LIMIT 1",
    "UPDATE message SET person_id = person_id + 1000 ORDER BY id DESC LIMIT 1",
    "DELETE FROM delivery_event;\nDELETE FROM message ORDER BY id LIMIT 1",
    "INSERT INTO message (campaign_id, person_id, verdict, route, phone_hash, phone, text, "
    "segments) SELECT campaign_id, 5000, "
    "verdict, route, phone_hash, phone, text, segments FROM message ORDER BY id LIMIT 1",
    "UPDATE campaign SET template_text = CONCAT(template_text, ' ')",
};

static void any_change_after_the_approval_voids_it(void **state)
{
    TestHome *home = *state;
    for (size_t at = 0; at < sizeof CHANGES / sizeof CHANGES[0]; at++) {
        Err err = {0};
        Campaign campaign;
        drafted(home);
        assert_ok(step_take(home, APPROVE, &campaign, &err), &err);
        test_sql(home, CHANGES[at]);
        if (step_take(home, LAUNCH, &campaign, &err) != ERR_REFUSED)
            fail_msg("change %zu went unseen", at);
        assert_string_equal(err.text, "the approval of campaign 'a' is void");
        assert_string_equal(state_now(home), "draft");
        assert_int_equal(
            test_number(home, "SELECT approved_hash IS NULL AND approved_by IS NULL FROM campaign"),
            1);
        /* and what is no longer what was planned cannot be approved again */
        assert_int_equal(step_take(home, APPROVE, &campaign, &err), ERR_REFUSED);
        assert_string_equal(err.text, "campaign 'a' is no longer what was planned");
    }
}

/* A share folder in the home, with the policy as shipped but for one parameter. */
static void share_with_other_policy(TestHome *home)
{
    char line[4096];
    Arena *arena = home->context.arena;
    const char *share = arena_printf(arena, "%s/share", home->dir);
    assert_int_equal(mkdir(share, 0700), 0);
    assert_int_equal(mkdir(arena_printf(arena, "%s/policy", share), 0700), 0);
    FILE *in = fopen(TALENT_SOURCE "/policy/dongguan-2012-140.json", "re");
    FILE *out = fopen(arena_printf(arena, "%s/policy/dongguan-2012-140.json", share), "we");
    assert_non_null(in);
    assert_non_null(out);
    while (fgets(line, sizeof line, in)) {
        char *age = strstr(line, "\"value\": 45");
        if (age)
            age[strlen("\"value\": 4")] = '4';
        fputs(line, out);
    }
    fclose(in);
    assert_int_equal(fclose(out), 0);
    setenv("TALENT_SHARE", share, 1);
}

static void a_changed_policy_voids_the_approval(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Campaign campaign;
    drafted(home);
    assert_ok(step_take(home, APPROVE, &campaign, &err), &err);
    share_with_other_policy(home);
    ErrCode code = step_take(home, LAUNCH, &campaign, &err);
    unsetenv("TALENT_SHARE");
    assert_int_equal(code, ERR_REFUSED);
    assert_string_equal(err.text, "the approval of campaign 'a' is void");
    assert_string_equal(state_now(home), "draft");
}

static void a_change_during_a_pause_is_seen_when_it_is_resumed(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Campaign campaign;
    drafted(home);
    for (Step step = APPROVE; step <= PAUSE; step++)
        assert_ok(step_take(home, step, &campaign, &err), &err);
    assert_string_equal(campaign.paused_why, "why");
    test_sql(home, CHANGES[0]);
    assert_int_equal(step_take(home, RESUME, &campaign, &err), ERR_REFUSED);
    assert_string_not_equal(state_now(home), "running");
}

static void states_and_attempts_of_messages_do_not_touch_the_approval(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Campaign campaign;
    drafted(home);
    for (Step step = APPROVE; step <= PAUSE; step++)
        assert_ok(step_take(home, step, &campaign, &err), &err);
    test_sql(home, "UPDATE message SET state = 'delivered', attempts = 3, gateway_id = 'g' ORDER "
                   "BY id LIMIT 1");
    assert_ok(step_take(home, RESUME, &campaign, &err), &err);
    assert_null(campaign.paused_why);
}

static void an_empty_campaign_cannot_be_approved(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Campaign campaign;
    test_reset(home);
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_int_equal(step_take(home, APPROVE, &campaign, &err), ERR_REFUSED);
    assert_string_equal(err.text, "campaign 'a' has no messages");
}

static void cancelling_cancels_what_waits_in_the_same_step(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Campaign campaign;
    int64_t cancelled = 0, counts[STATE_COUNT], total = 0;
    drafted(home);
    test_sql(home, "UPDATE message SET state = 'claimed' ORDER BY id LIMIT 1");
    assert_ok(
        campaign_cancel(home->context.db, home->context.arena, "a", &campaign, &cancelled, &err),
        &err);
    assert_int_equal(cancelled, PEOPLE - 1);
    assert_ok(outbox_counts(home->context.db, campaign.id, counts, &total, &err), &err);
    assert_int_equal(counts[STATE_CANCELLED], PEOPLE - 1);
    assert_int_equal(counts[STATE_CLAIMED], 1);
    assert_int_equal(total, PEOPLE);
}

static void a_running_campaign_is_done_when_nothing_can_move_any_more(void **state)
{
    static const struct {
        const char *message, *campaign;
    } CASES[] = {{"queued", "running"},    {"claimed", "running"}, {"sent", "running"},
                 {"uncertain", "running"}, {"delivered", "done"},  {"rejected", "done"},
                 {"undelivered", "done"},  {"expired", "done"},    {"suppressed", "done"}};
    TestHome *home = *state;
    drafted(home);
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        Err err = {0};
        test_sql(
            home,
            arena_printf(
                home->context.arena,
                "UPDATE campaign SET state = 'running';\nUPDATE message SET state = 'delivered';\n"
                "UPDATE message SET state = '%s' ORDER BY id DESC LIMIT 1",
                CASES[at].message));
        assert_ok(step_take(home, FINISH, NULL, &err), &err);
        assert_string_equal(state_now(home), CASES[at].campaign);
    }
}

static ErrCode stop_body(Db *db, void *state, Err *err)
{
    return campaign_stop(db, *(int64_t *)state, "the gateway refuses the account", err);
}

static void a_gateway_stops_only_a_running_campaign(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Draft draft = drafted(home);
    assert_ok(db_transact(home->context.db, stop_body, &draft.id, &err), &err);
    assert_string_equal(state_now(home), "draft");
    test_sql(home, "UPDATE campaign SET state = 'running'");
    assert_ok(db_transact(home->context.db, stop_body, &draft.id, &err), &err);
    assert_string_equal(state_now(home), "paused");
    assert_int_equal(
        test_number(home, "SELECT paused_why = 'the gateway refuses the account' FROM campaign"),
        1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_is_taken_from_its_states_only),
        cmocka_unit_test(a_refused_step_says_the_state_and_what_to_do),
        cmocka_unit_test(a_campaign_is_found_by_name_and_by_number),
        cmocka_unit_test(approval_and_launch_record_who_when_and_which_base),
        cmocka_unit_test(any_change_after_the_approval_voids_it),
        cmocka_unit_test(a_changed_policy_voids_the_approval),
        cmocka_unit_test(a_change_during_a_pause_is_seen_when_it_is_resumed),
        cmocka_unit_test(states_and_attempts_of_messages_do_not_touch_the_approval),
        cmocka_unit_test(an_empty_campaign_cannot_be_approved),
        cmocka_unit_test(cancelling_cancels_what_waits_in_the_same_step),
        cmocka_unit_test(a_running_campaign_is_done_when_nothing_can_move_any_more),
        cmocka_unit_test(a_gateway_stops_only_a_running_campaign),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
