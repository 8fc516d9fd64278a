/* people/forgotten_row.h: the rows of the quarantine that name a person who is being forgotten.
 * Shape:  a row names the person when it holds its ID number, or its name together with its phone;
 *         width, spaces and dashes inside numbers do not matter.
 * Owns:   nothing.
 * Errors: ERR_SEAL, ERR_DB….
 * Source: sql/queries/people/forgotten.sql; the JSON of layouts: survey/layout.h. */
#ifndef PEOPLE_FORGOTTEN_ROW_H
#define PEOPLE_FORGOTTEN_ROW_H

#include "base/seal.h"
#include "sql/db.h"

/* What one answer of the person calls it; NULL = it does not say. */
typedef struct Named {
    const char *name, *id_number, *phone;
} Named;

typedef struct NamedList {
    Named *items;
    size_t count;
} NamedList;

/* True when the text names one of them. */
bool row_names(Arena *arena, const char *text, const NamedList *list);

/* Deletes the rows that were mended into answers of a person, with their problems: what was wrong in
 * them may be the very number. While the answers are still there. */
ErrCode mended_forget(Db *db, int64_t person, int64_t *ret_count, Err *err) MUST_CHECK;
/* Deletes the rows that name it; *count grows. The batches' own numbers stay as they were. */
ErrCode quarantine_forget(Db *db, const Sealer *sealer, const NamedList *list, int64_t *count,
                          Err *err) MUST_CHECK;

/* Takes the titles out of sheet layouts that name one of them: "联系人：张伟 138…". */
ErrCode titles_forget(Db *db, const Sealer *sealer, const NamedList *list, Err *err) MUST_CHECK;

#endif
