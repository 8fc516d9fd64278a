/* tests/survey/roster.h: random histories of files: what each row of a file should come to, beside
 * the model of answers and decisions in people/history.h.
 * Shape:  a Roster is a file of few rows that comes and goes; its sound rows are Givens of the
 *         history's world, the others Wrongs, which wait until a later roster mends them.
 * Owns:   texts live in the arena of the TestHome's context. */
#ifndef TESTS_SURVEY_ROSTER_H
#define TESTS_SURVEY_ROSTER_H

#include "support/tables.h"

#include "base/buffer.h"
#include "people/history_step.h"
#include "people/id_number.h"
#include "survey/quarantine_key.h"
#include "survey/verbs.h"

enum { ROSTERS_MAX = 30, ROWS_MAX = 6, WRONGS_MAX = 40, FILE_BYTES_MAX = 1 << 16, NOT_WRONG = -1 };

#define ROSTER_HEADINGS "序号|姓名|身份证号码|手机号码|技能等级|单位所在镇街|工作单位|填表日期"

typedef enum Defect { DEFECT_NONE, DEFECT_LEVEL, DEFECT_ID } Defect;

/* Where a wrong row is: not in the base; in its quarantine, and whether somebody mended it; settled
 * at once, since a tombstone keeps it out. */
typedef enum Whereabouts { WRONG_OUT, WRONG_WAITS, WRONG_MENDED, WRONG_KEPT_OUT } Whereabouts;

typedef struct Wrong {
    Defect defect;
    Facts facts; /* as they should be said */
    Date on;
    Record record; /* of what can be read all the same */
    Whereabouts where;
    int64_t batch, mended_by;
    size_t mended_to; /* the answer that it was mended to: its place among the world's */
    unsigned line;
    bool tried; /* a roster mends it, or did */
} Wrong;

typedef struct RosterRow {
    size_t given; /* place among the world's */
    int wrong;    /* place among the wrong rows, or NOT_WRONG */
    int mends;    /* the same of the row that this one mends */
    int64_t mends_batch;
    const char *text;
} RosterRow;

typedef struct Roster {
    RosterRow rows[ROWS_MAX];
    size_t count;
    bool mends;
    int64_t batch; /* 0 = not in the base */
} Roster;

typedef struct Past {
    History history;
    Roster rosters[ROSTERS_MAX];
    size_t roster_count;
    Wrong wrongs[WRONGS_MAX];
    size_t wrong_count;
    unsigned serial; /* of the last row */
    unsigned file;   /* of the last file written */
} Past;

static inline TestHome *past_home(const Past *past)
{
    return past->history.world.home;
}

static inline FactValue said(const char *text)
{
    return (FactValue){.known = true, .text = text};
}

/* Facts as a row of a roster can say them: an ID number, or a name and a phone, or all three, now and
 * then somebody else's. */
static inline Facts row_facts(Crowd *crowd)
{
    static const char *const NAMES[] = {"王伟", "李芳", "张秀英", "刘敏", "陈静", "杨丽", "黄强"};
    Facts facts = {.pension_on = DATE_NONE};
    FactValue *values = facts.values;
    unsigned person = crowd_below(crowd, crowd->people), kind = crowd_below(crowd, 100);
    unsigned who = crowd_chance(crowd, 40) ? crowd_below(crowd, crowd->people) : person;
    values[FACT_NAME] = said(NAMES[who % (sizeof NAMES / sizeof *NAMES)]);
    values[FACT_SKILL_LEVEL] = crowd_value(crowd, FACT_SKILL_LEVEL);
    if (crowd_chance(crowd, 60))
        values[FACT_EMPLOYER_TOWN] = crowd_value(crowd, FACT_EMPLOYER_TOWN);
    if (crowd_chance(crowd, 60))
        values[FACT_EMPLOYER] =
            said(arena_printf(crowd->arena, "第%u电子厂", crowd_below(crowd, 3)));
    if (kind < 75)
        values[FACT_PHONE] = said(crowd_phone(crowd, who));
    if (kind >= 35) {
        IdNumber id_number;
        const char *text = crowd_id_number(crowd, person);
        assert_int_equal(id_number_check(text, date_of(2012, 5, 1), &id_number), ID_FINE);
        values[FACT_ID_NUMBER] = said(text);
        values[FACT_BIRTH_DATE] = (FactValue){.known = true, .number = id_number.birth};
        values[FACT_SEX] = (FactValue){
            .known = true, .number = word_find(VOCABULARY_SEX, id_number.male ? "male" : "female")};
    }
    return facts;
}

