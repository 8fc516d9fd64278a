/* Tests people/answer.c, link.c and refold.c on a real base: after every step the tables hold
 * exactly what the answers say, whatever the order in which they came. */
#include "people/answer.h"

#include "people/crowd.h"
#include "people/fold.h"
#include "people/person.h"
#include "sql/connection.h"

enum { ANSWERS_MAX = 120, BATCHES_MAX = 40 };

/* One answer and the batch that brings it. */
typedef struct Given {
    Answer answer;
    int64_t batch;
    Date surveyed_on;
    int credibility;
    bool in_base;
    /* As the model sees it. */
    Record record;
    size_t group;
} Given;

/* A base and the answers that should be in it. */
typedef struct World {
    TestHome *home;
    Arena *arena;
    Given given[ANSWERS_MAX];
    size_t count;
} World;

static bool same_contact(const Given *a, const Given *b)
{
    return a->record.name_phone_hash && b->record.name_phone_hash &&
           hash_compare(a->record.name_phone_hash, b->record.name_phone_hash) == 0;
}

static bool same_id(const Given *a, const Given *b)
{
    return a->record.id_number.hash && b->record.id_number.hash &&
           hash_compare(a->record.id_number.hash, b->record.id_number.hash) == 0;
}

/* The only answer with an ID number that a bare one may follow; NULL = none, or they differ. */
static const Given *led_by(const World *world, const Given *bare)
{
    const Given *leader = NULL;
    for (size_t i = 0; i < world->count; i++) {
        const Given *other = &world->given[i];
        if (!other->in_base || !other->record.id_number.hash || !same_contact(bare, other))
            continue;
        if (leader && !same_id(leader, other))
            return NULL;
        leader = other;
    }
    return leader;
}

/* The law of linking, word for word. */
static bool belong_together(const World *world, const Given *a, const Given *b)
{
    const Given *first = a->record.id_number.hash ? a : led_by(world, a);
    const Given *second = b->record.id_number.hash ? b : led_by(world, b);
    if (first && second)
        return same_id(first, second);
    return !first && !second && same_contact(a, b);
}

/* Numbers the groups of the answers in the base from 0; returns how many there are. */
static size_t group_answers(World *world)
{
    size_t groups = 0;
    for (size_t i = 0; i < world->count; i++) {
        Given *one = &world->given[i];
        if (!one->in_base)
            continue;
        one->group = groups;
        for (size_t j = 0; j < i; j++)
            if (world->given[j].in_base && belong_together(world, one, &world->given[j])) {
                one->group = world->given[j].group;
                break;
            }
        groups += one->group == groups;
    }
    return groups;
}

static int64_t person_of(const World *world, const Given *given)
{
    return test_number(world->home,
                       arena_printf(world->arena,
                                    "SELECT person_id FROM answer WHERE batch_id = %lld"
                                    " AND sheet = %u AND line = %u",
                                    (long long)given->batch, given->answer.sheet,
                                    given->answer.line));
}

static void assert_facts(const Person *person, const Record *expected, const Given *const *members,
                         size_t count)
{
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        FactValue value = person->facts.values[fact];
        assert_int_equal(value.known, record_knows(expected, fact));
        if (!value.known)
            continue;
        if (fact_info(fact)->kind != KIND_SEALED) {
            assert_true(fact_same(fact, value, expected->facts->values[fact]));
            continue;
        }
        const char *plain = NULL; /* of any answer with the chosen hash */
        for (size_t i = 0; i < count; i++)
            if (record_knows(&members[i]->record, fact) &&
                record_compare(fact, &members[i]->record, expected) == 0)
                plain = members[i]->answer.facts.values[fact].text;
        assert_string_equal(value.text, plain);
    }
    assert_int_equal(person->facts.pension_on, expected->pension_on);
}

static void assert_hashes(const World *world, int64_t person, const Record *expected)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    assert_ok(db_text(world->home->context.db,
                      arena_printf(world->arena,
                                   "SELECT id_hash, name_phone_hash, phone_hash FROM person"
                                   " WHERE id = %lld",
                                   (long long)person),
                      &rows, &err),
              &err);
    assert_true(rows_next(rows));
    const uint8_t *hashes[] = {expected->id_number.hash, expected->name_phone_hash,
                               expected->phone.hash};
    for (unsigned i = 0; i < 3; i++) {
        size_t length;
        const uint8_t *stored = rows_bytes(rows, i, &length);
        assert_int_equal(hash_compare(rows_null(rows, i) ? NULL : stored, hashes[i]), 0);
    }
}

