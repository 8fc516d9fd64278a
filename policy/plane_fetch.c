#include "policy/plane_fetch.h"

#include "people/keys.h"

#include <pthread.h>

enum { HELPERS = 8, PERSONS_FROM = 400 };

typedef struct Helper {
    const PlaneFetch *fetch;
    const int64_t *ids;
    PlaneRow *rows;
    size_t count, at;
    bool done;
} Helper;

bool plane_row_read(const PlaneLayout *layout, const Rows *row, PlaneRow *ret_row)
{
    ret_row->person = rows_int(row, 0);
    ret_row->gone = false;
    for (size_t i = 0; i < layout->count; i++) {
        unsigned place = (unsigned)i + 1;
        ret_row->codes[i] = 0;
        if (!rows_null(row, place) &&
            !plane_code(&layout->columns[i], rows_int(row, place), &ret_row->codes[i]))
            return false;
    }
    return true;
}

static ErrCode helper_take(void *state, const Rows *row, Err *err)
{
    Helper *helper = state;
    while (helper->ids[helper->at] < rows_int(row, 0))
        helper->at++;
    if (!plane_row_read(helper->fetch->layout, row, &helper->rows[helper->at]))
        return err_set(err, ERR_REFUSED, "a fact has no code");
    return OK;
}

static ErrCode helper_read(Db *db, void *state, Err *err)
{
    Helper *helper = state;
    AUTO_ARENA arena = arena_new(0);
    AUTO_ROWS rows = NULL;
    const RowEach each = {.sink = helper_take, .state = helper};
    TRY(db_query(db, QUERY_POLICY_PLANE_STATE, NO_PARAMS, &rows, err));
    if (!rows_next(rows) || rows_int(rows, 1) != helper->fetch->version)
        return err_set(err, ERR_REFUSED, "another version");
    helper->at = 0;
    for (size_t i = 0; i < helper->count; i++)
        helper->rows[i] = (PlaneRow){.person = helper->ids[i], .gone = true};
    return db_each(
        db, QUERY_POLICY_PLANE_PEOPLE_OF_KEYS,
        PARAMS(keys_numbers(arena, helper->ids, helper->count), v_int((int64_t)helper->count)),
        each, err);
}

static void *helper_run(void *state)
{
    Helper *helper = state;
    Err ignored;
    Db *db;
    if (db_open_again(helper->fetch->db, &db, &ignored) != OK)
        return NULL;
    helper->done = db_transact(db, helper_read, helper, &ignored) == OK;
    db_close(db);
    return NULL;
}

bool plane_fetch(const PlaneFetch *fetch, PlaneRow *rows)
{
    pthread_t threads[HELPERS];
    Helper helpers[HELPERS];
    bool started[HELPERS], done = true;
    if (fetch->count < PERSONS_FROM)
        return false;
    for (size_t i = 0; i < HELPERS; i++) {
        size_t first = fetch->count * i / HELPERS;
        helpers[i] = (Helper){.fetch = fetch,
                              .ids = fetch->ids + first,
                              .rows = rows + first,
                              .count = fetch->count * (i + 1) / HELPERS - first};
        started[i] = pthread_create(&threads[i], NULL, helper_run, &helpers[i]) == 0;
    }
    for (size_t i = 0; i < HELPERS; i++) {
        if (started[i])
            pthread_join(threads[i], NULL);
        done &= started[i] && helpers[i].done;
    }
    return done;
}
