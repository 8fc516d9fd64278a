/* people/change.h: the book of which persons each version of the base changed.
 * Shape:  lines (version, persons), written by what folds people, read by caches of people. A
 *         version without a line is one that nobody kept book of: its cache must be made anew.
 * Owns:   lists live in the arena given.
 * Errors: ERR_DB….
 * Source: sql/queries/people/change.sql; sql/schema/0005_person_change.sql. */
#ifndef PEOPLE_CHANGE_H
#define PEOPLE_CHANGE_H

#include "sql/db.h"

/* Notes persons as changed by the version of the running transaction: all from first to last (none
 * when first > last), and those of ids (at most KEYS_AT_ONCE of people/keys.h). */
typedef struct Changes {
    int64_t first, last;
    const int64_t *ids;
    size_t count;
} Changes;
ErrCode changes_note(Db *db, Arena *arena, const Changes *changes, Err *err) MUST_CHECK;

/* Persons changed after `version` up to `until`: ascending, without doubles, as ranges. *ret_whole
 * is false when some version in between is not in the book. */
typedef struct PersonRange {
    int64_t first, last;
} PersonRange;
typedef struct ChangeList {
    bool whole;
    PersonRange *ranges;
    size_t count;
} ChangeList;
ErrCode changes_since(Db *db, Arena *arena, int64_t version, int64_t until, ChangeList *ret_list,
                      Err *err) MUST_CHECK;

#endif
