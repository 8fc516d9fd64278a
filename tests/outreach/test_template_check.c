/* The check of a template as staff run it: measured on real people, with its cost. */
#include "fill.h"

#include "base/text.h"
#include "outreach/text_measure.h"
#include "outreach/verbs.h"

#include <sys/stat.h>
#include <unistd.h>

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* Five people: one with a name beyond the BMP and the longest text, one whose route is not proven,
 * one who opted out by consent, one without an occupation. */
static int64_t *people_make(TestHome *home)
{
    enum { PEOPLE = 5 };
    Facts people[PEOPLE];
    for (int n = 0; n < PEOPLE; n++) {
        people[n] = fill_person(home->context.arena, n + 1);
        fill_text(&people[n], FACT_OCCUPATION, "电工");
    }
    fill_text(&people[1], FACT_NAME, "阿卜杜拉·买买提·𠮷"); /* 10 characters, 11 units */
    people[2].values[FACT_OCCUPATION].known = false;
    fill_number(&people[3], FACT_CONSENT_SMS, 0);
    return fill_people(home, people, PEOPLE);
}

static Template template_of(TestHome *home, const char *text)
{
    Err err = {0};
    Template template;
    const char *source =
        arena_printf(home->context.arena,
                     "---\nid: t\npolicy: dongguan-2012-140\nlanguage: zh\nsignature: "
                     "东莞人社\nclass: notice\napproved_by: a\n---\n%s\n",
                     text);
    assert_ok(template_parse(home->context.arena, "t.txt", source, strlen(source), &template, &err),
              &err);
    return template;
}

static TextMeasure measure(TestHome *home, const Template *template)
{
    Err err = {0};
    TextMeasure result;
    MeasureRequest request = {.audience = {.template = template,
                                           .as_of = home->context.as_of,
                                           .cap_messages = 1,
                                           .cap_days = 30},
                              .sealer = home->context.sealer,
                              .quiet = true};
    request.audience.verdicts[VERDICT_ELIGIBLE] = request.audience.verdicts[VERDICT_LIKELY] = true;
    assert_ok(policy_load(home->context.arena, template->policy, &request.audience.policy, &err),
              &err);
    assert_ok(text_measure(home->context.db, home->context.arena, &request, &result, &err), &err);
    return result;
}

static void the_longest_real_text_is_found_and_its_person_masked(void **state)
{
    TestHome *home = *state;
    int64_t *persons = people_make(home);
    Template template = template_of(home, "{{name}}您好，{{name}}，{{occupation}}");
    TextMeasure result = measure(home, &template);
    assert_int_equal(result.people, 3);
    assert_int_equal(result.longest_person, persons[1]);
    /* 6 of the signature, 2 × 11 of the name, 您好，，, 电工 */
    assert_int_equal(result.longest_units, 6 + 22 + 4 + 2);
    assert_int_equal(result.longest_segments, 1);
    assert_int_equal(result.segments, 3);
    assert_int_equal(result.beyond_bmp, 1);
    assert_int_equal(result.cannot_fill[PLACEHOLDER_OCCUPATION], 1);
    assert_int_equal(result.cannot_fill[PLACEHOLDER_NAME], 0);
    assert_string_equal(result.longest_text, "【东莞人社】阿**********您好，阿**********，电工");
    assert_int_equal(text_utf16_units(result.longest_text), result.longest_units);
}

static void nobody_is_measured_as_nobody(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    Template template = template_of(home, "{{name}}您好");
    TextMeasure result = measure(home, &template);
    assert_int_equal(result.people, 0);
    assert_int_equal(result.longest_person, 0);
    assert_null(result.longest_text);
}

