#include "base/text.h"
#include "verb.h"

/* Person 1: 高级工 of 45, 23 months asked on the day, gate not asked; 2: the same asked a month
 * ago, with a 技能等级 certificate; 3: 技师 with a Dongguan hukou. */
static const char PEOPLE[] = "INSERT INTO person (id, answers, name, skill_level, "
                             "certificate_type, pension_months, pension_on, birth_date, "
                             "school_kind, in_city_hukou) VALUES "
                             "(1, 1, '隐名甲', 3, 1, 23, '2012-10-01', '1967-10-01', 4, 0), "
                             "(2, 1, '隐名乙', 3, 2, 23, '2012-09-01', '1967-10-01', 4, 0), "
                             "(3, 1, '隐名丙', 2, 1, NULL, NULL, NULL, NULL, 1)";

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    test_sql(*state, PEOPLE);
    return 0;
}

static json_t *explain(TestHome *home, const char *person)
{
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "explain", person), &err);
    return result;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static const json_t *clause_of(const json_t *result, const char *clause)
{
    size_t index;
    const json_t *line;
    json_array_foreach(json_object_get(result, "clauses"), index, line)
    {
        if (text_equal(text_of(line, "clause"), clause))
            return line;
    }
    fail_msg("no clause '%s'", clause);
    return NULL;
}

static void each_clause_has_its_result_fact_and_value(void **state)
{
    json_t *result = explain(*state, "1");
    static const char *const TABLE[][4] = {
        {"二 非莞户籍", "true", "in_city_hukou", "no"},
        {"二 计划生育", "unknown", "family_planning_ok", NULL},
        {"二(一) 等级", "false", "skill_level", "senior worker"},
        {"二(二) 等级", "true", "skill_level", "senior worker"},
        {"二(二) 养老保险", "false", "pension_months", "23"},
        {"二(二) 年龄", "true", "birth_date", "1967-10-01"},
        {"二(三) 应届", "unknown", "graduation_date", NULL},
    };
    assert_int_equal(json_array_size(json_object_get(result, "clauses")), 15);
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const json_t *clause = clause_of(result, TABLE[i][0]);
        assert_string_equal(text_of(clause, "result"), TABLE[i][1]);
        assert_string_equal(text_of(clause, "fact"), TABLE[i][2]);
        assert_true(text_equal(text_of(clause, "value"), TABLE[i][3]));
    }
    assert_string_equal(text_of(clause_of(result, "二(二) 养老保险"), "text"),
                        "在莞购买社会养老保险满2年");
    assert_string_equal(text_of(clause_of(result, "二(二) 养老保险"), "asked_on"), "2012-10-01");
    json_decref(result);
}

static void later_says_from_when_until_when(void **state)
{
    TestHome *home = *state;
    json_t *result = explain(home, "1");
    assert_int_equal(json_integer_value(json_object_get(result, "person")), 1);
    assert_string_equal(text_of(result, "verdict"), "later");
    assert_string_equal(text_of(result, "gate"), "unknown");
    assert_string_equal(text_of(result, "eligible_on"), "2012-11-01");
    assert_string_equal(text_of(result, "eligible_until"), "2013-09-30");
    assert_true(json_is_null(json_object_get(result, "route")));
    assert_int_equal(json_array_size(json_object_get(result, "missing")), 0);
    assert_int_equal(json_array_size(json_object_get(result, "routes")), 3);
    const char *shown = verb_shown(&POLICY_EXPLAIN, &home->context, result);
    assert_contains(shown, "Person 1 on 2012-10-01 by dongguan-2012-140: eligible later");
    assert_contains(shown, "Eligible from 2012-11-01, if contributions go on");
    assert_contains(shown, "The last day is 2013-09-30");
    assert_contains(shown, "not known");
    assert_null(strstr(shown, "隐名"));
    json_decref(result);
}

static void possible_says_what_to_ask_and_what_staff_decide(void **state)
{
    TestHome *home = *state;
    json_t *result = explain(home, "2");
    assert_string_equal(text_of(result, "verdict"), "possible");
    const json_t *missing = json_object_get(result, "missing"),
                 *review = json_object_get(result, "review");
    assert_int_equal(json_array_size(missing), 1);
    assert_string_equal(json_string_value(json_array_get(missing, 0)), "pension_months");
    assert_int_equal(json_array_size(review), 1);
    assert_string_equal(json_string_value(json_array_get(review, 0)), "二(二) 证书");
    assert_true(json_is_true(json_object_get(result, "boundary")));
    const char *shown = verb_shown(&POLICY_EXPLAIN, &home->context, result);
    assert_contains(shown, "To be asked: pension months\n");
    assert_contains(shown, "For staff to decide: 二(二) 证书\n");
    assert_contains(shown, "In the last year of age that the rule includes");
    json_decref(result);
}

