#include "people/correction.h"

#include "base/text.h"
#include "people/forgotten.h"
#include "people/id_number.h"
#include "people/person.h"
#include "people/phone.h"
#include "people/record.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The room that sql/schema/0002_people.sql gives. */
static size_t room_of(FactId fact)
{
    if (fact == FACT_NAME)
        return 100;
    if (fact == FACT_CERTIFICATE_NO)
        return 40;
    return fact == FACT_HUKOU_REGION || fact == FACT_OCCUPATION ? 120 : 200;
}

static ErrCode read_text(Arena *arena, FactId fact, const char *text, FactValue *ret_value,
                         Err *err)
{
    const FactInfo *info = fact_info(fact);
    const char *line = text_trim(arena, text);
    if (fact == FACT_NAME || fact == FACT_CERTIFICATE_NO)
        line = text_trim(arena, text_fold_width(arena, line));
    if (*line == '\0') {
        err_set(err, ERR_INPUT, _("'%s' is given no value"), info->name);
        return err_hint(err, _("a correction says what is so; take a wrong answer back with: %s"),
                        "talent survey undo");
    }
    if (text_damaged(line) || strpbrk(line, "\t\r\n"))
        return err_set(err, ERR_INPUT, _("the value of '%s' is damaged"), info->name);
    if (text_characters(line) > room_of(fact))
        return err_set(err, ERR_INPUT, _("the value of '%s' is longer than %zu characters"),
                       info->name, room_of(fact));
    *ret_value = (FactValue){.known = true, .text = line};
    return OK;
}

static ErrCode read_id_number(Arena *arena, const char *text, Correction *correction, Err *err)
{
    IdNumber id_number;
    FactValue *values = correction->facts.values;
    if (id_number_check(text, correction->on, &id_number) != ID_FINE)
        return err_set(err, ERR_INPUT, _("standard input holds no sound ID number"));
    values[FACT_ID_NUMBER] =
        (FactValue){.known = true, .text = arena_strdup(arena, id_number.text)};
    if (!values[FACT_BIRTH_DATE].known)
        values[FACT_BIRTH_DATE] = (FactValue){.known = true, .number = id_number.birth};
    if (!values[FACT_SEX].known)
        values[FACT_SEX] = (FactValue){
            .known = true, .number = word_find(VOCABULARY_SEX, id_number.male ? "male" : "female")};
    return OK;
}

static ErrCode read_phone(Arena *arena, const char *text, Correction *correction, Err *err)
{
    Phone phone;
    if (phone_check(text, &phone) != PHONE_FINE)
        return err_set(err, ERR_INPUT, _("standard input holds no sound mobile number"));
    correction->facts.values[FACT_PHONE] =
        (FactValue){.known = true, .text = arena_strdup(arena, phone.digits)};
    return OK;
}

ErrCode correction_read(Arena *arena, FactId fact, const char *text, Correction *correction,
                        Err *err)
{
    FactValue value;
    if (fact == FACT_ID_NUMBER)
        return read_id_number(arena, text, correction, err);
    if (fact == FACT_PHONE)
        return read_phone(arena, text, correction, err);
    if (fact_info(fact)->kind == KIND_TEXT)
        TRY(read_text(arena, fact, text, &value, err));
    else
        TRY(fact_parse(arena, fact, text, &value, err));
    if ((fact == FACT_BIRTH_DATE || fact == FACT_CERTIFICATE_DATE) && value.number > correction->on)
        return err_set(err, ERR_INPUT, _("'%s' lies after the day of the correction"),
                       fact_info(fact)->name);
    correction->facts.values[fact] = value;
    return OK;
}

/* What is said, and beside it what links the answer to its person. */
static Facts facts_linked(const Correction *correction, const Person *person)
{
    Facts facts = correction->facts;
    const FactValue *known = person->facts.values;
    FactValue *values = facts.values;
    facts.pension_on = values[FACT_PENSION_MONTHS].known ? correction->on : DATE_NONE;
    bool contact = values[FACT_NAME].known || values[FACT_PHONE].known;
    if (!values[FACT_ID_NUMBER].known)
        values[FACT_ID_NUMBER] = known[FACT_ID_NUMBER];
    if (contact || !known[FACT_ID_NUMBER].known) { /* a name and its phone are said together */
        if (!values[FACT_NAME].known)
            values[FACT_NAME] = known[FACT_NAME];
        if (!values[FACT_PHONE].known)
            values[FACT_PHONE] = known[FACT_PHONE];
    }
    return facts;
}

