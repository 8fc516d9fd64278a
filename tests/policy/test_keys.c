/* The schema that editors use and the loader know the same words. */
#include "policy/keys.h"

#include "small.h"

static Arena *arena;
static json_t *schema, *sample;

static int setup(void **state)
{
    (void)state;
    Err err = {0};
    arena = arena_new(0);
    return node_load(TALENT_SOURCE "/policy/policy.schema.json", &schema, &err) != OK ||
           node_load(TALENT_SOURCE "/policy/dongguan-2021-talent.json", &sample, &err) != OK;
}

static int teardown(void **state)
{
    (void)state;
    json_decref(schema);
    json_decref(sample);
    arena_free(arena);
    return 0;
}

/* "source": of the definitions; NULL: of the file itself. */
static const json_t *definition(const char *name)
{
    const json_t *found = name ? json_object_get(json_object_get(schema, "$defs"), name) : schema;
    assert_non_null(found);
    return found;
}

static bool is_listed(const json_t *list, const char *word)
{
    size_t index;
    const json_t *item;
    json_array_foreach(list, index, item)
    {
        if (json_is_string(item) && strcmp(json_string_value(item), word) == 0)
            return true;
    }
    return false;
}

static void the_schema_has_the_loader_s_keys_and_no_others(void **state)
{
    (void)state;
    static const struct {
        const char *definition;
        const char *const *keys;
    } TABLE[] = {
        {NULL, POLICY_KEYS},           {"title", TITLE_KEYS},         {"source", SOURCE_KEYS},
        {"effective", EFFECTIVE_KEYS}, {"parameter", PARAMETER_KEYS}, {"dated", DATED_KEYS},
        {"gate", GATE_KEYS},           {"route", ROUTE_KEYS},         {"group", GROUP_KEYS},
        {"condition", CONDITION_KEYS}, {"when", WHEN_KEYS},           {"note", NOTE_KEYS},
        {"proof", PROOF_KEYS},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const json_t *of = definition(TABLE[i].definition),
                     *properties = json_object_get(of, "properties");
        size_t count = 0;
        for (; TABLE[i].keys[count]; count++) {
            if (!json_object_get(properties, TABLE[i].keys[count]))
                fail_msg("the schema lacks '%s'", TABLE[i].keys[count]);
        }
        assert_int_equal(json_object_size(properties), count);
        assert_true(json_is_false(json_object_get(of, "additionalProperties")));
    }
}

static void assert_words(const json_t *list, const char *const *words)
{
    for (size_t i = 0; words[i]; i++) {
        if (!is_listed(list, words[i]))
            fail_msg("the schema lacks '%s'", words[i]);
    }
    size_t index, texts = 0, count = 0;
    const json_t *item;
    while (words[count])
        count++;
    json_array_foreach(list, index, item) texts += json_is_string(item);
    assert_int_equal(texts, count);
}

static void the_schema_has_the_loader_s_words(void **state)
{
    (void)state;
    const json_t *condition = json_object_get(definition("condition"), "properties");
    const json_t *within = json_object_get(json_object_get(condition, "within"), "anyOf");
    assert_words(json_object_get(json_array_get(within, 0), "enum"), WINDOW_WORDS);
    const json_t *source = json_object_get(definition("source"), "properties");
    assert_words(json_object_get(json_object_get(source, "certainty"), "enum"), CERTAINTIES);
}

static json_t *at(json_t *root, const char *path)
{
    const char *step = path;
    while (*step) {
        size_t length = strcspn(step, "/");
        const char *name = arena_strndup(arena, step, length);
        root = json_is_array(root) ? json_array_get(root, strtoul(name, NULL, 10))
                                   : json_object_get(root, name);
        assert_non_null(root);
        step += length + (step[length] == '/');
    }
    return root;
}

/* Whether the loader takes the sample without a key of the object at a path. */
static bool taken_without(const char *path, const char *key)
{
    Err err = {0};
    const Policy *policy;
    json_t *copy = json_deep_copy(sample);
    json_object_del(at(copy, path), key);
    char *text = json_dumps(copy, 0);
    const PolicyFile file = {.name = "sample", .bytes = text, .length = strlen(text)};
    ErrCode code = policy_read(arena, file, NULL, 0, &policy, &err);
    json_decref(copy);
    free(text);
    return code == OK;
}

/* Keys of which one of several, or the kind of a value, decides whether they must be there. */
static bool depends(const char *key)
{
    static const char *const KEYS[] = {"all",     "any",   "not",        "min", "max",
                                       "choices", "since", "parameters", NULL};
    for (size_t i = 0; KEYS[i]; i++) {
        if (strcmp(key, KEYS[i]) == 0)
            return true;
    }
    return false;
}

static void the_loader_requires_what_the_schema_does(void **state)
{
    (void)state;
    static const struct {
        const char *definition, *path;
    } TABLE[] = {
        {NULL, ""},
        {"title", "title"},
        {"source", "source"},
        {"effective", "effective"},
        {"parameter", "parameters/insured"},
        {"parameter", "parameters/pension_months_min"},
        {"dated", "parameters/insured/value/1"},
        {"gate", "gate"},
        {"route", "routes/0"},
        {"condition", "routes/0/all/0"},
        {"when", "routes/0/all/3/when"},
        {"note", "notes/0"},
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
        const char *key;
        json_t *value;
        const json_t *required = json_object_get(definition(TABLE[i].definition), "required"),
                     *operators = json_object_get(definition(TABLE[i].definition), "oneOf");
        json_object_foreach(at(sample, TABLE[i].path), key, value)
        {
            bool is_operator = operators && !is_listed(required, key) && strcmp(key, "when") != 0 &&
                               strcmp(key, "review") != 0;
            if (depends(key) || is_operator)
                continue;
            if (taken_without(TABLE[i].path, key) == is_listed(required, key))
                fail_msg("%s/%s: schema and loader differ", TABLE[i].path, key);
        }
    }
}

static void each_operator_of_the_schema_is_one_of_the_loader(void **state)
{
    (void)state;
    static const char *const OTHERS[] = {"clause", "text",   "en",           "when",
                                         "fact",   "review", "includes_year"};
    size_t index, keys = 0;
    const json_t *choice, *operators = json_object_get(definition("condition"), "oneOf");
    while (CONDITION_KEYS[keys])
        keys++;
    assert_int_equal(json_array_size(operators) + sizeof OTHERS / sizeof *OTHERS, keys);
    json_array_foreach(operators, index, choice)
    {
        Err err = {0};
        const Policy *policy;
        const char *word =
            json_string_value(json_array_get(json_object_get(choice, "required"), 0));
        const char *group = arena_printf(arena,
                                         "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": "
                                         "\"e\", \"fact\": \"phone\", \"%s\": 1}]",
                                         word);
        assert_int_equal(small_read(arena, small_json(arena, "", group), &policy, &err),
                         ERR_CONFIG);
        assert_string_equal(
            err.text,
            arena_printf(arena,
                         "small.json: $.routes[0].all[0].%s: '%s' does not go with fact 'phone'",
                         word, word));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schema_has_the_loader_s_keys_and_no_others),
        cmocka_unit_test(the_schema_has_the_loader_s_words),
        cmocka_unit_test(the_loader_requires_what_the_schema_does),
        cmocka_unit_test(each_operator_of_the_schema_is_one_of_the_loader),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
