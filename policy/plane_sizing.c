#include "policy/plane_sizing.h"

#include "policy/plane_count.h"

/* Counts every question on the same planes; what cannot be counted there stays NULL. */
static ErrCode count_on_planes(Db *db, const char *home, const Sizings *sizings, json_t **results,
                               bool *ret_damaged, Err *err)
{
    Planes *planes;
    *ret_damaged = false;
    TRY(planes_open(db, sizings->arena, home, &planes, err));
    if (!planes)
        return OK;
    for (size_t i = 0; i < sizings->count; i++)
        plane_count(planes, sizings->arena, &sizings->items[i], &results[i]);
    *ret_damaged = planes_damaged(planes);
    planes_close(planes);
    return OK;
}

static void forget_results(json_t **results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_decref(results[i]);
        results[i] = NULL;
    }
}

typedef struct BaseCount {
    const Sizings *sizings;
    json_t **results;
} BaseCount;

/* In one transaction, so that all answers are about the same people. */
static ErrCode count_in_base(Db *db, void *state, Err *err)
{
    const BaseCount *count = state;
    const Sizings *sizings = count->sizings;
    forget_results(count->results, sizings->count);
    for (size_t i = 0; i < sizings->count; i++)
        TRY(sizing_count(db, sizings->arena, &sizings->items[i], &count->results[i], err));
    return OK;
}

static ErrCode count_somehow(Db *db, const char *home, const Sizings *sizings, json_t **results,
                             Err *err)
{
    BaseCount base = {sizings, results};
    bool damaged = home != NULL, answered = home != NULL;
    for (int try = 0; try < 2 && damaged; try++) {
        forget_results(results, sizings->count);
        TRY(count_on_planes(db, home, sizings, results, &damaged, err));
        if (damaged)
            planes_forget(home, sizings->arena);
    }
    for (size_t i = 0; i < sizings->count; i++)
        answered = answered && results[i];
    return answered ? OK : db_transact(db, count_in_base, &base, err);
}

ErrCode plane_sizings(Db *db, const char *home, const Sizings *sizings, json_t **results, Err *err)
{
    memset(results, 0, sizings->count * sizeof(json_t *));
    ErrCode code = count_somehow(db, home, sizings, results, err);
    if (code != OK)
        forget_results(results, sizings->count);
    return code;
}

ErrCode plane_sizing(Db *db, Arena *arena, const char *home, const Sizing *sizing,
                     json_t **ret_result, Err *err)
{
    const Sizings one = {.arena = arena, .items = sizing, .count = 1};
    return plane_sizings(db, home, &one, ret_result, err);
}
