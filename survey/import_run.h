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
#include "survey/quarantine_key.h"

#include "base/progress.h"

/* As many as the keys of one look-up; two chunks of them bound the memory of an import. */
enum { CHUNK_ROWS = 10000 };

typedef struct WaitingRow {
    unsigned sheet, line;
    const char *raw;
    const Problem *problems;
    size_t problem_count;
    QuarantineKey origin; /* of a mended row that is still wrong: what it first was; 0 = new */
    const Facts *facts;   /* as far as they were read; NULL when nobody was forgotten */
    bool forgotten;       /* whoever it is about asked to be */
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
    Db *db;         /* the reader uses it between import_borrow and import_give_back only */
    Db *writer;     /* of a large file's answers; NULL = db itself */
    Intake *intake; /* with the writer */
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
    Recall *recall;  /* of the sheet that is read */
    int takes;       /* calls of answers_take so far */
    bool tombstones; /* someone asked to be forgotten */
    bool alone;      /* import_review: to be done again without a writer */
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
typedef struct WrongRow {
    const CheckSetting *setting;
    const Row *row;
    const Checked *checked;
    QuarantineKey origin; /* as in a WaitingRow */
    const char *whom;     /* as in an Asked */
} WrongRow;
ErrCode import_quarantine(ImportRun *run, const WrongRow *wrong, Err *err) MUST_CHECK;
/* Adds to the report what became of people. */
void import_count(ImportRun *run, const AnswerCounts *counts);
/* Writes the chunk and empties it. */
ErrCode import_flush(ImportRun *run, Err *err) MUST_CHECK;

/* survey/import_review.c: called when the batch has its line and nothing else, and when everything
 * is written. *ret_json gets what the result says of it: {state, why, preview, …}; owned by the
 * caller. */
ErrCode import_begin_review(ImportRun *run, Err *err) MUST_CHECK;
ErrCode import_review(ImportRun *run, const SheetInfo *info, json_t **ret_json,
                      Err *err) MUST_CHECK;

/* survey/import_forgotten.c: takes the rows of forgotten people out of what waits to be written. */
ErrCode import_forget(ImportRun *run, Err *err) MUST_CHECK;

/* survey/import_mended.c: what a row with a 隔离编号 is to the row that waits under this number. */
typedef enum MendedKind {
    MENDED_NOT,   /* it has no such number, or none that anything waits or waited under */
    MENDED_WAITS, /* that row waits */
    MENDED_LATER, /* that row was mended before, and this one says something else since */
    MENDED_AGAIN, /* that row was mended before, and this is how; or an older copy of it */
} MendedKind;

typedef struct Mended {
    MendedKind kind;
    QuarantineKey key;    /* of the row that waits … */
    QuarantineKey origin; /* … and of what it first was */
    bool untouched;       /* this row says what that one says, or said before it was half mended */
    uint8_t hash[SEAL_HASH_BYTES];
    Date surveyed_on; /* what an answer from it carries … */
    int credibility;
    bool date_fixed; /* … */
} Mended;
ErrCode mended_find(ImportRun *run, const Heading *heading, const Row *row, Mended *ret_mended,
                    Err *err) MUST_CHECK;
/* It waits no more: the row of this file is its answer, or (still_wrong) waits in its place. */
ErrCode mended_resolve(ImportRun *run, const Mended *mended, const Row *row, bool still_wrong,
                       Err *err) MUST_CHECK;

/* survey/import_asked.c: rows of a follow-up questionnaire. */
typedef struct Asked {
    ProblemCode refused; /* PROBLEM_COUNT = the key leads to somebody */
    bool forgotten;      /* … who asked to be forgotten */
    const char *whom;    /* name, ID number and phone behind the key; NULL = nobody's */
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
