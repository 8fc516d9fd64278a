#include "policy/planes.h"

#include "base/lang.h"
#include "base/seal.h"
#include "policy/plane_base.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Patches beyond this share of everyone are worked in; with more changes than that share of
 * everyone all are read anew. */
enum { MERGE_SHARE = 64, MERGE_PEOPLE = 4096, ANEW_SHARE = 4, ANEW_PEOPLE = 32768 };

typedef struct Work {
    Db *db;
    Arena *arena;
    const char *folder, *people, *changes;
    PlaneLayout widest;
    PlaneMark now;     /* the base's, without a build */
    Planes *planes;    /* NULL = none, or none that can be trusted */
    bool fresh_people; /* the files are to be written */
    bool fresh_changes;
} Work;

static bool same_base(const PlaneMark *a, const PlaneMark *b)
{
    return memcmp(a->epoch, b->epoch, EPOCH_BYTES) == 0;
}

void planes_close(Planes *planes)
{
    if (!planes)
        return;
    plane_set_free(planes->sets[0]);
    plane_set_free(planes->sets[1]);
    free(planes);
}

static void work_drop(Work *work)
{
    planes_close(work->planes);
    work->planes = NULL;
    work->fresh_people = work->fresh_changes = false;
}

/* A patch was looked at as a whole when it was loaded. */
bool planes_damaged(const Planes *planes)
{
    return planes->sets[0]->damaged;
}

static const char *people_path(Arena *arena, const char *home)
{
    return arena_printf(arena, "%s/planes/people", home);
}

static const char *changes_path(Arena *arena, const char *home)
{
    return arena_printf(arena, "%s/planes/changes", home);
}

void planes_forget(const char *home, Arena *arena)
{
    (void)unlink(people_path(arena, home));
    (void)unlink(changes_path(arena, home));
}

