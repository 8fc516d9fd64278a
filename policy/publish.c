#include "policy/publish.h"

#include "base/json.h"
#include "policy/rounding.h"

ErrCode publish(Context *context, const Arguments *arguments, const Publication *publication,
                json_t **result, Err *err)
{
    const char *file = option_text(arguments, "o");
    ErrCode code = OK;
    if (option_flag(arguments, "suppress") || context->acting.figures_only) {
        publication->suppress(*result);
        round_figures(*result);
    }
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

/* Whether the result, or a row of it, has a member. */
static bool is_marked(const json_t *value, const char *mark)
{
    size_t index;
    const json_t *item;
    JSON_ITEMS (value, index, item) {
        if (is_marked(item, mark))
            return true;
    }
    return json_object_get(value, mark) != NULL;
}

const char *publish_note(const json_t *result)
{
    if (is_marked(result, "suppressed"))
        return _("Rounded to the nearest 5; …: under 5 people, or withheld so that no figure under "
                 "5 can be computed");
    return is_marked(result, "rounded_to") ? _("Rounded to the nearest 5") : NULL;
}
