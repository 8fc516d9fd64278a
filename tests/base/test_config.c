/* tests/base/test_config.c: talent.json is checked to the last key, and secrets are for one user
 * only. */
#include "base/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Desk {
    Arena *arena;
    char home[64], file[96];
} Desk;

static int desk_setup(void **state)
{
    static Desk desk;
    desk = (Desk){.arena = arena_new(0), .home = "/tmp/talent-config-XXXXXX"};
    if (!mkdtemp(desk.home))
        return -1;
    snprintf(desk.file, sizeof desk.file, "%s/talent.json", desk.home);
    *state = &desk;
    return 0;
}

static int desk_teardown(void **state)
{
    Desk *desk = *state;
    unlink(desk->file);
    arena_free(desk->arena);
    return rmdir(desk->home);
}

static void write_text(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void without_a_file_the_presets_hold(void **state)
{
    Desk *desk = *state;
    Err err = {0};
    Config config;
    unlink(desk->file);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), OK);
    assert_string_equal(config.home, desk->home);
    assert_null(config.file);
    assert_string_equal(config.database, "private");
    assert_null(config.gateway);
    assert_int_equal(json_object_size(config.gateways), 0);
    assert_string_equal(config.listen, "127.0.0.1:8480");
    assert_string_equal(config.public_url, "http://127.0.0.1:8480");
    assert_string_equal(config.token_file,
                        arena_printf(desk->arena, "%s/receive.token", desk->home));
    assert_false(config.window_open);
    assert_int_equal(config.window_from_minute, 9 * 60);
    assert_int_equal(config.window_to_minute, 20 * 60);
    assert_null(config.holidays_file);
    assert_int_equal(config.cap_messages, 1);
    assert_int_equal(config.cap_days, 30);
    assert_true(config.review_changed_share == 0.2);
    assert_true(config.review_quarantined_share == 0.3);
    assert_int_equal(config.review_rows_at_least, 100);
    assert_int_equal(config.proof_months, 36);
    assert_int_equal(config.rows_months, 0);
    config_done(&config);
}

static void every_key_of_the_file_is_taken(void **state)
{
    Desk *desk = *state;
    Err err = {0};
    Config config;
    write_text(desk->file,
               "{\"database\": \"mariadb://talent@db1,db2/talent\", \"gateway\": \"bureau\","
               " \"gateways\": {\"bureau\": {\"type\": \"kannel\"}},"
               " \"receive\": {\"listen\": \"0.0.0.0:99\", \"public_url\": \"https://x\", "
               "\"token_file\": \"/t\"},"
               " \"window\": {\"from\": \"08:30\", \"to\": \"18:05\", \"holidays_file\": \"days\"},"
               " \"cap\": {\"messages\": 2, \"days\": 7},"
               " \"review\": {\"changed_share\": 1, \"quarantined_share\": 0.05, "
               "\"rows_at_least\": 7},"
               " \"retention\": {\"proof_months\": 6, \"rows_months\": 1}}",
               0644);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), OK);
    assert_string_equal(config.file, desk->file);
    assert_string_equal(config.database, "mariadb://talent@db1,db2/talent");
    assert_string_equal(config.gateway, "bureau");
    assert_non_null(json_object_get(config.gateways, "bureau"));
    assert_string_equal(config.listen, "0.0.0.0:99");
    assert_string_equal(config.public_url, "https://x");
    assert_string_equal(config.token_file, "/t");
    assert_int_equal(config.window_from_minute, 8 * 60 + 30);
    assert_int_equal(config.window_to_minute, 18 * 60 + 5);
    assert_string_equal(config.holidays_file, arena_printf(desk->arena, "%s/days", desk->home));
    assert_int_equal(config.cap_messages, 2);
    assert_int_equal(config.cap_days, 7);
    assert_true(config.review_changed_share == 1);
    assert_true(config.review_quarantined_share == 0.05);
    assert_int_equal(config.review_rows_at_least, 7);
    assert_int_equal(config.proof_months, 6);
    assert_int_equal(config.rows_months, 1);
    config_done(&config);
    write_text(desk->file, "{\"window\": null}", 0644);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), OK);
    assert_true(config.window_open);
    config_done(&config);
    write_text(desk->file, "{\"review\": null}", 0644);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), OK);
    assert_true(config.review_changed_share < 0 && config.review_quarantined_share < 0);
    config_done(&config);
    write_text(desk->file, "{\"review\": {\"changed_share\": null}}", 0644);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), OK);
    assert_true(config.review_changed_share < 0 && config.review_quarantined_share == 0.3);
    config_done(&config);
}