/* Ties the answer's key to the person unless it is the person's already. */
static ErrCode key_tie(Db *db, Relink *relink, const Correction *correction, const Record *record,
                       int64_t batch, Err *err)
{
    const uint8_t *key = record->id_number.hash ? record->id_number.hash : record->name_phone_hash;
    Value value = v_bytes(key, SEAL_HASH_BYTES);
    int64_t other = 0;
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_CORRECTION_KEY_HOLDERS, PARAMS(value, value, value), &rows, err));
    while (rows_next(rows)) {
        if (rows_int(rows, 0) == correction->person)
            return OK;
        other = rows_int(rows, 0);
    }
    if (other != 0) {
        err_set(err, ERR_REFUSED,
                record->id_number.hash ? _("person %" PRId64 " has this ID number")
                                       : _("person %" PRId64 " has this name and phone"),
                other);
        return err_hint(err, _("if the two are one: talent people merge %" PRId64 " %" PRId64),
                        correction->person, other);
    }
    return decision_rename(db, relink, correction->person, key, batch, &correction->decider, err);
}

static ErrCode batch_insert(Db *db, Arena *arena, const Correction *correction, int64_t *ret_batch,
                            Err *err)
{
    uint8_t token[SEAL_TOKEN_BYTES];
    char sha256[65];
    seal_random(token, sizeof token);
    seal_sha256_hex(token, sizeof token, sha256);
    json_t *report = json_pack("{s:s}", "why", correction->decider.why);
    char *text = json_dumps(report, JSON_COMPACT);
    ErrCode code =
        db_insert(db, QUERY_PEOPLE_CORRECTION_BATCH_INSERT,
                  PARAMS(v_text(arena_printf(arena, "correction: %s", correction->decider.why)),
                         v_text(sha256), v_int(CORRECTION_CREDIBILITY), v_date(correction->on),
                         v_text(text ? text : "{}"), v_text(correction->decider.user)),
                  ret_batch, err);
    free(text);
    json_decref(report);
    return code;
}

static ErrCode refuse_forgotten(Db *db, const Sealer *sealer, const Answer *answer, Err *err)
{
    bool forgotten = false;
    TRY(forgotten_match(db, sealer, answer, 1, &forgotten, err));
    return forgotten ? err_set(err, ERR_REFUSED, _("who is named there asked to be forgotten"))
                     : OK;
}

ErrCode correction_take(Db *db, const Sealer *sealer, const Correction *correction,
                        int64_t *ret_batch, AnswerCounts *ret_counts, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Relink relink = {.arena = arena};
    Person person;
    int64_t batch, holder;
    AnswerCounts tied, taken;
    TRY(person_load(db, sealer, arena, correction->person, &person, err));
    Answer answer = {.sheet = 1, .line = 1, .facts = facts_linked(correction, &person)};
    TRY(refuse_forgotten(db, sealer, &answer, err));
    TRY(batch_insert(db, arena, correction, &batch, err));
    Record record;
    record_make(sealer, arena, &answer.facts, correction->on, &record);
    TRY(key_tie(db, &relink, correction, &record, batch, err));
    TRY(relink_run(db, sealer, &relink, &tied, err));
    AnswerBatch answers = {.batch = batch,
                           .surveyed_on = correction->on,
                           .credibility = CORRECTION_CREDIBILITY,
                           .answers = &answer,
                           .count = 1};
    TRY(answers_take(db, sealer, &answers, &taken, &holder, err));
    assert(holder == correction->person);
    TRY(db_run(db, QUERY_PEOPLE_CORRECTION_BATCH_COUNT,
               PARAMS(v_int(taken.people_changed), v_int(taken.people_unchanged), v_int(batch)),
               NULL, err));
    *ret_batch = batch;
    *ret_counts = taken;
    return OK;
}
