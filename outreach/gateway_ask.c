/* How a message becomes a request: reading "compose", "request" and "auth" of a gateway's file. */
#include "base/lang.h"
#include "base/text.h"
#include "outreach/gateway_file.h"

#include <string.h>

static const char *const BUILT_IN[HOLE_BUILT_IN] = {
    [HOLE_TO] = "to",
    [HOLE_TEXT] = "text",
    [HOLE_REFERENCE] = "reference",
    [HOLE_FROM] = "from",
    [HOLE_CALLBACK] = "callback",
    [HOLE_REPLIES] = "replies",
    [HOLE_USERNAME] = "username",
    [HOLE_PASSWORD] = "password",
    [HOLE_TIMESTAMP] = "timestamp",
    [HOLE_BODY] = "body",
    [HOLE_SIGNATURE] = "signature",
    [HOLE_TEMPLATE] = "template",
    [HOLE_SIGN_NAME] = "sign_name",
    [HOLE_GAPS] = "gaps",
    [HOLE_GAP_LIST] = "gap_list",
    [HOLE_ID] = "id",
    [HOLE_DAY] = "day",
    [HOLE_SENT] = "sent",
    [HOLE_SINCE] = "since",
};

enum { REQUEST_TEXT_MAX = 16384 };

typedef struct Reader {
    Arena *arena;
    const char *holes[HOLES_MAX + 1];
    GatewayAsk *ask;
} Reader;

static ErrCode read_compose(Reader *reader, const Node *compose, Err *err)
{
    if (!compose->value)
        return OK;
    if (!json_is_object(compose->value))
        return node_error(compose, err, _("must be an object"));
    const char *const *known = reader->holes;
    const char *names[COMPOSED_MAX];
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach(compose->value, key, value)
    {
        Node node = {.parent = compose, .name = key, .value = value};
        if (count == COMPOSED_MAX)
            return node_error(&node, err, _("there are more than %d"), COMPOSED_MAX);
        const char *text;
        TRY(node_string(&node, &text, err));
        TRY(pattern_compile(reader->arena, &node, text, known, &reader->ask->composed[count], err));
        names[count++] = key;
    }
    for (size_t at = 0; at < count; at++) /* only now: a composed text can't hold another */
        reader->holes[HOLE_BUILT_IN + at] = names[at];
    reader->ask->composed_count = count;
    return OK;
}

/* Literal text is encoded now, holes when a message fills them. */
static ErrCode pair_add(Reader *reader, const Node *node, Buffer *whole, Err *err)
{
    const char *text;
    Pattern pattern;
    TRY(node_string(node, &text, err));
    TRY(pattern_compile(reader->arena, node, text, reader->holes, &pattern, err));
    if (whole->length > 0)
        buffer_char(whole, '&');
    bool filled = fill_value(FILL_QUERY, node->name, whole);
    buffer_char(whole, '=');
    for (size_t at = 0; filled && at < pattern.count; at++) {
        const PatternPart *part = &pattern.parts[at];
        if (part->hole >= 0)
            buffer_printf(whole, "{{%s}}", reader->holes[part->hole]);
        else
            filled = fill_value(FILL_QUERY, arena_strndup(reader->arena, part->text, part->length),
                                whole);
    }
    return OK;
}

/* {"key": "text with {{holes}}"} as key=text&key=text. */
static ErrCode read_pairs(Reader *reader, const Node *pairs, Pattern *ret_pattern, Err *err)
{
    if (!json_is_object(pairs->value))
        return node_error(pairs, err, _("must be an object"));
    AUTO_BUFFER whole = BUFFER(REQUEST_TEXT_MAX);
    const char *key;
    json_t *value;
    json_object_foreach(pairs->value, key, value)
    {
        Node node = {.parent = pairs, .name = key, .value = value};
        TRY(pair_add(reader, &node, &whole, err));
    }
    TRY(buffer_check(&whole, "request", err));
    const char *text = arena_strdup(reader->arena, buffer_string(&whole));
    return pattern_compile(reader->arena, pairs, text, reader->holes, ret_pattern, err);
}

