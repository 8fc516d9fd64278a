/* policy/plane_file.h: a plane set in a file: a cache, never the truth.
 * Shape:  a page of header, the runs, a sum for each plane of each block, then the blocks. Written
 *         beside and renamed, so that readers see the old file or the new one, whole; mapped
 *         privately, so that a reader may clear bits for itself.
 * Owns:   a loaded set owns its mapping.
 * Errors: a file that is missing, cut, of another program or not what was written is no file:
 *         plane_file_load is false. Planes are summed when they are first looked at, and what does
 *         not add up sets the set's `damaged`: what was counted is then worth nothing.
 *         plane_file_save: ERR_IO. */
#ifndef POLICY_PLANE_FILE_H
#define POLICY_PLANE_FILE_H

#include "policy/plane_set.h"

#include "base/err.h"

enum { EPOCH_BYTES = 16 };

/* Which people a set holds. */
typedef struct PlaneMark {
    uint8_t epoch[EPOCH_BYTES]; /* of the base */
    int64_t version;            /* people_version */
    uint64_t build;             /* chosen at random */
    uint64_t parent;            /* of a patch: the build that it belongs to; 0 = not a patch */
} PlaneMark;

/* widest: this program's. */
bool plane_file_load(const char *path, const PlaneLayout *widest, PlaneMark *ret_mark,
                     PlaneSet **ret_set);
ErrCode plane_file_save(const char *path, const PlaneSet *set, const PlaneMark *mark,
                        Err *err) MUST_CHECK;

/* Sums a plane that nobody has looked at yet. */
void plane_check(PlaneSet *set, size_t block, unsigned plane);

void plane_check_all(PlaneSet *set);

static inline const uint64_t *plane_read(PlaneSet *set, size_t block, unsigned plane)
{
    if (set->checked && !set->checked[block * set->layout.planes + plane])
        plane_check(set, block, plane);
    return block_plane(set, block, plane);
}

#endif
