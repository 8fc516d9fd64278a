#include "base/json.h"
#include "base/text.h"
#include "policy/keys.h"
#include "policy/parse.h"

#include <assert.h>

/* How an operator is written, and the kinds of facts that it reads. */
typedef struct Operator {
    const char *word;
    RuleOp op;
    unsigned kinds; /* bit KIND_x */
} Operator;

#define KINDS(kind) (1u << (kind))

static const Operator OPERATORS[] = {
    {"is", RULE_IN, KINDS(KIND_FLAG)},
    {"in", RULE_IN, KINDS(KIND_CODE) | KINDS(KIND_TEXT) | KINDS(KIND_FLAG) | KINDS(KIND_NUMBER)},
    {"at_least", RULE_AT_LEAST, KINDS(KIND_CODE) | KINDS(KIND_NUMBER) | KINDS(KIND_DATE)},
    {"at_most", RULE_AT_MOST, KINDS(KIND_CODE) | KINDS(KIND_NUMBER) | KINDS(KIND_DATE)},
    {"grown_to", RULE_GROWN_TO, KINDS(KIND_NUMBER)},
    {"age_at_least", RULE_AGE_FROM, KINDS(KIND_DATE)},
    {"age_at_most", RULE_AGE_BELOW, KINDS(KIND_DATE)},
    {"age_below", RULE_AGE_BELOW, KINDS(KIND_DATE)},
    {"months_since", RULE_SINCE, KINDS(KIND_DATE)},
    {"within", RULE_WITHIN, KINDS(KIND_DATE)},
};
enum { OPERATOR_COUNT = sizeof OPERATORS / sizeof *OPERATORS };

static ErrCode parse_text(const Policy *policy, const Node *node, const char *key,
                          const char **ret_text, Err *err)
{
    TRY(node_get_string(node, key, ret_text, err));
    *ret_text = arena_strdup(policy->arena, *ret_text);
    return OK;
}

static ErrCode parse_fact(const Node *node, FactId *ret_fact, Err *err)
{
    Node name;
    const char *text, *names[FACT_COUNT];
    TRY(node_get(node, "fact", &name, err));
    TRY(node_string(&name, &text, err));
    FactId fact = fact_find(text);
    if (fact == FACT_NONE) {
        for (int i = 0; i < FACT_COUNT; i++)
            names[i] = fact_info((FactId)i)->name;
        node_error(&name, err, _("unknown fact '%s'"), text);
        const char *nearest = text_nearest(text, names, FACT_COUNT);
        return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
    }
    *ret_fact = fact;
    return OK;
}

