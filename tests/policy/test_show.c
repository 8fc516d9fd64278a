#include "policy/words.h"

#include "small.h"
#include "verb.h"

#include <sys/stat.h>

static TestHome *home;

static int setup(void **state)
{
    (void)state;
    home = test_home_new();
    home->context.lang = lang_set("en");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_home_free(home);
    return 0;
}

static json_t *run(const char *const *words)
{
    Err err = {0};
    json_t *result = NULL;
    assert_ok(verb_run(&home->context, words, &result, &err), &err);
    return result;
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void list_names_each_policy(void **state)
{
    (void)state;
    json_t *result = RUN("policy", "list");
    const json_t *first = json_array_get(result, 0);
    assert_int_equal(json_array_size(result), 2);
    assert_string_equal(text_of(json_array_get(result, 1), "id"), "dongguan-2021-talent");
    assert_string_equal(text_of(json_array_get(result, 1), "certainty"), "excerpt");
    assert_string_equal(text_of(first, "id"), "dongguan-2012-140");
    assert_string_equal(text_of(first, "certainty"), "official");
    assert_string_equal(text_of(first, "source"), "东府办〔2012〕140号");
    assert_string_equal(text_of(first, "from"), "2012-09-27");
    assert_true(json_is_null(json_object_get(first, "until")));
    assert_int_equal(json_integer_value(json_object_get(first, "routes")), 3);
    assert_contains(verb_shown(&POLICY_LIST, &home->context, result), "dongguan-2012-140");
    json_decref(result);
}

static void show_puts_the_rules_into_words(void **state)
{
    (void)state;
    json_t *result = RUN("policy", "show", "dongguan-2012-140");
    const json_t *gate = json_object_get(result, "gate"),
                 *routes = json_object_get(result, "routes");
    assert_string_equal(text_of(gate, "clause"), "二");
    assert_string_equal(text_of(gate, "rule"),
                        "二 计划生育 and 二 违法犯罪 and 二 禁止组织 and 二 非莞户籍");
    assert_int_equal(json_array_size(json_object_get(gate, "conditions")), 4);
    assert_int_equal(json_array_size(routes), 3);
    const json_t *conditions = json_object_get(json_array_get(routes, 1), "conditions");
    static const char *const RULES[] = {
        "skill level: senior worker",
        "certificate type: vocational qualification (skill level certificate: staff decide)",
        "pension months: at least 24, those since the survey included",
        "aged 45 or under, until the day before the 46th birthday",
    };
    assert_int_equal(json_array_size(conditions), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(text_of(json_array_get(conditions, i), "rule"), RULES[i]);
    assert_string_equal(text_of(json_array_get(conditions, 2), "parameter"), "pension_months_min");
    const char *shown = verb_shown(&POLICY_SHOW, &home->context, result);
    static const char *const PARTS[] = {
        "东府办〔2012〕140号",        "Everyone must meet",
        "二(二) senior_worker",       "“在莞购买社会养老保险满2年”",
        "aged 45 or under",           "What --set can move",
        "pension_months_min",         "五(一) “不得在市政府已公布的条件外附加任何限制条件”",
        "senior workers with 2 years"};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        assert_contains(shown, PARTS[i]);
    json_decref(result);
}

static void show_in_chinese_uses_chinese_words(void **state)
{
    (void)state;
    home->context.lang = LANG_ZH;
    json_t *result = RUN("policy", "show");
    const json_t *route = json_array_get(json_object_get(result, "routes"), 0);
    assert_contains(text_of(json_array_get(json_object_get(route, "conditions"), 0), "rule"),
                    "技师、高级技师");
    assert_null(
        strstr(verb_shown(&POLICY_SHOW, &home->context, result), "senior workers with 2 years"));
    home->context.lang = LANG_EN;
    json_decref(result);
}

static void show_tells_what_was_moved(void **state)
{
    (void)state;
    json_t *result =
        RUN("policy", "show", "--set", "age_max=50", "--set", "age_max_includes_year=no");
    const json_t *age = json_array_get(json_object_get(result, "parameters"), 2);
    assert_string_equal(text_of(age, "parameter"), "age_max");
    assert_string_equal(text_of(age, "value"), "50");
    assert_true(json_is_true(json_object_get(age, "moved")));
    assert_contains(verb_shown(&POLICY_SHOW, &home->context, result), "not yet 50 years old");
    json_decref(result);
}

static void every_operator_has_words(void **state)
{
    (void)state;
    static const char *const TABLE[][2] = {
        {"\"fact\": \"education\", \"at_least\": 5", "education: at least college"},
        {"\"fact\": \"certificate_date\", \"at_most\": \"2012-01-01\"",
         "certificate date: at most 2012-01-01"},
        {"\"fact\": \"birth_date\", \"age_at_least\": 18", "aged 18 or over"},
        {"\"fact\": \"birth_date\", \"age_below\": 40", "not yet 40 years old"},
        {"\"fact\": \"certificate_date\", \"months_since\": 6",
         "certificate date: at least 6 months ago"},
        {"\"fact\": \"graduation_date\", \"within\": \"same_year\"",
         "graduation date: from that day to 31 December of its year"},
        {"\"fact\": \"graduation_date\", \"within\": \"next_june\"",
         "graduation date: from that day to 30 June of the next year"},
        {"\"fact\": \"graduation_date\", \"within\": \"two_years\"",
         "graduation date: from that day for two years"},
        {"\"fact\": \"sex\", \"in\": [1, 2]", "sex: male, female"},
    };
    Arena *arena = home->context.arena;
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++)
        assert_string_equal(
            condition_words(arena, small_policy(arena, TABLE[i][0])->conditions[0], LANG_EN),
            TABLE[i][1]);
}

static void groups_are_told_by_their_clauses(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    Arena *arena = home->context.arena;
#define LEAF(clause)                                                                               \
    "{\"clause\": \"" clause "\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"sex\", \"in\": [1]}"
    const char *group =
        "\"all\": [" LEAF("A") ", {\"any\": [" LEAF("B") ", {\"not\": " LEAF("C") "}]}]";
    assert_ok(small_read(arena, small_json(arena, "", group), &policy, &err), &err);
    assert_string_equal(rule_words(arena, &policy->routes[0].rule), "A and (B or not (C))");
}

static void a_policy_without_gate_parameters_or_notes_is_shown(void **state)
{
    (void)state;
    Arena *arena = home->context.arena;
    const char *file = arena_printf(arena, "%s/small.json", home->dir);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    const char *json = small_json(arena, "", "\"all\": [" LEAF("A") "]");
    const char *at = strstr(json, "\"from\"");
    fprintf(out, "%.*s\"until\": \"2020-01-01\", %s", (int)(at - json), json, at);
    fclose(out);
    json_t *result = RUN("policy", "show", file);
    assert_true(json_is_null(json_object_get(result, "gate")));
    assert_string_equal(text_of(result, "until"), "2020-01-01");
    const char *shown = verb_shown(&POLICY_SHOW, &home->context, result);
    assert_null(strstr(shown, "Everyone must meet"));
    assert_null(strstr(shown, "--set"));
    json_decref(result);
}

static void test_passes_the_shipped_policy(void **state)
{
    (void)state;
    json_t *result = RUN("policy", "test");
    assert_int_equal(json_integer_value(json_object_get(result, "failed")), 0);
    assert_true(json_integer_value(json_object_get(result, "cases")) >= 60);
    assert_contains(verb_shown(&POLICY_TEST, &home->context, result), "dongguan-2012-140: ");
    json_decref(result);
}

typedef struct Failing {
    const char *file;
    ErrCode code;
    Err err;
} Failing;

static void run_failing(void *state)
{
    Failing *failing = state;
    json_t *result = NULL;
    failing->code =
        VERB_RUN(&home->context, &result, &failing->err, "policy", "test", failing->file);
    assert_null(result);
}

static void test_prints_what_failed_and_fails(void **state)
{
    (void)state;
    Arena *arena = home->context.arena;
    Failing failing = {.file = arena_printf(arena, "%s/small.json", home->dir)};
    FILE *out = fopen(failing.file, "w");
    assert_non_null(out);
    fputs(small_json(arena, "", "\"all\": [" LEAF("A") "]"), out);
    fclose(out);
    out = fopen(arena_printf(arena, "%s/small.cases.json", home->dir), "w");
    assert_non_null(out);
    fputs(
        "{\"policy\": \"small\", \"cases\": [{\"name\": \"a woman\", \"why\": \"the rule says "
        "male\", \"as_of\": "
        "\"2012-10-01\", \"facts\": {\"sex\": \"女\"}, \"expect\": {\"verdict\": \"eligible\"}}]}",
        out);
    fclose(out);
    const char *shown = printed(arena, run_failing, &failing);
    assert_int_equal(failing.code, ERR_REFUSED);
    assert_int_equal(err_exit_status(failing.code), 1);
    assert_string_equal(failing.err.text, "policy 'small' fails 1 of its cases");
    assert_contains(shown, "a woman: the rule says male");
    assert_contains(shown, "expected {\"verdict\":\"eligible\"}");
    assert_contains(shown, "\"verdict\":\"ineligible\"");
    assert_contains(shown, "small: 1 cases, 1 failed");
}

static void unknown_policies_are_refused_by_each_verb(void **state)
{
    (void)state;
    static const char *const WORDS[][5] = {
        {"policy", "show", "zz"}, {"policy", "test", "zz"}, {"policy", "show", "--set", "zz=1"}};
    for (size_t i = 0; i < 3; i++) {
        Err err = {0};
        json_t *result = NULL;
        assert_int_equal(verb_run(&home->context, WORDS[i], &result, &err),
                         i < 2 ? ERR_NOT_FOUND : ERR_USAGE);
        assert_null(result);
    }
}

static void list_tells_when_a_policy_ends(void **state)
{
    (void)state;
    Arena *arena = home->context.arena;
    const char *file = arena_printf(arena, "%s/ending/policy/small.json", home->dir);
    assert_int_equal(mkdir(arena_printf(arena, "%s/ending", home->dir), 0700), 0);
    assert_int_equal(mkdir(arena_printf(arena, "%s/ending/policy", home->dir), 0700), 0);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    const char *json = small_json(arena, "", "\"all\": [" LEAF("A") "]");
    const char *at = strstr(json, "\"from\"");
    fprintf(out, "%.*s\"until\": \"2020-01-01\", %s", (int)(at - json), json, at);
    fclose(out);
    setenv("TALENT_SHARE", arena_printf(arena, "%s/ending", home->dir), 1);
    json_t *result = RUN("policy", "list");
    unsetenv("TALENT_SHARE");
    assert_string_equal(text_of(json_array_get(result, 0), "until"), "2020-01-01");
    json_decref(result);
}

static void list_names_the_file_that_is_broken(void **state)
{
    (void)state;
    Arena *arena = home->context.arena;
    Err err = {0};
    json_t *result = NULL;
    assert_int_equal(mkdir(arena_printf(arena, "%s/policy", home->dir), 0700), 0);
    FILE *out = fopen(arena_printf(arena, "%s/policy/broken.json", home->dir), "w");
    assert_non_null(out);
    fclose(out);
    setenv("TALENT_SHARE", home->dir, 1);
    ErrCode code = VERB_RUN(&home->context, &result, &err, "policy", "list");
    setenv("TALENT_SHARE", "/nowhere", 1);
    ErrCode nowhere = VERB_RUN(&home->context, &result, &err, "policy", "list");
    unsetenv("TALENT_SHARE");
    assert_int_equal(code, ERR_CONFIG);
    assert_int_equal(nowhere, ERR_IO);
    assert_null(result);
}

static void dated_values_are_shown_with_their_days(void **state)
{
    (void)state;
    Context before = home->context;
    home->context.as_of = date_of(2024, 6, 1);
    json_t *result = RUN("policy", "show", "dongguan-2021-talent");
    assert_string_equal(text_of(result, "rules_since"), "2024-06-01");
    assert_string_equal(text_of(result, "rules_until"), "2025-08-31");
    assert_string_equal(text_of(json_object_get(result, "source"), "certainty"), "excerpt");
    assert_true(json_is_null(json_object_get(json_object_get(result, "source"), "issued_on")));
    const char *shown = verb_shown(&POLICY_SHOW, &home->context, result);
    assert_contains(shown, "The text was seen only in parts or in a summary\n");
    assert_contains(shown, "age_below_technician           40          2021-01-01");
    assert_contains(shown, "age_below_technician           55          2024-06-01  now");
    json_decref(result);
    result = RUN("policy", "show", "dongguan-2021-talent", "--set", "age_below_technician=50");
    shown = verb_shown(&POLICY_SHOW, &home->context, result);
    assert_contains(shown, "age_below_technician           50");
    assert_null(strstr(shown, "age_below_technician           55"));
    json_decref(result);
    home->context = before;
}

static void a_condition_for_staff_alone_is_put_into_words(void **state)
{
    (void)state;
    Arena *arena = home->context.arena;
    const Policy *policy =
        small_policy(arena, "\"fact\": \"certificate_type\", \"in\": [], \"review\": [1]");
    assert_string_equal(condition_words(arena, policy->conditions[0], LANG_EN),
                        "certificate type: vocational qualification, and then staff decide");
}

static void each_certainty_has_its_words(void **state)
{
    (void)state;
    static const char *const WORDS[][2] = {
        [CERTAINTY_OFFICIAL] = {"official", "read in an official text"},
        [CERTAINTY_COPY] = {"copy", "seen only in a third party's copy"},
        [CERTAINTY_EXCERPT] = {"excerpt", "seen only in parts or in a summary"},
        [CERTAINTY_ASSUMED] = {"assumed", "made up, to ask what would be"}};
    for (int i = CERTAINTY_OFFICIAL; i <= CERTAINTY_ASSUMED; i++) {
        assert_string_equal(certainty_name((Certainty)i), WORDS[i][0]);
        assert_string_equal(certainty_label((Certainty)i), WORDS[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dated_values_are_shown_with_their_days),
        cmocka_unit_test(a_condition_for_staff_alone_is_put_into_words),
        cmocka_unit_test(each_certainty_has_its_words),
        cmocka_unit_test(list_names_each_policy),
        cmocka_unit_test(show_puts_the_rules_into_words),
        cmocka_unit_test(show_in_chinese_uses_chinese_words),
        cmocka_unit_test(show_tells_what_was_moved),
        cmocka_unit_test(every_operator_has_words),
        cmocka_unit_test(groups_are_told_by_their_clauses),
        cmocka_unit_test(a_policy_without_gate_parameters_or_notes_is_shown),
        cmocka_unit_test(test_passes_the_shipped_policy),
        cmocka_unit_test(test_prints_what_failed_and_fails),
        cmocka_unit_test(unknown_policies_are_refused_by_each_verb),
        cmocka_unit_test(list_tells_when_a_policy_ends),
        cmocka_unit_test(list_names_the_file_that_is_broken),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
