/* tests/people/history_step.h: the steps of a random history: each is done to the base and to the
 * model, and what it must answer is asserted.
 * Owns:   texts live in the arena of the TestHome's context. */
#ifndef TESTS_PEOPLE_HISTORY_STEP_H
#define TESTS_PEOPLE_HISTORY_STEP_H

#include "people/history.h"

static inline void history_merge(History *history)
{
    const Given *a = history_pick(history), *b = history_pick(history);
    if (!a || belong_together(&history->world, a, b))
        return;
    Err err = {0};
    Act act = {
        .history = history, .a = person_of(&history->world, a), .b = person_of(&history->world, b)};
    const uint8_t *a_key = history_key(history, a), *b_key = history_key(history, b);
    assert_ok(act_run(&act, act_merge, &err), &err);
    edge_add(history,
             (Edge){.merge = true, .a = a_key, .b = b_key, .a_person = act.a, .b_person = act.b});
    history_decide(history);
    const World *world = &history->world;
    for (size_t i = 0; i < history->edge_count; i++) { /* the newer decision holds */
        Edge *edge = &history->edges[i];
        if (edge->in_force && !edge->merge &&
            hash_compare(decided_unit(world, edge->a), decided_unit(world, edge->b)) == 0)
            edge->in_force = false;
    }
    history_decide(history);
    assert_int_equal(person_of(world, a), act.a);
    assert_int_equal(person_of(world, b), act.a);
}

/* Two people who are two anyway. */
static inline void history_part(History *history)
{
    const Given *a = history_pick(history), *b = history_pick(history);
    if (!a || belong_together(&history->world, a, b))
        return;
    Err err = {0};
    Act act = {
        .history = history, .a = person_of(&history->world, a), .b = person_of(&history->world, b)};
    const uint8_t *a_key = history_key(history, a), *b_key = history_key(history, b);
    const World *world = &history->world;
    bool known = false;
    for (size_t i = 0; i < history->edge_count; i++) {
        const Edge *edge = &history->edges[i];
        if (!edge->in_force || edge->merge)
            continue;
        const uint8_t *x = decided_unit(world, edge->a), *y = decided_unit(world, edge->b);
        const uint8_t *one = answer_unit(world, a), *other = answer_unit(world, b);
        known = known || (hash_compare(x, one) == 0 && hash_compare(y, other) == 0) ||
                (hash_compare(x, other) == 0 && hash_compare(y, one) == 0);
    }
    assert_ok(act_run(&act, act_part, &err), &err);
    assert_false(act.split);
    if (!known)
        edge_add(history, (Edge){.a = a_key, .b = b_key, .a_person = act.a, .b_person = act.b});
}

/* The answers of the base that have a key on b's side once the edge is gone have their old number
 * back. */
static inline void assert_number_back(History *history, const Edge *gone)
{
    const World *world = &history->world;
    for (size_t i = 0; i < world->count; i++) {
        const Given *given = &world->given[i];
        if (given->in_base &&
            hash_compare(answer_unit(world, given), decided_unit(world, gone->b)) == 0)
            assert_int_equal(person_of(world, given), gone->b_person);
    }
}

/* A merge is taken back. */
static inline void history_split(History *history)
{
    World *world = &history->world;
    for (size_t i = history->edge_count; i-- > 0;) {
        Edge *edge = &history->edges[i];
        if (!edge->in_force || !edge->merge || edge->b_person == 0)
            continue;
        Err err = {0};
        Act act = {.history = history, .b = edge->b_person};
        act.a = test_number(world->home,
                            arena_printf(world->arena,
                                         "SELECT person_id FROM decided_key WHERE key_hash = X'%s'",
                                         seal_hex(world->arena, edge->b, SEAL_HASH_BYTES)));
        assert_ok(act_run(&act, act_part, &err), &err);
        assert_true(act.split);
        edge->in_force = false;
        Edge gone = *edge;
        edge_add(history,
                 (Edge){.a = gone.a, .b = gone.b, .a_person = act.a, .b_person = gone.b_person});
        history_decide(history);
        assert_number_back(history, &gone);
        return;
    }
}