static inline const char *cell_of(Arena *arena, const Facts *facts, FactId fact)
{
    FactValue value = facts->values[fact];
    if (!value.known)
        return "";
    return value.text ? value.text : fact_show(arena, fact, value, LANG_ZH);
}

static inline const char *row_text(Past *past, const Facts *facts, Date on, Defect defect)
{
    Arena *arena = past_home(past)->context.arena;
    char day[11], *id_number = arena_strdup(arena, cell_of(arena, facts, FACT_ID_NUMBER));
    if (defect == DEFECT_ID)
        id_number[17] = id_number[17] == '0' ? '1' : '0';
    return arena_printf(
        arena, "%u|%s|%s|%s|%s|%s|%s|%s", ++past->serial, cell_of(arena, facts, FACT_NAME),
        id_number, cell_of(arena, facts, FACT_PHONE),
        defect == DEFECT_LEVEL ? "不存在的等级" : cell_of(arena, facts, FACT_SKILL_LEVEL),
        cell_of(arena, facts, FACT_EMPLOYER_TOWN), cell_of(arena, facts, FACT_EMPLOYER),
        date_format(on, day));
}

static inline Roster *roster_new(Past *past, bool mends)
{
    assert_true(past->roster_count < ROSTERS_MAX);
    Roster *roster = &past->rosters[past->roster_count++];
    *roster = (Roster){.mends = mends};
    return roster;
}

static inline RosterRow *roster_add_given(Past *past, Roster *roster, const Facts *facts, Date on)
{
    RosterRow *row = &roster->rows[roster->count++];
    *row = (RosterRow){.given = past->history.world.count,
                       .wrong = NOT_WRONG,
                       .mends = NOT_WRONG,
                       .text = row_text(past, facts, on, DEFECT_NONE)};
    world_add(&past->history.world, facts, 0, on);
    return row;
}

static inline void roster_add_wrong(Past *past, Roster *roster, Wrong wrong)
{
    World *world = &past->history.world;
    Facts *read = arena_memdup(world->arena, &wrong.facts, sizeof wrong.facts);
    read->values[wrong.defect == DEFECT_ID ? FACT_ID_NUMBER : FACT_SKILL_LEVEL].known = false;
    record_make(world->home->context.sealer, world->arena, read, wrong.on, &wrong.record);
    roster->rows[roster->count++] =
        (RosterRow){.wrong = (int)past->wrong_count,
                    .mends = NOT_WRONG,
                    .text = row_text(past, &wrong.facts, wrong.on, wrong.defect)};
    past->wrongs[past->wrong_count++] = wrong;
}

static inline Roster *roster_invent(Past *past)
{
    Crowd *crowd = &past->history.crowd;
    Roster *roster = roster_new(past, false);
    for (unsigned rows = 1 + crowd_below(crowd, ROWS_MAX); rows > 0; rows--) {
        Facts facts = row_facts(crowd);
        Date on = date_of(2012, 5, 1) + (Date)crowd_below(crowd, 4);
        bool identified = facts.values[FACT_ID_NUMBER].known;
        if (crowd_chance(crowd, 25) && past->wrong_count < WRONGS_MAX)
            roster_add_wrong(
                past, roster,
                (Wrong){.defect = identified && crowd_chance(crowd, 50) ? DEFECT_ID : DEFECT_LEVEL,
                        .facts = facts,
                        .on = on});
        else
            roster_add_given(past, roster, &facts, on);
    }
    return roster;
}

