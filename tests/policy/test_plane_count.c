/* What planes count is what the base counts, for any policy, day, --where and grouping. */
#include "policy/plane_count.h"

#include "policy/parse.h"
#include "policy/plane_sizing.h"

#include "random_policy.h"
#include "small.h"

#include <pthread.h>

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

/* The policy of one route of these conditions, as it is counted of a crowd on a day. */
static void assert_same_of(TestHome *home, const char *members, const char *group, Date as_of,
                           const char *by)
{
    AUTO_ARENA arena = arena_new(0);
    Err err = {0};
    Sizing sizing = {.as_of = as_of, .lang = LANG_EN};
    assert_ok(small_read(arena, small_json(arena, members, group), &sizing.policy, &err), &err);
    assert_ok(groupings_parse(arena, by, &sizing, &err), &err);
    assert_same(home, &sizing);
}

#define COND(clause, rest) "{\"clause\": \"" clause "\", \"text\": \"t\", \"en\": \"e\", " rest "}"

static void conditions_that_differ_in_little_are_told_apart(void **state)
{
    TestHome *home = *state;
    static const char *const GROUPS[] = {
        /* the same values, of which others are for staff */
        "\"all\": [" COND("a", "\"fact\": \"education\", \"in\": [1], \"review\": [2]") ", " COND(
            "b", "\"fact\": \"education\", \"in\": [1], \"review\": [3]") "]",
        /* the same staff, other values */
        "\"any\": [" COND("a", "\"fact\": \"education\", \"in\": [1], \"review\": [2]") ", " COND(
            "b", "\"fact\": \"education\", \"in\": [4], \"review\": [2]") "]",
        /* one twice */
        "\"any\": [" COND("a", "\"fact\": \"sex\", \"in\": [1]") ", " COND(
            "b", "\"fact\": \"sex\", \"in\": [1]") "]",
    };
    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++)
        assert_same_of(home, "", GROUPS[i], home->context.as_of, "sex");
}

/* Windows, birthdays and months beyond the last day of the calendar are as good as unknown. */
static void at_the_end_of_the_calendar_planes_count_what_the_base_counts(void **state)
{
    TestHome *home = *state;
    static const char *const DAYS[] = {"9850-01-01", "9950-02-28", "9999-12-30", "9999-12-31"};
    static const char GROUP[] = "\"any\": [" COND(
        "a", "\"fact\": \"birth_date\", \"age_at_most\": "
             "45") ", " COND("b", "\"fact\": \"graduation_date\", \"within\": "
                                  "\"two_years\"") ", " COND("c", "\"fact\": "
                                                                  "\"certificate_"
                                                                  "date\", "
                                                                  "\"months_since\": "
                                                                  "1200") ", " COND("d", "\""
                                                                                         "fa"
                                                                                         "ct"
                                                                                         "\""
                                                                                         ": "
                                                                                         "\""
                                                                                         "pe"
                                                                                         "ns"
                                                                                         "io"
                                                                                         "n_"
                                                                                         "mo"
                                                                                         "nt"
                                                                                         "hs"
                                                                                         "\""
                                                                                         ", "
                                                                                         "\""
                                                                                         "gr"
                                                                                         "ow"
                                                                                         "n_"
                                                                                         "to"
                                                                                         "\""
                                                                                         ": "
                                                                                         "24"
                                                                                         "0") "]";
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        Date day;
        assert_true(date_parse(DAYS[i], &day));
        assert_same_of(home, "", GROUP, day, NULL);
    }
}

/* Days of 1800 and of 2510: groups by four such facts have more digits than a number. */
static void people_far_apart_are_counted_all_the_same(void **state)
{
    TestHome *home = *state;
    static const char GROUP[] = "\"all\": [" COND("a", "\"fact\": \"sex\", \"in\": [1]") "]";
    test_sql(home, "DELETE FROM person WHERE id > 1000;\n"
                   "UPDATE person SET birth_date = '1800-03-01', certificate_date = '1800-01-02', "
                   "graduation_date = '1801-01-01', pension_months = 4094 WHERE id = 7;\n"
                   "UPDATE person SET birth_date = '2510-03-01', certificate_date = '2511-01-02', "
                   "graduation_date = '2512-01-01' WHERE id = 8;\n"
                   "UPDATE base_state SET people_version = people_version + 1");
    assert_same_of(home, "", GROUP, home->context.as_of,
                   "age,certificate_date,graduation_date,pension_months");
    test_sql(home, "UPDATE person SET certificate_date = NULL;\n" /* of nobody known */
                   "UPDATE base_state SET people_version = people_version + 1");
    assert_same_of(home, "", GROUP, home->context.as_of, "certificate_date");
}

