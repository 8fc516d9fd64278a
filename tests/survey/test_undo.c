/* tests/survey/test_undo.c: a batch taken back leaves the base as if it had never been, and never a
 * message without its reason. */
#include "support/tables.h"

#include "base/buffer.h"

#define HEADINGS "姓名|身份证号码|手机号码|技能等级|单位所在镇街|填表日期\n"

/* People `from`..`from + count`, surveyed in a month, at a level that the month chooses; one row of
 * ten is broken. */
static const char *table_of(TestHome *home, unsigned from, unsigned count, unsigned month)
{
    static const char *const LEVELS[] = {"高级工", "技师", "中级工"};
    AUTO_BUFFER out = BUFFER(1 << 20);
    buffer_text(&out, HEADINGS);
    for (unsigned i = from; i < from + count; i++) {
        Invented person = invented_person(home->context.arena, i);
        buffer_printf(&out, "%s|%s|%s|%s|%s|2012-%02u-15\n", person.name,
                      i % 10 == 9 ? "123" : person.id, person.phone, LEVELS[(i + month) % 3],
                      i % 2 ? "长安" : "虎门", month);
    }
    return arena_strdup(home->context.arena, buffer_string(&out));
}

static void import_people(TestHome *home, unsigned from, unsigned count, unsigned month)
{
    const char *name = arena_printf(home->context.arena, "m%u.csv", month);
    json_decref(table_import(home, table_csv(home, name, table_of(home, from, count, month))));
}

static void import_then_undo_is_the_identity(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    import_people(home, 0, 40, 5);
    int64_t content = base_content(home);
    import_people(home, 20, 40, 7); /* half of them are known: newer answers */
    import_people(home, 10, 20, 3); /* and older ones */
    assert_int_not_equal(base_content(home), content);
    json_t *undone = TEST_JSON(home, 0, "survey", "undo", "2");
    assert_string_equal(json_string_value(json_object_get(undone, "state")), "undone");
    json_decref(undone);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "3"));
    assert_int_equal(base_content(home), content);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM problem p JOIN batch b ON b.id = "
                                       "p.batch_id WHERE b.state = 'undone'"),
                     0);
}

static void a_batch_that_was_taken_back_can_come_again(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    import_people(home, 0, 30, 5);
    int64_t content = base_content(home);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "1"));
    assert_int_equal(base_content(home), 0);
    import_people(home, 0, 30, 5);
    assert_int_equal(base_content(home), content);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch WHERE state = 'active'"), 1);
}

static void undo_says_why_when_there_is_nothing_to_undo(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    import_people(home, 0, 5, 5);
    TestOutput none = TEST_RUN(home, "--lang", "en", "survey", "undo", "7");
    assert_int_equal(none.status, 1);
    assert_non_null(strstr(none.err, "there is no batch 7"));
    json_decref(TEST_JSON(home, 0, "survey", "undo", "1"));
    TestOutput twice = TEST_RUN(home, "--lang", "en", "survey", "undo", "1");
    assert_int_equal(twice.status, 1);
    assert_non_null(strstr(twice.err, "batch 1 was taken back already"));
    assert_int_equal(TEST_RUN(home, "survey", "undo", "x").status, 2);
}

static void undo_refuses_while_a_message_relies_on_the_batch(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *state;
        int status;
    } CASES[] = {{"queued", 0}, {"cancelled", 0}, {"suppressed", 0}, {"claimed", 1},
                 {"sent", 1},   {"delivered", 1}, {"uncertain", 1},  {"rejected", 1}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        test_reset(home);
        import_people(home, 0, 5, 5);
        test_sql(home, "INSERT INTO campaign (name, template, template_text, policy, "
                       "policy_sha256, verdicts, as_of, people, "
                       "other_verdicts, content_hash, planned_by, planned_at) VALUES ('秋季', 't', "
                       "'t', 'p', '', 'likely', "
                       "'2012-10-01', 5, '{}', REPEAT('x', 32), 'me', NOW())");
        test_sql(home, arena_printf(home->context.arena,
                                    "INSERT INTO message (campaign_id, person_id, state, verdict, "
                                    "route, phone_hash, phone, text, "
                                    "segments) SELECT c.id, MIN(p.id), '%s', 'likely', 'r', "
                                    "REPEAT('x', 16), 'x', 't', 1 FROM "
                                    "campaign c, person p",
                                    CASES[i].state));
        int64_t content = base_content(home);
        TestOutput undone = TEST_RUN(home, "--lang", "en", "survey", "undo", "1");
        assert_int_equal(undone.status, CASES[i].status);
        if (CASES[i].status == 0)
            continue;
        assert_non_null(
            strstr(undone.err, "1 message relied on answers of batch 1, in the campaign '秋季'"));
        assert_int_equal(base_content(home), content);
        json_t *listed = TEST_JSON(home, 1, "survey", "undo", "1");
        const json_t *messages = json_object_get(listed, "messages");
        assert_int_equal(json_array_size(messages), 1);
        assert_string_equal(
            json_string_value(json_object_get(json_array_get(messages, 0), "state")),
            CASES[i].state);
        assert_int_equal(result_number(json_array_get(messages, 0), "message"),
                         test_number(home, "SELECT MIN(id) FROM message"));
        assert_non_null(strstr(undone.out, "秋季"));
        json_decref(listed);
        assert_int_equal(TEST_RUN(home, "survey", "undo", "1", "--force").status, 0);
        assert_int_equal(base_content(home), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(import_then_undo_is_the_identity),
        cmocka_unit_test(a_batch_that_was_taken_back_can_come_again),
        cmocka_unit_test(undo_says_why_when_there_is_nothing_to_undo),
        cmocka_unit_test(undo_refuses_while_a_message_relies_on_the_batch),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
