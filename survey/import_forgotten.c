/* Rows of people who asked to be forgotten: counted as quarantined, code "forgotten", with nothing
 * of the row kept, and settled at once, since there is nothing to mend. */
#include "survey/import_run.h"

#include "people/forgotten.h"

/* Where such a row stands. */
typedef struct Line {
    unsigned sheet, line;
} Line;

typedef struct LineList {
    Line *items;
    size_t count;
} LineList;

static ErrCode answers_forget(ImportRun *run, LineList *lines, Err *err)
{
    bool *forgotten = arena_array(run->chunk.arena, bool, run->chunk.answer_count + 1);
    size_t kept = 0;
    TRY(forgotten_match(run->db, run->job->context->sealer, run->chunk.answers,
                        run->chunk.answer_count, forgotten, err));
    for (size_t i = 0; i < run->chunk.answer_count; i++) {
        if (forgotten[i]) {
            lines->items[lines->count++] =
                (Line){run->chunk.answers[i].sheet, run->chunk.answers[i].line};
            continue;
        }
        run->chunk.answers[kept] = run->chunk.answers[i];
        run->chunk.dates[kept] = run->chunk.dates[i];
        run->chunk.credibilities[kept++] = run->chunk.credibilities[i];
    }
    run->report.accepted -= (int64_t)(run->chunk.answer_count - kept);
    run->report.quarantined += (int64_t)(run->chunk.answer_count - kept);
    run->chunk.answer_count = kept;
    return OK;
}

static ErrCode waiting_forget(ImportRun *run, LineList *lines, Err *err)
{
    Answer *answers = arena_array(run->chunk.arena, Answer, run->chunk.waiting_count + 1);
    bool *forgotten = arena_array(run->chunk.arena, bool, run->chunk.waiting_count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < run->chunk.waiting_count; i++)
        answers[i].facts = *run->chunk.waiting[i].facts;
    TRY(forgotten_match(run->db, run->job->context->sealer, answers, run->chunk.waiting_count,
                        forgotten, err));
    for (size_t i = 0; i < run->chunk.waiting_count; i++) {
        if (forgotten[i] || run->chunk.waiting[i].forgotten)
            lines->items[lines->count++] =
                (Line){run->chunk.waiting[i].sheet, run->chunk.waiting[i].line};
        else
            run->chunk.waiting[kept++] = run->chunk.waiting[i];
    }
    run->chunk.waiting_count = kept;
    return OK;
}

typedef struct LineWriter {
    const ImportRun *run;
    const LineList *lines;
    size_t at;
} LineWriter;

static void write_place(const LineWriter *writer, BulkRow *row)
{
    bulk_value(row, v_int(writer->run->batch));
    bulk_value(row, v_int(writer->lines->items[writer->at].sheet));
    bulk_value(row, v_int(writer->lines->items[writer->at].line));
}

static bool write_line(void *state, BulkRow *row, Err *err)
{
    LineWriter *writer = state;
    (void)err;
    if (writer->at == writer->lines->count)
        return false;
    write_place(writer, row);
    bulk_value(row, v_bytes("", 0));
    writer->at++;
    return true;
}

static bool write_reason(void *state, BulkRow *row, Err *err)
{
    LineWriter *writer = state;
    (void)err;
    if (writer->at == writer->lines->count)
        return false;
    write_place(writer, row);
    bulk_value(row, v_int(1));
    bulk_value(row, v_null());
    bulk_value(row, v_text(""));
    bulk_value(row, v_text(problem_name(PROBLEM_FORGOTTEN)));
    bulk_value(row, v_null());
    writer->at++;
    return true;
}

ErrCode import_forget(ImportRun *run, Err *err)
{
    if (!run->tombstones)
        return OK;
    LineList lines = {
        arena_array(run->chunk.arena, Line, run->chunk.answer_count + run->chunk.waiting_count + 1),
        0};
    TRY(answers_forget(run, &lines, err));
    TRY(waiting_forget(run, &lines, err));
    for (size_t i = 0; i < lines.count; i++, run->report.forgotten++) {
        if (run->report.forgotten >= FORGOTTEN_LINES)
            continue;
        run->report.forgotten_lines[run->report.forgotten].sheet = lines.items[i].sheet;
        run->report.forgotten_lines[run->report.forgotten].line = lines.items[i].line;
    }
    if (lines.count == 0)
        return OK;
    LineWriter rows = {.run = run, .lines = &lines}, reasons = rows;
    TRY(db_load(run->db, QUERY_SURVEY_QUARANTINE_LOAD_FORGOTTEN, write_line, &rows, NULL, err));
    return db_load(run->db, QUERY_SURVEY_PROBLEM_LOAD, write_reason, &reasons, NULL, err);
}
