/* talent policy ask: who is asked, into which workbooks, and what hinders. */
#include "verb.h"

#include <sys/stat.h>
#include <unistd.h>

enum { MANY = 600 }; /* more than a list begins with, twice over */

static const char *path_of(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/%s", home->dir, name);
}

/* Senior workers of whom nobody asked the pension months; hash NULL = neither number nor phone. */
static void add_people(TestHome *home, const char *employer, const char *school, const char *hash,
                       int count)
{
    test_sql(home, arena_printf(home->context.arena,
                                "INSERT INTO person (id, answers, name, skill_level, "
                                "certificate_type, birth_date, in_city_hukou, employer, school, "
                                "id_hash, name_phone_hash) SELECT (SELECT COALESCE(MAX(id), 0) FROM"
                                " person p) + seq, 1, '隐名', 3, 1, '1980-01-01', 0, %s, %s, %s, "
                                "%s FROM seq_1_to_%d",
                                employer, school, hash,
                                strcmp(hash, "NULL") == 0 ? "NULL" : "UNHEX(MD5('x'))", count));
}

#define BY_NUMBER "UNHEX(MD5(CONCAT(UUID(), seq)))"

static int empty(void **state)
{
    test_reset(*state);
    return 0;
}

static json_t *ask(TestHome *home, const char *file)
{
    Err err = {0};
    json_t *result = NULL;
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "ask", "--fact",
                       "pension_months,skill_level,pension_months", "-o", file),
              &err);
    return result;
}

static json_int_t people_of(const json_t *object)
{
    return json_integer_value(json_object_get(object, "people"));
}

static void everyone_who_waits_stands_in_one_workbook(void **state)
{
    TestHome *home = *state;
    const char *file = path_of(home, "all.xlsx");
    add_people(home, "'甲厂'", "NULL", BY_NUMBER, MANY);
    add_people(home, "'甲厂'", "NULL", "NULL", 3); /* nothing leads their answers back */
    /* one who waits for nothing, one who waits for what is not asked */
    test_sql(home,
             "UPDATE person SET pension_months = 30, pension_on = '2012-09-01' WHERE id <= 2;\n"
             "UPDATE person SET certificate_type = NULL WHERE id = 2");
    json_t *result = ask(home, file);
    assert_int_equal(people_of(result), MANY - 2);
    assert_int_equal(json_array_size(json_object_get(result, "facts")), 2); /* each once */
    const json_t *line = json_array_get(json_object_get(result, "files"), 0);
    assert_string_equal(json_string_value(json_object_get(line, "file")), file);
    assert_int_equal(people_of(line), MANY - 2);
    assert_int_equal(access(file, R_OK), 0);
    json_decref(result);
}

static void who_has_no_number_is_asked_by_name_and_phone(void **state)
{
    TestHome *home = *state;
    add_people(home, "'甲厂'", "NULL", BY_NUMBER, 1);
    test_sql(home, "UPDATE person SET id_hash = NULL");
    json_t *result = ask(home, path_of(home, "phone.xlsx"));
    assert_int_equal(people_of(result), 1);
    json_decref(result);
}

static void nobody_to_ask_is_no_file(void **state)
{
    TestHome *home = *state;
    const char *file = path_of(home, "none.xlsx");
    json_t *result = ask(home, file);
    assert_int_equal(people_of(result), 0);
    assert_int_equal(json_array_size(json_object_get(result, "files")), 0);
    assert_int_equal(access(file, F_OK), -1);
    json_decref(result);
}

/* Employers, or schools, in the order of their bytes, and the names of their workbooks. */
static const struct {
    const char *employer, *school, *file;
} EMPLOYERS[] = {
    {"NULL", "NULL", "1-未填单位.xlsx"},
    {"'..厂'", "NULL", "2-_.厂.xlsx"},
    {"'A/B\\\\C:厂\\tD'", "NULL", "3-A_B_C_厂_D.xlsx"},
    {"'甲厂'", "'甲学校'", "4-甲厂.xlsx"},
    {"NULL", "'甲学校'", "5-甲学校.xlsx"},
    {"REPEAT('电', 61)", "NULL", "6-"},
};
enum { EMPLOYER_COUNT = sizeof EMPLOYERS / sizeof *EMPLOYERS };

/* The last one's name is cut after sixty characters. */
static const char *file_of(Arena *arena, size_t employer)
{
    const char *file = EMPLOYERS[employer].file;
    for (int i = 0; i < 60 && employer == EMPLOYER_COUNT - 1; i++)
        file = arena_printf(arena, "%s电", file);
    return employer == EMPLOYER_COUNT - 1 ? arena_printf(arena, "%s.xlsx", file) : file;
}

