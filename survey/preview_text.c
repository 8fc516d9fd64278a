/* A preview told to people, and compared with another one. */
#include "survey/preview.h"

#include "base/lang.h"

#include <string.h>

void preview_label(json_t *preview, Lang lang)
{
    static const char *const LISTS[] = {"facts", "examples"};
    size_t index;
    json_t *item;
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
        json_array_foreach(json_object_get(preview, LISTS[i]), index, item)
        {
            FactId fact = fact_find(json_string_value(json_object_get(item, "fact")));
            if (fact != FACT_NONE)
                json_object_set_new(item, "label", json_string(fact_label(fact, lang)));
        }
    json_array_foreach(json_object_get(preview, "reasons"), index, item)
    {
        ProblemCode code = problem_find(json_string_value(json_object_get(item, "code")));
        if (code != PROBLEM_COUNT)
            json_object_set_new(item, "message", json_string(problem_sentence(code)));
    }
}

static const char *reason_text(Arena *arena, const json_t *reason)
{
    const char *name = json_string_value(json_object_get(reason, "reason"));
    long long count = json_integer_value(json_object_get(reason, "count"));
    long long of = json_integer_value(json_object_get(reason, "of"));
    double limit = json_number_value(json_object_get(reason, "limit")) * 100;
    if (name && strcmp(name, "changed_share") == 0)
        return arena_printf(
            arena, _("%lld of %lld people would have a known value replaced, more than %g %%"),
            count, of, limit);
    if (name && strcmp(name, "quarantined_share") == 0)
        return arena_printf(arena, _("%lld of %lld rows would be quarantined, more than %g %%"),
                            count, of, limit);
    return _("it was asked for");
}

const char *preview_why(Arena *arena, const char *reasons)
{
    json_error_t at;
    json_t *list = json_loads(reasons, 0, &at), *reason;
    const char *text = NULL;
    size_t index;
    json_array_foreach(list, index, reason)
    {
        const char *one = reason_text(arena, reason);
        text = text ? arena_printf(arena, "%s; %s", text, one) : one;
    }
    json_decref(list);
    return text ? text : "";
}

/* Every number of a preview under its way: "people.new", "facts.skill_level.replaced". */
static void numbers_gather(Arena *arena, const char *way, const json_t *value, json_t *numbers)
{
    const char *key, *joint = *way ? "." : "";
    size_t index;
    json_t *item;
    if (json_is_integer(value))
        json_object_set_new(numbers, way, json_integer(json_integer_value(value)));
    json_object_foreach((json_t *)(uintptr_t)value, key, item)
    {
        if (strcmp(key, "examples") != 0)
            numbers_gather(arena, arena_printf(arena, "%s%s%s", way, joint, key), item, numbers);
    }
    json_array_foreach(value, index, item)
    {
        const char *fact = json_string_value(json_object_get(item, "fact"));
        const char *name = fact ? fact : json_string_value(json_object_get(item, "code"));
        numbers_gather(arena, arena_printf(arena, "%s%s%s", way, joint, name ? name : ""), item,
                       numbers);
    }
}

json_t *preview_differs(const json_t *then, const json_t *now)
{
    AUTO_ARENA arena = arena_new(0);
    json_t *before = json_object(), *after = json_object(), *list = json_array(), *value;
    const char *way;
    numbers_gather(arena, "", then, before);
    numbers_gather(arena, "", now, after);
    json_object_foreach(before, way, value) /* what one has and the other has not is 0 there */
        if (!json_object_get(after, way)) json_object_set_new(after, way, json_integer(0));
    json_object_foreach(after, way, value)
    {
        json_int_t was = json_integer_value(json_object_get(before, way));
        if (was != json_integer_value(value))
            json_array_append_new(list, json_pack("{s:s, s:I, s:I}", "what", way, "then", was,
                                                  "now", json_integer_value(value)));
    }
    json_decref(before);
    json_decref(after);
    return list;
}
