/* outreach/journal.h: outcomes that could not be recorded because the base was away, kept on
 * this machine until it is back.
 * Shape:  HOME/journal/<epoch>-<worker>.jsonl, a line per attempt, without personal data;
 *         fsync'd before the call returns. The file is locked while its worker lives.
 * Owns:   nothing.
 * Errors: ERR_IO: then the outcomes exist nowhere but in memory, and the messages will become
 *         uncertain.
 * Source: DOMAIN checklist 33. */
#ifndef OUTREACH_JOURNAL_H
#define OUTREACH_JOURNAL_H

#include "outreach/attempt.h"

typedef struct Journal {
    const char *home, *epoch, *worker; /* borrowed; hex */
    int file;                          /* -1 = not made yet */
} Journal;

Journal journal_start(const char *home, const char *epoch, const char *worker);
ErrCode journal_append(Journal *journal, const Attempt *attempts, size_t count,
                       Err *err) MUST_CHECK;
void journal_close(Journal *journal);

/* Records what dead workers of this base left behind, and removes their files. Before any claim. */
ErrCode journal_replay(const char *home, const char *epoch, Db *db, AttemptCounts *counts,
                       Err *err) MUST_CHECK;

/* Gives every line that workers of a base wrote into files of this folder, of another home, to the
 * sink; the files stay. */
typedef ErrCode (*JournalSink)(void *state, const Attempt *attempt, Err *err);
ErrCode journal_each(const char *folder, const char *epoch, JournalSink sink, void *state,
                     Err *err) MUST_CHECK;

#endif
