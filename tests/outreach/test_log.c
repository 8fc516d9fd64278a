#include "outreach/fill.h"
#include "outreach/verbs.h"

#include <sys/stat.h>
#include <unistd.h>

static json_t *log_of(TestHome *home, const char *file)
{
    return fill_run(home, &OUTREACH_LOG,
                    file ? json_pack("{s[s], ss}", "arguments", "a", "o", file)
                         : json_pack("{s[s]}", "arguments", "a"));
}

/* A campaign of two, one of whose messages has a story; its note begins like a formula. */
static void story_make(TestHome *home)
{
    Err err = {0};
    Facts people[2] = {fill_person(home->context.arena, 1), fill_person(home->context.arena, 2)};
    fill_people(home, people, 2);
    Draft draft = fill_draft(home, "a");
    assert_ok(draft_make(home->context.db, &draft, &err), &err);
    test_sql(
        home,
        "INSERT INTO delivery_event (message_id, at, from_state, to_state, attempt, cause, code, "
        "note) SELECT MIN(id), "
        "'2012-10-01 16:30:00', 'queued', 'claimed', 1, 'claim', NULL, NULL FROM message;\n"
        "INSERT INTO delivery_event (message_id, at, from_state, to_state, attempt, cause, code, "
        "note) SELECT MIN(id), "
        "'2012-10-01 16:30:01', 'claimed', 'rejected', 1, 'answer', 'E\"1', '=1+1' FROM message");
}

static void every_message_is_shown_with_every_event_in_order(void **state)
{
    TestHome *home = *state;
    story_make(home);
    json_t *log = log_of(home, NULL);
    assert_int_equal(json_array_size(log), 2);
    const json_t *first = json_array_get(log, 0), *events = json_object_get(first, "events");
    assert_int_equal(json_array_size(events), 3);
    static const char *const BECAME[] = {"queued", "claimed", "rejected"};
    for (size_t at = 0; at < 3; at++)
        assert_string_equal(json_string_value(json_object_get(json_array_get(events, at), "to")),
                            BECAME[at]);
    /* 16:30 UTC is the next day in Asia/Shanghai. */
    assert_string_equal(json_string_value(json_object_get(json_array_get(events, 1), "at")),
                        "2012-10-02 00:30:00");
    assert_true(json_is_null(json_object_get(json_array_get(events, 0), "from")));
    assert_int_equal(json_array_size(json_object_get(json_array_get(log, 1), "events")), 1);
    char *text = json_dumps(log, 0);
    assert_null(strstr(text, "1380000"));
    free(text);
    json_decref(log);
}

static const char *file_read(Arena *arena, const char *path, size_t *ret_length)
{
    enum { FILE_BYTES = 1 << 20 };
    FILE *in = fopen(path, "re");
    assert_non_null(in);
    char *bytes = arena_alloc(arena, FILE_BYTES);
    *ret_length = fread(bytes, 1, FILE_BYTES - 1, in);
    fclose(in);
    return bytes;
}

static void a_csv_opens_in_a_chinese_office_and_runs_no_formula(void **state)
{
    TestHome *home = *state;
    size_t length = 0;
    const char *path = arena_printf(home->context.arena, "%s/log.csv", home->dir);
    story_make(home);
    json_t *result = log_of(home, path);
    assert_int_equal(json_integer_value(json_object_get(result, "messages")), 2);
    assert_int_equal(json_integer_value(json_object_get(result, "events")), 4);
    json_decref(result);
    const char *bytes = file_read(home->context.arena, path, &length);
    assert_memory_equal(bytes, "\xEF\xBB\xBF\"message\",\"person\",\"to\"", 26);
    assert_non_null(
        strstr(bytes, "\"claimed\",\"rejected\",\"1\",\"answer\",\"E\"\"1\",\"'=1+1\"\r\n"));
    assert_null(strstr(bytes, "1380000"));
    int lines = 0;
    for (size_t at = 0; at < length; at++)
        lines += bytes[at] == '\n';
    assert_int_equal(lines, 5);
}

static void an_xlsx_is_written_whole(void **state)
{
    TestHome *home = *state;
    size_t length = 0;
    const char *path = arena_printf(home->context.arena, "%s/log.xlsx", home->dir);
    story_make(home);
    json_decref(log_of(home, path));
    const char *bytes = file_read(home->context.arena, path, &length);
    assert_true(length > 1000);
    assert_memory_equal(bytes, "PK\x03\x04", 4);
}

static void a_log_that_cannot_be_written_leaves_no_file(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Arguments *arguments = NULL;
    json_t *result = NULL;
    const char *path = arena_printf(home->context.arena, "%s/no/log.csv", home->dir);
    json_t *options = json_pack("{s[s], ss}", "arguments", "a", "o", path);
    story_make(home);
    assert_ok(command_arguments(home->context.arena, &OUTREACH_LOG, options, &arguments, &err),
              &err);
    assert_int_equal(OUTREACH_LOG.run(&home->context, arguments, &result, &err), ERR_IO);
    assert_non_null(strstr(err.text, "cannot write"));
    json_decref(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_shown_with_every_event_in_order),
        cmocka_unit_test(a_csv_opens_in_a_chinese_office_and_runs_no_formula),
        cmocka_unit_test(an_xlsx_is_written_whole),
        cmocka_unit_test(a_log_that_cannot_be_written_leaves_no_file),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
