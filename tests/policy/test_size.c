#include "verb.h"

#include "crowd.h"
#include "policy/policy.h"

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    Crowd crowd = {.seed = crowd_seed(), .as_of = home->context.as_of, .count = 2000};
    crowd_make(home->context.arena, &crowd);
    crowd_store(home, &crowd);
    return 0;
}

static void size_counts_everyone(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size"), &err);
    assert_int_equal(json_integer_value(json_object_get(result, "people")), 2000);
    assert_string_equal(json_string_value(json_object_get(result, "policy")), "dongguan-2012-140");
    assert_string_equal(json_string_value(json_object_get(result, "as_of")), "2012-10-01");
    assert_int_equal(json_array_size(json_object_get(result, "set")), 0);
    json_int_t sum = 0;
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(result, "verdicts"), key, value) sum +=
        json_integer_value(value);
    assert_int_equal(sum, 2000);
    json_decref(result);
}

static void size_takes_where_by_and_set_together(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size", "--policy",
                       "dongguan-2012-140", "--by", "skill_level,age", "--set", "age_max=50",
                       "--set", "pension_months_min=12", "--where", "sex = 男"),
              &err);
    assert_int_equal(json_array_size(json_object_get(result, "set")), 2);
    assert_true(json_integer_value(json_object_get(json_object_get(result, "where"), "unknown")) >
                0);
    const char *shown = verb_shown(&POLICY_SIZE, &home->context, result);
    assert_contains(shown, "dongguan-2012-140 on 2012-10-01: 2,000 people");
    assert_contains(shown, "for whom --where holds; it does not hold for");
    assert_contains(shown, "By group");
    assert_contains(shown, "not known  ");
    assert_contains(shown, "age");
    assert_contains(shown, "senior worker");
    json_decref(result);
}

static void assert_differs_by(json_t *after, const json_t *before, const json_t *difference)
{
    const char *key;
    json_t *value;
    assert_int_equal(json_object_size(after), json_object_size(difference));
    json_object_foreach(after, key, value) assert_int_equal(
        json_integer_value(json_object_get(difference, key)),
        json_integer_value(value) - json_integer_value(json_object_get(before, key)));
}

static const json_t *part_of(const json_t *result, const char *part, const char *key)
{
    return json_object_get(json_object_get(result, part), key);
}

static void moved_parameters_are_set_against_the_policy_as_it_stands(void **state)
{
    TestHome *home = *state;
    static const char *const HOW[] = {"--json", "--from-base"};
    for (size_t i = 0; i < 2; i++) {
        Err err = {0};
        json_t *moved = NULL, *standing = NULL;
        assert_ok(VERB_RUN(&home->context, &standing, &err, "policy", "size", "--by", "sex,age"),
                  &err);
        assert_ok(VERB_RUN(&home->context, &moved, &err, "policy", "size", "--by", "sex,age",
                           "--set", "age_max=30", HOW[i]),
                  &err);
        assert_null(json_object_get(standing, "before"));
        const json_t *before = json_object_get(moved, "before");
        assert_true(
            json_equal(json_object_get(before, "verdicts"), json_object_get(standing, "verdicts")));
        assert_true(
            json_equal(json_object_get(before, "routes"), json_object_get(standing, "routes")));
        assert_true(
            json_equal(json_object_get(before, "groups"), json_object_get(standing, "groups")));
        assert_differs_by(json_object_get(moved, "verdicts"), json_object_get(before, "verdicts"),
                          part_of(moved, "difference", "verdicts"));
        assert_differs_by(json_object_get(moved, "routes"), json_object_get(before, "routes"),
                          part_of(moved, "difference", "routes"));
        assert_true(json_integer_value(json_object_get(part_of(moved, "difference", "verdicts"),
                                                       "ineligible")) > 0);
        json_decref(moved);
        json_decref(standing);
    }
}

static void the_differences_of_the_groups_add_up(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size", "--by", "skill_level",
                       "--set", "age_max=30"),
              &err);
    const json_t *groups = part_of(result, "difference", "groups"), *group;
    assert_int_equal(json_array_size(groups), json_array_size(json_object_get(result, "groups")));
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++) {
        const char *name = verdict_name((Verdict)i);
        json_int_t sum = 0;
        size_t index;
        json_array_foreach(groups, index, group)
        {
            const json_t *after = json_array_get(json_object_get(result, "groups"), index);
            assert_true(json_equal(json_object_get(group, "skill_level"),
                                   json_object_get(after, "skill_level")));
            sum += json_integer_value(part_of(group, "verdicts", name));
        }
        assert_int_equal(sum, json_integer_value(json_object_get(
                                  part_of(result, "difference", "verdicts"), name)));
    }
    const char *shown = verb_shown(&POLICY_SIZE, &home->context, result);
    assert_contains(shown, "What the moved parameters change");
    assert_contains(shown, "Difference by group");
    assert_contains(shown, "+");
    json_decref(result);
}

static void a_setting_that_moves_nobody_differs_in_nothing(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size", "--by", "sex", "--set",
                       "age_max=45"),
              &err);
    assert_true(
        json_equal(json_object_get(result, "verdicts"), part_of(result, "before", "verdicts")));
    assert_contains(verb_shown(&POLICY_SIZE, &home->context, result), "no group differs");
    json_decref(result);
}

