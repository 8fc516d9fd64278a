/* tests/e2e/test_demo.c: the whole street with the real program: questionnaires, people, verdicts,
 * messages, receipts. The tests stand in the order of the street and share one home; each begins
 * where the one before ended. */
#include "base/buffer.h"
#include "support/street.h"

#include <string.h>

enum { SEED = 5, PEOPLE = 900, FILES = 7 };

static json_t *made; /* the generator's summary */
static int64_t rows_broken, people_in_base, audience;

static int street_setup(void **state)
{
    if (test_home_setup(state) != 0)
        return -1;
    made = street_generate(*state, SEED, PEOPLE);
    return 0;
}

static int street_teardown(void **state)
{
    json_decref(made);
    return test_home_teardown(state);
}

static json_t *import_all(TestHome *home, int status)
{
    return TEST_JSON(home, status, "survey", "import", street_file(home, made, 0),
                     street_file(home, made, 1), street_file(home, made, 2),
                     street_file(home, made, 3), street_file(home, made, 4),
                     street_file(home, made, 5), street_file(home, made, 6));
}

static void every_row_is_accepted_or_quarantined(void **state)
{
    TestHome *home = *state;
    json_t *files = import_all(home, 3);
    int64_t people_new = 0;
    assert_int_equal(json_array_size(files), FILES);
    for (size_t i = 0; i < FILES; i++) {
        const json_t *file = json_array_get(files, i);
        const json_t *expected = json_array_get(json_object_get(made, "files"), i);
        assert_string_equal(json_string_value(json_object_get(file, "form")),
                            json_string_value(json_object_get(expected, "form")));
        assert_int_equal(json_number_at(file, "rows"), json_number_at(expected, "rows"));
        if (json_number_at(file, "quarantined") != json_number_at(expected, "broken"))
            fail_msg("%s: %lld rows quarantined, %lld were broken", street_file(home, made, i),
                     (long long)json_number_at(file, "quarantined"),
                     (long long)json_number_at(expected, "broken"));
        assert_int_equal(json_number_at(file, "accepted") + json_number_at(file, "quarantined"),
                         json_number_at(file, "rows"));
        assert_int_equal(json_sum(json_object_get(file, "people")),
                         json_number_at(file, "accepted"));
        people_new += json_number_at(file, "people.new");
        rows_broken += json_number_at(file, "quarantined");
    }
    json_decref(files);
    people_in_base = people_new;
    assert_int_equal(people_new, json_number_at(made, "people_sound"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), people_new);
    assert_int_equal(rows_broken, json_number_at(made, "broken"));
}

static void the_same_files_again_change_nothing(void **state)
{
    TestHome *home = *state;
    int64_t answers = test_number(home, "SELECT COUNT(*) FROM answer");
    json_t *files = import_all(home, 0);
    for (size_t i = 0; i < FILES; i++)
        assert_non_null(json_object_get(json_array_get(files, i), "duplicate_of"));
    json_decref(files);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer"), answers);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), FILES);
}

/* Rows of a list of problems: each has one or more of them. */
static int64_t quarantined_rows(const json_t *problems)
{
    int64_t rows = 0, last_batch = 0, last_line = 0;
    size_t index;
    json_t *problem;
    json_array_foreach(problems, index, problem)
    {
        int64_t batch = json_number_at(problem, "batch"), line = json_number_at(problem, "line");
        rows += batch != last_batch || line != last_line;
        last_batch = batch;
        last_line = line;
        assert_true(strlen(json_string_value(json_object_get(problem, "code"))) > 0);
        assert_true(strlen(json_string_value(json_object_get(problem, "message"))) > 0);
    }
    return rows;
}

static void every_quarantined_row_says_why(void **state)
{
    json_t *problems = TEST_JSON(*state, 0, "survey", "problems");
    assert_int_equal(quarantined_rows(problems), rows_broken);
    json_decref(problems);
}

static char *file_text(Arena *arena, const char *path)
{
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    AUTO_BUFFER text = BUFFER(1 << 24);
    char piece[4096];
    size_t length;
    while ((length = fread(piece, 1, sizeof piece, file)) > 0)
        buffer_add(&text, piece, length);
    fclose(file);
    return arena_strdup(arena, buffer_string(&text));
}

/* What a clerk would correct in the workbook, where the right value can be known. Returns how
 * often. */
