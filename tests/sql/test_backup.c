/* sql/backup.c, restore.c: what is locked away comes back as it was, into an empty home only, and
 * nothing half done is ever taken for whole. */
#include "base/text.h"
#include "support/home.h"
#include "support/street.h"

#include "base/vault.h"
#include "sql/connection.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PEOPLE = 400 };

/* Beside the homes: key, key.pub, and the backups. */
static char folder[160];

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static const char *beside(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/%s", folder, name);
}

static void import_all(TestHome *home)
{
    json_t *summary = street_generate(home, 7, PEOPLE);
    size_t count = json_array_size(json_object_get(summary, "files"));
    for (size_t i = 0; i < count; i++) {
        TestOutput output = TEST_RUN(home, "survey", "import", street_file(home, summary, i));
        assert_true(output.status == 0 || output.status == 3);
    }
    json_decref(summary);
    const char *in = arena_printf(home->context.arena, "%s/in", home->dir);
    nftw(in, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return -1;
    TestHome *home = *state;
    snprintf(folder, sizeof folder, "%s-backups", home->dir);
    assert_int_equal(mkdir(folder, 0700), 0);
    import_all(home);
    test_sql(home, "INSERT INTO optout (phone_hash, phone, source, why, added_by, added_at) VALUES "
                   "(RANDOM_BYTES(16), RANDOM_BYTES(52), 'staff', 'it''s ); \\\\ \\n\\'', 't', "
                   "UTC_TIMESTAMP(3))");
    TestOutput made = TEST_RUN(home, "db", "key", beside(home, "key"));
    assert_int_equal(made.status, 0);
    return 0;
}

static int teardown(void **state)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return test_home_teardown(state);
}

/* An empty home with a private server of its own. */
static TestHome *empty_home(void)
{
    TestHome *home = test_home_new();
    home->schema[0] = '\0';
    test_config(home, NULL);
    unlink(arena_printf(home->context.arena, "%s/talent.json", home->dir));
    return home;
}

static const char *backup_make(TestHome *home, const char *name)
{
    const char *path = beside(home, name);
    TestOutput output = TEST_RUN(home, "db", "backup", path);
    if (output.status != 0)
        fail_msg("%s", output.err);
    return path;
}

static json_t *restore(TestHome *home, const char *backup)
{
    return TEST_JSON(home, 0, "db", "restore", backup, "--key", beside(home, "key"));
}

static void assert_refused(TestHome *home, const char *backup, const char *key, const char *line)
{
    TestOutput output =
        TEST_RUN(home, "--lang", "en", "db", "restore", backup, "--key", beside(home, key));
    assert_int_equal(output.status, 1);
    if (!strstr(output.err, line))
        fail_msg("'%s' is not in: %s", line, output.err);
}

/* Every table has the same rows, but for what says which base it is and what was done to it. */
static void assert_same_rows(TestHome *one, TestHome *other)
{
    Err err = {0};
    Arena *arena = one->context.arena;
    AUTO_ROWS tables = NULL;
    assert_ok(db_query(one->context.db, QUERY_SQL_BACKUP_TABLES, NO_PARAMS, &tables, &err), &err);
    int compared = 0;
    while (rows_next(tables)) {
        const char *table = rows_text(tables, 0);
        if (rows_int(tables, 1) || text_equal(table, "base_state") ||
            text_equal(table, "restoration") || text_starts(table, "audit"))
            continue;
        const char *count = arena_printf(arena, "SELECT COUNT(*) FROM %s", table);
        assert_int_equal(test_number(one, count), test_number(other, count));
        AUTO_ROWS a = NULL;
        AUTO_ROWS b = NULL;
        const char *sum = arena_printf(arena, "CHECKSUM TABLE %s EXTENDED", table);
        assert_ok(db_text(one->context.db, sum, &a, &err), &err);
        assert_ok(db_text(other->context.db, sum, &b, &err), &err);
        assert_true(rows_next(a) && rows_next(b));
        if (rows_int(a, 1) != rows_int(b, 1))
            fail_msg("table %s came back otherwise", table);
        compared++;
    }
    assert_true(compared >= 20);
}

