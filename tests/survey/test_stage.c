/* tests/survey/test_stage.c: a batch that waits counts nowhere; accepted, it is what a plain import
 * would have been; refused, it has never been. */
#include "support/tables.h"

#include "base/buffer.h"
#include "people/crowd.h"
#include "sql/connection.h"
#include "survey/stage.h"

#define HEADINGS "姓名|身份证号码|手机号码|技能等级|单位所在镇街|工作单位|填表日期\n"

enum { FILES = 5, HISTORIES = 8, FILE_ROWS = 25, PEOPLE = 40, SQL_BYTES = 1 << 16 };

/* Rows of few people, some without an ID number, some broken, so that they meet and move. */
static const char *random_table(TestHome *home, Crowd *crowd, unsigned number)
{
    static const char *const LEVELS[] = {"高级工", "技师", "中级工", "三级"};
    static const char *const TOWNS[] = {"长安", "虎门镇", "", "东莞市大朗镇"};
    AUTO_BUFFER out = BUFFER(1 << 20);
    buffer_text(&out, HEADINGS);
    unsigned rows = 3 + crowd_below(crowd, FILE_ROWS);
    for (unsigned i = 0; i < rows; i++) {
        Invented person = invented_person(home->context.arena, crowd_below(crowd, PEOPLE));
        bool bare = crowd_chance(crowd, 30), broken = crowd_chance(crowd, 12);
        buffer_printf(&out, "%s|%s|%s|%s|%s|第%u厂|2012-%02u-%02u\n", person.name,
                      bare     ? ""
                      : broken ? "440524198001010014"
                               : person.id,
                      person.phone, LEVELS[crowd_below(crowd, 4)], TOWNS[crowd_below(crowd, 4)],
                      crowd_below(crowd, 3), 1 + crowd_below(crowd, 9), 1 + number);
    }
    return arena_strdup(home->context.arena, buffer_string(&out));
}

static const char *random_file(TestHome *home, Crowd *crowd, unsigned number)
{
    const char *(*const WRITERS[])(TestHome *, const char *, const char *) = {
        table_csv, table_gb18030, table_kobo, table_xlsx};
    const char *name = arena_printf(home->context.arena, "file%u", number);
    return WRITERS[crowd_below(crowd, 4)](home, name, random_table(home, crowd, number));
}

static json_t *import_as(TestHome *home, const char *path, bool stage)
{
    ImportJob job = import_job(home, path);
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    job.stage = stage;
    assert_ok(import_file(&job, &result, &quarantined, &err), &err);
    return result;
}

static json_t *import_staged(TestHome *home, int64_t batch, bool dry_run)
{
    Staged staged;
    Context then;
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    assert_ok(staged_load(home->context.db, home->context.arena, batch, &staged, &err), &err);
    ImportJob job = staged_job(&staged, &home->context, &then);
    job.dry_run = dry_run;
    assert_ok(import_file(&job, &result, &quarantined, &err), &err);
    return result;
}

static const char *state_of(const json_t *result)
{
    const char *state = json_string_value(json_object_get(result, "state"));
    return state ? state : "";
}

/* All that a batch's line says, but when and how long; and how many persons there are. */
static int64_t batch_lines(TestHome *home)
{
    return test_number(
        home, "SELECT (SELECT IFNULL(SUM(CRC32(CONCAT_WS('|', file, sha256, form, source, "
              "credibility, surveyed_on, encoding, line_count, accepted, quarantined, people_new, "
              "people_changed, people_unchanged, report, imported_by))), 0) FROM batch WHERE state "
              "= 'active') + (SELECT COUNT(*) FROM person)");
}

/* What plain imports of files in an order leave. */
typedef struct Outcome {
    int64_t content, lines;
} Outcome;

static Outcome outcome_of(TestHome *home)
{
    return (Outcome){base_content(home), batch_lines(home)};
}

static void assert_nothing_waits(TestHome *home)
{
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM staged_row"), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch WHERE state = 'staged'"), 0);
}