/* As many conditions and as many changes of parameters as there may be, no two alike. */
static void what_asks_for_more_than_there_is_room_is_left_to_the_base(void **state)
{
    (void)state;
    enum { CONDITIONS = 60 };
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUFFER parameters = BUFFER(1 << 20);
    AUTO_BUFFER conditions = BUFFER(1 << 20);
    Err err = {0};
    Sizing sizing = {.as_of = date_of(2012, 1, 5)};
    PlaneLayout layout;
    for (int i = 0; i < CONDITIONS; i++) {
        buffer_printf(&parameters,
                      "%s\"p%d\": {\"min\": 0, \"max\": 1200, \"zh\": \"z\", \"en\": \"e\", "
                      "\"why\": \"w\", \"value\": [",
                      i ? ", " : "", i);
        for (int era = 0; era < ERAS_AT_MOST; era++)
            buffer_printf(&parameters, "%s{\"from\": \"20%02d-02-03\", \"value\": %d}",
                          era ? ", " : "", era + 12, 1 + i * ERAS_AT_MOST + era);
        buffer_text(&parameters, "]}");
        buffer_printf(&conditions,
                      "%s{\"clause\": \"c%d\", \"text\": \"t\", \"en\": \"e\", "
                      "\"fact\": \"pension_months\", \"grown_to\": \"$p%d\"}",
                      i ? ", " : "", i, i);
    }
    const char *members = arena_printf(arena, "\"parameters\": {%s},", buffer_string(&parameters));
    const char *json = small_json(arena, members,
                                  arena_printf(arena, "\"any\": [%s]", buffer_string(&conditions)));
    assert_ok(small_read(arena, json, &sizing.policy, &err), &err);
    layout_widest(arena, &layout);
    Planes planes = {.sets = {plane_set_new(&layout), NULL}};
    json_t *result = NULL;
    plane_count(&planes, arena, &sizing, &result);
    assert_null(result);
    plane_set_free(planes.sets[0]);
}

/* Threads whose stacks are larger than all addresses cannot be started. */
static void without_threads_one_counts_all(void **state)
{
    TestHome *home = *state;
    pthread_attr_t before, huge;
    uint64_t seed = crowd_seed();
    AUTO_ARENA people = arena_new(0);
    Crowd crowd = {.seed = seed, .as_of = date_of(2012, 10, 1), .count = PEOPLE_SHIPPED * 3 / 2};
    crowd_make(people, &crowd);
    crowd_store(home, &crowd);
    Err err = {0};
    Sizing sizing = {.lang = LANG_EN, .as_of = crowd.as_of};
    assert_ok(policy_load(people, "dongguan-2012-140", &sizing.policy, &err), &err);
    json_t *by_many = from_planes(home, &sizing);
    assert_int_equal(pthread_getattr_default_np(&before), 0);
    assert_int_equal(pthread_attr_init(&huge), 0);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 47), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    json_t *alone = from_planes(home, &sizing);
    assert_int_equal(pthread_setattr_default_np(&before), 0);
    assert_true(json_equal(by_many, alone));
    json_decref(by_many);
    json_decref(alone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planes_count_what_the_base_counts_for_random_policies),
        cmocka_unit_test(planes_count_the_shipped_policy_on_days_when_rules_turn),
        cmocka_unit_test(conditions_that_differ_in_little_are_told_apart),
        cmocka_unit_test(at_the_end_of_the_calendar_planes_count_what_the_base_counts),
        cmocka_unit_test(people_far_apart_are_counted_all_the_same),
        cmocka_unit_test(what_asks_for_more_than_there_is_room_is_left_to_the_base),
        cmocka_unit_test(without_threads_one_counts_all),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
