#include "base/json.h"
#include "people/scope.h"
#include "policy/course.h"
#include "policy/plane_sizing.h"
#include "policy/publish.h"
#include "policy/term.h"
#include "policy/verbs.h"
#include "policy/window.h"

#include <inttypes.h>

enum { MONTHS_AHEAD = 120 };

/* as_of itself, then the first day of each month after it. */
static Date forecast_day(Date as_of, size_t month)
{
    Civil civil = date_civil(as_of);
    return month ? date_add_months(date_of(civil.year, civil.month, 1), (int)month) : as_of;
}

static ErrCode check_days(Date as_of, int64_t months, Err *err)
{
    enum { DAYS_A_MONTH = 31 };
    if (as_of > DATE_MAX - DAYS_A_MONTH * (months + 1))
        return err_set(err, ERR_USAGE, _("there are no %" PRId64 " months after that day"), months);
    return OK;
}

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static json_t *forecast_rows(const Sizings *sizings, json_t *const *sizes)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < sizings->count; i++) {
        const json_t *before = i ? json_array_get(rows, i - 1) : NULL;
        char day[11];
        json_t *row = json_object(), *counts = course_row(sizes[i], before);
        date_format(sizings->items[i].as_of, day);
        json_object_set_new(row, "month", json_stringn(day, 7));
        json_object_set_new(row, "as_of", json_string(day));
        json_object_update(row, counts);
        json_object_set_new(
            row, "change_closed",
            json_integer(before ? number_of(row, "ineligible") - number_of(before, "ineligible")
                                : 0));
        json_object_set(row, "in_force", json_object_get(sizes[i], "in_force"));
        json_decref(counts);
        json_array_append_new(rows, row);
    }
    return rows;
}

static ErrCode count_window(Context *context, const Arguments *arguments, const Sizing *today,
                            json_t **ret_result, Err *err)
{
    TRY(window_count(context, today, option_int(arguments, "window", 0), ret_result, err));
    return publish(context, arguments, &PUBLISH_WINDOW, ret_result, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Arena *arena = context->arena;
    Sizing today = {.as_of = context->as_of, .lang = context->lang};
    int64_t months = option_int(arguments, "months", 0);
    TRY(policy_load(arena, option_text(arguments, "policy"), &today.policy, err));
    const WhereTerms *terms = policy_terms(arena, today.policy, context->as_of);
    TRY(scope_where(context, option_text(arguments, "where"), terms, &today.where, err));
    if (option_given(arguments, "window"))
        return count_window(context, arguments, &today, ret_result, err);
    TRY(check_days(context->as_of, months, err));
    size_t count = (size_t)months + 1;
    Sizing *items = arena_array(arena, Sizing, count);
    json_t **sizes = arena_array(arena, json_t *, count);
    for (size_t i = 0; i < count; i++) {
        items[i] = today;
        items[i].as_of = forecast_day(context->as_of, i);
    }
    const Sizings sizings = {.arena = arena, .items = items, .count = count};
    TRY(plane_sizings(context->db, context->config.home, &sizings, sizes, err));
    *ret_result = forecast_rows(&sizings, sizes);
    for (size_t i = 0; i < count; i++)
        json_decref(sizes[i]);
    return publish(context, arguments, &PUBLISH_FORECAST, ret_result, err);
}

static const Publication *forecast_publication(const json_t *result)
{
    return json_kind(result) == JSON_OBJECT ? &PUBLISH_WINDOW : &PUBLISH_FORECAST;
}

static const Column COLUMNS[] = {
    {"as_of", N_("day")}, {"change", N_("change")}, {"change_closed", N_("closed, change")}, {0}};

static void show(const Context *context, const json_t *result)
{
    if (publish_chart(context, forecast_publication(result), result))
        return;
    if (json_kind(result) == JSON_OBJECT)
        window_show(context, result);
    else
        course_show(context, COLUMNS, result);
    if (publish_note(result))
        printf("\n%s\n", publish_note(result));
}

static const Option OPTIONS[] = {
    {"months", OPTION_INT, "N", N_("how many months ahead"), 1, MONTHS_AHEAD, "24", .many = false},
    {"window", OPTION_INT, "DAYS", N_("instead: who loses the chance within so many days"), 1,
     WINDOW_AT_MOST, NULL, .many = false},
    POLICY_OPTION,
    WHERE_OPTION,
    PUBLISH_OPTIONS,
    {0},
};

const Command POLICY_FORECAST = {
    .words = "policy forecast",
    .summary = N_("show how the counts move as time goes by"),
    .details =
        N_("The first row is the day of --as-of, the others are the first days of the "
           "months after it; nobody is asked anew meanwhile. 'reached' are the eligible and "
           "the likely, 'routes' counts them by their first route. 'change' is how many "
           "more are reached than in the row before, 'change_closed' how many more are not "
           "eligible: both are net, who comes less who goes. With --window the answer is one "
           "object: of those who are 'reached' today, the 'losing' have their last day "
           "within so many days (a birthday, the end of the graduation year, the end of "
           "the policy), by month, by town and by first route."),
    .options = OPTIONS,
    .columns = COLUMNS,
    .role = ROLE_ANALYST,
    .needs = NEEDS_DATABASE,
    .run = run,
    .show = show,
};
