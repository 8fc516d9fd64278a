/* tests/survey/test_parcel.c: archives and standard input, as the program takes them. */
#include "survey/parcel.h"

#include "support/tables.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#define PACKED TALENT_SOURCE "/tests/data/corpus/packed/"
#define HEADINGS "姓名|身份证号码|手机号码|技能等级|工作单位\n"

/* The files of an argument: their names and lengths, one a line, then the error if there is one. */
static const char *contents(TestHome *home, const char *argument)
{
    AUTO_PARCEL parcel = NULL;
    Arena *arena = home->context.arena;
    ParcelFile file;
    Err err = {0};
    bool more = true;
    const char *seen = "";
    ErrCode code = parcel_open(argument, home->dir, &parcel, &err);
    while (code == OK && more) {
        code = parcel_next(parcel, &file, &more, &err);
        struct stat status;
        if (code == OK && more) {
            assert_int_equal(stat(file.path, &status), 0);
            seen = arena_printf(arena, "%s%s %lld\n", seen, file.name, (long long)status.st_size);
        }
    }
    return code == OK ? seen : arena_printf(arena, "%s%s: %s", seen, err_name(code), err.text);
}

static size_t files_in(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void names_of_an_archive_are_shown_and_never_used(void **state)
{
    TestHome *home = *state;
    size_t before = files_in(home->dir);
    assert_string_equal(contents(home, PACKED "gbk_names.zip"),
                        PACKED "gbk_names.zip/长安.csv 578\n");
    assert_string_equal(contents(home, PACKED "line_break_name.zip"),
                        PACKED "line_break_name.zip/a?b.csv 578\n");
    assert_string_equal(contents(home, PACKED "clutter.zip"), PACKED "clutter.zip/a/t.csv 578\n");
    assert_int_equal(files_in(home->dir), before);
}

static void what_is_no_parcel_is_one_file(void **state)
{
    static const char *const FILES[] = {"../csv/empty.csv", "../xlsx/bare.xlsx",
                                        "../xlsx/libreoffice.ods", "leads_out.zip", "empty.zip"};
    TestHome *home = *state;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct stat status;
        const char *path = arena_printf(home->context.arena, "%s%s", PACKED, FILES[i]);
        assert_int_equal(stat(path, &status), 0);
        assert_string_equal(contents(home, path), arena_printf(home->context.arena, "%s %lld\n",
                                                               path, (long long)status.st_size));
    }
}

static void a_gzip_that_swells_is_stopped(void **state)
{
    enum { PIECE_BYTES = 1 << 20, PIECES = 520 };
    TestHome *home = *state;
    const char *path = arena_printf(home->context.arena, "%s/swollen.csv.gz", home->dir);
    gzFile file = gzopen(path, "wb1");
    char *zeros = arena_alloc(home->context.arena, PIECE_BYTES);
    for (int i = 0; i < PIECES; i++)
        assert_int_equal(gzwrite(file, zeros, PIECE_BYTES), PIECE_BYTES);
    assert_int_equal(gzclose(file), Z_OK);
    assert_string_equal(contents(home, path), "ERR_LIMIT: the file is larger than 512 MiB");
    assert_int_equal(unlink(path), 0);
}

/* Runs `talent survey import - WORDS` with a file as standard input; the exit status. */
static int import_input(TestHome *home, const char *input, const char *const *words, json_t **ret)
{
    const char *out = arena_printf(home->context.arena, "%s/out.json", home->dir);
    const char *argv[16] = {TALENT_PROGRAM, "--home", home->dir, "--json", "survey", "import", "-"};
    size_t count = 7;
    for (; *words; words++)
        argv[count++] = *words;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int in = open(input, O_RDONLY), to = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (in < 0 || to < 0 || dup2(in, 0) < 0 || dup2(to, 1) < 0)
            _exit(126);
        execv(TALENT_PROGRAM, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    json_error_t error;
    *ret = json_load_file(out, 0, &error);
    return WEXITSTATUS(status);
}

static void standard_input_is_imported_like_a_file(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    json_t *result = NULL;
    const char *const none[] = {NULL};
    assert_int_equal(import_input(home, PACKED "several.zip", none, &result), 0);
    assert_int_equal(json_array_size(result), 3);
    assert_string_equal(json_string_value(json_object_get(json_array_get(result, 0), "file")),
                        "-/长安/一车间.csv");
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 3);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), 3);
    assert_int_equal(import_input(home, PACKED "table.csv.gz", none, &result), 0);
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), 3);
}

static void a_packed_file_is_known_again_unpacked(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *plain =
        table_csv(home, "plain.csv", HEADINGS "张伟|440524198001010013||高级工|厂\n");
    const char *packed = arena_printf(home->context.arena, "%s/plain.csv.gz", home->dir);
    char bytes[4096];
    FILE *file = fopen(plain, "rb");
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    gzFile gz = gzopen(packed, "wb");
    assert_int_equal(gzwrite(gz, bytes, (unsigned)length), length);
    gzclose(gz);
    json_decref(table_import(home, plain));
    json_t *result = TEST_JSON(home, 0, "survey", "import", packed);
    assert_int_equal(result_number(json_array_get(result, 0), "duplicate_of"), 1);
    json_decref(result);
}

static void the_encoding_is_told_and_recorded(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    const char *path =
        table_gb18030(home, "a.csv", HEADINGS "张伟|440524198001010013||高级工|厂\n");
    TestOutput output =
        TEST_RUN(home, "--lang", "en", "survey", "import", path, "--encoding", "utf-8");
    assert_int_equal(output.status, 1);
    assert_non_null(strstr(output.err, "byte 1 is not UTF-8"));
    output = TEST_RUN(home, "--lang", "en", "survey", "import", path, "--encoding", "latin1");
    assert_int_equal(output.status, 2);
    json_t *result = TEST_JSON(home, 0, "survey", "import", path, "--encoding", "gbk");
    assert_string_equal(json_string_value(json_object_get(json_array_get(result, 0), "encoding")),
                        "GB18030");
    json_decref(result);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch WHERE encoding = 'GB18030'"), 1);
}

static void files_of_an_archive_before_a_bad_one_are_in(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    TestOutput output = TEST_RUN(home, "--lang", "en", "survey", "import", PACKED "second_bad.zip");
    assert_int_equal(output.status, 1);
    assert_non_null(strstr(output.err, "second_bad.zip/b.csv'"));
    assert_non_null(strstr(output.err, "1 file before it went in"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 1);
    output = TEST_RUN(home, "--lang", "en", "survey", "import", PACKED "cut.csv.gz");
    assert_int_equal(output.status, 1);
    assert_non_null(strstr(output.err, "cut.csv.gz': the gzip archive is damaged"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_an_archive_are_shown_and_never_used),
        cmocka_unit_test(what_is_no_parcel_is_one_file),
        cmocka_unit_test(a_gzip_that_swells_is_stopped),
        cmocka_unit_test(standard_input_is_imported_like_a_file),
        cmocka_unit_test(a_packed_file_is_known_again_unpacked),
        cmocka_unit_test(the_encoding_is_told_and_recorded),
        cmocka_unit_test(files_of_an_archive_before_a_bad_one_are_in),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
