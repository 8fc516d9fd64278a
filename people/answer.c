#include "people/answer.h"

#include "base/lang.h"
#include "people/change.h"
#include "people/decision.h"
#include "people/intake.h"
#include "people/link.h"
#include "people/taking.h"

#include <stdlib.h>
#include <string.h>

/* A million answers take some 300 bytes each. */
#define MEMORY_BYTES ((size_t)2 << 30)

/* Rows of table answer, in the order of its primary key. */
typedef struct AnswerSource {
    const Taking *taking;
    Arena *arena; /* for one row */
    size_t at;
} AnswerSource;

ErrCode answers_lock_beside(Db *db, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const Changes none = {.first = 1, .last = 0};
    TRY(db_run(db, QUERY_PEOPLE_ANSWER_LOCK, NO_PARAMS, NULL, err));
    return changes_note(db, arena, &none, err);
}

ErrCode answers_lock(Db *db, Err *err)
{
    TRY(answers_lock_beside(db, err));
    return intake_lock(db, err);
}

/* What is known of a row of table answer before its person is. */
typedef struct LastColumns {
    const Sealer *sealer;
    Arena *arena;
    const Answer *answer;
    const Record *record;
} LastColumns;

static void last_columns(BulkRow *row, const void *state)
{
    const LastColumns *last = state;
    const char *plain = last->answer->normalised;
    const uint8_t *sealed = NULL;
    size_t length = 0;
    if (plain)
        sealed = seal(last->sealer, last->arena, plain, strlen(plain), &length);
    bulk_value(row, v_bytes(sealed, length));
    record_write(row, last->record);
}

static bool answer_source(void *state, BulkRow *row, Err *err)
{
    AnswerSource *source = state;
    const AnswerBatch *batch = source->taking->batch;
    (void)err;
    if (source->at == batch->count)
        return false;
    size_t place = source->taking->order[source->at++];
    const Answer *answer = &batch->answers[place];
    const Record *record = &source->taking->records[place];
    bulk_value(row, v_int(batch->batch));
    bulk_value(row, v_int(answer->sheet));
    bulk_value(row, v_int(answer->line));
    bulk_value(row, v_int(record->person));
    bulk_value(row, v_date(batch->surveyed_on));
    bulk_value(row, v_int(batch->credibility));
    arena_reset(source->arena);
    if (record->ahead.bytes)
        bulk_columns(row, record->ahead);
    else
        last_columns(row, &(LastColumns){source->taking->sealer, source->arena, answer, record});
    return true;
}

static int place_compare(const void *a, const void *b, void *answers)
{
    const Answer *left = &((const Answer *)answers)[*(const size_t *)a];
    const Answer *right = &((const Answer *)answers)[*(const size_t *)b];
    if (left->sheet != right->sheet)
        return left->sheet < right->sheet ? -1 : 1;
    return (left->line > right->line) - (left->line < right->line);
}

static ErrCode answers_order(Taking *taking, Err *err)
{
    const AnswerBatch *batch = taking->batch;
    taking->order = arena_array(taking->arena, size_t, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        const Answer *answer = &batch->answers[i];
        taking->order[i] = i;
        if (answer->normalised && strlen(answer->normalised) > ANSWER_NORMALISED_BYTES)
            return err_set(err, ERR_LIMIT, _("the raw cells of sheet %u, line %u are too long"),
                           answer->sheet, answer->line);
    }
    qsort_r(taking->order, batch->count, sizeof *taking->order, place_compare,
            (void *)(uintptr_t)batch->answers);
    return OK;
}

ErrCode taking_write(const Taking *taking, Db *db, Err *err)
{
    AUTO_ARENA scratch = arena_new(0);
    AnswerSource source = {.taking = taking, .arena = scratch};
    return db_load(db, QUERY_PEOPLE_ANSWER_LOAD, answer_source, &source, NULL, err);
}

static int id_compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void ids_sort(IdList *list)
{
    size_t kept = 0;
    if (list->count > 0)
        qsort(list->ids, list->count, sizeof *list->ids, id_compare);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || list->ids[kept - 1] != list->ids[i])
            list->ids[kept++] = list->ids[i];
    list->count = kept;
}

/* The persons that the moves take answers from and give them to. */
static void ids_add_moves(IdList *list, const LinkPlan *plan)
{
    for (size_t i = 0; i < plan->move_count; i++) {
        list->ids[list->count++] = plan->moves[i].from;
        list->ids[list->count++] = plan->moves[i].to;
    }
}

