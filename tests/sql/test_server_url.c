/* sql/server_url.c, and everything over TCP with TLS that it leads to. */
#include "sql/connection.h"
#include "sql/load.h"
#include "sql/schema.h"
#include "support/home.h"

#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef struct Fixture {
    TestHome *home;
    char server_dir[160];
    char *url; /* of the server that tls_server.sh started */
} Fixture;

static int script(const char *verb, const char *dir)
{
    char path[] = TALENT_SOURCE "/tests/support/tls_server.sh", word[16], folder[160];
    snprintf(word, sizeof word, "%s", verb);
    snprintf(folder, sizeof folder, "%s", dir);
    char *argv[] = {path, word, folder, NULL};
    pid_t child;
    int status = 0;
    assert_int_equal(posix_spawn(&child, path, NULL, NULL, argv, environ), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
}

static int setup(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    fixture->home = test_home_new();
    snprintf(fixture->server_dir, sizeof fixture->server_dir, "%s/tls", fixture->home->dir);
    assert_int_equal(script("start", fixture->server_dir), 0);
    char path[200];
    snprintf(path, sizeof path, "%s/url", fixture->server_dir);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    fixture->url = arena_alloc(fixture->home->context.arena, 1000);
    assert_non_null(fgets(fixture->url, 1000, file));
    fclose(file);
    return 0;
}

static int teardown(void **state)
{
    Fixture *fixture = *state;
    if (fixture->server_dir[0])
        assert_int_equal(script("stop", fixture->server_dir), 0);
    test_home_free(fixture->home);
    free(fixture);
    return 0;
}

/* The configuration with this URL. */
static Config config_of(Fixture *fixture, const char *url)
{
    Config config = fixture->home->context.config;
    config.database = url;
    return config;
}

static char *replaced(Arena *arena, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void url_is_taken_apart(void **state)
{
    Err err = {0};
    Fixture *fixture = *state;
    Arena *arena = fixture->home->context.arena;
    Config config = config_of(
        fixture,
        arena_printf(arena,
                     "mariadb://t%%40lent:p%%3Aw%%25@db1:3307,[::1]:3308,db3/base?ssl_ca=%s/ca.pem",
                     fixture->server_dir));
    Server server;
    assert_ok(server_of(arena, &config, &server, &err), &err);
    assert_null(server.home);
    assert_string_equal(server.user, "t@lent");
    assert_string_equal(server.password, "p:w%");
    assert_string_equal(server.schema, "base");
    assert_int_equal(server.host_count, 3);
    assert_string_equal(server.hosts[0].name, "db1");
    assert_int_equal(server.hosts[0].port, 3307);
    assert_string_equal(server.hosts[1].name, "::1");
    assert_int_equal(server.hosts[1].port, 3308);
    assert_int_equal(server.hosts[2].port, 3306);
    assert_string_equal(server_shown(arena, &server),
                        "mariadb://t@lent@db1:3307,[::1]:3308,db3:3306/base");
}

static void url_that_cannot_be_right_is_refused(void **state)
{
    static const struct {
        const char *url, *text;
    } CASES[] = {
        {"sqlite:base", "\"database\": it is neither \"private\" nor a mariadb:// URL"},
        {"mariadb://localhost/base", "\"database\": the URL names no user"},
        {"mariadb://@localhost/base", "\"database\": the URL names no user"},
        {"mariadb://u@/base", "\"database\": a host is empty"},
        {"mariadb://u@a,,b/base", "\"database\": a host is empty"},
        {"mariadb://u@[::1/base", "\"database\": a host is empty"},
        {"mariadb://u@localhost:0/base", "\"database\": a port must be a number from 1 to 65535"},
        {"mariadb://u@localhost:x/base", "\"database\": a port must be a number from 1 to 65535"},
        {"mariadb://u@localhost:70000/base",
         "\"database\": a port must be a number from 1 to 65535"},
        {"mariadb://u@localhost", "\"database\": the URL must end with /SCHEMA"},
        {"mariadb://u@localhost/", "\"database\": the URL must end with /SCHEMA"},
        {"mariadb://u@localhost/a/b", "\"database\": the URL must end with /SCHEMA"},
        {"mariadb://u:%4@localhost/base",
         "\"database\": a percent sign needs two hexadecimal digits after it"},
        {"mariadb://u:%00@localhost/base",
         "\"database\": a percent sign needs two hexadecimal digits after it"},
        {"mariadb://u@localhost/base?ssl_ca=", "\"database\": parameter 'ssl_ca' has no value"},
        {"mariadb://u@localhost/base?ssl_ca=missing.pem",
         "\"database\": cannot read the file 'HOME/missing.pem'"},
        {"mariadb://u@localhost/base?ssl_cert=x", "\"database\": unknown parameter 'ssl_cert'"},
        {"mariadb://u@db.example/base", "\"database\": host 'db.example' is another machine, and "
                                        "without ssl_ca the connection would not be encrypted"},
        {"mariadb://u@localhost,db.example/base",
         "\"database\": host 'db.example' is another machine, and without ssl_ca the connection "
         "would not be encrypted"},
    };
    Fixture *fixture = *state;
    Arena *arena = fixture->home->context.arena;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Err err = {0};
        Server server;
        Config config = config_of(fixture, CASES[i].url);
        const char *text = strstr(CASES[i].text, "HOME")
                               ? replaced(arena, CASES[i].text, "HOME", fixture->home->dir)
                               : CASES[i].text;
        assert_int_equal(server_of(arena, &config, &server, &err), ERR_CONFIG);
        assert_string_equal(err.text, text);
        assert_true(err.hint[0] != '\0');
    }
}

static void password_never_shows(void **state)
{
    Err err = {0};
    Fixture *fixture = *state;
    Arena *arena = fixture->home->context.arena;
    Db *db;
    Server server;
    Config config = config_of(fixture, "mariadb://talent:geheim@127.0.0.1:1/base");
    assert_ok(server_of(arena, &config, &server, &err), &err);
    assert_null(strstr(server_shown(arena, &server), "geheim"));
    assert_int_equal(db_open(&config, &db, &err), ERR_DB_GONE);
    assert_null(strstr(err.text, "geheim"));
    config.database = "mariadb://talent:gehe%im@127.0.0.1/base";
    assert_int_equal(server_of(arena, &config, &server, &err), ERR_CONFIG);
    assert_null(strstr(err.text, "gehe"));
}

static bool give_ten(void *state, BulkRow *row, Err *err)
{
    int *next = state;
    (void)err;
    if (*next == 10)
        return false;
    bulk_value(row, v_int((*next)++));
    bulk_value(row, v_bytes("\0\xbf\\\t", 4));
    return true;
}

static ErrCode insert_then_fail(Db *db, void *state, Err *err)
{
    (void)state;
    TRY(db_text(db, "INSERT INTO probe VALUES (99, 'x')", NULL, err));
    return err_set(err, ERR_INPUT, "as the test wants");
}

static int64_t number(Db *db, const char *text)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    assert_ok(db_text(db, text, &rows, &err), &err);
    assert_true(rows_next(rows));
    return rows_int(rows, 0);
}