static void the_funnel_reads_well(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size"), &err);
    const char *shown = verb_shown(&POLICY_SIZE, &home->context, result);
    static const char *const PARTS[] = {"likely eligible",
                                        "eligible later",
                                        "Eligible and likely, by route",
                                        "senior_worker",
                                        "By clause",
                                        "二(二) 养老保险",
                                        "What the possibly eligible have not been asked",
                                        "pension months",
                                        "What staff must decide",
                                        "certificate type"};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        assert_contains(shown, PARTS[i]);
    assert_null(strstr(shown, "--where"));
    assert_null(strstr(shown, "By group"));
    assert_null(strstr(shown, "\033"));
    json_decref(result);
}

static void a_day_on_which_the_policy_is_not_in_force_is_marked(void **state)
{
    TestHome *home = *state;
    Context context = home->context;
    static const struct {
        const char *day;
        bool in_force;
    } TABLE[] = {{"2012-09-26", false}, {"2012-09-27", true}, {"2030-01-01", true}};
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        json_t *result = NULL;
        assert_true(date_parse(TABLE[i].day, &context.as_of));
        assert_ok(VERB_RUN(&context, &result, &err, "policy", "size"), &err);
        assert_int_equal(json_is_true(json_object_get(result, "in_force")), TABLE[i].in_force);
        bool said = strstr(verb_shown(&POLICY_SIZE, &context, result), "not in force") != NULL;
        assert_int_equal(said, !TABLE[i].in_force);
        json_decref(result);
    }
}

static void an_empty_base_shows_no_empty_tables(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    test_sql(home, "TRUNCATE TABLE person;\n"
                   "UPDATE base_state SET people_version = people_version + 1");
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size"), &err);
    const char *shown = verb_shown(&POLICY_SIZE, &home->context, result);
    assert_contains(shown, "2012-10-01: 0 people");
    assert_null(strstr(shown, "What the possibly eligible"));
    json_decref(result);
}

static void a_wrong_question_is_refused_before_the_base_is_asked(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *option, *value;
        ErrCode code;
    } TABLE[] = {
        {"--policy", "nowhere-2030", ERR_NOT_FOUND}, {"--by", "birth_date", ERR_USAGE},
        {"--set", "age_max=999", ERR_USAGE},         {"--where", "skill_level <<< 3", ERR_USAGE},
        {"--where", "nonsense = 3", ERR_USAGE},
    };
    Context context = home->context;
    context.db = NULL;
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        json_t *result = NULL;
        assert_int_equal(
            VERB_RUN(&context, &result, &err, "policy", "size", TABLE[i].option, TABLE[i].value),
            TABLE[i].code);
        assert_null(result);
    }
}

static void a_base_that_has_gone_is_an_error(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    test_sql(home, "RENAME TABLE person TO person_away");
    ErrCode counting = VERB_RUN(&home->context, &result, &err, "policy", "size", "--from-base");
    test_sql(home, "RENAME TABLE person_away TO person;\n"
                   "RENAME TABLE base_state TO base_state_away");
    ErrCode asking = VERB_RUN(&home->context, &result, &err, "policy", "size");
    test_sql(home, "RENAME TABLE base_state_away TO base_state");
    assert_int_equal(counting, ERR_DB);
    assert_int_equal(asking, ERR_DB);
    assert_null(result);
}

static void a_contrast_that_is_withheld_is_shown_as_such(void **state)
{
    TestHome *home = *state;
    static const char *const BYS[] = {NULL, "employer_town,sex"};
    for (size_t i = 0; i < sizeof BYS / sizeof *BYS; i++) {
        Err err = {0};
        json_t *result = NULL;
        assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size", "--set", "age_max=44",
                           "--suppress", BYS[i] ? "--by" : NULL, BYS[i]),
                  &err);
        const char *shown = verb_shown(&POLICY_SIZE, &home->context, result);
        assert_contains(shown, "What the moved parameters change");
        assert_int_equal(strstr(shown, "Difference by group") != NULL, BYS[i] != NULL);
        assert_true(!BYS[i] || strstr(shown, "not known"));
        assert_true(!BYS[i] || strstr(shown, "…"));
        json_decref(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_counts_everyone),
        cmocka_unit_test(size_takes_where_by_and_set_together),
        cmocka_unit_test(moved_parameters_are_set_against_the_policy_as_it_stands),
        cmocka_unit_test(the_differences_of_the_groups_add_up),
        cmocka_unit_test(a_setting_that_moves_nobody_differs_in_nothing),
        cmocka_unit_test(the_funnel_reads_well),
        cmocka_unit_test(a_day_on_which_the_policy_is_not_in_force_is_marked),
        cmocka_unit_test(a_wrong_question_is_refused_before_the_base_is_asked),
        cmocka_unit_test(a_base_that_has_gone_is_an_error),
        cmocka_unit_test(a_contrast_that_is_withheld_is_shown_as_such),
        cmocka_unit_test(an_empty_base_shows_no_empty_tables),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
