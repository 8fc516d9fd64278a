/* Tests people/answer.c and refold.c: counts, what is sealed, and many answers in one call. */
#include "people/world.h"

static void counts_say_what_became_of_the_people(void **state)
{
    World world = world_new(state);
    Facts facts = facts_of(&world, 7, 7), again = facts, more = facts;
    more.values[FACT_OWNS_HOME] = (FactValue){.known = true, .number = 1};
    for (int64_t batch = 1; batch <= 3; batch++)
        batch_insert(&world, batch);
    world_add(&world, &facts, 1, date_of(2012, 5, 1));
    world_add(&world, &again, 2, date_of(2012, 5, 2));
    world_add(&world, &more, 3, date_of(2012, 5, 3));
    AnswerCounts first = world_take(&world, 1), second = world_take(&world, 2);
    AnswerCounts third = world_take(&world, 3), back = world_withdraw(&world, 3);
    assert_int_equal(first.people_new, 1);
    assert_int_equal(first.people_changed + first.people_unchanged, 0);
    assert_int_equal(second.people_unchanged, 1);
    assert_int_equal(second.people_new + second.people_changed, 0);
    assert_int_equal(third.people_changed, 1);
    assert_int_equal(back.people_changed, 1);
    assert_world(&world);
}

static void raw_cells_are_sealed_and_come_back(void **state)
{
    World world = world_new(state);
    Err err = {0};
    Context *context = &world.home->context;
    Facts facts = facts_of(&world, 7, 7);
    Given *given = world_add(&world, &facts, 1, date_of(2012, 5, 1));
    given->answer.normalised = "{\"phone\": \"１３８\"}";
    batch_insert(&world, 1);
    world_take(&world, 1);
    AUTO_ROWS rows = NULL;
    assert_ok(db_text(context->db, "SELECT normalised FROM answer", &rows, &err), &err);
    assert_true(rows_next(rows));
    size_t length;
    char *plain;
    const void *sealed = rows_bytes(rows, 0, &length);
    assert_ok(unseal(context->sealer, context->arena, sealed, length, &plain, &err), &err);
    assert_string_equal(plain, given->answer.normalised);
}

static void raw_cells_that_no_column_holds_are_refused(void **state)
{
    World world = world_new(state);
    Err err = {0};
    char raw[ANSWER_NORMALISED_BYTES + 2];
    memset(raw, 'x', sizeof raw - 1);
    raw[sizeof raw - 1] = '\0';
    Answer answer = {.sheet = 2, .line = 9, .facts = facts_of(&world, 7, 7), .normalised = raw};
    AnswerBatch batch = {.batch = 1,
                         .surveyed_on = date_of(2012, 5, 1),
                         .credibility = 5,
                         .answers = &answer,
                         .count = 1};
    batch_insert(&world, 1);
    Step step = {.world = &world, .batch = &batch};
    assert_int_equal(db_transact(world.home->context.db, step_body, &step, &err), ERR_LIMIT);
    assert_string_equal(err.text, "the raw cells of sheet 2, line 9 are too long");
    assert_world(&world);
    raw[ANSWER_NORMALISED_BYTES] = '\0';
    step_run(&step);
}

static void an_id_number_in_the_base_cannot_be_read_without_the_key(void **state)
{
    World world = world_new(state);
    take_one(&world, 1, 7, 7);
    const Given *given = &world.given[0];
    for (int table = 0; table < 2; table++)
        assert_int_equal(
            test_number(
                world.home,
                arena_printf(world.arena,
                             "SELECT COUNT(*) FROM %s WHERE LOCATE('%s', id_number) > 0 OR"
                             " LOCATE('%s', phone) > 0 OR id_number IS NULL OR phone IS NULL",
                             table ? "answer" : "person",
                             given->answer.facts.values[FACT_ID_NUMBER].text,
                             given->answer.facts.values[FACT_PHONE].text)),
            0);
}

/* More people than one parameter holds keys of, and more than one chunk of persons to fold. */
static void many_answers_in_one_call_are_taken_twice(void **state)
{
    enum { MANY = 12000 };
    World world = world_new(state);
    AUTO_ARENA arena = arena_new(0);
    Crowd crowd = {.arena = arena, .people = MANY};
    Answer *answers = arena_array(arena, Answer, MANY);
    for (unsigned i = 0; i < MANY; i++) {
        /* Lines from the last to the first: rows are still written in the order of the key. */
        answers[i] = (Answer){.sheet = 1, .line = MANY - i, .facts = {.pension_on = DATE_NONE}};
        FactValue *values = answers[i].facts.values;
        values[FACT_ID_NUMBER] = (FactValue){.known = true, .text = crowd_id_number(&crowd, i)};
        values[FACT_NAME] = (FactValue){.known = true, .text = crowd_name(&crowd, i)};
        values[FACT_PHONE] = (FactValue){.known = true, .text = crowd_phone(&crowd, i)};
    }
    AnswerBatch batch = {.answers = answers, .count = MANY, .credibility = 5};
    for (int64_t id = 1; id <= 2; id++) {
        batch_insert(&world, id);
        batch.batch = id;
        batch.surveyed_on = date_of(2012, 5, (int)id);
        Step step = {.world = &world, .batch = &batch};
        step_run(&step);
        assert_int_equal(step.counts.people_new, id == 1 ? MANY : 0);
        assert_int_equal(step.counts.people_unchanged, id == 1 ? 0 : MANY);
    }
    assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM person WHERE answers = 2"),
                     MANY);
    Step undo = {.world = &world, .withdrawn = 1};
    step_run(&undo);
    assert_int_equal(undo.counts.people_unchanged, MANY);
    undo.withdrawn = 2;
    step_run(&undo);
    assert_int_equal(undo.counts.people_gone, MANY);
    assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM person"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_say_what_became_of_the_people),
        cmocka_unit_test(raw_cells_are_sealed_and_come_back),
        cmocka_unit_test(raw_cells_that_no_column_holds_are_refused),
        cmocka_unit_test(an_id_number_in_the_base_cannot_be_read_without_the_key),
        cmocka_unit_test(many_answers_in_one_call_are_taken_twice),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
