/* What a gateway pushed, taken apart by the names and paths of its file. */
#include "base/text.h"
#include "outreach/form.h"
#include "outreach/gateway.h"
#include "outreach/jsonpath.h"

enum { ITEMS_MAX = 10000, VALUE_BYTES = 2048 };

static const char *json_value(Arena *arena, json_t *item, const char *path)
{
    char value[VALUE_BYTES];
    if (!path || !jsonpath_text(item, path, value, sizeof value))
        return NULL;
    return arena_strdup(arena, value);
}

static InboundItem json_item(const Inbound *inbound, Arena *arena, json_t *item)
{
    return (InboundItem){.reference = json_value(arena, item, inbound->reference),
                         .id = json_value(arena, item, inbound->id),
                         .status = json_value(arena, item, inbound->status),
                         .code = json_value(arena, item, inbound->code),
                         .phone = json_value(arena, item, inbound->phone),
                         .text = json_value(arena, item, inbound->text)};
}

static bool json_items(const Inbound *inbound, Arena *arena, json_t *json, InboundItem **ret_items,
                       size_t *ret_count)
{
    json_t *list = jsonpath_find(json, inbound->items ? inbound->items : "");
    if (json_is_object(list)) {
        *ret_items = arena_array(arena, InboundItem, 1);
        **ret_items = json_item(inbound, arena, list);
        *ret_count = 1;
        return true;
    }
    if (!json_is_array(list) || json_array_size(list) > ITEMS_MAX)
        return false;
    *ret_count = json_array_size(list);
    *ret_items = arena_array(arena, InboundItem, *ret_count + 1);
    for (size_t at = 0; at < *ret_count; at++)
        (*ret_items)[at] = json_item(inbound, arena, json_array_get(list, at));
    return true;
}

static const char *text_or_null(const char *text)
{
    return text && *text ? text : NULL;
}

bool inbound_parse(const Inbound *inbound, Arena *arena, const char *body, size_t length,
                   InboundItem **ret_items, size_t *ret_count)
{
    if (inbound->kind == INBOUND_NONE)
        return false;
    if (inbound->kind == INBOUND_JSON) {
        json_t *json = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
        bool sound = json && json_items(inbound, arena, json, ret_items, ret_count);
        json_decref(json);
        return sound;
    }
    *ret_items = arena_array(arena, InboundItem, 1);
    *ret_count = 1;
    **ret_items =
        (InboundItem){.reference = form_value(arena, body, length, inbound->reference),
                      .id = form_value(arena, body, length, inbound->id),
                      .status = form_value(arena, body, length, inbound->status),
                      .code = text_or_null(form_value(arena, body, length, inbound->code)),
                      .phone = form_value(arena, body, length, inbound->phone),
                      .text = form_value(arena, body, length, inbound->text)};
    return true;
}

ReceiptStatus receipt_status(const Inbound *inbound, const char *word)
{
    for (int status = 0; status < RECEIPT_STATUSES; status++)
        for (const char **known = inbound->words[status]; known && *known; known++)
            if (text_equal(*known, word))
                return (ReceiptStatus)status;
    return RECEIPT_STATUSES;
}