/* Whether a tombstone keeps the answer out. */
static inline bool stone_keeps_out(const History *history, const Record *record)
{
    for (size_t i = 0; i < history->stone_count; i++) {
        const Stone *stone = &history->stones[i];
        if (record->id_number.hash && hash_compare(stone->key, record->id_number.hash) == 0)
            return true;
        if (record->name_phone_hash && hash_compare(stone->key, record->name_phone_hash) == 0 &&
            (!stone->only_bare || !record->id_number.hash))
            return true;
    }
    return false;
}

static inline void history_forget(History *history)
{
    World *world = &history->world;
    const Given *one = history_pick(history);
    if (!one)
        return;
    Err err = {0};
    Act act = {.history = history, .a = person_of(world, one)};
    const uint8_t *unit = answer_unit(world, one);
    bool identified = false;
    bool members[ANSWERS_MAX] = {false};
    int64_t answers = 0;
    for (size_t i = 0; i < world->count; i++) {
        const Given *given = &world->given[i];
        members[i] = given->in_base && hash_compare(answer_unit(world, given), unit) == 0;
        identified = identified || (members[i] && given->record.id_number.hash);
        answers += members[i];
    }
    for (size_t i = 0; i < world->count; i++) {
        const Record *record = &world->given[i].record;
        if (!members[i])
            continue;
        assert_true(history->stone_count + 2 <= STONES_MAX);
        if (record->id_number.hash)
            history->stones[history->stone_count++] = (Stone){record->id_number.hash, false};
        if (record->name_phone_hash)
            history->stones[history->stone_count++] = (Stone){record->name_phone_hash, identified};
    }
    for (size_t i = 0; i < world->count; i++)
        world->given[i].in_base = world->given[i].in_base && !members[i];
    for (size_t i = 0; i < history->edge_count; i++) {
        Edge *edge = &history->edges[i];
        if (edge->in_force && (hash_compare(decided_unit(world, edge->a), unit) == 0 ||
                               hash_compare(decided_unit(world, edge->b), unit) == 0))
            edge->in_force = false;
    }
    assert_ok(act_run(&act, act_forget, &err), &err);
    assert_int_equal(act.erased.answers, answers);
    history_decide(history);
}

/* What a correction's answer will say: what is corrected, and what it is linked by. */
static inline Facts corrected_facts(const History *history, const Correction *correction)
{
    Err err = {0};
    Person person;
    Context *context = &history->world.home->context;
    assert_ok(person_load(context->db, context->sealer, history->world.arena, correction->person,
                          &person, &err),
              &err);
    static const FactId LINKS[] = {FACT_ID_NUMBER, FACT_NAME, FACT_PHONE};
    Facts facts = correction->facts;
    bool contact = facts.values[FACT_NAME].known || facts.values[FACT_PHONE].known ||
                   !person.facts.values[FACT_ID_NUMBER].known;
    for (size_t i = 0; i < 3; i++)
        if (!facts.values[LINKS[i]].known && (LINKS[i] == FACT_ID_NUMBER || contact))
            facts.values[LINKS[i]] = person.facts.values[LINKS[i]];
    return facts;
}

/* Whether the key is the person's, or somebody else's, or nobody's: 1, 2, 0. */
static inline int key_holder(const History *history, const Record *record, const uint8_t *unit)
{
    const World *world = &history->world;
    const uint8_t *key = record->id_number.hash ? record->id_number.hash : record->name_phone_hash;
    const uint8_t *decided = decided_unit(world, key);
    int holder = !decided ? 0 : hash_compare(decided, unit) == 0 ? 1 : 2;
    for (size_t i = 0; i < world->count && holder != 1; i++) {
        const Given *given = &world->given[i];
        const uint8_t *own =
            record->id_number.hash ? given->record.id_number.hash : given->record.name_phone_hash;
        if (given->in_base && own && hash_compare(own, key) == 0)
            holder = hash_compare(answer_unit(world, given), unit) == 0 ? 1 : 2;
    }
    return holder;
}

