/* survey/import_run.h: one try to import one file, as the import_*.c files share it.
 * Shape:  ImportRun lives from the beginning to the end of one transaction; a repeated transaction
 *         makes a new one. import_rows.c reads and sorts the rows, import_store.c keeps what waits
 *         and writes it chunk by chunk, import_pipe.c lets the two work at the same time: each has
 *         an ImportRun and a chunk of its own, and they exchange the chunks.
 * Owns:   file_arena until the end of the try, chunk.arena until the chunk is written, row_arena
 *         until the next row is read.
 * Source: survey/import_file.h. */
#ifndef SURVEY_IMPORT_RUN_H
#define SURVEY_IMPORT_RUN_H

#include "survey/import_file.h"
#include "survey/import_report.h"

#include "base/progress.h"

/* As many as the keys of one look-up; two chunks of them bound the memory of an import. */
enum { CHUNK_ROWS = 10000 };

typedef struct WaitingRow {
    unsigned sheet, line;
    const char *raw;
    const Problem *problems;
    size_t problem_count;
    const Facts *facts; /* as far as they were read; NULL when nobody was forgotten */
    bool forgotten;     /* whoever it is about asked to be */
} WaitingRow;

/* Rows on their way from the reader to the writer. */
typedef struct ImportChunk {
    Arena *arena;    /* of what the rows below point to */
    Answer *answers; /* CHUNK_ROWS each */
    Date *dates;
    int *credibilities;
    size_t answer_count;
    WaitingRow *waiting;
    size_t waiting_count;
} ImportChunk;

typedef struct ImportRun {
    const ImportJob *job;
    Db *db; /* the reader uses it between import_borrow and import_give_back only */
    struct ImportPipe *pipe;
    const Form *form;         /* of the batch: that of the first sheet with a table */
    const Form *const *forms; /* those that a sheet may be filled in on */
    size_t form_count;
    Date surveyed_on; /* of the batch: where neither row nor sheet says more */
    bool date_1904;
    int64_t batch;
    Arena *file_arena, *row_arena;
    ImportChunk chunk;
    Progress progress;
    ImportReport report;
    int takes;       /* calls of answers_take so far */
    bool tombstones; /* someone asked to be forgotten */
} ImportRun;

/* Reads the whole file and hands it over in chunks. */
ErrCode import_rows(ImportRun *run, Sheet *sheet, Err *err) MUST_CHECK;

/* survey/import_pipe.c: import_rows in a thread of its own, and what it hands over written here. */
ErrCode import_pipe(ImportRun *run, Sheet *sheet, Err *err) MUST_CHECK;
/* Gives the chunk to the writer, once that has written the one before, and takes an empty one.
 * Fails when the writer failed; its own error is the one that import_pipe returns. */
ErrCode import_hand_over(ImportRun *run, Err *err) MUST_CHECK;
/* The database for the reader: waits until the writer's chunk is written. */
void import_borrow(ImportRun *run);
void import_give_back(ImportRun *run);

/* The day that a sheet says above its table; the run's own where it says nothing. ERR_INPUT when it
 * cannot be read. */
ErrCode import_sheet_date(const ImportJob *job, const Heading *heading, bool date_1904,
                          Arena *arena, Date otherwise, Date *ret_date, Err *err) MUST_CHECK;

/* survey/import_store.c */
ErrCode import_accept(ImportRun *run, const Row *row, const Checked *checked, int credibility,
                      Err *err) MUST_CHECK;
ErrCode import_quarantine(ImportRun *run, const CheckSetting *setting, const Row *row,
                          const Checked *checked, Err *err) MUST_CHECK;
/* Writes the chunk and empties it. */
ErrCode import_flush(ImportRun *run, Err *err) MUST_CHECK;

/* survey/import_forgotten.c: takes the rows of forgotten people out of what waits to be written. */
ErrCode import_forget(ImportRun *run, Err *err) MUST_CHECK;

/* survey/import_mended.c: the quarantined row that a row with a 隔离编号 mends. */
typedef struct Mended {
    bool is; /* such a row waits */
    int64_t batch;
    unsigned sheet, line;
    Date surveyed_on;
    int credibility;
    bool date_fixed;
} Mended;
ErrCode mended_find(ImportRun *run, const Heading *heading, const Row *row, Mended *ret_mended,
                    Err *err) MUST_CHECK;
ErrCode mended_resolve(ImportRun *run, const Mended *mended, Err *err) MUST_CHECK;

/* survey/import_asked.c: rows of a follow-up questionnaire. */
typedef struct Asked {
    ProblemCode refused; /* PROBLEM_COUNT = the key leads to somebody */
    bool forgotten;      /* … who asked to be forgotten */
} Asked;
/* Gives a sheet with keys the columns of the identity behind them; false for any other sheet. */
bool asked_heading(Arena *arena, Heading *heading);
/* Puts the identity of the key's person into the row and takes out what was not asked. */
ErrCode asked_read(ImportRun *run, const Heading *heading, Row *row, Asked *ret_asked,
                   Err *err) MUST_CHECK;
/* The refused key is all that is wrong with the row. */
void asked_refuse(Arena *arena, const Heading *heading, const Row *row, const Asked *asked,
                  Checked *checked);

#endif
