#include "outreach/draft.h"
#include "support/rounds.h"

#include "base/text.h"
#include "outreach/fill.h"
#include "outreach/text.h"
#include "people/phone.h"

enum { PEOPLE = 300, PHONES = 180, ROUNDS = 6 };

/* splitmix64; 0..below-1. */
static int64_t chance(uint64_t *seed, int64_t below)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)below);
}

/* The base as the test knows it, without asking SQL. */
typedef struct World {
    TestHome *home;
    Facts people[PEOPLE];
    const int64_t *persons;
    bool opted_out[PEOPLE]; /* put on the list by this person */
    bool forgotten[PEOPLE]; /* someone forgotten had this person's phone */
    bool told[PEOPLE];      /* an earlier message reached them within the cap */
    bool waits[PEOPLE];     /* a message of a running campaign waits for them */
} World;

static Facts random_person(Arena *arena, uint64_t *seed, int n)
{
    static const int64_t TOWNS[] = {441900119, 441900121, 441900003};
    Facts facts = fill_person(arena, n);
    int64_t name = chance(seed, 7);
    fill_text(&facts, FACT_NAME, arena_printf(arena, "林%d", n));
    if (name > 3)
        fill_text(&facts, FACT_NAME,
                  name == 4   ? arena_printf(arena, "林【%d】", n)
                  : name == 5 ? arena_printf(arena, "林{%d", n)
                              : arena_printf(arena, "林%d.com", n));
    fill_text(&facts, FACT_PHONE,
              chance(seed, 20) ? arena_printf(arena, "139%08d", (int)chance(seed, PHONES))
                               : "1440000000001");
    fill_number(&facts, FACT_SKILL_LEVEL, 1 + chance(seed, 5));
    fill_number(&facts, FACT_IN_CITY_HUKOU, chance(seed, 8) == 0);
    fill_number(&facts, FACT_PENSION_MONTHS, chance(seed, 60));
    facts.pension_on = date_of(2012, 9, 1);
    fill_number(&facts, FACT_EMPLOYER_TOWN, TOWNS[chance(seed, 3)]);
    if (chance(seed, 3) == 0)
        fill_number(&facts, FACT_CONSENT_SMS, chance(seed, 3) > 0);
    const FactId forgotten[] = {FACT_PHONE, FACT_EMPLOYER_TOWN, FACT_CERTIFICATE_TYPE,
                                FACT_SKILL_LEVEL, FACT_NAME};
    for (size_t at = 0; at < 5; at++) {
        if (chance(seed, 12) == 0)
            facts.values[forgotten[at]].known = false;
    }
    return facts;
}

/* Opt-outs, tombstones, and an earlier campaign whose messages reached some and wait for others. */
static void history_make(World *world, uint64_t *seed)
{
    TestHome *home = world->home;
    test_sql(home, "INSERT INTO campaign (id, name, state, template, template_text, policy, "
                   "policy_sha256, verdicts, as_of, people, "
                   "other_verdicts, content_hash, planned_by, planned_at) VALUES (901, 'earlier', "
                   "'running', 't', 'x', 'p', "
                   "REPEAT('a', 64), 'likely', '2012-10-01', 1, '{}', REPEAT('h', 32), 'tester', "
                   "UTC_TIMESTAMP(3))");
    for (int at = 0; at < PEOPLE; at++) {
        bool phone = world->people[at].values[FACT_PHONE].known;
        int64_t what = phone ? chance(seed, 20) : 9;
        world->opted_out[at] = what == 0;
        world->told[at] = what == 1;
        world->waits[at] = what == 2;
        world->forgotten[at] = what == 5;
        const char *id = arena_printf(home->context.arena, "%" PRId64, world->persons[at]);
        if (what == 0)
            test_sql(home, arena_printf(home->context.arena,
                                        "INSERT IGNORE INTO optout (phone_hash, phone, source, "
                                        "why, added_by, added_at) SELECT "
                                        "phone_hash, phone, 'staff', 'w', 'tester', "
                                        "UTC_TIMESTAMP(3) FROM person WHERE id = %s",
                                        id));
        else if (what == 5)
            test_sql(home, arena_printf(home->context.arena,
                                        "INSERT IGNORE INTO forgotten (key_hash, kind, why, "
                                        "forgotten_by, forgotten_at) SELECT phone_hash, 'phone', "
                                        "'w', 'tester', UTC_TIMESTAMP(3) FROM person WHERE id = %s",
                                        id));
        else if (what < 5) /* 3 and 4: reached too long ago, or refused by the gateway */
            test_sql(home,
                     arena_printf(home->context.arena,
                                  "INSERT INTO message (campaign_id, person_id, state, verdict, "
                                  "route, phone_hash, phone, text, "
                                  "segments, sent_at) SELECT 901, id, '%s', 'likely', 'r', "
                                  "phone_hash, phone, 'x', 1, "
                                  "UTC_TIMESTAMP(3) - INTERVAL %d DAY FROM person WHERE id = %s",
                                  what == 2   ? "queued"
                                  : what == 4 ? "rejected"
                                              : "delivered",
                                  what == 3 ? 31 : 29, id));
    }
}

