#include "base/config.h"
#include "base/text.h"
#include "small.h"

static Arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void verdicts_have_names_and_labels(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"eligible", "likely", "possible", "later", "ineligible"};
    for (int i = 0; i < VERDICT_COUNT; i++) {
        Verdict verdict = VERDICT_COUNT;
        assert_true(verdict_find(NAMES[i], &verdict));
        assert_int_equal(verdict, i + 1);
        assert_string_equal(verdict_name(verdict), NAMES[i]);
    }
    assert_string_equal(verdict_label(VERDICT_LIKELY), "likely eligible");
    Verdict verdict = VERDICT_LATER;
    assert_false(verdict_find("probable", &verdict));
    assert_int_equal(verdict, VERDICT_LATER);
}

/* What is changed in a good file, and what is said of it. */
static const struct {
    const char *from, *to; /* what is changed in a good file */
    const char *error, *hint;
} FRAMES[] = {
    {"\"id\": \"small\"", "\"ident\": \"small\"", "small.json: $: unknown key 'ident'", NULL},
    {"\"id\": \"small\", ", "", "small.json: $: key 'id' is missing", ""},
    {"\"zh\": \"小\", ", "", "small.json: $.title: key 'zh' is missing", ""},
    {"\"zh\": \"小\"", "\"cn\": \"小\"", "small.json: $.title: unknown key 'cn'", NULL},
    {"\"title\": {\"zh\": \"小\", \"en\": \"small\"}, ", "",
     "small.json: $: key 'title' is missing", ""},
    {"\"number\": \"n\", ", "", "small.json: $.source: key 'number' is missing", ""},
    {"\"issued_by\": \"b\", ", "", "small.json: $.source: key 'issued_by' is missing", ""},
    {", \"url\": \"u\"", "", "small.json: $.source: key 'url' is missing", ""},
    {"\"issued_on\": \"2012-01-01\"", "\"issued_on\": \"2012\"",
     "small.json: $.source.issued_on: '2012' is not a date such as 2012-09-27", ""},
    {"\"url\": \"u\"", "\"url\": \"u\", \"certainty\": \"sure\"", NULL, NULL},
    {"\"url\": \"u\"", "\"url\": \"u\", \"caution\": 1",
     "small.json: $.source.caution: must be a text, not a number", NULL},
    {"{\"id\"", "{\"$schema\": 1, \"id\"", "small.json: $.$schema: must be a text, not a number",
     NULL},
    {"\"issued_on\"", "\"issued_o\"", "small.json: $.source: unknown key 'issued_o'",
     "did you mean 'issued_on'?"},
    {"\"source\"", "\"sources\"", "small.json: $: unknown key 'sources'", "did you mean 'source'?"},
    {"\"from\": \"2012-01-01\"", "\"from\": \"2012-1-1\"", NULL, NULL},
    {"\"from\": \"2012-01-01\"", "\"since\": 1", "small.json: $.effective: unknown key 'since'",
     NULL},
    {"\"from\": \"2012-01-01\"", "\"from\": \"2012-01-01\", \"until\": \"2011-12-31\"",
     "small.json: $.effective.until: lies before the first day", ""},
    {"\"from\": \"2012-01-01\"", "\"from\": \"2012-01-01\", \"until\": 3", NULL, NULL},
    {"\"effective\": {\"from\": \"2012-01-01\"}, ", "", "small.json: $: key 'effective' is missing",
     ""},
    {"\"routes\": [{", "\"routs\": [{", "small.json: $: unknown key 'routs'",
     "did you mean 'routes'?"},
    {"\"routes\": [{", "\"routes\": [], \"notes\": [{",
     "small.json: $.routes: must have 1 to 16 routes", ""},
    {"\"routes\": [{", "\"routes\": {}, \"notes\": [{",
     "small.json: $.routes: must be an array, not an object", ""},
    {"\"routes\": [{", "\"notes\": [{", "small.json: $: key 'routes' is missing", ""},
    {"\"clause\": \"R\", ", "", "small.json: $.routes[0]: key 'clause' is missing", ""},
    {"\"reason\": \"r\"", "\"cause\": \"r\"", NULL, NULL},
    {"\"id\": \"r\", ", "", "small.json: $.routes[0]: key 'id' is missing", ""},
    {", \"all\": [", ", \"each\": [", NULL, NULL},
    {"\"clause\": \"c\"", "\"clause\": \"R\"",
     "small.json: $.routes[0]: clause 'R' stands here a second time", ""},
    {"}]}]}", "}]}], \"notes\": 1}", "small.json: $.notes: must be an array, not a number", ""},
    {"}]}]}", "}]}], \"notes\": [{\"clause\": \"n\"}]}",
     "small.json: $.notes[0]: key 'text' is missing", ""},
    {"}]}]}", "}]}], \"notes\": [{\"note\": \"n\"}]}", NULL, NULL},
    {"}]}]}",
     "}]}, {\"id\": \"r\", \"clause\": \"R2\", \"text\": \"t\", \"en\": \"e\", \"reason\": "
     "\"r\", \"all\": []}]}",
     "small.json: $.routes[1]: route 'r' stands here a second time", ""},
    {"\"routes\"", "\"gate\": {\"clause\": \"g\"}, \"routes\"",
     "small.json: $.gate: key 'text' is missing", ""},
    {"\"routes\"", "\"gate\": 1, \"routes\"", "small.json: $.gate: must be an object, not a number",
     ""},
    {"\"routes\"", "\"parameters\": [], \"routes\"",
     "small.json: $.parameters: must be an object, not an array", ""},
    {"{\"id\"", "[{\"id\"", NULL, NULL},
    {"}]}]}", "}]}]", NULL, NULL},
};

