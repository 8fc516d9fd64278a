/* tests/survey/test_histories.c: the laws of the information base over random histories: files are
 * imported, taken back, split and mended, people corrected, merged, parted and forgotten in any
 * order. Each history prints its seed; TALENT_TEST_SEED begins with it, and TALENT_TEST_ROUNDS makes
 * as many times more histories. */
#include "survey/roster.h"

#include "policy/plane_sizing.h"
#include "support/rounds.h"

enum { HISTORIES = 50, STEPS = 7, PEOPLE = 5 };

/* A person without ID number may come back under another number. */
#define PERSON_NUMBER(person) person ".id"

/* All of the base that a file can change, table by table, with the numbers of persons. */
static const struct {
    const char *name, *sql;
} TABLES[] = {
    {"person", "SELECT GROUP_CONCAT(CONCAT_WS(' ', " PERSON_NUMBER(
                   "person") ", "
                             "IFNULL(HEX(name_phone_hash), '~'), conflicts, answers, " FACT_TEXTS
                             ") ORDER BY 1 "
                             "SEPARATOR '\n') FROM person"},
    {"answer",
     "SELECT GROUP_CONCAT(CONCAT_WS(' ', batch_id, sheet, line, (SELECT " PERSON_NUMBER(
         "p") " FROM person p WHERE p.id = answer.person_id), surveyed_on, "
              "credibility, " FACT_TEXTS ") ORDER BY batch_id, sheet, line SEPARATOR '\n') FROM "
              "answer"},
    {"quarantine", "SELECT GROUP_CONCAT(CONCAT_WS(' ', batch_id, sheet, line, state, "
                   "IFNULL(resolved_by, '~'), IFNULL(HEX(mended_hash), '~'), IFNULL(moved_line, "
                   "'~'), IFNULL(origin_batch, '~'), IFNULL(origin_line, '~'), SHA1(raw)) ORDER BY "
                   "batch_id, sheet, line SEPARATOR '\n') FROM quarantine"},
    {"problem", "SELECT GROUP_CONCAT(CONCAT_WS(' ', batch_id, sheet, line, number, IFNULL(fact, "
                "'~'), cell, code) ORDER BY batch_id, sheet, line, number SEPARATOR '\n') FROM "
                "problem"},
    {"sheet_layout", "SELECT GROUP_CONCAT(CONCAT_WS(' ', batch_id, sheet) ORDER BY batch_id, sheet "
                     "SEPARATOR '\n') FROM sheet_layout"},
    {"decision", "SELECT GROUP_CONCAT(CONCAT_WS(' ', id, kind, HEX(a_key), HEX(b_key), a_person, "
                 "IFNULL(b_person, '~'), IFNULL(batch_id, '~'), ended_at IS NULL) ORDER BY id "
                 "SEPARATOR '\n') FROM decision"},
    {"decided_key", "SELECT GROUP_CONCAT(CONCAT_WS(' ', HEX(key_hash), person_id) ORDER BY "
                    "key_hash SEPARATOR '\n') FROM decided_key"},
    {"forgotten", "SELECT GROUP_CONCAT(CONCAT_WS(' ', HEX(key_hash), kind) ORDER BY key_hash, kind "
                  "SEPARATOR '\n') FROM forgotten"},
    {"batch", "SELECT GROUP_CONCAT(CONCAT_WS(' ', id, line_count, accepted, quarantined) ORDER BY "
              "id SEPARATOR '\n') FROM batch WHERE state = 'active'"},
};

enum { TABLE_COUNT = sizeof TABLES / sizeof *TABLES };

typedef struct Snapshot {
    const char *tables[TABLE_COUNT];
} Snapshot;

static Snapshot snapshot(TestHome *home)
{
    Err err = {0};
    Snapshot snapshot;
    AUTO_ROWS rows = NULL;
    AUTO_BUFFER sql = BUFFER(FILE_BYTES_MAX);
    for (size_t i = 0; i < TABLE_COUNT; i++)
        buffer_printf(&sql, "%s(%s)", i == 0 ? "SELECT " : ", ", TABLES[i].sql);
    assert_ok(db_text(home->context.db, buffer_string(&sql), &rows, &err), &err);
    assert_true(rows_next(rows));
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        snapshot.tables[i] =
            arena_strdup(home->context.arena, rows_null(rows, i) ? "" : rows_text(rows, i));
    return snapshot;
}

static void assert_as_before(TestHome *home, const Snapshot *before, const char *what)
{
    Snapshot now = snapshot(home);
    for (size_t i = 0; i < TABLE_COUNT; i++)
        if (strcmp(now.tables[i], before->tables[i]) != 0)
            fail_msg("%s changed table %s from\n%s\nto\n%s", what, TABLES[i].name,
                     before->tables[i], now.tables[i]);
}

