/* tests/people/test_difference.c: what a transaction says that it changes is what the base before and
 * the base after it differ in. */
#include "people/difference.h"

#include "people/world.h"

enum { ROUNDS = 12, TAKES = 3, PERSONS_MAX = 200 };

/* Everybody in the base, by number. */
typedef struct Snapshot {
    Person persons[PERSONS_MAX];
    size_t count;
} Snapshot;

static void snapshot_take(World *world, Snapshot *snapshot)
{
    Err err = {0};
    Context *context = &world->home->context;
    AUTO_ROWS rows = NULL;
    assert_ok(db_text(context->db, "SELECT id FROM person ORDER BY id", &rows, &err), &err);
    snapshot->count = 0;
    while (rows_next(rows)) {
        assert_true(snapshot->count < PERSONS_MAX);
        assert_ok(person_load(context->db, context->sealer, world->arena, rows_int(rows, 0),
                              &snapshot->persons[snapshot->count++], &err),
                  &err);
    }
}

static const Person *snapshot_find(const Snapshot *snapshot, int64_t id)
{
    for (size_t i = 0; i < snapshot->count; i++)
        if (snapshot->persons[i].id == id)
            return &snapshot->persons[i];
    return NULL;
}

static bool grew(FactId fact, const Facts *before, const Facts *after)
{
    return fact == FACT_PENSION_MONTHS && after->values[fact].known &&
           after->pension_on >= before->pension_on &&
           after->values[fact].number >= before->values[fact].number;
}

static void expect_person(const Person *before, const Person *after, Difference *expected)
{
    bool changed = false, replaced = false;
    uint32_t fresh = after->conflicts & (before ? ~before->conflicts : UINT32_MAX);
    expected->conflicts += fresh != 0;
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        expected->facts[fact].conflicts += (fresh & (UINT32_C(1) << fact)) != 0;
    for (FactId fact = 0; before && fact < FACT_COUNT; fact++) {
        FactValue was = before->facts.values[fact], is = after->facts.values[fact];
        bool moved =
            fact == FACT_PENSION_MONTHS && before->facts.pension_on != after->facts.pension_on;
        if (was.known == is.known && (!was.known || fact_same(fact, was, is)) && !moved)
            continue;
        changed = true;
        expected->facts[fact].people++;
        expected->facts[fact].filled += !was.known;
        bool lost = was.known && !grew(fact, &before->facts, &after->facts);
        expected->facts[fact].replaced += lost;
        replaced = replaced || lost;
    }
    expected->changed += changed;
    expected->replaced += replaced;
}

static void expect(const Snapshot *before, const Snapshot *after, Difference *expected)
{
    *expected = (Difference){0};
    for (size_t i = 0; i < after->count; i++)
        expect_person(snapshot_find(before, after->persons[i].id), &after->persons[i], expected);
    for (size_t i = 0; i < before->count; i++)
        expected->joined += snapshot_find(after, before->persons[i].id) == NULL;
}

/* Several batches in one transaction, as the chunks of a file. */
typedef struct Taking {
    World *world;
    int64_t first_batch;
    Difference *difference;
} Taking;

static ErrCode take_body(Db *db, void *state, Err *err)
{
    Taking *taking = state;
    World *world = taking->world;
    Context *context = &world->home->context;
    TRY(answers_lock(db, err));
    for (int64_t batch = taking->first_batch; batch < taking->first_batch + TAKES; batch++) {
        Answer answers[ANSWERS_MAX];
        AnswerBatch taken = {.batch = batch, .answers = answers, .credibility = 5};
        AnswerCounts counts;
        for (size_t i = 0; i < world->count; i++)
            if (world->given[i].batch == batch) {
                answers[taken.count++] = world->given[i].answer;
                taken.surveyed_on = world->given[i].surveyed_on;
            }
        TRY(answers_take(db, context->sealer, &taken, &counts, NULL, err));
    }
    return difference_read(db, context->sealer, world->arena, LANG_EN, taking->difference, err);
}

