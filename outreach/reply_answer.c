#include "outreach/reply_answer.h"

#include "base/text.h"
#include "people/answer.h"
#include "people/person.h"

#include <stdlib.h>
#include <string.h>

enum { REPLY_CREDIBILITY = 7 };

void intention_add(IntentionList *list, Arena *arena, Intention intention)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 64;
        Intention *items = arena_array(arena, Intention, capacity);
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = intention;
}

/* Two who answered twice on one day: the later answer stands behind the earlier one in the batch.
 */
static ErrCode batch_find(Db *db, Arena *arena, const Intention *intention, int64_t *ret_batch,
                          int64_t *ret_lines, Err *err)
{
    char day[11], sha256[65];
    const char *file =
        arena_printf(arena, "SMS replies, campaign %lld, %s%s%s", (long long)intention->campaign,
                     date_format(intention->day, day), intention->read_by ? ", read by " : "",
                     intention->read_by ? intention->read_by : "");
    seal_sha256_hex(file, strlen(file), sha256);
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_REPLY_BATCH_FIND, PARAMS(v_text(sha256)), &rows, err));
    if (rows_next(rows)) {
        *ret_batch = rows_int(rows, 0);
        *ret_lines = rows_int(rows, 1);
        return OK;
    }
    *ret_lines = 0;
    return db_insert(db, QUERY_OUTREACH_REPLY_BATCH_INSERT,
                     PARAMS(v_text(file), v_text(sha256), v_text("SMS reply"),
                            v_int(REPLY_CREDIBILITY), v_date(intention->day),
                            v_text(intention->read_by ? intention->read_by : "reply")),
                     ret_batch, err);
}

/* What links the answer to its person, and what it says. */
static Facts facts_of(const Person *person, int value)
{
    Facts facts = {.pension_on = DATE_NONE};
    if (person->facts.values[FACT_ID_NUMBER].known) {
        facts.values[FACT_ID_NUMBER] = person->facts.values[FACT_ID_NUMBER];
    } else {
        facts.values[FACT_NAME] = person->facts.values[FACT_NAME];
        facts.values[FACT_PHONE] = person->facts.values[FACT_PHONE];
    }
    facts.values[FACT_WANTS_SETTLEMENT] = (FactValue){.known = true, .number = value};
    return facts;
}

static ErrCode group_take(Db *db, const Sealer *sealer, Arena *arena, const Intention *items,
                          size_t count, Err *err)
{
    int64_t batch, lines;
    TRY(batch_find(db, arena, items, &batch, &lines, err));
    Answer *answers = arena_array(arena, Answer, count);
    size_t kept = 0;
    for (size_t at = 0; at < count; at++) {
        Person person;
        ErrCode code = person_load(db, sealer, arena, items[at].person, &person, err);
        if (code == ERR_NOT_FOUND)
            continue;
        TRY(code);
        answers[kept] = (Answer){.sheet = 1,
                                 .line = (unsigned)(lines + (int64_t)kept + 1),
                                 .facts = facts_of(&person, items[at].value)};
        kept++;
    }
    if (kept == 0)
        return OK;
    AnswerBatch taken = {.batch = batch,
                         .surveyed_on = items->day,
                         .credibility = REPLY_CREDIBILITY,
                         .answers = answers,
                         .count = kept};
    AnswerCounts counts;
    TRY(answers_take(db, sealer, &taken, &counts, NULL, err));
    return db_run(db, QUERY_OUTREACH_REPLY_BATCH_COUNT,
                  PARAMS(v_int((int64_t)kept), v_int((int64_t)kept), v_int(counts.people_changed),
                         v_int(counts.people_unchanged), v_int(batch)),
                  NULL, err);
}

static bool same_batch(const Intention *a, const Intention *b)
{
    return a->campaign == b->campaign && a->day == b->day && text_equal(a->read_by, b->read_by);
}

ErrCode intentions_take(Db *db, const Sealer *sealer, Arena *arena, IntentionList *list, Err *err)
{
    if (list->count == 0)
        return OK;
    TRY(answers_lock(db, err));
    bool *taken = arena_array(arena, bool, list->count);
    Intention *group = arena_array(arena, Intention, list->count);
    for (size_t first = 0; first < list->count; first++) {
        if (taken[first])
            continue;
        size_t count = 0;
        for (size_t at = first; at < list->count; at++) {
            if (taken[at] || !same_batch(&list->items[first], &list->items[at]))
                continue;
            group[count++] = list->items[at];
            taken[at] = true;
        }
        TRY(group_take(db, sealer, arena, group, count, err));
    }
    return OK;
}
