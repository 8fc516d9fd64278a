/* tests/e2e/test_ask.c: from the undecided to a follow-up questionnaire and back: asked, filled in,
 * imported, settled. */
#include "people/ask_key.h"
#include "support/home.h"
#include "survey/sheet.h"

#include <unistd.h>

enum { PEOPLE = 6, TEXT_BYTES = 64 * 1024 };

/* The ID number of a place, a birthday and a number of the day, with its check digit (GB 11643). */
static const char *id_of(Arena *arena, const char *front)
{
    static const int WEIGHTS[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += (front[i] - '0') * WEIGHTS[i];
    return arena_printf(arena, "%s%c", front, "10X98765432"[sum % 11]);
}

static const char *write_file(TestHome *home, const char *name, const char *text)
{
    const char *path = arena_printf(home->context.arena, "%s/%s", home->dir, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
    return path;
}

/* Five senior workers whose pension months nobody asked, the last without ID number; and one whose
 * months are known. */
static void import_people(TestHome *home)
{
    Arena *arena = home->context.arena;
    const char *text =
        "姓名,身份证号码,技能等级,证书类别,在莞养老保险累计月数,手机号码,工作单位,出生日期\n";
    static const char *const FRONTS[PEOPLE] = {
        "43040219800101001", "43040219810101001", "43040219820101001", "43040219830101001", NULL,
        "43040219850101001"};
    static const char *const NAMES[] = {"赵一", "钱二", "孙三", "李四", "周五", "吴六"};
    for (size_t i = 0; i < PEOPLE; i++)
        text =
            arena_printf(arena, "%s%s,%s,高级工,职业资格,%s,1380000000%zu,%s,%s\n", text, NAMES[i],
                         FRONTS[i] ? id_of(arena, FRONTS[i]) : "", i == 5 ? "30个月" : "", i,
                         i < 3 ? "甲厂" : "=乙厂", FRONTS[i] ? "" : "1984-01-01");
    const char *file = write_file(home, "people.csv", text);
    json_t *result = TEST_JSON(home, 0, "--as-of", "2012-10-01", "survey", "import", file,
                               "--surveyed-on", "2012-09-01");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(result, 0), "accepted")),
                     PEOPLE);
    json_decref(result);
}

static json_int_t counted(TestHome *home, const char *part, const char *key)
{
    json_t *size = TEST_JSON(home, 0, "--as-of", "2012-10-01", "policy", "size");
    const json_t *object = part ? json_object_get(size, part) : size;
    json_int_t number = json_integer_value(json_object_get(object, key));
    json_decref(size);
    return number;
}

/* What a workbook of the asked says, as lines of cells. */
typedef struct Form {
    const char *cells[PEOPLE][8];
    size_t rows;
} Form;

static void read_form(TestHome *home, const char *file, Form *ret)
{
    Arena *arena = home->context.arena;
    Err err = {0};
    AUTO_SHEET sheet = NULL;
    bool more = true;
    ret->rows = 0;
    assert_ok(sheet_open(file, NULL, &sheet, &err), &err);
    for (unsigned line = 1; more; line++) {
        Row row;
        assert_ok(sheet_next(sheet, arena, &row, &more, &err), &err);
        if (!more || row.sheet != 1 || row.line < 4 || row.count == 0)
            continue;
        for (size_t i = 0; i < 8; i++)
            ret->cells[ret->rows][i] = i < row.count ? row.cells[i].text : "";
        ret->rows++;
    }
}

static const char *ask(TestHome *home, const char *name, json_int_t people)
{
    const char *file = arena_printf(home->context.arena, "%s/%s", home->dir, name);
    json_t *result = TEST_JSON(home, 0, "--as-of", "2012-10-01", "policy", "ask", "--fact",
                               "pension_months", "-o", file);
    assert_int_equal(json_integer_value(json_object_get(result, "people")), people);
    json_decref(result);
    return file;
}

/* The form as somebody fills it in: the same months for everyone, and a level that nobody asked. */
static const char *filled(Arena *arena, const Form *form, const char *months)
{
    const char *text =
        "回访编号,姓名,证件后四位,工作单位或院校,单位所在镇街,在莞养老保险月数,技能等级\n";
    for (size_t i = 0; i < form->rows; i++)
        text = arena_printf(arena, "%s%s,%s,,,,%s,初级工\n", text, form->cells[i][0],
                            form->cells[i][1], months);
    return text;
}

static json_t *import(TestHome *home, int status, const char *file)
{
    json_t *list = TEST_JSON(home, status, "--as-of", "2012-10-01", "survey", "import", file,
                             "--surveyed-on", "2012-09-20");
    json_t *result = json_incref(json_array_get(list, 0));
    json_decref(list);
    return result;
}

