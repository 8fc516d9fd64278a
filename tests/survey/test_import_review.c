/* tests/survey/test_import_review.c: which files wait for review by themselves, on both sides of each
 * threshold, and what is said of them. */
#include "support/tables.h"

#include "base/buffer.h"

#define HEADINGS "姓名|身份证号码|手机号码|技能等级|单位所在镇街|养老保险累计月数|填表日期\n"

enum { ROWS = 100, LARGE_ROWS = 13000 };

/* How a file differs from the one before: so many of its rows have another level, a wrong ID number;
 * all of them more pension months, a town that was not said before. */
typedef struct Second {
    unsigned rows, changed, broken, months;
    bool town;
} Second;

static const char *file_of(TestHome *home, const char *name, const char *day, Second second)
{
    Arena *arena = home->context.arena;
    AUTO_BUFFER out = BUFFER(1 << 22);
    buffer_text(&out, HEADINGS);
    for (unsigned i = 0; i < second.rows; i++) {
        Invented person = invented_person(arena, i);
        bool broken = i >= second.rows - second.broken;
        buffer_printf(&out, "%s|%s|%s|%s|%s|%u|%s\n", person.name, broken ? "123" : person.id,
                      person.phone, i < second.changed ? "技师" : "高级工",
                      second.town ? "长安" : "", 10 + second.months, day);
    }
    return table_csv(home, name, buffer_string(&out));
}

static json_t *import_second(TestHome *home, Second second)
{
    test_reset(home);
    json_decref(table_import(
        home, file_of(home, "first.csv", "2012-05-15", (Second){.rows = second.rows})));
    return table_import(home, file_of(home, "second.csv", "2012-08-15", second));
}

static void assert_outcome(TestHome *home, Second second, const char *why)
{
    json_t *result = import_second(home, second);
    const char *state = json_string_value(json_object_get(result, "state"));
    const char *said = json_string_value(json_object_get(result, "why"));
    assert_string_equal(state, why ? "staged" : "active");
    if (why)
        assert_string_equal(said, why);
    else
        assert_null(said);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id = 2"),
                     why ? 0 : (int64_t)(second.rows - second.broken));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM staged_row"),
                     why ? (int64_t)second.rows + 1 : 0);
    assert_int_equal(json_object_get(result, "preview") != NULL, why != NULL);
    json_decref(result);
}

static void a_file_beyond_a_threshold_waits_and_one_at_it_goes_in(void **state)
{
    TestHome *home = *state;
    test_config(home, NULL);
    assert_outcome(home, (Second){.rows = ROWS}, NULL);
    assert_outcome(home, (Second){.rows = ROWS, .changed = 20}, NULL);
    assert_outcome(home, (Second){.rows = ROWS, .changed = 21},
                   "21 of 100 people would have a known value replaced, more than 20 %");
    assert_outcome(home, (Second){.rows = ROWS - 1, .changed = ROWS - 1}, NULL);
    assert_outcome(home, (Second){.rows = ROWS, .broken = 30}, NULL);
    assert_outcome(home, (Second){.rows = ROWS, .broken = 31},
                   "31 of 100 rows would be quarantined, more than 30 %");
    assert_outcome(home, (Second){.rows = ROWS - 1, .broken = ROWS - 1}, NULL);
    assert_outcome(home, (Second){.rows = ROWS, .changed = 40, .broken = 40},
                   "40 of 60 people would have a known value replaced, more than 20 %; 40 of 100 "
                   "rows would be quarantined, more than 30 %");
}

static void what_only_grows_is_no_reason_to_wait(void **state)
{
    TestHome *home = *state;
    test_config(home, NULL);
    assert_outcome(home, (Second){.rows = ROWS, .months = 3, .town = true}, NULL);
    assert_int_equal(test_number(home, "SELECT people_changed FROM batch WHERE id = 2"), ROWS);
    assert_outcome(home, (Second){.rows = ROWS, .months = 3, .changed = 25},
                   "25 of 100 people would have a known value replaced, more than 20 %");
}

static void the_configuration_moves_and_lifts_the_thresholds(void **state)
{
    TestHome *home = *state;
    Second second = {.rows = ROWS, .changed = 50, .broken = 40};
    test_config(home, "\"review\": null");
    assert_outcome(home, second, NULL);
    test_config(home, "\"review\": {\"changed_share\": null}");
    assert_outcome(home, second, "40 of 100 rows would be quarantined, more than 30 %");
    test_config(home, "\"review\": {\"quarantined_share\": null, \"changed_share\": 0.5}");
    assert_outcome(home, second,
                   "50 of 60 people would have a known value replaced, more than 50 %");
    test_config(home, "\"review\": {\"rows_at_least\": 101}");
    assert_outcome(home, second, NULL);
    test_config(home, "\"review\": {\"rows_at_least\": 1, \"changed_share\": 0}");
    assert_outcome(home, (Second){.rows = 3, .changed = 1},
                   "1 of 3 people would have a known value replaced, more than 0 %");
    test_config(home, NULL);
}