static bool same_phone(const World *world, int a, int b)
{
    FactValue left = world->people[a].values[FACT_PHONE],
              right = world->people[b].values[FACT_PHONE];
    return left.known && right.known && text_equal(left.text, right.text);
}

static bool any_with_phone(const World *world, const bool *flags, int person)
{
    for (int at = 0; at < PEOPLE; at++) {
        if (flags[at] && same_phone(world, at, person))
            return true;
    }
    return false;
}

/* What must become of a person, by the rules as DESIGN words them; NULL = not addressed, "" = gets
 * a message. */
static const char *expected(const World *world, const Draft *draft, const bool *has_message,
                            int person)
{
    const Facts *facts = &world->people[person];
    const AudienceRequest *request = &draft->request;
    Judgement judgement;
    Phone phone;
    SmsText text = {0};
    policy_judge(request->policy, facts, request->as_of, &judgement);
    if (!request->verdicts[judgement.verdict] || where_holds(request->where, facts) != KLEENE_TRUE)
        return NULL;
    if (!facts->values[FACT_PHONE].known)
        return "no_phone";
    if (phone_check(facts->values[FACT_PHONE].text, &phone) != PHONE_FINE ||
        phone.may_text == MAY_TEXT_NO)
        return "bad_phone";
    if (facts->values[FACT_CONSENT_SMS].known && facts->values[FACT_CONSENT_SMS].number == 0)
        return "no_consent";
    if (any_with_phone(world, world->opted_out, person))
        return "opted_out";
    if (any_with_phone(world, world->forgotten, person))
        return "forgotten";
    if (world->waits[person])
        return "already_planned";
    if (world->told[person] || any_with_phone(world, world->told, person))
        return "recently_told";
    if (judgement.route < 0)
        return "undecided";
    const char *reason = policy_route_reason(request->policy, (size_t)judgement.route);
    if (sms_text_render(world->home->context.arena, request->template, facts, reason, &text) !=
        TEXT_FINE)
        return "bad_text";
    return any_with_phone(world, world->waits, person) || any_with_phone(world, has_message, person)
               ? "shared_phone"
               : "";
}

static int64_t rows_about(TestHome *home, const char *from, int64_t campaign, int64_t person)
{
    return test_number(home, arena_printf(home->context.arena,
                                          "SELECT COUNT(*) FROM %s campaign_id = %" PRId64
                                          " AND person_id = %" PRId64,
                                          from, campaign, person));
}

/* Each person is where the rules put them, and nowhere else; and the counts add up to everyone. */
static void law_check(const World *world, const Draft *draft)
{
    TestHome *home = world->home;
    bool has_message[PEOPLE] = {false};
    int64_t messages = 0, suppressed = 0, others = 0;
    for (int at = 0; at < PEOPLE; at++) {
        const char *reason = expected(world, draft, has_message, at);
        has_message[at] = reason && !*reason;
        const char *left_out = arena_printf(
            home->context.arena, "suppression WHERE reason = '%s' AND", reason ? reason : "");
        bool right =
            rows_about(home, "message WHERE", draft->id, world->persons[at]) == has_message[at] &&
            rows_about(home, "suppression WHERE", draft->id, world->persons[at]) ==
                (reason && *reason) &&
            rows_about(home, left_out, draft->id, world->persons[at]) == (reason && *reason);
        if (!right)
            fail_msg("person %d should be '%s'", at, reason ? reason : "not addressed");
        messages += has_message[at];
        suppressed += reason && *reason;
        others += reason == NULL;
    }
    int64_t counted = 0;
    for (int reason = 0; reason < SUPPRESSION_COUNT; reason++)
        counted += draft->suppressed[reason];
    assert_int_equal(draft->audience, messages);
    assert_int_equal(counted, suppressed);
    assert_int_equal(draft->counts.people, PEOPLE);
    assert_int_equal(draft->counts.people, messages + suppressed + others);
    json_t *names = draft_others(draft), *value;
    const char *name;
    int64_t told = 0;
    json_object_foreach(names, name, value) told += json_integer_value(value);
    json_decref(names);
    assert_int_equal(told, others);
}

