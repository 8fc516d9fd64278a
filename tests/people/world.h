/* tests/people/world.h: a base, the answers that should be in it, and the laws of linking and
 * folding written down a second time, slowly and word for word.
 * Shape:  world_add says what a batch will bring; world_take and world_withdraw carry it out;
 *         assert_world compares the tables with what the answers in the base say.
 * Owns:   texts live in the arena of the TestHome's context. */
#ifndef TESTS_PEOPLE_WORLD_H
#define TESTS_PEOPLE_WORLD_H

#include "people/answer.h"
#include "people/fold.h"
#include "people/intake.h"
#include "people/person.h"
#include "sql/connection.h"

#include "people/crowd.h"

enum { ANSWERS_MAX = 120, BATCHES_MAX = 40, DECIDED_MAX = 120 };

/* One answer and the batch that brings it. */
typedef struct Given {
    Answer answer;
    int64_t batch;
    Date surveyed_on;
    int credibility;
    bool in_base;
    bool kept_out; /* by a tombstone */
    /* As the model sees it. */
    Record record;
    size_t group;
} Given;

/* A key that a decision names, and the first key of all that are one person with it. */
typedef struct Decided {
    const uint8_t *key, *unit;
} Decided;

/* A base and the answers that should be in it. */
typedef struct World {
    TestHome *home;
    Arena *arena;
    Given given[ANSWERS_MAX];
    size_t count;
    Decided decided[DECIDED_MAX];
    size_t decided_count;
} World;

static inline bool same_contact(const Given *a, const Given *b)
{
    return a->record.name_phone_hash && b->record.name_phone_hash &&
           hash_compare(a->record.name_phone_hash, b->record.name_phone_hash) == 0;
}

/* What the decisions say of a key: the first key of those that are one person with it; NULL =
 * nothing. */
static inline const uint8_t *decided_unit(const World *world, const uint8_t *key)
{
    for (size_t i = 0; i < world->decided_count; i++)
        if (hash_compare(world->decided[i].key, key) == 0)
            return world->decided[i].unit;
    return NULL;
}

static inline const uint8_t *id_unit(const World *world, const Given *given)
{
    const uint8_t *decided = decided_unit(world, given->record.id_number.hash);
    return decided ? decided : given->record.id_number.hash;
}

/* The law of linking, word for word: the key of the person that an answer in the base belongs to.
 */
static inline const uint8_t *answer_unit(const World *world, const Given *given)
{
    if (given->record.id_number.hash)
        return id_unit(world, given);
    const uint8_t *decided = decided_unit(world, given->record.name_phone_hash), *leader = NULL;
    if (decided)
        return decided;
    for (size_t i = 0; i < world->count; i++) {
        const Given *other = &world->given[i];
        if (!other->in_base || !other->record.id_number.hash || !same_contact(given, other))
            continue;
        if (leader && hash_compare(leader, id_unit(world, other)) != 0)
            return given->record.name_phone_hash;
        leader = id_unit(world, other);
    }
    return leader ? leader : given->record.name_phone_hash;
}

static inline bool belong_together(const World *world, const Given *a, const Given *b)
{
    return hash_compare(answer_unit(world, a), answer_unit(world, b)) == 0;
}

/* Numbers the groups of the answers in the base from 0; returns how many there are. */
static inline size_t group_answers(World *world)
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

static inline int64_t person_of(const World *world, const Given *given)
{
    return test_number(world->home,
                       arena_printf(world->arena,
                                    "SELECT person_id FROM answer WHERE batch_id = %lld"
                                    " AND sheet = %u AND line = %u",
                                    (long long)given->batch, given->answer.sheet,
                                    given->answer.line));
}

static inline void assert_facts(const Person *person, const Record *expected,
                                const Given *const *members, size_t count)
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

static inline void assert_hashes(const World *world, int64_t person, const Record *expected)
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
static inline void assert_group(World *world, size_t group, int64_t *ret_person)
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
static inline void assert_world(World *world)
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
    Db *writer; /* NULL = the world's own connection */
    bool alone; /* it cannot be written beside */
} Step;

/* The answers of every second batch are written beside the people, as those of a large file. */
static inline bool goes_beside(const Step *step)
{
    return step->batch && step->batch->batch % 2 == 0;
}

/* In two calls, so that the second meets persons of the first who are not written yet. */
static inline ErrCode step_halves(Step *step, Intake *intake, Err *err)
{
    Context *context = &step->world->home->context;
    AnswerBatch half = *step->batch;
    AnswerCounts *counts = &step->counts;
    *counts = (AnswerCounts){0};
    half.intake = intake;
    for (size_t from = 0; from < step->batch->count; from += half.count) {
        AnswerCounts before = {0};
        half.answers = step->batch->answers + from;
        half.count = from == 0 ? (step->batch->count + 1) / 2 : step->batch->count - from;
        TRY(answers_take(context->db, context->sealer, &half, &before,
                         step->persons ? step->persons + from : NULL, err));
        counts->people_new += before.people_new;
        counts->people_changed += before.people_changed;
        counts->people_unchanged += before.people_unchanged;
    }
    return intake_end(intake, context->db, context->sealer, counts, err);
}