static json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void who_is_asked_is_settled_by_the_answer(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    import_people(home);
    assert_int_equal(counted(home, "verdicts", "possible"), 5);
    Form form;
    read_form(home, ask(home, "ask.xlsx", 5), &form);
    assert_int_equal(form.rows, 5);
    for (size_t i = 0; i < form.rows; i++) {
        assert_true(strlen(form.cells[i][2]) == 0 || strchr(form.cells[i][2], '*') != NULL);
        assert_true(strlen(form.cells[i][0]) > 80);
    }
    const char *file = write_file(home, "filled.csv", filled(home->context.arena, &form, "30"));
    json_t *result = import(home, 0, file);
    assert_string_equal(json_string_value(json_object_get(result, "form")), "followup");
    assert_int_equal(number_of(result, "accepted"), 5);
    assert_int_equal(number_of(json_object_get(result, "people"), "new"), 0);
    assert_int_equal(number_of(json_object_get(result, "people"), "changed"), 5);
    assert_int_equal(counted(home, NULL, "people"), 6);
    assert_int_equal(counted(home, "verdicts", "possible"), 0);
    assert_int_equal(counted(home, "verdicts", "likely"), 6); /* the level was not asked */
    char *batch = arena_printf(home->context.arena, "%lld", number_of(result, "batch"));
    json_decref(TEST_JSON(home, 0, "survey", "undo", batch));
    assert_int_equal(counted(home, "verdicts", "possible"), 5);
    json_decref(result);
    json_decref(TEST_JSON(home, 0, "survey", "undo", "1")); /* the people themselves */
    result = import(home, 3, file);
    assert_int_equal(number_of(result, "quarantined"), 5);
    assert_int_equal(counted(home, NULL, "people"), 0);
    json_t *problems = TEST_JSON(home, 0, "survey", "problems");
    assert_string_equal(json_string_value(json_object_get(json_array_get(problems, 0), "code")),
                        "asked_gone");
    json_decref(problems);
    json_decref(result);
}

static void a_key_is_not_forged_and_the_forgotten_stay_forgotten(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    test_reset(home);
    import_people(home);
    Form form;
    read_form(home, ask(home, "again.xlsx", 5), &form);
    json_decref(TEST_JSON(home, 0, "people", "merge", "3", "4", "--why", "one man, two papers"));
    json_decref(TEST_JSON(home, 0, "people", "forget", "2", "--why", "asked to be"));
    char *damaged = arena_strdup(arena, form.cells[0][0]);
    damaged[60] = damaged[60] == '0' ? '1' : '0';
    form.cells[0][0] = damaged;
    json_t *result = import(home, 3, write_file(home, "again.csv", filled(arena, &form, "30")));
    assert_int_equal(number_of(result, "accepted"), 3);
    assert_int_equal(number_of(result, "quarantined"), 2);
    assert_int_equal(number_of(json_object_get(result, "people"), "new"), 0);
    assert_int_equal(counted(home, NULL, "people"), 4);
    assert_int_equal(counted(home, "verdicts", "possible"), 1); /* the row with the damaged key */
    json_t *problems = TEST_JSON(home, 0, "survey", "problems");
    assert_int_equal(json_array_size(problems), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(problems, 0), "code")),
                        "asked_key");
    json_decref(problems);
    json_decref(result);
}

/* It waits as it came: without the identity that its key stands for, though that is forgotten too. */
static void a_wrong_row_waits_without_its_identity_and_goes_with_its_person(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    test_reset(home);
    import_people(home);
    Form form;
    read_form(home, ask(home, "wrong.xlsx", 5), &form);
    json_t *result = import(home, 3, write_file(home, "wrong.csv", filled(arena, &form, "很久")));
    assert_int_equal(number_of(result, "quarantined"), 5);
    json_decref(result);
    const char *book = arena_printf(arena, "%s/problems.csv", home->dir);
    json_decref(TEST_JSON(home, 0, "survey", "problems", "-o", book));
    FILE *in = fopen(book, "r");
    static char text[TEXT_BYTES];
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    assert_non_null(strstr(text, "很久"));
    assert_non_null(strstr(text, form.cells[0][0]));
    assert_null(strstr(text, id_of(arena, "43040219800101001")));
    assert_null(strstr(text, "13800000000"));
    result = TEST_JSON(home, 0, "people", "forget", "2", "--why", "asked to be");
    assert_int_equal(number_of(result, "quarantined"), 1);
    json_decref(result);
}

static void each_employer_gets_a_workbook_of_its_own(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    import_people(home);
    const char *folder = arena_printf(home->context.arena, "%s/asked/", home->dir);
    json_t *result = TEST_JSON(home, 0, "--as-of", "2012-10-01", "policy", "ask", "--fact",
                               "pension_months", "-o", folder);
    const json_t *files = json_object_get(result, "files");
    assert_int_equal(json_array_size(files), 2);
    assert_int_equal(number_of(json_array_get(files, 0), "people"), 2);
    assert_int_equal(number_of(json_array_get(files, 1), "people"), 3);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(
            access(json_string_value(json_object_get(json_array_get(files, i), "file")), R_OK), 0);
    json_decref(result);
}

static void only_facts_of_a_questionnaire_are_asked(void **state)
{
    static const char *const WRONG[][2] = {
        {"id_number", "cannot ask for 'id_number': it is no fact that a questionnaire asks"},
        {"pension_month", "did you mean 'pension_months'?"}};
    for (size_t i = 0; i < 2; i++) {
        TestOutput output =
            TEST_RUN(*state, "policy", "ask", "--fact", WRONG[i][0], "-o", "nothing.xlsx");
        assert_int_equal(output.status, 2);
        assert_non_null(strstr(output.err, WRONG[i][1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_asked_is_settled_by_the_answer),
        cmocka_unit_test(a_key_is_not_forged_and_the_forgotten_stay_forgotten),
        cmocka_unit_test(a_wrong_row_waits_without_its_identity_and_goes_with_its_person),
        cmocka_unit_test(each_employer_gets_a_workbook_of_its_own),
        cmocka_unit_test(only_facts_of_a_questionnaire_are_asked),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
