/* tests/people/history.h: random histories of a base, and the laws of decisions and tombstones
 * written down a second time: from the whole list of what was decided, never from what the base
 * remembers.
 * Shape:  a History is a World with edges (merges, parts, corrected keys) and tombstones; an Act is
 *         a call into the room; the steps stand in people/history_step.h.
 * Owns:   texts live in the arena of the TestHome's context. */
#ifndef TESTS_PEOPLE_HISTORY_H
#define TESTS_PEOPLE_HISTORY_H

#include "people/correction.h"
#include "people/decision.h"
#include "people/forgotten.h"

#include "people/world.h"

enum { EDGES_MAX = 60, STONES_MAX = 120 };

typedef struct Edge {
    bool in_force, merge;
    const uint8_t *a, *b;
    int64_t a_person, b_person; /* b_person: 0 = a corrected key */
    int64_t batch;
} Edge;

typedef struct Stone {
    const uint8_t *key;
    bool only_bare;
} Stone;

typedef struct History {
    World world;
    Crowd crowd;
    Edge edges[EDGES_MAX];
    size_t edge_count;
    Stone stones[STONES_MAX];
    size_t stone_count;
    size_t batches;
    bool taken[BATCHES_MAX];
    int64_t corrections[BATCHES_MAX]; /* batches that are in the base */
    size_t correction_count;
} History;

static const Decider TESTER = {.why = "test", .user = "tester"};

static inline void decided_add(World *world, const uint8_t *key)
{
    if (decided_unit(world, key))
        return;
    assert_true(world->decided_count < DECIDED_MAX);
    world->decided[world->decided_count++] = (Decided){key, key};
}

/* Which keys are decided, and which of them are one, from all edges in force. */
static inline void history_decide(History *history)
{
    World *world = &history->world;
    world->decided_count = 0;
    for (size_t i = 0; i < history->edge_count; i++)
        if (history->edges[i].in_force) {
            decided_add(world, history->edges[i].a);
            decided_add(world, history->edges[i].b);
        }
    for (size_t i = 0; i < history->edge_count; i++) {
        const Edge *edge = &history->edges[i];
        if (!edge->in_force || !edge->merge)
            continue;
        const uint8_t *from = decided_unit(world, edge->b), *to = decided_unit(world, edge->a);
        for (size_t k = 0; k < world->decided_count; k++)
            if (hash_compare(world->decided[k].unit, from) == 0)
                world->decided[k].unit = to;
    }
}

static inline Edge *edge_add(History *history, Edge edge)
{
    assert_true(history->edge_count < EDGES_MAX);
    edge.in_force = true;
    history->edges[history->edge_count] = edge;
    return &history->edges[history->edge_count++];
}

/* A random answer in the base; NULL = there is none. */
static inline const Given *history_pick(History *history)
{
    World *world = &history->world;
    size_t from = world->count ? crowd_below(&history->crowd, (unsigned)world->count) : 0;
    for (size_t i = 0; i < world->count; i++) {
        const Given *given = &world->given[(from + i) % world->count];
        if (given->in_base)
            return given;
    }
    return NULL;
}

/* A corrected key may go away with its correction, so it stands for nobody while there is another.
 */
static inline bool key_was_corrected(const History *history, const uint8_t *key)
{
    for (size_t i = 0; i < history->edge_count; i++)
        if (history->edges[i].in_force && history->edges[i].batch != 0 &&
            hash_compare(history->edges[i].b, key) == 0)
            return true;
    return false;
}

/* The key that a decision about the answer's person will name. */
static inline const uint8_t *history_key(const History *history, const Given *given)
{
    const World *world = &history->world;
    const uint8_t *unit = answer_unit(world, given), *best = NULL;
    for (size_t i = 0; i < world->decided_count; i++) {
        const uint8_t *key = world->decided[i].key;
        if (hash_compare(world->decided[i].unit, unit) != 0 || key_was_corrected(history, key))
            continue;
        if (!best || hash_compare(key, best) < 0)
            best = key;
    }
    return best ? best : unit;
}

/* One call into the room, in its transaction. */
typedef struct Act {
    History *history;
    int64_t a, b;
    bool split;
    Correction correction;
    int64_t batch;
    Erased erased;
} Act;

typedef ErrCode (*ActBody)(Db *db, Relink *relink, Act *act, Err *err);

typedef struct ActRun {
    Act *act;
    ActBody body;
} ActRun;

static inline ErrCode act_once(Db *db, void *state, Err *err)
{
    ActRun *run = state;
    AnswerCounts counts;
    AUTO_ARENA arena = arena_new(0);
    Relink relink = {.arena = arena};
    TRY(answers_lock(db, err));
    TRY(run->body(db, &relink, run->act, err));
    return relink_run(db, run->act->history->world.home->context.sealer, &relink, &counts, err);
}

static inline ErrCode act_run(Act *act, ActBody body, Err *err)
{
    ActRun run = {act, body};
    return db_transact(act->history->world.home->context.db, act_once, &run, err);
}

static inline ErrCode act_merge(Db *db, Relink *relink, Act *act, Err *err)
{
    return decision_merge(db, relink, act->a, act->b, &TESTER, err);
}

static inline ErrCode act_part(Db *db, Relink *relink, Act *act, Err *err)
{
    return decision_part(db, relink, act->a, act->b, &TESTER, &act->split, err);
}

static inline ErrCode act_correct(Db *db, Relink *relink, Act *act, Err *err)
{
    AnswerCounts counts;
    (void)relink;
    return correction_take(db, act->history->world.home->context.sealer, &act->correction,
                           &act->batch, &counts, err);
}

static inline ErrCode act_forget(Db *db, Relink *relink, Act *act, Err *err)
{
    (void)relink;
    return person_forget(db, act->history->world.home->context.sealer, act->a, &TESTER,
                         &act->erased, err);
}

#endif
