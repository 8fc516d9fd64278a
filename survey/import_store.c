/* What waits in memory, and writing it: answers to people/, the rest to the quarantine. */
#include "survey/import_run.h"
#include "survey/raw_row.h"

#include "base/text.h"

enum { PROBLEM_VALUE_BYTES = 1900 }; /* room of problem.value, less its seal */

/* Facts whose texts live in an arena of their own: what a check leaves goes with its row. */
static Facts facts_copy(Arena *arena, const Facts *facts)
{
    Facts copy = *facts;
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        if (copy.values[fact].known && copy.values[fact].text)
            copy.values[fact].text = arena_strdup(arena, copy.values[fact].text);
    return copy;
}

static const Problem *problems_copy(Arena *arena, const Checked *checked)
{
    size_t count = checked->problem_count;
    Problem *copy = arena_memdup(arena, checked->problems, count * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        copy[i].cell = arena_strdup(arena, copy[i].cell);
        copy[i].value = arena_strdup(arena, copy[i].value);
    }
    return copy;
}

ErrCode import_accept(ImportRun *run, const Row *row, const Checked *checked, int credibility,
                      Err *err)
{
    ImportChunk *chunk = &run->chunk;
    size_t at = chunk->answer_count++;
    Answer *answer = &chunk->answers[at];
    *answer =
        (Answer){.sheet = row->sheet,
                 .line = row->line,
                 .facts = facts_copy(chunk->arena, &checked->facts),
                 .normalised = checked->raw ? arena_strdup(chunk->arena, checked->raw) : NULL};
    answer_seal(run->job->context->sealer, chunk->arena, answer, checked->surveyed_on);
    chunk->dates[at] = checked->surveyed_on;
    chunk->credibilities[at] = credibility;
    import_report_accept(&run->report, run->row_arena, row, checked);
    return chunk->answer_count == CHUNK_ROWS ? import_hand_over(run, err) : OK;
}

ErrCode import_quarantine(ImportRun *run, const WrongRow *wrong, Err *err)
{
    const Row *row = wrong->row;
    const Checked *checked = wrong->checked;
    ImportChunk *chunk = &run->chunk;
    WaitingRow *waiting = &chunk->waiting[chunk->waiting_count++];
    *waiting = (WaitingRow){.sheet = row->sheet,
                            .line = row->line,
                            .raw = raw_row_write(chunk->arena, wrong->setting, row),
                            .problems = problems_copy(chunk->arena, checked),
                            .problem_count = checked->problem_count,
                            .origin = wrong->origin};
    if (run->tombstones) {
        Facts facts = facts_copy(chunk->arena, &checked->facts);
        waiting->facts = arena_memdup(chunk->arena, &facts, sizeof facts);
    }
    return chunk->waiting_count == CHUNK_ROWS ? import_hand_over(run, err) : OK;
}

static ErrCode take(ImportRun *run, const Answer *answers, size_t count, Date on, int credibility,
                    Err *err)
{
    AnswerBatch batch = {.batch = run->batch,
                         .surveyed_on = on,
                         .credibility = credibility,
                         .answers = answers,
                         .count = count,
                         .intake = run->intake};
    AnswerCounts counts = {0};
    TRY(answers_take(run->db, run->job->context->sealer, &batch, &counts, NULL, err));
    import_count(run, &counts);
    run->takes++;
    return OK;
}

void import_count(ImportRun *run, const AnswerCounts *counts)
{
    run->report.people.people_new += counts->people_new;
    run->report.people.moved += counts->moved;
    run->report.people.people_changed += counts->people_changed;
    run->report.people.people_unchanged += counts->people_unchanged;
}

static bool same_origin(const ImportRun *run, size_t a, size_t b)
{
    return run->chunk.dates[a] == run->chunk.dates[b] &&
           run->chunk.credibilities[a] == run->chunk.credibilities[b];
}

/* Answers of one day and one credibility go together. */
static ErrCode flush_answers(ImportRun *run, Err *err)
{
    size_t count = run->chunk.answer_count, left = count;
    bool *done = arena_array(run->chunk.arena, bool, count);
    Answer *group = NULL;
    for (size_t first = 0; left > 0; first++) {
        if (done[first])
            continue;
        size_t members = 0;
        for (size_t i = first; i < count; i++)
            members += !done[i] && same_origin(run, first, i);
        if (members == count)
            return take(run, run->chunk.answers, count, run->chunk.dates[0],
                        run->chunk.credibilities[0], err);
        group = group ? group : arena_array(run->chunk.arena, Answer, left);
        size_t filled = 0;
        for (size_t i = first; i < count; i++)
            if (!done[i] && same_origin(run, first, i)) {
                group[filled++] = run->chunk.answers[i];
                done[i] = true;
            }
        TRY(take(run, group, filled, run->chunk.dates[first], run->chunk.credibilities[first],
                 err));
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
    if (writer->row == writer->run->chunk.waiting_count)
        return false;
    const WaitingRow *waiting = &writer->run->chunk.waiting[writer->row++];
    arena_reset(writer->arena);
    bulk_value(row, v_int(writer->run->batch));
    bulk_value(row, v_int(waiting->sheet));
    bulk_value(row, v_int(waiting->line));
    value_sealed(writer, row, waiting->raw, strlen(waiting->raw));
    QuarantineKey origin = waiting->origin;
    bool moved = origin.batch != 0;
    bulk_value(row, moved ? v_int(origin.batch) : v_null());
    bulk_value(row, moved ? v_int(origin.sheet) : v_null());
    bulk_value(row, moved ? v_int(origin.line) : v_null());
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
    while (writer->row < writer->run->chunk.waiting_count &&
           writer->problem == writer->run->chunk.waiting[writer->row].problem_count) {
        writer->row++;
        writer->problem = 0;
    }
    if (writer->row == writer->run->chunk.waiting_count)
        return false;
    const WaitingRow *waiting = &writer->run->chunk.waiting[writer->row];
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
    if (run->chunk.answer_count > 0)
        TRY(flush_answers(run, err));
    if (run->chunk.waiting_count > 0)
        TRY(flush_waiting(run, err));
    run->chunk.answer_count = 0;
    run->chunk.waiting_count = 0;
    arena_reset(run->chunk.arena);
    return OK;
}