static void what_staff_configure_about_texts_is_taken(void **state)
{
    Desk *desk = *state;
    Err err = {0};
    Config config;
    write_text(desk->file,
               "{\"texts\": {\"price_fen\": 4.5, \"gsm7\": true, \"phones\": [\"12333\"]},"
               " \"colleagues\": {\"li\": \"13800138000\"}, \"log\": \"json\"}",
               0600);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), OK);
    assert_true(config.price_fen == 4.5 && config.gsm7 && config.log_json);
    assert_int_equal(json_array_size(config.own_phones), 1);
    assert_string_equal(json_string_value(json_object_get(config.colleagues, "li")), "13800138000");
    config_done(&config);
    write_text(desk->file, "{}", 0644);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), OK);
    assert_true(config.price_fen == 0 && !config.gsm7 && !config.log_json);
    assert_true(!config.own_phones && !config.colleagues);
    config_done(&config);
}

static void colleagues_in_a_public_file_are_refused(void **state)
{
    Desk *desk = *state;
    Err err = {0};
    Config config;
    write_text(desk->file, "{\"colleagues\": {\"li\": \"13800138000\"}}", 0644);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), ERR_REFUSED);
    assert_string_equal(err.text, arena_printf(desk->arena,
                                               "'%s' holds phone numbers and can be read by others",
                                               desk->file));
    write_text(desk->file, "{\"colleagues\": {}}", 0644);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), OK);
    config_done(&config);
}

static void faults_are_refused_at_their_path(void **state)
{
    Desk *desk = *state;
    static const struct {
        const char *json, *text, *hint;
    } CASES[] = {
        {"{\"databse\": \"private\"}", "$: unknown key 'databse'", "did you mean 'database'?"},
        {"{\"database\": \"mysql://x\"}", "$.database: must be \"private\" or a mariadb:// URL",
         ""},
        {"{\"database\": 1}", "$.database: must be a text, not a number", ""},
        {"{\"gateway\": \"x\"}", "$.gateway: gateway 'x' does not stand in 'gateways'", ""},
        {"{\"gateways\": []}", "$.gateways: must be an object of gateways by name", ""},
        {"{\"texts\": {\"price\": 1}}", "$.texts: unknown key 'price'", ""},
        {"{\"texts\": {\"price_fen\": -1}}",
         "$.texts.price_fen: must be a price in fen, from 0 to 10000", ""},
        {"{\"texts\": {\"price_fen\": \"5\"}}",
         "$.texts.price_fen: must be a price in fen, from 0 to 10000", ""},
        {"{\"texts\": {\"phones\": [1]}}", "$.texts.phones[0]: must be a text, not a number", ""},
        {"{\"colleagues\": []}", "$.colleagues: must be an object of phone numbers by name", ""},
        {"{\"colleagues\": {\"li\": null}}", "$.colleagues: 'li' has no phone number", ""},
        {"{\"log\": \"xml\"}", "$.log: 'xml' is not known here", "one of: text, json"},
        {"{\"receive\": {\"port\": 1}}", "$.receive: unknown key 'port'", NULL},
        {"{\"window\": {\"from\": \"9:00\"}}",
         "$.window.from: '9:00' is not a time of day such as 09:00", ""},
        {"{\"window\": {\"to\": \"24:01\"}}",
         "$.window.to: '24:01' is not a time of day such as 09:00", ""},
        {"{\"window\": {\"to\": \"12:60\"}}",
         "$.window.to: '12:60' is not a time of day such as 09:00", ""},
        {"{\"window\": {\"from\": \"20:00\"}}", "$.window: 'from' must be before 'to'", ""},
        {"{\"window\": 5}", "$.window: must be an object, not a number", ""},
        {"{\"retention\": {\"proof_months\": 5}}",
         "$.retention.proof_months: must be from 6 to 1200, not 5", ""},
        {"{\"cap\": {\"messages\": 0, \"days\": 1}}",
         "$.cap.messages: must be from 1 to 1000, not 0", ""},
        {"{\"cap\": {\"messages\": 1}}", "$.cap: key 'days' is missing", ""},
        {"{\"review\": {\"share\": 0.1}}", "$.review: unknown key 'share'", NULL},
        {"{\"review\": {\"changed_share\": 1.5}}",
         "$.review.changed_share: must be a share from 0 to 1, or null", ""},
        {"{\"review\": {\"quarantined_share\": \"0.1\"}}",
         "$.review.quarantined_share: must be a share from 0 to 1, or null", ""},
        {"{\"review\": {\"rows_at_least\": 0}}",
         "$.review.rows_at_least: must be from 1 to 2147483647, not 0", ""},
        {"{\"review\": true}", "$.review: must be an object, not true or false", NULL},
        {"[]", "$: must be an object, not an array", ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Err err = {0};
        Config config = {.home = "untouched"};
        write_text(desk->file, CASES[i].json, 0600);
        assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), ERR_CONFIG);
        assert_string_equal(err.text,
                            arena_printf(desk->arena, "%s: %s", desk->file, CASES[i].text));
        if (CASES[i].hint)
            assert_string_equal(err.hint, CASES[i].hint);
        assert_string_equal(config.home, "untouched");
    }
}