static void backup_comes_back_row_for_row_as_another_base(void **state)
{
    TestHome *home = *state, *again = empty_home();
    Err err = {0};
    const char *backup = backup_make(home, "whole");
    json_t *restored = restore(again, backup);
    assert_true(json_number_at(restored, "rows") > PEOPLE);
    assert_int_equal(json_number_at(restored, "counts.answer"),
                     test_number(home, "SELECT COUNT(*) FROM answer"));
    json_decref(restored);
    assert_ok(db_ready(&again->context.config, &again->context.db, &err), &err);
    assert_same_rows(home, again);
    const char *epoch = "SELECT CONV(LEFT(HEX(epoch), 12), 16, 10) FROM base_state";
    assert_int_not_equal(test_number(home, epoch), test_number(again, epoch));
    assert_int_equal(test_number(again, "SELECT COUNT(*) FROM restoration WHERE backup_epoch <> "
                                        "epoch AND reconciled_at IS NULL"),
                     1);
    assert_true(test_number(again, "SELECT person_number FROM base_state") >=
                test_number(again, "SELECT MAX(id) FROM person"));
    /* the key came along: the numbers can be read */
    json_t *shown = TEST_JSON(again, 0, "people", "show", "1");
    json_t *before = TEST_JSON(home, 0, "people", "show", "1");
    assert_true(json_equal(shown, before));
    json_decref(shown);
    json_decref(before);
    /* and nothing is sent */
    TestOutput dispatch = TEST_RUN(again, "--lang", "en", "outreach", "dispatch", "--until-done");
    assert_int_equal(dispatch.status, 1);
    assert_non_null(strstr(dispatch.err, "was restored from a backup"));
    assert_refused(again, backup, "key", "this home holds a base already");
    test_home_free(again);
}

static void copy_is_of_one_moment_while_files_come_in(void **state)
{
    TestHome *home = *state, *again = empty_home();
    Err err = {0};
    json_t *rows = street_generate_rows(home, 3000);
    json_decref(rows);
    const char *file = arena_printf(home->context.arena, "%s/rows.csv", home->dir);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int nothing = open("/dev/null", O_WRONLY);
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
        execl(TALENT_PROGRAM, TALENT_PROGRAM, "--home", home->dir, "--quiet", "survey", "import",
              file, (char *)NULL);
        _exit(127);
    }
    usleep(150 * 1000);
    const char *backup = backup_make(home, "moving");
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    unlink(file);
    json_decref(restore(again, backup));
    assert_ok(db_ready(&again->context.config, &again->context.db, &err), &err);
    assert_int_equal(
        test_number(again, "SELECT COALESCE(SUM(accepted), 0) FROM batch"),
        test_number(again, "SELECT COUNT(*) FROM answer WHERE batch_id IN (SELECT id FROM batch)"));
    test_home_free(again);
}

static void backup_is_refused_where_it_would_be_none(void **state)
{
    TestHome *home = *state;
    backup_make(home, "taken");
    struct {
        const char *path, *to_key, *line;
    } cases[] = {
        {beside(home, "taken"), NULL, "exists already"},
        {arena_printf(home->context.arena, "%s/backup", home->dir), NULL,
         "a backup inside of the home is lost together with it"},
        {beside(home, "none"), beside(home, "key"), "is not the public half of a backup key"},
        {beside(home, "no/such/folder"), NULL, "cannot make folder"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TestOutput output = cases[i].to_key
                                ? TEST_RUN(home, "--lang", "en", "db", "backup", cases[i].path,
                                           "--to-key", cases[i].to_key)
                                : TEST_RUN(home, "--lang", "en", "db", "backup", cases[i].path);
        assert_int_equal(output.status, 1);
        if (!strstr(output.err, cases[i].line))
            fail_msg("'%s' is not in: %s", cases[i].line, output.err);
    }
    const char *own = arena_printf(home->context.arena, "%s/backup.pub", home->dir);
    const char *away = beside(home, "away");
    assert_int_equal(rename(own, away), 0);
    TestOutput output = TEST_RUN(home, "--lang", "en", "db", "backup", beside(home, "none"));
    assert_non_null(strstr(output.err, "this home has no key to lock backups to"));
    assert_int_equal(rename(away, own), 0);
    output = TEST_RUN(home, "--lang", "en", "db", "key",
                      arena_printf(home->context.arena, "%s/secret", home->dir));
    assert_int_equal(output.status, 1);
    assert_int_equal(access(beside(home, "none"), F_OK), -1);
}

static void file_damage(TestHome *home, const char *backup, const char *name, const char *from,
                        const char *to)
{
    const char *path = arena_printf(home->context.arena, "%s/%s", backup, name);
    FILE *file = fopen(path, "r+e");
    assert_non_null(file);
    static char bytes[1 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    char *at = from ? memmem(bytes, length, from, strlen(from)) : bytes + length / 2;
    assert_non_null(at);
    assert_int_equal(fseek(file, at - bytes, SEEK_SET), 0);
    if (to)
        fputs(to, file);
    else
        fputc(*at ^ 1, file);
    assert_int_equal(fclose(file), 0);
}

static size_t entries_of(const char *path)
{
    size_t count = 0;
    DIR *entries = opendir(path);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));)
        count += entry->d_name[0] != '.';
    closedir(entries);
    return count;
}