static void a_failing_gate_is_shown_with_its_route(void **state)
{
    TestHome *home = *state;
    json_t *result = explain(home, "3");
    assert_string_equal(text_of(result, "verdict"), "ineligible");
    assert_string_equal(text_of(result, "gate"), "false");
    assert_string_equal(text_of(result, "route"), "technician");
    assert_string_equal(text_of(clause_of(result, "二 非莞户籍"), "result"), "false");
    assert_true(json_is_null(json_object_get(clause_of(result, "二(二) 养老保险"), "asked_on")));
    const char *shown = verb_shown(&POLICY_EXPLAIN, &home->context, result);
    assert_contains(shown, "not eligible");
    assert_null(strstr(shown, "To be asked"));
    json_decref(result);
}

static void a_day_before_the_policy_is_marked(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    Context context = home->context;
    context.as_of = date_of(2012, 9, 26);
    assert_ok(VERB_RUN(&context, &result, &err, "policy", "explain", "1"), &err);
    assert_true(json_is_false(json_object_get(result, "in_force")));
    assert_contains(verb_shown(&POLICY_EXPLAIN, &context, result),
                    "On that day the policy is not in force");
    json_decref(result);
}

static void set_and_policy_are_heard(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "explain", "1", "--policy",
                       "dongguan-2012-140", "--set", "pension_months_min=23"),
              &err);
    assert_string_equal(text_of(result, "verdict"), "likely");
    assert_string_equal(text_of(result, "route"), "senior_worker");
    json_decref(result);
}

static void what_cannot_be_explained_is_refused(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *words[5];
        ErrCode code;
    } TABLE[] = {
        {{"policy", "explain", "99"}, ERR_NOT_FOUND},
        {{"policy", "explain", "x"}, ERR_USAGE},
        {{"policy", "explain"}, ERR_USAGE},
        {{"policy", "explain", "1", "--policy=zz"}, ERR_NOT_FOUND},
        {{"policy", "explain", "1", "--set=zz"}, ERR_USAGE},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        json_t *result = NULL;
        assert_int_equal(verb_run(&home->context, TABLE[i].words, &result, &err), TABLE[i].code);
        assert_null(result);
    }
}

static void a_dated_parameter_says_since_when_it_holds(void **state)
{
    TestHome *home = *state;
    Context context = home->context;
    Err err = {0};
    json_t *result = NULL;
    context.as_of = date_of(2021, 3, 1);
    assert_ok(VERB_RUN(&context, &result, &err, "policy", "explain", "1", "--policy",
                       "dongguan-2021-talent"),
              &err);
    const json_t *parameter = json_object_get(clause_of(result, "六 高级工 年龄"), "parameter");
    assert_string_equal(text_of(parameter, "name"), "age_below_senior_worker");
    assert_string_equal(text_of(parameter, "value"), "35");
    assert_string_equal(text_of(parameter, "since"), "2021-01-01");
    assert_string_equal(text_of(parameter, "until"), "2024-05-31");
    assert_true(json_is_true(json_object_get(parameter, "changes")));
    assert_string_equal(text_of(result, "rules_until"), "2024-05-31");
    assert_true(json_is_null(json_object_get(clause_of(result, "六 高级工 等级"), "parameter")));
    const char *shown = verb_shown(&POLICY_EXPLAIN, &context, result);
    assert_contains(shown, "age_below_senior_worker is 35 since 2021-01-01, until 2024-05-31\n");
    assert_contains(shown, "These rules hold until 2024-05-31; then a parameter changes\n");
    json_decref(result);
    context.as_of = date_of(2026, 1, 1);
    assert_ok(VERB_RUN(&context, &result, &err, "policy", "explain", "1", "--policy",
                       "dongguan-2021-talent", "--set", "age_below_technician=50"),
              &err);
    parameter = json_object_get(clause_of(result, "六 技师 年龄"), "parameter");
    assert_true(json_is_null(json_object_get(parameter, "since")));
    assert_true(json_is_true(json_object_get(parameter, "moved")));
    assert_true(json_is_null(json_object_get(result, "rules_until")));
    shown = verb_shown(&POLICY_EXPLAIN, &context, result);
    assert_contains(shown, "age_below_senior_worker is 40 since 2024-06-01\n");
    assert_null(strstr(shown, "age_below_technician is"));
    json_decref(result);
}

