/* talent people show: what is known of one person, who said it, and who said otherwise. */
#include "people/fold.h"
#include "people/person.h"
#include "people/scope.h"
#include "people/source.h"
#include "people/verbs.h"
#include "people/why.h"

#include "base/render.h"

#include <stdio.h>
#include <string.h>

/* The value as it may be shown; sealed ones are opened to show their last four. */
static ErrCode value_show(const Context *context, const Record *record, FactId fact,
                          const char **ret_text, Err *err)
{
    FactValue value = record->facts->values[fact];
    if (fact_info(fact)->kind == KIND_SEALED && value.known) {
        const Sealed *sealed = record_sealed(record, fact);
        char *plain;
        TRY(unseal(context->sealer, context->arena, sealed->bytes, sealed->length, &plain, err));
        value.text = plain;
    }
    bool in_the_clear = context->unmask && fact_info(fact)->kind == KIND_SEALED && value.known;
    *ret_text = in_the_clear ? value.text : fact_show(context->arena, fact, value, context->lang);
    return OK;
}

/* {value, source, surveyed_on} into object. */
static ErrCode said_set(const Context *context, const Source *source, FactId fact, json_t *object,
                        Err *err)
{
    const char *text;
    char day[11];
    TRY(value_show(context, &source->record, fact, &text, err));
    json_object_set_new(object, "value", json_string(text));
    if (fact_info(fact)->kind == KIND_CODE)
        json_object_set_new(object, "code",
                            json_integer(source->record.facts->values[fact].number));
    json_object_set_new(object, "source", source_json(source));
    json_object_set_new(object, "surveyed_on",
                        json_string(date_format(source->record.surveyed_on, day)));
    return OK;
}

/* Other answers that say something else; of pension months, which grow, only those of one day. */
static bool differs(const Record *chosen, const Record *other, FactId fact)
{
    if (!record_knows(other, fact) || record_compare(fact, chosen, other) == 0)
        return false;
    return fact != FACT_PENSION_MONTHS || chosen->surveyed_on == other->surveyed_on;
}

static ErrCode fact_json(const Context *context, const Sources *sources, const Fold *fold,
                         FactId fact, json_t *facts, Err *err)
{
    const Record *chosen = fold->source[fact];
    json_t *line = json_object(), *others = json_array();
    json_array_append_new(facts, line);
    json_object_set_new(line, "fact", json_string(fact_info(fact)->name));
    json_object_set_new(line, "label", json_string(fact_label(fact, context->lang)));
    TRY(said_set(context, source_of(chosen), fact, line, err));
    json_object_set_new(line, "others", others);
    for (size_t i = 0; i < sources->count; i++) {
        const Source *other = &sources->items[i];
        if (!differs(chosen, &other->record, fact))
            continue;
        json_t *said = json_object();
        json_array_append_new(others, said);
        TRY(said_set(context, other, fact, said, err));
    }
    return OK;
}

static ErrCode person_show(Context *context, int64_t id, json_t *result, Err *err)
{
    Person person;
    Sources sources;
    Fold fold;
    TRY(person_load(context->db, context->sealer, context->arena, id, &person, err));
    TRY(scope_person(context, id, &person.facts, err));
    TRY(sources_load(context->db, context->arena, id, &sources, err));
    if (sources.count == 0) /* undone since the person was read */
        return err_set(err, ERR_NOT_FOUND, _("person %lld has no answers any more"), (long long)id);
    fold_answers(context->arena, sources.records, sources.count, &fold);
    json_t *facts = json_array(), *conflicts = json_array();
    json_object_set_new(result, "person", json_integer(id));
    json_object_set_new(result, "answers", json_integer((json_int_t)sources.count));
    json_object_set_new(result, "facts", facts);
    json_object_set_new(result, "conflicts", conflicts);
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        if (fold.source[fact])
            TRY(fact_json(context, &sources, &fold, fact, facts, err));
        if (fold.conflicts >> fact & 1)
            json_array_append_new(conflicts, json_string(fact_info(fact)->name));
    }
    return OK;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    int64_t id;
    Decider decider;
    TRY(argument_number(arguments, 0, &id, err));
    context->unmask = option_flag(arguments, "unmask");
    if (context->unmask && !option_text(arguments, "why"))
        return err_set(err, ERR_USAGE, _("--unmask needs --why: the audit keeps the reason"));
    if (context->unmask)
        TRY(why_decider(context, arguments, &decider, err));
    json_t *result = json_object();
    ErrCode code = person_show(context, id, result, err);
    if (code == OK)
        *ret_result = result;
    else
        json_decref(result);
    return code;
}

static const Column FACT_COLUMNS[] = {{"label", N_("fact")},
                                      {"value", N_("value")},
                                      {"surveyed_on", N_("said on")},
                                      {"source.file", N_("in file")},
                                      {"source.line", N_("line")},
                                      {"source.by", N_("by")},
                                      {0}};

/* The disagreeing answers as rows of their own, with the fact's label. */
static json_t *others_rows(const json_t *facts)
{
    json_t *rows = json_array();
    size_t index, place;
    const json_t *fact;
    json_t *other;
    json_array_foreach(facts, index, fact)
    {
        json_array_foreach(json_object_get(fact, "others"), place, other)
        {
            json_t *row = json_copy(other);
            json_object_set(row, "label", json_object_get(fact, "label"));
            json_array_append_new(rows, row);
        }
    }
    return rows;
}

static void show(const Context *context, const json_t *result)
{
    (void)context;
    const json_t *facts = json_object_get(result, "facts");
    json_t *others = others_rows(facts);
    printf(_("Person %lld, from %lld answers\n\n"),
           json_integer_value(json_object_get(result, "person")),
           json_integer_value(json_object_get(result, "answers")));
    render_table(stdout, FACT_COLUMNS, facts);
    if (json_array_size(others) > 0) {
        printf("\n%s%s%s\n", render_style(stdout, STYLE_WARN), _("Other answers say"),
               render_plain(stdout));
        render_table(stdout, FACT_COLUMNS, others);
    }
    json_decref(others);
}

static const Positional POSITIONALS[] = {{"PERSON", N_("number of the person"), .optional = false},
                                         {0}};

static const Option OPTIONS[] = {
    {.name = "unmask",
     .kind = OPTION_FLAG,
     .help = N_("show the ID number and the phone in the clear; the audit notes who did, and why"),
     .role = ROLE_SURVEY | ROLE_OFFICER,
     .unmasks = true},
    {.name = "why",
     .kind = OPTION_TEXT,
     .value = "TEXT",
     .help = N_("the reason, without personal data")},
    {0}};

const Command PEOPLE_SHOW = {
    .words = "people show",
    .summary = N_("show what is known of a person, and which questionnaire line says so"),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_SURVEY | ROLE_OFFICER,
    .needs = NEEDS_DATABASE | NEEDS_KEYS,
    .run = run,
    .show = show,
};
