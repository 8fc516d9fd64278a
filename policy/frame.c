#include "base/buffer.h"
#include "base/seal.h"
#include "base/text.h"
#include "policy/keys.h"
#include "policy/parse.h"

/* A text of an object, kept after the JSON is gone. */
static ErrCode take_text(const Policy *policy, const Node *node, const char *key,
                         const char **ret_text, Err *err)
{
    TRY(node_get_string(node, key, ret_text, err));
    *ret_text = arena_strdup(policy->arena, *ret_text);
    return OK;
}

static ErrCode take_date(const Node *node, const char *key, Date *ret_date, Err *err)
{
    Node date;
    TRY(node_get(node, key, &date, err));
    return node_date(&date, ret_date, err);
}

static ErrCode parse_title(Policy *policy, const Node *root, Err *err)
{
    Node title;
    TRY(node_get(root, "title", &title, err));
    TRY(node_keys(&title, TITLE_KEYS, err));
    TRY(take_text(policy, &title, "zh", &policy->title_zh, err));
    return take_text(policy, &title, "en", &policy->title_en, err);
}

static ErrCode parse_source(Policy *policy, const Node *root, Err *err)
{
    Node source, issued_on, certainty, caution;
    int choice = CERTAINTY_OFFICIAL;
    TRY(node_get(root, "source", &source, err));
    TRY(node_keys(&source, SOURCE_KEYS, err));
    TRY(take_text(policy, &source, "number", &policy->number, err));
    TRY(take_text(policy, &source, "issued_by", &policy->issued_by, err));
    TRY(take_text(policy, &source, "url", &policy->url, err));
    certainty = node_find(&source, "certainty");
    if (certainty.value)
        TRY(node_choice(&certainty, CERTAINTIES, &choice, err));
    policy->certainty = (Certainty)choice;
    caution = node_find(&source, "caution");
    if (caution.value)
        TRY(take_text(policy, &source, "caution", &policy->caution, err));
    issued_on = node_find(&source, "issued_on");
    return issued_on.value ? node_date(&issued_on, &policy->issued_on, err) : OK;
}

static ErrCode parse_effective(Policy *policy, const Node *root, Err *err)
{
    Node effective;
    TRY(node_get(root, "effective", &effective, err));
    TRY(node_keys(&effective, EFFECTIVE_KEYS, err));
    TRY(take_date(&effective, "from", &policy->from, err));
    Node until = node_find(&effective, "until");
    if (!until.value)
        return OK;
    TRY(node_date(&until, &policy->until, err));
    if (policy->until < policy->from)
        return node_error(&until, err, _("lies before the first day"));
    return OK;
}

/* Says for the conditions read since `first` which route they belong to. */
static void mark_conditions(Policy *policy, size_t first, int route)
{
    for (size_t i = first; i < policy->condition_count; i++)
        policy->condition_route[i] = route;
}

static ErrCode parse_gate(Policy *policy, const Node *root, Err *err)
{
    Node gate = node_find(root, "gate");
    bool on;
    if (!gate.value)
        return OK;
    TRY(node_keys(&gate, GATE_KEYS, err));
    TRY(take_text(policy, &gate, "clause", &policy->gate_clause, err));
    TRY(take_text(policy, &gate, "text", &policy->gate_text, err));
    TRY(take_text(policy, &gate, "en", &policy->gate_en, err));
    TRY(rule_parse_group(policy, &gate, &policy->gate, &on, err));
    if (!on)
        policy->gate = (Rule){.op = RULE_ALL, .fact = FACT_NONE};
    mark_conditions(policy, 0, -1);
    return OK;
}

static ErrCode parse_route(Policy *policy, const Node *node, Err *err)
{
    Route *route = &policy->routes[policy->route_count];
    size_t first = policy->condition_count;
    bool on;
    TRY(node_keys(node, ROUTE_KEYS, err));
    TRY(take_text(policy, node, "id", &route->id, err));
    TRY(take_text(policy, node, "clause", &route->clause, err));
    TRY(take_text(policy, node, "text", &route->text, err));
    TRY(take_text(policy, node, "en", &route->en, err));
    TRY(take_text(policy, node, "reason", &route->reason, err));
    for (size_t i = 0; i < policy->route_count; i++) {
        if (text_equal(policy->routes[i].id, route->id))
            return node_error(node, err, _("route '%s' stands here a second time"), route->id);
    }
    TRY(rule_parse_group(policy, node, &route->rule, &on, err));
    if (!on)
        return node_error(node, err, _("no condition of route '%s' is left"), route->id);
    if (clause_is_taken(policy, route->clause))
        return node_error(node, err, _("clause '%s' stands here a second time"), route->clause);
    mark_conditions(policy, first, (int)policy->route_count);
    policy->route_count++;
    return OK;
}

static ErrCode parse_routes(Policy *policy, const Node *root, Err *err)
{
    Node routes;
    size_t count;
    TRY(node_get(root, "routes", &routes, err));
    TRY(node_count(&routes, &count, err));
    if (count == 0 || count > ROUTES_AT_MOST)
        return node_error(&routes, err, _("must have 1 to %d routes"), ROUTES_AT_MOST);
    policy->routes = arena_array(policy->arena, Route, count);
    for (size_t i = 0; i < count; i++) {
        Node route = node_item(&routes, i);
        TRY(parse_route(policy, &route, err));
    }
    return OK;
}

