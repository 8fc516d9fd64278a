#include "outreach/gateway.h"

#include "base/lang.h"
#include "base/text.h"
#include "outreach/gateway_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char SIMULATOR[] = "simulator";

const char *outcome_word(OutcomeKind kind)
{
    static const char *const WORDS[OUTCOME_COUNT] = {
#define OUTCOME(name, word, state, meaning) [OUTCOME_##name] = word,
#include "outreach/outcomes.def"
#undef OUTCOME
    };
    return WORDS[kind];
}

ErrCode gateway_read_words(const Node *node, const char **ret_text, Err *err)
{
    static const char *const KEYS[] = {"en", "zh", NULL};
    TRY(node_keys(node, KEYS, err));
    return node_get_string(node, lang_now() == LANG_ZH ? "zh" : "en", ret_text, err);
}

ErrCode gateway_read_texts(Arena *arena, const Node *node, const char ***ret_texts, Err *err)
{
    size_t count;
    TRY(node_count(node, &count, err));
    const char **texts = arena_array(arena, const char *, count + 1);
    for (size_t at = 0; at < count; at++) {
        Node item = node_item(node, at);
        TRY(node_string(&item, &texts[at], err));
    }
    *ret_texts = texts;
    return OK;
}

static ErrCode read_int(const Node *node, const char *key, int min, int max, int *number, Err *err)
{
    Node found = node_find(node, key);
    if (!found.value)
        return OK;
    int64_t value;
    TRY(node_int(&found, min, max, &value, err));
    *number = (int)value;
    return OK;
}

static ErrCode read_limits(const Node *node, Gateway *gateway, Err *err)
{
    static const char *const KEYS[] = {"rate_per_s",    "connections", "connect_timeout_ms",
                                       "timeout_ms",    "idle_s",      "receipt_wait_s",
                                       "receipt_hours", NULL};
    if (!node->value)
        return OK;
    TRY(node_keys(node, KEYS, err));
    TRY(read_int(node, "rate_per_s", 0, 100000, &gateway->rate_per_s, err));
    TRY(read_int(node, "connections", 1, 256, &gateway->connections, err));
    TRY(read_int(node, "connect_timeout_ms", 100, 60000, &gateway->connect_timeout_ms, err));
    TRY(read_int(node, "timeout_ms", 100, 120000, &gateway->timeout_ms, err));
    TRY(read_int(node, "idle_s", 1, 300, &gateway->idle_s, err));
    TRY(read_int(node, "receipt_wait_s", 0, 3600, &gateway->receipt_wait_s, err));
    return read_int(node, "receipt_hours", 1, 24 * 30, &gateway->receipt_hours, err);
}

static ErrCode read_file(Arena *arena, const Node *root, Gateway *gateway, Err *err)
{
    static const char *const KEYS[] = {"title", "sends_sms", "url",     "compose", "request",
                                       "auth",  "answer",    "receipt", "reply",   "query",
                                       "batch", "limits",    "remark",  NULL};
    TRY(node_keys(root, KEYS, err));
    Node title, sends, answer;
    TRY(node_get(root, "title", &title, err));
    TRY(gateway_read_words(&title, &gateway->title, err));
    TRY(node_get(root, "sends_sms", &sends, err));
    TRY(node_bool(&sends, &gateway->sends_sms, err));
    Node url = node_find(root, "url");
    if (url.value)
        TRY(node_string(&url, &gateway->url, err));
    TRY(gateway_read_ask(arena, root, root, &gateway->ask, err));
    TRY(node_get(root, "answer", &answer, err));
    TRY(gateway_read_rules(arena, &answer, gateway, err));
    Node receipt = node_find(root, "receipt"), reply = node_find(root, "reply");
    TRY(gateway_read_inbound(arena, &receipt, false, &gateway->receipt, err));
    TRY(gateway_read_inbound(arena, &reply, true, &gateway->reply, err));
    TRY(gateway_read_query(arena, root, gateway, err));
    Node batch = node_find(root, "batch");
    if (batch.value && gateway->receipt.reference &&
        !pattern_uses(&gateway->ask.batch.each, HOLE_REFERENCE))
        return node_error(&batch, err,
                          _("receipts name the reference, so each message must bring its own"));
    Node limits = node_find(root, "limits");
    return read_limits(&limits, gateway, err);
}

