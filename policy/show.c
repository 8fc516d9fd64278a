#include "base/json.h"
#include "base/render.h"
#include "policy/parse.h"
#include "policy/verbs.h"
#include "policy/words.h"

static json_t *date_json(Date date)
{
    char day[11];
    return date == DATE_NONE ? json_null() : json_string(date_format(date, day));
}

/* The values that a parameter has, each from a day on; one that --set moved has no history. */
static json_t *history_json(Arena *arena, const Parameter *parameter)
{
    json_t *history = json_array();
    for (size_t i = 0; i < parameter->value_count && !parameter->moved; i++) {
        const DatedValue *value = &parameter->values[i];
        json_t *line = json_object();
        json_object_set_new(line, "from", date_json(value->from));
        json_object_set_new(line, "value",
                            json_string(parameter_value_of(arena, parameter, value)));
        json_object_set_new(line, "why", json_string(value->why));
        json_object_set_new(line, "holds", json_boolean(i == parameter->chosen));
        json_array_append_new(history, line);
    }
    return history;
}

static json_t *parameters_json(Arena *arena, const Policy *policy, Lang lang)
{
    json_t *list = json_array();
    for (size_t i = 0; i < policy->parameter_count; i++) {
        const Parameter *parameter = &policy->parameters[i];
        json_t *line = json_object();
        json_object_set_new(line, "parameter", json_string(parameter->name));
        json_object_set_new(line, "value", json_string(parameter_value(arena, parameter)));
        json_object_set_new(line, "moved", json_boolean(parameter->moved));
        json_object_set_new(line, "meaning",
                            json_string(lang == LANG_ZH ? parameter->zh : parameter->en));
        json_object_set_new(line, "why", json_string(parameter->why));
        json_object_set_new(line, "since",
                            date_json(parameter->moved ? DATE_NONE : parameter->since));
        json_object_set_new(line, "history", history_json(arena, parameter));
        json_array_append_new(list, line);
    }
    return list;
}

static json_t *conditions_json(const Context *context, const Policy *policy, int route)
{
    json_t *list = json_array();
    for (size_t i = 0; i < policy->condition_count; i++) {
        const Rule *rule = policy->conditions[i];
        if (policy->condition_route[i] != route)
            continue;
        json_t *line = json_object();
        json_object_set_new(line, "clause", json_string(rule->clause));
        json_object_set_new(line, "text", json_string(rule->text));
        json_object_set_new(line, "en", json_string(rule->en));
        json_object_set_new(line, "fact", json_string(fact_info(rule->fact)->name));
        json_object_set_new(line, "rule",
                            json_string(condition_words(context->arena, rule, context->lang)));
        json_object_set_new(line, "parameter",
                            rule->parameter ? json_string(rule->parameter) : json_null());
        json_array_append_new(list, line);
    }
    return list;
}

static json_t *gate_json(const Context *context, const Policy *policy)
{
    if (!policy->gate_clause)
        return json_null();
    json_t *gate = json_object();
    json_object_set_new(gate, "clause", json_string(policy->gate_clause));
    json_object_set_new(gate, "text", json_string(policy->gate_text));
    json_object_set_new(gate, "en", json_string(policy->gate_en));
    json_object_set_new(gate, "rule", json_string(rule_words(context->arena, &policy->gate)));
    json_object_set_new(gate, "conditions", conditions_json(context, policy, -1));
    return gate;
}

static json_t *routes_json(const Context *context, const Policy *policy)
{
    json_t *list = json_array();
    for (size_t i = 0; i < policy->route_count; i++) {
        const Route *route = &policy->routes[i];
        json_t *line = json_object();
        json_object_set_new(line, "id", json_string(route->id));
        json_object_set_new(line, "clause", json_string(route->clause));
        json_object_set_new(line, "text", json_string(route->text));
        json_object_set_new(line, "en", json_string(route->en));
        json_object_set_new(line, "reason", json_string(route->reason));
        json_object_set_new(line, "rule", json_string(rule_words(context->arena, &route->rule)));
        json_object_set_new(line, "conditions", conditions_json(context, policy, (int)i));
        json_array_append_new(list, line);
    }
    return list;
}

static json_t *notes_json(const Policy *policy)
{
    json_t *list = json_array();
    for (size_t i = 0; i < policy->note_count; i++) {
        json_t *line = json_object();
        json_object_set_new(line, "clause", json_string(policy->notes[i].clause));
        json_object_set_new(line, "text", json_string(policy->notes[i].text));
        json_object_set_new(line, "en", json_string(policy->notes[i].en));
        json_array_append_new(list, line);
    }
    return list;
}

