/* What waits in memory, and writing it: answers to people/, the rest to the quarantine. */
#include "survey/import_run.h"
#include "survey/raw_row.h"

#include "base/text.h"

enum { PROBLEM_VALUE_BYTES = 1900 }; /* room of problem.value, less its seal */

ErrCode import_accept(ImportRun *run, const Row *row, const Checked *checked, int credibility,
                      Err *err)
{
    size_t at = run->answer_count++;
    run->answers[at] = (Answer){.sheet = row->sheet,
                                .line = row->line,
                                .facts = checked->facts,
                                .normalised = checked->raw};
    run->dates[at] = checked->surveyed_on;
    run->credibilities[at] = credibility;
    import_report_accept(&run->report, run->chunk_arena, row, checked);
    return run->answer_count == CHUNK_ROWS ? import_flush(run, err) : OK;
}

ErrCode import_quarantine(ImportRun *run, const CheckSetting *setting, const Row *row,
                          const Checked *checked, Err *err)
{
    run->waiting[run->waiting_count++] =
        (WaitingRow){.sheet = row->sheet,
                     .line = row->line,
                     .raw = raw_row_write(run->chunk_arena, setting, row, checked),
                     .problems = checked->problems,
                     .problem_count = checked->problem_count,
                     .facts = run->tombstones ? arena_memdup(run->chunk_arena, &checked->facts,
                                                             sizeof checked->facts)
                                              : NULL};
    return run->waiting_count == CHUNK_ROWS ? import_flush(run, err) : OK;
}

static ErrCode take(ImportRun *run, const Answer *answers, size_t count, Date on, int credibility,
                    Err *err)
{
    AnswerBatch batch = {.batch = run->batch,
                         .surveyed_on = on,
                         .credibility = credibility,
                         .answers = answers,
                         .count = count};
    AnswerCounts counts = {0};
    TRY(answers_take(run->db, run->job->context->sealer, &batch, &counts, NULL, err));
    run->report.people.people_new += counts.people_new;
    run->report.people.people_changed += counts.people_changed;
    run->report.people.people_unchanged += counts.people_unchanged;
    run->takes++;
    return OK;
}

static bool same_origin(const ImportRun *run, size_t a, size_t b)
{
    return run->dates[a] == run->dates[b] && run->credibilities[a] == run->credibilities[b];
}

/* Answers of one day and one credibility go together. */
static ErrCode flush_answers(ImportRun *run, Err *err)
{
    size_t count = run->answer_count, left = count;
    bool *done = arena_array(run->chunk_arena, bool, count);
    Answer *group = NULL;
    for (size_t first = 0; left > 0; first++) {
        if (done[first])
            continue;
        size_t members = 0;
        for (size_t i = first; i < count; i++)
            members += !done[i] && same_origin(run, first, i);
        if (members == count)
            return take(run, run->answers, count, run->dates[0], run->credibilities[0], err);
        group = group ? group : arena_array(run->chunk_arena, Answer, left);
        size_t filled = 0;
        for (size_t i = first; i < count; i++)
            if (!done[i] && same_origin(run, first, i)) {
                group[filled++] = run->answers[i];
                done[i] = true;
            }
        TRY(take(run, group, filled, run->dates[first], run->credibilities[first], err));
        left -= filled;
    }
    return OK;
}

/* Where the bulk loader stands: a row, and a problem of it. */
typedef struct Writer {
    const ImportRun *run;
    Arena *arena; /* for one row */
    size_t row, problem;
} Writer;

static void value_sealed(Writer *writer, BulkRow *row, const char *text, size_t length)
{
    size_t sealed_length;
    const uint8_t *sealed =
        seal(writer->run->job->context->sealer, writer->arena, text, length, &sealed_length);
    bulk_value(row, v_bytes(sealed, sealed_length));
}

static bool write_waiting(void *state, BulkRow *row, Err *err)
{
    (void)err;
    Writer *writer = state;
    if (writer->row == writer->run->waiting_count)
        return false;
    const WaitingRow *waiting = &writer->run->waiting[writer->row++];
    arena_reset(writer->arena);
    bulk_value(row, v_int(writer->run->batch));
    bulk_value(row, v_int(waiting->sheet));
    bulk_value(row, v_int(waiting->line));
    value_sealed(writer, row, waiting->raw, strlen(waiting->raw));
    return true;
}

/* The longest whole characters of a value that the column can keep; the row's raw JSON has it all.
 */
static size_t kept_bytes(const char *value)
{
    const char *cursor = value, *end = value + strlen(value);
    while (cursor < end) {
        const char *before = cursor;
        text_next(&cursor, end);
        if (cursor - value > PROBLEM_VALUE_BYTES)
            return (size_t)(before - value);
    }
    return (size_t)(end - value);
}

static bool write_problem(void *state, BulkRow *row, Err *err)
{
    (void)err;
    Writer *writer = state;
    while (writer->row < writer->run->waiting_count &&
           writer->problem == writer->run->waiting[writer->row].problem_count) {
        writer->row++;
        writer->problem = 0;
    }
    if (writer->row == writer->run->waiting_count)
        return false;
    const WaitingRow *waiting = &writer->run->waiting[writer->row];
    const Problem *problem = &waiting->problems[writer->problem++];
    arena_reset(writer->arena);
    bulk_value(row, v_int(writer->run->batch));
    bulk_value(row, v_int(waiting->sheet));
    bulk_value(row, v_int(waiting->line));
    bulk_value(row, v_int((int64_t)writer->problem));
    bulk_value(row, v_text(problem->target == TARGET_NONE ? NULL : target_name(problem->target)));
    bulk_value(row, v_text(problem->cell));
    bulk_value(row, v_text(problem_name(problem->code)));
    value_sealed(writer, row, problem->value, kept_bytes(problem->value));
    return true;
}

static ErrCode flush_waiting(ImportRun *run, Err *err)
{
    uint64_t rows = 0;
    Writer lines = {.run = run, .arena = arena_new(0)},
           problems = {.run = run, .arena = arena_new(0)};
    ErrCode code =
        db_load(run->db, QUERY_SURVEY_QUARANTINE_LOAD, write_waiting, &lines, &rows, err);
    if (code == OK)
        code = db_load(run->db, QUERY_SURVEY_PROBLEM_LOAD, write_problem, &problems, &rows, err);
    arena_free(lines.arena);
    arena_free(problems.arena);
    return code;
}

ErrCode import_flush(ImportRun *run, Err *err)
{
    TRY(import_forget(run, err));
    if (run->answer_count > 0)
        TRY(flush_answers(run, err));
    if (run->waiting_count > 0)
        TRY(flush_waiting(run, err));
    run->answer_count = 0;
    run->waiting_count = 0;
    return OK;
}
