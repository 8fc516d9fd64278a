#include "base/json.h"
#include "base/render.h"
#include "policy/inspect.h"
#include "policy/parse.h"
#include "policy/verbs.h"

static ErrCode check_one(Arena *arena, const char *id, json_t *policies, size_t *findings, Err *err)
{
    const Policy *policy;
    json_t *found, *line;
    TRY(policy_load(arena, id, &policy, err));
    TRY(policy_inspect(arena, policy, &found, err));
    line = json_object();
    *findings += json_array_size(found);
    json_object_set_new(line, "policy", json_string(policy->id));
    json_object_set_new(line, "routes", json_integer((json_int_t)policy->route_count));
    json_object_set_new(line, "conditions", json_integer((json_int_t)policy->condition_count));
    json_object_set_new(line, "findings", found);
    json_array_append_new(policies, line);
    return OK;
}

static ErrCode check(Arena *arena, const char *id, json_t *policies, size_t *findings, Err *err)
{
    const char *const *ids = &id;
    size_t count = 1;
    if (!id)
        TRY(policy_ids(arena, &ids, &count, err));
    for (size_t i = 0; i < count; i++)
        TRY(check_one(arena, ids[i], policies, findings, err));
    return OK;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    size_t findings = 0;
    json_t *policies = json_array();
    ErrCode code = check(context->arena, argument_at(arguments, 0), policies, &findings, err);
    if (code != OK) {
        json_decref(policies);
        return code;
    }
    json_t *result = json_object();
    json_object_set_new(result, "findings", json_integer((json_int_t)findings));
    json_object_set_new(result, "policies", policies);
    if (findings == 0) {
        *ret_result = result;
        return OK;
    }
    /* As with the cases: the findings are what the user asked for. */
    render_print(&POLICY_CHECK, context, result);
    json_decref(result);
    err_set(err, ERR_REFUSED, _("%zu findings"), findings);
    return err_hint(err, _("correct the policy; 'talent policy show' says what it holds"));
}

static void show_policy(const json_t *policy)
{
    const json_t *findings = json_object_get(policy, "findings"), *finding;
    bool good = json_array_size(findings) == 0;
    size_t index;
    printf(_("%s%s%s: %lld routes, %lld conditions, %zu findings\n"),
           render_style(stdout, good ? STYLE_GOOD : STYLE_BAD),
           json_string_value(json_object_get(policy, "policy")), render_plain(stdout),
           json_integer_value(json_object_get(policy, "routes")),
           json_integer_value(json_object_get(policy, "conditions")), json_array_size(findings));
    JSON_ITEMS (findings, index, finding) {
        const json_t *from = json_object_get(finding, "from");
        printf("  · %s", json_string_value(json_object_get(finding, "text")));
        if (json_kind(from) == JSON_STRING)
            printf(_(" (rules from %s on)"), json_string_value(from));
        putchar('\n');
    }
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    size_t index;
    const json_t *policy;
    JSON_ITEMS (json_object_get(result, "policies"), index, policy)
        show_policy(policy);
}

static const Positional POSITIONALS[] = {
    {"ID", N_("policy, or its file; all policies when left out"), .optional = true},
    {0},
};

const Command POLICY_CHECK = {
    .words = "policy check",
    .summary = N_("look for mistakes in a policy that can be read"),
    .details =
        N_("Clauses that never hold, always hold or decide nothing beside the others; routes "
           "that nobody can meet; values of parameters that never count; facts that no form "
           "asks for; proofs that no clause needs, or that are wanting. What cannot be read at all "
           "is an error at its place in the file. The "
           "exit status is 1 when something is found."),
    .positionals = POSITIONALS,
    .role = ROLE_ANYONE,
    .run = run,
    .show = show,
};