static ErrCode state_read(Work *work, Err *err)
{
    AUTO_ROWS rows = NULL;
    size_t length;
    TRY(db_query(work->db, QUERY_POLICY_PLANE_STATE, NO_PARAMS, &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_DB, _("the base has no state"));
    const void *epoch = rows_bytes(rows, 0, &length);
    memset(&work->now, 0, sizeof work->now);
    memcpy(work->now.epoch, epoch, length < EPOCH_BYTES ? length : EPOCH_BYTES);
    work->now.version = rows_int(rows, 1);
    return OK;
}

static bool same_layout(const PlaneLayout *a, const PlaneLayout *b)
{
    for (size_t i = 0; i < a->count; i++) {
        if (a->columns[i].base != b->columns[i].base || a->columns[i].width != b->columns[i].width)
            return false;
    }
    return true;
}

/* The patch of `planes`, should its file be one. */
static void changes_load(Work *work, Planes *planes)
{
    PlaneMark mark;
    PlaneSet *set;
    if (!plane_file_load(work->changes, &work->widest, &mark, &set))
        return;
    plane_check_all(set);
    if (mark.parent != planes->mark.build || !same_base(&mark, &planes->mark) ||
        mark.version <= planes->mark.version || set->damaged ||
        !same_layout(&set->layout, &planes->sets[0]->layout)) {
        plane_set_free(set);
        return;
    }
    planes->sets[1] = set;
    planes->mark.version = mark.version;
}

static void work_load(Work *work)
{
    PlaneMark mark;
    PlaneSet *set;
    work_drop(work);
    if (!plane_file_load(work->people, &work->widest, &mark, &set))
        return;
    if (mark.parent != 0 || !same_base(&mark, &work->now)) {
        plane_set_free(set);
        return;
    }
    work->planes = memory_held(calloc(1, sizeof *work->planes));
    *work->planes = (Planes){.mark = mark, .sets = {set, NULL}};
    changes_load(work, work->planes);
}

/* Who was changed stands no more where everyone stands. */
static void people_hide(PlaneSet *everyone, const PlaneSet *changes)
{
    for (size_t i = 0; changes && i < changes->run_count; i++) {
        const PlaneRun *run = &changes->runs[i];
        for (uint64_t k = 0; k < run->count; k++) {
            uint64_t slot;
            if (!plane_set_find(everyone, run->person + (int64_t)k, &slot))
                continue;
            (void)plane_read(everyone, slot / BLOCK_PEOPLE, 0);
            uint64_t *alive = block_plane(everyone, slot / BLOCK_PEOPLE, 0);
            alive[slot % BLOCK_PEOPLE / 64] &= ~(UINT64_C(1) << slot % 64);
        }
    }
}

static uint64_t build_number(void)
{
    uint64_t number;
    seal_random(&number, sizeof number);
    return number | 1;
}

static ErrCode work_build(Work *work, Err *err)
{
    PlaneSet *set;
    work_drop(work);
    TRY(plane_base_build(work->db, &work->widest, &set, err));
    if (!set)
        return OK;
    work->planes = memory_held(calloc(1, sizeof *work->planes));
    *work->planes = (Planes){.mark = work->now, .sets = {set, NULL}};
    work->planes->mark.build = build_number();
    work->fresh_people = true;
    return OK;
}

/* Works the patch into a copy of everyone. */
static void work_merge(Work *work)
{
    enum { ROWS = 4096 };
    Planes *planes = work->planes;
    const PlaneSet *changes = planes->sets[1];
    PlaneSet *merged = plane_set_copy(planes->sets[0]);
    PlaneRow *rows = memory_held(calloc(ROWS, sizeof *rows));
    size_t count = 0;
    for (size_t i = 0; i < changes->run_count; i++) {
        const PlaneRun *run = &changes->runs[i];
        for (uint64_t k = 0; k < run->count; k++) {
            plane_set_row(changes, run->person + (int64_t)k, run->slot + k, &rows[count++]);
            if (count == ROWS) {
                plane_set_put(merged, rows, count);
                count = 0;
            }
        }
    }
    plane_set_put(merged, rows, count);
    free(rows);
    plane_set_free(planes->sets[0]);
    plane_set_free(planes->sets[1]);
    planes->sets[0] = merged;
    planes->sets[1] = NULL;
    planes->mark.build = build_number();
    work->fresh_people = true;
    work->fresh_changes = false;
}

/* False when building anew is the way. */
static ErrCode work_patch(Work *work, bool *ret_patched, Err *err)
{
    Planes *planes = work->planes;
    ChangeList list;
    bool fits;
    *ret_patched = false;
    TRY(changes_since(work->db, work->arena, planes->mark.version, work->now.version, &list, err));
    uint64_t many = planes->sets[0]->slots / ANEW_SHARE + ANEW_PEOPLE, changed = 0;
    for (size_t i = 0; i < list.count; i++)
        changed += (uint64_t)(list.ranges[i].last - list.ranges[i].first) + 1;
    if (!list.whole || changed > many)
        return OK;
    PlaneSet *changes =
        planes->sets[1] ? plane_set_copy(planes->sets[1]) : plane_set_new(&planes->sets[0]->layout);
    const PlanePatch patch = {planes->sets[0], changes, list.ranges, list.count, work->now.version};
    ErrCode code = plane_base_patch(work->db, &patch, &fits, err);
    if (code != OK || !fits) {
        plane_set_free(changes);
        return code;
    }
    plane_set_free(planes->sets[1]);
    planes->sets[1] = changes;
    planes->mark.version = work->now.version;
    work->fresh_changes = true;
    people_hide(planes->sets[0], changes);
    if (changes->slots > planes->sets[0]->slots / MERGE_SHARE + MERGE_PEOPLE) {
        plane_check_all(planes->sets[0]);
        if (planes->sets[0]->damaged)
            return OK;
        work_merge(work);
    }
    *ret_patched = true;
    return OK;
}

/* In one snapshot: what the base says, and the people who are not as the files have them. */
static ErrCode work_refresh(Db *db, void *state, Err *err)
{
    Work *work = state;
    bool done = false;
    (void)db;
    TRY(state_read(work, err));
    work_load(work);
    if (work->planes && work->planes->mark.version == work->now.version)
        done = true;
    else if (work->planes && work->planes->mark.version < work->now.version)
        TRY(work_patch(work, &done, err));
    return done ? OK : work_build(work, err);
}

/* Without a file the next one reads the people again; that is all. */
static void work_save(Work *work)
{
    Err ignored;
    const Planes *planes = work->planes;
    if (!planes)
        return;
    if (work->fresh_people) {
        (void)unlink(work->changes);
        if (plane_file_save(work->people, planes->sets[0], &planes->mark, &ignored) != OK)
            return;
    }
    if (work->fresh_changes) {
        PlaneMark mark = planes->mark;
        mark.build = build_number();
        mark.parent = planes->mark.build;
        if (plane_file_save(work->changes, planes->sets[1], &mark, &ignored) != OK)
            (void)unlink(work->changes);
    }
}

/* One process at a time makes files; the others wait, and find them made. */
static int work_lock(const Work *work)
{
    (void)mkdir(work->folder, 0700);
    int lock = open(arena_printf(work->arena, "%s/lock", work->folder),
                    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock >= 0)
        (void)flock(lock, LOCK_EX);
    return lock;
}

ErrCode planes_open(Db *db, Arena *arena, const char *home, Planes **ret_planes, Err *err)
{
    Work work = {.db = db,
                 .arena = arena,
                 .folder = arena_printf(arena, "%s/planes", home),
                 .people = people_path(arena, home),
                 .changes = changes_path(arena, home)};
    layout_widest(arena, &work.widest);
    TRY(state_read(&work, err));
    work_load(&work);
    if (!work.planes || work.planes->mark.version != work.now.version) {
        int lock = work_lock(&work);
        ErrCode code = db_transact(db, work_refresh, &work, err);
        if (code == OK && lock >= 0)
            work_save(&work);
        if (lock >= 0)
            close(lock);
        if (code != OK) {
            work_drop(&work);
            return code;
        }
    }
    if (work.planes)
        people_hide(work.planes->sets[0], work.planes->sets[1]);
    *ret_planes = work.planes;
    return OK;
}