static ErrCode header_add(Reader *reader, const Node *node, const char *name, const char *text,
                          Err *err)
{
    static const char TOKEN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "!#$%&'*+-.^_`|~";
    GatewayAsk *ask = reader->ask;
    if (ask->header_count == HEADERS_MAX)
        return node_error(node, err, _("there are more than %d"), HEADERS_MAX);
    if (!*name || strspn(name, TOKEN) != strlen(name))
        return node_error(node, err, _("'%s' is not the name of a header"), name);
    if (strpbrk(text, "\r\n"))
        return node_error(node, err, _("holds a line break or another control character"));
    GatewayHeader *header = &ask->headers[ask->header_count];
    header->name = name;
    TRY(pattern_compile(reader->arena, node, text, reader->holes, &header->value, err));
    ask->header_count++;
    return OK;
}

static ErrCode read_headers(Reader *reader, const Node *headers, Err *err)
{
    if (!headers->value)
        return OK;
    if (!json_is_object(headers->value))
        return node_error(headers, err, _("must be an object"));
    const char *name;
    json_t *value;
    json_object_foreach(headers->value, name, value)
    {
        Node node = {.parent = headers, .name = name, .value = value};
        const char *text;
        TRY(node_string(&node, &text, err));
        TRY(header_add(reader, &node, name, text, err));
    }
    return OK;
}

/* "{{gap_list|json}}" in quotes becomes the value itself. */
const char *gateway_json_text(Arena *arena, const json_t *json)
{
    static const char END[] = "|json}}\"";
    char *dumped = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!dumped)
        return NULL;
    const char *text = dumped;
    AUTO_BUFFER out = BUFFER(REQUEST_TEXT_MAX);
    for (const char *end; (end = strstr(text, END)) != NULL; text = end + strlen(END)) {
        const char *open = end;
        while (open > text && memcmp(open, "\"{{", 3) != 0)
            open--;
        buffer_add(&out, text, (size_t)(open - text));
        buffer_add(&out, open + 1, (size_t)(end - open) + strlen(END) - 2);
    }
    buffer_text(&out, text);
    free(dumped);
    return arena_strdup(arena, buffer_string(&out));
}

static bool made_here(int hole)
{
    return hole == HOLE_GAPS || hole == HOLE_GAP_LIST || hole == HOLE_TIMESTAMP ||
           hole == HOLE_DAY || hole == HOLE_SENT || hole == HOLE_SINCE;
}

/* Only what is made here may stand outside of a string. */
static ErrCode json_holes_check(const Node *value, const Pattern *body, Err *err)
{
    for (size_t at = 0; at < body->count; at++) {
        const PatternPart *part = &body->parts[at];
        if (part->json && !made_here(part->hole))
            return node_error(value, err,
                              _("'|json' is for 'gaps', 'gap_list', 'timestamp', 'day', 'sent' "
                                "and 'since' only"));
    }
    return OK;
}

/* The JSON value is written once, holes and all; a hole is later filled inside its JSON string. */
static ErrCode read_json_body(Reader *reader, const Node *value, Err *err)
{
    const char *kept = gateway_json_text(reader->arena, value->value);
    if (!kept)
        return node_error(value, err, _("cannot be written as JSON"));
    TRY(pattern_compile(reader->arena, value, kept, reader->holes, &reader->ask->body, err));
    return json_holes_check(value, &reader->ask->body, err);
}

static ErrCode read_body(Reader *reader, const Node *body, Err *err)
{
    static const char *const KEYS[] = {"kind", "value", NULL};
    static const char *const KINDS[] = {[BODY_NONE] = "none",
                                        [BODY_JSON] = "json",
                                        [BODY_FORM] = "form",
                                        [BODY_TEXT] = "text",
                                        NULL};
    static const char *const TYPES[] = {[BODY_NONE] = NULL,
                                        [BODY_JSON] = "application/json; charset=utf-8",
                                        [BODY_FORM] = "application/x-www-form-urlencoded",
                                        [BODY_TEXT] = "text/plain; charset=utf-8"};
    TRY(node_keys(body, KEYS, err));
    Node kind, value;
    int index;
    TRY(node_get(body, "kind", &kind, err));
    TRY(node_choice(&kind, KINDS, &index, err));
    reader->ask->body_kind = (BodyKind)index;
    if (reader->ask->body_kind == BODY_NONE)
        return OK;
    TRY(node_get(body, "value", &value, err));
    TRY(header_add(reader, body, "Content-Type", TYPES[index], err));
    if (reader->ask->body_kind == BODY_JSON)
        return read_json_body(reader, &value, err);
    if (reader->ask->body_kind == BODY_FORM)
        return read_pairs(reader, &value, &reader->ask->body, err);
    const char *text;
    TRY(node_string(&value, &text, err));
    return pattern_compile(reader->arena, &value, text, reader->holes, &reader->ask->body, err);
}

