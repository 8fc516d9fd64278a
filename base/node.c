#include "base/node.h"

#include "base/buffer.h"
#include "base/lang.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FILE_LIMIT_BYTES = 4 * 1024 * 1024, PATH_LIMIT_BYTES = 512, KEYS_AT_MOST = 128 };

ErrCode node_parse(const char *name, const char *bytes, size_t length, json_t **ret_json, Err *err)
{
    json_error_t failure;
    json_t *json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &failure);
    if (!json)
        return err_set(err, ERR_CONFIG, _("'%s' is not sound JSON: line %d, column %d: %s"), name,
                       failure.line, failure.column, failure.text);
    *ret_json = json;
    return OK;
}

ErrCode node_load(const char *file, json_t **ret_json, Err *err)
{
    FILE *stream = fopen(file, "re");
    if (!stream)
        return err_errno(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno,
                         _("cannot read '%s'"), file);
    AUTO_BUFFER text = BUFFER(FILE_LIMIT_BYTES);
    char piece[8192];
    size_t length;
    while ((length = fread(piece, 1, sizeof piece, stream)) > 0)
        buffer_add(&text, piece, length);
    int failure = ferror(stream) ? errno : 0;
    fclose(stream);
    if (failure)
        return err_errno(err, ERR_IO, failure, _("cannot read '%s'"), file);
    if (text.overflow)
        return err_set(err, ERR_LIMIT, _("'%s' is larger than %d bytes"), file, FILE_LIMIT_BYTES);
    return node_parse(file, buffer_string(&text), text.length, ret_json, err);
}

Node node_root(const char *file, json_t *value)
{
    return (Node){.name = file, .value = value};
}

/* Appends "$.routes[1].all" for a node, its parents first. */
static void path_add(const Node *node, Buffer *path)
{
    if (!node->parent) {
        buffer_char(path, '$');
        return;
    }
    path_add(node->parent, path);
    if (node->name)
        buffer_printf(path, ".%s", node->name);
    else
        buffer_printf(path, "[%zu]", node->index);
}

ErrCode node_error(const Node *node, Err *err, const char *format, ...)
{
    char message[ERR_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const Node *root = node;
    while (root->parent)
        root = root->parent;
    AUTO_BUFFER path = BUFFER(PATH_LIMIT_BYTES);
    path_add(node, &path);
    return err_set(err, ERR_CONFIG, "%s: %s: %s", root->name, buffer_string(&path), message);
}

static const char *kind_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return _("an object");
    case JSON_ARRAY:
        return _("an array");
    case JSON_STRING:
        return _("a text");
    case JSON_INTEGER:
    case JSON_REAL:
        return _("a number");
    case JSON_TRUE:
    case JSON_FALSE:
        return _("true or false");
    case JSON_NULL:
        break;
    }
    return "null";
}

static ErrCode wrong_kind(const Node *node, const char *wanted, Err *err)
{
    if (!node->value)
        return node_error(node, err, _("%s must stand here"), wanted);
    return node_error(node, err, _("must be %s, not %s"), wanted, kind_name(node->value));
}

ErrCode node_keys(const Node *node, const char *const *keys, Err *err)
{
    if (!json_is_object(node->value))
        return wrong_kind(node, _("an object"), err);
    size_t count = 0;
    while (keys[count] && count < KEYS_AT_MOST)
        count++;
    const char *key;
    json_t *value;
    json_object_foreach(node->value, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count && !known; i++)
            known = strcmp(key, keys[i]) == 0;
        if (known)
            continue;
        node_error(node, err, _("unknown key '%s'"), key);
        const char *nearest = text_nearest(key, keys, count);
        return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
    }
    return OK;
}

Node node_find(const Node *node, const char *key)
{
    json_t *value = json_object_get(node->value, key);
    return (Node){.parent = node, .name = key, .value = json_is_null(value) ? NULL : value};
}

ErrCode node_get(const Node *node, const char *key, Node *ret, Err *err)
{
    if (!json_is_object(node->value))
        return wrong_kind(node, _("an object"), err);
    Node found = node_find(node, key);
    if (!found.value)
        return node_error(node, err, _("key '%s' is missing"), key);
    *ret = found;
    return OK;
}

ErrCode node_count(const Node *node, size_t *ret_count, Err *err)
{
    if (!json_is_array(node->value))
        return wrong_kind(node, _("an array"), err);
    *ret_count = json_array_size(node->value);
    return OK;
}

Node node_item(const Node *node, size_t index)
{
    return (Node){.parent = node, .index = index, .value = json_array_get(node->value, index)};
}

ErrCode node_string(const Node *node, const char **ret_text, Err *err)
{
    if (!json_is_string(node->value))
        return wrong_kind(node, _("a text"), err);
    *ret_text = json_string_value(node->value);
    return OK;
}

ErrCode node_int(const Node *node, int64_t min, int64_t max, int64_t *ret_number, Err *err)
{
    if (!json_is_integer(node->value))
        return wrong_kind(node, _("a whole number"), err);
    int64_t number = json_integer_value(node->value);
    if (number < min || number > max)
        return node_error(node, err, _("must be from %" PRId64 " to %" PRId64 ", not %" PRId64),
                          min, max, number);
    *ret_number = number;
    return OK;
}

ErrCode node_bool(const Node *node, bool *ret_flag, Err *err)
{
    if (!json_is_boolean(node->value))
        return wrong_kind(node, _("true or false"), err);
    *ret_flag = json_is_true(node->value);
    return OK;
}

ErrCode node_date(const Node *node, Date *ret_date, Err *err)
{
    const char *text = NULL;
    TRY(node_string(node, &text, err));
    if (!date_parse(text, ret_date))
        return node_error(node, err, _("'%s' is not a date such as 2012-09-27"), text);
    return OK;
}

ErrCode node_choice(const Node *node, const char *const *choices, int *ret_index, Err *err)
{
    const char *text = NULL;
    TRY(node_string(node, &text, err));
    size_t count = 0;
    for (; choices[count]; count++)
        if (strcmp(text, choices[count]) == 0) {
            *ret_index = (int)count;
            return OK;
        }
    node_error(node, err, _("'%s' is not known here"), text);
    AUTO_BUFFER list = BUFFER(PATH_LIMIT_BYTES);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&list, "%s%s", i ? ", " : "", choices[i]);
    return err_hint(err, _("one of: %s"), buffer_string(&list));
}

ErrCode node_get_string(const Node *node, const char *key, const char **ret_text, Err *err)
{
    Node found;
    TRY(node_get(node, key, &found, err));
    return node_string(&found, ret_text, err);
}

ErrCode node_get_int(const Node *node, const char *key, int64_t min, int64_t max,
                     int64_t *ret_number, Err *err)
{
    Node found;
    TRY(node_get(node, key, &found, err));
    return node_int(&found, min, max, ret_number, err);
}
