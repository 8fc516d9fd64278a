/* tests/survey/test_import.c: whole files into a real base: counts that tie out, nothing lost,
 * nothing half done. */
#include "support/sheets.h"
#include "support/tables.h"

#include "base/buffer.h"
#include "survey/import_file.h"
#include "survey/verbs.h"

#include <sys/wait.h>
#include <unistd.h>

#define HEADINGS "姓名|身份证号码|手机号码|职业资格等级|单位所在镇街|在莞养老保险累计月数\n"

/* n invented people as rows under HEADINGS, beginning with person `from`. */
static void add_people(Arena *arena, Buffer *out, unsigned from, unsigned count)
{
    static const char *const LEVELS[] = {"高级工", "技师", "三级", "国家职业资格二级"};
    static const char *const TOWNS[] = {"长安镇", "虎门", "东城区"};
    for (unsigned i = from; i < from + count; i++) {
        Invented person = invented_person(arena, i);
        buffer_printf(out, "%s|%s|%s|%s|%s|%u\n", person.name, person.id, person.phone,
                      LEVELS[i % 4], TOWNS[i % 3], i % 60);
    }
}

static const char *people_table(TestHome *home, unsigned from, unsigned count)
{
    AUTO_BUFFER out = BUFFER(1 << 24);
    buffer_text(&out, HEADINGS);
    add_people(home->context.arena, &out, from, count);
    return arena_strdup(home->context.arena, buffer_string(&out));
}

static void assert_number(const json_t *result, const char *key, int64_t expected)
{
    int64_t number = result_number(result, key);
    if (number != expected) {
        char *text = json_dumps(result, JSON_INDENT(1));
        fail_msg("%s is %lld, not %lld: %s", key, (long long)number, (long long)expected, text);
    }
}

static void import_ties_out_and_counts_what_is_no_answer(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    static const char TABLE[] =
        "东莞市高技能人才入户意向调查表\n"
        "填报单位：东莞市长安某某电子有限公司　　所属镇街：长安镇　　填表日期：2012年9月20日\n"
        "序号|基本情况|||职业资格||手机号码|工龄\n"
        "|姓名|性别|身份证号码|等级|证书编号||\n"
        "1|张伟|男|440524198001010013|高级工|1219000000300001|13800138000|3\n"
        "2|李娜|女|440524800101001|技师||0769-22334455|\n"    /* a man's 15 digits: sex clash, and a
                                                                 landline */
        "3|王强||4.40524E+17|三级||13800138002|\n"            /* a destroyed ID number */
        "4|||||||\n"                                          /* only its running number */
        "序号|姓名|性别|身份证号码|等级|证书编号|手机号码|\n" /* printed again */
        "5|赵敏|女|11010519491231002X|优秀|12345|13800138004|\n" /* two problems in one row: no
                                                                    level, no … */
        "6|陈静|女|11010519491231002X|二级/技师||0769-22334455|\n"
        "合计|5人||||||\n"
        "填表说明：请如实填写\n";
    json_t *result = table_import(home, table_xlsx(home, "a.xlsx", TABLE));
    assert_number(result, "rows", 5);
    assert_number(result, "accepted", 2);
    assert_number(result, "quarantined", 3);
    assert_number(result, "people.new", 2);
    assert_number(result, "skipped.title", 2);
    assert_number(result, "skipped.heading", 3);
    assert_number(result, "skipped.blank", 1);
    assert_number(result, "skipped.total", 1);
    assert_number(result, "skipped.note", 1);
    assert_string_equal(json_string_value(json_object_get(result, "form")), "enterprise");
    assert_string_equal(json_string_value(json_object_get(result, "source")),
                        "东莞市长安某某电子有限公司");
    assert_string_equal(json_string_value(json_object_get(result, "surveyed_on")), "2012-09-20");
    const json_t *unknown = json_object_get(result, "unknown_headings");
    assert_int_equal(json_array_size(unknown), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(unknown, 0), "heading")),
                        "工龄");
    assert_string_equal(json_string_value(json_object_get(json_array_get(unknown, 0), "cell")),
                        "H3");
    const json_t *note = json_array_get(json_object_get(result, "notes"), 0);
    assert_string_equal(json_string_value(json_object_get(note, "code")), "phone_landline");
    assert_string_equal(json_string_value(json_array_get(json_object_get(note, "cells"), 0)),
                        "G11");
    assert_int_equal(
        test_number(
            home,
            "SELECT COUNT(*) FROM answer WHERE certificate_type = 1 AND skill_level IN (2, 3)"),
        2);
    assert_int_equal(test_number(home,
                                 "SELECT COUNT(*) FROM person WHERE employer = "
                                 "'东莞市长安某某电子有限公司' AND employer_town = 441900119"),
                     2);
    assert_int_equal(
        test_number(home, "SELECT line_count = accepted + quarantined AND accepted = 2 FROM batch"),
        1);
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM problem WHERE code = 'sex_clash' AND cell = 'C6'"),
        1);
    assert_int_equal(
        test_number(
            home, "SELECT COUNT(*) FROM quarantine WHERE raw LIKE '%440524%' OR raw LIKE '%王强%'"),
        0);
    json_decref(result);
}