static void the_frame_of_the_file_is_checked_at_its_path(void **state)
{
    (void)state;
    const char *good = small_json(
        arena, "",
        "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", \"fact\": \"sex\", "
        "\"in\": [1]}]");
    const Policy *policy = NULL;
    Err err = {0};
    assert_ok(small_read(arena, good, &policy, &err), &err);
    for (size_t i = 0; i < sizeof FRAMES / sizeof *FRAMES; i++) {
        const char *at = strstr(good, FRAMES[i].from);
        assert_non_null(at);
        const char *bad = arena_printf(arena, "%.*s%s%s", (int)(at - good), good, FRAMES[i].to,
                                       at + strlen(FRAMES[i].from));
        policy = NULL;
        err = (Err){0};
        if (small_read(arena, bad, &policy, &err) != ERR_CONFIG)
            fail_msg("taken: %s", bad);
        assert_null(policy);
        if (FRAMES[i].error)
            assert_string_equal(err.text, FRAMES[i].error);
        if (FRAMES[i].hint)
            assert_string_equal(err.hint, FRAMES[i].hint);
        assert_non_null(strstr(err.text, "small.json"));
    }
}

/* Keys that a file may do without; every other key of the shipped file is missed when it is not
 * there. */
static bool optional(const char *key)
{
    static const char *const KEYS[] = {"$schema", "certainty",    "issued_on", "until",
                                       "notes",   "proofs",       "gate",      "review",
                                       "when",    "includes_year"};
    if (fact_find(key) != FACT_NONE) /* of proofs */
        return true;
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        if (text_equal(key, KEYS[i]))
            return true;
    }
    return false;
}

static ErrCode read_json(const json_t *root, Err *err)
{
    AUTO_ARENA own = arena_new(0);
    const Policy *policy = NULL;
    char *text = json_dumps(root, JSON_COMPACT);
    const PolicyFile file = {.name = "changed.json", .bytes = text, .length = strlen(text)};
    ErrCode code = policy_read(own, file, NULL, 0, &policy, err);
    free(text);
    return code;
}

/* Takes each key away, then gives it a value of a wrong kind; goes on into what it holds. */
static size_t change_each(json_t *root, json_t *value)
{
    const char *key;
    json_t *item;
    size_t index, changes = 0;
    json_array_foreach(value, index, item) changes += change_each(root, item);
    json_t *copy = json_copy(value); /* the keys, while value changes */
    json_object_foreach(copy, key, item)
    {
        Err err = {0};
        changes += 1 + change_each(root, item);
        json_object_set_new(value, key, json_pack("{s:i}", "wrong", 1));
        if (read_json(root, &err) != ERR_CONFIG || !strstr(err.text, "changed.json: $"))
            fail_msg("'%s' may be anything: %s", key, err.text);
        json_object_del(value, key);
        ErrCode code = read_json(root, &err);
        bool unused = code == ERR_CONFIG && strstr(err.text, "no condition reads parameter");
        if (optional(key) ? code != OK && !unused : code != ERR_CONFIG)
            fail_msg("without '%s': %s", key, err.text);
        json_object_set(value, key, item);
    }
    json_decref(copy);
    return changes;
}

static void every_key_of_the_shipped_policy_matters(void **state)
{
    (void)state;
    Err err = {0};
    json_t *root = NULL;
    assert_ok(node_load(config_shared(arena, "policy/dongguan-2012-140.json"), &root, &err), &err);
    assert_ok(read_json(root, &err), &err);
    assert_true(change_each(root, root) > 150);
    assert_ok(read_json(root, &err), &err);
    json_decref(root);
}

static void a_policy_has_a_greatest_number_of_routes(void **state)
{
    (void)state;
    Err err = {0};
    const Policy *policy = NULL;
    const char *list = "{\"id\": \"r0\"}";
    for (int i = 1; i < ROUTES_AT_MOST + 1; i++)
        list = arena_printf(arena, "%s, {\"id\": \"r%d\"}", list, i);
    const char *json = small_json(arena, "", ""), *at = strstr(json, "\"routes\"");
    json = arena_printf(arena, "%.*s\"routes\": [%s]}", (int)(at - json), json, list);
    assert_int_equal(small_read(arena, json, &policy, &err), ERR_CONFIG);
    assert_string_equal(err.text, "small.json: $.routes: must have 1 to 16 routes");
}