static void stage_then_accept_is_a_plain_import(void **state)
{
    TestHome *home = *state;
    Crowd crowd = {.arena = home->context.arena, .state = test_seed()};
    for (unsigned history = 0; history < HISTORIES; history++) {
        const char *files[FILES];
        for (unsigned i = 0; i < FILES; i++)
            files[i] = random_file(home, &crowd, i);
        test_reset(home);
        for (unsigned i = 0; i < FILES; i++)
            json_decref(import_as(home, files[i], false));
        Outcome plain = outcome_of(home);

        test_reset(home); /* one after another: batch for batch the same */
        for (unsigned i = 0; i < FILES; i++) {
            int64_t before = base_content(home);
            json_t *staged = import_as(home, files[i], crowd_chance(&crowd, 70));
            if (strcmp(state_of(staged), "staged") == 0) {
                int64_t batch = result_number(staged, "batch");
                assert_int_equal(base_content(home), before);
                json_decref(import_staged(home, batch, true)); /* a review changes nothing */
                assert_int_equal(base_content(home), before);
                json_t *accepted = import_staged(home, batch, false);
                assert_int_equal(result_number(accepted, "batch"), batch);
                assert_int_equal(json_array_size(json_object_get(accepted, "differs")), 0);
                json_decref(accepted);
            }
            json_decref(staged);
        }
        Outcome accepted = outcome_of(home);
        assert_int_equal(accepted.content, plain.content);
        assert_int_equal(accepted.lines, plain.lines);
        assert_nothing_waits(home);

        test_reset(home); /* all together, accepted from the last to the first */
        for (unsigned i = 0; i < FILES; i++)
            json_decref(import_as(home, files[i], true));
        assert_int_equal(base_content(home), 0);
        for (unsigned i = FILES; i > 0; i--)
            json_decref(import_staged(home, i, false));
        assert_int_equal(base_content(home), plain.content);
        assert_nothing_waits(home);
    }
}

static void stage_then_refuse_is_nothing(void **state)
{
    TestHome *home = *state;
    Crowd crowd = {.arena = home->context.arena, .state = test_seed()};
    test_reset(home);
    json_decref(import_as(home, random_file(home, &crowd, 0), false));
    Outcome before = outcome_of(home);
    const char *file = random_file(home, &crowd, 1);
    json_decref(import_as(home, file, true));
    json_t *again = import_as(home, file, true);
    assert_string_equal(state_of(again), "staged");
    assert_int_equal(result_number(again, "batch"), 2);
    assert_null(json_object_get(again, "duplicate_of"));
    json_decref(again);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 2);
    json_t *refused = TEST_JSON(home, 0, "survey", "refuse", "2", "--why", "another town's");
    assert_string_equal(state_of(refused), "refused");
    json_decref(refused);
    Outcome after = outcome_of(home);
    assert_int_equal(after.content, before.content);
    assert_int_equal(after.lines, before.lines);
    assert_nothing_waits(home);
    json_t *batches = TEST_JSON(home, 0, "survey", "batches");
    const json_t *line = json_array_get(batches, 0);
    assert_string_equal(state_of(line), "refused");
    assert_string_equal(json_string_value(json_object_get(line, "why")), "another town's");
    assert_non_null(json_object_get(line, "decided_by"));
    assert_non_null(json_object_get(line, "decided_at"));
    json_decref(batches);
    json_t *third = import_as(home, file, false); /* it may come again */
    assert_string_equal(state_of(third), "active");
    json_decref(third);
}

static const char *table_of(TestHome *home, unsigned from, unsigned count, const char *level)
{
    AUTO_BUFFER out = BUFFER(1 << 20);
    buffer_text(&out, HEADINGS);
    for (unsigned i = from; i < from + count; i++) {
        Invented person = invented_person(home->context.arena, i);
        buffer_printf(&out, "%s|%s|%s|%s|长安|某厂|2012-05-15\n", person.name, person.id,
                      person.phone, level);
    }
    return arena_strdup(home->context.arena, buffer_string(&out));
}

static void each_command_says_what_a_batch_is_waiting_for(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *path = table_csv(home, "some.csv", table_of(home, 0, 10, "技师"));
    TestOutput staged = TEST_RUN(home, "--lang", "en", "survey", "import", "--stage", path);
    assert_int_equal(staged.status, 3);
    assert_non_null(strstr(staged.out, "batch 1 waits for review: it was asked for\n"));
    assert_non_null(strstr(staged.out, "look at it with 'talent survey review 1'\n"));
    TestOutput listed = TEST_RUN(home, "--lang", "en", "survey", "batches");
    assert_non_null(strstr(listed.out, "look at it with 'talent survey review 1'\n"));
    TestOutput undone = TEST_RUN(home, "--lang", "en", "survey", "undo", "1");
    assert_int_equal(undone.status, 1);
    assert_string_equal(undone.err, "talent: batch 1 waits for review: nothing of it counts yet\n"
                                    "hint: turn it away with: talent survey refuse 1 --why TEXT\n");
    TestOutput reviewed = TEST_RUN(home, "--lang", "en", "survey", "review", "1");
    assert_int_equal(reviewed.status, 0);
    assert_non_null(strstr(reviewed.out, "let it in with 'talent survey accept 1', or turn it away "
                                         "with 'talent survey refuse 1 --why TEXT'\n"));
    assert_int_equal(TEST_RUN(home, "survey", "refuse", "1").status, 2);
    assert_int_equal(base_content(home), 0);
    assert_int_equal(TEST_RUN(home, "survey", "accept", "1").status, 0);
    static const struct {
        const char *verb, *batch, *text;
    } CASES[] = {{"accept", "1", "talent: batch 1 was accepted already\n"},
                 {"refuse", "1", "talent: batch 1 was accepted already\n"},
                 {"accept", "2", "talent: there is no batch 2\n"},
                 {"review", "2", "talent: there is no batch 2\n"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        TestOutput said = TEST_RUN(home, "--lang", "en", "survey", CASES[i].verb, CASES[i].batch,
                                   strcmp(CASES[i].verb, "refuse") == 0 ? "--why" : NULL, "no");
        assert_int_equal(said.status, 1);
        assert_memory_equal(said.err, CASES[i].text, strlen(CASES[i].text));
    }
    json_t *decided = TEST_JSON(home, 0, "survey", "review", "1");
    assert_string_equal(state_of(decided), "active");
    assert_int_equal(result_number(decided, "preview.people.new"), 10);
    json_decref(decided);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "1"));
    assert_int_equal(base_content(home), 0);
}