static ErrCode parse_notes(Policy *policy, const Node *root, Err *err)
{
    Node notes = node_find(root, "notes");
    size_t count = 0;
    if (notes.value)
        TRY(node_count(&notes, &count, err));
    Note *list = arena_array(policy->arena, Note, count + 1);
    for (size_t i = 0; i < count; i++) {
        Node note = node_item(&notes, i);
        TRY(node_keys(&note, NOTE_KEYS, err));
        TRY(take_text(policy, &note, "clause", &list[i].clause, err));
        TRY(take_text(policy, &note, "text", &list[i].text, err));
        TRY(take_text(policy, &note, "en", &list[i].en, err));
    }
    policy->notes = list;
    policy->note_count = count;
    return OK;
}

static ErrCode check_used(const Policy *policy, const Node *root, Err *err)
{
    Node parameters = node_find(root, "parameters");
    for (size_t i = 0; i < policy->parameter_count; i++) {
        if (!policy->parameters[i].used)
            return node_error(&parameters, err, _("no condition reads parameter '%s'"),
                              policy->parameters[i].name);
    }
    return OK;
}

static ErrCode parse_era(Policy *policy, const Node *root, Err *err)
{
    Node schema = node_find(root, "$schema");
    const char *url;
    TRY(node_keys(root, POLICY_KEYS, err));
    if (schema.value)
        TRY(node_string(&schema, &url, err));
    TRY(take_text(policy, root, "id", &policy->id, err));
    TRY(parse_title(policy, root, err));
    TRY(parse_source(policy, root, err));
    TRY(parse_effective(policy, root, err));
    Node parameters = node_find(root, "parameters");
    TRY(parameters_parse(policy, &parameters, policy->settings, policy->setting_count, err));
    TRY(parse_gate(policy, root, err));
    TRY(parse_routes(policy, root, err));
    TRY(parse_notes(policy, root, err));
    TRY(proofs_parse(policy, root, err));
    return check_used(policy, root, err);
}

/* The chain of eras: the same file, read once for each value that its parameters have had. */
static ErrCode parse_policy(Policy *first, json_t *json, Err *err)
{
    const Policy blank = *first;
    const Node root = node_root(first->file.name, json);
    Policy *era = first;
    for (int eras = 1;; eras++) {
        TRY(parse_era(era, &root, err));
        Date change = parameters_change(era);
        if (change == DATE_NONE)
            return OK;
        if (eras == ERAS_AT_MOST) {
            Node parameters = node_find(&root, "parameters");
            return node_error(&parameters, err, _("may change on at most %d days"),
                              ERAS_AT_MOST - 1);
        }
        Policy *next = arena_memdup(blank.arena, &blank, sizeof blank);
        next->era_from = change;
        era->era_until = change - 1;
        era->next = next;
        era = next;
    }
}

/* Over the file and, after it, each moved parameter on a line of its own. */
static ErrCode hash_policy(Policy *policy, Err *err)
{
    AUTO_BUFFER bytes = BUFFER(policy->file.length + 64 * 1024);
    buffer_add(&bytes, policy->file.bytes, policy->file.length);
    for (size_t i = 0; i < policy->setting_count; i++)
        buffer_printf(&bytes, "\n%s", policy->settings[i]);
    TRY(buffer_check(&bytes, _("the list of moved parameters"), err));
    seal_sha256_hex(bytes.bytes, bytes.length, policy->sha256);
    return OK;
}

ErrCode policy_read(Arena *arena, PolicyFile file, const char *const *settings, size_t count,
                    const Policy **ret_policy, Err *err)
{
    json_t *json;
    Policy *policy = arena_alloc(arena, sizeof *policy);
    *policy = (Policy){.arena = arena,
                       .era_from = DATE_MIN,
                       .era_until = DATE_MAX,
                       .file = file,
                       .issued_on = DATE_NONE,
                       .until = DATE_NONE,
                       .settings = settings,
                       .setting_count = count};
    policy->gate = (Rule){.op = RULE_ALL, .fact = FACT_NONE};
    TRY(hash_policy(policy, err));
    TRY(node_parse(file.name, file.bytes, file.length, &json, err));
    ErrCode code = parse_policy(policy, json, err);
    json_decref(json);
    TRY(code);
    *ret_policy = policy;
    return OK;
}

ErrCode policy_set(Arena *arena, const Policy *policy, const char *const *settings, size_t count,
                   const Policy **ret_policy, Err *err)
{
    const char **all = arena_array(arena, const char *, policy->setting_count + count + 1);
    for (size_t i = 0; i < policy->setting_count; i++)
        all[i] = policy->settings[i];
    for (size_t i = 0; i < count; i++)
        all[policy->setting_count + i] = arena_strdup(arena, settings[i]);
    return policy_read(arena, policy->file, all, policy->setting_count + count, ret_policy, err);
}