/* A configured value goes into URLs and headers: it must be one line. */
static ErrCode read_line(const Node *settings, const char *key, const char **text, Err *err)
{
    Node node = node_find(settings, key);
    if (!node.value)
        return OK;
    TRY(node_string(&node, text, err));
    for (const char *c = *text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return node_error(&node, err, _("holds a line break or another control character"));
    return OK;
}

static ErrCode url_check(const Node *node, const char *url, Err *err)
{
    bool http = text_starts(url, "http://"), https = text_starts(url, "https://");
    if ((!http && !https) || strpbrk(url, " \"<>\\^`{|}#") || text_ends(url, "://"))
        return node_error(node, err, _("must be an http:// or https:// address without a '#'"));
    return OK;
}

static ErrCode read_templates(const Node *settings, Gateway *gateway, Err *err)
{
    Node templates = node_find(settings, "templates");
    if (!templates.value)
        return OK;
    if (!json_is_object(templates.value))
        return node_error(&templates, err, _("must be an object"));
    const char *id, *code;
    json_t *value;
    json_object_foreach(templates.value, id, value)
    {
        Node node = {.parent = &templates, .name = id, .value = value};
        TRY(node_string(&node, &code, err));
    }
    gateway->templates = templates.value;
    return OK;
}

static ErrCode read_settings(const Config *config, Arena *arena, const Node *settings,
                             Gateway *gateway, Err *err)
{
    static const char *const KEYS[] = {"type",          "url",       "username",
                                       "password_file", "from",      "rate_per_s",
                                       "connections",   "templates", NULL};
    TRY(node_keys(settings, KEYS, err));
    TRY(read_line(settings, "url", &gateway->url, err));
    TRY(read_line(settings, "username", &gateway->username, err));
    TRY(read_line(settings, "from", &gateway->from, err));
    TRY(read_int(settings, "rate_per_s", 0, 100000, &gateway->rate_per_s, err));
    TRY(read_int(settings, "connections", 1, 256, &gateway->connections, err));
    const char *password_file = NULL;
    TRY(read_line(settings, "password_file", &password_file, err));
    if (password_file)
        TRY(config_secret(arena, config_path(config, arena, password_file), &gateway->password,
                          err));
    TRY(read_templates(settings, gateway, err));
    if (!*gateway->url) {
        Node url;
        return node_get(settings, "url", &url, err);
    }
    Node url = node_find(settings, "url");
    return url.value ? url_check(&url, gateway->url, err) : OK;
}

static bool type_sound(const char *type)
{
    return *type && strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(type);
}

/* The type's file: from the folder of shipped gateways, or HOME/gateways for the bureau's own. */
static ErrCode type_load(const Config *config, Arena *arena, const Node *settings, Gateway *gateway,
                         const char **ret_file, Err *err)
{
    if (!type_sound(gateway->type))
        return node_error(settings, err, _("'%s' is not the name of a gateway type"),
                          gateway->type);
    const char *own = arena_printf(arena, "%s/gateways/%s.json", config->home, gateway->type);
    const char *file =
        access(own, F_OK) == 0
            ? own
            : config_shared(arena, arena_printf(arena, "outreach/gateways/%s.json", gateway->type));
    if (access(file, F_OK) != 0) {
        err_set(err, ERR_NOT_FOUND, _("there is no gateway type '%s'"), gateway->type);
        return err_hint(
            err,
            _("shipped types are simulator, kannel, aliyun, tencent, twilio and generic-json; "
              "one of your own goes to '%s'"),
            own);
    }
    *ret_file = file;
    return node_load(file, &gateway->json, err);
}

static ErrCode gateway_fill(const Config *config, Arena *arena, Gateway *gateway, Err *err)
{
    const char *config_file = config->file ? config->file : "talent.json";
    Node root = node_root(config_file, config->json);
    Node gateways = node_find(&root, "gateways");
    gateways.value = config->gateways;
    Node settings = node_find(&gateways, gateway->name);
    if (settings.value)
        TRY(node_get_string(&settings, "type", &gateway->type, err));
    else if (strcmp(gateway->name, SIMULATOR) == 0)
        gateway->type = SIMULATOR;
    else {
        err_set(err, ERR_NOT_FOUND, _("gateway '%s' is not configured"), gateway->name);
        return err_hint(err, _("add it to 'gateways' in '%s'"), config_file);
    }
    const char *file = NULL;
    TRY(type_load(config, arena, &settings, gateway, &file, err));
    Node root_of_type = node_root(file, gateway->json);
    TRY(read_file(arena, &root_of_type, gateway, err));
    return settings.value ? read_settings(config, arena, &settings, gateway, err) : OK;
}

ErrCode gateway_load(const Config *config, Arena *arena, const char *name, Gateway *ret_gateway,
                     Err *err)
{
    if (!name)
        name = config->gateway ? config->gateway : SIMULATOR;
    Gateway gateway = {.name = arena_strdup(arena, name),
                       .type = "",
                       .url = "",
                       .username = "",
                       .password = "",
                       .from = "",
                       .callback = "",
                       .replies = "",
                       .connections = 16,
                       .connect_timeout_ms = 5000,
                       .timeout_ms = 30000,
                       .idle_s = 4,
                       .receipt_wait_s = 10,
                       .receipt_hours = 72};
    ErrCode code = gateway_fill(config, arena, &gateway, err);
    if (code != OK) {
        gateway_done(&gateway);
        return code;
    }
    *ret_gateway = gateway;
    return OK;
}

void gateway_done(Gateway *gateway)
{
    for (size_t at = 0; at < gateway->expression_count; at++) {
        regfree(gateway->expressions[at]);
        free(gateway->expressions[at]);
    }
    gateway->expression_count = 0;
    json_decref(gateway->json);
    gateway->json = NULL;
}

ErrCode gateways_load(const Config *config, Arena *arena, GatewaySet *ret_set, Err *err)
{
    GatewaySet set = {.items = arena_array(arena, Gateway, json_object_size(config->gateways) + 1)};
    const char *name;
    json_t *settings;
    ErrCode code = OK;
    json_object_foreach(config->gateways, name, settings)
    {
        if (code == OK)
            code = gateway_load(config, arena, name, &set.items[set.count], err);
        set.count += code == OK;
    }
    if (code == OK && !gateways_find(&set, SIMULATOR)) {
        code = gateway_load(config, arena, SIMULATOR, &set.items[set.count], err);
        set.count += code == OK;
    }
    if (code != OK) {
        gateways_done(&set);
        return code;
    }
    *ret_set = set;
    return OK;
}

void gateways_done(GatewaySet *set)
{
    for (size_t at = 0; at < set->count; at++)
        gateway_done(&set->items[at]);
    set->count = 0;
}

const Gateway *gateways_find(const GatewaySet *set, const char *name)
{
    for (size_t at = 0; at < set->count; at++)
        if (text_equal(set->items[at].name, name))
            return &set->items[at];
    return NULL;
}

void gateway_callbacks(Gateway *gateway, Arena *arena, const char *public_url, const char *token)
{
    if (!token)
        return;
    if (gateway->receipt.kind != INBOUND_NONE)
        gateway->callback =
            arena_printf(arena, "%s/receipt/%s/%s", public_url, token, gateway->name);
    if (gateway->reply.kind != INBOUND_NONE)
        gateway->replies = arena_printf(arena, "%s/reply/%s/%s", public_url, token, gateway->name);
}