/* What people and answers say, whoever is numbered how and whichever file said it. */
static const char *contents(TestHome *home)
{
    return test_text(home, "SELECT CONCAT_WS('\n', (SELECT GROUP_CONCAT(CONCAT_WS(' ', " FACT_TEXTS
                           ", conflicts, answers) ORDER BY 1 SEPARATOR '\n') FROM person), (SELECT "
                           "GROUP_CONCAT(CONCAT_WS(' ', " FACT_TEXTS
                           ", surveyed_on, credibility) ORDER BY 1 "
                           "SEPARATOR '\n') FROM answer))");
}

/* The base is what rows, answers and decisions say. */
static void assert_past(Past *past)
{
    History *history = &past->history;
    TestHome *home = past_home(past);
    int64_t rows = 0, waiting = 0, in_force = 0;
    for (size_t i = 0; i < past->wrong_count; i++) {
        rows += past->wrongs[i].where != WRONG_OUT;
        waiting += past->wrongs[i].where == WRONG_WAITS;
    }
    for (size_t i = 0; i < history->world.count; i++)
        rows += history->world.given[i].kept_out;
    for (size_t i = 0; i < history->edge_count; i++)
        in_force += history->edges[i].in_force;
    assert_world(&history->world);
    const char *expected =
        arena_printf(home->context.arena, "%lld %lld %zu %lld", (long long)rows, (long long)waiting,
                     history->world.decided_count, (long long)in_force);
    assert_string_equal(
        test_text(home, "SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM quarantine), (SELECT COUNT(*) "
                        "FROM quarantine WHERE state = 'open'), (SELECT COUNT(*) FROM "
                        "decided_key), (SELECT COUNT(*) FROM decision WHERE ended_at IS NULL))"),
        expected);
}

static void assert_planes(TestHome *home)
{
    Err err = {0};
    json_t *base = NULL, *planes = NULL;
    Arena *arena = home->context.arena;
    Sizing sizing = {.as_of = home->context.as_of, .lang = LANG_EN};
    assert_ok(policy_load(arena, "dongguan-2012-140", &sizing.policy, &err), &err);
    assert_ok(groupings_parse(arena, "employer_town,skill_level", &sizing, &err), &err);
    assert_ok(sizing_count(home->context.db, arena, &sizing, &base, &err), &err);
    assert_ok(plane_sizing(home->context.db, arena, home->dir, &sizing, &planes, &err), &err);
    assert_true(json_equal(base, planes));
    json_decref(base);
    json_decref(planes);
}

/* A file comes, now and then after it came and went, and now and then twice. */
static void step_import(Past *past, Roster *roster)
{
    TestHome *home = past_home(past);
    Crowd *crowd = &past->history.crowd;
    if (crowd_chance(crowd, 40)) {
        Snapshot before = snapshot(home);
        roster_import(past, roster);
        roster_undo(past, roster);
        assert_as_before(home, &before, "an import that was taken back");
    }
    roster_import(past, roster);
    if (crowd_chance(crowd, 30)) {
        Snapshot before = snapshot(home);
        json_t *again = table_import(home, roster_write(past, roster));
        assert_int_equal(result_number(again, "duplicate_of"), roster->batch);
        json_decref(again);
        assert_as_before(home, &before, "a second import");
    }
}

/* Any roster that is in the base, or is not; NULL = there is none. */
static Roster *roster_pick(Past *past, bool in_base)
{
    size_t from =
        past->roster_count ? crowd_below(&past->history.crowd, (unsigned)past->roster_count) : 0;
    for (size_t i = 0; i < past->roster_count; i++) {
        Roster *roster = &past->rosters[(from + i) % past->roster_count];
        if ((roster->batch != 0) == in_base)
            return roster;
    }
    return NULL;
}

static void step_undo_correction(Past *past, size_t at)
{
    History *history = &past->history;
    int64_t batch = history->corrections[at];
    history->corrections[at] = history->corrections[--history->correction_count];
    for (size_t i = 0; i < history->edge_count; i++)
        history->edges[i].in_force = history->edges[i].in_force && history->edges[i].batch != batch;
    for (size_t i = 0; i < history->world.count; i++)
        if (history->world.given[i].batch == batch)
            history->world.given[i].in_base = false;
    history_decide(history);
    batch_undo(past, batch);
}

static bool text_same(const Facts *a, const Facts *b, FactId fact)
{
    const FactValue *one = &a->values[fact], *other = &b->values[fact];
    return one->known && other->known && strcmp(one->text, other->text) == 0;
}

/* Whether the row, as it is written, names whom the answer names. */
static bool names_the_same(const Wrong *wrong, const Given *given)
{
    const Facts *row = &wrong->facts, *answer = &given->answer.facts;
    return (wrong->defect != DEFECT_ID && text_same(row, answer, FACT_ID_NUMBER)) ||
           (text_same(row, answer, FACT_NAME) && text_same(row, answer, FACT_PHONE));
}

