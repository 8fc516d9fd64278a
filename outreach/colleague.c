#include "outreach/colleague.h"

#include "base/buffer.h"
#include "base/lang.h"
#include "base/text.h"
#include "people/phone.h"

#include <string.h>

enum { NAMES_BYTES = 4096 };

/* What was typed is not repeated: it may be the name of somebody in the base. */
static ErrCode name_unknown(const Config *config, const char *name, size_t place, Err *err)
{
    AUTO_BUFFER names = BUFFER(NAMES_BYTES);
    const char *known;
    json_t *value;
    json_object_foreach(config->colleagues, known, value) if (json_is_string(value))
        buffer_printf(&names, "%s%s", names.length ? ", " : "", known);
    if (strspn(name, "+-0123456789 ") == strlen(name)) {
        (void)err_set(err, ERR_USAGE, _("--to takes names of colleagues, not numbers"));
        return err_hint(err, _("put the number under a name in \"colleagues\" of talent.json: "
                               "command lines can be read by others"));
    }
    (void)err_set(err, ERR_NOT_FOUND, _("name %zu of --to is no colleague"), place);
    if (names.length == 0)
        return err_hint(err, _("talent.json: \"colleagues\": {\"NAME\": \"NUMBER\"}"));
    return err_hint(err, _("talent.json names: %s"), buffer_string(&names));
}

static ErrCode colleague_find(const Config *config, const char *name, size_t place,
                              Phone *ret_phone, Err *err)
{
    const char *number = json_string_value(json_object_get(config->colleagues, name));
    if (!number)
        return name_unknown(config, name, place, err);
    if (phone_check(number, ret_phone) != PHONE_FINE || ret_phone->may_text == MAY_TEXT_NO) {
        (void)err_set(err, ERR_CONFIG, _("colleague '%s' has no mobile number"), name);
        return err_hint(err, _("correct it under \"colleagues\" in talent.json"));
    }
    return OK;
}

ErrCode colleagues_parse(const Config *config, Arena *arena, const char *list,
                         const Colleague **ret_colleagues, size_t *ret_count, Err *err)
{
    Colleague *colleagues = arena_array(arena, Colleague, strlen(list) + 1);
    size_t count = 0, place = 0;
    while (*list) {
        size_t length = strcspn(list, ","), at = 0;
        const char *name = text_trim(arena, arena_strndup(arena, list, length));
        list += length + (list[length] == ',');
        Phone phone;
        if (!*name)
            continue;
        TRY(colleague_find(config, name, ++place, &phone, err));
        while (at < count && strcmp(colleagues[at].phone, phone.digits) != 0)
            at++;
        if (at == count)
            colleagues[count++] =
                (Colleague){.name = name, .phone = arena_strdup(arena, phone.digits)};
    }
    if (count == 0)
        return err_set(err, ERR_USAGE, _("--to names nobody"));
    *ret_colleagues = colleagues;
    *ret_count = count;
    return OK;
}
