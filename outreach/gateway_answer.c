/* How an answer and what a gateway pushes are read: "answer", "receipt" and "reply" of its file. */
#include "base/lang.h"
#include "outreach/gateway_file.h"
#include "outreach/jsonpath.h"

#include <string.h>

static ErrCode read_expression(const Node *node, Gateway *gateway, const regex_t **ret, Err *err)
{
    const char *text;
    TRY(node_string(node, &text, err));
    regex_t *expression = malloc(sizeof *expression);
    if (!expression)
        return node_error(node, err, _("no memory for this expression"));
    int failure = regcomp(expression, text, REG_EXTENDED);
    if (failure) {
        char why[128];
        regerror(failure, expression, why, sizeof why);
        free(expression);
        return node_error(node, err, _("'%s' is not a regular expression: %s"), text, why);
    }
    gateway->expressions[gateway->expression_count++] = expression;
    *ret = expression;
    return OK;
}

static ErrCode read_finder(const Node *node, Gateway *gateway, Finder *ret_finder, Err *err)
{
    static const char *const KEYS[] = {"path", "pattern", "is", NULL};
    if (!node->value)
        return OK;
    TRY(node_keys(node, KEYS, err));
    Node path = node_find(node, "path"), pattern = node_find(node, "pattern");
    if ((path.value != NULL) == (pattern.value != NULL))
        return node_error(node, err, _("needs one of 'path' and 'pattern'"));
    if (path.value)
        return node_string(&path, &ret_finder->path, err);
    return read_expression(&pattern, gateway, &ret_finder->pattern, err);
}

static ErrCode read_statuses(Arena *arena, const Node *node, const int **ret_statuses, Err *err)
{
    size_t count;
    TRY(node_count(node, &count, err));
    int *statuses = arena_array(arena, int, count + 1);
    for (size_t at = 0; at < count; at++) {
        Node item = node_item(node, at);
        int64_t status;
        TRY(node_int(&item, 100, 599, &status, err));
        statuses[at] = (int)status;
    }
    *ret_statuses = statuses;
    return OK;
}

ErrCode gateway_read_condition(Arena *arena, const Node *node, Gateway *gateway, AnswerRule *rule,
                               Err *err)
{
    Node status = node_find(node, "status"), when = node_find(node, "when");
    if (status.value)
        TRY(read_statuses(arena, &status, &rule->statuses, err));
    TRY(read_finder(&when, gateway, &rule->when, err));
    if (!when.value)
        return OK;
    Node is = node_find(&when, "is");
    return is.value ? gateway_read_texts(arena, &is, &rule->is, err) : OK;
}

static ErrCode read_rule(Arena *arena, const Node *node, Gateway *gateway, AnswerRule *rule,
                         Err *err)
{
    static const char *const KEYS[] = {"status", "when", "outcome", "id",
                                       "to",     "code", "fix",     NULL};
    static const char *const OUTCOMES[] = {
#define OUTCOME(name, word, state, meaning) word,
#include "outreach/outcomes.def"
#undef OUTCOME
        NULL};
    TRY(node_keys(node, KEYS, err));
    Node id = node_find(node, "id"), to = node_find(node, "to");
    Node code = node_find(node, "code"), fix = node_find(node, "fix");
    Node outcome;
    int index;
    TRY(node_get(node, "outcome", &outcome, err));
    TRY(node_choice(&outcome, OUTCOMES, &index, err));
    rule->outcome = (OutcomeKind)index;
    TRY(gateway_read_condition(arena, node, gateway, rule, err));
    TRY(read_finder(&id, gateway, &rule->id, err));
    TRY(read_finder(&to, gateway, &rule->to, err));
    TRY(read_finder(&code, gateway, &rule->code, err));
    return fix.value ? gateway_read_words(&fix, &rule->fix, err) : OK;
}

ErrCode gateway_read_rules(Arena *arena, const Node *answer, Gateway *gateway, Err *err)
{
    size_t count;
    TRY(node_count(answer, &count, err));
    if (count > RULES_MAX)
        return node_error(answer, err, _("there are more than %d"), RULES_MAX);
    for (size_t at = 0; at < count; at++) {
        Node rule = node_item(answer, at);
        TRY(read_rule(arena, &rule, gateway, &gateway->rules[at], err));
    }
    gateway->rule_count = count;
    return OK;
}

static ErrCode read_name(const Node *node, const char *key, const char **ret_name, Err *err)
{
    Node found = node_find(node, key);
    return found.value ? node_string(&found, ret_name, err) : OK;
}