static void hidden_rows_are_read_and_reported(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *plain = table_xlsx(home, "seen.xlsx", people_table(home, 0, 3));
    json_t *result = table_import(home, plain);
    assert_number(result, "hidden_rows", 0);
    json_decref(result);
    static const char ROWS[] =
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>姓名</t></is></c><c r=\"B1\" "
        "t=\"inlineStr\"><is><t>身份证号码</t></is></c><c r=\"C1\" "
        "t=\"inlineStr\"><is><t>技能等级</t></is></c><c r=\"D1\" "
        "t=\"inlineStr\"><is><t>工作单位</t></is></c></row><row r=\"2\" hidden=\"1\"><c r=\"A2\" "
        "t=\"inlineStr\"><is><t>张伟</t></is></c><c r=\"B2\" "
        "t=\"inlineStr\"><is><t>440524198001010013</t></is></c><c r=\"C2\" "
        "t=\"inlineStr\"><is><t>高级工</t></is></c></row>";
    SheetWorld world = {.arena = home->context.arena};
    snprintf(world.dir, sizeof world.dir, "%s", home->dir);
    OddBook book = {.rows = ROWS};
    result = table_import(home, sheets_book(&world, &book));
    assert_number(result, "accepted", 1);
    assert_number(result, "hidden_rows", 1);
    json_decref(result);
}

static void the_same_people_come_from_every_kind_of_file(void **state)
{
    TestHome *home = *state;
    const char *table = people_table(home, 0, 40);
    int64_t content = 0;
    static const struct {
        const char *name;
        const char *(*write)(TestHome *home, const char *name, const char *table);
        const char *encoding;
    } KINDS[] = {{"k.csv", table_csv, "UTF-8"},
                 {"k-gb.csv", table_gb18030, "GB18030"},
                 {"k.xlsx", table_xlsx, "UTF-8"},
                 {"k.json", table_kobo, "UTF-8"}};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        test_reset(home);
        json_t *result = table_import(home, KINDS[i].write(home, KINDS[i].name, table));
        assert_number(result, "accepted", 40);
        assert_string_equal(json_string_value(json_object_get(result, "encoding")),
                            KINDS[i].encoding);
        json_decref(result);
        content = i == 0 ? base_content(home) : content;
        assert_int_equal(base_content(home), content);
    }
    assert_true(content != 0);
}

static void the_same_file_twice_changes_nothing(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *path = table_csv(home, "twice.csv", people_table(home, 0, 20));
    json_decref(table_import(home, path));
    int64_t content = base_content(home),
            version = test_number(home, "SELECT people_version FROM base_state");
    const char *copy = table_csv(home, "another-name.csv", people_table(home, 0, 20));
    json_t *result = table_import(home, copy);
    assert_string_equal(json_string_value(json_object_get(result, "form")), "enterprise");
    assert_number(result, "duplicate_of", 1);
    json_decref(result);
    assert_int_equal(base_content(home), content);
    assert_int_equal(test_number(home, "SELECT people_version FROM base_state"), version);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 1);
}

