#include "policy/parse.h"
#include "policy/verbs.h"

static json_t *policy_line(const Policy *policy)
{
    char day[11];
    json_t *line = json_object();
    json_object_set_new(line, "id", json_string(policy->id));
    json_object_set_new(line, "title", json_string(policy_title(policy)));
    json_object_set_new(line, "source", json_string(policy->number));
    json_object_set_new(line, "certainty", json_string(certainty_name(policy->certainty)));
    json_object_set_new(line, "from", json_string(date_format(policy->from, day)));
    json_object_set_new(line, "until",
                        policy->until == DATE_NONE ? json_null()
                                                   : json_string(date_format(policy->until, day)));
    json_object_set_new(line, "routes", json_integer((json_int_t)policy->route_count));
    json_object_set_new(line, "conditions", json_integer((json_int_t)policy->condition_count));
    json_object_set_new(line, "sha256", json_string(policy->sha256));
    return line;
}

static ErrCode list_policies(Context *context, json_t *lines, Err *err)
{
    const char *const *ids;
    size_t count;
    TRY(policy_ids(context->arena, &ids, &count, err));
    for (size_t i = 0; i < count; i++) {
        const Policy *policy;
        TRY(policy_load(context->arena, ids[i], &policy, err));
        json_array_append_new(lines, policy_line(policy));
    }
    return OK;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    json_t *lines = json_array();
    ErrCode code = list_policies(context, lines, err);
    if (code == OK)
        *ret_result = lines;
    else
        json_decref(lines);
    return code;
}

static const Column COLUMNS[] = {
    {"id", N_("policy")},        {"source", N_("number")},
    {"title", N_("title")},      {"from", N_("from")},
    {"until", N_("until")},      {"routes", N_("routes")},
    {"certainty", N_("source")}, {0},
};

const Command POLICY_LIST = {
    .words = "policy list",
    .summary = N_("list the policies that this program knows"),
    .details =
        N_("'certainty' says how the text was read: official (in an official text), copy (in a "
           "third party's copy), excerpt (in parts), assumed (made up). Where no policy is "
           "named, the one official policy is meant."),
    .columns = COLUMNS,
    .role = ROLE_ANYONE,
    .run = run,
};
