#include "base/json.h"
#include "base/render.h"
#include "base/text.h"
#include "people/fold.h"
#include "people/scope.h"
#include "policy/explanation.h"
#include "policy/verbs.h"

#include <errno.h>
#include <sys/stat.h>

/* The answer that each fact was taken from. */
static ErrCode find_sources(Context *context, int64_t person, Explanation *explanation, Err *err)
{
    Sources sources;
    Fold fold;
    TRY(sources_load(context->db, context->arena, person, &sources, err));
    if (sources.count == 0)
        return OK;
    fold_answers(context->arena, sources.records, sources.count, &fold);
    for (int fact = 0; fact < FACT_COUNT; fact++)
        explanation->sources[fact] = fold.source[fact] ? source_of(fold.source[fact]) : NULL;
    return OK;
}

/* For its owner alone: it is about one person. */
static ErrCode write_page(const char *file, const char *page, Err *err)
{
    mode_t mask = umask(077);
    FILE *out = fopen(file, "we");
    umask(mask);
    if (!out)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    (void)fputs(page, out);
    bool fine = !ferror(out);
    fine &= fclose(out) == 0;
    return fine ? OK : err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    int64_t id;
    Arena *arena = context->arena;
    const Policy *policy;
    const char *const *settings, *file = option_text(arguments, "o");
    Person person;
    size_t count = option_values(arguments, "set", &settings);
    TRY(argument_number(arguments, 0, &id, err));
    TRY(policy_load(arena, option_text(arguments, "policy"), &policy, err));
    if (count)
        TRY(policy_set(arena, policy, settings, count, &policy, err));
    TRY(person_load(context->db, context->sealer, arena, id, &person, err));
    TRY(scope_person(context, id, &person.facts, err));
    Explanation explanation = {
        .policy = policy, .person = &person, .as_of = context->as_of, .lang = context->lang};
    TRY(find_sources(context, id, &explanation, err));
    json_t *result = explanation_json(arena, &explanation);
    if (file && write_page(file, explanation_page(arena, policy, result, context->lang), err)) {
        json_decref(result);
        return err->code;
    }
    *ret_result = result;
    return OK;
}

/* Since when a bound that changes is what it is. */
static void show_parameter(const json_t *parameter)
{
    if (json_kind(json_object_get(parameter, "changes")) != JSON_TRUE)
        return;
    printf("      %s", render_style(stdout, STYLE_DIM));
    printf(_("%s is %s since %s"), json_text(parameter, "name"), json_text(parameter, "value"),
           json_text(parameter, "since"));
    if (json_kind(json_object_get(parameter, "until")) == JSON_STRING)
        printf(_(", until %s"), json_text(parameter, "until"));
    printf("%s\n", render_plain(stdout));
}

/* The questionnaire line that says so. */
static void show_source(const json_t *clause)
{
    const json_t *source = json_object_get(clause, "source");
    if (json_kind(source) == JSON_OBJECT)
        printf(_("      from %s, sheet %lld, line %lld, said on %s\n"), json_text(source, "file"),
               json_integer_value(json_object_get(source, "sheet")),
               json_integer_value(json_object_get(source, "line")),
               json_text(clause, "surveyed_on"));
}

static void show_clause(const json_t *clause)
{
    static const struct {
        const char *result, *sign;
        Style style;
    } SIGNS[] = {
        {"true", "✓", STYLE_GOOD}, {"false", "✗", STYLE_BAD}, {"unknown", "?", STYLE_WARN}};
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        if (text_equal(SIGNS[i].result, json_text(clause, "result")))
            printf("  %s%s%s ", render_style(stdout, SIGNS[i].style), SIGNS[i].sign,
                   render_plain(stdout));
    }
    const char *value = json_string_value(json_object_get(clause, "value"));
    printf("%s  “%s”\n", json_text(clause, "clause"), json_text(clause, "text"));
    printf("      %s%s → %s%s\n", render_style(stdout, STYLE_DIM), json_text(clause, "rule"),
           value ? value : _("not known"), render_plain(stdout));
    show_parameter(json_object_get(clause, "parameter"));
    show_source(clause);
    if (json_kind(json_object_get(clause, "proof")) == JSON_STRING &&
        !text_equal(json_text(clause, "result"), "false"))
        printf(_("      proved by: %s\n"), json_text(clause, "proof"));
}

static void show_facts(const json_t *names, const char *heading, const Context *context)
{
    size_t index;
    const json_t *name;
    if (json_array_size(names) == 0)
        return;
    printf("%s", heading);
    JSON_ITEMS (names, index, name) {
        FactId fact = fact_find(json_string_value(name));
        printf("%s%s", index ? ", " : " ",
               fact == FACT_NONE ? json_string_value(name) : fact_label(fact, context->lang));
    }
    putchar('\n');
}

static void show(const Context *context, const json_t *result)
{
    size_t index;
    const json_t *clause;
    printf(_("Person %lld on %s by %s: %s%s%s\n"),
           json_integer_value(json_object_get(result, "person")), json_text(result, "as_of"),
           json_text(result, "policy"), render_style(stdout, STYLE_BOLD),
           verdict_label_of(json_text(result, "verdict")), render_plain(stdout));
    if (json_kind(json_object_get(result, "in_force")) != JSON_TRUE)
        puts(_("On that day the policy is not in force"));
    puts(explanation_summary(context->arena, result, context->lang));
    JSON_ITEMS (json_object_get(result, "clauses"), index, clause)
        show_clause(clause);
    show_facts(json_object_get(result, "missing"), _("To be asked:"), context);
    show_facts(json_object_get(result, "review"), _("For staff to decide:"), context);
    if (json_kind(json_object_get(result, "eligible_on")) == JSON_STRING)
        printf(_("Eligible from %s, if contributions go on\n"), json_text(result, "eligible_on"));
    if (json_kind(json_object_get(result, "eligible_until")) == JSON_STRING)
        printf(_("The last day is %s\n"), json_text(result, "eligible_until"));
    if (json_kind(json_object_get(result, "rules_until")) == JSON_STRING)
        printf(_("These rules hold until %s; then a parameter changes\n"),
               json_text(result, "rules_until"));
    if (json_kind(json_object_get(result, "boundary")) == JSON_TRUE)
        puts(_("In the last year of age that the rule includes: staff should look at it"));
}

static const Positional POSITIONALS[] = {{"PERSON", N_("number of the person"), .optional = false},
                                         {0}};

static const Option OPTIONS[] = {
    POLICY_OPTION,
    SET_OPTION,
    {"o", OPTION_OUTPUT, "FILE", N_("write a page for the printer, .html"), .endings = "html",
     .many = false},
    {0},
};

const Command POLICY_EXPLAIN = {
    .words = "policy explain",
    .summary = N_("say of one person which clauses hold, and by which facts"),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_SURVEY | ROLE_OFFICER,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = run,
    .show = show,
};
