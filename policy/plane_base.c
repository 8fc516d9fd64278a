#include "policy/plane_base.h"

#include "base/command.h"
#include "people/keys.h"
#include "policy/plane_fetch.h"

#include <assert.h>
#include <stdlib.h>

enum { BATCH_ROWS = 4096, LONG_RANGE = 1000 };

/* Rows on their way from the base into a set. */
typedef struct Intake {
    PlaneSet *set;
    const PlaneSet *everyone; /* of a patch */
    PlaneExtent extent;
    PlaneRow *rows;
    size_t count;
    int64_t next, last; /* of a patch: persons next..last are still to come, or are gone */
    bool unfit;
} Intake;

static void intake_flush(Intake *intake)
{
    plane_set_put(intake->set, intake->rows, intake->count);
    intake->count = 0;
}

static PlaneRow *intake_room(Intake *intake)
{
    if (intake->count == BATCH_ROWS)
        intake_flush(intake);
    return &intake->rows[intake->count++];
}

static void extent_add(PlaneExtent *extent, const PlaneLayout *layout, const PlaneRow *row)
{
    for (size_t i = 0; i < layout->count; i++) {
        uint32_t code = row->codes[i];
        if (code && code < extent->low[i])
            extent->low[i] = code;
        if (code > extent->high[i])
            extent->high[i] = code;
    }
}

static ErrCode intake_take(void *state, const Rows *row, Err *err)
{
    Intake *intake = state;
    PlaneRow *taken = intake_room(intake);
    if (command_interrupted)
        return err_set(err, ERR_INTERRUPTED, _("interrupted while reading people"));
    if (!plane_row_read(&intake->set->layout, row, taken)) {
        intake->unfit = true;
        return err_set(err, ERR_REFUSED, _("a fact has no code"));
    }
    extent_add(&intake->extent, &intake->set->layout, taken);
    return OK;
}

static void intake_begin(Intake *intake, PlaneSet *set)
{
    *intake = (Intake){.set = set, .rows = memory_held(calloc(BATCH_ROWS, sizeof(PlaneRow)))};
    memset(intake->extent.low, 0xFF, sizeof intake->extent.low);
}

ErrCode plane_base_build(Db *db, const PlaneLayout *widest, PlaneSet **ret_set, Err *err)
{
    Intake intake;
    intake_begin(&intake, plane_set_new(widest));
    const RowEach each = {.sink = intake_take, .state = &intake};
    ErrCode code = db_each(db, QUERY_POLICY_PLANE_PEOPLE, NO_PARAMS, each, err);
    if (code == OK)
        intake_flush(&intake);
    free(intake.rows);
    if (code != OK) {
        plane_set_free(intake.set);
        *ret_set = NULL;
        return intake.unfit ? OK : code;
    }
    *ret_set = plane_set_narrow(intake.set, &intake.extent);
    return OK;
}

static void gone_until(Intake *intake, int64_t person)
{
    for (; intake->next < person; intake->next++) {
        uint64_t slot;
        if (!plane_set_find(intake->everyone, intake->next, &slot) &&
            !plane_set_find(intake->set, intake->next, &slot))
            continue;
        *intake_room(intake) = (PlaneRow){.person = intake->next, .gone = true};
    }
}

static ErrCode range_take(void *state, const Rows *row, Err *err)
{
    Intake *intake = state;
    gone_until(intake, rows_int(row, 0));
    intake->next++;
    return intake_take(intake, row, err);
}

static ErrCode range_read(Db *db, Intake *intake, PersonRange range, Err *err)
{
    const RowEach each = {.sink = range_take, .state = intake};
    intake->next = range.first;
    TRY(db_each(db, QUERY_POLICY_PLANE_PEOPLE_BETWEEN,
                PARAMS(v_int(range.first), v_int(range.last)), each, err));
    gone_until(intake, range.last + 1);
    return OK;
}

/* Persons of short ranges, one by one. */
typedef struct Keys {
    int64_t ids[KEYS_AT_ONCE];
    size_t count, at;
    int64_t version;
    Intake *intake;
} Keys;

static void key_gone(Keys *keys)
{
    keys->intake->next = keys->ids[keys->at];
    gone_until(keys->intake, keys->ids[keys->at++] + 1);
}

static ErrCode key_take(void *state, const Rows *row, Err *err)
{
    Keys *keys = state;
    while (keys->ids[keys->at] < rows_int(row, 0))
        key_gone(keys);
    keys->at++;
    return intake_take(keys->intake, row, err);
}

/* By several connections; false when that cannot be. */
static bool keys_fetch(Db *db, Keys *keys)
{
    AUTO_ARENA arena = arena_new(0);
    PlaneRow *rows = arena_array(arena, PlaneRow, keys->count);
    const PlaneFetch fetch = {.db = db,
                              .layout = &keys->intake->set->layout,
                              .version = keys->version,
                              .ids = keys->ids,
                              .count = keys->count};
    if (!plane_fetch(&fetch, rows))
        return false;
    while (keys->at < keys->count) {
        const PlaneRow *row = &rows[keys->at];
        if (row->gone) {
            key_gone(keys);
            continue;
        }
        *intake_room(keys->intake) = *row;
        keys->at++;
    }
    return true;
}

static ErrCode keys_read(Db *db, Keys *keys, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const RowEach each = {.sink = key_take, .state = keys};
    keys->at = 0;
    if (keys->count > 0 && !keys_fetch(db, keys))
        TRY(db_each(
            db, QUERY_POLICY_PLANE_PEOPLE_OF_KEYS,
            PARAMS(keys_numbers(arena, keys->ids, keys->count), v_int((int64_t)keys->count)), each,
            err));
    while (keys->at < keys->count)
        key_gone(keys);
    keys->count = 0;
    return OK;
}

static ErrCode ranges_read(Db *db, const PlanePatch *patch, Intake *intake, Keys *keys, Err *err)
{
    for (size_t i = 0; i < patch->count; i++) {
        PersonRange range = patch->ranges[i];
        if (range.last - range.first >= LONG_RANGE) {
            TRY(keys_read(db, keys, err));
            TRY(range_read(db, intake, range, err));
            continue;
        }
        for (int64_t person = range.first; person <= range.last; person++) {
            if (keys->count == KEYS_AT_ONCE)
                TRY(keys_read(db, keys, err));
            keys->ids[keys->count++] = person;
        }
    }
    TRY(keys_read(db, keys, err));
    intake_flush(intake);
    return OK;
}

ErrCode plane_base_patch(Db *db, const PlanePatch *patch, bool *ret_fits, Err *err)
{
    Intake intake;
    intake_begin(&intake, patch->changes);
    intake.everyone = patch->everyone;
    Keys *keys = memory_held(calloc(1, sizeof *keys));
    keys->intake = &intake;
    keys->version = patch->version;
    ErrCode code = ranges_read(db, patch, &intake, keys, err);
    free(keys);
    free(intake.rows);
    *ret_fits = !intake.unfit;
    return intake.unfit ? OK : code;
}