static ErrCode read_wanted_answer(const Node *node, Inbound *inbound, Err *err)
{
    static const char *const KEYS[] = {"status", "type", "body", NULL};
    inbound->answer_status = 200;
    inbound->answer_type = "text/plain; charset=utf-8";
    inbound->answer_body = "";
    if (!node->value)
        return OK;
    TRY(node_keys(node, KEYS, err));
    int64_t status = 200;
    if (node_find(node, "status").value)
        TRY(node_get_int(node, "status", 200, 299, &status, err));
    inbound->answer_status = (unsigned)status;
    TRY(read_name(node, "type", &inbound->answer_type, err));
    return read_name(node, "body", &inbound->answer_body, err);
}

static ErrCode read_status_words(Arena *arena, const Node *node, Inbound *inbound, Err *err)
{
    static const char *const KEYS[RECEIPT_STATUSES + 1] = {[RECEIPT_DELIVERED] = "delivered",
                                                           [RECEIPT_UNDELIVERED] = "undelivered",
                                                           [RECEIPT_SENT] = "sent",
                                                           [RECEIPT_IGNORED] = "ignored"};
    TRY(node_keys(node, KEYS, err));
    for (size_t at = 0; at < RECEIPT_STATUSES; at++) {
        Node words = node_find(node, KEYS[at]);
        if (words.value)
            TRY(gateway_read_texts(arena, &words, &inbound->words[at], err));
    }
    return OK;
}

ErrCode gateway_read_inbound(Arena *arena, const Node *node, bool is_reply, Inbound *ret_inbound,
                             Err *err)
{
    static const char *const RECEIPT_KEYS[] = {"kind",      "items", "reference", "id",
                                               "status",    "code",  "statuses",  "answer",
                                               "signature", "phone", NULL};
    static const char *const REPLY_KEYS[] = {"kind", "items",  "phone",     "text",
                                             "id",   "answer", "signature", NULL};
    static const char *const KINDS[] = {[INBOUND_NONE] = "none",
                                        [INBOUND_JSON] = "json",
                                        [INBOUND_FORM] = "form",
                                        [INBOUND_QUERY] = "query",
                                        NULL};
    *ret_inbound = (Inbound){.kind = INBOUND_NONE};
    if (!node->value)
        return OK;
    TRY(node_keys(node, is_reply ? REPLY_KEYS : RECEIPT_KEYS, err));
    Node kind, statuses, answer = node_find(node, "answer");
    int index;
    TRY(node_get(node, "kind", &kind, err));
    TRY(node_choice(&kind, KINDS, &index, err));
    ret_inbound->kind = (InboundKind)index;
    TRY(read_name(node, "items", &ret_inbound->items, err));
    TRY(read_name(node, "id", &ret_inbound->id, err));
    TRY(read_wanted_answer(&answer, ret_inbound, err));
    Node signature = node_find(node, "signature");
    if (signature.value)
        TRY(signature_read(arena, &signature, &ret_inbound->signature, err));
    if (is_reply) {
        TRY(node_get_string(node, "phone", &ret_inbound->phone, err));
        return node_get_string(node, "text", &ret_inbound->text, err);
    }
    TRY(read_name(node, "reference", &ret_inbound->reference, err));
    TRY(read_name(node, "code", &ret_inbound->code, err));
    TRY(read_name(node, "phone", &ret_inbound->phone, err));
    if (!ret_inbound->reference && !ret_inbound->id)
        return node_error(node, err, _("needs one of 'reference' and 'id'"));
    TRY(node_get_string(node, "status", &ret_inbound->status, err));
    TRY(node_get(node, "statuses", &statuses, err));
    return read_status_words(arena, &statuses, ret_inbound, err);
}

static bool match_text(const regex_t *pattern, const char *body, size_t length, char *out,
                       size_t size)
{
    regmatch_t groups[2] = {{.rm_so = 0, .rm_eo = (regoff_t)length}, {.rm_so = -1, .rm_eo = -1}};
    if (regexec(pattern, body, 2, groups, REG_STARTEND) != 0)
        return false;
    const regmatch_t *found = groups[1].rm_so >= 0 ? &groups[1] : &groups[0];
    size_t bytes = (size_t)(found->rm_eo - found->rm_so);
    if (bytes >= size || (groups[1].rm_so >= 0 && bytes == 0))
        return false;
    memcpy(out, body + found->rm_so, bytes);
    out[bytes] = '\0';
    return true;
}

bool finder_text(const Finder *finder, json_t *json, const char *body, size_t length, char *out,
                 size_t size)
{
    if (finder->path)
        return json && jsonpath_text(json, finder->path, out, size);
    return finder->pattern && match_text(finder->pattern, body, length, out, size);
}
