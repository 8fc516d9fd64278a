#include "base/shape.h"

#include "base/lang.h"
#include "base/text.h"

#include <string.h>

enum { KEYS_MAX = 64 };

static ErrCode check_choice(const Shape *shape, const Node *node, Err *err)
{
    const char *text = NULL;
    TRY(node_string(node, &text, err));
    size_t count = 0;
    for (; shape->choices[count]; count++)
        if (strcmp(shape->choices[count], text) == 0)
            return OK;
    const char *nearest = text_nearest(text, shape->choices, count);
    node_error(node, err, _("'%s' is not %s"), text, _(shape->noun));
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
}

static ErrCode check_text(const Node *node, Err *err)
{
    const char *text = NULL;
    TRY(node_string(node, &text, err));
    return *text ? OK : node_error(node, err, _("an empty text says nothing here"));
}

static ErrCode check_list(const Shape *shape, const Node *node, Err *err)
{
    size_t count = 0;
    TRY(node_count(node, &count, err));
    if ((int64_t)count < shape->min)
        return node_error(node, err, _("must hold at least %d"), (int)shape->min);
    for (size_t i = 0; i < count; i++) {
        Node item = node_item(node, i);
        TRY(shape_check(shape->inner, &item, err));
    }
    return OK;
}

/* A key that stands there, though with the value null, is no absent one. */
static ErrCode check_object(const Shape *shape, const Node *node, Err *err)
{
    const char *keys[KEYS_MAX + 1] = {NULL};
    for (size_t i = 0; i < KEYS_MAX && shape->inner[i].kind != SHAPE_END; i++)
        keys[i] = shape->inner[i].key;
    TRY(node_keys(node, keys, err));
    if (shape->kind == SHAPE_ENTRY && json_object_size(node->value) != 1)
        return node_error(node, err, _("must have exactly one key"));
    for (const Shape *inner = shape->inner; inner->kind != SHAPE_END; inner++) {
        Node found = {
            .parent = node, .name = inner->key, .value = json_object_get(node->value, inner->key)};
        if (found.value)
            TRY(shape_check(inner, &found, err));
        else if (inner->required)
            return node_error(node, err, _("key '%s' is missing"), inner->key);
    }
    return OK;
}

ErrCode shape_check(const Shape *shape, const Node *node, Err *err)
{
    bool flag;
    int64_t number;
    switch (shape->kind) {
    case SHAPE_TEXT:
        return check_text(node, err);
    case SHAPE_NUMBER:
        return node_int(node, shape->min, shape->max, &number, err);
    case SHAPE_FLAG:
        return node_bool(node, &flag, err);
    case SHAPE_CHOICE:
        return check_choice(shape, node, err);
    case SHAPE_LIST:
        return check_list(shape, node, err);
    case SHAPE_TEXT_OR_OBJECT:
        return json_is_string(node->value) ? check_text(node, err) : check_object(shape, node, err);
    case SHAPE_OBJECT:
    case SHAPE_ENTRY:
        return check_object(shape, node, err);
    case SHAPE_END:
        break;
    }
    return OK;
}

static json_t *schema_of(const Shape *shape);

static json_t *schema_choice(const Shape *shape)
{
    json_t *choices = json_array();
    for (size_t i = 0; shape->choices[i]; i++)
        json_array_append_new(choices, json_string(shape->choices[i]));
    return json_pack("{s:o}", "enum", choices);
}

static json_t *schema_object(const Shape *shape)
{
    json_t *properties = json_object(), *required = json_array();
    json_t *schema = json_pack("{s:s, s:b, s:o}", "type", "object", "additionalProperties", false,
                               "properties", properties);
    for (const Shape *inner = shape->inner; inner->kind != SHAPE_END; inner++) {
        json_object_set_new(properties, inner->key, schema_of(inner));
        if (inner->required)
            json_array_append_new(required, json_string(inner->key));
    }
    if (shape->kind == SHAPE_ENTRY) {
        json_object_set_new(schema, "minProperties", json_integer(1));
        json_object_set_new(schema, "maxProperties", json_integer(1));
    }
    if (json_array_size(required) > 0)
        json_object_set(schema, "required", required);
    json_decref(required);
    return schema;
}

static json_t *schema_text(void)
{
    return json_pack("{s:s, s:i}", "type", "string", "minLength", 1);
}

static json_t *schema_plain(const Shape *shape)
{
    switch (shape->kind) {
    case SHAPE_TEXT:
        return schema_text();
    case SHAPE_NUMBER:
        return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)shape->min,
                         "maximum", (json_int_t)shape->max);
    case SHAPE_FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case SHAPE_CHOICE:
        return schema_choice(shape);
    case SHAPE_LIST:
        return json_pack("{s:s, s:I, s:o}", "type", "array", "minItems", (json_int_t)shape->min,
                         "items", schema_of(shape->inner));
    case SHAPE_TEXT_OR_OBJECT:
        return json_pack("{s:[o, o]}", "anyOf", schema_text(), schema_object(shape));
    case SHAPE_OBJECT:
    case SHAPE_ENTRY:
        return schema_object(shape);
    case SHAPE_END:
        break;
    }
    return json_object();
}

/* The description stands in front, as a reader wants it. */
static json_t *schema_of(const Shape *shape)
{
    json_t *schema = json_object(), *plain = schema_plain(shape);
    if (shape->about)
        json_object_set_new(schema, "description", json_string(shape->about));
    json_object_update(schema, plain);
    json_decref(plain);
    return schema;
}

json_t *shape_schema(const Shape *shape, const char *title)
{
    json_t *schema = json_pack("{s:s, s:s}", "$schema",
                               "https://json-schema.org/draft/2020-12/schema", "title", title);
    json_t *body = schema_of(shape);
    json_object_update(schema, body);
    json_decref(body);
    return schema;
}
