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

static const json_t *row_of(const json_t *result, const char *by, const char *what)
{
    size_t at;
    const json_t *row;
    json_array_foreach(json_object_get(json_object_get(result, "delivery"), by), at, row)
    {
        const char *found = json_string_value(json_object_get(row, "what"));
        if (found ? what && strcmp(found, what) == 0 : !what)
            return row;
    }
    fail_msg("%s has no row '%s'", by, what ? what : "NULL");
    return NULL;
}

static void delivery_is_told_apart_by_hour_town_operator_and_code(void **state)
{
    TestHome *home = *state;
    world_make(home);
    const char *unicom = "13012345678";
    size_t length;
    const uint8_t *sealed =
        seal(home->context.sealer, home->context.arena, unicom, strlen(unicom), &length);
    test_sql(home,
             arena_printf(
                 home->context.arena,
                 "UPDATE message SET sent_at = '2012-10-08 01:59:59' WHERE state = 'delivered';\n"
                 "UPDATE message SET sent_at = '2012-10-08 02:00:00' WHERE state IN ('sent', "
                 "'undelivered', 'uncertain');\n"
                 "UPDATE message SET error_code = 'UNDELIV' WHERE state IN ('undelivered', "
                 "'expired');\n"
                 "UPDATE message SET phone = UNHEX('%s') WHERE state IN ('undelivered', 'sent');\n"
                 "UPDATE message SET phone = '' WHERE state = 'expired'",
                 seal_hex(home->context.arena, sealed, length)));
    json_t *result =
        fill_run(home, &OUTREACH_REPORT, json_pack("{s[s], sb}", "arguments", "a", "delivery", 1));
    assert_int_equal(number_of(row_of(result, "hours", "2012-10-08 09:00"), "delivered"), 3);
    const json_t *ten = row_of(result, "hours", "2012-10-08 10:00");
    assert_int_equal(number_of(ten, "messages"), 3);
    assert_int_equal(
        number_of(ten, "sent") + number_of(ten, "undelivered") + number_of(ten, "uncertain"), 3);
    assert_int_equal(number_of(row_of(result, "hours", NULL), "expired"), 1);
    assert_int_equal(number_of(row_of(result, "towns", "Chang'an Town"), "messages"), 3);
    assert_int_equal(number_of(row_of(result, "towns", NULL), "delivered"), 1);
    assert_int_equal(number_of(row_of(result, "operators", "China Unicom"), "messages"), 2);
    assert_int_equal(number_of(row_of(result, "operators", "China Mobile"), "messages"), 4);
    assert_int_equal(number_of(row_of(result, "operators", "prefix not known"), "messages"), 1);
    assert_int_equal(number_of(row_of(result, "errors", "UNDELIV"), "messages"), 2);
    assert_int_equal(number_of(row_of(result, "errors", NULL), "messages"), 5);
    json_decref(result);
}

static void the_workbook_has_a_sheet_and_a_chart_for_each_table(void **state)
{
    TestHome *home = *state;
    world_make(home);
    test_sql(home, "UPDATE message SET sent_at = '2012-10-08 02:00:00' WHERE state <> 'expired'");
    const char *file = arena_printf(home->context.arena, "%s/r.xlsx", home->dir);
    TestOutput output = TEST_RUN(home, "--lang", "en", "outreach", "report", "a", "-o", file);
    assert_int_equal(output.status, 0);
    FILE *in = fopen(file, "re");
    assert_non_null(in);
    char *bytes = arena_alloc(home->context.arena, 1 << 20);
    size_t length = fread(bytes, 1, 1 << 20, in);
    fclose(in);
    assert_non_null(memmem(bytes, length, "xl/charts/chart5.xml", 20));
    assert_non_null(memmem(bytes, length, "xl/worksheets/sheet5.xml", 24));
    const char *csv = arena_printf(home->context.arena, "%s/r.csv", home->dir);
    assert_int_equal(TEST_RUN(home, "--lang", "zh", "outreach", "report", "a", "-o", csv).status,
                     0);
    in = fopen(csv, "re");
    assert_non_null(in);
    bytes[fread(bytes, 1, (1 << 20) - 1, in)] = '\0';
    fclose(in);
    assert_non_null(strstr(bytes, "长安镇"));
    assert_non_null(strstr(bytes, "\"2012-10-08 10:00\""));
    assert_null(strstr(bytes, "13800000001")); /* figures, and nobody's number */
    assert_non_null(strstr(TEST_RUN(home, "--lang", "en", "outreach", "report", "a", "--chart").out,
                           "Delivery by operator"));
}