static void base_over_tls_migrates_loads_and_rolls_back(void **state)
{
    static const Statement LOAD = {
        .name = "test/load",
        .text = "LOAD DATA LOCAL INFILE 'memory' INTO TABLE probe CHARACTER SET binary (id, bytes)",
    };
    Err err = {0};
    Fixture *fixture = *state;
    Config config = config_of(fixture, fixture->url);
    Db *db = NULL;
    assert_int_equal(db_ready(&config, &db, &err), ERR_VERSION);
    assert_string_equal(err.hint, "run 'talent db migrate'");
    assert_ok(db_open(&config, &db, &err), &err);
    assert_true(number(db, "SELECT VARIABLE_VALUE <> '' FROM information_schema.session_status"
                           " WHERE VARIABLE_NAME = 'Ssl_cipher'"));
    assert_ok(schema_migrate(db, NULL, &err), &err);
    assert_int_equal(
        number(db, "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()"
                   " AND collation_name LIKE 'utf8mb4%' AND collation_name <> 'utf8mb4_bin'"),
        0);
    assert_ok(
        db_text(db, "CREATE TABLE probe (id INT PRIMARY KEY, bytes VARBINARY(8))", NULL, &err),
        &err);
    int next = 0;
    uint64_t taken = 0;
    assert_ok(load_rows(db, &LOAD, give_ten, &next, &taken, &err), &err);
    assert_int_equal(taken, 10);
    assert_int_equal(number(db, "SELECT COUNT(*) FROM probe WHERE bytes = X'00BF5C09'"), 10);
    assert_int_equal(db_transact(db, insert_then_fail, NULL, &err), ERR_INPUT);
    assert_int_equal(number(db, "SELECT COUNT(*) FROM probe"), 10);
    db_close(db);
    assert_ok(db_ready(&config, &db, &err), &err);
    db_close(db);
}