static void a_dry_run_reports_and_changes_nothing(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    ImportJob job = import_job(home, table_csv(home, "dry.csv", people_table(home, 0, 20)));
    job.dry_run = true;
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    assert_ok(import_file(&job, &result, &quarantined, &err), &err);
    assert_number(result, "accepted", 20);
    assert_number(result, "people.new", 20);
    assert_true(json_is_true(json_object_get(result, "dry_run")));
    json_decref(result);
    assert_int_equal(base_content(home), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 0);
    assert_int_equal(test_number(home, "SELECT people_version FROM base_state"), 0);
}

static void a_file_that_breaks_at_its_end_leaves_nothing(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    AUTO_BUFFER text = BUFFER(1 << 20);
    buffer_text(&text, "姓名,身份证号码,手机号码,职业资格等级,单位所在镇街\n");
    for (unsigned i = 0; i < 200; i++) {
        Invented person = invented_person(home->context.arena, i);
        buffer_printf(&text, "%s,%s,%s,高级工,长安\n", person.name, person.id, person.phone);
    }
    buffer_text(&text, "张伟,\"440524198001010013,13800138000,高级工,长安\n");
    const char *path = arena_printf(home->context.arena, "%s/broken.csv", home->dir);
    FILE *file = fopen(path, "wb");
    assert_int_equal(fwrite(text.bytes, 1, text.length, file), text.length);
    fclose(file);
    ImportJob job = import_job(home, path);
    json_t *result = NULL;
    int64_t quarantined = 0;
    Err err = {0};
    assert_int_equal(import_file(&job, &result, &quarantined, &err), ERR_INPUT);
    assert_int_equal(base_content(home), 0);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 0);
}

static void an_interrupted_import_leaves_nothing(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    ImportJob job = import_job(home, table_csv(home, "stopped.csv", people_table(home, 0, 1500)));
    command_interrupted = 1;
    assert_import_refused(home, &job, ERR_INTERRUPTED,
                          "stopped: nothing of this file was imported");
    command_interrupted = 0;
}

/* The law: files in any order and in any split give the same base. The same people answer in
 * several files, on several days, with other levels and towns, so that folding has something to
 * decide. */
static void any_order_and_any_split_give_the_same_base(void **state)
{
    TestHome *home = *state;
    enum { FILES = 4, PEOPLE = 30, TRIES = 6 };
    static const char *const LEVELS[] = {"高级工", "技师", "中级工", "高级技师"};
    const char *paths[FILES], *pieces[FILES * 2];
    Arena *arena = home->context.arena;
    for (unsigned file = 0; file < FILES; file++) {
        AUTO_BUFFER whole = BUFFER(1 << 20);
        AUTO_BUFFER even = BUFFER(1 << 20);
        AUTO_BUFFER odd = BUFFER(1 << 20);
        Buffer *half[2] = {&even, &odd};
        const char *head = "姓名|身份证号码|手机号码|技能等级|单位所在镇街|工作单位|填表日期\n";
        buffer_text(&whole, head);
        buffer_text(&even, head);
        buffer_text(&odd, head);
        for (unsigned i = file * 5; i < file * 5 + PEOPLE; i++) {
            Invented person = invented_person(arena, i);
            bool nameless_id = i % 7 == 3; /* told by name and phone alone */
            char line[256];
            snprintf(line, sizeof line, "%s|%s|%s|%s|%s|单位%u|2012-0%u-1%u\n", person.name,
                     nameless_id ? "" : person.id, person.phone, LEVELS[(i + file) % 4],
                     i % 2 ? "长安" : "虎门", file, 6 + (i + file) % 3, i % 9);
            buffer_text(&whole, line);
            buffer_text(half[i % 2], line);
        }
        paths[file] =
            table_csv(home, arena_printf(arena, "whole%u.csv", file), buffer_string(&whole));
        for (unsigned part = 0; part < 2; part++)
            pieces[file * 2 + part] = table_csv(
                home, arena_printf(arena, "part%u-%u.csv", file, part), buffer_string(half[part]));
    }
    int64_t content = 0;
    srand(20120927);
    for (int try = 0; try < TRIES; try++) {
        const char **files = try % 2 ? pieces : paths;
        size_t count = try % 2 ? FILES * 2 : FILES;
        for (size_t i = count - 1; i > 0 && try > 0; i--) {
            size_t other = (size_t)rand() % (i + 1);
            const char *swap = files[i];
            files[i] = files[other];
            files[other] = swap;
        }
        test_reset(home);
        for (size_t i = 0; i < count; i++)
            json_decref(table_import(home, files[i]));
        content = try == 0 ? base_content(home) : content;
        if (base_content(home) != content)
            fail_msg("try %d (seed 20120927) gave another base", try);
    }
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer"), FILES * PEOPLE);
}