static void shipped_templates_are_sound_and_their_cost_is_forecast(void **state)
{
    TestHome *home = *state;
    test_config(home, "\"texts\": {\"price_fen\": 4.5}");
    people_make(home);
    json_t *list = fill_run(home, &OUTREACH_TEMPLATE_CHECK, json_pack("{si}", "people", 1000));
    assert_int_equal(json_array_size(list), 3);
    size_t at;
    const json_t *check;
    json_array_foreach(list, at, check)
    {
        assert_true(json_is_true(json_object_get(check, "sound")));
        assert_int_equal(json_array_size(json_object_get(check, "findings")), 0);
        const json_t *real = json_object_get(check, "real"),
                     *forecast = json_object_get(check, "forecast");
        assert_int_equal(number_of(real, "people"), 4);
        assert_true(number_of(real, "longest") <= number_of(check, "longest"));
        assert_int_equal(number_of(forecast, "people"), 1000);
        assert_int_equal(number_of(forecast, "segments"), number_of(real, "segments_of_all") * 250);
        double yuan = json_number_value(json_object_get(forecast, "yuan"));
        assert_true(yuan > 0 && (int64_t)(yuan * 100 + 0.5) ==
                                    (int64_t)((double)number_of(forecast, "segments") * 4.5 + 0.5));
    }
    json_decref(list);
    assert_false(home->context.partial);
    test_config(home, NULL);
}

/* A shared folder of the test's own: the shipped policies, and templates that are wrong. */
static const char *share_make(TestHome *home)
{
    Arena *arena = home->context.arena;
    const char *share = arena_printf(arena, "%s/share", home->dir);
    mkdir(share, 0700);
    mkdir(arena_printf(arena, "%s/templates", share), 0700);
    mkdir(arena_printf(arena, "%s/templates/sms", share), 0700);
    assert_int_equal(
        symlink(config_shared(arena, "policy"), arena_printf(arena, "%s/policy", share)), 0);
    static const char *const FILES[][2] = {
        {"a", "---\nid: a\npolicy: dongguan-2012-140\nlanguage: zh\nclass: notice\napproved_by: "
              "a\n---\n您好\n"},
        {"b", "---\nid: b\npolicy: nothing\nlanguage: zh\nsignature: 东莞人社\nclass: "
              "promotion\napproved_by: a\n---\n您好\n"},
        {"c", "---\nid: c\npolicy: dongguan-2012-140\nlanguage: zh\nsignature: 东莞人社\nclass: "
              "notice\napproved_by: a\n---\n{{nane}}您好\n"},
        {"d", "---\nid: d\npolicy: dongguan-2012-140\nlanguage: zh\nsignature: 东莞人社\nclass: "
              "notice\napproved_by: a\n---\n{{occupation}}您好\n"},
    };
    for (size_t at = 0; at < sizeof FILES / sizeof FILES[0]; at++) {
        FILE *file =
            fopen(arena_printf(arena, "%s/templates/sms/%s.txt", share, FILES[at][0]), "we");
        assert_non_null(file);
        fputs(FILES[at][1], file);
        assert_int_equal(fclose(file), 0);
    }
    return share;
}

static void what_must_not_be_sent_ends_with_exit_status_3(void **state)
{
    static const struct {
        const char *id, *code, *what;
        bool sound;
    } CASES[] = {
        {"a", "unreadable", "key 'signature' is missing", false},
        {"b", "no_policy", "nothing", false},
        {"c", "unreadable", "placeholder 'nane' is not declared; did you mean 'name'?", false},
        {"d", "cannot_fill", "{{occupation}}: 1", true},
    };
    TestHome *home = *state;
    people_make(home);
    setenv("TALENT_SHARE", share_make(home), 1);
    json_t *list = TEST_JSON(home, 3, "--lang", "en", "outreach", "template", "check");
    assert_int_equal(json_array_size(list), 4);
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        const json_t *check = json_array_get(list, at);
        assert_string_equal(json_string_value(json_object_get(check, "id")), CASES[at].id);
        assert_int_equal(json_is_true(json_object_get(check, "sound")), CASES[at].sound);
        const json_t *findings = json_object_get(check, "findings");
        const json_t *last = json_array_get(findings, json_array_size(findings) - 1);
        assert_string_equal(json_string_value(json_object_get(last, "code")), CASES[at].code);
        assert_non_null(strstr(json_string_value(json_object_get(last, "what")), CASES[at].what));
    }
    json_decref(list);
    assert_int_equal(TEST_RUN(home, "outreach", "template", "check", "d").status, 0);
    assert_int_equal(TEST_RUN(home, "outreach", "template", "check", "e").status, 1);
    unsetenv("TALENT_SHARE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_real_text_is_found_and_its_person_masked),
        cmocka_unit_test(nobody_is_measured_as_nobody),
        cmocka_unit_test(shipped_templates_are_sound_and_their_cost_is_forecast),
        cmocka_unit_test(what_must_not_be_sent_ends_with_exit_status_3),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