Singles taking_singles(const Taking *taking)
{
    const AnswerBatch *batch = taking->batch;
    const LinkPlan *plan = &taking->plan;
    const Answer *any = &batch->answers[0];
    Singles singles = {.first = plan->first_single,
                       .last = plan->last_single,
                       .batch = batch->batch,
                       .first_sheet = any->sheet,
                       .last_sheet = any->sheet,
                       .first_line = any->line,
                       .last_line = any->line};
    for (size_t i = 0; i < batch->count; i++) {
        const Answer *answer = &batch->answers[i];
        if (answer->sheet < singles.first_sheet)
            singles.first_sheet = answer->sheet;
        if (answer->sheet > singles.last_sheet)
            singles.last_sheet = answer->sheet;
        if (answer->line < singles.first_line)
            singles.first_line = answer->line;
        if (answer->line > singles.last_line)
            singles.last_line = answer->line;
    }
    return singles;
}

IdList taking_folded(const Taking *taking)
{
    const LinkPlan *plan = &taking->plan;
    size_t count = taking->batch->count;
    IdList folded = {arena_array(taking->arena, int64_t, count + 2 * plan->move_count), 0};
    for (size_t i = 0; i < count; i++) {
        int64_t person = taking->records[i].person;
        if (person < plan->first_single || person > plan->last_single)
            folded.ids[folded.count++] = person;
    }
    ids_add_moves(&folded, plan);
    ids_sort(&folded);
    return folded;
}

/* The answers, those that change hands, and the persons: a new one of one answer is that answer,
 * all others are folded from what the base holds now. */
static ErrCode taking_run(const Taking *taking, AnswerCounts *counts, Err *err)
{
    TRY(taking_write(taking, taking->db, err));
    TRY(link_move(taking->db, &taking->plan, err));
    IdList folded = taking_folded(taking);
    TRY(refold_base(taking->db, taking->sealer, folded.ids, folded.count, counts, err));
    Singles singles = taking_singles(taking);
    return refold_singles(taking->db, &singles, counts, err);
}

void answer_seal(const Sealer *sealer, Arena *arena, Answer *answer, Date surveyed_on)
{
    Record *record = arena_alloc(arena, sizeof *record);
    record_make(sealer, arena, &answer->facts, surveyed_on, record);
    if (!answer->normalised || strlen(answer->normalised) <= ANSWER_NORMALISED_BYTES)
        record->ahead =
            bulk_ahead(arena, last_columns, &(LastColumns){sealer, arena, answer, record});
    answer->sealed = record;
}

static void records_make(const Taking *taking)
{
    const AnswerBatch *batch = taking->batch;
    for (size_t i = 0; i < batch->count; i++) {
        const Answer *answer = &batch->answers[i];
        Record *record = &taking->records[i];
        if (answer->sealed)
            *record = *answer->sealed;
        else
            record_make(taking->sealer, taking->arena, &answer->facts, batch->surveyed_on, record);
        record->facts = &answer->facts; /* the answer may have moved since it was sealed */
        record->credibility = batch->credibility;
    }
}

ErrCode answers_take(Db *db, const Sealer *sealer, const AnswerBatch *batch,
                     AnswerCounts *ret_counts, int64_t *ret_persons, Err *err)
{
    AnswerCounts counts = {0};
    if (batch->count == 0) {
        *ret_counts = counts;
        return OK;
    }
    AUTO_ARENA arena = arena_new(MEMORY_BYTES);
    Taking taking = {.db = db, .sealer = sealer, .arena = arena, .batch = batch};
    taking.records = arena_array(arena, Record, batch->count);
    records_make(&taking);
    if (batch->intake)
        intake_await(batch->intake, &taking.plan);
    TRY(link_take(db, arena, taking.records, batch->count, &taking.plan, err));
    TRY(answers_order(&taking, err));
    TRY(batch->intake ? intake_take(batch->intake, &taking, &counts, err)
                      : taking_run(&taking, &counts, err));
    counts.moved = (int64_t)taking.plan.move_count;
    for (size_t i = 0; ret_persons && i < batch->count; i++)
        ret_persons[i] = taking.records[i].person;
    *ret_counts = counts;
    return OK;
}

ErrCode answers_withdraw(Db *db, const Sealer *sealer, int64_t batch, AnswerCounts *ret_counts,
                         Err *err)
{
    AUTO_ARENA arena = arena_new(MEMORY_BYTES);
    Relink relink = {.arena = arena};
    TRY(relink_batch(db, &relink, batch, err));
    TRY(db_run(db, QUERY_PEOPLE_ANSWER_DELETE_BATCH, PARAMS(v_int(batch)), NULL, err));
    TRY(decisions_leave(db, &relink, batch, err));
    return relink_run(db, sealer, &relink, ret_counts, err);
}
