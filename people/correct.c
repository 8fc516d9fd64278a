/* talent people correct: one more answer about a person, from staff. */
#include "people/correction.h"
#include "people/verbs.h"
#include "people/why.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 256 };

static ErrCode unknown_fact(const char *name, Err *err)
{
    const char *names[FACT_COUNT];
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        names[fact] = fact_info(fact)->name;
    err_set(err, ERR_USAGE, _("'%s' is not a fact"), name);
    const char *nearest = text_nearest(name, names, FACT_COUNT);
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
}

static bool said(const Correction *correction, FactId fact)
{
    return correction->facts.values[fact].known;
}

/* FACT=VALUE. What stands before the sign is no secret unless there is no sign. */
static ErrCode read_pair(Context *context, const char *pair, Correction *correction, Err *err)
{
    const char *sign = strchr(pair, '=');
    if (!sign) {
        err_set(err, ERR_USAGE, _("a correction is written FACT=VALUE"));
        return err_hint(err, _("write it like: %s"), "skill_level=技师");
    }
    const char *name =
        text_key(context->arena, arena_strndup(context->arena, pair, (size_t)(sign - pair)));
    FactId fact = fact_find(name);
    if (fact == FACT_NONE)
        return unknown_fact(name, err);
    if (fact_info(fact)->sight == SIGHT_SECRET) {
        err_set(err, ERR_USAGE,
                _("ID numbers and phones are not typed on the command line, where others can see "
                  "them"));
        return err_hint(err, _("give it on standard input: %s"),
                        arena_printf(context->arena, "--stdin %s", name));
    }
    if (said(correction, fact))
        return err_set(err, ERR_USAGE, _("'%s' is given twice"), name);
    return correction_read(context->arena, fact, sign + 1, correction, err);
}

/* One line of standard input for each --stdin FACT. */
static ErrCode read_stdin(Context *context, const char *text, Correction *correction, Err *err)
{
    char line[LINE_BYTES];
    const char *name = text_key(context->arena, text);
    FactId fact = fact_find(name);
    if (fact == FACT_NONE)
        return unknown_fact(name, err);
    if (!fgets(line, sizeof line, stdin))
        return err_set(err, ERR_INPUT, _("standard input has no line for '%s'"), name);
    return correction_read(context->arena, fact, line, correction, err);
}

typedef struct Correcting {
    Context *context;
    Correction correction;
    int64_t batch;
    AnswerCounts counts;
} Correcting;

static ErrCode correct_body(Db *db, void *state, Err *err)
{
    Correcting *correcting = state;
    TRY(answers_lock(db, err));
    return correction_take(db, correcting->context->sealer, &correcting->correction,
                           &correcting->batch, &correcting->counts, err);
}

static json_t *facts_json(const Context *context, const Correction *correction)
{
    json_t *facts = json_array();
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        if (!said(correction, fact))
            continue;
        const char *shown =
            fact_show(context->arena, fact, correction->facts.values[fact], context->lang);
        json_array_append_new(facts, json_pack("{s:s, s:s}", "fact", fact_info(fact)->name, "value",
                                               shown ? shown : ""));
    }
    return facts;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Correcting correcting = {.context = context};
    Correction *correction = &correcting.correction;
    const char *const *secrets;
    size_t secret_count = option_values(arguments, "stdin", &secrets);
    correction->on = context->as_of;
    correction->facts.pension_on = DATE_NONE;
    TRY(argument_number(arguments, 0, &correction->person, err));
    TRY(why_decider(context, arguments, &correction->decider, err));
    if (argument_count(arguments) + secret_count < 2)
        return err_set(err, ERR_USAGE, _("nothing is corrected: neither FACT=VALUE nor --stdin"));
    for (size_t i = 1; i < argument_count(arguments); i++)
        TRY(read_pair(context, argument_at(arguments, i), correction, err));
    for (size_t i = 0; i < secret_count; i++)
        TRY(read_stdin(context, secrets[i], correction, err));
    TRY(db_transact(context->db, correct_body, &correcting, err));
    *ret_result =
        json_pack("{s:I, s:I, s:o, s:b, s:s}", "person", (json_int_t)correction->person, "batch",
                  (json_int_t)correcting.batch, "facts", facts_json(context, correction), "changed",
                  (int)(correcting.counts.people_changed > 0), "why", correction->decider.why);
    return OK;
}

static const Positional POSITIONALS[] = {
    {.name = "PERSON", .help = N_("number of the person")},
    {.name = "FACT=VALUE",
     .help = N_("what is so: skill_level=技师 employer_town=长安镇"),
     .optional = true,
     .many = true},
    {0}};

static const Option OPTIONS[] = {
    WHY_OPTION,
    {.name = "stdin",
     .kind = OPTION_TEXT,
     .value = "FACT",
     .help = N_("read this fact from a line of standard input: id_number and phone only come in "
                "this way"),
     .many = true},
    {0}};

const Command PEOPLE_CORRECT = {
    .words = "people correct",
    .summary = N_("correct what is known of a person: one more answer, from staff"),
    .details =
        N_("The answer is of the day --as-of and believed before every other answer of that "
           "day; a questionnaire of a later day counts more. 'talent survey undo BATCH' takes "
           "it back. A new ID number, or a new name or phone of someone without one, keeps "
           "the person together: answers under the old and the new one stay one person."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .names_people = true,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
};
