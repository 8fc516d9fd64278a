#include "outreach/fill.h"
#include "outreach/verbs.h"

static const char *const STAGES[] = {"surveyed",  "likely",  "told",
                                     "delivered", "replied", "willing"};
enum { STAGE_COUNT = 6 };

static int64_t number_of(const json_t *result, const char *key)
{
    return json_integer_value(json_object_get(result, key));
}

/* Nine people: four in 长安镇, three in 虎门镇, two whose employer's town is not known; one of each
 * is not likely. Their messages end in every way, and some of them answer. */
static int64_t *world_make(TestHome *home)
{
    enum { PEOPLE = 9 };
    static const int64_t TOWNS[PEOPLE] = {441900119, 441900119, 441900119, 441900119, 441900121,
                                          441900121, 441900121, 0,         0};
    Err err = {0};
    Facts people[PEOPLE];
    for (int at = 0; at < PEOPLE; at++) {
        people[at] = fill_person(home->context.arena, at + 1);
        fill_number(&people[at], FACT_OWNS_HOME, 1);
        fill_number(&people[at], FACT_HOME_TOWN, 441900003);
        fill_number(&people[at], FACT_EMPLOYER_TOWN, TOWNS[at]);
        people[at].values[FACT_EMPLOYER_TOWN].known = TOWNS[at] != 0;
    }
    fill_number(&people[3], FACT_SKILL_LEVEL, 5);
    fill_number(&people[6], FACT_SKILL_LEVEL, 4);
    int64_t *persons = fill_people(home, people, PEOPLE);
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    static const char *const STATES[PEOPLE] = {"delivered", "delivered",   "sent",
                                               NULL,        "undelivered", "uncertain",
                                               NULL,        "delivered",   "expired"};
    for (int at = 0; at < PEOPLE; at++) {
        if (STATES[at])
            test_sql(home,
                     arena_printf(home->context.arena,
                                  "UPDATE message SET state = '%s' WHERE person_id = %" PRId64,
                                  STATES[at], persons[at]));
    }
    return persons;
}

/* One reply of a person to the campaign; seconds orders them. */
static void reply_add(TestHome *home, int receipt, int64_t person, const char *meaning, int value)
{
    test_sql(home, arena_printf(home->context.arena,
                                "INSERT INTO receipt (id, received_at, gateway, kind, body) VALUES "
                                "(%d, UTC_TIMESTAMP(3), 'g', 'reply', "
                                "'b');\nINSERT INTO reply (receipt_id, campaign_id, person_id, "
                                "phone_hash, received_at, text, meaning, "
                                "value) SELECT %d, c.id, p.id, p.phone_hash, '2012-10-02 10:00:00' "
                                "+ INTERVAL %d SECOND, 't', '%s', "
                                "NULLIF(%d, 0) FROM campaign c JOIN person p ON p.id = %" PRId64,
                                receipt, receipt, receipt, meaning, value, person));
}

static void the_stages_are_counted_by_town_and_add_up(void **state)
{
    static const struct {
        const char *town;
        int64_t counts[STAGE_COUNT];
    } TOWNS[] = {
        {"Chang'an Town", {4, 3, 3, 2, 2, 1}},
        {"Humen Town", {3, 2, 1, 0, 1, 0}},
        {NULL, {2, 2, 2, 1, 0, 0}},
    };
    TestHome *home = *state;
    const int64_t *persons = world_make(home);
    reply_add(home, 1, persons[0], "intention", 2);
    reply_add(home, 2, persons[0], "intention", 1); /* the last answer counts */
    reply_add(home, 3, persons[0], "other", 0);     /* and small talk does not undo it */
    reply_add(home, 4, persons[1], "intention", 1);
    reply_add(home, 5, persons[1], "intention", 3);
    reply_add(home, 6, persons[4], "optout", 0);
    json_t *result = fill_run(home, &OUTREACH_REPORT, json_pack("{s[s]}", "arguments", "a"));
    const json_t *towns = json_object_get(result, "towns"),
                 *total = json_object_get(result, "total");
    assert_int_equal(json_array_size(towns), 3);
    int64_t sums[STAGE_COUNT] = {0};
    for (size_t at = 0; at < 3; at++) {
        const json_t *town = json_array_get(towns, at);
        const char *name = json_string_value(json_object_get(town, "town"));
        if (TOWNS[at].town)
            assert_string_equal(name, TOWNS[at].town);
        else
            assert_null(name);
        for (int stage = 0; stage < STAGE_COUNT; stage++) {
            if (number_of(town, STAGES[stage]) != TOWNS[at].counts[stage])
                fail_msg("%s, %s: %" PRId64, name ? name : "unknown", STAGES[stage],
                         number_of(town, STAGES[stage]));
            sums[stage] += TOWNS[at].counts[stage];
        }
    }
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        assert_int_equal(number_of(total, STAGES[stage]), sums[stage]);
    json_decref(result);
}

static void towns_are_named_in_the_readers_language(void **state)
{
    TestHome *home = *state;
    world_make(home);
    home->context.lang = LANG_ZH;
    json_t *result = fill_run(home, &OUTREACH_REPORT, json_pack("{s[s]}", "arguments", "a"));
    home->context.lang = LANG_EN;
    const json_t *first = json_array_get(json_object_get(result, "towns"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "town")), "长安镇");
    assert_int_equal(number_of(first, "code"), 441900119);
    json_decref(result);
}

static void people_who_left_the_base_are_still_told(void **state)
{
    TestHome *home = *state;
    const int64_t *persons = world_make(home);
    test_sql(home, arena_printf(home->context.arena, "DELETE FROM person WHERE id = %" PRId64,
                                persons[0]));
    json_t *result = fill_run(home, &OUTREACH_REPORT, json_pack("{s[s]}", "arguments", "a"));
    const json_t *total = json_object_get(result, "total");
    assert_int_equal(number_of(total, "surveyed"), 8);
    assert_int_equal(number_of(total, "delivered"), 3);
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stages_are_counted_by_town_and_add_up),
        cmocka_unit_test(towns_are_named_in_the_readers_language),
        cmocka_unit_test(people_who_left_the_base_are_still_told),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