static void server_signed_by_another_authority_is_refused(void **state)
{
    Err err = {0};
    Fixture *fixture = *state;
    Db *db = NULL;
    Config config = config_of(
        fixture, replaced(fixture->home->context.arena, fixture->url, "/ca.pem", "/other-ca.pem"));
    assert_int_equal(db_open(&config, &db, &err), ERR_DB);
    assert_non_null(
        strstr(err.hint, "'ssl_ca' must name the certificate that signed the server's"));
}

static void server_with_another_name_is_refused(void **state)
{
    Err err = {0};
    Fixture *fixture = *state;
    Db *db = NULL;
    Config config = config_of(
        fixture, replaced(fixture->home->context.arena, fixture->url, "@127.0.0.1", "@localhost"));
    assert_int_equal(db_open(&config, &db, &err), ERR_DB);
    assert_non_null(strstr(err.hint, "the server's must name this host"));
}

static void wrong_password_is_refused(void **state)
{
    Err err = {0};
    Fixture *fixture = *state;
    Db *db = NULL;
    Arena *arena = fixture->home->context.arena;
    const char *url = replaced(arena, fixture->url, "talent@", "talent:wrong@");
    Config config = config_of(
        fixture, arena_printf(arena, "%.*s", (int)(strstr(url, "&password_file") - url), url));
    assert_int_equal(db_open(&config, &db, &err), ERR_DB);
    assert_non_null(strstr(err.text, "Access denied"));
    assert_null(strstr(err.text, "wrong"));
}

static void next_host_is_tried_when_the_first_is_away(void **state)
{
    Err err = {0};
    Fixture *fixture = *state;
    Db *db = NULL;
    Config config = config_of(
        fixture, replaced(fixture->home->context.arena, fixture->url, "@", "@127.0.0.1:1,"));
    assert_ok(db_open(&config, &db, &err), &err);
    assert_int_equal(number(db, "SELECT 7"), 7);
    db_close(db);
}

static void secret_file_that_others_can_read_is_refused(void **state)
{
    Err err = {0};
    Fixture *fixture = *state;
    Db *db = NULL;
    Config config = config_of(fixture, fixture->url);
    char path[200];
    snprintf(path, sizeof path, "%s/password", fixture->server_dir);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(db_open(&config, &db, &err), ERR_REFUSED);
    assert_int_equal(chmod(path, 0600), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(url_is_taken_apart),
        cmocka_unit_test(url_that_cannot_be_right_is_refused),
        cmocka_unit_test(password_never_shows),
        cmocka_unit_test(base_over_tls_migrates_loads_and_rolls_back),
        cmocka_unit_test(server_signed_by_another_authority_is_refused),
        cmocka_unit_test(server_with_another_name_is_refused),
        cmocka_unit_test(wrong_password_is_refused),
        cmocka_unit_test(next_host_is_tried_when_the_first_is_away),
        cmocka_unit_test(secret_file_that_others_can_read_is_refused),
    };
    return cmocka_run_group_tests_name("sql/server_url", tests, setup, teardown);
}
