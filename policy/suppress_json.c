#include "policy/suppress_json.h"
#include "base/json.h"

json_t *figure_child(const json_t *object, const char *key)
{
    return json_object_get((json_t *)(uintptr_t)object, key);
}

int64_t figure_number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

size_t figure_hide(json_t *object, const char *key)
{
    if (json_kind(figure_child(object, key)) != JSON_INTEGER)
        return 0;
    json_object_set_new(object, key, json_null());
    return 1;
}

size_t figures_hide(json_t *value)
{
    const char *key;
    json_t *item;
    size_t hidden = 0, index;
    JSON_MEMBERS (value, key, item) {
        hidden += json_kind(item) == JSON_INTEGER ? figure_hide(value, key) : figures_hide(item);
    }
    JSON_ITEMS (value, index, item)
        hidden += figures_hide(item);
    return hidden;
}

bool figures_small(const json_t *value)
{
    const char *key;
    json_t *item;
    size_t index;
    bool small = json_kind(value) == JSON_INTEGER && is_small(json_integer_value(value));
    JSON_MEMBERS (value, key, item)
        small = small || figures_small(item);
    JSON_ITEMS (value, index, item)
        small = small || figures_small(item);
    return small;
}

/* True where two objects give one key numbers that differ by a few. */
bool figures_moved(json_t *a, const json_t *b)
{
    const char *key;
    json_t *item;
    JSON_MEMBERS (a, key, item) {
        const json_t *other = json_object_get(b, key);
        if (json_kind(other) == JSON_INTEGER &&
            is_small(json_integer_value(item) - json_integer_value(other)))
            return true;
    }
    return false;
}

void figures_mark(json_t *result, size_t hidden)
{
    if (!hidden)
        return;
    json_t *suppressed = json_object();
    json_object_set_new(suppressed, "under", json_integer(SMALL_FIGURE));
    json_object_set_new(suppressed, "figures", json_integer((json_int_t)hidden));
    json_object_set_new(result, "suppressed", suppressed);
}
