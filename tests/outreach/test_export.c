#include "outreach/export.h"

#include "support/home.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const HEADINGS[] = {"a", "b", NULL};

static const char *file_read(Arena *arena, const char *path)
{
    enum { FILE_BYTES = 1 << 16 };
    FILE *in = fopen(path, "re");
    assert_non_null(in);
    char *bytes = arena_alloc(arena, FILE_BYTES);
    bytes[fread(bytes, 1, FILE_BYTES - 1, in)] = '\0';
    fclose(in);
    return bytes;
}

static int files_in(const char *folder)
{
    int count = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

/* A folder of its own, removed by the caller. */
static const char *folder_new(Arena *arena)
{
    char *folder = arena_strdup(arena, "/tmp/talent-export-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static void cells_are_quoted_and_formulas_neutralised(void **state)
{
    static const struct {
        const char *cell, *written;
    } CASES[] = {
        {"plain", "\"plain\""},
        {"", ""},
        {NULL, ""},
        {"a,b", "\"a,b\""},
        {"a\"b", "\"a\"\"b\""},
        {"a\nb", "\"a\nb\""},
        {"=1+1", "\"'=1+1\""},
        {"+86", "\"'+86\""},
        {"-1", "\"'-1\""},
        {"@x", "\"'@x\""},
        {"\tx", "\"'\tx\""},
        {"\rx", "\"'\rx\""},
        {"＝1+1", "\"'＝1+1\""},
        {"＋86", "\"'＋86\""},
        {"1-1", "\"1-1\""},
        {"东莞", "\"东莞\""},
    };
    (void)state;
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        Err err = {0};
        Export *export = NULL;
        AUTO_ARENA arena = arena_new(0);
        const char *folder = folder_new(arena), *file = arena_printf(arena, "%s/t.csv", folder);
        assert_ok(export_open(file, HEADINGS, &export, &err), &err);
        export_row(export, (const char *const[]){"x", CASES[at].cell});
        assert_ok(export_close(export, true, &err), &err);
        assert_string_equal(
            file_read(arena, file),
            arena_printf(arena, "\xEF\xBB\xBF\"a\",\"b\"\r\n\"x\",%s\r\n", CASES[at].written));
        unlink(file);
        assert_int_equal(rmdir(folder), 0); /* nothing else was left */
    }
}

static void a_file_appears_at_close_or_not_at_all(void **state)
{
    static const char *const NAMES[] = {"t.csv", "t.xlsx"};
    (void)state;
    for (size_t at = 0; at < 2; at++) {
        Err err = {0};
        Export *export = NULL;
        AUTO_ARENA arena = arena_new(0);
        const char *folder = folder_new(arena),
                   *file = arena_printf(arena, "%s/%s", folder, NAMES[at]);
        struct stat status;
        for (int keep = 0; keep <= 1; keep++) {
            assert_ok(export_open(file, HEADINGS, &export, &err), &err);
            export_row(export, (const char *const[]){"x", "=y"});
            assert_int_not_equal(stat(file, &status), 0);
            assert_ok(export_close(export, keep, &err), &err);
            assert_int_equal(stat(file, &status) == 0, keep);
            assert_int_equal(files_in(folder), keep);
        }
        unlink(file);
        assert_int_equal(rmdir(folder), 0);
    }
}

static void a_full_disk_is_told_and_leaves_nothing(void **state)
{
    static const char *const NAMES[] = {"t.csv", "t.xlsx"};
    (void)state;
    for (size_t at = 0; at < 2; at++) {
        Err err = {0};
        Export *export = NULL;
        AUTO_ARENA arena = arena_new(0);
        const char *folder = folder_new(arena),
                   *file = arena_printf(arena, "%s/%s", folder, NAMES[at]);
        struct rlimit before, small = {.rlim_cur = 3000, .rlim_max = RLIM_INFINITY};
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
        small.rlim_max = before.rlim_max;
        signal(SIGXFSZ, SIG_IGN);
        assert_ok(export_open(file, HEADINGS, &export, &err), &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        for (int row = 0; row < 20000; row++)
            export_row(export, (const char *const[]){"x", arena_printf(arena, "%d", row * 7919)});
        ErrCode code = export_close(export, true, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(code, ERR_IO);
        assert_non_null(strstr(err.text, "cannot write"));
        assert_int_equal(files_in(folder), 0);
        assert_int_equal(rmdir(folder), 0);
    }
}

static void a_file_of_somebody_else_under_the_part_name_is_left_alone(void **state)
{
    (void)state;
    Err err = {0};
    Export *export = NULL;
    AUTO_ARENA arena = arena_new(0);
    const char *folder = folder_new(arena), *file = arena_printf(arena, "%s/t.csv", folder);
    const char *part = arena_printf(arena, "%s.%d.part", file, getpid());
    assert_int_equal(symlink("/dev/null", part), 0);
    assert_int_equal(export_open(file, HEADINGS, &export, &err), ERR_IO);
    assert_int_equal(unlink(part), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_quoted_and_formulas_neutralised),
        cmocka_unit_test(a_file_appears_at_close_or_not_at_all),
        cmocka_unit_test(a_full_disk_is_told_and_leaves_nothing),
        cmocka_unit_test(a_file_of_somebody_else_under_the_part_name_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
