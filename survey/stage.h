/* survey/stage.h: a batch that was put aside for review, and how its rows are kept.
 * Shape:  a Staged is what table staged says of a batch: the file it came from and the options it
 *         was handed in with. Its rows stand sealed in staged_row until it is accepted or refused;
 *         nothing of it counts meanwhile.
 * Owns:   a Staged lives in the arena given.
 * Errors: ERR_NOT_FOUND for a number that no batch has; ERR_REFUSED for one that does not wait,
 *         saying what became of it; ERR_DB….
 * Source: issue "Review before it counts"; sql/schema/0010_staged.sql; sql/queries/survey/staged.sql. */
#ifndef SURVEY_STAGE_H
#define SURVEY_STAGE_H

#include "survey/import_file.h"
#include "survey/sheet.h"

typedef enum StagedDecision { STAGED_WAITS, STAGED_ACCEPTED, STAGED_REFUSED } StagedDecision;

struct Staged {
    int64_t batch;
    StagedDecision decision;
    bool undone;      /* accepted, and taken back since */
    const char *name; /* of the file, as it was handed in */
    const char *sha256, *container, *encoding;
    bool date_1904;
    const char *option_form, *option_source; /* NULL = not given */
    Date option_surveyed_on;                 /* DATE_NONE = not given */
    Date as_of;
    const char *why, *preview;                         /* JSON; survey/preview.h */
    const char *decided_by, *decided_why, *decided_at; /* NULL = it waits */
    const char *imported_by, *imported_at;
};

/* A batch that waits or was decided on; batches that never waited are refused. */
ErrCode staged_find(Db *db, Arena *arena, int64_t batch, Staged *ret_staged, Err *err) MUST_CHECK;
/* One that waits. */
ErrCode staged_load(Db *db, Arena *arena, int64_t batch, Staged *ret_staged, Err *err) MUST_CHECK;

/* The import that it would be: on the day on which it was handed in, by whoever acts now. *then
 * becomes the job's context. */
ImportJob staged_job(const Staged *staged, const Context *context, Context *then);

/* Where rows stand that name people who asked to be forgotten: ascending. */
typedef struct Place {
    unsigned sheet, line;
} Place;
typedef struct PlaceList {
    Place *items;
    size_t count;
} PlaceList;
/* Inside the transaction of an import, of whose batch everything is written. */
ErrCode staged_forgotten(Db *db, Arena *arena, int64_t batch, PlaceList *ret_list,
                         Err *err) MUST_CHECK;
/* Inside the transaction of an import, whose line in batch is all that is left of it: keeps the
 * rows of the file, to be reviewed; of forgotten ones their place. ERR_INPUT when the file is
 * another one by now. */
ErrCode staged_keep(Db *db, const ImportJob *job, const Staged *staged, const PlaceList *forgotten,
                    Err *err) MUST_CHECK;
/* Inside the transaction that lets a batch in: writes the rows that were erased as an import
 * leaves those of forgotten people, and says how many. */
ErrCode staged_erased(Db *db, int64_t batch, int64_t *ret_count, Err *err) MUST_CHECK;

/* The batch waits no more: takes its rows away and notes who decided; why may be NULL. Before it,
 * staged_let_in or staged_turn_away, which of two at a time only one gets through. */
ErrCode staged_let_in(Db *db, int64_t batch, Err *err) MUST_CHECK;
ErrCode staged_turn_away(Db *db, int64_t batch, Err *err) MUST_CHECK;
typedef struct StagedVerdict {
    int64_t batch;
    StagedDecision decision;
    const char *why, *who;
} StagedVerdict;
ErrCode staged_decide(Db *db, const StagedVerdict *verdict, Err *err) MUST_CHECK;

#endif
