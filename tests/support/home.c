#include "support/home.h"

#include "sql/connection.h"
#include "sql/private.h"
#include "sql/schema.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

void test_ok(ErrCode code, const Err *err, const char *what)
{
    if (code != OK)
        fail_msg("%s: %s: %s [%s]", what, err_name(code), err->text, err->hint);
}

/* The server that the suite was asked to use; NULL = a private one. */
static const char *test_database(void)
{
    const char *url = getenv("TALENT_TEST_DATABASE");
    return url && *url ? url : NULL;
}

/* The URL with this program's schema in place of its own. */
static const char *own_url(const TestHome *home)
{
    const char *url = test_database();
    const char *slash = strchr(url + strlen("mariadb://"), '/');
    assert_non_null(slash);
    return arena_printf(home->context.arena, "%.*s/%s%s", (int)(slash - url), url, home->schema,
                        slash + 1 + strcspn(slash + 1, "?"));
}

/* In memory where there is plenty, because schemas are made and dropped hundreds of times and each
 * waits for the disk. */
static const char *base_folder(void)
{
    static const char MEMORY[] = "/dev/shm";
    struct statvfs disk;
    const char *asked = getenv("TMPDIR");
    if (asked && *asked)
        return asked;
    bool plenty = access(MEMORY, W_OK) == 0 && statvfs(MEMORY, &disk) == 0 &&
                  disk.f_bavail * disk.f_frsize > (unsigned long)4 << 30;
    return plenty ? MEMORY : "/tmp";
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void folder_end(const char *dir)
{
    enum { OPEN_FOLDERS = 16 };
    Err err = {0};
    bool stopped;
    const struct passwd *self = getpwuid(geteuid());
    const Server server = {.home = dir, .user = self ? self->pw_name : "", .schema = "talent"};
    if (private_stop(&server, &stopped, &err) != OK)
        print_error("cannot stop the private database of %s: %s\n", dir, err.text);
    nftw(dir, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

/* Homes of test programs that were killed: their number is in the name. */
static void sweep(const char *base)
{
    DIR *entries = opendir(base);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        int pid;
        char dir[400];
        struct stat status;
        snprintf(dir, sizeof dir, "%s/%s", base, entry->d_name);
        if (sscanf(entry->d_name, "talent-test-%d-", &pid) == 1 && kill(pid, 0) != 0 &&
            errno == ESRCH && lstat(dir, &status) == 0 && S_ISDIR(status.st_mode) &&
            status.st_uid == geteuid())
            folder_end(dir);
    }
    if (entries)
        closedir(entries);
}

TestHome *test_home_new(void)
{
    TestHome *home = calloc(1, sizeof *home);
    assert_non_null(home);
    sweep(base_folder());
    snprintf(home->dir, sizeof home->dir, "%.80s/talent-test-%d-XXXXXX", base_folder(),
             (int)getpid());
    assert_non_null(mkdtemp(home->dir));
    home->context.arena = arena_new(0);
    home->context.as_of = date_of(2012, 10, 1);
    home->context.lang = lang_set("en");
    home->context.quiet = true;
    home->context.user = "tester";
    if (test_database())
        snprintf(home->schema, sizeof home->schema, "talent_test_%d", (int)getpid());
    test_config(home, NULL);
    return home;
}

void test_config(TestHome *home, const char *members)
{
    Err err = {0};
    const char *path = arena_printf(home->context.arena, "%s/talent.json", home->dir);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fprintf(file, "{\"database\": \"%s\", \"window\": null%s%s}\n",
            home->schema[0] ? own_url(home) : "private", members ? ", " : "",
            members ? members : "");
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    config_done(&home->context.config);
    test_ok(config_load(home->context.arena, home->dir, NULL, &home->context.config, &err), &err,
            "test_config");
}

static void schema_create(TestHome *home)
{
    Err err = {0};
    Server server;
    Db *db;
    test_ok(server_of(home->context.arena, &home->context.config, &server, &err), &err,
            "server_of");
    test_ok(connection_open(&server, false, &db, &err), &err, "connection_open");
    const char *drop =
        arena_printf(home->context.arena, "DROP DATABASE IF EXISTS %s", home->schema);
    const char *create =
        arena_printf(home->context.arena,
                     "CREATE DATABASE %s CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", home->schema);
    test_ok(db_text(db, drop, NULL, &err), &err, drop);
    test_ok(db_text(db, create, NULL, &err), &err, create);
    db_close(db);
}

int test_home_setup(void **state)
{
    Err err = {0};
    TestHome *home = test_home_new();
    *state = home;
    Context *context = &home->context;
    if (home->schema[0]) {
        schema_create(home);
        test_ok(db_open(&context->config, &context->db, &err), &err, "db_open");
        test_ok(schema_migrate(context->db, NULL, &err), &err, "schema_migrate");
    } else {
        test_ok(db_ready(&context->config, &context->db, &err), &err, "db_ready");
    }
    test_ok(sealer_open(arena_printf(context->arena, "%s/seal.key", home->dir), true,
                        &context->sealer, &err),
            &err, "sealer_open");
    return 0;
}

Server test_private(TestHome *home)
{
    const struct passwd *self = getpwuid(geteuid());
    assert_non_null(self);
    return (Server){.home = home->dir,
                    .user = arena_strdup(home->context.arena, self->pw_name),
                    .schema = "talent"};
}

void test_home_free(TestHome *home)
{
    Err err = {0};
    Context *context = &home->context;
    if (home->schema[0] && context->db)
        (void)!db_text(context->db, arena_printf(context->arena, "DROP DATABASE %s", home->schema),
                       NULL, &err);
    db_close(context->db);
    sealer_free(context->sealer);
    folder_end(home->dir);
    config_done(&context->config);
    arena_free(context->arena);
    free(home);
}

int test_home_teardown(void **state)
{
    test_home_free(*state);
    *state = NULL;
    return 0;
}

void test_sql(TestHome *home, const char *script)
{
    Err err = {0};
    Arena *arena = home->context.arena;
    for (const char *at = script; *at;) {
        const char *end = strstr(at, ";\n");
        size_t length = end ? (size_t)(end - at) : strlen(at);
        const char *statement = arena_strndup(arena, at, length);
        if (statement[strspn(statement, " \n\t;")] != '\0')
            test_ok(db_text(home->context.db, statement, NULL, &err), &err, statement);
        at += length + (end ? 2 : 0);
    }
}

int64_t test_number(TestHome *home, const char *sql)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    test_ok(db_text(home->context.db, sql, &rows, &err), &err, sql);
    assert_true(rows_next(rows));
    return rows_int(rows, 0);
}

void test_reset(TestHome *home)
{
    Err err = {0};
    AUTO_ROWS tables = NULL;
    test_ok(
        db_text(home->context.db,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                " AND table_type = 'BASE TABLE' AND table_name <> 'schema_migration'",
                &tables, &err),
        &err, "tables");
    test_sql(home, "SET foreign_key_checks = 0");
    while (rows_next(tables))
        test_sql(home,
                 arena_printf(home->context.arena, "TRUNCATE TABLE `%s`", rows_text(tables, 0)));
    test_sql(home, "SET foreign_key_checks = 1;\n"
                   "INSERT INTO base_state VALUES (1, UNHEX(REPLACE(UUID(), '-', '')), 0, "
                   "UTC_TIMESTAMP(3), 0)");
    unlink(
        config_path(&home->context.config, home->context.arena, "epoch")); /* of the base before */
}