/* A base in which most figures are large and some are small. */
static void crowd_make(TestHome *home)
{
    enum { PEOPLE = 120 };
    static const int64_t TOWNS[] = {441900119, 441900121, 441900122};
    Err err = {0};
    Facts people[PEOPLE];
    for (int at = 0; at < PEOPLE; at++) {
        people[at] = fill_person(home->context.arena, at + 1);
        fill_number(&people[at], FACT_EMPLOYER_TOWN, TOWNS[at % 3]);
    }
    fill_people(home, people, PEOPLE);
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    /* ten o'clock: 57 + 3, eleven: 30 + 30 */
    test_sql(home, "SET @n = 0;\nUPDATE message SET segments = 1, person_id = person_id, state = "
                   "'delivered', sent_at = IF((@n := @n + 1) <= 60, '2012-10-08 02:00:00', "
                   "'2012-10-08 03:00:00') ORDER BY id;\n"
                   "UPDATE message SET state = 'undelivered', error_code = 'X' WHERE sent_at < "
                   "'2012-10-08 03:00:00' ORDER BY id LIMIT 3;\n"
                   "UPDATE message SET state = 'undelivered', error_code = 'Y' WHERE sent_at >= "
                   "'2012-10-08 03:00:00' ORDER BY id LIMIT 30");
}

static bool withheld(const json_t *row, const char *key)
{
    return json_is_null(json_object_get(row, key));
}

static void small_figures_are_withheld_together_with_what_they_could_be_computed_from(void **state)
{
    TestHome *home = *state;
    crowd_make(home);
    json_t *options = json_pack("{s[s], sb, sb}", "arguments", "a", "delivery", 1, "suppress", 1);
    json_t *result = fill_run(home, &OUTREACH_REPORT, options);
    const json_t *ten = row_of(result, "hours", "2012-10-08 10:00"),
                 *eleven = row_of(result, "hours", "2012-10-08 11:00");
    assert_true(withheld(ten, "not_delivered"));
    assert_true(withheld(ten, "delivered")); /* 60 are said in all */
    /* … and the other hour, from whose figures and the sums the small one would follow */
    assert_true(withheld(eleven, "not_delivered") && withheld(eleven, "delivered"));
    const json_t *code = row_of(result, "errors", "X");
    assert_true(withheld(code, "messages") || withheld(code, "not_delivered"));
    assert_null(json_object_get(ten, "undelivered")); /* no finer figures */
    assert_null(json_object_get(json_object_get(result, "delivery"), "towns"));
    assert_int_equal(number_of(json_object_get(result, "total"), "delivered"), 85);
    assert_true(number_of(json_object_get(result, "suppressed"), "figures") > 0);
    json_decref(result);

    /* a stage that differs from another one of its town by a few is small too */
    test_sql(home, "UPDATE message SET state = 'delivered';\n"
                   "UPDATE message m JOIN person p ON p.id = m.person_id SET m.state = 'rejected' "
                   "WHERE p.employer_town = 441900119 AND p.id <= 4");
    result =
        fill_run(home, &OUTREACH_REPORT, json_pack("{s[s], sb}", "arguments", "a", "suppress", 1));
    const json_t *towns = json_object_get(result, "towns"), *town;
    size_t at, hidden = 0;
    json_array_foreach(towns, at, town)
    {
        if (number_of(town, "code") == 441900119)
            assert_true(withheld(town, "told") && withheld(town, "delivered"));
        hidden += withheld(town, "told");
    }
    assert_true(hidden != 1); /* one alone follows from the sum */
    json_decref(result);
    TestOutput shown =
        TEST_RUN(home, "--lang", "en", "outreach", "report", "a", "--suppress", "--delivery");
    assert_int_equal(shown.status, 0);
    assert_non_null(strstr(shown.out, "…: under 5 people"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stages_are_counted_by_town_and_add_up),
        cmocka_unit_test(towns_are_named_in_the_readers_language),
        cmocka_unit_test(people_who_left_the_base_are_still_told),
        cmocka_unit_test(delivery_is_told_apart_by_hour_town_operator_and_code),
        cmocka_unit_test(the_workbook_has_a_sheet_and_a_chart_for_each_table),
        cmocka_unit_test(small_figures_are_withheld_together_with_what_they_could_be_computed_from),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
