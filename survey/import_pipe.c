/* One thread reads, checks and seals rows into one chunk while the other writes the chunk before
 * into the database: parsing costs about as much as MariaDB's own work, and a machine has two
 * cores. The connection stays with the thread that has the transaction; the reader borrows it only
 * for the rows of a quarantine workbook. */
#include "survey/import_run.h"

#include "base/lang.h"

#include <pthread.h>

typedef struct ImportPipe {
    pthread_mutex_t lock; /* over all below; the writer's chunk is its own while `full` */
    pthread_cond_t moved;
    ImportRun *reader;
    ImportRun writer;
    Sheet *sheet;
    bool full;   /* the writer has a chunk to write */
    bool ended;  /* the reader is done, as `code` and `err` say */
    bool failed; /* the writer is */
    ErrCode code;
    Err err;
    pthread_mutex_t database; /* held by whoever uses the connection */
} ImportPipe;

static ImportChunk chunk_new(Arena *file_arena)
{
    return (ImportChunk){.arena = arena_new(0),
                         .answers = arena_array(file_arena, Answer, CHUNK_ROWS),
                         .dates = arena_array(file_arena, Date, CHUNK_ROWS),
                         .credibilities = arena_array(file_arena, int, CHUNK_ROWS),
                         .waiting = arena_array(file_arena, WaitingRow, CHUNK_ROWS)};
}

ErrCode import_hand_over(ImportRun *run, Err *err)
{
    ImportPipe *pipe = run->pipe;
    pthread_mutex_lock(&pipe->lock);
    while (pipe->full && !pipe->failed)
        pthread_cond_wait(&pipe->moved, &pipe->lock);
    bool failed = pipe->failed;
    if (!failed) {
        ImportChunk filled = run->chunk;
        run->chunk = pipe->writer.chunk;
        pipe->writer.chunk = filled;
        pipe->full = true;
        pthread_cond_broadcast(&pipe->moved);
    }
    pthread_mutex_unlock(&pipe->lock);
    return failed ? err_set(err, ERR_INTERRUPTED, _("the rows before could not be written")) : OK;
}

void import_borrow(ImportRun *run)
{
    pthread_mutex_lock(&run->pipe->database);
}

void import_give_back(ImportRun *run)
{
    pthread_mutex_unlock(&run->pipe->database);
}

static void *read_all(void *state)
{
    ImportPipe *pipe = state;
    Err err = {0};
    ErrCode code = import_rows(pipe->reader, pipe->sheet, &err);
    pthread_mutex_lock(&pipe->lock);
    pipe->ended = true;
    pipe->code = code;
    pipe->err = err;
    pthread_cond_broadcast(&pipe->moved);
    pthread_mutex_unlock(&pipe->lock);
    return NULL;
}

/* Waits for the next chunk; false when there will be none. */
static bool chunk_comes(ImportPipe *pipe)
{
    pthread_mutex_lock(&pipe->lock);
    while (!pipe->full && !pipe->ended)
        pthread_cond_wait(&pipe->moved, &pipe->lock);
    bool comes = pipe->full && !(pipe->ended && pipe->code != OK);
    pthread_mutex_unlock(&pipe->lock);
    return comes;
}

static void chunk_written(ImportPipe *pipe, ErrCode code)
{
    pthread_mutex_lock(&pipe->lock);
    pipe->full = false;
    pipe->failed = code != OK;
    pthread_cond_broadcast(&pipe->moved);
    pthread_mutex_unlock(&pipe->lock);
}

static ErrCode write_all(ImportPipe *pipe, Err *err)
{
    ErrCode code = OK;
    while (code == OK && chunk_comes(pipe)) {
        pthread_mutex_lock(&pipe->database);
        code = import_flush(&pipe->writer, err);
        pthread_mutex_unlock(&pipe->database);
        chunk_written(pipe, code);
    }
    return code;
}

static ErrCode pipe_run(ImportPipe *pipe, Err *err)
{
    pthread_t thread;
    int reason = pthread_create(&thread, NULL, read_all, pipe);
    if (reason != 0)
        return err_errno(err, ERR_IO, reason, _("cannot start a thread that reads the file"));
    ErrCode code = write_all(pipe, err);
    pthread_join(thread, NULL);
    if (code != OK)
        return code;
    if (pipe->code != OK)
        *err = pipe->err;
    return pipe->code;
}

ErrCode import_pipe(ImportRun *run, Sheet *sheet, Err *err)
{
    ImportPipe pipe = {.lock = PTHREAD_MUTEX_INITIALIZER,
                       .moved = PTHREAD_COND_INITIALIZER,
                       .database = PTHREAD_MUTEX_INITIALIZER,
                       .reader = run,
                       .writer = *run,
                       .sheet = sheet};
    run->pipe = &pipe;
    run->chunk = chunk_new(run->file_arena);
    pipe.writer.chunk = chunk_new(run->file_arena);
    pipe.writer.report = (ImportReport){0};
    ErrCode code = pipe_run(&pipe, err);
    import_report_add_written(&run->report, &pipe.writer.report);
    run->takes = pipe.writer.takes;
    arena_free(run->chunk.arena);
    arena_free(pipe.writer.chunk.arena);
    run->pipe = NULL;
    return code;
}
