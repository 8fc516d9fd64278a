/* tests/survey/test_form.c: forms are data: what they say is taken, what is wrong in them is named
 * with its place. */
#include "support/home.h"
#include "support/rows.h"

#include "base/lang.h"

#include <sys/stat.h>
#include <unistd.h>

static const char WORDS[] = "{\"about\": \"\", \"blank\": [], \"none\": [], \"words\": {\"sex\": "
                            "{\"男\": [\"M\"]}}, \"unclear\": {}, \"silent\": {},\n"
                            " \"foreign\": {}, \"skip\": {\"total\": [], \"note\": [], "
                            "\"example\": []}, \"sequence\": [], \"id_papers\": [],\n"
                            " \"hukou\": {\"here\": [], \"elsewhere\": []}, \"guangdong_cities\": "
                            "[], \"school_names\": {}}";

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Puts a form and its words into a share folder of its own, and loads the form. */
static ErrCode load(TestHome *home, const char *form_text, const char *words_text, Err *err)
{
    Arena *arena = home->context.arena;
    const char *forms = arena_printf(arena, "%s/survey/forms", home->dir),
               *words = arena_printf(arena, "%s/words", forms);
    mkdir(arena_printf(arena, "%s/survey", home->dir), 0700);
    mkdir(forms, 0700);
    mkdir(words, 0700);
    write_text(arena_printf(arena, "%s/t.json", forms), form_text);
    write_text(arena_printf(arena, "%s/w.json", words), words_text);
    setenv("TALENT_SHARE", home->dir, 1);
    const Form *form = NULL;
    ErrCode code = form_load(arena, "t", &form, err);
    unsetenv("TALENT_SHARE");
    return code;
}

/* The refusal behind the folder's name. */
static const char *refusal(const Err *err)
{
    const char *at = strstr(err->text, "forms/");
    return at ? at + strlen("forms/") : err->text;
}

/* The value that a JSON pointer leads to but for its last step, which *ret_last is. */
static json_t *pointer_parent(Arena *arena, json_t *json, const char *pointer,
                              const char **ret_last)
{
    char *steps = arena_strdup(arena, pointer + 1), *slash;
    while ((slash = strchr(steps, '/'))) {
        *slash = '\0';
        json = json_is_array(json) ? json_array_get(json, strtoul(steps, NULL, 10))
                                   : json_object_get(json, steps);
        assert_non_null(json);
        steps = slash + 1;
    }
    *ret_last = steps;
    return json;
}

static json_t *bend(Arena *arena, const json_t *sound, const json_t *bent)
{
    const char *last;
    json_t *form = json_deep_copy(sound), *put = json_object_get(bent, "put");
    json_t *parent =
        pointer_parent(arena, form, json_string_value(json_object_get(bent, "at")), &last);
    if (json_is_array(parent))
        assert_int_equal(json_array_set(parent, strtoul(last, NULL, 10), put), 0);
    else if (put)
        assert_int_equal(json_object_set(parent, last, put), 0);
    else
        assert_int_equal(json_object_del(parent, last), 0);
    return form;
}

static ErrCode load_json(TestHome *home, const json_t *form, Err *err)
{
    char *text = json_dumps(form, 0);
    ErrCode code = load(home, text, WORDS, err);
    free(text);
    return code;
}

static json_t *bent_forms(void)
{
    Err err = {0};
    json_t *table = NULL;
    assert_ok(node_load(TALENT_SOURCE "/tests/data/forms/bent.json", &table, &err), &err);
    assert_true(json_array_size(json_object_get(table, "bent")) >= 30);
    return table;
}

/* tests/lint/form_schema.py holds the same table against the schema. */
static void mistakes_in_a_form_are_named_at_their_path(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    json_t *table = bent_forms(), *sound = json_object_get(table, "sound");
    Err fine = {0};
    assert_ok(load_json(home, sound, &fine), &fine);
    size_t i;
    const json_t *bent;
    json_array_foreach(json_object_get(table, "bent"), i, bent)
    {
        Err err = {0};
        json_t *form = bend(arena, sound, bent);
        const json_t *hint = json_object_get(bent, "hint");
        assert_int_equal(load_json(home, form, &err), ERR_CONFIG);
        assert_string_equal(
            refusal(&err),
            arena_printf(arena, "t.json: %s", json_string_value(json_object_get(bent, "says"))));
        if (hint)
            assert_string_equal(err.hint, json_string_value(hint));
        json_decref(form);
    }
    json_decref(table);
}

static void mistakes_in_its_words_are_named_at_their_path(void **state)
{
    TestHome *home = *state;
    static const char BAD_WORD[] = "{\"about\": \"\", \"blank\": [], \"none\": [], \"words\": "
                                   "{\"sex\": {\"雄\": []}}, \"unclear\": {}}";
    static const char BAD_FACT[] = "{\"about\": \"\", \"blank\": [], \"none\": [], \"words\": "
                                   "{\"employer\": {}}, \"unclear\": {}}";
    static const struct {
        const char *words, *expected;
    } CASES[] = {
        {BAD_WORD, "words/w.json: $.words.sex.雄: '雄' is no word of the vocabulary"},
        {BAD_FACT, "words/w.json: $.words.employer: 'employer' is no fact with a vocabulary"},
    };
    json_t *table = bent_forms();
    char *form = json_dumps(json_object_get(table, "sound"), 0);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Err err = {0};
        assert_int_equal(load(home, form, CASES[i].words, &err), ERR_CONFIG);
        assert_string_equal(refusal(&err), CASES[i].expected);
    }
    free(form);
    json_decref(table);
}

