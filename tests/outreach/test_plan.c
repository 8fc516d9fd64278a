#include "base/text.h"
#include "outreach/fill.h"
#include "outreach/verbs.h"

static int64_t number_of(const json_t *result, const char *key)
{
    return json_integer_value(json_object_get(result, key));
}

static int64_t sum_of(const json_t *object)
{
    int64_t sum = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) sum += json_integer_value(value);
    return sum;
}

static ErrCode plan(TestHome *home, json_t *options, Err *err)
{
    Arguments *arguments = NULL;
    json_t *result = NULL;
    assert_ok(command_arguments(home->context.arena, &OUTREACH_PLAN, options, &arguments, err),
              err);
    ErrCode code = OUTREACH_PLAN.run(&home->context, arguments, &result, err);
    json_decref(options);
    json_decref(result);
    return code;
}

/* Four of the base: two who are told, one who has no phone, one who is not eligible. */
static void base_make(TestHome *home)
{
    Facts people[4];
    for (int at = 0; at < 4; at++)
        people[at] = fill_person(home->context.arena, at + 1);
    people[2].values[FACT_PHONE].known = false;
    fill_number(&people[3], FACT_SKILL_LEVEL, 5);
    fill_people(home, people, 4);
}

static void a_plan_says_where_everyone_is_and_ties_out(void **state)
{
    TestHome *home = *state;
    base_make(home);
    json_t *result = fill_run(
        home, &OUTREACH_PLAN,
        json_pack("{s[s], ss}", "arguments", "autumn", "template", "settlement-invitation"));
    assert_string_equal(json_string_value(json_object_get(result, "campaign")), "autumn");
    assert_string_equal(json_string_value(json_object_get(result, "state")), "draft");
    assert_int_equal(number_of(result, "people"), 4);
    assert_int_equal(number_of(result, "audience"), 2);
    assert_int_equal(number_of(result, "segments"), 4);
    const json_t *suppressed = json_object_get(result, "suppressed"),
                 *others = json_object_get(result, "other_verdicts");
    assert_int_equal(json_object_size(suppressed), SUPPRESSION_COUNT);
    assert_int_equal(number_of(suppressed, "no_phone"), 1);
    assert_int_equal(number_of(others, "ineligible"), 1);
    assert_null(json_object_get(others, "likely"));
    assert_int_equal(number_of(result, "people"),
                     number_of(result, "audience") + sum_of(suppressed) + sum_of(others));
    json_decref(result);
}

static void the_status_of_a_draft_repeats_the_plan(void **state)
{
    TestHome *home = *state;
    base_make(home);
    json_t *made = fill_run(
        home, &OUTREACH_PLAN,
        json_pack("{s[s], ss}", "arguments", "autumn", "template", "settlement-invitation"));
    json_t *status = fill_run(home, &OUTREACH_STATUS, json_pack("{s[s]}", "arguments", "autumn"));
    static const char *const KEYS[] = {"campaign", "id",       "state",      "people",
                                       "audience", "segments", "suppressed", "other_verdicts"};
    for (size_t at = 0; at < sizeof KEYS / sizeof KEYS[0]; at++)
        assert_true(json_equal(json_object_get(made, KEYS[at]), json_object_get(status, KEYS[at])));
    const json_t *messages = json_object_get(status, "messages");
    assert_int_equal(json_object_size(messages), 10);
    assert_int_equal(number_of(messages, "queued"), 2);
    assert_int_equal(sum_of(messages), number_of(status, "audience"));
    json_decref(made);
    json_decref(status);

    json_t *list = fill_run(home, &OUTREACH_STATUS, json_object());
    assert_int_equal(json_array_size(list), 1);
    assert_int_equal(number_of(json_array_get(list, 0), "audience"), 2);
    json_decref(list);
}

static void the_preview_shows_texts_as_they_will_be_sent_and_masks_phones(void **state)
{
    TestHome *home = *state;
    base_make(home);
    json_decref(fill_run(
        home, &OUTREACH_PLAN,
        json_pack("{s[s], ss}", "arguments", "autumn", "template", "settlement-invitation")));
    json_t *list = fill_run(home, &OUTREACH_PREVIEW,
                            json_pack("{s[s], si}", "arguments", "autumn", "limit", 1));
    assert_int_equal(json_array_size(list), 1);
    const json_t *first = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(first, "text")),
                        "【东莞人社】林1先生：您可能符合东莞入户条件（技师、高级技师职业资格，东府"
                        "办〔2012〕140号），到长安镇新莞人服务管理中心"
                        "申请。回复1愿意入户 2不愿意 3想了解，退订回复TD");
    assert_int_equal(number_of(first, "segments"), 2);
    const char *to = json_string_value(json_object_get(first, "to"));
    assert_true(text_ends(to, "0001"));
    assert_null(strstr(to, "1380"));
    json_decref(list);
}

static const json_t *shown_as(const json_t *list, const char *reason)
{
    size_t at, place;
    const json_t *message, *word;
    json_array_foreach(list, at, message)
    {
        json_array_foreach(json_object_get(message, "shown_as"), place, word)
        {
            if (text_equal(json_string_value(word), reason))
                return message;
        }
    }
    return NULL;
}

