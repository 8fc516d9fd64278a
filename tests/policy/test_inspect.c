/* Mistakes that a policy can have though it can be read. */
#include "findings.h"

#include <sys/stat.h>

static void values_outside_the_policy_s_days_are_found(void **state)
{
    (void)state;
    const char *json = small_json(arena, DATED("45", "50"), BETWEEN);
    const char *from = "\"from\": \"2012-01-01\"}, ", *place = strstr(json, from);
    assert_non_null(place);
    const char *late =
        arena_printf(arena, "%.*s\"from\": \"2012-01-01\", \"until\": \"2014-12-31\"}, %s",
                     (int)(place - json), json, place + strlen(from));
    assert_string_equal(found(late), "never_counts high");
    const char *early = arena_printf(arena, "%.*s\"from\": \"2015-03-01\"}, %s",
                                     (int)(place - json), json, place + strlen(from));
    assert_string_equal(found(early), "never_counts high");
}

static void shipped_policies_have_no_mistakes(void **state)
{
    (void)state;
    static const char *const IDS[] = {"dongguan-2012-140", "dongguan-2021-talent"};
    for (size_t i = 0; i < sizeof IDS / sizeof *IDS; i++) {
        Err err = {0};
        const Policy *policy = NULL;
        json_t *findings = NULL;
        assert_ok(policy_load(arena, IDS[i], &policy, &err), &err);
        assert_ok(policy_inspect(arena, policy, &findings, &err), &err);
        assert_int_equal(json_array_size(findings), 0);
        json_decref(findings);
    }
}

static void a_fact_that_no_form_asks_for_is_found(void **state)
{
    (void)state;
    json_t *findings = NULL;
    Err err = {0};
    const Policy *policy = NULL;
    char share[] = "/tmp/talent-forms-XXXXXX";
    assert_non_null(mkdtemp(share));
    assert_int_equal(setenv("TALENT_SHARE", share, 1), 0);
    policy = small_policy(arena, "\"fact\": \"education\", \"at_least\": 4");
    assert_int_equal(policy_inspect(arena, policy, &findings, &err), ERR_IO);
    const char *folder = arena_printf(arena, "%s/survey", share),
               *forms = arena_printf(arena, "%s/forms", folder),
               *form = arena_printf(arena, "%s/one.json", forms);
    assert_int_equal(mkdir(folder, 0700) | mkdir(forms, 0700), 0);
    FILE *file = fopen(form, "w");
    assert_non_null(file);
    fputs("{\"columns\": [{\"fact\": \"sex\"}, {\"fact\": \"other\"}]}", file);
    fclose(file);
    assert_string_equal(
        found(small_json(arena, "",
                         "\"all\": [" COND("a", "\"fact\": \"education\", \"at_least\": 4") "]")),
        "never_asked education");
    file = fopen(form, "w");
    fputs("{", file);
    fclose(file);
    assert_int_equal(policy_inspect(arena, policy, &findings, &err), ERR_CONFIG);
    (void)!remove(form);
    (void)!remove(forms);
    (void)!remove(folder);
    (void)!remove(share);
    unsetenv("TALENT_SHARE");
}

static void a_doubtful_source_must_say_what_is_unsure(void **state)
{
    (void)state;
    const char *json = small_json(arena, "",
                                  "\"all\": [" COND("a", "\"fact\": \"skill_level\", "
                                                         "\"in\": [1]") "]");
    const char *place = strstr(json, "\"url\": \"u\"");
    assert_non_null(place);
    assert_string_equal(found(arena_printf(arena, "%.*s\"certainty\": \"copy\", %s",
                                           (int)(place - json), json, place)),
                        "no_caution small");
}

static void words_that_do_not_change_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *second, *found;
    } TABLE[] = {{"x", "no_change w"}, {"y", ""}};
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const char *parameters = arena_printf(
            arena,
            "\"parameters\": {\"w\": {\"choices\": [\"x\", \"y\"], \"value\": [{\"from\": "
            "\"2012-01-01\", \"value\": \"x\"}, {\"from\": \"2013-01-01\", \"value\": "
            "\"%s\"}], \"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}},",
            TABLE[i].second);
        assert_string_equal(
            found(small_json(
                arena, parameters,
                "\"all\": [" COND("a", "\"fact\": \"skill_level\", \"in\": [1]") ", " COND(
                    "b", "\"fact\": \"sex\", \"in\": [1], \"when\": "
                         "{\"parameter\": \"w\", \"is\": \"y\"}") "]")),
            TABLE[i].found);
    }
}

/* The members of a small policy with papers. */
static const char *with_proofs(const char *proofs)
{
    return arena_printf(arena, "\"proofs\": {%s},", proofs);
}
#define PAPER(fact) "\"" fact "\": {\"zh\": \"证\", \"en\": \"paper\"}"

static void papers_are_asked_for_what_clauses_read(void **state)
{
    (void)state;
    static const char GROUP[] =
        "\"all\": [" COND("a", "\"fact\": \"skill_level\", \"in\": [1]") ", " COND(
            "b", "\"fact\": \"sex\", \"in\": [1]") "]";
    static const struct {
        const char *proofs, *found;
    } TABLE[] = {
        {"", ""},
        {PAPER("skill_level") ", " PAPER("sex"), ""},
        {PAPER("skill_level"), "no_proof sex"},
        {PAPER("skill_level") ", " PAPER("sex") ", " PAPER("owns_home"),
         "needless_proof owns_home"},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++)
        assert_string_equal(found(small_json(arena, with_proofs(TABLE[i].proofs), GROUP)),
                            TABLE[i].found);
    /* a clause that a parameter switches off may be switched on */
    const char *switched =
        arena_printf(arena,
                     "%s \"parameters\": {\"w\": {\"choices\": [\"x\", \"y\"], \"value\": \"x\", "
                     "\"since\": \"2012-01-01\", \"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}},",
                     with_proofs(PAPER("skill_level") ", " PAPER("sex")));
    assert_string_equal(
        found(small_json(arena, switched,
                         "\"all\": [" COND("a", "\"fact\": \"skill_level\", \"in\": [1]") ", " COND(
                             "b", "\"fact\": \"sex\", \"in\": [1], \"when\": {\"parameter\": "
                                  "\"w\", \"is\": \"y\"}") "]")),
        "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_outside_the_policy_s_days_are_found),
        cmocka_unit_test(shipped_policies_have_no_mistakes),
        cmocka_unit_test(a_fact_that_no_form_asks_for_is_found),
        cmocka_unit_test(a_doubtful_source_must_say_what_is_unsure),
        cmocka_unit_test(words_that_do_not_change_are_found),
        cmocka_unit_test(papers_are_asked_for_what_clauses_read),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