/* Person 4 is what a questionnaire line says. */
static const char ANSWERED[] =
    "INSERT INTO batch (id, file, sha256, form, source, credibility, surveyed_on, encoding, "
    "line_count, accepted, quarantined, people_new, people_changed, people_unchanged, report, "
    "imported_by, imported_at, elapsed_ms) VALUES (9, '甲厂.xlsx', 'x', 'enterprise', '甲厂', 5, "
    "'2012-09-20', '', 1, 1, 0, 1, 0, 0, '{}', 'test', NOW(), 1);\n"
    "INSERT INTO answer (batch_id, sheet, line, person_id, surveyed_on, credibility, name, "
    "skill_level, certificate_type) VALUES (9, 2, 34, 4, '2012-09-20', 5, '隐名丁', 2, 1);\n"
    "INSERT INTO person (id, answers, name, skill_level, certificate_type) VALUES "
    "(4, 1, '隐名丁', 2, 1)";

static void a_clause_says_who_said_its_fact_and_how_it_is_proved(void **state)
{
    TestHome *home = *state;
    test_sql(home, ANSWERED);
    json_t *result = explain(home, "4");
    const json_t *line = clause_of(result, "二(一) 等级");
    const json_t *source = json_object_get(line, "source");
    assert_string_equal(text_of(source, "file"), "甲厂.xlsx");
    assert_int_equal(json_integer_value(json_object_get(source, "sheet")), 2);
    assert_int_equal(json_integer_value(json_object_get(source, "line")), 34);
    assert_string_equal(text_of(line, "surveyed_on"), "2012-09-20");
    assert_string_equal(text_of(line, "proof"), "vocational qualification certificate");
    assert_true(json_is_null(json_object_get(clause_of(result, "二 计划生育"), "source")));
    const char *shown = verb_shown(&POLICY_EXPLAIN, &home->context, result);
    assert_contains(shown, "Meets the condition of a route: technicians and senior technicians. "
                           "What all must meet is not proved yet. Still to be asked: Dongguan "
                           "hukou, family planning met");
    assert_contains(shown, "from 甲厂.xlsx, sheet 2, line 34, said on 2012-09-20");
    assert_contains(shown, "proved by: household register");
    json_decref(result);
}

static void the_page_holds_the_same_and_no_markup_of_others(void **state)
{
    TestHome *home = *state;
    static char page[64 * 1024];
    const char *file = arena_printf(home->context.arena, "%s/page.html", home->dir);
    Err err = {0};
    json_t *result = NULL;
    test_sql(home, "UPDATE batch SET file = '<b>.xlsx' WHERE id = 9");
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "explain", "4", "-o", file), &err);
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    page[fread(page, 1, sizeof page - 1, in)] = '\0';
    fclose(in);
    assert_contains(page, "likely eligible</div>");
    assert_contains(page, "&lt;b&gt;.xlsx, sheet 2, line 34, said on 2012-09-20");
    assert_contains(page, "具备技师、高级技师职业资格");
    assert_null(strstr(page, "<b>"));
    assert_null(strstr(page, "http://")); /* needs nothing else */
    json_decref(result);
}

/* The page of a person, as a file says it. */
static const char *page_of(TestHome *home, Context *context, const char *person, const char *policy)
{
    static char page[64 * 1024];
    const char *file = arena_printf(home->context.arena, "%s/page.html", home->dir);
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(context, &result, &err, "policy", "explain", person, "-o", file, "--policy",
                       policy),
              &err);
    json_decref(result);
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    page[fread(page, 1, sizeof page - 1, in)] = '\0';
    fclose(in);
    return page;
}

/* Every element that begins ends in its turn, but for those that have no end; text holds no bare
 * mark. */