static void an_acceptance_says_what_is_otherwise_than_reviewed(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    json_decref(import_as(home, table_csv(home, "a.csv", table_of(home, 0, 10, "技师")), true));
    json_decref(import_as(home, table_csv(home, "b.csv", table_of(home, 6, 10, "高级工")), false));
    json_t *accepted = TEST_JSON(home, 0, "survey", "accept", "1");
    static const struct {
        const char *what;
        int then, now;
    } DIFFERS[] = {{"people.new", 10, 6}};
    const json_t *differs = json_object_get(accepted, "differs");
    bool found = false;
    size_t index;
    json_t *one;
    json_array_foreach(differs, index, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "what")), DIFFERS[0].what) != 0)
            continue;
        found = true;
        assert_int_equal(result_number(one, "then"), DIFFERS[0].then);
        assert_int_equal(result_number(one, "now"), DIFFERS[0].now);
    }
    assert_true(found);
    json_decref(accepted);
    int64_t content = base_content(home);
    test_reset(home);
    json_decref(table_import(home, table_csv(home, "b.csv", table_of(home, 6, 10, "高级工"))));
    json_decref(table_import(home, table_csv(home, "a.csv", table_of(home, 0, 10, "技师"))));
    assert_int_equal(base_content(home), content);
}

/* How many cells of the whole base hold these bytes. */
static int64_t cells_holding(TestHome *home, const char *bytes)
{
    AUTO_ROWS columns = NULL;
    AUTO_BUFFER sql = BUFFER(SQL_BYTES);
    Err err = {0};
    assert_ok(db_text(home->context.db,
                      "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN "
                      "information_schema.tables t USING (table_schema, table_name) WHERE "
                      "c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'",
                      &columns, &err),
              &err);
    int64_t count = 0;
    while (rows_next(columns)) {
        buffer_clear(&sql);
        buffer_printf(&sql, "SELECT COUNT(*) FROM `%s` WHERE INSTR(CAST(`%s` AS BINARY), '%s')",
                      rows_text(columns, 0), rows_text(columns, 1), bytes);
        count += test_number(home, buffer_string(&sql));
    }
    return count;
}

static void what_waits_holds_nothing_of_people_in_the_clear(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    Invented person = invented_person(home->context.arena, 3);
    const char *path = table_csv(home, "some.csv", table_of(home, 0, 10, "技师"));
    json_decref(import_as(home, path, true));
    assert_int_equal(cells_holding(home, person.id), 0);
    assert_int_equal(cells_holding(home, person.phone), 0);
    assert_int_equal(cells_holding(home, person.name), 0);
    assert_int_equal(cells_holding(home, "some.csv"), 2); /* so much can be found: batch, staged */
    json_decref(import_staged(home, 1, false));
    assert_int_not_equal(cells_holding(home, person.name), 0);
}

static void options_are_kept_and_the_file_is_not_needed_again(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *table = "姓名|身份证号码|技能等级\n张伟|440524198001010013|技师\n";
    const char *path = table_gb18030(home, "甲.csv", table);
    TestOutput staged =
        TEST_RUN(home, "survey", "import", "--stage", "--encoding", "GB18030", "--source", "某某",
                 "--form", "school", "--surveyed-on", "2012-03-04", path);
    if (staged.status != 3)
        fail_msg("%s", staged.err);
    assert_int_equal(remove(path), 0);
    json_t *accepted = TEST_JSON(home, 0, "--as-of", "2012-12-31", "survey", "accept", "1");
    assert_string_equal(json_string_value(json_object_get(accepted, "form")), "school");
    assert_string_equal(json_string_value(json_object_get(accepted, "encoding")), "GB18030");
    assert_string_equal(json_string_value(json_object_get(accepted, "file")), path);
    json_decref(accepted);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM answer a JOIN batch b ON b.id = a.batch_id WHERE "
                          "a.surveyed_on = '2012-03-04' AND a.name = '张伟' AND b.source = '某某' "
                          "AND b.state = 'active'"),
        1);
    test_reset(home); /* without a date it is the day on which it was handed in */
    path = table_csv(home, "乙.csv", table);
    assert_int_equal(TEST_RUN(home, "--as-of", "2012-10-03", "survey", "import", "--stage",
                              "--form", "school", path)
                         .status,
                     3);
    json_decref(TEST_JSON(home, 0, "--as-of", "2012-12-31", "survey", "accept", "1"));
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM answer WHERE surveyed_on = '2012-10-03'"), 1);
}

