#include "policy/inspect.h"

#include "base/config.h"
#include "base/json.h"
#include "base/text.h"
#include "policy/parse.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

static bool is_reported(const json_t *findings, const char *what, const char *name)
{
    size_t index;
    const json_t *finding;
    JSON_ITEMS (findings, index, finding) {
        if (text_equal(json_string_value(json_object_get(finding, "what")), what) &&
            text_equal(json_string_value(json_object_get(finding, "name")), name))
            return true;
    }
    return false;
}

void finding_add(json_t *findings, const char *what, const char *name, const Policy *era,
                 const char *format, ...)
{
    char day[11];
    va_list arguments;
    if (is_reported(findings, what, name))
        return;
    json_t *finding = json_object();
    bool dated = era && era->era_from != DATE_MIN;
    va_start(arguments, format);
    json_object_set_new(finding, "what", json_string(what));
    json_object_set_new(finding, "name", json_string(name));
    json_object_set_new(finding, "from",
                        dated ? json_string(date_format(era->era_from, day)) : json_null());
    json_object_set_new(finding, "text", json_vsprintf(format, arguments));
    va_end(arguments);
    json_array_append_new(findings, finding);
}

static bool same_value(const Parameter *parameter, const DatedValue *a, const DatedValue *b)
{
    return a->number == b->number &&
           (parameter->kind != PARAMETER_WORD || text_equal(a->word, b->word));
}

/* Values that come too late, that were over too soon, or that are no change. */
static void inspect_parameter(const Policy *policy, const Parameter *parameter, json_t *findings)
{
    char day[11];
    for (size_t i = 0; i < parameter->value_count; i++) {
        const DatedValue *value = &parameter->values[i];
        date_format(value->from, day);
        bool over = i + 1 < parameter->value_count && value[1].from <= policy->from;
        bool late = policy->until != DATE_NONE && value->from > policy->until;
        if (over || late)
            finding_add(findings, "never_counts", parameter->name, NULL,
                        _("the value of parameter '%s' from %s never counts: the policy is not in "
                          "force then"),
                        parameter->name, day);
        if (i > 0 && same_value(parameter, value, value - 1))
            finding_add(findings, "no_change", parameter->name, NULL,
                        _("parameter '%s' does not change on %s"), parameter->name, day);
    }
}

/* Takes out of *facts those that some object of a form names. */
static void forget_asked(const json_t *json, uint32_t *facts)
{
    const char *key;
    const json_t *value, *item;
    size_t index;
    JSON_ITEMS (json, index, item)
        forget_asked(item, facts);
    JSON_MEMBERS (json, key, value) {
        FactId fact = text_equal(key, "fact") && json_kind(value) == JSON_STRING
                          ? fact_find(json_string_value(value))
                          : FACT_NONE;
        if (fact != FACT_NONE)
            *facts &= ~(UINT32_C(1) << fact);
        forget_asked(value, facts);
    }
}

static ErrCode read_forms(Arena *arena, uint32_t *facts, Err *err)
{
    const char *folder = config_shared(arena, "survey/forms");
    DIR *directory = opendir(folder);
    ErrCode code = OK;
    if (!directory)
        return err_errno(err, ERR_IO, errno, _("cannot list the forms in '%s'"), folder);
    for (const struct dirent *entry; code == OK && (entry = readdir(directory));) {
        json_t *form;
        if (entry->d_name[0] == '.' || !text_ends(entry->d_name, ".json"))
            continue;
        code = node_load(arena_printf(arena, "%s/%s", folder, entry->d_name), &form, err);
        if (code != OK)
            continue;
        forget_asked(form, facts);
        json_decref(form);
    }
    closedir(directory);
    return code;
}

/* The facts that conditions of some era read. */
static uint32_t facts_read(const Policy *policy)
{
    uint32_t facts = 0;
    for (const Policy *era = policy; era; era = era->next) {
        for (size_t i = 0; i < era->condition_count; i++)
            facts |= UINT32_C(1) << era->conditions[i]->fact;
    }
    return facts;
}

/* Papers are asked for what a clause reads, and, where any are, for all that clauses read. */
static void inspect_proofs(const Policy *policy, json_t *findings)
{
    uint32_t read = facts_read(policy), proved = 0;
    for (int fact = 0; fact < FACT_COUNT; fact++)
        proved |= (uint32_t)(policy->proofs[fact].zh != NULL) << fact;
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        const char *name = fact_info((FactId)fact)->name;
        if (proved & ~policy->facts_named & UINT32_C(1) << fact)
            finding_add(findings, "needless_proof", name, NULL,
                        _("a proof of fact '%s' is asked for, which no clause reads"), name);
        if (proved && (read & ~proved & UINT32_C(1) << fact))
            finding_add(findings, "no_proof", name, NULL,
                        _("'proofs' does not say how fact '%s' is proved"), name);
    }
}

static ErrCode inspect_facts(Arena *arena, const Policy *policy, json_t *findings, Err *err)
{
    uint32_t facts = facts_read(policy);
    TRY(read_forms(arena, &facts, err));
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        const char *name = fact_info((FactId)fact)->name;
        if (facts >> fact & 1)
            finding_add(findings, "never_asked", name, NULL, _("no form asks for fact '%s'"), name);
    }
    return OK;
}

static void inspect_file(Arena *arena, const Policy *policy, json_t *findings)
{
    const char *file = policy->file.name;
    char *stem = arena_strndup(arena, file, strlen(file) - strlen(".json"));
    if (access(arena_printf(arena, "%s.cases.json", stem), R_OK) != 0)
        finding_add(findings, "no_cases", policy->id, NULL, _("policy '%s' brings no cases"),
                    policy->id);
    if (policy->certainty != CERTAINTY_OFFICIAL && !policy->caution)
        finding_add(findings, "no_caution", policy->id, NULL,
                    _("policy '%s' is not official and has no 'caution' to say what is unsure"),
                    policy->id);
}

static ErrCode inspect_all(Arena *arena, const Policy *policy, json_t *findings, Err *err)
{
    inspect_file(arena, policy, findings);
    for (size_t i = 0; i < policy->parameter_count; i++)
        inspect_parameter(policy, &policy->parameters[i], findings);
    for (const Policy *era = policy; era; era = era->next)
        inspect_rules(era, findings);
    inspect_proofs(policy, findings);
    return inspect_facts(arena, policy, findings, err);
}

ErrCode policy_inspect(Arena *arena, const Policy *policy, json_t **ret_findings, Err *err)
{
    json_t *findings = json_array();
    ErrCode code = inspect_all(arena, policy, findings, err);
    if (code == OK)
        *ret_findings = findings;
    else
        json_decref(findings);
    return code;
}