static inline ErrCode step_within(Db *writer, void *state, Err *err)
{
    Step *step = state;
    Intake *intake;
    TRY(intake_begin(step->world->home->context.db, writer, step->batch->batch, &intake, err));
    ErrCode code = step_halves(step, intake, err);
    step->alone = intake_alone(intake);
    intake_free(intake);
    return code;
}

static inline ErrCode step_body(Db *db, void *state, Err *err)
{
    Step *step = state;
    const Sealer *sealer = step->world->home->context.sealer;
    if (step->writer) {
        TRY(answers_lock_beside(db, err));
        return db_transact_within(db, step->writer, step_within, step, err);
    }
    TRY(answers_lock(db, err));
    if (!step->batch)
        return answers_withdraw(db, sealer, step->withdrawn, &step->counts, err);
    return answers_take(db, sealer, step->batch, &step->counts, step->persons, err);
}

static inline void step_run(Step *step)
{
    Err err = {0};
    Db *db = step->world->home->context.db;
    if (goes_beside(step))
        assert_ok(intake_writer(db, &step->writer, &err), &err);
    db_see_uncommitted(db, step->writer != NULL);
    ErrCode code = db_transact(db, step_body, step, &err);
    db_see_uncommitted(db, false);
    db_close(step->writer);
    step->writer = NULL;
    if (code == ERR_REFUSED && step->alone) /* as an import does */
        code = db_transact(db, step_body, step, &err);
    assert_ok(code, &err);
}

static inline void batch_insert(World *world, int64_t batch)
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
static inline AnswerCounts world_take(World *world, int64_t batch)
{
    Answer answers[ANSWERS_MAX];
    int64_t persons[ANSWERS_MAX];
    AnswerBatch taken = {.batch = batch, .answers = answers};
    for (size_t i = 0; i < world->count; i++) {
        Given *given = &world->given[i];
        if (given->batch != batch || given->kept_out)
            continue;
        given->in_base = true;
        answers[taken.count++] = given->answer;
        taken.surveyed_on = given->surveyed_on;
        taken.credibility = given->credibility;
    }
    Step step = {.world = world, .batch = &taken, .persons = persons};
    step_run(&step);
    /* What went in by halves may have moved between them. */
    for (size_t i = 0, place = 0; i < world->count && !goes_beside(&step); i++)
        if (world->given[i].batch == batch && !world->given[i].kept_out)
            assert_int_equal(persons[place++], person_of(world, &world->given[i]));
    return step.counts;
}

static inline AnswerCounts world_withdraw(World *world, int64_t batch)
{
    for (size_t i = 0; i < world->count; i++)
        if (world->given[i].batch == batch)
            world->given[i].in_base = false;
    Step step = {.world = world, .withdrawn = batch};
    step_run(&step);
    return step.counts;
}

static inline Given *world_add(World *world, const Facts *facts, int64_t batch, Date surveyed_on)
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

static inline World world_new(void **state)
{
    TestHome *home = *state;
    test_reset(home);
    return (World){.home = home, .arena = home->context.arena};
}

/* Facts with an ID number (or NULL) and a name and phone of that number (0 = none). */
static inline Facts facts_of(World *world, int id_number, int contact)
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
static inline int64_t take_one(World *world, int64_t batch, int id_number, int contact)
{
    Facts facts = facts_of(world, id_number, contact);
    Given *given = world_add(world, &facts, batch, date_of(2012, 5, 1) + (Date)batch);
    batch_insert(world, batch);
    world_take(world, batch);
    assert_world(world);
    return person_of(world, given);
}

/* Random answers in random batches; each batch has its day and credibility. */
static inline size_t world_invent_some(World *world, Crowd *crowd, unsigned batches_max,
                                       unsigned answers_max, unsigned people_max)
{
    size_t batches = 1 + crowd_below(crowd, batches_max),
           count = 1 + crowd_below(crowd, answers_max);
    Date days[BATCHES_MAX];
    int credibility[BATCHES_MAX];
    crowd->people = 2 + crowd_below(crowd, people_max - 1);
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

static inline size_t world_invent(World *world, Crowd *crowd)
{
    return world_invent_some(world, crowd, 8, 40, 7);
}

/* What is in the base, without person numbers and nonces: each person's facts with its answers. */
static inline const char *fingerprint(const World *world)
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

#endif