static void a_gate_may_be_left_out(void **state)
{
    (void)state;
    const Policy *policy = small_policy(arena, "\"fact\": \"sex\", \"in\": [1]");
    Facts facts = {.pension_on = DATE_NONE};
    Judgement judgement;
    facts.values[FACT_SEX] = (FactValue){.known = true, .number = 1};
    policy_judge(policy, &facts, date_of(2012, 10, 1), &judgement);
    assert_int_equal(judgement.gate, KLEENE_TRUE);
    assert_int_equal(judgement.verdict, VERDICT_ELIGIBLE);
}

static void the_shipped_policy_says_what_it_is(void **state)
{
    (void)state;
    const Policy *policy = NULL;
    Err err = {0};
    assert_ok(policy_load(arena, "dongguan-2012-140", &policy, &err), &err);
    assert_string_equal(policy_id(policy), "dongguan-2012-140");
    lang_set("zh");
    assert_string_equal(policy_title(policy), "东莞市高技能人才入户城镇工作方案");
    lang_set("en");
    assert_string_equal(policy_title(policy),
                        "Dongguan: settlement of highly skilled workers in towns");
    static const char *const ROUTES[][3] = {
        {"technician", "具备技师、高级技师职业资格的技能人才", "技师、高级技师职业资格"},
        {"senior_worker", "具备高级工职业资格，且在莞购买社会养老保险满2年、45周岁以下的技能人才",
         "高级工职业资格、在莞养老保险满2年、45周岁以下"},
        {"graduate", "具备高级工及以上职业资格的省内技工院校、职业院校应届毕业生",
         "省内技工院校、职业院校应届毕业生，高级工及以上职业资格"},
    };
    assert_int_equal(policy_route_count(policy), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(policy_route_id(policy, i), ROUTES[i][0]);
        assert_string_equal(policy_route_text(policy, i), ROUTES[i][1]);
        assert_string_equal(policy_route_reason(policy, i), ROUTES[i][2]);
    }
}

/* Section 二 of the notice and the sentence of 五(一), as published. */
static const char NOTICE[] =
    "高技能人才是指取得高级工、技师和高级技师职业资格(即国家职业资格三级、二级和一级)的人员。"
    "符合计划生育政策、无违法犯罪和参加国家禁止的组织或活动记录的非莞户籍人员,具备以下条件之一,"
    "即可直接申请入户东莞:"
    "(一) 具备技师、高级技师职业资格的技能人才;"
    "(二)具备高级工职业资格,且在莞购买社会养老保险满2年、45周岁以下的技能人才;"
    "(三)具备高级工及以上职业资格的省内技工院校、职业院校应届毕业生。"
    "本方案规定的高技能人才入户条件如与《东莞市积分制入户暂行办法》(东府[2011]55号)不一致的,"
    "以本方案为准。"
    "任何部门、社区或个人不得以任何理由拒绝,不得在市政府已公布的条件外附加任何限制条件。";

static void assert_in_notice(const char *text)
{
    if (!strstr(text_fold_width(arena, NOTICE), text_fold_width(arena, text)))
        fail_msg("'%s' does not stand in the notice", text);
}

static void every_sentence_stands_in_the_notice_word_for_word(void **state)
{
    (void)state;
    const Policy *policy = NULL;
    Err err = {0};
    assert_ok(policy_load(arena, "dongguan-2012-140", &policy, &err), &err);
    static const char *const CONTINUOUS[] = {
        "pension_mode=continuous"}; /* switches every condition on */
    assert_ok(policy_set(arena, policy, CONTINUOUS, 1, &policy, &err), &err);
    assert_int_equal(policy->condition_count, 16);
    assert_in_notice(policy->gate_text);
    for (size_t i = 0; i < policy->route_count; i++)
        assert_in_notice(policy->routes[i].text);
    for (size_t i = 0; i < policy->condition_count; i++)
        assert_in_notice(policy->conditions[i]->text);
    assert_int_equal(policy->note_count, 4);
    for (size_t i = 0; i < policy->note_count; i++)
        assert_in_notice(policy->notes[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_have_names_and_labels),
        cmocka_unit_test(the_frame_of_the_file_is_checked_at_its_path),
        cmocka_unit_test(every_key_of_the_shipped_policy_matters),
        cmocka_unit_test(a_policy_has_a_greatest_number_of_routes),
        cmocka_unit_test(a_gate_may_be_left_out),
        cmocka_unit_test(the_shipped_policy_says_what_it_is),
        cmocka_unit_test(every_sentence_stands_in_the_notice_word_for_word),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