static json_t *policy_json(const Context *context, const Policy *policy)
{
    json_t *result = json_object(), *source = json_object();
    json_object_set_new(source, "number", json_string(policy->number));
    json_object_set_new(source, "issued_by", json_string(policy->issued_by));
    json_object_set_new(source, "issued_on", date_json(policy->issued_on));
    json_object_set_new(source, "url", json_string(policy->url));
    json_object_set_new(source, "certainty", json_string(certainty_name(policy->certainty)));
    json_object_set_new(source, "certainty_label", json_string(certainty_label(policy->certainty)));
    json_object_set_new(source, "caution",
                        policy->caution ? json_string(policy->caution) : json_null());
    json_object_set_new(result, "id", json_string(policy->id));
    json_object_set_new(result, "title", json_string(policy_title(policy)));
    json_object_set_new(result, "source", source);
    json_object_set_new(result, "from", date_json(policy->from));
    json_object_set_new(result, "until", date_json(policy->until));
    json_object_set_new(result, "sha256", json_string(policy->sha256));
    json_object_set_new(result, "rules_since",
                        date_json(policy->era_from == DATE_MIN ? DATE_NONE : policy->era_from));
    json_object_set_new(result, "rules_until",
                        date_json(policy->next ? policy->era_until : DATE_NONE));
    json_object_set_new(result, "parameters",
                        parameters_json(context->arena, policy, context->lang));
    json_object_set_new(result, "gate", gate_json(context, policy));
    json_object_set_new(result, "routes", routes_json(context, policy));
    json_object_set_new(result, "notes", notes_json(policy));
    return result;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    const Policy *policy;
    const char *const *settings;
    size_t count = option_values(arguments, "set", &settings);
    TRY(policy_load(context->arena, argument_at(arguments, 0), &policy, err));
    if (count)
        TRY(policy_set(context->arena, policy, settings, count, &policy, err));
    *ret_result = policy_json(context, policy_at(policy, context->as_of));
    return OK;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* A gate or a route: the notice's sentence, its translation, and its conditions with what they ask.
 */
static void show_group(const Context *context, const json_t *group, const char *heading)
{
    size_t index;
    const json_t *condition;
    printf("\n%s%s %s%s\n", render_style(stdout, STYLE_BOLD), text_of(group, "clause"), heading,
           render_plain(stdout));
    printf("  “%s”\n", text_of(group, "text"));
    if (context->lang == LANG_EN)
        printf("  %s%s%s\n", render_style(stdout, STYLE_DIM), text_of(group, "en"),
               render_plain(stdout));
    JSON_ITEMS (json_object_get(group, "conditions"), index, condition) {
        printf("  · %s\n", text_of(condition, "rule"));
        printf("    %s%s “%s”%s\n", render_style(stdout, STYLE_DIM), text_of(condition, "clause"),
               text_of(condition, "text"), render_plain(stdout));
    }
}

/* A row for each value that a parameter has had or will have; the one that holds is marked where
 * there are several. */
static void show_parameters(const json_t *parameters)
{
    static const Column COLUMNS[] = {{"parameter", N_("parameter")}, {"value", N_("value")},
                                     {"since", N_("since")},         {"holds", ""},
                                     {"meaning", N_("meaning")},     {0}};
    json_t *rows = json_array();
    size_t index, place;
    const json_t *parameter, *value;
    JSON_ITEMS (parameters, index, parameter) {
        const json_t *history = json_object_get(parameter, "history");
        if (json_array_size(history) < 2) {
            json_array_append(rows, (json_t *)(uintptr_t)parameter);
            continue;
        }
        JSON_ITEMS (history, place, value) {
            bool holds = json_kind(json_object_get(value, "holds")) == JSON_TRUE;
            json_t *row = json_object();
            json_object_set(row, "parameter", json_object_get(parameter, "parameter"));
            json_object_set(row, "value", json_object_get(value, "value"));
            json_object_set(row, "since", json_object_get(value, "from"));
            json_object_set_new(row, "holds", json_string(holds ? _("now") : ""));
            json_object_set(row, "meaning", json_object_get(parameter, "meaning"));
            json_array_append_new(rows, row);
        }
    }
    render_table(stdout, COLUMNS, rows);
    json_decref(rows);
}

static void show_source(const json_t *result)
{
    const json_t *source = json_object_get(result, "source");
    printf("%s%s%s\n%s  %s  %s\n", render_style(stdout, STYLE_BOLD), text_of(result, "title"),
           render_plain(stdout), text_of(source, "number"), text_of(source, "issued_by"),
           text_of(source, "issued_on"));
    printf(_("The text was %s\n"), text_of(source, "certainty_label"));
    if (json_kind(json_object_get(source, "caution")) == JSON_STRING)
        printf("%s%s%s\n", render_style(stdout, STYLE_WARN), text_of(source, "caution"),
               render_plain(stdout));
}

static void show(const Context *context, const json_t *result)
{
    const json_t *gate = json_object_get(result, "gate"), *item;
    size_t index;
    show_source(result);
    if (json_kind(gate) == JSON_OBJECT)
        show_group(context, gate, _("Everyone must meet"));
    JSON_ITEMS (json_object_get(result, "routes"), index, item)
        show_group(context, item, text_of(item, "id"));
    if (json_array_size(json_object_get(result, "parameters"))) {
        printf("\n%s%s%s\n", render_style(stdout, STYLE_BOLD), _("What --set can move"),
               render_plain(stdout));
        show_parameters(json_object_get(result, "parameters"));
    }
    JSON_ITEMS (json_object_get(result, "notes"), index, item)
        printf("%s%s “%s”\n", index ? "" : "\n", text_of(item, "clause"), text_of(item, "text"));
}

static const Positional POSITIONALS[] = {
    {"ID", N_("policy; may be left out while there is only one"), .optional = true},
    {0},
};

static const Option OPTIONS[] = {
    SET_OPTION,
    {0},
};

const Command POLICY_SHOW = {
    .words = "policy show",
    .summary = N_("show a policy's rules in words, with their clauses"),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_ANYONE,
    .run = run,
    .show = show,
};