/* A literal of the fact: a word, a date, a number, a flag. */
static ErrCode parse_value(const Policy *policy, const Node *node, FactId fact,
                           FactValue *ret_value, Err *err)
{
    const json_t *value = node->value;
    if (json_is_flag(value) && fact_info(fact)->kind == KIND_FLAG) {
        *ret_value = (FactValue){.known = true, .number = json_kind(value) == JSON_TRUE};
        return OK;
    }
    const char *text;
    if (json_kind(value) == JSON_INTEGER && fact_info(fact)->kind != KIND_TEXT)
        text = arena_printf(policy->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else
        TRY(node_string(node, &text, err));
    Err why = {0};
    if (fact_parse(policy->arena, fact, arena_strdup(policy->arena, text), ret_value, &why) != OK) {
        node_error(node, err, "%s", why.text);
        return err_hint(err, "%s", why.hint);
    }
    return OK;
}

/* A list of literals; a single one may stand without brackets. */
static ErrCode parse_values(const Policy *policy, const Node *node, FactId fact,
                            const FactValue **ret_values, size_t *ret_count, Err *err)
{
    size_t count = 1;
    bool list = json_kind(node->value) == JSON_ARRAY;
    if (list)
        count = json_array_size(node->value);
    FactValue *values = arena_array(policy->arena, FactValue, count);
    for (size_t i = 0; i < count; i++) {
        Node item = list ? node_item(node, i) : *node;
        TRY(parse_value(policy, &item, fact, &values[i], err));
    }
    *ret_values = values;
    *ret_count = count;
    return OK;
}

/* The one operator key that a condition has; NULL after an error. */
static const Operator *find_operator(const Node *node, FactId fact, Node *ret_value, Err *err)
{
    const Operator *found = NULL;
    for (size_t i = 0; i < OPERATOR_COUNT; i++) {
        Node value = node_find(node, OPERATORS[i].word);
        if (!value.value)
            continue;
        if (found) {
            node_error(node, err, _("has both '%s' and '%s'"), found->word, OPERATORS[i].word);
            return NULL;
        }
        found = &OPERATORS[i];
        *ret_value = value;
    }
    if (!found) {
        node_error(node, err, _("has no operator, such as 'in' or 'at_least'"));
        return NULL;
    }
    if (found->kinds & KINDS(fact_info(fact)->kind))
        return found;
    node_error(ret_value, err, _("'%s' does not go with fact '%s'"), found->word,
               fact_info(fact)->name);
    return NULL;
}

/* "age_at_most": 45 is, with the year of that age, "until the day before the 46th birthday". */
static ErrCode parse_age(Policy *policy, const Operator *operator, const Node * value, Rule *rule,
                         Err *err)
{
    TRY(parameter_number(policy, value, AGE_AT_MOST, &rule->bound, &rule->parameter, err));
    if (strcmp(operator->word, "age_at_most") != 0)
        return OK;
    Node includes = node_find(value->parent, "includes_year");
    rule->includes_year = true;
    if (includes.value)
        TRY(parameter_flag(policy, &includes, &rule->includes_year, err));
    rule->bound += rule->includes_year;
    return OK;
}

/* A bound of a count, a code or a date. */
static ErrCode parse_bound(Policy *policy, const Node *value, Rule *rule, Err *err)
{
    const char *text = json_string_value(value->value);
    if (text && text[0] == '$')
        return parameter_number(policy, value, INT32_MAX, &rule->bound, &rule->parameter, err);
    FactValue bound = {0};
    TRY(parse_value(policy, value, rule->fact, &bound, err));
    rule->bound = bound.number;
    return OK;
}

static ErrCode parse_operand(Policy *policy, const Operator *operator, const Node * value,
                             Rule *rule, Err *err)
{
    int window;
    switch (rule->op) {
    case RULE_AT_LEAST:
    case RULE_AT_MOST:
        return parse_bound(policy, value, rule, err);
    case RULE_GROWN_TO:
    case RULE_SINCE:
        return parameter_number(policy, value, MONTHS_AT_MOST, &rule->bound, &rule->parameter, err);
    case RULE_AGE_FROM:
    case RULE_AGE_BELOW:
        return parse_age(policy, operator, value, rule, err);
    case RULE_WITHIN:
        TRY(parameter_choice(policy, value, WINDOW_WORDS, &window, &rule->parameter, err));
        rule->window = (Window)window;
        return OK;
    case RULE_IN:
    case RULE_ALL:
    case RULE_ANY:
    case RULE_NOT:
    default:
        break;
    }
    TRY(parse_values(policy, value, rule->fact, &rule->values, &rule->value_count, err));
    Node review = node_find(value->parent, "review");
    if (review.value)
        TRY(parse_values(policy, &review, rule->fact, &rule->review, &rule->review_count, err));
    if (review.value ? rule->review_count == 0 : rule->value_count == 0)
        return node_error(review.value ? &review : value, err, _("needs at least one value"));
    return OK;
}

/* "when": a condition that counts only while a parameter has a certain word. */
static ErrCode parse_when(Policy *policy, const Node *node, bool *ret_on, Err *err)
{
    Node when = node_find(node, "when"), is;
    const char *name;
    int choice;
    *ret_on = true;
    if (!when.value)
        return OK;
    TRY(node_keys(&when, WHEN_KEYS, err));
    TRY(node_get_string(&when, "parameter", &name, err));
    TRY(node_get(&when, "is", &is, err));
    const Parameter *parameter = parameter_find(policy, &when, name, err);
    if (!parameter)
        return err->code;
    if (parameter->kind != PARAMETER_WORD)
        return node_error(&when, err, _("parameter '%s' is of another kind"), name);
    TRY(node_choice(&is, parameter->choices, &choice, err));
    *ret_on = text_equal(parameter->choices[choice], parameter->word);
    return OK;
}

bool clause_is_taken(const Policy *policy, const char *clause)
{
    bool taken = text_equal(policy->gate_clause, clause);
    for (size_t i = 0; i < policy->condition_count; i++)
        taken |= text_equal(policy->conditions[i]->clause, clause);
    for (size_t i = 0; i < policy->route_count; i++)
        taken |= text_equal(policy->routes[i].clause, clause);
    return taken;
}

static ErrCode register_condition(Policy *policy, const Node *node, Rule *rule, Err *err)
{
    if (policy->condition_count == CONDITIONS_AT_MOST)
        return node_error(node, err, _("a policy has at most %d conditions"), CONDITIONS_AT_MOST);
    if (clause_is_taken(policy, rule->clause))
        return node_error(node, err, _("clause '%s' stands here a second time"), rule->clause);
    rule->place = policy->condition_count;
    policy->conditions[policy->condition_count++] = rule;
    return OK;
}

static ErrCode parse_condition(Policy *policy, const Node *node, Rule *rule, bool *ret_on, Err *err)
{
    Node value = {0};
    TRY(node_keys(node, CONDITION_KEYS, err));
    TRY(parse_text(policy, node, "clause", &rule->clause, err));
    TRY(parse_text(policy, node, "text", &rule->text, err));
    TRY(parse_text(policy, node, "en", &rule->en, err));
    TRY(parse_fact(node, &rule->fact, err));
    policy->facts_named |= UINT32_C(1) << rule->fact;
    const Operator *operator= find_operator(node, rule->fact, &value, err);
    if (!operator)
        return err->code;
    rule->op = operator->op;
    TRY(parse_operand(policy, operator, & value, rule, err));
    TRY(parse_when(policy, node, ret_on, err));
    return *ret_on ? register_condition(policy, node, rule, err) : OK;
}

/* The items of "all" or "any", or the one of "not"; items that are switched off are left out. */
static ErrCode parse_items(Policy *policy, const Node *items, Rule *rule, Err *err)
{
    size_t count = 1;
    if (rule->op != RULE_NOT)
        TRY(node_count(items, &count, err));
    if (count == 0)
        return node_error(items, err, _("needs at least one condition"));
    Rule *rules = arena_array(policy->arena, Rule, count);
    rule->items = rules;
    for (size_t i = 0; i < count; i++) {
        Node item = rule->op == RULE_NOT ? *items : node_item(items, i);
        bool on;
        TRY(rule_parse(policy, &item, &rules[rule->item_count], &on, err));
        if (on)
            rule->item_count++;
        else
            rules[rule->item_count] = (Rule){0};
    }
    return OK;
}

static int node_depth(const Node *node)
{
    int depth = 0;
    for (; node->parent; node = node->parent)
        depth++;
    return depth;
}

ErrCode rule_parse_group(Policy *policy, const Node *node, Rule *ret_rule, bool *ret_on, Err *err)
{
    Node items = {0};
    int found = -1;
    for (int i = 0; GROUP_KEYS[i]; i++) {
        Node candidate = node_find(node, GROUP_KEYS[i]);
        if (!candidate.value)
            continue;
        if (found >= 0)
            return node_error(node, err, _("has both '%s' and '%s'"), GROUP_KEYS[found],
                              GROUP_KEYS[i]);
        found = i;
        items = candidate;
    }
    if (found < 0)
        return node_error(node, err, _("needs 'all', 'any' or 'not'"));
    if (node_depth(node) > DEPTH_AT_MOST * 2)
        return node_error(node, err, _("groups may stand at most %d deep"), DEPTH_AT_MOST);
    *ret_rule = (Rule){.op = (RuleOp)found, .fact = FACT_NONE};
    TRY(parse_items(policy, &items, ret_rule, err));
    *ret_on = ret_rule->item_count > 0;
    return OK;
}

ErrCode rule_parse(Policy *policy, const Node *node, Rule *ret_rule, bool *ret_on, Err *err)
{
    bool group = false;
    for (size_t i = 0; GROUP_KEYS[i]; i++)
        group |= node_find(node, GROUP_KEYS[i]).value != NULL;
    if (!group) {
        *ret_rule = (Rule){.fact = FACT_NONE};
        return parse_condition(policy, node, ret_rule, ret_on, err);
    }
    TRY(node_keys(node, GROUP_KEYS, err));
    return rule_parse_group(policy, node, ret_rule, ret_on, err);
}
