#include "policy/publish.h"

#include "policy/withhold.h"

ErrCode publish(Context *context, const Arguments *arguments, const Publication *publication,
                json_t **result, Err *err)
{
    const char *file = option_text(arguments, "o");
    ErrCode code = OK;
    if (option_flag(arguments, "suppress") || context->acting.figures_only)
        publication->suppress(*result);
    context->chart = option_flag(arguments, "chart");
    if (file)
        code = bulletin_write(publication->bulletin(context, *result), file, err);
    if (code != OK) {
        json_decref(*result);
        *result = NULL;
    }
    return code;
}

bool publish_chart(const Context *context, const Publication *publication, const json_t *result)
{
    if (context->chart)
        bulletin_chart(publication->bulletin(context, result), stdout);
    return context->chart;
}

static bool is_suppressed(const json_t *value)
{
    size_t index;
    const json_t *item;
    json_array_foreach(value, index, item)
    {
        if (is_suppressed(item))
            return true;
    }
    return json_object_get(value, "suppressed") != NULL;
}

const char *publish_note(const json_t *result)
{
    return is_suppressed(result) ? _("…: under 5 people, or withheld so that no figure under 5 can "
                                     "be computed")
                                 : NULL;
}
