#include "base/figures.h"
#include "base/json.h"
#include "base/render.h"
#include "base/text.h"
#include "people/scope.h"
#include "policy/contrast.h"
#include "policy/plane_sizing.h"
#include "policy/publish.h"
#include "policy/term.h"
#include "policy/verbs.h"

enum { BAR_COLUMNS = 32, NUMBER_COLUMNS = 12, QUESTIONS = 3 };

/* What is asked; with parameters moved it is asked of the policy as it stands too, second; third, for
 * an officer, how many people may be seen. */
static ErrCode read_question(Context *context, const Arguments *arguments, Sizing *sizing,
                             const Policy **ret_standing, Err *err)
{
    Arena *arena = context->arena;
    const char *const *settings;
    size_t count = option_values(arguments, "set", &settings);
    TRY(policy_load(arena, option_text(arguments, "policy"), &sizing->policy, err));
    *ret_standing = sizing->policy;
    sizing->questions = option_flag(arguments, "questions");
    if (count)
        TRY(policy_set(arena, sizing->policy, settings, count, &sizing->policy, err));
    const WhereTerms *terms = policy_terms(arena, *ret_standing, context->as_of);
    TRY(scope_where(context, option_text(arguments, "where"), terms, &sizing->where, err));
    return groupings_parse(arena, option_text(arguments, "by"), sizing, err);
}

/* An officer's result speaks of the own towns only: people are those who may be seen. */
static void narrow(json_t *result, const json_t *seen)
{
    json_t *where = json_object_get(result, "where");
    json_int_t people = json_integer_value(json_object_get(json_object_get(seen, "where"), "true"));
    json_object_set_new(result, "people", json_integer(people));
    json_object_set_new(where, "false",
                        json_integer(people - json_integer_value(json_object_get(where, "true")) -
                                     json_integer_value(json_object_get(where, "unknown"))));
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Sizing sizing[QUESTIONS] = {{.as_of = context->as_of, .lang = context->lang}};
    const Policy *standing;
    const char *const *settings;
    json_t *results[QUESTIONS] = {NULL}, *moved = json_array();
    size_t count = option_values(arguments, "set", &settings);
    bool own_towns = context->acting.towns != NULL;
    const Sizings sizings = {.arena = context->arena,
                             .items = sizing,
                             .count = own_towns ? QUESTIONS
                                      : count   ? 2
                                                : 1};
    ErrCode code = read_question(context, arguments, &sizing[0], &standing, err);
    if (code == OK) {
        sizing[1] = sizing[0];
        sizing[1].policy = standing;
        sizing[2] = (Sizing){.policy = standing, .as_of = context->as_of, .lang = context->lang};
        code = scope_where(context, NULL, NULL, &sizing[2].where, err);
    }
    if (code == OK) {
        const char *home = option_flag(arguments, "from-base") ? NULL : context->config.home;
        code = plane_sizings(context->db, home, &sizings, results, err);
    }
    if (code != OK) {
        json_decref(moved);
        return code;
    }
    for (size_t i = 0; i < count; i++)
        json_array_append_new(moved, json_string(settings[i]));
    json_object_set_new(results[0], "set", moved);
    if (count)
        contrast_add(results[0], results[1]);
    if (own_towns)
        narrow(results[0], results[2]);
    json_decref(results[1]);
    json_decref(results[2]);
    *ret_result = results[0];
    return publish(context, arguments, &PUBLISH_SIZE, ret_result, err);
}

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void heading(const char *text)
{
    printf("\n%s%s%s\n", render_style(stdout, STYLE_BOLD), text, render_plain(stdout));
}

static size_t widest(const json_t *rows)
{
    size_t width = 0, index;
    const json_t *row;
    JSON_ITEMS (rows, index, row) {
        size_t columns = text_columns(json_string_value(json_object_get(row, "label")));
        width = columns > width ? columns : width;
    }
    return width;
}

/* Rows {label, people} as labelled bars out of total. */
static void show_bars(Arena *arena, const json_t *rows, int64_t total)
{
    size_t width = widest(rows), index;
    const json_t *row;
    JSON_ITEMS (rows, index, row) {
        const char *label = json_string_value(json_object_get(row, "label"));
        const Figure people = figure_of(json_object_get(row, "people"));
        const char *number = figure_text(arena, people);
        printf("  %s%*s  %*s%s  %s\n", label, (int)(width - text_columns(label)), "",
               (int)(NUMBER_COLUMNS - text_columns(number)), "", number,
               render_bar(arena, people.number, total, BAR_COLUMNS));
    }
}

