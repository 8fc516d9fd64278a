/* talent people part: two people are two, whatever their answers look like. */
#include "people/verbs.h"
#include "people/why.h"

typedef struct Parting {
    Context *context;
    int64_t a, b;
    Decider decider;
    bool split;
    AnswerCounts counts;
} Parting;

static ErrCode part_body(Db *db, void *state, Err *err)
{
    Parting *parting = state;
    AUTO_ARENA arena = arena_new(0);
    Relink relink = {.arena = arena};
    TRY(answers_lock(db, err));
    TRY(decision_part(db, &relink, parting->a, parting->b, &parting->decider, &parting->split,
                      err));
    return relink_run(db, parting->context->sealer, &relink, &parting->counts, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Parting parting = {.context = context};
    TRY(argument_number(arguments, 0, &parting.a, err));
    TRY(argument_number(arguments, 1, &parting.b, err));
    TRY(why_decider(context, arguments, &parting.decider, err));
    TRY(db_transact(context->db, part_body, &parting, err));
    *ret_result =
        json_pack("{s:[I, I], s:b, s:s}", "people", (json_int_t)parting.a, (json_int_t)parting.b,
                  "split", (int)parting.split, "why", parting.decider.why);
    return OK;
}

static const Positional POSITIONALS[] = {
    {.name = "A", .help = N_("number of a person")},
    {.name = "B", .help = N_("number of another person, or of one who was merged into A")},
    {0}};

static const Option OPTIONS[] = {WHY_OPTION, {0}};

const Command PEOPLE_PART = {
    .words = "people part",
    .summary = N_("decide that two people are two"),
    .details = N_("Takes a merge back, both get their own numbers again; or says of a pair in "
                  "'talent people duplicates' that it is none, so that it is not shown any more. "
                  "The decision is remembered and holds for later imports too."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
};
