#include "policy/cases.h"

#include "base/json.h"
#include "base/text.h"
#include "policy/outlook.h"

typedef struct Case {
    const char *name, *why;
    Date as_of;
    Facts facts;
    const Policy *policy; /* with the case's own parameters */
} Case;

static ErrCode parse_fact_value(Arena *arena, const Node *node, FactId fact, FactValue *ret_value,
                                Err *err)
{
    const char *text;
    *ret_value = (FactValue){0};
    if (json_kind(node->value) == JSON_NULL)
        return OK;
    if (json_is_flag(node->value) && fact_info(fact)->kind == KIND_FLAG) {
        *ret_value = (FactValue){.known = true, .number = json_kind(node->value) == JSON_TRUE};
        return OK;
    }
    if (json_kind(node->value) == JSON_INTEGER)
        text = arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(node->value));
    else
        TRY(node_string(node, &text, err));
    if (fact_info(fact)->kind == KIND_SEALED) { /* an invented number: no policy may read it */
        *ret_value = (FactValue){.known = true, .text = arena_strdup(arena, text)};
        return OK;
    }
    Err why = {0};
    if (fact_parse(arena, fact, arena_strdup(arena, text), ret_value, &why) == OK)
        return OK;
    node_error(node, err, "%s", why.text);
    return err_hint(err, "%s", why.hint);
}

/* Lays the facts of an object over those gathered so far. */
static ErrCode lay_facts(Arena *arena, const Node *node, Facts *facts, Err *err)
{
    const char *key, *names[FACT_COUNT + 1];
    json_t *value;
    for (int i = 0; i < FACT_COUNT; i++)
        names[i] = fact_info((FactId)i)->name;
    names[FACT_COUNT] = NULL;
    TRY(node_keys(node, names, err));
    JSON_MEMBERS (node->value, key, value) {
        FactId fact = fact_find(key);
        Node item = {.parent = node, .name = key, .value = value};
        TRY(parse_fact_value(arena, &item, fact, &facts->values[fact], err));
    }
    return OK;
}

static ErrCode lay_sets(Arena *arena, const Node *root, const Node *node, Facts *facts, Err *err)
{
    Node with = node_find(node, "with"), sets = node_find(root, "sets");
    size_t count = 0;
    if (with.value)
        TRY(node_count(&with, &count, err));
    for (size_t i = 0; i < count; i++) {
        Node item = node_item(&with, i);
        const char *name;
        TRY(node_string(&item, &name, err));
        Node set = node_find(&sets, name);
        if (!set.value)
            return node_error(&item, err, _("there is no set '%s'"), name);
        TRY(lay_facts(arena, &set, facts, err));
    }
    return OK;
}

static ErrCode move_parameters(Arena *arena, const Policy *policy, const Node *node,
                               const Policy **ret_policy, Err *err)
{
    Node set = node_find(node, "set");
    size_t count = 0;
    if (!set.value) {
        *ret_policy = policy;
        return OK;
    }
    TRY(node_count(&set, &count, err));
    const char **settings = arena_array(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        Node item = node_item(&set, i);
        TRY(node_string(&item, &settings[i], err));
    }
    Err why = {0};
    if (policy_set(arena, policy, settings, count, ret_policy, &why) != OK)
        return node_error(&set, err, "%s", why.text);
    return OK;
}

static ErrCode parse_case(Arena *arena, const Policy *policy, const Node *root, const Node *node,
                          Case *ret_case, Err *err)
{
    static const char *const KEYS[] = {"name", "as_of",  "with", "facts", "pension_on",
                                       "set",  "expect", "why",  NULL};
    Case one = {.facts.pension_on = DATE_NONE};
    Node as_of, facts = node_find(node, "facts"), pension_on = node_find(node, "pension_on");
    TRY(node_keys(node, KEYS, err));
    TRY(node_get_string(node, "name", &one.name, err));
    TRY(node_get_string(node, "why", &one.why, err));
    TRY(node_get(node, "as_of", &as_of, err));
    TRY(node_date(&as_of, &one.as_of, err));
    one.facts.pension_on = one.as_of;
    if (pension_on.value)
        TRY(node_date(&pension_on, &one.facts.pension_on, err));
    TRY(lay_sets(arena, root, node, &one.facts, err));
    if (facts.value)
        TRY(lay_facts(arena, &facts, &one.facts, err));
    TRY(move_parameters(arena, policy, node, &one.policy, err));
    one.policy = policy_at(one.policy, one.as_of);
    *ret_case = one;
    return OK;
}

static json_t *date_json(Date date)
{
    char text[11];
    return date == DATE_NONE ? json_null() : json_string(date_format(date, text));
}

static json_t *missing_json(const Case *one)
{
    json_t *names = json_array();
    Standings standings;
    standings_read(one->policy, &one->facts, one->as_of, &standings);
    uint32_t missing = verdict_waits(one->policy, &standings, STANDS_ASK);
    for (int i = 0; i < FACT_COUNT; i++) {
        if (missing >> i & 1)
            json_array_append_new(names, json_string(fact_info((FactId)i)->name));
    }
    return names;
}

