#include "base/text.h"
#include "policy/parse.h"

#include <errno.h>
#include <inttypes.h>

static const char *const *parameter_names(const Policy *policy)
{
    const char **names = arena_array(policy->arena, const char *, policy->parameter_count + 1);
    for (size_t i = 0; i < policy->parameter_count; i++)
        names[i] = policy->parameters[i].name;
    return names;
}

static Parameter *find(const Policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->parameter_count; i++) {
        if (text_equal(policy->parameters[i].name, name))
            return &policy->parameters[i];
    }
    return NULL;
}

static ErrCode hint_nearest(const Policy *policy, const char *name, Err *err)
{
    const char *nearest = text_nearest(name, parameter_names(policy), policy->parameter_count);
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
}

Parameter *parameter_find(Policy *policy, const Node *node, const char *name, Err *err)
{
    Parameter *parameter = find(policy, name);
    if (parameter) {
        parameter->used = true;
        return parameter;
    }
    node_error(node, err, _("unknown parameter '%s'"), name);
    hint_nearest(policy, name, err);
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

static ErrCode parse_number(const Node *node, const Node *value, Parameter *parameter, Err *err)
{
    TRY(node_get_int(node, "min", 0, INT32_MAX, &parameter->min, err));
    TRY(node_get_int(node, "max", parameter->min, INT32_MAX, &parameter->max, err));
    return node_int(value, parameter->min, parameter->max, &parameter->number, err);
}

static ErrCode parse_word(Arena *arena, const Node *node, const Node *value, Parameter *parameter,
                          Err *err)
{
    int choice;
    TRY(parse_choices(arena, node, parameter, err));
    TRY(node_choice(value, parameter->choices, &choice, err));
    parameter->word = parameter->choices[choice];
    return OK;
}

static ErrCode parse_value(Arena *arena, const Node *node, Parameter *parameter, Err *err)
{
    Node value;
    TRY(node_get(node, "value", &value, err));
    if (json_is_boolean(value.value)) {
        parameter->kind = PARAMETER_FLAG;
        parameter->number = json_is_true(value.value);
        return OK;
    }
    if (json_is_string(value.value)) {
        parameter->kind = PARAMETER_WORD;
        return parse_word(arena, node, &value, parameter, err);
    }
    parameter->kind = PARAMETER_NUMBER;
    return parse_number(node, &value, parameter, err);
}

static ErrCode parse_parameter(Arena *arena, const Node *node, Parameter *parameter, Err *err)
{
    static const char *const KEYS[] = {"value", "min", "max", "choices", "since",
                                       "zh",    "en",  "why", NULL};
    Node since;
    TRY(node_keys(node, KEYS, err));
    TRY(node_get_string(node, "zh", &parameter->zh, err));
    TRY(node_get_string(node, "en", &parameter->en, err));
    TRY(node_get_string(node, "why", &parameter->why, err));
    TRY(node_get(node, "since", &since, err));
    TRY(node_date(&since, &parameter->since, err));
    TRY(parse_value(arena, node, parameter, err));
    parameter->name = arena_strdup(arena, node->name);
    parameter->zh = arena_strdup(arena, parameter->zh);
    parameter->en = arena_strdup(arena, parameter->en);
    parameter->why = arena_strdup(arena, parameter->why);
    return OK;
}

static ErrCode move_number(Parameter *parameter, const char *text, Err *err)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || number < parameter->min || number > parameter->max)
        return err_set(err, ERR_USAGE,
                       _("parameter '%s' takes a number from %" PRId64 " to %" PRId64 ", not '%s'"),
                       parameter->name, parameter->min, parameter->max, text);
    parameter->number = number;
    return OK;
}

static ErrCode move_flag(Parameter *parameter, const char *text, Err *err)
{
    static const char *const WORDS[][2] = {
        {"no", "yes"}, {"false", "true"}, {"否", "是"}, {"0", "1"}};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        for (int truth = 0; truth <= 1; truth++) {
            if (text_equal(text, WORDS[i][truth])) {
                parameter->number = truth;
                return OK;
            }
        }
    }
    return err_set(err, ERR_USAGE, _("parameter '%s' takes yes or no, not '%s'"), parameter->name,
                   text);
}

static ErrCode move_word(Arena *arena, Parameter *parameter, const char *text, Err *err)
{
    const char *list = "";
    for (size_t i = 0; parameter->choices[i]; i++) {
        if (text_equal(text, parameter->choices[i])) {
            parameter->word = parameter->choices[i];
            return OK;
        }
        list = arena_printf(arena, "%s%s%s", list, i ? ", " : "", parameter->choices[i]);
    }
    err_set(err, ERR_USAGE, _("parameter '%s' does not take '%s'"), parameter->name, text);
    return err_hint(err, _("one of: %s"), list);
}

static ErrCode move_one(Policy *policy, const char *setting, Err *err)
{
    const char *equals = strchr(setting, '=');
    if (!equals || equals == setting) {
        err_set(err, ERR_USAGE, _("'%s' moves no parameter"), setting);
        return err_hint(err, _("write PARAM=VALUE, for example age_max=50"));
    }
    const char *name = arena_strndup(policy->arena, setting, (size_t)(equals - setting));
    Parameter *parameter = find(policy, name);
    if (!parameter) {
        err_set(err, ERR_USAGE, _("policy '%s' has no parameter '%s'"), policy->id, name);
        return hint_nearest(policy, name, err);
    }
    parameter->moved = true;
    switch (parameter->kind) {
    case PARAMETER_NUMBER:
        return move_number(parameter, equals + 1, err);
    case PARAMETER_FLAG:
        return move_flag(parameter, equals + 1, err);
    case PARAMETER_WORD:
        break;
    }
    return move_word(policy->arena, parameter, equals + 1, err);
}

ErrCode parameters_parse(Policy *policy, const Node *node, const char *const *settings,
                         size_t count, Err *err)
{
    const char *key;
    json_t *value;
    static const char *const ANY_KEY[] = {NULL};
    if (node->value && !json_is_object(node->value))
        return node_keys(node, ANY_KEY, err);
    policy->parameters = arena_array(policy->arena, Parameter, json_object_size(node->value) + 1);
    json_object_foreach(node->value, key, value)
    {
        Node item = {.parent = node, .name = key, .value = value};
        TRY(parse_parameter(policy->arena, &item, &policy->parameters[policy->parameter_count],
                            err));
        policy->parameter_count++;
    }
    for (size_t i = 0; i < count; i++)
        TRY(move_one(policy, settings[i], err));
    return OK;
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
    switch (parameter->kind) {
    case PARAMETER_NUMBER:
        return arena_printf(arena, "%" PRId64, parameter->number);
    case PARAMETER_FLAG:
        return parameter->number ? "yes" : "no";
    case PARAMETER_WORD:
        break;
    }
    return parameter->word;
}
