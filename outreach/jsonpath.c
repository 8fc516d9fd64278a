#include "outreach/jsonpath.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *step(json_t *json, const char *name, size_t length)
{
    if (json_is_object(json))
        return json_object_getn(json, name, length);
    if (!json_is_array(json) || length == 0 || length > 9)
        return NULL;
    size_t place = 0;
    for (size_t at = 0; at < length; at++) {
        if (name[at] < '0' || name[at] > '9')
            return NULL;
        place = place * 10 + (size_t)(name[at] - '0');
    }
    return json_array_get(json, place);
}

json_t *jsonpath_find(json_t *json, const char *path)
{
    while (json && *path) {
        size_t length = strcspn(path, ".");
        json = step(json, path, length);
        path += length;
        if (*path == '.')
            path++;
    }
    return json;
}

bool jsonpath_text(json_t *json, const char *path, char *out, size_t size)
{
    json_t *found = jsonpath_find(json, path);
    if (json_is_string(found)) {
        size_t length = json_string_length(found);
        const char *text = json_string_value(found);
        if (length == 0 || length >= size || strlen(text) != length)
            return false;
        memcpy(out, text, length + 1);
        return true;
    }
    char digits[32];
    if (json_is_boolean(found) && size > 5) {
        snprintf(out, size, "%s", json_is_true(found) ? "true" : "false");
        return true;
    }
    if (!json_is_integer(found))
        return false;
    int length =
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(found));
    if (length < 0 || (size_t)length >= size)
        return false;
    memcpy(out, digits, (size_t)length + 1);
    return true;
}