static int64_t mend(Arena *arena, const char *from, const char *to)
{
    static const char *const CORRECTIONS[][2] = {
        {"\"2021-06-30\"", "\"2011-06-30\""},
        {"\"2011-02-30\"", "\"2011-02-28\""},
        {"\"2010-13-01\"", "\"2010-12-01\""},
        {"\"2011年6月31日\"", "\"2011年6月30日\""},
        {"\"广州市天河区\"", "\"长安镇\""},
        {"\"441900120\"", "\"长安镇\""},
        {"\"深圳龙岗\"", "\"长安镇\""},
        {"\"长平镇\"", "\"常平镇\""},
        {"\"见附件\"", "\"3\""},
    };
    AUTO_BUFFER mended = BUFFER(1 << 24);
    int64_t count = 0;
    for (const char *text = file_text(arena, from); *text;) {
        size_t i = 0, known = sizeof CORRECTIONS / sizeof *CORRECTIONS;
        while (i < known && strncmp(text, CORRECTIONS[i][0], strlen(CORRECTIONS[i][0])) != 0)
            i++;
        if (i < known) {
            buffer_text(&mended, CORRECTIONS[i][1]);
            text += strlen(CORRECTIONS[i][0]);
            count++;
        } else {
            buffer_char(&mended, *text++);
        }
    }
    FILE *file = fopen(to, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(mended.bytes, 1, mended.length, file), mended.length);
    assert_int_equal(fclose(file), 0);
    return count;
}

static void mended_rows_and_only_they_leave_the_quarantine(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    int64_t still_broken = rows_broken;
    for (size_t i = 0; i < FILES; i++) {
        const char *batch = arena_printf(arena, "%zu", i + 1);
        const char *sick = arena_printf(arena, "%s/sick-%zu.csv", home->dir, i);
        const char *well = arena_printf(arena, "%s/well-%zu.csv", home->dir, i);
        json_decref(TEST_JSON(home, 0, "survey", "problems", batch, "-o", sick));
        int64_t corrected = mend(arena, sick, well);
        TestOutput output = TEST_RUN(home, "--json", "survey", "import", well);
        assert_true(output.status == 0 || output.status == 3);
        json_t *files = json_loads(output.out, 0, NULL);
        const json_t *file = json_array_get(files, 0);
        if (json_number_at(file, "accepted") != corrected)
            fail_msg("batch %s: %lld rows corrected, %lld accepted", batch, (long long)corrected,
                     (long long)json_number_at(file, "accepted"));
        still_broken -= json_number_at(file, "accepted");
        people_in_base += json_number_at(file, "people.new");
        json_decref(files);
    }
    assert_true(still_broken < rows_broken);
    json_t *problems = TEST_JSON(home, 0, "survey", "problems");
    assert_int_equal(quarantined_rows(problems), still_broken);
    json_decref(problems);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), people_in_base);
}

static void everyone_has_one_verdict_and_groups_add_up(void **state)
{
    json_t *size = TEST_JSON(*state, 0, "--as-of", "2012-10-08", "policy", "size", "--by",
                             "employer_town,skill_level");
    const json_t *verdicts = json_object_get(size, "verdicts");
    static const char *const EXPECTED[] = {"likely", "possible", "later", "ineligible"};
    assert_int_equal(json_number_at(size, "people"), people_in_base);
    assert_int_equal(json_sum(verdicts), people_in_base);
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++)
        assert_true(json_number_at(verdicts, EXPECTED[i]) > 0);
    int64_t people = 0, likely = 0;
    size_t index;
    json_t *group;
    json_array_foreach(json_object_get(size, "groups"), index, group)
    {
        people += json_number_at(group, "people");
        likely += json_number_at(group, "verdicts.likely");
        assert_int_equal(json_sum(json_object_get(group, "verdicts")),
                         json_number_at(group, "people"));
    }
    assert_int_equal(people, people_in_base);
    assert_int_equal(likely, json_number_at(verdicts, "likely"));
    json_decref(size);
}

static void a_plan_leaves_nobody_out_without_a_reason(void **state)
{
    TestHome *home = *state;
    json_t *plan = TEST_JSON(home, 0, "--as-of", "2012-10-08", "outreach", "plan", "autumn",
                             "--template", "settlement-invitation");
    audience = json_number_at(plan, "audience");
    assert_true(audience > 0);
    assert_true(json_number_at(plan, "suppressed.no_phone") > 0);
    assert_int_equal(audience + json_sum(json_object_get(plan, "suppressed")) +
                         json_sum(json_object_get(plan, "other_verdicts")),
                     people_in_base);
    json_decref(plan);
    json_t *preview = TEST_JSON(home, 0, "outreach", "preview", "autumn", "--limit", "3");
    assert_true(json_array_size(preview) >= 3); /* the longest and the rarest may come on top */
    const char *text = json_string_value(json_object_get(json_array_get(preview, 0), "text"));
    assert_non_null(strstr(text, "【东莞人社】"));
    assert_null(strstr(text, "{{"));
    json_decref(preview);
}