/* Some of the rows that wait, as they should have been; NULL = none waits that was not tried. */
static inline Roster *roster_mend(Past *past)
{
    TestHome *home = past_home(past);
    Roster *roster = NULL;
    for (size_t i = 0; i < past->wrong_count; i++) {
        Wrong *wrong = &past->wrongs[i];
        if (wrong->where != WRONG_WAITS || wrong->tried || crowd_chance(&past->history.crowd, 30))
            continue;
        roster = roster ? roster : roster_new(past, true);
        RosterRow *row = roster_add_given(past, roster, &wrong->facts, wrong->on);
        QuarantineKey key = {wrong->batch, 1, wrong->line};
        const char *number = quarantine_key_format(home->context.sealer, home->context.arena, key);
        row->text = arena_printf(home->context.arena, "%s|%s", row->text, number);
        row->mends = (int)i;
        row->mends_batch = wrong->batch;
        wrong->tried = true;
        if (roster->count == ROWS_MAX)
            break;
    }
    return roster;
}

/* The later half of a roster's rows becomes a roster of its own. */
static inline void roster_split(Past *past, Roster *roster)
{
    if (roster->count < 2 || past->roster_count == ROSTERS_MAX)
        return;
    Roster *rest = roster_new(past, roster->mends);
    size_t kept = 1 + crowd_below(&past->history.crowd, (unsigned)roster->count - 1);
    rest->count = roster->count - kept;
    memcpy(rest->rows, roster->rows + kept, rest->count * sizeof *rest->rows);
    roster->count = kept;
}

static inline const char *roster_write(Past *past, const Roster *roster)
{
    TestHome *home = past_home(past);
    AUTO_BUFFER out = BUFFER(FILE_BYTES_MAX);
    buffer_printf(&out, ROSTER_HEADINGS "%s\n", roster->mends ? "|隔离编号" : "");
    for (size_t i = 0; i < roster->count; i++)
        buffer_printf(&out, "%s\n", roster->rows[i].text);
    const char *name = arena_printf(home->context.arena, "roster%u.csv", ++past->file % 8);
    return table_csv(home, name, buffer_string(&out));
}

/* The first column of the first row. */
static inline const char *test_text(TestHome *home, const char *sql)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    assert_ok(db_text(home->context.db, sql, &rows, &err), &err);
    assert_true(rows_next(rows));
    return arena_strdup(home->context.arena, rows_null(rows, 0) ? "" : rows_text(rows, 0));
}

/* What no file moves but its own answers: who has which ID number, the decisions, the tombstones. */
static inline const char *what_stays(const Past *past, int64_t except_batch)
{
    TestHome *home = past_home(past);
    return test_text(
        home,
        arena_printf(
            home->context.arena,
            "SELECT CONCAT_WS('\n', (SELECT GROUP_CONCAT(CONCAT_WS(' ', batch_id, sheet, line, "
            "person_id) ORDER BY batch_id, sheet, line SEPARATOR '\n') FROM answer WHERE id_hash "
            "IS NOT NULL AND batch_id <> %lld), (SELECT GROUP_CONCAT(CONCAT_WS(' ', id, kind, "
            "HEX(a_key), HEX(b_key), a_person, IFNULL(b_person, '~'), ended_at IS NULL) ORDER BY "
            "id SEPARATOR '\n') FROM decision), (SELECT GROUP_CONCAT(CONCAT_WS(' ', HEX(key_hash), "
            "person_id) ORDER BY key_hash SEPARATOR '\n') FROM decided_key), (SELECT "
            "GROUP_CONCAT(CONCAT_WS(' ', HEX(key_hash), kind) ORDER BY key_hash, kind SEPARATOR "
            "'\n') FROM forgotten))",
            (long long)except_batch));
}