/* One person of the base is the fold of one group, whole. */
static void assert_group(World *world, size_t group, int64_t *ret_person)
{
    Err err = {0};
    Context *context = &world->home->context;
    const Given *members[ANSWERS_MAX];
    const Record *records[ANSWERS_MAX];
    size_t count = 0;
    int64_t id = 0;
    for (size_t i = 0; i < world->count; i++) {
        const Given *given = &world->given[i];
        if (!given->in_base || given->group != group)
            continue;
        int64_t holder = person_of(world, given);
        assert_true(count == 0 || holder == id);
        id = holder;
        members[count] = given;
        records[count++] = &given->record;
    }
    Fold fold;
    Person person;
    fold_answers(world->arena, records, count, &fold);
    assert_ok(fold_link(&fold, records, count, context->sealer, world->arena, &err), &err);
    assert_ok(person_load(context->db, context->sealer, world->arena, id, &person, &err), &err);
    assert_facts(&person, &fold.person, members, count);
    assert_hashes(world, id, &fold.person);
    assert_int_equal(person.conflicts, fold.conflicts);
    assert_int_equal(person.answers, count);
    *ret_person = id;
}

/* The tables hold what the answers in the base say, and nothing else. */
static void assert_world(World *world)
{
    TestHome *home = world->home;
    int64_t ids[ANSWERS_MAX];
    size_t groups = group_answers(world);
    int64_t answers = 0;
    for (size_t i = 0; i < world->count; i++)
        answers += world->given[i].in_base;
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer"), answers);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), groups);
    for (size_t i = 0; i < groups; i++) {
        assert_group(world, i, &ids[i]);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(ids[i], ids[j]);
    }
}

typedef struct Step {
    World *world;
    const AnswerBatch *batch; /* NULL = withdraw */
    int64_t withdrawn;
    AnswerCounts counts;
    int64_t *persons;
} Step;

static ErrCode step_body(Db *db, void *state, Err *err)
{
    Step *step = state;
    const Sealer *sealer = step->world->home->context.sealer;
    TRY(answers_lock(db, err));
    if (!step->batch)
        return answers_withdraw(db, sealer, step->withdrawn, &step->counts, err);
    return answers_take(db, sealer, step->batch, &step->counts, step->persons, err);
}

static void step_run(Step *step)
{
    Err err = {0};
    assert_ok(db_transact(step->world->home->context.db, step_body, step, &err), &err);
}

static void batch_insert(World *world, int64_t batch)
{
    test_sql(
        world->home,
        arena_printf(world->arena,
                     "INSERT INTO batch (id, file, sha256, form, source, credibility,"
                     " surveyed_on, encoding, line_count, accepted, quarantined, people_new,"
                     " people_changed, people_unchanged, report, imported_by, imported_at,"
                     " elapsed_ms) VALUES (%lld, 'f%lld.xlsx', SHA2('%lld', 256), 'enterprise',"
                     " 'firm', 5, '2012-05-01', 'UTF-8', 0, 0, 0, 0, 0, 0, '{}', 'tester',"
                     " UTC_TIMESTAMP(3), 0)",
                     (long long)batch, (long long)batch, (long long)batch));
}

/* Takes all answers of one batch in one call, in the order in which they stand. */
static AnswerCounts world_take(World *world, int64_t batch)
{
    Answer answers[ANSWERS_MAX];
    int64_t persons[ANSWERS_MAX];
    AnswerBatch taken = {.batch = batch, .answers = answers};
    for (size_t i = 0; i < world->count; i++) {
        Given *given = &world->given[i];
        if (given->batch != batch)
            continue;
        given->in_base = true;
        answers[taken.count++] = given->answer;
        taken.surveyed_on = given->surveyed_on;
        taken.credibility = given->credibility;
    }
    Step step = {.world = world, .batch = &taken, .persons = persons};
    step_run(&step);
    for (size_t i = 0, place = 0; i < world->count; i++)
        if (world->given[i].batch == batch)
            assert_int_equal(persons[place++], person_of(world, &world->given[i]));
    return step.counts;
}

static AnswerCounts world_withdraw(World *world, int64_t batch)
{
    for (size_t i = 0; i < world->count; i++)
        if (world->given[i].batch == batch)
            world->given[i].in_base = false;
    Step step = {.world = world, .withdrawn = batch};
    step_run(&step);
    return step.counts;
}

static Given *world_add(World *world, const Facts *facts, int64_t batch, Date surveyed_on)
{
    assert_true(world->count < ANSWERS_MAX);
    Given *given = &world->given[world->count++];
    *given = (Given){.batch = batch,
                     .surveyed_on = surveyed_on,
                     .credibility = 5,
                     .answer = {.sheet = 1, .line = (unsigned)world->count, .facts = *facts}};
    record_make(world->home->context.sealer, world->arena,
                arena_memdup(world->arena, facts, sizeof *facts), surveyed_on, &given->record);
    given->record.credibility = given->credibility;
    return given;
}

