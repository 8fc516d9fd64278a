/* What planes count is what the base counts, for any policy, day, --where and grouping. */
#include "policy/plane_count.h"

#include "policy/parse.h"

#include "random_policy.h"

enum { PEOPLE = 5000, POLICIES = 60, PEOPLE_SHIPPED = 100000 };

static const char *const WHERES[] = {
    NULL,
    NULL,
    "sex = 男",
    "employer_town in (长安镇, 虎门镇) and skill_level <= 2",
    "not (education > 高中 or known(graduation_date))",
    "birth_date >= 1970-01-01 and birth_date < 1985-02-28",
    "pension_months != 24",
    "wants_settlement = 愿意 or certificate_date <= 2012-02-29",
    "school_province = 广东 and not known(home_town)",
    "occupation = 电工", /* a text: the base itself is asked */
};
static const char *const BYS[] = {
    NULL,
    "employer_town",
    "employer_town,skill_level",
    "age",
    "age,certificate_date,sex",
    "graduation_date,in_city_hukou,education,wants_settlement",
    "pension_months,age,certificate_date,graduation_date",
    "home_town,employer_town,intended_town,school_province",
    "occupation,sex",
};
#define ONE_OF(seed, list) ((list)[crowd_chance((seed), (int64_t)(sizeof(list) / sizeof *(list)))])

static json_t *from_base(TestHome *home, const Sizing *sizing)
{
    Err err = {0};
    json_t *result = NULL;
    assert_ok(sizing_count(home->context.db, home->context.arena, sizing, &result, &err), &err);
    return result;
}

static json_t *from_planes(TestHome *home, const Sizing *sizing)
{
    Err err = {0};
    json_t *result = NULL;
    assert_ok(plane_sizing(home->context.db, home->context.arena, home->dir, sizing, &result, &err),
              &err);
    return result;
}

static void assert_same(TestHome *home, const Sizing *sizing)
{
    char day[11];
    json_t *base = from_base(home, sizing), *planes = from_planes(home, sizing);
    if (!json_equal(base, planes))
        fail_msg("on %s the base says\n%s\nand the planes\n%s\nof\n%.*s",
                 date_format(sizing->as_of, day), json_dumps(base, JSON_INDENT(1)),
                 json_dumps(planes, JSON_INDENT(1)), (int)sizing->policy->file.length,
                 sizing->policy->file.bytes);
    json_decref(base);
    json_decref(planes);
}

static void ask(Arena *arena, uint64_t *seed, Sizing *sizing)
{
    Err err = {0};
    assert_ok(where_parse(arena, ONE_OF(seed, WHERES), &sizing->where, &err), &err);
    assert_ok(groupings_parse(arena, ONE_OF(seed, BYS), sizing, &err), &err);
}

static void planes_count_what_the_base_counts_for_random_policies(void **state)
{
    TestHome *home = *state;
    uint64_t seed = crowd_seed();
    Crowd crowd = {.seed = seed, .count = PEOPLE};
    AUTO_ARENA people = arena_new(0);
    for (int i = 0; i < POLICIES; i++) {
        AUTO_ARENA arena = arena_new(0);
        AUTO_BUFFER json = BUFFER(1 << 20);
        Err err = {0};
        if (i % 5 == 0) {
            arena_reset(people);
            crowd.as_of = date_of(2012, 1, 1) + (Date)crowd_chance(&seed, 730);
            crowd_make(people, &crowd);
            crowd_store(home, &crowd);
        }
        Sizing sizing = {.as_of = crowd.as_of, .lang = LANG_ZH};
        random_policy(&json, &seed);
        const PolicyFile file = {
            .name = "random", .bytes = buffer_string(&json), .length = json.length};
        assert_ok(policy_read(arena, file, NULL, 0, &sizing.policy, &err), &err);
        ask(arena, &seed, &sizing);
        assert_same(home, &sizing);
    }
}

static void planes_count_the_shipped_policy_on_days_when_rules_turn(void **state)
{
    TestHome *home = *state;
    static const char *const DAYS[] = {"2012-10-01", "2012-02-29", "2013-02-28",
                                       "2013-03-01", "2012-12-31", "2013-01-01"};
    static const char *const MOVED[] = {"graduation_window=two_years", "pension_mode=continuous",
                                        "age_max_includes_year=no", "pension_months_min=60",
                                        "age_max=50"};
    uint64_t seed = crowd_seed();
    AUTO_ARENA people = arena_new(0);
    Crowd crowd = {.seed = seed, .as_of = date_of(2012, 12, 31), .count = PEOPLE_SHIPPED};
    crowd_make(people, &crowd);
    crowd_store(home, &crowd);
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        AUTO_ARENA arena = arena_new(0);
        Err err = {0};
        Sizing sizing = {.lang = LANG_EN};
        assert_true(date_parse(DAYS[i], &sizing.as_of));
        assert_ok(policy_load(arena, "dongguan-2012-140", &sizing.policy, &err), &err);
        assert_ok(policy_set(arena, sizing.policy, MOVED, i, &sizing.policy, &err), &err);
        ask(arena, &seed, &sizing);
        assert_same(home, &sizing);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planes_count_what_the_base_counts_for_random_policies),
        cmocka_unit_test(planes_count_the_shipped_policy_on_days_when_rules_turn),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