static void add_bar(json_t *rows, const char *label, json_t *people)
{
    json_t *row = json_object();
    json_object_set_new(row, "label", json_string(label));
    json_object_set(row, "people", people);
    json_array_append_new(rows, row);
}

static void show_verdicts(Arena *arena, const json_t *result, int64_t total)
{
    json_t *rows = json_array();
    for (int i = VERDICT_ELIGIBLE; i <= VERDICT_COUNT; i++)
        add_bar(rows, verdict_label((Verdict)i),
                json_object_get(json_object_get(result, "verdicts"), verdict_name((Verdict)i)));
    show_bars(arena, rows, total);
    json_decref(rows);
}

/* {key: people}: facts by their label, routes by their id. */
static void show_counts(Arena *arena, json_t *counts, const char *title, int64_t total,
                        const Context *context)
{
    const char *key;
    json_t *value, *rows = json_array();
    JSON_MEMBERS (counts, key, value) {
        FactId fact = fact_find(key);
        add_bar(rows, fact == FACT_NONE ? key : fact_label(fact, context->lang), value);
    }
    if (json_array_size(rows)) {
        heading(title);
        show_bars(arena, rows, total);
    }
    json_decref(rows);
}

/* Numbers as they are, "…" for what is withheld. */
static json_t *said(json_t *counts)
{
    const char *key;
    json_t *value, *copy = json_copy(counts);
    JSON_MEMBERS (counts, key, value) {
        if (json_kind(value) == JSON_NULL)
            json_object_set_new(copy, key, json_string("…"));
    }
    return copy;
}

static void show_clauses(json_t *clauses)
{
    static const Column COLUMNS[] = {{"clause", N_("clause")},
                                     {"true", N_("met")},
                                     {"false", N_("not met")},
                                     {"unknown", N_("not known")},
                                     {0}};
    const char *key;
    json_t *value, *rows = json_array();
    JSON_MEMBERS (clauses, key, value) {
        json_t *row = said(value);
        json_object_set_new(row, "clause", json_string(key));
        json_array_append_new(rows, row);
    }
    heading(_("By clause"));
    render_table(stdout, COLUMNS, rows);
    json_decref(rows);
}

/* A group's facts with "not known" in words. */
static json_t *readable(const json_t *group)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)group), *value;
    const char *key;
    JSON_MEMBERS (group, key, value) {
        if (json_kind(value) == JSON_NULL)
            json_object_set_new(copy, key,
                                json_string(text_equal(key, "people") ? "…" : _("not known")));
    }
    json_object_set_new(copy, "verdicts", said(json_object_get(group, "verdicts")));
    return copy;
}

/* The grouping facts as they come, then people and verdicts; codes are left to --json. */
static void show_groups(const json_t *groups, const Context *context)
{
    static const Column VERDICTS[] = {{"people", N_("people")},
                                      {"verdicts.eligible", N_("eligible")},
                                      {"verdicts.likely", N_("likely eligible")},
                                      {"verdicts.possible", N_("possibly eligible")},
                                      {"verdicts.later", N_("eligible later")},
                                      {"verdicts.ineligible", N_("not eligible")}};
    enum { VERDICT_COLUMNS = sizeof VERDICTS / sizeof *VERDICTS };
    Column columns[GROUPINGS_AT_MOST + VERDICT_COLUMNS + 1] = {0};
    size_t count = 0, index;
    const char *key;
    json_t *value, *rows = json_array();
    const json_t *group;
    JSON_MEMBERS (json_array_get(groups, 0), key, value) {
        FactId fact = fact_find(key);
        if (fact != FACT_NONE)
            columns[count++] = (Column){key, fact_label(fact, context->lang)};
        else if (text_equal(key, "age"))
            columns[count++] = (Column){key, N_("age")};
    }
    memcpy(columns + count, VERDICTS, sizeof VERDICTS);
    JSON_ITEMS (groups, index, group)
        json_array_append_new(rows, readable(group));
    heading(_("By group"));
    render_table(stdout, columns, rows);
    json_decref(rows);
}