static void damaged_backup_is_refused_before_anything_is_written(void **state)
{
    TestHome *home = *state, *again = empty_home();
    static const struct {
        const char *file, *from, *to, *line;
    } DAMAGES[] = {
        {"base.sealed", NULL, NULL, "is not the file that the manifest describes"},
        {"home.sealed", NULL, NULL, "is damaged"},
        {"manifest.json", "\"person\": ", "\"person\":9", "was changed after the backup"},
        {"manifest.json", "\"sha256\": \"", "\"sha256\": \"x", "is not the file that the manifest"},
        {"manifest.json", "\"schema\": ", "\"schema\":9", "this program knows schemas up to"},
        {"manifest.json", "\"format\": 1", "\"format\": 2", "knows formats up to 1"},
        {"manifest.json", "\"key\"", "\"kay\"", "kay"},
    };
    for (size_t i = 0; i < sizeof DAMAGES / sizeof *DAMAGES; i++) {
        const char *backup = backup_make(home, arena_printf(home->context.arena, "damaged-%zu", i));
        file_damage(home, backup, DAMAGES[i].file, DAMAGES[i].from, DAMAGES[i].to);
        assert_refused(again, backup, "key", DAMAGES[i].line);
    }
    TestOutput made = TEST_RUN(again, "db", "key", beside(home, "key-of-another"));
    assert_int_equal(made.status, 0);
    unlink(arena_printf(again->context.arena, "%s/backup.pub", again->dir));
    assert_refused(again, backup_make(home, "sound"), "key-of-another", "the backup is locked to");
    assert_refused(again, beside(home, "sound"), "key.pub", "is not the secret half");
    assert_refused(again, folder, "key", "is no backup");
    assert_int_equal(entries_of(again->dir), 0);
    test_home_free(again);
}

/* Without room for all of it, and with SIGKILL on the way: there is no folder of that name. */
static void backup_that_does_not_finish_is_none(void **state)
{
    TestHome *home = *state;
    const struct rlimit small = {.rlim_cur = 100 * 1000, .rlim_max = RLIM_INFINITY},
                        large = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    size_t before = entries_of(folder);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    TestOutput output = TEST_RUN(home, "--lang", "en", "db", "backup", beside(home, "full"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &large), 0);
    assert_int_equal(output.status, 1);
    assert_non_null(strstr(output.err, "no backup was made: cannot write"));
    assert_int_equal(entries_of(folder), before);
    for (unsigned ms = 5; ms < 200; ms += 15) {
        const char *path = beside(home, arena_printf(home->context.arena, "killed-%u", ms));
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            int nothing = open("/dev/null", O_WRONLY);
            dup2(nothing, STDOUT_FILENO);
            execl(TALENT_PROGRAM, TALENT_PROGRAM, "--home", home->dir, "--quiet", "db", "backup",
                  path, (char *)NULL);
            _exit(127);
        }
        usleep(ms * 1000);
        kill(pid, SIGKILL);
        int status;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        VaultSum sum;
        Err err = {0};
        if (access(path, F_OK) == 0) /* then it was finished */
            assert_ok(
                vault_sum(arena_printf(home->context.arena, "%s/manifest.json", path), &sum, &err),
                &err);
    }
}

/* Killed at any moment, a restore is no base for any command, and the same command begins anew. */
static void cut_off_restore_is_no_base_and_is_begun_anew(void **state)
{
    TestHome *home = *state, *again = empty_home();
    Err err = {0};
    const char *backup = backup_make(home, "cut");
    int refused = 0;
    assert_int_equal(TEST_RUN(again, "db", "start").status, 0);
    for (unsigned ms = 20; ms <= 5000; ms += 20 + ms / 4) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            int nothing = open("/dev/null", O_WRONLY);
            dup2(nothing, STDOUT_FILENO);
            dup2(nothing, STDERR_FILENO);
            execl(TALENT_PROGRAM, TALENT_PROGRAM, "--home", again->dir, "--quiet", "db", "restore",
                  backup, "--key", beside(home, "key"), (char *)NULL);
            _exit(127);
        }
        usleep(ms * 1000);
        kill(pid, SIGKILL);
        int status;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        if (WIFEXITED(status))
            break; /* it was faster */
        TestOutput use = TEST_RUN(again, "--lang", "en", "db", "status");
        refused += use.status == 1 && strstr(use.err, "its restore was cut off") != NULL;
    }
    TestOutput last = TEST_RUN(again, "db", "restore", backup, "--key", beside(home, "key"));
    if (last.status != 0 && !strstr(last.err, "holds a base already"))
        fail_msg("%s", last.err);
    print_message("%d moments at which the base was not whole\n", refused);
    assert_true(refused > 0);
    assert_ok(db_ready(&again->context.config, &again->context.db, &err), &err);
    assert_same_rows(home, again);
    test_home_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backup_comes_back_row_for_row_as_another_base),
        cmocka_unit_test(copy_is_of_one_moment_while_files_come_in),
        cmocka_unit_test(backup_is_refused_where_it_would_be_none),
        cmocka_unit_test(damaged_backup_is_refused_before_anything_is_written),
        cmocka_unit_test(backup_that_does_not_finish_is_none),
        cmocka_unit_test(cut_off_restore_is_no_base_and_is_begun_anew),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