static void unknown_form_is_answered_with_the_nearest(void **state)
{
    TestHome *home = *state;
    const Form *form = NULL;
    Err err = {0};
    assert_int_equal(form_load(home->context.arena, "enterprize", &form, &err), ERR_INPUT);
    assert_string_equal(err.text, "there is no form 'enterprize'");
    assert_string_equal(err.hint, "did you mean 'enterprise'?");
}

/* A heading that a blank form shows must not state a certificate's type or turn an answer round:
 * mended rows come back under it. */
static void the_headings_of_blank_forms_state_nothing(void **state)
{
    TestHome *home = *state;
    const Form *const *forms = NULL;
    size_t count = 0;
    Err err = {0};
    assert_ok(form_load_all(home->context.arena, &forms, &count, &err), &err);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++)
        for (size_t column = 0; column < forms[i]->column_count; column++) {
            const FormHeading *own =
                form_heading(forms[i], home->context.arena, forms[i]->columns[column].heading);
            assert_non_null(own);
            assert_int_equal(own->target, forms[i]->columns[column].target);
            assert_int_equal(own->implies, FACT_NONE);
            assert_false(own->invert || own->fallback || own->unit != UNIT_MONTHS);
        }
}

/* A form that is filled in with what its own lists offer is understood to the last cell. */
static void every_word_of_a_drop_down_is_understood(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    const Form *const *forms = NULL;
    size_t count = 0;
    Err err = {0};
    assert_ok(form_load_all(arena, &forms, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at < forms[i]->column_count; at++) {
            const FormColumn *column = &forms[i]->columns[at];
            if (column->target >= FACT_COUNT ||
                fact_info((FactId)column->target)->kind != KIND_CODE || column->target == FACT_SEX)
                continue;
            Vocabulary vocabulary = fact_info((FactId)column->target)->vocabulary;
            for (size_t word = 0; word < word_count(vocabulary); word++) {
                const char *shown = word_show(vocabulary, word_code_at(vocabulary, word), LANG_ZH);
                const char *headings[] = {form_column(forms[i], FACT_NAME)->heading,
                                          form_column(forms[i], FACT_ID_NUMBER)->heading,
                                          column->heading, NULL};
                const char *cells[] = {"张伟", "440524198001010013", shown, NULL};
                Checked checked = rows_check(arena, forms[i], headings, cells);
                assert_string_equal(rows_fact(arena, &checked, (FactId)column->target), shown);
                assert_false(checked.quarantined);
            }
        }
}

/* What an administrator puts into HOME/forms is a form like any other. */
static void forms_of_the_home_stand_beside_the_shipped_ones(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    const char *folder = arena_printf(arena, "%s/forms", home->dir);
    const char *own = arena_printf(arena, "%s/hospital.json", folder),
               *again = arena_printf(arena, "%s/school.json", folder);
    const Form *const *forms = NULL;
    const Form *form = NULL;
    size_t count = 0;
    Err err = {0};
    json_t *table = bent_forms(), *sound = json_object_get(table, "sound");
    json_object_set_new(sound, "words", json_string("words/common.json"));
    mkdir(folder, 0700);
    json_object_set_new(sound, "id", json_string("hospital"));
    assert_int_equal(json_dump_file(sound, own, 0), 0);
    assert_ok(form_load(arena, "hospital", &form, &err), &err);
    assert_string_equal(form->file, own);
    assert_true(form->words.facts[FACT_SKILL_LEVEL].count > 10); /* the shipped words */
    json_object_set_new(sound, "id", json_string("school"));
    assert_int_equal(json_dump_file(sound, again, 0), 0);
    assert_ok(form_load_all(arena, &forms, &count, &err), &err);
    assert_int_equal(count, 5);
    assert_ok(form_load(arena, "school", &form, &err), &err);
    assert_string_equal(form->file, again);
    write_text(own, "{\"id\": \"hospital\"}");
    assert_int_equal(form_load_all(arena, &forms, &count, &err), ERR_CONFIG);
    assert_string_equal(err.text, arena_printf(arena, "%s: $: key 'title' is missing", own));
    unlink(own);
    unlink(again);
    rmdir(folder);
    json_decref(table);
}

static int setup(void **state)
{
    lang_set("en");
    *state = test_home_new();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_a_form_are_named_at_their_path),
        cmocka_unit_test(mistakes_in_its_words_are_named_at_their_path),
        cmocka_unit_test(unknown_form_is_answered_with_the_nearest),
        cmocka_unit_test(the_headings_of_blank_forms_state_nothing),
        cmocka_unit_test(every_word_of_a_drop_down_is_understood),
        cmocka_unit_test(forms_of_the_home_stand_beside_the_shipped_ones),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