static void assert_same(const Difference *got, const Difference *expected)
{
    assert_int_equal(got->changed, expected->changed);
    assert_int_equal(got->replaced, expected->replaced);
    assert_int_equal(got->joined, expected->joined);
    assert_int_equal(got->conflicts, expected->conflicts);
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        const FactDifference *one = &got->facts[fact], *other = &expected->facts[fact];
        assert_int_equal(one->people, other->people);
        assert_int_equal(one->filled, other->filled);
        assert_int_equal(one->replaced, other->replaced);
        assert_int_equal(one->conflicts, other->conflicts);
        assert_int_equal(one->example_count, other->replaced < DIFFERENCE_EXAMPLES
                                                 ? other->replaced
                                                 : DIFFERENCE_EXAMPLES);
    }
}

static void assert_examples(const Difference *got, const Snapshot *before, const Snapshot *after,
                            Arena *arena)
{
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        for (size_t i = 0; i < got->facts[fact].example_count; i++) {
            const DifferenceExample *example = &got->facts[fact].examples[i];
            const Person *was = snapshot_find(before, example->person);
            const Person *is = snapshot_find(after, example->person);
            if (!was || !is)
                fail_msg("person %lld is an example, and is not in both",
                         (long long)example->person);
            else {
                assert_string_equal(example->before,
                                    fact_show(arena, fact, was->facts.values[fact], LANG_EN));
                const char *shown = fact_show(arena, fact, is->facts.values[fact], LANG_EN);
                assert_int_equal(shown != NULL, example->after != NULL);
                if (shown)
                    assert_string_equal(example->after, shown);
            }
        }
}

static void a_transaction_tells_what_it_changes_of_people(void **state)
{
    static Snapshot before, after;
    static World world;
    Crowd crowd = {
        .arena = ((TestHome *)*state)->context.arena, .state = test_seed(), .people = 14};
    int64_t joined = 0, replaced = 0;
    for (int round = 0; round < ROUNDS; round++) {
        world = world_new(state);
        for (int64_t batch = 1; batch <= 2 * TAKES; batch++) {
            batch_insert(&world, batch);
            for (unsigned i = crowd_below(&crowd, 12); i > 0; i--) {
                Facts facts = crowd_facts(&crowd);
                world_add(&world, &facts, batch,
                          date_of(2012, 5, 1) + (Date)((uint64_t)batch * 7 % 5));
            }
        }
        for (int64_t first = 1; first <= 1 + TAKES; first += TAKES) {
            Err err = {0};
            Difference got, expected;
            Taking taking = {&world, first, &got};
            snapshot_take(&world, &before);
            assert_ok(db_transact(world.home->context.db, take_body, &taking, &err), &err);
            snapshot_take(&world, &after);
            expect(&before, &after, &expected);
            assert_same(&got, &expected);
            assert_examples(&got, &before, &after, world.arena);
            joined += got.joined;
            replaced += got.replaced;
        }
    }
    assert_true(joined > 0 && replaced > 0);
}

static void sealed_values_are_shown_masked(void **state)
{
    World world = world_new(state);
    Facts first = facts_of(&world, 7, 7), second = facts_of(&world, 7, 8);
    for (int64_t batch = 1; batch <= TAKES; batch++)
        batch_insert(&world, batch);
    world_add(&world, &first, 1, date_of(2012, 5, 1));
    world_take(&world, 1);
    for (int64_t batch = 4; batch < 4 + TAKES; batch++)
        batch_insert(&world, batch);
    world_add(&world, &second, 5, date_of(2012, 6, 1));
    Err err = {0};
    Difference got;
    Taking taking = {&world, 4, &got};
    assert_ok(db_transact(world.home->context.db, take_body, &taking, &err), &err);
    const DifferenceExample *phone = &got.facts[FACT_PHONE].examples[0];
    assert_int_equal(got.facts[FACT_PHONE].replaced, 1);
    assert_string_equal(phone->before, "*******0007");
    assert_string_equal(phone->after, "*******0008");
    assert_int_equal(got.facts[FACT_NAME].replaced, 1);
    assert_int_equal(got.facts[FACT_ID_NUMBER].people, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transaction_tells_what_it_changes_of_people),
        cmocka_unit_test(sealed_values_are_shown_masked),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
