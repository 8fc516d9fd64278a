/* talent people duplicates: pairs that may be one person, for a person to decide. */
#include "people/evidence.h"
#include "people/name.h"
#include "people/pair.h"
#include "people/person.h"
#include "people/verbs.h"

#include "base/lang.h"
#include "base/render.h"

#include <stdio.h>
#include <string.h>

enum { LIMIT_MAX = 1000 };

static json_t *rules_json(const Pair *pair)
{
    json_t *rules = json_array();
    for (PairRule rule = 0; rule < PAIR_RULE_COUNT; rule++)
        if (pair->rules >> rule & 1)
            json_array_append_new(rules, json_string(pair_rule_word(rule)));
    return rules;
}

static json_t *shown(const Context *context, FactId fact, FactValue value)
{
    const char *text = fact_show(context->arena, fact, value, context->lang);
    return text ? json_string(text) : json_null();
}

/* "near: same sound", for the screen. */
static const char *result_shown(Evidence evidence, const char *how)
{
    static const struct {
        const char *word, *shown;
    } HOW[] = {{"variant", N_("near: simplified and traditional")},
               {"same_sound", N_("near: same sound")},
               {"looks_alike", N_("near: looks alike")},
               {"one_apart", N_("near: one character")}};
    static const char *const SHOWN[] = {N_("equal"), N_("near"), N_("differs"), N_("missing")};
    for (size_t i = 0; how && i < sizeof HOW / sizeof *HOW; i++)
        if (strcmp(how, HOW[i].word) == 0)
            return _(HOW[i].shown);
    return _(SHOWN[evidence]);
}

static json_t *evidence_json(const Context *context, FactId fact, FactValue a, FactValue b)
{
    Evidence evidence = evidence_of(context->arena, fact, a, b);
    const char *how = NULL;
    if (fact == FACT_NAME && evidence == EVIDENCE_NEAR)
        how = name_nearness_word(name_nearness(context->arena, a.text, b.text));
    return json_pack("{s:s, s:s, s:s, s:s?, s:s, s:o, s:o}", "fact", fact_info(fact)->name, "label",
                     fact_label(fact, context->lang), "result", evidence_word(evidence), "how", how,
                     "evidence", result_shown(evidence, how), "a", shown(context, fact, a), "b",
                     shown(context, fact, b));
}

static json_t *pair_json(const Context *context, const Pair *pair, const Person *a, const Person *b)
{
    json_t *evidence = json_array();
    for (const FactId *fact = evidence_facts(); *fact != FACT_NONE; fact++)
        json_array_append_new(evidence, evidence_json(context, *fact, a->facts.values[*fact],
                                                      b->facts.values[*fact]));
    bool strong = pair->rules >> PAIR_NAME_PHONE & 1;
    return json_pack("{s:I, s:I, s:s, s:o, s:o}", "a", (json_int_t)pair->a, "b",
                     (json_int_t)pair->b, "strength", strong ? "strong" : "weak", "because",
                     rules_json(pair), "evidence", evidence);
}

static ErrCode pairs_json(Context *context, const PairList *list, size_t limit, json_t *pairs,
                          Err *err)
{
    for (size_t i = 0; i < list->count && i < limit; i++) {
        const Pair *pair = &list->pairs[i];
        Person a, b;
        TRY(person_load(context->db, context->sealer, context->arena, pair->a, &a, err));
        TRY(person_load(context->db, context->sealer, context->arena, pair->b, &b, err));
        json_array_append_new(pairs, pair_json(context, pair, &a, &b));
    }
    return OK;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    PairList list;
    TRY(pairs_find(context->db, context->arena, &list, err));
    json_t *pairs = json_array();
    ErrCode code =
        pairs_json(context, &list, (size_t)option_int(arguments, "limit", LIMIT_MAX), pairs, err);
    if (code != OK) {
        json_decref(pairs);
        return code;
    }
    *ret_result = json_pack("{s:o, s:I, s:I}", "pairs", pairs, "found", (json_int_t)list.count,
                            "crowded", (json_int_t)list.crowded);
    return OK;
}

static const Column PAIR_COLUMNS[] = {{"label", N_("fact")},
                                      {"evidence", N_("evidence")},
                                      {"a", N_("the one")},
                                      {"b", N_("the other")},
                                      {0}};

static void show(const Context *context, const json_t *result)
{
    size_t index;
    const json_t *pair;
    (void)context;
    json_array_foreach(json_object_get(result, "pairs"), index, pair)
    {
        printf("%s%lld  %lld%s\n", render_style(stdout, STYLE_WARN),
               json_integer_value(json_object_get(pair, "a")),
               json_integer_value(json_object_get(pair, "b")), render_plain(stdout));
        render_table(stdout, PAIR_COLUMNS, json_object_get(pair, "evidence"));
        printf("\n");
    }
    printf(_("%lld pairs that may be one person, %zu of them shown\n"),
           json_integer_value(json_object_get(result, "found")),
           json_array_size(json_object_get(result, "pairs")));
}

static const Option OPTIONS[] = {{.name = "limit",
                                  .kind = OPTION_INT,
                                  .value = "N",
                                  .help = N_("show at most so many"),
                                  .min = 1,
                                  .max = LIMIT_MAX,
                                  .preset = "20"},
                                 {0}};

const Command PEOPLE_DUPLICATES = {
    .words = "people duplicates",
    .summary = N_("show pairs that may be one person, with the evidence"),
    .details = N_("The strongest pairs come first: one name and one phone; then one name with one "
                  "birth date or one employer; names a character apart; names that sound or look "
                  "alike, with one birth date; one phone with two names. "
                  "Decide with 'talent people merge A B' or 'talent people part A B'."),
    .options = OPTIONS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = run,
    .show = show,
};