static World world_new(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    return (World){.home = home, .arena = home->context.arena};
}

/* Facts with an ID number (or NULL) and a name and phone of that number (0 = none). */
static Facts facts_of(World *world, int id_number, int contact)
{
    Crowd crowd = {.arena = world->arena, .people = 1};
    Facts facts = {.pension_on = DATE_NONE};
    FactValue *values = facts.values;
    if (id_number > 0)
        values[FACT_ID_NUMBER] =
            (FactValue){.known = true, .text = crowd_id_number(&crowd, (unsigned)id_number)};
    if (contact > 0) {
        values[FACT_NAME] =
            (FactValue){.known = true, .text = crowd_name(&crowd, (unsigned)contact)};
        values[FACT_PHONE] =
            (FactValue){.known = true, .text = crowd_phone(&crowd, (unsigned)contact)};
    }
    return facts;
}

/* One answer in a batch of its own; returns its person. */
static int64_t take_one(World *world, int64_t batch, int id_number, int contact)
{
    Facts facts = facts_of(world, id_number, contact);
    Given *given = world_add(world, &facts, batch, date_of(2012, 5, 1) + (Date)batch);
    batch_insert(world, batch);
    world_take(world, batch);
    assert_world(world);
    return person_of(world, given);
}

static void an_answer_without_id_number_joins_the_only_person_of_its_name_and_phone(void **state)
{
    World world = world_new(state);
    int64_t identified = take_one(&world, 1, 7, 7);
    assert_int_equal(take_one(&world, 2, 0, 7), identified);
    assert_int_not_equal(take_one(&world, 3, 0, 8), identified);
}

static void a_person_keeps_its_number_when_its_id_number_comes_later(void **state)
{
    World world = world_new(state);
    int64_t bare = take_one(&world, 1, 0, 7);
    assert_int_equal(take_one(&world, 2, 7, 7), bare);
    assert_int_equal(world_withdraw(&world, 2).people_gone, 0);
    assert_world(&world);
    assert_int_equal(person_of(&world, &world.given[0]), bare);
}

static void a_second_id_number_with_the_same_name_and_phone_makes_the_link_ambiguous(void **state)
{
    World world = world_new(state);
    int64_t first = take_one(&world, 1, 7, 7);
    assert_int_equal(take_one(&world, 2, 0, 7), first);
    int64_t second = take_one(&world, 3, 8, 7);
    assert_int_not_equal(second, first);
    int64_t bare = person_of(&world, &world.given[1]);
    assert_int_not_equal(bare, first);
    assert_int_not_equal(bare, second);
    AnswerCounts counts = world_withdraw(&world, 3); /* one ID number is left: linked again */
    assert_world(&world);
    assert_int_equal(person_of(&world, &world.given[1]), first);
    assert_int_equal(counts.people_gone, 2);
}

static void a_person_that_loses_its_id_number_keeps_its_number_for_one_of_what_is_left(void **state)
{
    World world = world_new(state);
    Facts both[] = {facts_of(&world, 7, 7), facts_of(&world, 7, 8)};
    batch_insert(&world, 1);
    world_add(&world, &both[0], 1, date_of(2012, 5, 1));
    world_add(&world, &both[1], 1, date_of(2012, 5, 1));
    world_take(&world, 1);
    int64_t person = person_of(&world, &world.given[0]);
    assert_int_equal(take_one(&world, 2, 0, 7), person);
    assert_int_equal(take_one(&world, 3, 0, 8), person);
    AnswerCounts counts = world_withdraw(&world, 1);
    assert_world(&world);
    int64_t one = person_of(&world, &world.given[2]), other = person_of(&world, &world.given[3]);
    assert_true((one == person) != (other == person));
    assert_int_equal(counts.people_new, 1);
    assert_int_equal(counts.people_changed, 1);
}

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

/* Random answers in random batches; each batch has its day and credibility. */
static size_t world_invent(World *world, Crowd *crowd)
{
    size_t batches = 1 + crowd_below(crowd, 8), count = 1 + crowd_below(crowd, 40);
    Date days[BATCHES_MAX];
    int credibility[BATCHES_MAX];
    crowd->people = 2 + crowd_below(crowd, 6);
    for (size_t i = 0; i < batches; i++) {
        days[i] = date_of(2012, 5, 1) + (Date)crowd_below(crowd, 3);
        credibility[i] = 1 + (int)crowd_below(crowd, 2);
        batch_insert(world, (int64_t)i + 1);
    }
    for (size_t i = 0; i < count; i++) {
        Facts facts = crowd_facts(crowd);
        size_t batch = crowd_below(crowd, (unsigned)batches);
        Given *given = world_add(world, &facts, (int64_t)batch + 1, days[batch]);
        given->credibility = given->record.credibility = credibility[batch];
    }
    return batches;
}

