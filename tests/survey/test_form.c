/* tests/survey/test_form.c: forms are data: what they say is taken, what is wrong in them is named
 * with its place. */
#include "support/home.h"
#include "support/rows.h"

#include "base/lang.h"

#include <sys/stat.h>
#include <unistd.h>

/* A small sound form, with holes for one mistake at a time. */
#define FORM(id, fact, extra, ignored)                                                             \
    "{\"id\": \"" id "\", \"title\": {\"zh\": \"表\", \"en\": \"form\"}, \"credibility\": 5, "    \
    "\"words\": \"words/w.json\",\n"                                                               \
    " \"required\": [[\"name\"]],\n"                                                               \
    " \"columns\": [{\"fact\": \"" fact                                                            \
    "\", \"heading\": \"姓名\", \"width\": 10, \"synonyms\": [\"名字\"" extra "]}],\n"             \
    " \"ignored\": [" ignored "]}"

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

/* Loads a form of the given text from a share folder of its own; "" or the refusal without the
 * folder's name. */
static const char *load(TestHome *home, const char *form_text, const char *words_text)
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
    Err err = {0};
    ErrCode code = form_load(arena, "t", &form, &err);
    unsetenv("TALENT_SHARE");
    if (code == OK)
        return "";
    const char *at = strstr(err.text, "forms/");
    assert_int_equal(code, ERR_CONFIG);
    return arena_strdup(arena, at ? at + strlen("forms/") : err.text);
}

static void mistakes_in_a_form_are_named_at_their_path(void **state)
{
    TestHome *home = *state;
    static const struct {
        const char *form, *expected;
    } CASES[] = {
        {FORM("t", "name", "", ""), ""},
        {FORM("x", "name", "", ""), "t.json: $: the id 'x' is not the file's name"},
        {FORM("t", "nmae", "", ""),
         "t.json: $.columns[0]: 'nmae' is neither a fact nor a role of a column"},
        {FORM("t", "sex", "", ""), "t.json: $.required[0][0]: 'name' has no column in this form"},
        {FORM("t", "name", ", \"姓 名\"", ""),
         "t.json: $.columns[0].synonyms[1]: the heading '姓 名' stands twice in this form"},
        {FORM("t", "name", ", {\"heading\": \"叫\", \"invert\": true}", ""),
         "t.json: $.columns[0].synonyms[1]: only a yes/no fact can be inverted"},
        {FORM("t", "name", ", {\"heading\": \"叫\", \"implies\": {\"skill_level\": \"大师\"}}", ""),
         "t.json: $.columns[0].synonyms[1].implies: '大师' is no word of skill_level"},
        {FORM("t", "name", ", {\"heading\": \"叫\", \"implies\": {\"employer\": \"x\"}}", ""),
         "t.json: $.columns[0].synonyms[1].implies: 'employer' is no fact with a vocabulary"},
        {FORM("t", "name", "", "\"名字\""),
         "t.json: $.ignored[0]: '名字' is ignored here, but is a column's heading too"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(load(home, CASES[i].form, WORDS), CASES[i].expected);
}

static void mistakes_in_its_words_are_named_at_their_path(void **state)
{
    TestHome *home = *state;
    static const char BAD_WORD[] = "{\"about\": \"\", \"blank\": [], \"none\": [], \"words\": "
                                   "{\"sex\": {\"雄\": []}}, \"unclear\": {}}";
    static const char BAD_FACT[] = "{\"about\": \"\", \"blank\": [], \"none\": [], \"words\": "
                                   "{\"employer\": {}}, \"unclear\": {}}";
    assert_string_equal(load(home, FORM("t", "name", "", ""), BAD_WORD),
                        "words/w.json: $.words.sex.雄: '雄' is no word of the vocabulary");
    assert_string_equal(load(home, FORM("t", "name", "", ""), BAD_FACT),
                        "words/w.json: $.words.employer: 'employer' is no fact with a vocabulary");
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
    assert_int_equal(count, 3);
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
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
