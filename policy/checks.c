#include "policy/checks.h"

#include "base/lang.h"
#include "policy/parse.h"
#include "policy/plane_sizing.h"

enum { TRIES = 3 };

/* The same question answered in the base and on the planes. */
static ErrCode both_ways(Context *context, Arena *arena, const Policy *policy, bool *ret_same,
                         int64_t *ret_people, Err *err)
{
    json_t *on_planes = NULL, *in_base = NULL;
    const Sizing sizing = {.policy = policy, .as_of = context->as_of, .lang = context->lang};
    TRY(plane_sizing(context->db, arena, context->config.home, &sizing, &on_planes, err));
    ErrCode code = plane_sizing(context->db, arena, NULL, &sizing, &in_base, err);
    if (code == OK) {
        *ret_same = json_equal(on_planes, in_base);
        *ret_people = json_integer_value(json_object_get(in_base, "people"));
    }
    json_decref(on_planes);
    json_decref(in_base);
    return code;
}

/* People who come in between the two questions make them differ: then both are asked again. */
static ErrCode planes_run(Context *context, const CheckTerms *terms, CheckResult *ret_result,
                          Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    CheckResult result = {0};
    const char *const *ids;
    size_t count;
    (void)terms;
    TRY(policy_ids(arena, &ids, &count, err));
    for (size_t i = 0; i < count; i++) {
        const Policy *policy;
        bool same = false;
        int64_t people = 0;
        TRY(policy_load(arena, ids[i], &policy, err));
        for (int try = 0; try < TRIES && !same; try++)
            TRY(both_ways(context, arena, policy, &same, &people, err));
        result.looked += people;
        if (!same)
            check_wrong(&result, "policy %s", ids[i]);
    }
    *ret_result = result;
    return OK;
}

static const Check PLANES = {
    .name = "planes",
    .title = N_("the bit planes count what the base counts, for every policy"),
    .fix = N_("remove the folder planes of the home: it is made anew from the base"),
    .run = planes_run,
};

const Check *const POLICY_CHECKS[] = {&PLANES, NULL};