/* What should come of the rows, now that the roster is this batch; how many are answers. */
static inline int64_t roster_came(Past *past, Roster *roster, int64_t batch)
{
    World *world = &past->history.world;
    int64_t accepted = 0;
    roster->batch = batch;
    for (size_t i = 0; i < roster->count; i++) {
        const RosterRow *row = &roster->rows[i];
        unsigned line = (unsigned)i + 2;
        Wrong *mended = row->mends == NOT_WRONG ? NULL : &past->wrongs[row->mends];
        if (mended && mended->where == WRONG_WAITS && mended->batch == row->mends_batch) {
            mended->where = WRONG_MENDED;
            mended->mended_by = batch;
            mended->mended_to = row->given;
        }
        if (row->wrong != NOT_WRONG) {
            Wrong *wrong = &past->wrongs[row->wrong];
            wrong->batch = batch;
            wrong->line = line;
            wrong->where =
                stone_keeps_out(&past->history, &wrong->record) ? WRONG_KEPT_OUT : WRONG_WAITS;
            continue;
        }
        Given *given = &world->given[row->given];
        given->batch = batch;
        given->answer.line = line;
        given->kept_out = stone_keeps_out(&past->history, &given->record);
        given->in_base = !given->kept_out;
        accepted += given->in_base;
    }
    return accepted;
}

static inline void roster_import(Past *past, Roster *roster)
{
    TestHome *home = past_home(past);
    const char *before = what_stays(past, 0);
    json_t *result = table_import(home, roster_write(past, roster));
    int64_t batch = result_number(result, "batch"), accepted = roster_came(past, roster, batch);
    assert_int_equal(result_number(result, "rows"), roster->count);
    assert_int_equal(result_number(result, "accepted"), accepted);
    assert_int_equal(result_number(result, "quarantined"), (int64_t)roster->count - accepted);
    int64_t people = result_number(result, "people.new") + result_number(result, "people.changed") +
                     result_number(result, "people.unchanged");
    json_decref(result);
    const char *expected =
        arena_printf(home->context.arena, "%lld %lld %lld", (long long)accepted,
                     (long long)((int64_t)roster->count - accepted), (long long)people);
    const char *sql = arena_printf(
        home->context.arena,
        "SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM answer WHERE batch_id = %lld), (SELECT "
        "COUNT(*) FROM quarantine WHERE batch_id = %lld), (SELECT COUNT(DISTINCT person_id) FROM "
        "answer WHERE batch_id = %lld))",
        (long long)batch, (long long)batch, (long long)batch);
    assert_string_equal(test_text(home, sql), expected);
    assert_string_equal(what_stays(past, batch), before);
}

/* Through the verb itself; returns how many rows wait again. */
static inline int64_t batch_undo(const Past *past, int64_t batch)
{
    Context *context = &past_home(past)->context;
    Err err = {0};
    Arguments *arguments;
    json_t *result = NULL;
    json_t *words =
        json_pack("{s:[s]}", "arguments", arena_printf(context->arena, "%lld", (long long)batch));
    assert_ok(command_arguments(context->arena, &SURVEY_UNDO, words, &arguments, &err), &err);
    assert_ok(SURVEY_UNDO.run(context, arguments, &result, &err), &err);
    int64_t reopened = result_number(result, "reopened");
    json_decref(result);
    json_decref(words);
    return reopened;
}

static inline void roster_undo(Past *past, Roster *roster)
{
    int64_t batch = roster->batch, reopened = 0;
    const char *before = what_stays(past, batch);
    roster->batch = 0;
    for (size_t i = 0; i < roster->count; i++) {
        const RosterRow *row = &roster->rows[i];
        if (row->wrong != NOT_WRONG)
            past->wrongs[row->wrong].where = WRONG_OUT;
        else
            past->history.world.given[row->given].in_base =
                past->history.world.given[row->given].kept_out = false;
    }
    for (size_t i = 0; i < past->wrong_count; i++)
        if (past->wrongs[i].where == WRONG_MENDED && past->wrongs[i].mended_by == batch) {
            past->wrongs[i].where = WRONG_WAITS;
            reopened++;
        }
    assert_int_equal(batch_undo(past, batch), reopened);
    assert_string_equal(what_stays(past, batch), before);
}

#endif