/* What a large file writes goes over two connections; nothing of it may be left behind. */
static void a_large_file_waits_as_a_small_one_does(void **state)
{
    TestHome *home = *state;
    Second second = {.rows = LARGE_ROWS, .changed = LARGE_ROWS, .broken = 2};
    test_config(home, "\"review\": null");
    json_decref(import_second(home, second));
    int64_t content = base_content(home);
    test_config(home, NULL);
    assert_outcome(home, second,
                   "12998 of 12998 people would have a known value replaced, more than 20 %");
    int64_t batch = test_number(home, "SELECT id FROM batch WHERE state = 'staged'");
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer"), LARGE_ROWS);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine"), 0);
    json_decref(TEST_JSON(home, 3, "survey", "accept",
                          arena_printf(home->context.arena, "%lld", (long long)batch)));
    assert_int_equal(base_content(home), content);
}

static void the_preview_tells_each_fact_and_looks_at_single_people(void **state)
{
    TestHome *home = *state;
    test_config(home, NULL);
    json_t *result = import_second(
        home, (Second){.rows = ROWS, .changed = 30, .broken = 5, .months = 2, .town = true});
    const json_t *preview = json_object_get(result, "preview");
    assert_int_equal(result_number(preview, "rows"), ROWS);
    assert_int_equal(result_number(preview, "quarantined"), 5);
    assert_int_equal(result_number(preview, "people.new"), 0);
    assert_int_equal(result_number(preview, "people.changed"), ROWS - 5);
    assert_int_equal(result_number(preview, "replaced"), 30);
    static const struct {
        const char *fact;
        int people, filled, replaced, conflicts;
    } FACTS[] = {{"skill_level", 30, 0, 30, 30},
                 {"employer_town", 95, 95, 0, 0},
                 {"pension_months", 95, 0, 0, 0}};
    const json_t *facts = json_object_get(preview, "facts");
    assert_int_equal(json_array_size(facts), 3);
    for (size_t i = 0; i < 3; i++) {
        const json_t *fact = json_array_get(facts, i);
        assert_string_equal(json_string_value(json_object_get(fact, "fact")), FACTS[i].fact);
        assert_int_equal(result_number(fact, "people"), FACTS[i].people);
        assert_int_equal(result_number(fact, "filled"), FACTS[i].filled);
        assert_int_equal(result_number(fact, "replaced"), FACTS[i].replaced);
        assert_int_equal(result_number(fact, "conflicts"), FACTS[i].conflicts);
    }
    const json_t *example = json_array_get(json_object_get(preview, "examples"), 0);
    assert_string_equal(json_string_value(json_object_get(example, "fact")), "skill_level");
    assert_string_equal(json_string_value(json_object_get(example, "before")), "senior worker");
    assert_string_equal(json_string_value(json_object_get(example, "after")), "technician");
    const json_t *reason = json_array_get(json_object_get(preview, "reasons"), 0);
    assert_string_equal(json_string_value(json_object_get(reason, "code")), "id_length");
    assert_int_equal(result_number(reason, "rows"), 5);
    json_decref(result);
}

/* A workbook in which few rows were mended adds nothing to what waits. */
static void a_mended_workbook_with_rows_that_are_still_wrong_goes_in(void **state)
{
    TestHome *home = *state;
    const char *book = arena_printf(home->context.arena, "%s/mend.csv", home->dir);
    test_config(home, "\"review\": {\"rows_at_least\": 2}");
    test_reset(home);
    ImportJob job = import_job(
        home, file_of(home, "first.csv", "2012-05-15", (Second){.rows = 20, .broken = 4}));
    json_t *result;
    int64_t quarantined;
    Err err = {0};
    assert_ok(import_file(&job, &result, &quarantined, &err), &err);
    json_decref(result);
    assert_int_equal(TEST_RUN(home, "survey", "problems", "-o", book).status, 0);
    json_t *again = TEST_JSON(home, 3, "survey", "import", book);
    const json_t *one = json_array_get(again, 0);
    assert_int_equal(result_number(one, "quarantined"), 4);
    assert_string_equal(json_string_value(json_object_get(one, "state")), "active");
    json_decref(again);
    test_config(home, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_beyond_a_threshold_waits_and_one_at_it_goes_in),
        cmocka_unit_test(what_only_grows_is_no_reason_to_wait),
        cmocka_unit_test(the_configuration_moves_and_lifts_the_thresholds),
        cmocka_unit_test(a_large_file_waits_as_a_small_one_does),
        cmocka_unit_test(the_preview_tells_each_fact_and_looks_at_single_people),
        cmocka_unit_test(a_mended_workbook_with_rows_that_are_still_wrong_goes_in),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