static void the_preview_shows_the_longest_text_and_the_one_with_the_rarest_characters(void **state)
{
    enum { PEOPLE = 5 };
    TestHome *home = *state;
    Facts people[PEOPLE];
    for (int at = 0; at < PEOPLE; at++)
        people[at] = fill_person(home->context.arena, at + 1);
    fill_text(&people[1], FACT_NAME, "欧阳诸葛司马");
    fill_text(&people[2], FACT_NAME, "林㼆㼆"); /* twice outside GB2312 */
    fill_text(&people[3], FACT_NAME, "林𠮷?");  /* once, and of two units */
    fill_text(&people[4], FACT_NAME, "林???");
    int64_t *persons = fill_people(home, people, PEOPLE);
    json_decref(fill_run(
        home, &OUTREACH_PLAN,
        json_pack("{s[s], ss}", "arguments", "autumn", "template", "settlement-invitation")));
    json_t *list = fill_run(home, &OUTREACH_PREVIEW,
                            json_pack("{s[s], si}", "arguments", "autumn", "limit", 1));
    assert_int_equal(json_array_size(list), 3);
    assert_int_equal(number_of(shown_as(list, "first"), "person"), persons[0]);
    assert_int_equal(number_of(shown_as(list, "longest"), "person"), persons[1]);
    assert_int_equal(number_of(shown_as(list, "rarest characters"), "person"), persons[3]);
    json_decref(list);
    test_sql(home, "DELETE e FROM delivery_event e JOIN message m ON m.id = e.message_id WHERE "
                   "m.text LIKE '%𠮷%';\nDELETE FROM message WHERE text LIKE '%𠮷%'");
    list = fill_run(home, &OUTREACH_PREVIEW, json_pack("{s[s]}", "arguments", "autumn"));
    assert_int_equal(json_array_size(list), 4);
    assert_int_equal(number_of(shown_as(list, "rarest characters"), "person"), persons[2]);
    json_decref(list);
}

static void each_wrong_plan_is_refused_with_one_clear_line(void **state)
{
    static const struct {
        const char *name, *key, *value;
        ErrCode code;
        const char *text, *hint;
    } CASES[] = {
        {"2012", "verdict", "likely", ERR_USAGE, "'2012' would read as a campaign's number", ""},
        {"  ", "verdict", "likely", ERR_USAGE, "a campaign's name is 1 to 120 characters", ""},
        {"b", "verdict", "likely,maybe", ERR_USAGE, "'maybe' is not a verdict",
         "eligible, likely, possible, later, ineligible"},
        {"b", "verdict", "", ERR_USAGE, "--verdict names no verdict", ""},
        {"b", "policy", "other", ERR_REFUSED,
         "template 'settlement-invitation' speaks of policy 'dongguan-2012-140', not of 'other'",
         "choose a template of that policy"},
        {"b", "reminder-of", "nothing", ERR_NOT_FOUND, "there is no campaign 'nothing'", ""},
        {"taken", "verdict", "likely", ERR_REFUSED, "there is already a campaign 'taken'",
         "choose another name; campaigns are never overwritten"},
    };
    TestHome *home = *state;
    Err err = {0};
    base_make(home);
    assert_ok(
        plan(home,
             json_pack("{s[s], ss}", "arguments", "taken", "template", "settlement-invitation"),
             &err),
        &err);
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        err = (Err){0};
        ErrCode code = plan(home,
                            json_pack("{s[s], ss, ss}", "arguments", CASES[at].name, "template",
                                      "settlement-invitation", CASES[at].key, CASES[at].value),
                            &err);
        if (code != CASES[at].code || strcmp(err.text, CASES[at].text) != 0 ||
            strcmp(err.hint, CASES[at].hint) != 0)
            fail_msg("case %zu: %s: %s [%s]", at, err_name(code), err.text, err.hint);
    }
    assert_int_equal(
        plan(home, json_pack("{s[s], ss}", "arguments", "b", "template", "nothing"), &err),
        ERR_NOT_FOUND);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM campaign"), 1);
}

static void a_name_may_be_chinese_and_belongs_to_one_campaign(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    base_make(home);
    assert_ok(plan(home,
                   json_pack("{s[s], ss}", "arguments", " 二〇一二年秋季 ", "template",
                             "document-checklist"),
                   &err),
              &err);
    assert_int_equal(plan(home,
                          json_pack("{s[s], ss}", "arguments", "二〇一二年秋季", "template",
                                    "document-checklist"),
                          &err),
                     ERR_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_says_where_everyone_is_and_ties_out),
        cmocka_unit_test(the_status_of_a_draft_repeats_the_plan),
        cmocka_unit_test(the_preview_shows_texts_as_they_will_be_sent_and_masks_phones),
        cmocka_unit_test(the_preview_shows_the_longest_text_and_the_one_with_the_rarest_characters),
        cmocka_unit_test(each_wrong_plan_is_refused_with_one_clear_line),
        cmocka_unit_test(a_name_may_be_chinese_and_belongs_to_one_campaign),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
