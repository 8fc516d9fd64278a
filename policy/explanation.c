#include "policy/explanation.h"
#include "policy/outlook.h"
#include "policy/parse.h"
#include "policy/words.h"

static json_t *kleene_json(Kleene truth)
{
    static const char *const WORDS[] = {
        [KLEENE_FALSE] = "false", [KLEENE_UNKNOWN] = "unknown", [KLEENE_TRUE] = "true"};
    return json_string(WORDS[truth]);
}

static json_t *date_json(Date date)
{
    char day[11];
    return date == DATE_NONE ? json_null() : json_string(date_format(date, day));
}

/* The parameter that bounds a condition, and the days on which it has this value. */
static json_t *parameter_json(Arena *arena, const Policy *policy, const Rule *rule)
{
    if (!rule->parameter)
        return json_null();
    const Parameter *parameter = parameter_named(policy, rule->parameter);
    size_t next = parameter->chosen + 1;
    bool dated = !parameter->moved;
    json_t *json = json_object();
    json_object_set_new(json, "name", json_string(parameter->name));
    json_object_set_new(json, "value", json_string(parameter_value(arena, parameter)));
    json_object_set_new(json, "moved", json_boolean(parameter->moved));
    json_object_set_new(json, "since", date_json(dated ? parameter->since : DATE_NONE));
    json_object_set_new(json, "until",
                        date_json(dated && next < parameter->value_count
                                      ? parameter->values[next].from - 1
                                      : DATE_NONE));
    json_object_set_new(json, "changes", json_boolean(dated && parameter->value_count > 1));
    return json;
}

/* Where the value stands, and since when it is said. */
static void add_source(json_t *line, const Source *source)
{
    json_object_set_new(line, "source", source ? source_json(source) : json_null());
    json_object_set_new(line, "surveyed_on",
                        source ? date_json(source->record.surveyed_on) : json_null());
}

static json_t *clause_json(Arena *arena, const Explanation *explanation, const Rule *rule,
                           const Standings *standings)
{
    const Facts *facts = &explanation->person->facts;
    const Policy *policy = policy_at(explanation->policy, explanation->as_of);
    const char *value = fact_show(arena, rule->fact, facts->values[rule->fact], explanation->lang);
    json_t *line = json_object();
    int route = policy->condition_route[rule->place];
    json_object_set_new(line, "clause", json_string(rule->clause));
    json_object_set_new(line, "route",
                        route < 0 ? json_null() : json_string(policy->routes[route].id));
    json_object_set_new(line, "text", json_string(rule->text));
    json_object_set_new(line, "en", json_string(rule->en));
    json_object_set_new(line, "rule", json_string(condition_words(arena, rule, explanation->lang)));
    json_object_set_new(line, "result", kleene_json(rule_truth(rule, standings)));
    json_object_set_new(line, "fact", json_string(fact_info(rule->fact)->name));
    json_object_set_new(line, "value", value ? json_string(value) : json_null());
    json_object_set_new(line, "parameter", parameter_json(arena, policy, rule));
    add_source(line, explanation->sources[rule->fact]);
    const Proof *proof = &policy->proofs[rule->fact];
    json_object_set_new(line, "proof",
                        proof->zh
                            ? json_string(explanation->lang == LANG_ZH ? proof->zh : proof->en)
                            : json_null());
    if (rule->op == RULE_GROWN_TO)
        json_object_set_new(line, "asked_on", date_json(facts->pension_on));
    return line;
}

static json_t *routes_json(const Policy *policy, const Judgement *judgement)
{
    json_t *routes = json_array();
    for (size_t i = 0; i < policy->route_count; i++) {
        json_t *line = json_object();
        json_object_set_new(line, "id", json_string(policy->routes[i].id));
        json_object_set_new(line, "clause", json_string(policy->routes[i].clause));
        json_object_set_new(line, "text", json_string(policy->routes[i].text));
        json_object_set_new(line, "en", json_string(policy->routes[i].en));
        json_object_set_new(line, "result", kleene_json(judgement->routes[i]));
        json_array_append_new(routes, line);
    }
    return routes;
}

static json_t *missing_json(const Policy *policy, const Standings *standings)
{
    json_t *missing = json_array();
    uint32_t facts = verdict_waits(policy, standings, STANDS_ASK);
    for (int i = 0; i < FACT_COUNT; i++) {
        if (facts >> i & 1)
            json_array_append_new(missing, json_string(fact_info((FactId)i)->name));
    }
    return missing;
}

/* The clauses that staff must decide, because what is known does not. */
static json_t *review_json(const Policy *policy, const Standings *standings)
{
    json_t *review = json_array();
    uint32_t facts = verdict_waits(policy, standings, STANDS_REVIEW);
    for (size_t i = 0; i < policy->condition_count; i++) {
        const Rule *rule = policy->conditions[i];
        int route = policy->condition_route[i];
        const Rule *tree = route < 0 ? &policy->gate : &policy->routes[route].rule;
        if (standings->of[i] == STANDS_REVIEW && (facts >> rule->fact & 1) &&
            rule_truth(tree, standings) == KLEENE_UNKNOWN)
            json_array_append_new(review, json_string(rule->clause));
    }
    return review;
}

json_t *explanation_json(Arena *arena, const Explanation *explanation)
{
    const Policy *policy = policy_at(explanation->policy, explanation->as_of);
    Judgement judgement;
    Standings standings;
    policy_judge(policy, &explanation->person->facts, explanation->as_of, &judgement);
    standings_read(policy, &explanation->person->facts, explanation->as_of, &standings);
    json_t *result = json_object(), *clauses = json_array();
    for (size_t i = 0; i < policy->condition_count; i++)
        json_array_append_new(clauses,
                              clause_json(arena, explanation, policy->conditions[i], &standings));
    json_object_set_new(result, "person", json_integer(explanation->person->id));
    json_object_set_new(result, "policy", json_string(policy->id));
    json_object_set_new(result, "as_of", date_json(explanation->as_of));
    json_object_set_new(result, "in_force",
                        json_boolean(policy_in_force(policy, explanation->as_of)));
    json_object_set_new(result, "verdict", json_string(verdict_name(judgement.verdict)));
    json_object_set_new(result, "gate", kleene_json(judgement.gate));
    json_object_set_new(result, "route",
                        judgement.route < 0 ? json_null()
                                            : json_string(policy->routes[judgement.route].id));
    json_object_set_new(result, "routes", routes_json(policy, &judgement));
    json_object_set_new(result, "clauses", clauses);
    json_object_set_new(result, "missing", missing_json(policy, &standings));
    json_object_set_new(result, "review", review_json(policy, &standings));
    json_object_set_new(result, "eligible_on", date_json(judgement.eligible_on));
    json_object_set_new(result, "eligible_until", date_json(judgement.eligible_until));
    json_object_set_new(result, "boundary", json_boolean(judgement.boundary));
    json_object_set_new(result, "rules_until",
                        date_json(policy->next ? policy->era_until : DATE_NONE));
    return result;
}
