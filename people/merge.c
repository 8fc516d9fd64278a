/* talent people merge: two people are one. */
#include "people/verbs.h"
#include "people/why.h"

typedef struct Merging {
    Context *context;
    int64_t a, b;
    Decider decider;
    AnswerCounts counts;
} Merging;

static ErrCode merge_body(Db *db, void *state, Err *err)
{
    Merging *merging = state;
    AUTO_ARENA arena = arena_new(0);
    Relink relink = {.arena = arena};
    TRY(answers_lock(db, err));
    TRY(decision_merge(db, &relink, merging->a, merging->b, &merging->decider, err));
    return relink_run(db, merging->context->sealer, &relink, &merging->counts, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Merging merging = {.context = context};
    TRY(argument_number(arguments, 0, &merging.a, err));
    TRY(argument_number(arguments, 1, &merging.b, err));
    TRY(why_decider(context, arguments, &merging.decider, err));
    TRY(db_transact(context->db, merge_body, &merging, err));
    *ret_result = json_pack("{s:I, s:I, s:s}", "person", (json_int_t)merging.a, "merged",
                            (json_int_t)merging.b, "why", merging.decider.why);
    return OK;
}

static const Positional POSITIONALS[] = {
    {.name = "A", .help = N_("number of the person, which stays")},
    {.name = "B", .help = N_("number of the person who is the same")},
    {0}};

static const Option OPTIONS[] = {WHY_OPTION, {0}};

const Command PEOPLE_MERGE = {
    .words = "people merge",
    .summary = N_("decide that two people are one"),
    .details =
        N_("All answers of B become answers of A; where they disagree, A has a conflict. The "
           "decision is remembered by ID number, name and phone: it holds for later imports "
           "too. 'talent people part A B' takes it back. Messages to B that still wait are "
           "not sent."),
    .positionals = POSITIONALS,
    .options = OPTIONS,
    .role = ROLE_SURVEY,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
};
