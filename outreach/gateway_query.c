/* How a gateway is asked about one message: reading "query" of its file. */
#include "base/lang.h"
#include "outreach/gateway_file.h"

static ErrCode read_number(const Node *node, const char *key, int min, int max, int preset,
                           int *ret_number, Err *err)
{
    int64_t number = preset;
    if (node_find(node, key).value)
        TRY(node_get_int(node, key, min, max, &number, err));
    *ret_number = (int)number;
    return OK;
}

static ErrCode read_rules(Arena *arena, const Node *answer, Gateway *gateway, Err *err)
{
    static const char *const KEYS[] = {"status", "when", "means", NULL};
    static const char *const WORDS[] = {[QUERY_SAYS_FOUND] = "found",
                                        [QUERY_SAYS_ABSENT] = "absent",
                                        [QUERY_SAYS_NOTHING] = "nothing",
                                        [QUERY_SAYS_REFUSED] = "refused",
                                        NULL};
    GatewayQuery *query = &gateway->query;
    TRY(node_count(answer, &query->rule_count, err));
    if (query->rule_count > RULES_MAX)
        return node_error(answer, err, _("there are more than %d"), RULES_MAX);
    for (size_t at = 0; at < query->rule_count; at++) {
        Node rule = node_item(answer, at), means;
        int index;
        TRY(node_keys(&rule, KEYS, err));
        TRY(node_get(&rule, "means", &means, err));
        TRY(node_choice(&means, WORDS, &index, err));
        query->rules[at].word = (QueryWord)index;
        TRY(gateway_read_condition(arena, &rule, gateway, &query->rules[at].fits, err));
    }
    return OK;
}

/* Only a gateway that says so is believed that what it does not know was never sent; and only
 * after a while, since a request may still be on its way. */
static ErrCode read_absent(const Node *absent, GatewayQuery *query, Err *err)
{
    static const char *const KEYS[] = {"means", "after_s", NULL};
    static const char *const MEANINGS[] = {"not_sent", NULL};
    if (!absent->value)
        return OK;
    TRY(node_keys(absent, KEYS, err));
    Node means;
    int index;
    int64_t seconds;
    TRY(node_get(absent, "means", &means, err));
    TRY(node_choice(&means, MEANINGS, &index, err));
    TRY(node_get_int(absent, "after_s", 1, 30 * 24 * 3600, &seconds, err));
    query->absent_is_not_sent = true;
    query->absent_after_s = (int)seconds;
    return OK;
}

static bool asks_by(const GatewayAsk *ask, int hole)
{
    return pattern_uses(&ask->path, hole) || pattern_uses(&ask->query, hole) ||
           pattern_uses(&ask->body, hole);
}

ErrCode gateway_read_query(Arena *arena, const Node *root, Gateway *gateway, Err *err)
{
    static const char *const KEYS[] = {"request", "answer",     "found",   "absent",
                                       "after_s", "rate_per_s", "at_once", NULL};
    GatewayQuery *query = &gateway->query;
    Node node = node_find(root, "query");
    if (!node.value)
        return OK;
    TRY(node_keys(&node, KEYS, err));
    Node answer, found, absent = node_find(&node, "absent");
    TRY(gateway_read_ask(arena, root, &node, &query->ask, err));
    TRY(node_get(&node, "answer", &answer, err));
    TRY(read_rules(arena, &answer, gateway, err));
    TRY(node_get(&node, "found", &found, err));
    TRY(gateway_read_inbound(arena, &found, false, &query->found, err));
    TRY(read_absent(&absent, query, err));
    TRY(read_number(&node, "after_s", 1, 24 * 3600, 300, &query->after_s, err));
    TRY(read_number(&node, "rate_per_s", 1, 1000, 5, &query->rate_per_s, err));
    TRY(read_number(&node, "at_once", 1, 16, 2, &query->at_once, err));
    query->by_id = pattern_uses(&query->ask.path, HOLE_ID) ||
                   (asks_by(&query->ask, HOLE_ID) && !query->found.reference);
    if (query->found.kind != INBOUND_JSON)
        return node_error(&found, err, _("only answers of kind 'json' can be read"));
    query->given = true;
    return OK;
}