/* The clauses by which a tree has a truth, in the order of the policy. */
static void add_deciding(const Rule *rule, const Standings *standings, Kleene truth,
                         json_t *clauses)
{
    if (rule_truth(rule, standings) != truth)
        return;
    if (!rule_is_group(rule))
        json_array_append_new(clauses, json_string(rule->clause));
    for (size_t i = 0; i < rule->item_count; i++)
        add_deciding(&rule->items[i], standings, rule->op == RULE_NOT ? kleene_not(truth) : truth,
                     clauses);
}

/* The clauses by which the gate fails. */
static json_t *failed_json(const Case *one)
{
    Standings standings;
    json_t *clauses = json_array();
    standings_read(one->policy, &one->facts, one->as_of, &standings);
    add_deciding(&one->policy->gate, &standings, KLEENE_FALSE, clauses);
    return clauses;
}

/* What the judge says, in the keys of "expect". */
static json_t *judge_case(const Case *one)
{
    Judgement judgement;
    policy_judge(one->policy, &one->facts, one->as_of, &judgement);
    json_t *got = json_object();
    json_object_set_new(got, "verdict", json_string(verdict_name(judgement.verdict)));
    json_object_set_new(got, "route",
                        judgement.route < 0
                            ? json_null()
                            : json_string(policy_route_id(one->policy, (size_t)judgement.route)));
    json_object_set_new(got, "eligible_on", date_json(judgement.eligible_on));
    json_object_set_new(got, "eligible_until", date_json(judgement.eligible_until));
    json_object_set_new(got, "boundary", json_boolean(judgement.boundary));
    json_object_set_new(got, "missing", missing_json(one));
    json_object_set_new(got, "failed", failed_json(one));
    return got;
}

/* Compares the keys that "expect" has; appends to failures when one differs. */
static ErrCode compare_case(const Node *node, const Case *one, json_t *failures, Err *err)
{
    static const char *const KEYS[] = {"verdict",  "route",   "eligible_on", "eligible_until",
                                       "boundary", "missing", "failed",      NULL};
    Node expect;
    const char *key, *verdict;
    json_t *value;
    TRY(node_get(node, "expect", &expect, err));
    TRY(node_keys(&expect, KEYS, err));
    TRY(node_get_string(&expect, "verdict", &verdict, err));
    json_t *got = judge_case(one);
    bool same = true;
    JSON_MEMBERS (expect.value, key, value)
        same &= json_equal(value, json_object_get(got, key)) == 1;
    if (!same) {
        json_t *failure = json_object();
        json_object_set_new(failure, "case", json_string(one->name));
        json_object_set_new(failure, "why", json_string(one->why));
        json_object_set(failure, "expected", expect.value);
        json_object_set(failure, "got", got);
        json_array_append_new(failures, failure);
    }
    json_decref(got);
    return OK;
}

/* Each case is judged in an arena of its own: some move parameters and so read the policy again. */
static ErrCode run_cases(const Policy *policy, const Node *root, json_t *failures,
                         size_t *ret_count, Err *err)
{
    static const char *const KEYS[] = {"policy", "sets", "cases", NULL};
    AUTO_ARENA arena = arena_new(0);
    Node cases;
    const char *id;
    TRY(node_keys(root, KEYS, err));
    TRY(node_get_string(root, "policy", &id, err));
    if (!text_equal(id, policy->id))
        return node_error(root, err, _("these cases belong to policy '%s', not '%s'"), id,
                          policy->id);
    TRY(node_get(root, "cases", &cases, err));
    TRY(node_count(&cases, ret_count, err));
    for (size_t i = 0; i < *ret_count; i++) {
        Node node = node_item(&cases, i);
        Case one;
        arena_reset(arena);
        TRY(parse_case(arena, policy, root, &node, &one, err));
        TRY(compare_case(&node, &one, failures, err));
    }
    return OK;
}

ErrCode cases_run_json(Arena *arena, const Policy *policy, const char *file, json_t *cases,
                       json_t **ret_result, Err *err)
{
    Node root = node_root(arena_strdup(arena, file), cases);
    size_t count = 0;
    json_t *failures = json_array();
    ErrCode code = run_cases(policy, &root, failures, &count, err);
    if (code != OK) {
        json_decref(failures);
        return code;
    }
    json_t *result = json_object();
    json_object_set_new(result, "policy", json_string(policy->id));
    json_object_set_new(result, "cases", json_integer((json_int_t)count));
    json_object_set_new(result, "failed", json_integer((json_int_t)json_array_size(failures)));
    json_object_set_new(result, "failures", failures);
    *ret_result = result;
    return OK;
}

ErrCode cases_run(Arena *arena, const Policy *policy, json_t **ret_result, Err *err)
{
    const char *name = policy->file.name;
    char *stem = arena_strndup(arena, name, strlen(name) - strlen(".json"));
    const char *file = arena_printf(arena, "%s.cases.json", stem);
    json_t *cases;
    if (node_load(file, &cases, err) != OK)
        return err_wrap(err, _("cannot run the cases of policy '%s'"), policy->id);
    ErrCode code = cases_run_json(arena, policy, file, cases, ret_result, err);
    json_decref(cases);
    return code;
}
