#include "base/text.h"
#include "people/scope.h"
#include "policy/course.h"
#include "policy/plane_sizing.h"
#include "policy/publish.h"
#include "policy/term.h"
#include "policy/verbs.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>

enum { VALUES_AT_MOST = 400 };

typedef struct Walk {
    const char *parameter;
    int64_t from, to, step;
    size_t count; /* of values */
} Walk;

static ErrCode read_number(const char *text, const char *name, int64_t *ret_number, Err *err)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end)
        return err_set(err, ERR_USAGE, _("%s must be a whole number, not '%s'"), name, text);
    *ret_number = number;
    return OK;
}

/* Whether the policy has such a number; that it takes both ends is what moving it there says. */
static ErrCode check_range(Arena *arena, const Policy *policy, const Walk *walk, Err *err)
{
    const Policy *moved;
    const int64_t ends[] = {walk->from, walk->to};
    for (size_t i = 0; i < policy->parameter_count; i++) {
        const Parameter *parameter = &policy->parameters[i];
        if (text_equal(parameter->name, walk->parameter) && parameter->kind != PARAMETER_NUMBER)
            return err_set(err, ERR_USAGE, _("parameter '%s' is no number"), walk->parameter);
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *setting = arena_printf(arena, "%s=%" PRId64, walk->parameter, ends[i]);
        TRY(policy_set(arena, policy, &setting, 1, &moved, err));
    }
    return OK;
}

static ErrCode read_walk(Arena *arena, const Policy *policy, const Arguments *arguments,
                         Walk *ret_walk, Err *err)
{
    Walk walk = {.parameter = argument_at(arguments, 0)};
    TRY(read_number(argument_at(arguments, 1), "FROM", &walk.from, err));
    TRY(read_number(argument_at(arguments, 2), "TO", &walk.to, err));
    TRY(read_number(argument_at(arguments, 3), "STEP", &walk.step, err));
    TRY(check_range(arena, policy, &walk, err));
    if (walk.step < 1)
        return err_set(err, ERR_USAGE, _("STEP must be at least 1"));
    if (walk.to < walk.from)
        return err_set(err, ERR_USAGE, _("TO must not be less than FROM"));
    if ((walk.to - walk.from) / walk.step >= VALUES_AT_MOST) {
        err_set(err, ERR_USAGE, _("that would be more than %d values"), VALUES_AT_MOST);
        return err_hint(err, _("take a larger STEP"));
    }
    walk.count = (size_t)((walk.to - walk.from) / walk.step) + 1;
    *ret_walk = walk;
    return OK;
}

/* The range was looked at before. */
static void walk_sizings(Arena *arena, const Walk *walk, const Sizing *standing, Sizing *sizings)
{
    Err err;
    for (size_t i = 0; i < walk->count; i++) {
        const char *setting = arena_printf(arena, "%s=%" PRId64, walk->parameter,
                                           walk->from + (int64_t)i * walk->step);
        sizings[i] = *standing;
        ErrCode code = policy_set(arena, standing->policy, &setting, 1, &sizings[i].policy, &err);
        assert(code == OK);
    }
}

static json_t *frontier_rows(const Walk *walk, json_t *const *sizes)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < walk->count; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "parameter", json_string(walk->parameter));
        json_object_set_new(row, "value", json_integer(walk->from + (int64_t)i * walk->step));
        json_t *counts = course_row(sizes[i], i ? json_array_get(rows, i - 1) : NULL);
        json_object_update(row, counts);
        json_decref(counts);
        json_array_append_new(rows, row);
    }
    return rows;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Arena *arena = context->arena;
    Sizing standing = {.as_of = context->as_of, .lang = context->lang};
    Walk walk;
    TRY(policy_load(arena, option_text(arguments, "policy"), &standing.policy, err));
    TRY(read_walk(arena, standing.policy, arguments, &walk, err));
    const WhereTerms *terms = policy_terms(arena, standing.policy, context->as_of);
    TRY(scope_where(context, option_text(arguments, "where"), terms, &standing.where, err));
    Sizing *sizings = arena_array(arena, Sizing, walk.count);
    json_t **sizes = arena_array(arena, json_t *, walk.count);
    walk_sizings(arena, &walk, &standing, sizings);
    const Sizings all = {.arena = arena, .items = sizings, .count = walk.count};
    TRY(plane_sizings(context->db, context->config.home, &all, sizes, err));
    *ret_result = frontier_rows(&walk, sizes);
    for (size_t i = 0; i < walk.count; i++)
        json_decref(sizes[i]);
    return publish(context, arguments, &PUBLISH_FRONTIER, ret_result, err);
}

static const Column COLUMNS[] = {{"value", N_("value")}, {"change", N_("change")}, {0}};

static void show(const Context *context, const json_t *result)
{
    if (publish_chart(context, &PUBLISH_FRONTIER, result))
        return;
    course_show(context, COLUMNS, result);
    if (publish_note(result))
        printf("\n%s\n", publish_note(result));
}

static const Positional POSITIONALS[] = {
    {"PARAM", N_("parameter of the policy, a number"), .optional = false},
    {"FROM", N_("first value"), .optional = false},
    {"TO", N_("last value, if the steps meet it"), .optional = false},
    {"STEP", N_("from one value to the next"), .optional = false},
    {0},
};

static const Option OPTIONS[] = {
    POLICY_OPTION,
    WHERE_OPTION,
    PUBLISH_OPTIONS,
    {0},
};

const Command POLICY_FRONTIER = {
    .words = "policy frontier",
    .summary = N_("show how the counts move along one parameter"),
    .details = N_("A row for each value: how many people have which verdict if the parameter had "
                  "that value. 'reached' are the eligible and the likely, 'routes' counts them by "
                  "their first route, and 'change' is how many more they are than in the row "
                  "before."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .columns = COLUMNS,
    .role = ROLE_ANALYST,
    .needs = NEEDS_DATABASE,
    .run = run,
    .show = show,
};