/* Facts in the order in which to ask them; counts with commas. */
static void show_questions(const Context *context, const json_t *questions)
{
    static const Column COLUMNS[] = {{"fact", N_("ask for")},
                                     {"waiting", N_("wait for it")},
                                     {"alone", N_("for it alone")},
                                     {"settled", N_("settled with those above")},
                                     {"undecided", N_("still undecided")},
                                     {0}};
    size_t index;
    const json_t *question;
    json_t *rows = json_array();
    JSON_ITEMS (questions, index, question) {
        json_t *row = json_object();
        FactId fact = fact_find(json_string_value(json_object_get(question, "fact")));
        json_object_set_new(row, "fact", json_string(fact_label(fact, context->lang)));
        for (size_t i = 1; COLUMNS[i].key; i++)
            json_object_set_new(
                row, COLUMNS[i].key,
                json_string(figure_text(context->arena,
                                        figure_of(json_object_get(question, COLUMNS[i].key)))));
        json_array_append_new(rows, row);
    }
    heading(_("What to ask the possibly eligible, best first"));
    render_table(stdout, COLUMNS, rows);
    json_decref(rows);
}

static void show(const Context *context, const json_t *result)
{
    Arena *arena = context->arena;
    const json_t *where = json_object_get(result, "where");
    int64_t people = number_of(result, "people"), counted = number_of(where, "true");
    if (publish_chart(context, &PUBLISH_SIZE, result))
        return;
    printf(_("%s on %s: %s people\n"), json_string_value(json_object_get(result, "policy")),
           json_string_value(json_object_get(result, "as_of")),
           figure_text(arena, figure_of(json_object_get(result, "people"))));
    if (json_kind(json_object_get(result, "in_force")) != JSON_TRUE)
        puts(_("On that day the policy is not in force"));
    if (counted != people)
        printf(_("Counted below: the %s for whom --where holds; it does not hold for %s and is not "
                 "known for %s\n"),
               figure_text(arena, figure_of(json_object_get(where, "true"))),
               figure_text(arena, figure_of(json_object_get(where, "false"))),
               figure_text(arena, figure_of(json_object_get(where, "unknown"))));
    show_verdicts(arena, result, counted);
    if (json_object_get(result, "difference"))
        contrast_show(context, result);
    show_counts(arena, json_object_get(result, "routes"), _("Eligible and likely, by route"),
                counted, context);
    show_clauses(json_object_get(result, "clauses"));
    show_counts(arena, json_object_get(result, "missing"),
                _("What the possibly eligible have not been asked"), counted, context);
    if (json_array_size(json_object_get(result, "questions")))
        show_questions(context, json_object_get(result, "questions"));
    show_counts(arena, json_object_get(result, "review"),
                _("What staff must decide for the possibly eligible"), counted, context);
    if (json_array_size(json_object_get(result, "groups")))
        show_groups(json_object_get(result, "groups"), context);
    if (publish_note(result))
        printf("\n%s\n", publish_note(result));
}

static const Option OPTIONS[] = {
    POLICY_OPTION,
    {"by", OPTION_TEXT, "FACT,…", N_("count by up to four facts, or by age"), .many = false},
    SET_OPTION,
    WHERE_OPTION,
    {"from-base", OPTION_FLAG, NULL,
     N_("count in the base itself, not on the planes kept beside it"), .many = false},
    {"questions", OPTION_FLAG, NULL,
     N_("which facts to ask the possibly eligible, in the order that settles most"), .many = false},
    PUBLISH_OPTIONS,
    {0},
};

const Command POLICY_SIZE = {
    .words = "policy size",
    .summary = N_("count the people whom a policy reaches, exactly"),
    .details =
        N_("'people' is everyone in the base. 'where' says for how many --where holds, does "
           "not hold, or cannot be "
           "known; verdicts, routes, clauses, missing, review and groups count those for "
           "whom it holds. A route "
           "counts the eligible and the likely whose first route it is. 'missing' counts, "
           "for each fact, the "
           "possibly eligible who wait for it; 'review' those for whom staff must decide. "
           "With --set, 'before' counts by the policy as it stands, and 'difference' is what "
           "the moved parameters add or take away. 'questions' gives the facts in the order to ask "
           "them: 'alone' counts who "
           "waits for that fact only, 'settled' who waits for nothing else once it and those "
           "before it are answered, 'undecided' who is left of those for whom staff need not "
           "decide anyway."),
    .options = OPTIONS,
    .role = ROLE_ANALYST | ROLE_OUTREACH | ROLE_OFFICER,
    .needs = NEEDS_DATABASE,
    .run = run,
    .show = show,
};
