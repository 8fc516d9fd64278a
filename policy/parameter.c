#include "base/json.h"
#include "base/text.h"
#include "policy/keys.h"
#include "policy/parse.h"

#include <inttypes.h>

static const char *const *parameter_names(const Policy *policy)
{
    const char **names = arena_array(policy->arena, const char *, policy->parameter_count + 1);
    for (size_t i = 0; i < policy->parameter_count; i++)
        names[i] = policy->parameters[i].name;
    return names;
}

Parameter *parameter_named(const Policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->parameter_count; i++) {
        if (text_equal(policy->parameters[i].name, name))
            return &policy->parameters[i];
    }
    return NULL;
}

ErrCode parameter_hint(const Policy *policy, const char *name, Err *err)
{
    const char *nearest = text_nearest(name, parameter_names(policy), policy->parameter_count);
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
}

Parameter *parameter_find(Policy *policy, const Node *node, const char *name, Err *err)
{
    Parameter *parameter = parameter_named(policy, name);
    if (parameter) {
        parameter->used = true;
        return parameter;
    }
    node_error(node, err, _("unknown parameter '%s'"), name);
    parameter_hint(policy, name, err);
    return NULL;
}

/* The words that a parameter may take, copied out of the JSON. */
static ErrCode parse_choices(Arena *arena, const Node *node, Parameter *parameter, Err *err)
{
    Node choices;
    size_t count;
    TRY(node_get(node, "choices", &choices, err));
    TRY(node_count(&choices, &count, err));
    const char **words = arena_array(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        Node item = node_item(&choices, i);
        TRY(node_string(&item, &words[i], err));
        words[i] = arena_strdup(arena, words[i]);
    }
    parameter->choices = words;
    return OK;
}

/* One value of the parameter's kind, within its range or of its choices. */
static ErrCode parse_one(const Parameter *parameter, const Node *value, DatedValue *ret, Err *err)
{
    bool flag;
    int choice;
    switch (parameter->kind) {
    case PARAMETER_FLAG:
        TRY(node_bool(value, &flag, err));
        ret->number = flag;
        return OK;
    case PARAMETER_WORD:
        TRY(node_choice(value, parameter->choices, &choice, err));
        ret->word = parameter->choices[choice];
        return OK;
    case PARAMETER_NUMBER:
    default:
        break;
    }
    return node_int(value, parameter->min, parameter->max, &ret->number, err);
}

/* The kind follows from the first value; what the kind allows stands beside it. */
static ErrCode parse_kind(Arena *arena, const Node *node, const json_t *value, Parameter *parameter,
                          Err *err)
{
    if (json_is_flag(value)) {
        parameter->kind = PARAMETER_FLAG;
        return OK;
    }
    if (json_kind(value) == JSON_STRING) {
        parameter->kind = PARAMETER_WORD;
        return parse_choices(arena, node, parameter, err);
    }
    parameter->kind = PARAMETER_NUMBER;
    TRY(node_get_int(node, "min", 0, INT32_MAX, &parameter->min, err));
    return node_get_int(node, "max", parameter->min, INT32_MAX, &parameter->max, err);
}

/* "value": [{"from": DAY, "value": …}, …]: each holds from its day until the day before the next's.
 */
static ErrCode parse_dated(Arena *arena, const Node *list, Parameter *parameter, Err *err)
{
    DatedValue *values = arena_array(arena, DatedValue, json_array_size(list->value));
    for (size_t i = 0; i < json_array_size(list->value); i++) {
        Node item = node_item(list, i), from, value, why = node_find(&item, "why");
        TRY(node_keys(&item, DATED_KEYS, err));
        TRY(node_get(&item, "from", &from, err));
        TRY(node_date(&from, &values[i].from, err));
        if (i > 0 && values[i].from <= values[i - 1].from)
            return node_error(&from, err, _("must be a later day than the one before it"));
        TRY(node_get(&item, "value", &value, err));
        TRY(parse_one(parameter, &value, &values[i], err));
        values[i].why = parameter->why;
        if (!why.value)
            continue;
        TRY(node_string(&why, &values[i].why, err));
        values[i].why = arena_strdup(arena, values[i].why);
    }
    parameter->values = values;
    parameter->value_count = json_array_size(list->value);
    return OK;
}

/* "value" and "since": the one value that the parameter has had from a day on. */
static ErrCode parse_single(Arena *arena, const Node *node, const Node *value, Parameter *parameter,
                            Err *err)
{
    Node since;
    DatedValue *only = arena_array(arena, DatedValue, 1);
    TRY(node_get(node, "since", &since, err));
    TRY(node_date(&since, &only->from, err));
    only->why = parameter->why;
    parameter->values = only;
    parameter->value_count = 1;
    return parse_one(parameter, value, only, err);
}

static ErrCode parse_value(Arena *arena, const Node *node, Parameter *parameter, Err *err)
{
    Node value, since = node_find(node, "since");
    TRY(node_get(node, "value", &value, err));
    if (json_kind(value.value) != JSON_ARRAY) {
        TRY(parse_kind(arena, node, value.value, parameter, err));
        return parse_single(arena, node, &value, parameter, err);
    }
    if (json_array_size(value.value) == 0)
        return node_error(&value, err, _("needs at least one value"));
    if (since.value)
        return node_error(&since, err, _("each of the values says 'from' which day it holds"));
    const json_t *first = json_array_get(value.value, 0);
    TRY(parse_kind(arena, node, json_object_get(first, "value"), parameter, err));
    return parse_dated(arena, &value, parameter, err);
}

