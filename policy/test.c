#include "base/json.h"
#include "base/render.h"
#include "policy/cases.h"
#include "policy/verbs.h"

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    const Policy *policy;
    json_t *result;
    TRY(policy_load(context->arena, argument_at(arguments, 0), &policy, err));
    TRY(cases_run(context->arena, policy, &result, err));
    json_int_t failed = json_integer_value(json_object_get(result, "failed"));
    if (failed == 0) {
        *ret_result = result;
        return OK;
    }
    /* The result of a command that fails is not printed, but here it is what the user asked for. */
    render_print(&POLICY_TEST, context, result);
    json_decref(result);
    err_set(err, ERR_REFUSED, _("policy '%s' fails %d of its cases"), policy->id, (int)failed);
    return err_hint(err, _("correct the policy, or the case where the notice says otherwise"));
}

static const char *compact(Arena *arena, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *copy = arena_strdup(arena, text);
    free(text);
    return copy;
}

static void show(const Context *context, const json_t *result)
{
    const json_t *failures = json_object_get(result, "failures");
    json_int_t cases = json_integer_value(json_object_get(result, "cases"));
    bool good = json_array_size(failures) == 0;
    size_t index;
    const json_t *failure;
    JSON_ITEMS (failures, index, failure) {
        printf("%s%s%s: %s\n", render_style(stdout, STYLE_BAD),
               json_string_value(json_object_get(failure, "case")), render_plain(stdout),
               json_string_value(json_object_get(failure, "why")));
        printf("  %s %s\n", _("expected"),
               compact(context->arena, json_object_get(failure, "expected")));
        printf("  %s %s\n", _("got     "),
               compact(context->arena, json_object_get(failure, "got")));
    }
    printf(_("%s%s%s: %d cases, %d failed\n"), render_style(stdout, good ? STYLE_GOOD : STYLE_BAD),
           json_string_value(json_object_get(result, "policy")), render_plain(stdout), (int)cases,
           (int)json_array_size(failures));
}

static const Positional POSITIONALS[] = {
    {"ID", N_("policy; may be left out while there is only one"), .optional = true},
    {0},
};

const Command POLICY_TEST = {
    .words = "policy test",
    .summary = N_("run the cases that a policy brings with it"),
    .details = N_("Each case is a person's facts, a day, and what must be said of them. The exit "
                  "status is 1 when one "
                  "of them fails."),
    .positionals = POSITIONALS,
    .role = ROLE_ANYONE,
    .run = run,
    .show = show,
};