static void a_password_in_a_public_file_is_refused(void **state)
{
    Desk *desk = *state;
    Err err = {0};
    Config config;
    const char *json = "{\"database\": \"mariadb://talent:secret@db/talent\"}";
    write_text(desk->file, json, 0640);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), ERR_REFUSED);
    assert_null(strstr(err.text, "secret"));
    assert_non_null(strstr(err.hint, "chmod 600 '"));
    write_text(desk->file, json, 0600);
    assert_int_equal(config_load(desk->arena, desk->home, NULL, &config, &err), OK);
    config_done(&config);
}

static void a_named_file_must_exist_and_the_home_is_made(void **state)
{
    Desk *desk = *state;
    Err err = {0};
    Config config;
    assert_int_equal(config_load(desk->arena, desk->home, "/nowhere.json", &config, &err),
                     ERR_NOT_FOUND);
    unlink(desk->file);
    const char *inner = arena_printf(desk->arena, "%s/a/b", desk->home);
    assert_int_equal(config_load(desk->arena, inner, NULL, &config, &err), OK);
    struct stat status;
    assert_int_equal(stat(inner, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    config_done(&config);
    rmdir(inner);
    rmdir(arena_printf(desk->arena, "%s/a", desk->home));
    write_text(desk->file, "", 0600);
    assert_int_equal(config_load(desk->arena, desk->file, NULL, &config, &err), ERR_IO);
}

static void secrets_are_one_line_for_one_user(void **state)
{
    Desk *desk = *state;
    Err err = {0};
    const char *secret = NULL;
    write_text(desk->file, "geheim\n", 0600);
    assert_int_equal(config_secret(desk->arena, desk->file, &secret, &err), OK);
    assert_string_equal(secret, "geheim");
    write_text(desk->file, "geheim\n", 0644);
    assert_int_equal(config_secret(desk->arena, desk->file, &secret, &err), ERR_REFUSED);
    assert_null(strstr(err.text, "geheim"));
    write_text(desk->file, "\n", 0600);
    assert_int_equal(config_secret(desk->arena, desk->file, &secret, &err), ERR_CONFIG);
    assert_int_equal(config_secret(desk->arena, "/nowhere.pass", &secret, &err), ERR_CONFIG);
}

static void shipped_files_are_found(void **state)
{
    Desk *desk = *state;
    setenv("TALENT_SHARE", "/elsewhere", 1);
    assert_string_equal(config_shared(desk->arena, "policy/x.json"), "/elsewhere/policy/x.json");
    unsetenv("TALENT_SHARE");
    assert_int_equal(access(config_shared(desk->arena, "survey/forms/enterprise.json"), R_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_the_presets_hold),
        cmocka_unit_test(every_key_of_the_file_is_taken),
        cmocka_unit_test(what_staff_configure_about_texts_is_taken),
        cmocka_unit_test(colleagues_in_a_public_file_are_refused),
        cmocka_unit_test(faults_are_refused_at_their_path),
        cmocka_unit_test(a_password_in_a_public_file_is_refused),
        cmocka_unit_test(a_named_file_must_exist_and_the_home_is_made),
        cmocka_unit_test(secrets_are_one_line_for_one_user),
        cmocka_unit_test(shipped_files_are_found),
    };
    return cmocka_run_group_tests(tests, desk_setup, desk_teardown);
}
