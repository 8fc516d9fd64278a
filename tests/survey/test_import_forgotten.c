/* Tests survey/import_forgotten.c with people/forgotten.c before it: who asked to be forgotten is
 * erased, does not come back with the next file, and the file's numbers say so. */
#include "support/tables.h"

#define HEADINGS "姓名|身份证号码|手机号码|技能等级|单位所在镇街|填表日期\n"

static const char *row_of(TestHome *home, const Invented *person, const char *level)
{
    return arena_printf(home->context.arena, "%s|%s|%s|%s|长安|2012-05-15\n", person->name,
                        person->id, person->phone, level);
}

static json_t *import_rows_of(TestHome *home, const char *name, const char *rows)
{
    const char *table = arena_printf(home->context.arena, HEADINGS "%s", rows);
    return table_import(home, table_csv(home, name, table));
}

static int64_t person_named(TestHome *home, const char *name)
{
    return test_number(home, arena_printf(home->context.arena,
                                          "SELECT MIN(id) FROM person WHERE name = '%s'", name));
}

static void forget(TestHome *home, int64_t person, int64_t answers, int64_t quarantined)
{
    json_t *result =
        TEST_JSON(home, 0, "people", "forget",
                  arena_printf(home->context.arena, "%lld", (long long)person), "--why", "asked");
    assert_int_equal(result_number(result, "answers"), answers);
    assert_int_equal(result_number(result, "quarantined"), quarantined);
    json_decref(result);
}

static void a_forgotten_person_is_erased_and_does_not_come_back(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    test_reset(home);
    Invented gone = invented_person(arena, 1), stays = invented_person(arena, 2);
    json_decref(
        import_rows_of(home, "first.csv",
                       arena_printf(arena, "%s%s%s|%s|%s|不存在的等级|长安|2012-05-15\n",
                                    row_of(home, &gone, "技师"), row_of(home, &stays, "技师"),
                                    gone.name, gone.id, gone.phone)));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine"), 1);
    forget(home, person_named(home, gone.name), 1, 1);
    assert_int_equal(person_named(home, gone.name), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer"), 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM problem"), 0);

    json_t *result = import_rows_of(
        home, "second.csv",
        arena_printf(arena,
                     "%s%s%s||%s|中级工|长安|2012-06-15\n%s|%s|%s|不存在的等级|长安|2012-06-15\n",
                     row_of(home, &stays, "高级工"), row_of(home, &gone, "高级工"), gone.name,
                     gone.phone, gone.name, gone.id, gone.phone));
    assert_int_equal(result_number(result, "rows"), 4);
    assert_int_equal(result_number(result, "accepted"), 1);
    assert_int_equal(result_number(result, "quarantined"), 3);
    assert_int_equal(result_number(result, "forgotten"), 3);
    const json_t *lines = json_object_get(result, "forgotten_lines");
    assert_int_equal(json_array_size(lines), 3);
    for (size_t i = 0, sum = 0; i < 3; i++) {
        sum += (size_t)result_number(json_array_get(lines, i), "line");
        assert_true(i < 2 || sum == 3 + 4 + 5);
    }
    json_decref(result);
    assert_int_equal(person_named(home, gone.name), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine WHERE state = 'resolved' "
                                       "AND raw = '' AND resolved_by = batch_id"),
                     3);
    assert_int_equal(
        test_number(home,
                    "SELECT COUNT(*) FROM problem WHERE code = 'forgotten' AND value IS NULL"),
        3);
    assert_int_equal(TEST_RUN(home, "survey", "problems").status, 0);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "2"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine"), 0);
}

static void another_person_with_the_same_name_and_phone_still_comes(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    test_reset(home);
    Invented gone = invented_person(arena, 1), other = invented_person(arena, 2);
    other.name = gone.name, other.phone = gone.phone;
    json_decref(import_rows_of(home, "first.csv", row_of(home, &gone, "技师")));
    forget(home, person_named(home, gone.name), 1, 0);
    json_t *result = import_rows_of(home, "second.csv", row_of(home, &other, "技师"));
    assert_int_equal(result_number(result, "accepted"), 1);
    json_decref(result);
    forget(home, person_named(home, gone.name), 1, 0); /* and may ask for the same */
}

static void message_to(TestHome *home, int64_t person, const char *message_state)
{
    test_sql(home,
             arena_printf(home->context.arena,
                          "INSERT INTO message (campaign_id, person_id, state, verdict, "
                          "route, phone_hash, phone, text, gaps, segments) SELECT c.id, %lld, "
                          "'%s', 'likely', 'r', REPEAT('x', 16), 'x', 't', 'g', 1 FROM campaign c",
                          (long long)person, message_state));
}

static void a_waiting_message_is_withheld_and_one_on_its_way_is_waited_for(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    Invented gone = invented_person(home->context.arena, 1);
    json_decref(import_rows_of(home, "first.csv", row_of(home, &gone, "技师")));
    test_sql(home, "INSERT INTO campaign (name, template, template_text, policy, policy_sha256, "
                   "verdicts, as_of, people, other_verdicts, content_hash, planned_by, planned_at) "
                   "VALUES ('秋季', 't', 't', 'p', '', 'likely', '2012-10-01', 5, '{}', "
                   "REPEAT('x', 32), 'me', NOW())");
    int64_t person = person_named(home, gone.name);
    const char *number = arena_printf(home->context.arena, "%lld", (long long)person);
    message_to(home, person, "claimed");
    TestOutput refused =
        TEST_RUN(home, "--lang", "en", "people", "forget", number, "--why", "asked");
    assert_int_equal(refused.status, 1);
    assert_non_null(strstr(refused.err, "is being sent"));
    assert_int_equal(person_named(home, gone.name), person);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM forgotten"), 0);
    test_sql(home, "UPDATE message SET state = 'queued'");
    forget(home, person, 1, 0);
    assert_int_equal(test_number(home,
                                 "SELECT COUNT(*) FROM message WHERE state = 'suppressed' AND "
                                 "phone = '' AND text = '' AND gaps = ''"),
                     1);
    assert_int_equal(test_number(home,
                                 "SELECT COUNT(*) FROM delivery_event WHERE from_state = "
                                 "'queued' AND to_state = 'suppressed' AND code = 'forgotten'"),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forgotten_person_is_erased_and_does_not_come_back),
        cmocka_unit_test(another_person_with_the_same_name_and_phone_still_comes),
        cmocka_unit_test(a_waiting_message_is_withheld_and_one_on_its_way_is_waited_for),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