/* The value on the first day of an era; before its first day the first one counts already. */
static void choose_value(Parameter *parameter, Date day)
{
    size_t chosen = 0;
    while (chosen + 1 < parameter->value_count && parameter->values[chosen + 1].from <= day)
        chosen++;
    parameter->chosen = chosen;
    parameter->since = parameter->values[chosen].from;
    parameter->number = parameter->values[chosen].number;
    parameter->word = parameter->values[chosen].word;
    parameter->why = parameter->values[chosen].why;
}

static ErrCode parse_parameter(Arena *arena, const Node *node, Parameter *parameter, Err *err)
{
    TRY(node_keys(node, PARAMETER_KEYS, err));
    TRY(node_get_string(node, "zh", &parameter->zh, err));
    TRY(node_get_string(node, "en", &parameter->en, err));
    TRY(node_get_string(node, "why", &parameter->why, err));
    parameter->name = arena_strdup(arena, node->name);
    parameter->zh = arena_strdup(arena, parameter->zh);
    parameter->en = arena_strdup(arena, parameter->en);
    parameter->why = arena_strdup(arena, parameter->why);
    return parse_value(arena, node, parameter, err);
}

ErrCode parameters_parse(Policy *policy, const Node *node, const char *const *settings,
                         size_t count, Err *err)
{
    const char *key;
    json_t *value;
    static const char *const ANY_KEY[] = {NULL};
    if (node->value && json_kind(node->value) != JSON_OBJECT)
        return node_keys(node, ANY_KEY, err);
    policy->parameters = arena_array(policy->arena, Parameter, json_object_size(node->value) + 1);
    JSON_MEMBERS (node->value, key, value) {
        Node item = {.parent = node, .name = key, .value = value};
        TRY(parse_parameter(policy->arena, &item, &policy->parameters[policy->parameter_count],
                            err));
        choose_value(&policy->parameters[policy->parameter_count], policy->era_from);
        policy->parameter_count++;
    }
    for (size_t i = 0; i < count; i++)
        TRY(setting_apply(policy, settings[i], err));
    return OK;
}

Date parameters_change(const Policy *policy)
{
    Date first = DATE_NONE;
    for (size_t i = 0; i < policy->parameter_count; i++) {
        const Parameter *parameter = &policy->parameters[i];
        size_t next = parameter->chosen + 1;
        if (parameter->moved || next >= parameter->value_count)
            continue;
        if (first == DATE_NONE || parameter->values[next].from < first)
            first = parameter->values[next].from;
    }
    return first;
}

/* The parameter that "$name" means; *ret NULL when the value stands in place. */
static ErrCode reference(Policy *policy, const Node *node, ParameterKind kind,
                         const Parameter **ret, Err *err)
{
    const char *text = json_string_value(node->value);
    *ret = NULL;
    if (!text || text[0] != '$')
        return OK;
    const Parameter *parameter = parameter_find(policy, node, text + 1, err);
    if (!parameter)
        return err->code;
    if (parameter->kind != kind)
        return node_error(node, err, _("parameter '%s' is of another kind"), parameter->name);
    *ret = parameter;
    return OK;
}

ErrCode parameter_number(Policy *policy, const Node *node, int64_t max, int64_t *ret_number,
                         const char **ret_name, Err *err)
{
    const Parameter *parameter;
    TRY(reference(policy, node, PARAMETER_NUMBER, &parameter, err));
    if (!parameter)
        return node_int(node, 0, max, ret_number, err);
    if (parameter->max > max)
        return node_error(node, err, _("parameter '%s' may be larger than %" PRId64),
                          parameter->name, max);
    *ret_number = parameter->number;
    *ret_name = parameter->name;
    return OK;
}

ErrCode parameter_flag(Policy *policy, const Node *node, bool *ret_flag, Err *err)
{
    const Parameter *parameter;
    TRY(reference(policy, node, PARAMETER_FLAG, &parameter, err));
    if (!parameter)
        return node_bool(node, ret_flag, err);
    *ret_flag = parameter->number != 0;
    return OK;
}

ErrCode parameter_choice(Policy *policy, const Node *node, const char *const *choices,
                         int *ret_index, const char **ret_name, Err *err)
{
    const Parameter *parameter;
    TRY(reference(policy, node, PARAMETER_WORD, &parameter, err));
    if (!parameter)
        return node_choice(node, choices, ret_index, err);
    for (int i = 0; choices[i]; i++) {
        if (text_equal(choices[i], parameter->word)) {
            *ret_index = i;
            *ret_name = parameter->name;
            return OK;
        }
    }
    return node_error(node, err, _("'%s' is no choice here"), parameter->word);
}

const char *parameter_value(Arena *arena, const Parameter *parameter)
{
    const DatedValue now = {.number = parameter->number, .word = parameter->word};
    return parameter_value_of(arena, parameter, &now);
}

const char *parameter_value_of(Arena *arena, const Parameter *parameter, const DatedValue *value)
{
    switch (parameter->kind) {
    case PARAMETER_NUMBER:
        return arena_printf(arena, "%" PRId64, value->number);
    case PARAMETER_FLAG:
        return value->number ? "yes" : "no";
    case PARAMETER_WORD:
    default:
        break;
    }
    return value->word;
}
