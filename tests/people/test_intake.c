/* Tests people/intake.c: answers on a connection of their own, and what a half commit leaves. */
#include "people/world.h"

/* How one import ends. */
typedef enum Ending { BOTH_COMMIT, BOTH_ROLL_BACK, WRITER_ALONE } Ending;

typedef struct Import {
    World *world;
    Db *writer;
    const char *sha256;
    int64_t batch, seen;
    Ending ending;
} Import;

static ErrCode import_within(Db *writer, void *state, Err *err)
{
    Import *import = state;
    Context *context = &import->world->home->context;
    Facts facts[2] = {facts_of(import->world, 7, 7), facts_of(import->world, 8, 8)};
    Answer answers[2] = {{.sheet = 1, .line = 2, .facts = facts[0]},
                         {.sheet = 1, .line = 3, .facts = facts[1]}};
    AnswerBatch batch = {.batch = import->batch,
                         .surveyed_on = date_of(2012, 5, 1),
                         .credibility = 5,
                         .answers = answers,
                         .count = 2};
    AnswerCounts counts = {0};
    TRY(intake_begin(context->db, writer, import->batch, &batch.intake, err));
    ErrCode code = answers_take(context->db, context->sealer, &batch, &counts, NULL, err);
    if (code == OK)
        code = intake_end(batch.intake, context->db, context->sealer, &counts, err);
    intake_free(batch.intake);
    TRY(code);
    AUTO_ROWS rows = NULL;
    TRY(db_text(context->db, "SELECT COUNT(*) FROM answer", &rows, err));
    import->seen = rows_next(rows) ? rows_int(rows, 0) : -1;
    return import->ending == BOTH_ROLL_BACK ? err_set(err, ERR_REFUSED, "rolled back") : OK;
}

static ErrCode import_body(Db *db, void *state, Err *err)
{
    Import *import = state;
    int64_t batch = 0;
    TRY(answers_lock_beside(db, err));
    TRY(db_insert(db, QUERY_SURVEY_BATCH_INSERT,
                  PARAMS(v_text("f"), v_text(import->sha256), v_text("enterprise"), v_text("s"),
                         v_int(5), v_date(date_of(2012, 5, 1)), v_text("UTF-8"), v_text("t")),
                  &batch, err));
    import->batch = batch;
    TRY(db_transact_within(db, import->writer, import_within, import, err));
    return import->ending == WRITER_ALONE ? err_set(err, ERR_REFUSED, "killed") : OK;
}

static ErrCode lock_body(Db *db, void *state, Err *err)
{
    (void)state;
    return answers_lock(db, err);
}

static Import import_run(World *world, Ending ending)
{
    Err err = {0};
    Db *db = world->home->context.db;
    static int files;
    Import import = {
        .world = world, .sha256 = arena_printf(world->arena, "%064d", ++files), .ending = ending};
    assert_ok(intake_writer(db, &import.writer, &err), &err);
    assert_non_null(import.writer);
    db_see_uncommitted(db, true);
    ErrCode code = db_transact(db, import_body, &import, &err);
    db_see_uncommitted(db, false);
    db_close(import.writer);
    assert_int_equal(code, ending == BOTH_COMMIT ? OK : ERR_REFUSED);
    assert_int_equal(import.seen, 2); /* before anything of it was committed */
    return import;
}

static void assert_rows(const World *world, int64_t answers, int64_t people)
{
    assert_int_equal(test_number(world->home, "SELECT COUNT(*) FROM answer"), answers);
    assert_int_equal(test_number(world->home, "SELECT COUNT(*) FROM person"), people);
}

static void lock(const World *world)
{
    Err err = {0};
    assert_ok(db_transact(world->home->context.db, lock_body, NULL, &err), &err);
}

static void both_connections_commit_or_neither(void **state)
{
    World world = world_new(state);
    import_run(&world, BOTH_ROLL_BACK);
    assert_rows(&world, 0, 0);
    import_run(&world, BOTH_COMMIT);
    assert_rows(&world, 2, 2);
    lock(&world);
    assert_rows(&world, 2, 2);
}

static void answers_without_their_batch_are_taken_back_by_whoever_comes_next(void **state)
{
    World world = world_new(state);
    import_run(&world, WRITER_ALONE);
    assert_rows(&world, 2, 0);
    lock(&world);
    assert_rows(&world, 0, 0);
    import_run(&world, WRITER_ALONE);
    import_run(&world, BOTH_COMMIT); /* the next may be an import of the same kind */
    assert_rows(&world, 2, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_connections_commit_or_neither),
        cmocka_unit_test(answers_without_their_batch_are_taken_back_by_whoever_comes_next),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