static void each_employer_gets_a_workbook_of_a_name_that_offices_take(void **state)
{
    TestHome *home = *state;
    const char *folder = path_of(home, "ask/");
    for (size_t i = EMPLOYER_COUNT; i-- > 0;)
        add_people(home, EMPLOYERS[i].employer, EMPLOYERS[i].school, BY_NUMBER, i == 0 ? 2 : 1);
    for (int twice = 0; twice < 2; twice++) { /* into a folder that is there, too */
        json_t *result = ask(home, folder);
        const json_t *files = json_object_get(result, "files");
        assert_int_equal(people_of(result), EMPLOYER_COUNT + 1);
        assert_int_equal(json_array_size(files), EMPLOYER_COUNT);
        for (size_t i = 0; i < EMPLOYER_COUNT; i++) {
            const char *path =
                arena_printf(home->context.arena, "%s%s", folder, file_of(home->context.arena, i));
            const json_t *line = json_array_get(files, i);
            assert_string_equal(json_string_value(json_object_get(line, "file")), path);
            assert_int_equal(people_of(line), i == 0 ? 2 : 1);
            assert_int_equal(access(path, R_OK), 0);
        }
        json_decref(result);
    }
}

static void what_cannot_be_asked_is_an_error_at_once(void **state)
{
    TestHome *home = *state;
    add_people(home, "'甲厂'", "NULL", BY_NUMBER, 1);
    assert_int_equal(mkdir(path_of(home, "full"), 0700), 0);
    assert_int_equal(mkdir(path_of(home, "full/1-甲厂.xlsx"), 0700), 0);
    const struct {
        const char *option, *value, *file;
        ErrCode code;
        const char *error;
    } TABLE[] = {
        {"--policy", "zz", "a.xlsx", ERR_NOT_FOUND, "there is no policy 'zz'"},
        {"--fact", "phone", "a.xlsx", ERR_USAGE,
         "cannot ask for 'phone': it is no fact that a questionnaire asks"},
        {"--fact", "skil_level", "a.xlsx", ERR_USAGE, "cannot ask for 'skil_level'"},
        {"--fact", "qqqqqqqqqqqqqqq", "a.xlsx", ERR_USAGE, "cannot ask for 'qqqqqqqqqqqqqqq'"},
        {"--verdict", "possible,sure", "a.xlsx", ERR_USAGE, "'sure' is no verdict"},
        {"--where", "skill_level <", "a.xlsx", ERR_USAGE, NULL},
        {"--verdict", "possible", "a.csv", ERR_USAGE, "its ending is not known"},
        {"--verdict", "possible", "no/where.xlsx", ERR_IO, "cannot write"},
        {"--verdict", "possible", "no/where/", ERR_IO, "cannot make the folder"},
        {"--verdict", "possible", "full/", ERR_IO, "cannot write"},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        Err err = {0};
        json_t *result = NULL;
        const char *file = path_of(home, TABLE[i].file);
        const char *words[] = {
            "policy",         "ask", "-o", file, TABLE[i].option, TABLE[i].value, "--fact",
            "pension_months", NULL};
        if (strcmp(TABLE[i].option, "--fact") == 0)
            words[6] = NULL;
        ErrCode code = verb_run(&home->context, words, &result, &err);
        assert_int_equal(code, TABLE[i].code);
        assert_null(result);
        if (TABLE[i].error)
            assert_contains(err.text, TABLE[i].error);
        assert_null(strstr(err.text, "隐名"));
    }
}

static ErrCode ask_code(TestHome *home, Err *err)
{
    json_t *result = NULL;
    ErrCode code = VERB_RUN(&home->context, &result, err, "policy", "ask", "-o",
                            path_of(home, "b.xlsx"), "--fact", "pension_months");
    assert_null(result);
    return code;
}

static void a_base_that_fails_or_an_interruption_ends_it(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    add_people(home, "'甲厂'", "NULL", BY_NUMBER, 1);
    test_sql(home, "RENAME TABLE person TO person_away");
    ErrCode code = ask_code(home, &err);
    test_sql(home, "RENAME TABLE person_away TO person");
    assert_int_equal(code, ERR_DB);
    command_interrupted = 1;
    code = ask_code(home, &err);
    command_interrupted = 0;
    assert_int_equal(code, ERR_INTERRUPTED);
    test_sql(home, "UPDATE person SET id_number = 'not what was sealed'");
    assert_int_equal(ask_code(home, &err), ERR_SEAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(everyone_who_waits_stands_in_one_workbook, empty),
        cmocka_unit_test_setup(who_has_no_number_is_asked_by_name_and_phone, empty),
        cmocka_unit_test_setup(nobody_to_ask_is_no_file, empty),
        cmocka_unit_test_setup(each_employer_gets_a_workbook_of_a_name_that_offices_take, empty),
        cmocka_unit_test_setup(what_cannot_be_asked_is_an_error_at_once, empty),
        cmocka_unit_test_setup(a_base_that_fails_or_an_interruption_ends_it, empty),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