/* Somebody is forgotten, with the rows of the quarantine that name her or were mended to her answers. */
static void step_forget(Past *past)
{
    History *history = &past->history;
    World *world = &history->world;
    Crowd before = history->crowd;
    const Given *one = history_pick(history);
    history->crowd = before; /* it will be the same one again */
    for (size_t i = 0; one && i < past->wrong_count; i++) {
        Wrong *wrong = &past->wrongs[i];
        bool mended = wrong->where == WRONG_MENDED, named = false;
        for (size_t k = 0; k < world->count; k++)
            named =
                named ||
                (world->given[k].in_base && belong_together(world, &world->given[k], one) &&
                 (names_the_same(wrong, &world->given[k]) || (mended && wrong->mended_to == k)));
        if (named && (wrong->where == WRONG_WAITS || mended))
            wrong->where = WRONG_OUT;
    }
    history_forget(history);
}

static void step_any(Past *past)
{
    History *history = &past->history;
    unsigned chance = crowd_below(&history->crowd, 100);
    Roster *roster = NULL;
    if (chance < 30)
        step_import(past, roster_invent(past));
    else if (chance < 42 && (roster = roster_pick(past, true)))
        roster_undo(past, roster);
    else if (chance < 50 && (roster = roster_pick(past, false)))
        step_import(past, roster);
    else if (chance < 62 && (roster = roster_mend(past)))
        step_import(past, roster);
    else if (chance < 74)
        history_merge(history);
    else if (chance < 79)
        history_part(history);
    else if (chance < 84)
        history_split(history);
    else if (chance < 90)
        history_correct(history);
    else if (chance < 93 && history->correction_count > 0)
        step_undo_correction(past,
                             crowd_below(&history->crowd, (unsigned)history->correction_count));
    else
        step_forget(past);
    history_decide(history);
}

/* The same files once more, in another order and some of them split, with the decisions in force. */
static void come_again(Past *past)
{
    TestHome *home = past_home(past);
    Crowd *crowd = &past->history.crowd;
    bool came[ROSTERS_MAX] = {false};
    Roster *order[ROSTERS_MAX];
    size_t count = 0;
    const char *before = contents(home);
    for (Roster *roster; (roster = roster_pick(past, true)) != NULL;) {
        roster_undo(past, roster);
        came[roster - past->rosters] = true;
    }
    assert_past(past);
    for (size_t i = 0, old = past->roster_count; i < old; i++) {
        if (!came[i])
            continue;
        size_t first = past->roster_count;
        if (crowd_chance(crowd, 40))
            roster_split(past, &past->rosters[i]);
        order[count++] = &past->rosters[i];
        for (; first < past->roster_count; first++)
            order[count++] = &past->rosters[first];
    }
    crowd_shuffle(crowd, order, count, sizeof *order);
    for (size_t i = 0; i < count; i++)
        roster_import(past, order[i]);
    assert_past(past);
    if (past->history.stone_count == 0)
        assert_string_equal(contents(home), before);
}

static void all_is_taken_back(Past *past)
{
    TestHome *home = past_home(past);
    History *history = &past->history;
    for (Roster *roster; (roster = roster_pick(past, true)) != NULL;) {
        if (history->correction_count > 0 && crowd_chance(&history->crowd, 30))
            step_undo_correction(past,
                                 crowd_below(&history->crowd, (unsigned)history->correction_count));
        roster_undo(past, roster);
    }
    while (history->correction_count > 0)
        step_undo_correction(past, history->correction_count - 1);
    assert_past(past);
    assert_int_equal(test_number(home, "SELECT (SELECT COUNT(*) FROM person) + (SELECT COUNT(*) "
                                       "FROM answer) + (SELECT COUNT(*) FROM quarantine) + (SELECT "
                                       "COUNT(*) FROM problem) + (SELECT COUNT(*) FROM "
                                       "sheet_layout)"),
                     0);
}

static void one_history(TestHome *home, Past *past, uint64_t seed)
{
    *past = (Past){
        .history = {.world = {.home = home, .arena = home->context.arena},
                    .crowd = {.arena = home->context.arena, .state = seed, .people = PEOPLE}}};
    test_sql(home, "DELETE FROM batch;\nDELETE FROM decision;\nDELETE FROM decided_key;\n"
                   "DELETE FROM forgotten");
    step_import(past, roster_invent(past));
    for (int step = 0; step < STEPS; step++) {
        step_any(past);
        assert_past(past);
    }
    if (crowd_chance(&past->history.crowd, 30))
        assert_planes(home);
    come_again(past);
    all_is_taken_back(past);
}

static void whatever_happens_to_files_and_people_the_laws_hold(void **state)
{
    TestHome *home = *state;
    uint64_t histories = test_rounds(HISTORIES), seed = test_seed();
    Past *past = test_malloc(sizeof *past);
    Arena *kept = home->context.arena;
    test_reset(home);
    test_config(home, "\"review\": null");
    for (uint64_t i = 0; i < histories; i++) {
        AUTO_ARENA arena = arena_new(0);
        print_message("history %llu: TALENT_TEST_SEED=%llu\n", (unsigned long long)i,
                      (unsigned long long)(seed + i));
        home->context.arena = arena;
        one_history(home, past, seed + i);
        home->context.arena = kept;
    }
    test_free(past);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_to_files_and_people_the_laws_hold)};
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