/* What is in the base, without person numbers and nonces: each person's facts with its answers. */
static const char *fingerprint(const World *world)
{
    Err err = {0};
    Context *context = &world->home->context;
    AUTO_ROWS rows = NULL;
    const char *all = "";
    assert_ok(db_text(context->db,
                      "SELECT p.id, GROUP_CONCAT(CONCAT_WS(':', a.batch_id, a.sheet, a.line)"
                      " ORDER BY a.batch_id, a.sheet, a.line) AS members"
                      " FROM person p JOIN answer a ON a.person_id = p.id GROUP BY p.id"
                      " ORDER BY members",
                      &rows, &err),
              &err);
    while (rows_next(rows)) {
        Person person;
        assert_ok(person_load(context->db, context->sealer, world->arena, rows_int(rows, 0),
                              &person, &err),
                  &err);
        all = arena_printf(world->arena, "%s\n%s %u %d %d", all, rows_text(rows, 1),
                           person.conflicts, person.answers, person.facts.pension_on);
        for (FactId fact = 0; fact < FACT_COUNT; fact++) {
            FactValue value = person.facts.values[fact];
            all = arena_printf(world->arena, "%s|%d,%lld,%s", all, value.known,
                               (long long)value.number, value.text ? value.text : "");
        }
    }
    return all;
}

static void after_every_step_the_base_is_what_its_answers_say(void **state)
{
    enum { ROUNDS = 25 };
    Crowd crowd = {.state = crowd_seed()};
    for (int round = 0; round < ROUNDS; round++) {
        World world = world_new(state);
        crowd.arena = world.arena;
        size_t batches = world_invent(&world, &crowd);
        bool taken[BATCHES_MAX] = {false};
        for (size_t step = 0; step < 2 * batches; step++) {
            size_t batch = crowd_below(&crowd, (unsigned)batches);
            if (taken[batch])
                world_withdraw(&world, (int64_t)batch + 1);
            else
                world_take(&world, (int64_t)batch + 1);
            taken[batch] = !taken[batch];
            assert_world(&world);
        }
    }
}

static void taking_and_withdrawing_a_batch_is_the_identity(void **state)
{
    enum { ROUNDS = 15 };
    Crowd crowd = {.state = crowd_seed()};
    for (int round = 0; round < ROUNDS; round++) {
        World world = world_new(state);
        crowd.arena = world.arena;
        size_t batches = world_invent(&world, &crowd);
        for (size_t batch = 2; batch <= batches; batch++)
            world_take(&world, (int64_t)batch);
        const char *before = fingerprint(&world);
        world_take(&world, 1);
        world_withdraw(&world, 1);
        assert_string_equal(fingerprint(&world), before);
    }
}

static void any_order_of_the_batches_gives_the_same_base(void **state)
{
    enum { ROUNDS = 15 };
    Crowd crowd = {.state = crowd_seed()};
    for (int round = 0; round < ROUNDS; round++) {
        World world = world_new(state);
        crowd.arena = world.arena;
        size_t batches = world_invent(&world, &crowd);
        int64_t order[BATCHES_MAX];
        const char *base[2];
        for (size_t i = 0; i < batches; i++)
            order[i] = (int64_t)i + 1;
        for (size_t pass = 0; pass < 2; pass++) {
            for (size_t i = 0; i < batches; i++)
                world_take(&world, order[i]);
            base[pass] = fingerprint(&world);
            crowd_shuffle(&crowd, order, batches, sizeof *order);
            for (size_t i = 0; i < batches; i++)
                world_withdraw(&world, order[i]);
            assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM person"), 0);
        }
        assert_string_equal(base[0], base[1]);
    }
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
        cmocka_unit_test(an_answer_without_id_number_joins_the_only_person_of_its_name_and_phone),
        cmocka_unit_test(a_person_keeps_its_number_when_its_id_number_comes_later),
        cmocka_unit_test(a_second_id_number_with_the_same_name_and_phone_makes_the_link_ambiguous),
        cmocka_unit_test(
            a_person_that_loses_its_id_number_keeps_its_number_for_one_of_what_is_left),
        cmocka_unit_test(counts_say_what_became_of_the_people),
        cmocka_unit_test(raw_cells_are_sealed_and_come_back),
        cmocka_unit_test(raw_cells_that_no_column_holds_are_refused),
        cmocka_unit_test(an_id_number_in_the_base_cannot_be_read_without_the_key),
        cmocka_unit_test(after_every_step_the_base_is_what_its_answers_say),
        cmocka_unit_test(taking_and_withdrawing_a_batch_is_the_identity),
        cmocka_unit_test(any_order_of_the_batches_gives_the_same_base),
        cmocka_unit_test(many_answers_in_one_call_are_taken_twice),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
