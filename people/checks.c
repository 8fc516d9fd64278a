#include "people/checks.h"

#include "base/lang.h"
#include "people/refold.h"

enum { PAGE = 2000, SAMPLE_PAGES = 10, SAMPLE_PAGE = 200 };

typedef struct Folding {
    Context *context;
    int64_t after, limit;
    Arena *arena;
    int64_t read, last; /* of this page */
    CheckResult result; /* of this page */
} Folding;

/* Persons and answers are read at one moment. */
static ErrCode page_body(Db *db, void *state, Err *err)
{
    Folding *folding = state;
    AUTO_ROWS rows = NULL;
    arena_reset(folding->arena);
    TRY(db_query(db, QUERY_PEOPLE_CHECK_PERSONS,
                 PARAMS(v_int(folding->after), v_int(folding->limit)), &rows, err));
    int64_t *ids = arena_array(folding->arena, int64_t, (size_t)rows_count(rows) + 1);
    int64_t *wrong = arena_array(folding->arena, int64_t, (size_t)rows_count(rows) + 1);
    size_t count = 0, wrong_count = 0;
    while (rows_next(rows))
        ids[count++] = rows_int(rows, 0);
    folding->read = (int64_t)count;
    folding->last = count ? ids[count - 1] : folding->after;
    folding->result = (CheckResult){.looked = (int64_t)count};
    TRY(refold_check(db, folding->context->sealer, ids, count, wrong, &wrong_count, err));
    for (size_t i = 0; i < wrong_count; i++)
        check_wrong(&folding->result, "person %lld", (long long)wrong[i]);
    return OK;
}

static ErrCode page_check(Folding *folding, CheckResult *result, Err *err)
{
    TRY(db_transact(folding->context->db, page_body, folding, err));
    result->looked += folding->result.looked;
    for (int64_t i = 0; i < folding->result.wrong; i++)
        check_wrong(result, "%s", folding->result.first);
    return OK;
}

/* Everybody; or pages from places by chance. */
static ErrCode fold_run(Context *context, const CheckTerms *terms, CheckResult *ret_result,
                        Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    CheckResult result = {0};
    Folding folding = {
        .context = context, .limit = terms->all ? PAGE : SAMPLE_PAGE, .arena = arena};
    int64_t last;
    TRY(db_number(context->db, QUERY_PEOPLE_CHECK_LAST_PERSON, NO_PARAMS, &last, err));
    bool everybody = terms->all || last <= (int64_t)SAMPLE_PAGES * SAMPLE_PAGE;
    for (int page = 0; everybody || page < SAMPLE_PAGES; page++) {
        uint32_t chance;
        seal_random(&chance, sizeof chance);
        if (!everybody)
            folding.after = (int64_t)chance % last;
        TRY(page_check(&folding, &result, err));
        if (everybody && folding.read < folding.limit)
            break;
        folding.after = folding.last;
        if (command_interrupted)
            break;
    }
    *ret_result = result;
    return OK;
}

static const Check ANSWER_BATCH = {
    .name = "answer_batch",
    .title = N_("every answer belongs to a batch in force"),
    .fix = N_("the rows were left by hand or by damage: restore a backup, or take the batch back "
              "with 'talent survey undo' and import its file again"),
    .query = QUERY_PEOPLE_CHECK_ANSWER_BATCH,
};
static const Check ANSWER_PERSON = {
    .name = "answer_person",
    .title = N_("every answer belongs to a person"),
    .fix = N_("take the batch back with 'talent survey undo' and import its file again"),
    .query = QUERY_PEOPLE_CHECK_ANSWER_PERSON,
};
static const Check PERSON_ANSWERS = {
    .name = "person_answers",
    .title = N_("every person has as many answers as it says"),
    .fix = N_("take the batches of the person back with 'talent survey undo' and import their "
              "files again"),
    .query = QUERY_PEOPLE_CHECK_PERSON_ANSWERS,
};
static const Check FOLD = {
    .name = "fold",
    .title = N_("every person looked at is what its answers say"),
    .fix = N_("somebody has changed persons by hand: a correction ('talent people correct') folds "
              "the person anew; run with --all to see how many"),
    .run = fold_run,
};

const Check *const PEOPLE_CHECKS[] = {&ANSWER_BATCH, &ANSWER_PERSON, &PERSON_ANSWERS, &FOLD, NULL};