static ErrCode read_path(Reader *reader, const Node *path, Err *err)
{
    const char *text;
    TRY(node_string(path, &text, err));
    if (*text != '/' || strpbrk(text, "?# \""))
        return node_error(path, err, _("must begin with '/' and hold no '?', '#' or space"));
    return pattern_compile(reader->arena, path, text, reader->holes, &reader->ask->path, err);
}

static ErrCode read_request(Reader *reader, const Node *request, Err *err)
{
    static const char *const KEYS[] = {"method", "path", "query", "headers", "body", NULL};
    static const char *const METHODS[] = {"GET", "POST", NULL};
    TRY(node_keys(request, KEYS, err));
    Node method;
    int index;
    TRY(node_get(request, "method", &method, err));
    TRY(node_choice(&method, METHODS, &index, err));
    reader->ask->post = index == 1;
    Node query = node_find(request, "query"), headers = node_find(request, "headers");
    Node body = node_find(request, "body"), path = node_find(request, "path");
    if (path.value)
        TRY(read_path(reader, &path, err));
    if (query.value)
        TRY(read_pairs(reader, &query, &reader->ask->query, err));
    TRY(read_headers(reader, &headers, err));
    if (body.value && !reader->ask->post)
        return node_error(&body, err, _("a GET request has no body"));
    return body.value ? read_body(reader, &body, err) : OK;
}

static ErrCode read_auth(Reader *reader, const Node *auth, Err *err)
{
    static const char *const KEYS[] = {"kind",     "name",    "value", "over",
                                       "encoding", "service", NULL};
    static const char *const KINDS[AUTH_KINDS + 1] = {[AUTH_NONE] = "none",
                                                      [AUTH_BASIC] = "basic",
                                                      [AUTH_HEADER] = "header",
                                                      [AUTH_HMAC_SHA256] = "hmac-sha256",
                                                      [AUTH_ACS3] = "acs3-hmac-sha256",
                                                      [AUTH_TC3] = "tc3-hmac-sha256"};
    static const char *const ENCODINGS[] = {"hex", "base64", NULL};
    if (!auth->value)
        return OK;
    TRY(node_keys(auth, KEYS, err));
    Node kind, encoding, over;
    int index;
    const char *name, *text;
    TRY(node_get(auth, "kind", &kind, err));
    TRY(node_choice(&kind, KINDS, &index, err));
    reader->ask->auth = (AuthKind)index;
    if (reader->ask->auth == AUTH_HEADER) {
        TRY(node_get_string(auth, "name", &name, err));
        TRY(node_get_string(auth, "value", &text, err));
        return header_add(reader, auth, name, text, err);
    }
    if (reader->ask->auth == AUTH_TC3)
        return node_get_string(auth, "service", &reader->ask->service, err);
    if (reader->ask->auth != AUTH_HMAC_SHA256)
        return OK;
    TRY(node_get(auth, "encoding", &encoding, err));
    TRY(node_choice(&encoding, ENCODINGS, &index, err));
    reader->ask->signature_base64 = index == 1;
    TRY(node_get(auth, "over", &over, err));
    TRY(node_string(&over, &text, err));
    return pattern_compile(reader->arena, &over, text, reader->holes, &reader->ask->signed_over,
                           err);
}

ErrCode gateway_read_ask(Arena *arena, const Node *root, const Node *holder, GatewayAsk *ret_ask,
                         Err *err)
{
    Reader reader = {.arena = arena, .ask = ret_ask};
    memcpy(reader.holes, BUILT_IN, sizeof BUILT_IN);
    Node compose = node_find(root, "compose"), auth = node_find(root, "auth");
    Node request;
    TRY(read_compose(&reader, &compose, err));
    TRY(node_get(holder, "request", &request, err));
    TRY(read_request(&reader, &request, err));
    Node batch = node_find(root, "batch"), body = node_find(&request, "body");
    Node value = node_find(&body, "value");
    if (batch.value && holder == root)
        TRY(gateway_read_batch(arena, &batch, &value, reader.holes, ret_ask, err));
    ret_ask->filed_texts =
        pattern_uses(&ret_ask->query, HOLE_TEMPLATE) || pattern_uses(&ret_ask->body, HOLE_TEMPLATE);
    return read_auth(&reader, &auth, err);
}