static inline void history_correct(History *history)
{
    World *world = &history->world;
    Crowd *crowd = &history->crowd;
    const Given *one = history_pick(history);
    if (!one || history->correction_count == BATCHES_MAX || world->count == ANSWERS_MAX)
        return;
    Err err = {0};
    Act act = {.history = history};
    Correction *correction = &act.correction;
    *correction = (Correction){.person = person_of(world, one),
                               .facts = {.pension_on = DATE_NONE},
                               .on = date_of(2012, 5, 1) + (Date)crowd_below(crowd, 4),
                               .decider = TESTER};
    FactValue *values = correction->facts.values;
    values[FACT_SKILL_LEVEL] = crowd_value(crowd, FACT_SKILL_LEVEL);
    unsigned who = crowd_below(crowd, crowd->people + 3); /* also ones that nobody has yet */
    if (crowd_chance(crowd, 40))
        values[FACT_PHONE] = (FactValue){.known = true, .text = crowd_phone(crowd, who)};
    if (crowd_chance(crowd, 40))
        values[FACT_ID_NUMBER] = (FactValue){.known = true, .text = crowd_id_number(crowd, who)};
    Facts facts = corrected_facts(history, correction);
    const uint8_t *unit = answer_unit(world, one), *key = history_key(history, one);
    Given *given = world_add(world, &facts, 0, correction->on);
    given->credibility = given->record.credibility = CORRECTION_CREDIBILITY;
    given->answer.line = 1;
    int holder = key_holder(history, &given->record, unit);
    ErrCode code = act_run(&act, act_correct, &err);
    if (holder == 2 || stone_keeps_out(history, &given->record)) {
        assert_int_equal(code, ERR_REFUSED);
        world->count--;
        return;
    }
    assert_ok(code, &err);
    given->batch = act.batch;
    given->in_base = true;
    if (holder == 0)
        edge_add(history, (Edge){.merge = true,
                                 .a = key,
                                 .b = given->record.id_number.hash ? given->record.id_number.hash
                                                                   : given->record.name_phone_hash,
                                 .batch = act.batch});
    history->corrections[history->correction_count++] = act.batch;
    history_decide(history);
    assert_int_equal(person_of(world, given), correction->person);
}

static inline void history_undo_correction(History *history)
{
    if (history->correction_count == 0)
        return;
    size_t at = crowd_below(&history->crowd, (unsigned)history->correction_count);
    int64_t batch = history->corrections[at];
    history->corrections[at] = history->corrections[--history->correction_count];
    for (size_t i = 0; i < history->edge_count; i++)
        if (history->edges[i].batch == batch)
            history->edges[i].in_force = false;
    history_decide(history);
    world_withdraw(&history->world, batch);
}

/* Takes or withdraws a batch; what a tombstone keeps out does not come. */
static inline void history_batch(History *history)
{
    World *world = &history->world;
    size_t batch = crowd_below(&history->crowd, (unsigned)history->batches);
    if (history->taken[batch]) {
        world_withdraw(world, (int64_t)batch + 1);
    } else {
        Err err = {0};
        for (size_t i = 0; i < world->count; i++) {
            Given *given = &world->given[i];
            bool kept_out = false;
            if (given->batch != (int64_t)batch + 1)
                continue;
            given->kept_out = stone_keeps_out(history, &given->record);
            assert_ok(forgotten_match(world->home->context.db, world->home->context.sealer,
                                      &given->answer, 1, &kept_out, &err),
                      &err);
            assert_int_equal(kept_out, given->kept_out);
        }
        world_take(world, (int64_t)batch + 1);
    }
    history->taken[batch] = !history->taken[batch];
}

#endif