static void problems_of_a_batch_that_waits_are_mended_before_it_is_accepted(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    test_reset(home);
    const char *path = table_csv(home, "some.csv",
                                 HEADINGS "张伟|440524198001010014|13800138000|技师|长安|某厂|\n"
                                          "李娜|11010519491231002X|13800138001|技师|长安|某厂|\n");
    const char *book = arena_printf(arena, "%s/mend.csv", home->dir);
    assert_int_equal(TEST_RUN(home, "survey", "import", "--stage", path).status, 3);
    json_t *problems = TEST_JSON(home, 0, "survey", "problems", "1", "-o", book);
    assert_int_equal(json_array_size(problems), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(problems, 0), "code")),
                        "id_checksum");
    json_decref(problems);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine"), 0);
    json_t *none = TEST_JSON(home, 0, "survey", "problems");
    assert_int_equal(json_array_size(none), 0);
    json_decref(none);
    json_decref(TEST_JSON(home, 3, "survey", "accept", "1"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine WHERE state = 'open'"), 1);
    char *text = arena_alloc(arena, 1 << 16);
    FILE *file = fopen(book, "r+");
    assert_non_null(file);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    char *bad = strstr(text, "440524198001010014");
    assert_non_null(bad);
    bad[17] = '3';
    rewind(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    json_t *mended = TEST_JSON(home, 0, "survey", "import", book);
    assert_int_equal(result_number(json_array_get(mended, 0), "resolved"), 1);
    json_decref(mended);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine WHERE state = 'open'"), 0);
}

static void forget(TestHome *home, const char *name, int64_t staged)
{
    const char *sql =
        arena_printf(home->context.arena, "SELECT MIN(id) FROM person WHERE name = '%s'", name);
    const char *person =
        arena_printf(home->context.arena, "%lld", (long long)test_number(home, sql));
    json_t *result = TEST_JSON(home, 0, "people", "forget", person, "--why", "asked");
    assert_int_equal(result_number(result, "staged"), staged);
    json_decref(result);
}

/* Whenever a person asks to be forgotten, before or after a file is put aside: nothing of it is
 * kept in the file, and accepting leaves what a plain import after the request leaves. */
static void forgetting_reaches_a_file_that_waits(void **state)
{
    TestHome *home = *state;
    Invented gone = invented_person(home->context.arena, 4);
    const char *first = table_csv(home, "a.csv", table_of(home, 0, 10, "技师"));
    const char *second = table_xlsx(home, "b.xlsx", table_of(home, 2, 10, "高级工"));
    test_reset(home);
    json_decref(import_as(home, first, false));
    forget(home, gone.name, 0);
    json_decref(import_as(home, second, false));
    int64_t content = base_content(home);
    for (int after = 0; after < 2; after++) {
        test_reset(home);
        json_decref(import_as(home, first, false));
        if (after == 0)
            forget(home, gone.name, 0);
        json_decref(import_as(home, second, true));
        if (after == 1)
            forget(home, gone.name, 1);
        assert_int_equal(
            test_number(home, "SELECT COUNT(*) FROM staged_row WHERE content = '' AND line = 4"),
            1);
        json_t *accepted = import_staged(home, 2, false);
        assert_int_equal(result_number(accepted, "rows"), 10);
        assert_int_equal(result_number(accepted, "accepted"), 9);
        assert_int_equal(result_number(accepted, "forgotten"), 1);
        assert_int_equal(json_array_size(json_object_get(accepted, "differs")) > 0, after == 1);
        json_decref(accepted);
        assert_int_equal(base_content(home), content);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stage_then_accept_is_a_plain_import),
        cmocka_unit_test(stage_then_refuse_is_nothing),
        cmocka_unit_test(each_command_says_what_a_batch_is_waiting_for),
        cmocka_unit_test(an_acceptance_says_what_is_otherwise_than_reviewed),
        cmocka_unit_test(what_waits_holds_nothing_of_people_in_the_clear),
        cmocka_unit_test(options_are_kept_and_the_file_is_not_needed_again),
        cmocka_unit_test(problems_of_a_batch_that_waits_are_mended_before_it_is_accepted),
        cmocka_unit_test(forgetting_reaches_a_file_that_waits),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