static void assert_well_formed(const char *page)
{
    enum { DEPTH = 32 };
    char open[DEPTH][16];
    size_t depth = 0;
    assert_memory_equal(page, "<!DOCTYPE html>\n", 16);
    for (const char *at = strchr(page + 15, '<'); at; at = strchr(at, '<')) {
        char name[16] = "";
        bool ends = at[1] == '/';
        at += ends ? 2 : 1;
        size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz1");
        assert_in_range(length, 1, sizeof name - 1);
        memcpy(name, at, length);
        at = strchr(at, '>');
        assert_non_null(at);
        if (ends) {
            assert_true(depth > 0);
            assert_string_equal(name, open[--depth]);
        } else if (strcmp(name, "meta") != 0 && strcmp(name, "br") != 0) {
            assert_true(depth < DEPTH);
            memcpy(open[depth++], name, sizeof name);
        }
    }
    assert_int_equal(depth, 0);
    for (const char *at = strchr(page, '&'); at; at = strchr(at + 1, '&'))
        assert_true(strncmp(at, "&lt;", 4) == 0 || strncmp(at, "&gt;", 4) == 0 ||
                    strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&quot;", 6) == 0);
}

static void a_page_of_each_verdict_is_well_formed_in_both_languages(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *person, *en, *zh;
    } TABLE[] = {
        {"1", "The last day is 2013-09-30", "将来符合"},
        {"2", "In the last year of age that the rule includes", "可能符合"},
        {"3", "Does not meet the conditions: 二 非莞户籍.", "不符合"},
        {"4", "Meets the condition of a route", "技师、高级技师"},
        {"5", "Meets the conditions: technicians and senior technicians.", "符合"},
    };
    test_sql(home, "UPDATE batch SET file = 'A&B \"<b>\".xlsx' WHERE id = 9;\n"
                   "INSERT INTO person (id, answers, skill_level, certificate_type, in_city_hukou,"
                   " family_planning_ok, no_criminal_record, no_banned_organisation) VALUES"
                   " (5, 1, 2, 1, 0, 1, 1, 1)");
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Context context = home->context;
        const char *page = page_of(home, &context, TABLE[i].person, "dongguan-2012-140");
        assert_well_formed(page);
        assert_contains(page, TABLE[i].en);
        assert_contains(page, "<html lang=\"en\">");
        assert_true(i != 3 || strstr(page, "A&amp;B &quot;&lt;b&gt;&quot;.xlsx, sheet 2, line 34"));
        context.lang = lang_set("zh");
        page = page_of(home, &context, TABLE[i].person, "dongguan-2012-140");
        lang_set("en");
        assert_well_formed(page);
        assert_contains(page, TABLE[i].zh);
        assert_contains(page, "<html lang=\"zh-CN\">");
        assert_null(strstr(page, "<br><small>Dongguan"));
    }
}

static void a_page_tells_what_time_changes(void **state)
{
    TestHome *home = *state;
    Context context = home->context;
    context.as_of = date_of(2021, 3, 1);
    assert_contains(page_of(home, &context, "1", "dongguan-2021-talent"),
                    "These rules hold until 2024-05-31; then a parameter changes");
    context.as_of = date_of(2012, 9, 1);
    assert_contains(page_of(home, &context, "1", "dongguan-2012-140"),
                    "On that day the policy is not in force");
}

static void in_chinese_the_summary_lists_in_chinese(void **state)
{
    TestHome *home = *state;
    Context context = home->context;
    Err err = {0};
    json_t *result = NULL;
    context.lang = lang_set("zh");
    assert_ok(VERB_RUN(&context, &result, &err, "policy", "explain", "4"), &err);
    const char *shown = verb_shown(&POLICY_EXPLAIN, &context, result);
    lang_set("en");
    assert_contains(shown, "具备技师、高级技师职业资格");
    assert_contains(shown, "、");
    assert_string_equal(text_of(clause_of(result, "二(一) 等级"), "proof"),
                        "国家职业资格证书（人力资源社会保障部门核验）");
    json_decref(result);
}

static void a_page_that_cannot_be_written_is_an_error(void **state)
{
    TestHome *home = *state;
    const char *full = arena_printf(home->context.arena, "%s/full.html", home->dir);
    assert_int_equal(symlink("/dev/full", full), 0);
    const char *const FILES[] = {"/nowhere/page.html", full};
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        Err err = {0};
        json_t *result = NULL;
        assert_int_equal(
            VERB_RUN(&home->context, &result, &err, "policy", "explain", "1", "-o", FILES[i]),
            ERR_IO);
        assert_null(result);
        assert_contains(err.text, "cannot write");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dated_parameter_says_since_when_it_holds),
        cmocka_unit_test(each_clause_has_its_result_fact_and_value),
        cmocka_unit_test(later_says_from_when_until_when),
        cmocka_unit_test(possible_says_what_to_ask_and_what_staff_decide),
        cmocka_unit_test(a_failing_gate_is_shown_with_its_route),
        cmocka_unit_test(a_day_before_the_policy_is_marked),
        cmocka_unit_test(set_and_policy_are_heard),
        cmocka_unit_test(what_cannot_be_explained_is_refused),
        cmocka_unit_test(a_clause_says_who_said_its_fact_and_how_it_is_proved),
        cmocka_unit_test(the_page_holds_the_same_and_no_markup_of_others),
        cmocka_unit_test(a_page_of_each_verdict_is_well_formed_in_both_languages),
        cmocka_unit_test(a_page_tells_what_time_changes),
        cmocka_unit_test(in_chinese_the_summary_lists_in_chinese),
        cmocka_unit_test(a_page_that_cannot_be_written_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
