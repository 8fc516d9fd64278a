/* "batch" of a gateway's file: how one request carries many messages. */
#include "base/lang.h"
#include "outreach/gateway_file.h"
#include "outreach/jsonpath.h"

#include <string.h>

enum { BATCH_LIMIT_MAX = 500 };

/* What no gateway's file says by itself: it stands where each message goes. */
static const char MARK[] = "{{each}}";

/* The body's text before and after the element, and the element's. */
typedef struct Split {
    const char *head, *each, *tail;
} Split;

static ErrCode body_split(Arena *arena, const Node *repeat, const Node *body, const char *path,
                          Split *ret_split, Err *err)
{
    json_t *copy = json_deep_copy(body->value);
    json_t *array = jsonpath_find(copy, path);
    const char *whole = NULL, *each = NULL;
    if (json_is_array(array) && json_array_size(array) == 1) {
        each = gateway_json_text(arena, json_array_get(array, 0));
        json_array_set_new(array, 0, json_string(MARK));
        whole = gateway_json_text(arena, copy);
    }
    json_decref(copy);
    const char *mark = whole ? strstr(whole, MARK) : NULL;
    if (!each || !mark || strstr(mark + 1, MARK))
        return node_error(repeat, err,
                          _("must be the path of an array with one element in the request's body"));
    *ret_split = (Split){.head = arena_strndup(arena, whole, (size_t)(mark - whole) - 1),
                         .each = each,
                         .tail = mark + strlen(MARK) + 1}; /* the mark stands in quotes */
    return OK;
}

static bool uses_any(const GatewayAsk *ask, int hole)
{
    const GatewayBatch *batch = &ask->batch;
    bool used = pattern_uses(&batch->head, hole) || pattern_uses(&batch->tail, hole) ||
                pattern_uses(&ask->query, hole) || pattern_uses(&ask->signed_over, hole);
    for (size_t at = 0; at < ask->header_count; at++)
        used = used || pattern_uses(&ask->headers[at].value, hole);
    for (size_t at = 0; at < ask->composed_count; at++)
        used = used || pattern_uses(&ask->composed[at], hole);
    return used;
}

/* Each message brings its own number, and what is written once is the same for all. */
static ErrCode holes_check(const Node *node, GatewayAsk *ask, Err *err)
{
    GatewayBatch *batch = &ask->batch;
    if (!pattern_uses(&batch->each, HOLE_TO) || uses_any(ask, HOLE_TO))
        return node_error(node, err, _("'to' must stand in the repeated element, and only there"));
    for (int hole = HOLE_BUILT_IN; hole < HOLES_MAX; hole++)
        if (pattern_uses(&batch->each, hole))
            return node_error(node, err, _("the repeated element can't hold what is composed"));
    batch->same_text = uses_any(ask, HOLE_TEXT);
    batch->same_wording = uses_any(ask, HOLE_TEMPLATE) || uses_any(ask, HOLE_SIGN_NAME) ||
                          uses_any(ask, HOLE_GAPS) || uses_any(ask, HOLE_GAP_LIST);
    return OK;
}

ErrCode gateway_read_batch(Arena *arena, const Node *node, const Node *body,
                           const char *const *holes, GatewayAsk *ask, Err *err)
{
    static const char *const KEYS[] = {"limit", "repeat", "items", "to", "reference", NULL};
    GatewayBatch *batch = &ask->batch;
    int64_t limit;
    const char *path;
    TRY(node_keys(node, KEYS, err));
    TRY(node_get_int(node, "limit", 2, BATCH_LIMIT_MAX, &limit, err));
    TRY(node_get_string(node, "repeat", &path, err));
    TRY(node_get_string(node, "items", &batch->items, err));
    Node to = node_find(node, "to"), reference = node_find(node, "reference");
    if ((to.value != NULL) == (reference.value != NULL))
        return node_error(node, err, _("needs one of 'to' and 'reference'"));
    TRY(to.value ? node_string(&to, &batch->to, err)
                 : node_string(&reference, &batch->reference, err));
    Node repeat = node_find(node, "repeat");
    Split split = {0};
    if (ask->body_kind != BODY_JSON)
        return node_error(node, err, _("is for a body of JSON"));
    TRY(body_split(arena, &repeat, body, path, &split, err));
    TRY(pattern_compile(arena, body, split.head, holes, &batch->head, err));
    TRY(pattern_compile(arena, body, split.each, holes, &batch->each, err));
    TRY(pattern_compile(arena, body, split.tail, holes, &batch->tail, err));
    batch->limit = (size_t)limit;
    return holes_check(node, ask, err);
}

static int wording_order(const Wording *one, const Wording *other)
{
    if (!one || !other)
        return (one != NULL) - (other != NULL);
    int order = strcmp(one->template, other->template);
    for (size_t at = 0; order == 0 && at < one->count && at < other->count; at++)
        order = strcmp(one->values[at], other->values[at]);
    return order;
}

int gateway_batch_order(const Gateway *gateway, const GatewayMessage *one,
                        const GatewayMessage *other)
{
    const GatewayBatch *batch = &gateway->ask.batch;
    int order = batch->same_wording ? wording_order(one->wording, other->wording) : 0;
    return order == 0 && batch->same_text ? strcmp(one->text, other->text) : order;
}

bool gateway_batch_fits(const Gateway *gateway, const GatewayMessage *one,
                        const GatewayMessage *other)
{
    return gateway_batch_order(gateway, one, other) == 0;
}