static void everyone_of_a_random_base_ends_in_exactly_one_place(void **state)
{
    static const char *const WHERES[] = {NULL, "employer_town = 长安镇",
                                         "skill_level <= 2 and not consent_sms = no",
                                         "town in (长安镇, 虎门镇) or pension_months > 30"};
    TestHome *home = *state;
    uint64_t seed = test_seed();
    for (int round = 0; round < ROUNDS; round++) {
        Err err = {0};
        World *world = arena_alloc(home->context.arena, sizeof *world);
        world->home = home;
        for (int at = 0; at < PEOPLE; at++)
            world->people[at] = random_person(home->context.arena, &seed, at + 1);
        world->persons = fill_people(home, world->people, PEOPLE);
        history_make(world, &seed);
        Draft draft = fill_draft(home, "now");
        for (int verdict = 1; verdict <= VERDICT_COUNT; verdict++)
            draft.request.verdicts[verdict] = verdict == VERDICT_LIKELY || chance(&seed, 2);
        assert_ok(
            where_parse(home->context.arena, WHERES[chance(&seed, 4)], &draft.request.where, &err),
            &err);
        assert_ok(draft_make(home->context.db, &draft, &err), &err);
        law_check(world, &draft);
    }
}

static void a_large_audience_is_walked_over_many_pages_without_loss(void **state)
{
    enum { MANY = 4500 }; /* more than two pages of 2000 */
    TestHome *home = *state;
    Err err = {0};
    Facts person = fill_person(home->context.arena, 1);
    fill_people(home, &person, 1);
    test_sql(
        home,
        arena_printf(
            home->context.arena,
            "INSERT INTO person (id, id_hash, phone_hash, name, sex, in_city_hukou, skill_level, "
            "certificate_type, "
            "employer_town, phone, answers) SELECT p.id + seq, UNHEX(MD5(seq)), "
            "UNHEX(MD5(CONCAT('p', seq))), "
            "CONCAT('林', seq), 1, 0, 2, 1, 441900119, p.phone, 1 FROM person p JOIN seq_1_to_%d",
            MANY - 1));
    Draft draft = fill_draft(home, "many");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_int_equal(draft.audience, MANY);
    assert_int_equal(draft.segments, MANY);
    assert_int_equal(test_number(home, "SELECT COUNT(DISTINCT person_id) FROM message"), MANY);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event WHERE cause = 'plan'"),
                     MANY);
}

static void an_interrupted_plan_leaves_nothing_behind(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Facts person = fill_person(home->context.arena, 1);
    fill_people(home, &person, 1);
    Draft draft = fill_draft(home, "a");
    command_interrupted = 1;
    ErrCode code = draft_make(home->context.db, &draft, &err);
    command_interrupted = 0;
    assert_int_equal(code, ERR_INTERRUPTED);
    assert_int_equal(
        test_number(home,
                    "SELECT (SELECT COUNT(*) FROM campaign) + (SELECT COUNT(*) FROM message)"),
        0);
}

static void an_empty_base_gives_an_empty_draft(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    test_reset(home);
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    assert_int_equal(draft.counts.people, 0);
    assert_int_equal(draft.audience, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyone_of_a_random_base_ends_in_exactly_one_place),
        cmocka_unit_test(a_large_audience_is_walked_over_many_pages_without_loss),
        cmocka_unit_test(an_interrupted_plan_leaves_nothing_behind),
        cmocka_unit_test(an_empty_base_gives_an_empty_draft),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