static void only_what_was_approved_is_launched(void **state)
{
    TestHome *home = *state;
    TestOutput early = TEST_RUN(home, "outreach", "launch", "autumn");
    assert_int_equal(early.status, 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM message WHERE state <> 'queued'"), 0);
    json_decref(TEST_JSON(home, 0, "outreach", "approve", "autumn"));
    json_decref(TEST_JSON(home, 0, "outreach", "launch", "autumn"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM message WHERE state = 'queued'"),
                     audience);
}

static void a_gateway_that_misbehaves_gets_every_message_once(void **state)
{
    TestHome *home = *state;
    StreetGateway gateway = street_gateway_start(
        home, "slow=2%,503=3%,429=1%,cut=2%,double=10%,reorder=20%,undelivered=4%", "30%");
    TestOutput dispatch = TEST_RUN(home, "--json", "outreach", "dispatch", "--until-done");
    json_t *counts = street_gateway_stop(&gateway);
    if (dispatch.status != 0 && dispatch.status != 3)
        fail_msg("dispatch ended with %d: %s", dispatch.status, dispatch.err);
    assert_int_equal(json_number_at(counts, "taken_twice"), 0);
    assert_int_equal(json_number_at(counts, "references_twice"), 0);
    assert_true(json_number_at(counts, "taken") <= audience);
    json_decref(counts);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message WHERE state IN ('queued', 'claimed')"), 0);
}

static void status_log_and_report_tie_out(void **state)
{
    TestHome *home = *state;
    json_t *status = TEST_JSON(home, 0, "outreach", "status", "autumn");
    const json_t *messages = json_object_get(status, "messages");
    assert_int_equal(json_sum(messages), audience);
    int64_t delivered = json_number_at(messages, "delivered");
    assert_true(delivered * 10 >= audience * 8);
    json_t *log = TEST_JSON(home, 0, "outreach", "log", "autumn");
    assert_int_equal(json_array_size(log), audience);
    json_t *report = TEST_JSON(home, 0, "--as-of", "2012-10-08", "outreach", "report", "autumn");
    assert_int_equal(json_number_at(report, "total.surveyed"), people_in_base);
    assert_int_equal(json_number_at(report, "total.delivered"), delivered);
    assert_true(json_number_at(report, "total.told") >= delivered);
    assert_true(json_number_at(report, "total.replied") > 0);
    int64_t surveyed = 0, told = 0;
    size_t index;
    json_t *town;
    json_array_foreach(json_object_get(report, "towns"), index, town)
    {
        surveyed += json_number_at(town, "surveyed");
        told += json_number_at(town, "told");
    }
    assert_int_equal(surveyed, people_in_base);
    assert_int_equal(told, json_number_at(report, "total.told"));
    json_decref(status);
    json_decref(log);
    json_decref(report);
}

static void every_move_of_a_message_stands_in_the_log(void **state)
{
    TestHome *home = *state;
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message m WHERE state <> (SELECT to_state FROM "
                          "delivery_event e WHERE e.message_id = m.id ORDER BY e.id DESC LIMIT 1)"),
        0);
    assert_int_equal(test_number(home,
                                 "SELECT COUNT(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM "
                                 "delivery_event e WHERE e.message_id = m.id)"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_accepted_or_quarantined),
        cmocka_unit_test(the_same_files_again_change_nothing),
        cmocka_unit_test(every_quarantined_row_says_why),
        cmocka_unit_test(mended_rows_and_only_they_leave_the_quarantine),
        cmocka_unit_test(everyone_has_one_verdict_and_groups_add_up),
        cmocka_unit_test(a_plan_leaves_nobody_out_without_a_reason),
        cmocka_unit_test(only_what_was_approved_is_launched),
        cmocka_unit_test(a_gateway_that_misbehaves_gets_every_message_once),
        cmocka_unit_test(status_log_and_report_tie_out),
        cmocka_unit_test(every_move_of_a_message_stands_in_the_log),
    };
    return cmocka_run_group_tests(tests, street_setup, street_teardown);
}
