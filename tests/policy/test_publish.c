/* tests/policy/test_publish.c: charts and files of size, frontier, forecast and compare. */
#include "crowd.h"
#include "verb.h"

#include "base/text.h"

#include <sys/stat.h>

static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    Crowd crowd = {.seed = 7, .as_of = home->context.as_of, .count = 600};
    crowd_make(home->context.arena, &crowd);
    crowd_store(home, &crowd);
    return 0;
}

static const char *path_of(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/%s", home->dir, name);
}

static const char *bytes_of(TestHome *home, const char *path, size_t *ret_length)
{
    struct stat status;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &status), 0);
    char *bytes = arena_alloc(home->context.arena, (size_t)status.st_size + 1);
    *ret_length = fread(bytes, 1, (size_t)status.st_size, file);
    assert_int_equal(*ret_length, status.st_size);
    fclose(file);
    return bytes;
}

/* Every command that publishes, with its arguments. */
static const struct {
    const Command *command;
    const char *words[6], *shown;
} VERBS[] = {
    {&POLICY_SIZE, {"size", "--by", "skill_level"}, "By group"},
    {&POLICY_SIZE, {"size", "--by", "sex,age", "--set", "age_max=30"}, "age_max=30"},
    {&POLICY_SIZE, {"size", "--where", "verdict = ineligible"}, "Verdicts"},
    {&POLICY_FRONTIER,
     {"frontier", "age_max", "40", "45", "1"},
     "How the counts move along age_max"},
    {&POLICY_FORECAST, {"forecast", "--months", "3"}, "How the counts move as time goes by"},
    {&POLICY_FORECAST, {"forecast", "--window", "400"}, "lose the chance by"},
    {&POLICY_COMPARE,
     {"compare", "dongguan-2012-140", "dongguan-2012-140", "--set", "age_max=30"},
     "Gained: reached under B alone"},
};
enum { VERB_COUNT = sizeof VERBS / sizeof *VERBS };

static json_t *run_verb(TestHome *home, size_t verb, const char *option, const char *value)
{
    const char *words[12] = {"policy"};
    size_t count = 1;
    Err err = {0};
    json_t *result = NULL;
    for (size_t i = 0; i < 6 && VERBS[verb].words[i]; i++)
        words[count++] = VERBS[verb].words[i];
    words[count++] = option;
    words[count++] = value;
    assert_ok(verb_run(&home->context, words, &result, &err), &err);
    return result;
}

static void a_chart_is_as_wide_as_the_terminal_and_plain_in_a_pipe(void **state)
{
    TestHome *home = *state;
    setenv("COLUMNS", "70", 1);
    for (size_t verb = 0; verb < VERB_COUNT; verb++) {
        json_t *result = run_verb(home, verb, "--chart", NULL);
        const char *shown = verb_shown(VERBS[verb].command, &home->context, result);
        assert_contains(shown, VERBS[verb].shown);
        assert_contains(shown, "█");
        assert_null(strchr(shown, '\033'));
        for (const char *line = shown; *line; line += strcspn(line, "\n") + 1) {
            char *text = arena_strndup(home->context.arena, line, strcspn(line, "\n"));
            if (strstr(text, "█"))
                assert_true(text_columns(text) <= 70);
        }
        home->context.chart = false;
        json_decref(result);
    }
    unsetenv("COLUMNS");
}

static void a_file_of_each_ending_is_written_whole(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *ending, *magic;
    } ENDINGS[] = {{"csv", "\xEF\xBB\xBF\""}, {"xlsx", "PK"}, {"svg", "<?xml version"}};
    for (size_t verb = 0; verb < VERB_COUNT; verb++) {
        for (size_t i = 0; i < 3; i++) {
            const char *path = path_of(
                home, arena_printf(home->context.arena, "f%zu.%s", verb, ENDINGS[i].ending));
            size_t length;
            json_decref(run_verb(home, verb, "-o", path));
            const char *bytes = bytes_of(home, path, &length);
            assert_true(length > 200);
            assert_memory_equal(bytes, ENDINGS[i].magic, strlen(ENDINGS[i].magic));
            if (i == 2)
                assert_true(text_ends(bytes, "</svg>\n"));
        }
    }
}

static void what_cannot_be_written_says_so_and_leaves_nothing(void **state)
{
    TestHome *home = *state;
    static const char *const NAMES[] = {"no/where.csv", "no/where.xlsx", "no/where.svg"};
    for (size_t i = 0; i < 3; i++) {
        Err err = {0};
        json_t *result = NULL;
        const char *path = path_of(home, NAMES[i]);
        assert_int_equal(VERB_RUN(&home->context, &result, &err, "policy", "size", "-o", path),
                         ERR_IO);
        assert_null(result);
        assert_contains(err.text, "cannot write");
    }
}

static void suppressed_figures_are_marked_everywhere(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *result = NULL;
    size_t length;
    const char *path = path_of(home, "suppressed.csv");
    assert_ok(VERB_RUN(&home->context, &result, &err, "policy", "size", "--suppress", "--by",
                       "employer_town,skill_level", "-o", path),
              &err);
    assert_true(
        json_integer_value(json_object_get(json_object_get(result, "suppressed"), "figures")) > 0);
    assert_contains(bytes_of(home, path, &length), ",…");
    const char *shown = verb_shown(&POLICY_SIZE, &home->context, result);
    assert_contains(shown, "…: under 5 people, or withheld");
    json_decref(result);
}

/* Whatever is withheld is drawn and shown as what it is. */
static void suppressed_results_of_every_verb_are_shown_and_drawn(void **state)
{
    TestHome *home = *state;
    for (size_t verb = 0; verb < VERB_COUNT; verb++) {
        json_t *result = run_verb(home, verb, "--suppress", NULL);
        assert_contains(verb_shown(VERBS[verb].command, &home->context, result),
                        "Rounded to the nearest 5");
        json_decref(result);
        result = run_verb(home, verb, "--suppress", "--chart");
        assert_contains(verb_shown(VERBS[verb].command, &home->context, result), VERBS[verb].shown);
        home->context.chart = false;
        json_decref(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chart_is_as_wide_as_the_terminal_and_plain_in_a_pipe),
        cmocka_unit_test(a_file_of_each_ending_is_written_whole),
        cmocka_unit_test(what_cannot_be_written_says_so_and_leaves_nothing),
        cmocka_unit_test(suppressed_figures_are_marked_everywhere),
        cmocka_unit_test(suppressed_results_of_every_verb_are_shown_and_drawn),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
