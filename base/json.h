/* base/json.h: walking JSON, and asking what a value is.
 * Shape:  JSON_ITEMS(array, index, item) and JSON_MEMBERS(object, key, value) are loops; index, item,
 *         key and value are the caller's variables. What is absent or of another kind has no items
 *         and no members. A member's value may be replaced in the loop, none be added or removed.
 * Owns:   nothing; items and values are borrowed.
 * Errors: none. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define JSON_ITEMS(array, index, item)                                                             \
    for (index = 0; (item = json_array_get(array, index)) != NULL; index++)

#define JSON_MEMBERS(object, key, value)                                                           \
    for (key = json_first_key(object); (value = json_value_of(key)) != NULL;                       \
         key = json_next_key(object, key))

/* What JSON_MEMBERS goes by; NULL behind the last. */
static inline const char *json_first_key(const json_t *object)
{
    return json_object_iter_key(json_object_iter((json_t *)(uintptr_t)object));
}
static inline json_t *json_value_of(const char *key)
{
    return json_object_iter_value(json_object_key_to_iter(key));
}
static inline const char *json_next_key(const json_t *object, const char *key)
{
    return json_object_iter_key(
        json_object_iter_next((json_t *)(uintptr_t)object, json_object_key_to_iter(key)));
}

/* What a value is; one that is absent is null. */
static inline json_type json_kind(const json_t *value)
{
    return value ? json_typeof(value) : JSON_NULL;
}
static inline bool json_is_flag(const json_t *value)
{
    return json_is_boolean(value);
}

/* A member's text; "" when it has none. */
static inline const char *json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

#endif