/* Rows of two days are written one after the other: two people without ID number are new at first,
 * then turn out to be one who was known. */
static void people_who_come_together_within_a_file_are_counted_as_they_are_at_its_end(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *first = "姓名|身份证号码|手机号码|技能等级|单位所在镇街|填表日期\n"
                        "张伟|440524198001010013||技师||2012-05-01\n";
    const char *second = "姓名|身份证号码|手机号码|技能等级|单位所在镇街|填表日期\n"
                         "张伟||13800138001|技师||2012-05-02\n"
                         "张伟||13800138002|技师||2012-05-02\n"
                         "张伟|440524198001010013|13800138001|技师||2012-05-03\n"
                         "张伟|440524198001010013|13800138002|技师||2012-05-03\n"
                         "李娜||13800138003|技师||2012-05-04\n";
    json_decref(table_import(home, table_csv(home, "first.csv", first)));
    json_t *result = table_import(home, table_csv(home, "second.csv", second));
    assert_number(result, "people.new", 1);
    assert_number(result, "people.changed", 1);
    assert_number(result, "people.unchanged", 0);
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), 2);
}

static void of_two_importers_of_one_file_one_is_told_that_it_is_a_duplicate(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *path = table_csv(home, "race.csv", people_table(home, 0, 3000));
    pid_t children[2];
    fflush(NULL);
    for (size_t i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            FILE *out = freopen(arena_printf(home->context.arena, "%s/race%zu.out", home->dir, i),
                                "w", stdout);
            execl(TALENT_PROGRAM, "talent", "--home", home->dir, "--json", "--as-of", "2012-10-01",
                  "survey", "import", path, (char *)NULL);
            _exit(out ? 127 : 126);
        }
    }
    size_t duplicates = 0;
    for (size_t i = 0; i < 2; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        json_t *output = json_load_file(
            arena_printf(home->context.arena, "%s/race%zu.out", home->dir, i), 0, NULL);
        duplicates += json_object_get(json_array_get(output, 0), "duplicate_of") != NULL;
        json_decref(output);
    }
    assert_int_equal(duplicates, 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer"), 3000);
}

static void the_program_ends_with_3_when_rows_wait(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *bad =
        table_csv(home, "bad.csv", HEADINGS "张伟|440524198001010014|13800138000|高级工|长安|3\n");
    json_t *result = TEST_JSON(home, 3, "--as-of", "2012-10-01", "survey", "import", bad);
    assert_number(json_array_get(result, 0), "quarantined", 1);
    json_decref(result);
    TestOutput none = TEST_RUN(home, "survey", "import", "nowhere.csv");
    assert_int_equal(none.status, 1);
    TestOutput late = TEST_RUN(home, "--as-of", "2012-10-01", "survey", "import", "--surveyed-on",
                               "2012-10-02", bad);
    assert_int_equal(late.status, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(import_ties_out_and_counts_what_is_no_answer),
        cmocka_unit_test(hidden_rows_are_read_and_reported),
        cmocka_unit_test(the_same_people_come_from_every_kind_of_file),
        cmocka_unit_test(the_same_file_twice_changes_nothing),
        cmocka_unit_test(a_dry_run_reports_and_changes_nothing),
        cmocka_unit_test(a_file_that_breaks_at_its_end_leaves_nothing),
        cmocka_unit_test(an_interrupted_import_leaves_nothing),
        cmocka_unit_test(any_order_and_any_split_give_the_same_base),
        cmocka_unit_test(people_who_come_together_within_a_file_are_counted_as_they_are_at_its_end),
        cmocka_unit_test(of_two_importers_of_one_file_one_is_told_that_it_is_a_duplicate),
        cmocka_unit_test(the_program_ends_with_3_when_rows_wait),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
