/* The laws of DESIGN 5 over random histories of files: what is imported, taken back, mended,
 * corrected, decided and forgotten, in whatever order, keeps them. */
#include "history.h"

#include "policy/plane_sizing.h"

#include <time.h>

enum { HISTORIES = 16, STEPS = 6, COUNT_EVERY = 8 };

static void import_paper(History *history, Paper *paper)
{
    TestHome *home = history->home;
    int64_t forgotten = 0, waiting_before = test_number(home, "SELECT COUNT(*) FROM quarantine");
    for (size_t i = 0; i < paper->count; i++)
        forgotten += line_forgotten(history, &paper->lines[i]);
    json_t *result = table_import(home, paper->path);
    int64_t rows = result_number(result, "rows"), accepted = result_number(result, "accepted"),
            quarantined = result_number(result, "quarantined");
    paper->batch = result_number(result, "batch");
    assert_int_equal(rows, paper->count);
    assert_int_equal(rows, accepted + quarantined);
    assert_int_equal(result_number(result, "forgotten"), forgotten);
    const char *of = number_text(history, paper->batch);
    assert_int_equal(
        test_number(home, arena_printf(arena_of(history),
                                       "SELECT COUNT(*) FROM answer WHERE batch_id = %s", of)),
        accepted);
    if (!paper->mended)
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine"),
                         waiting_before + quarantined);
    json_decref(result);
    history->imports++;
}

static void undo_batch(History *history, int64_t batch)
{
    Err err;
    json_t *result;
    assert_ok(
        VERB(history, SURVEY_VERBS, &result, &err, "survey", "undo", number_text(history, batch)),
        &err);
    json_decref(result);
    history->undos++;
}

static void undo_paper(History *history, Paper *paper)
{
    undo_batch(history, paper->batch);
    paper->batch = 0;
}

static const char *numbers_of_identified(TestHome *home)
{
    return rows_as_text(
        home, "SELECT HEX(id_hash), person_id FROM answer WHERE id_hash IS NOT NULL GROUP BY 1, 2",
        2);
}

/* Whoever is in both lists has one number. */
static void assert_numbers_stay(const char *before, const char *after)
{
    enum { KEY = 2 * SEAL_HASH_BYTES };
    for (const char *line = before; *line; line = strchr(line, '\n') + 1) {
        char key[KEY + 2];
        snprintf(key, sizeof key, "%.*s ", KEY, line);
        const char *there = strstr(after, key);
        size_t length = strcspn(line, "\n") + 1;
        if (there && strncmp(line, there, length) != 0)
            fail_msg("a person had the number %.*s and has %.*s", (int)(length - KEY), line + KEY,
                     (int)strcspn(there, "\n") - KEY, there + KEY);
    }
}

/* Undo gives back the base of before, to the letter; a file twice is the file once. */
static void import_obeys(History *history, Paper *paper)
{
    TestHome *home = history->home;
    const char *before = snapshot(home), *numbers = numbers_of_identified(home);
    import_paper(history, paper);
    assert_numbers_stay(numbers, numbers_of_identified(home));
    if (crowd_chance(&history->crowd, 30)) {
        const char *once = snapshot(home);
        json_t *again = table_import(home, paper->path);
        assert_int_equal(result_number(again, "duplicate_of"), paper->batch);
        json_decref(again);
        assert_base(history, snapshot(home), once);
    }
    if (crowd_chance(&history->crowd, 40)) {
        undo_paper(history, paper);
        assert_base(history, snapshot(home), before);
    }
}

static Paper *pick_paper(History *history, bool in_base)
{
    size_t from = crowd_below(&history->crowd, (unsigned)history->paper_count);
    for (size_t i = 0; i < history->paper_count; i++) {
        Paper *paper = &history->papers[(from + i) % history->paper_count];
        if ((paper->batch != 0) == in_base)
            return paper;
    }
    return NULL;
}

static void step_undo(History *history)
{
    size_t corrections = history->correction_count;
    if (corrections > 0 && crowd_chance(&history->crowd, 30)) {
        undo_batch(history, history->corrections[corrections - 1]);
        history->correction_count--;
        return;
    }
    Paper *paper = pick_paper(history, true);
    if (!paper)
        return;
    const char *numbers = numbers_of_identified(history->home);
    undo_paper(history, paper);
    assert_numbers_stay(numbers, numbers_of_identified(history->home));
}

/* Rows that wait come back mended, as in the workbook that 'survey problems -o' writes. */
static void step_mend(History *history)
{
    Paper *from = pick_paper(history, true), *paper = NULL;
    if (!from || from->mended || history->paper_count == PAPERS_MAX)
        return;
    const char *keys[LINES_MAX];
    for (size_t i = 0; i < from->count; i++) {
        const char *open = arena_printf(arena_of(history),
                                        "SELECT COUNT(*) FROM quarantine WHERE batch_id = %lld AND "
                                        "line = %zu AND state = 'open'",
                                        (long long)from->batch, i + 2);
        if (test_number(history->home, open) == 0)
            continue;
        if (!paper) {
            paper = paper_new(history);
            paper->mended = true;
        }
        keys[paper->count] =
            arena_printf(arena_of(history), "B%lld-S1-L%zu", (long long)from->batch, i + 2);
        Line *line = &paper->lines[paper->count++];
        *line = from->lines[i];
        if (crowd_chance(&history->crowd, 70)) { /* others stay as they are */
            line->cells = line->mended;
            line->id_hash = line->mended_id_hash;
            line->sound = true;
        }
    }
    if (!paper)
        return;
    paper_write(history, paper, keys);
    import_obeys(history, paper);
    history->mends++;
}

/* A person of the base, 0 = there is none. */
static int64_t pick_person(History *history)
{
    TestHome *home = history->home;
    unsigned count = (unsigned)test_number(home, "SELECT COUNT(*) FROM person");
    if (count == 0)
        return 0;
    return test_number(home, arena_printf(arena_of(history),
                                          "SELECT id FROM person ORDER BY id LIMIT 1 OFFSET %u",
                                          crowd_below(&history->crowd, count)));
}

/* A refusal changes nothing. */
static bool done_or_unchanged(History *history, ErrCode code, json_t *result, const char *before)
{
    if (code != OK)
        assert_base(history, snapshot(history->home), before);
    json_decref(result);
    return code == OK;
}

static void step_decide(History *history)
{
    int64_t a = pick_person(history), b = pick_person(history);
    if (a == 0 || a == b)
        return;
    Err err;
    json_t *result;
    const char *verb_name = crowd_chance(&history->crowd, 65) ? "merge" : "part",
               *before = snapshot(history->home);
    ErrCode code = VERB(history, PEOPLE_VERBS, &result, &err, "people", verb_name,
                        number_text(history, a), number_text(history, b), "--why", "seen");
    history->decided += done_or_unchanged(history, code, result, before);
}

static void step_correct(History *history)
{
    static const char *const SAYS[] = {"skill_level=技师", "skill_level=高级工",
                                       "employer_town=虎门镇", "name=张三", "pension_months=30"};
    int64_t person = pick_person(history);
    if (person == 0 || history->correction_count == PAPERS_MAX)
        return;
    Err err;
    json_t *result;
    const char *before = snapshot(history->home), *numbers = numbers_of_identified(history->home);
    history->home->context.as_of = date_of(2012, 9, 1) + (Date)crowd_below(&history->crowd, 20);
    ErrCode code =
        VERB(history, PEOPLE_VERBS, &result, &err, "people", "correct",
             number_text(history, person), SAYS[crowd_below(&history->crowd, 5)], "--why", "seen");
    history->home->context.as_of = date_of(2012, 10, 1);
    int64_t batch = code == OK ? result_number(result, "batch") : 0;
    if (!done_or_unchanged(history, code, result, before))
        return;
    history->corrected++;
    assert_numbers_stay(numbers, numbers_of_identified(history->home));
    if (crowd_chance(&history->crowd, 40)) {
        undo_batch(history, batch);
        assert_base(history, snapshot(history->home), before);
    } else {
        history->corrections[history->correction_count++] = batch;
    }
}

static void step_forget(History *history)
{
    TestHome *home = history->home;
    Arena *arena = arena_of(history);
    int64_t person = pick_person(history);
    if (person == 0)
        return;
    const char *of = number_text(history, person);
    bool identified =
        test_number(home, arena_printf(arena,
                                       "SELECT COUNT(id_hash) FROM answer WHERE person_id = "
                                       "%s",
                                       of)) > 0;
    const char *keys = rows_as_text(
        home,
        arena_printf(arena,
                     "SELECT HEX(id_hash), 0 FROM answer WHERE person_id = %s AND id_hash IS NOT "
                     "NULL UNION SELECT HEX(name_phone_hash), %d FROM answer WHERE person_id = %s "
                     "AND name_phone_hash IS NOT NULL",
                     of, identified, of),
        2);
    Err err;
    json_t *result;
    assert_ok(VERB(history, PEOPLE_VERBS, &result, &err, "people", "forget", of, "--why", "asked"),
              &err);
    json_decref(result);
    for (const char *line = keys; *line; line = strchr(line, '\n') + 1) {
        size_t length = strcspn(line, " ");
        assert_true(history->stone_count < STONES_MAX);
        history->stones[history->stone_count++] =
            (Stone){arena_strndup(arena, line, length), line[length + 1] == '1'};
    }
    history->forgotten++;
}

static void step(History *history)
{
    unsigned chance = crowd_below(&history->crowd, 100);
    Paper *paper = pick_paper(history, false);
    if (chance < 35 && paper)
        import_obeys(history, paper);
    else if (chance < 45)
        step_undo(history);
    else if (chance < 58)
        step_mend(history);
    else if (chance < 80)
        step_decide(history);
    else if (chance < 94)
        step_correct(history);
    else
        step_forget(history);
}

/* Some answer that is in the base would be kept out if it came again. */
static bool stone_on_answer(TestHome *home)
{
    return test_number(home, "SELECT COUNT(*) FROM answer a JOIN forgotten f ON f.key_hash IN "
                             "(a.id_hash, a.name_phone_hash) WHERE f.kind <> 'phone'") > 0;
}

/* The papers' lines in any order, in papers of any size. */
static void shuffle_papers(History *history, Line *lines, size_t count)
{
    crowd_shuffle(&history->crowd, lines, count, sizeof *lines);
    for (size_t at = 0; at < count;) {
        Paper *paper = paper_new(history);
        size_t take = 1 + crowd_below(&history->crowd, (unsigned)(count - at));
        paper->count = take;
        memcpy(paper->lines, lines + at, take * sizeof *lines);
        paper_write(history, paper, NULL);
        import_paper(history, paper);
        at += take;
    }
}

/* All files are taken back and their lines handed in again, in another order and split otherwise:
 * the same base, and every decision still there. */
static void come_again(History *history)
{
    TestHome *home = history->home;
    Line lines[LAST_LINES];
    size_t count = 0;
    for (size_t i = 0; i < history->paper_count; i++)
        if (history->papers[i].batch != 0 && history->papers[i].mended)
            undo_paper(history, &history->papers[i]);
    bool comparable = !stone_on_answer(home);
    const char *before = content(home), *remembered = memory_text(home), *waited = waiting(home);
    for (Paper *paper; (paper = pick_paper(history, true));) {
        for (size_t i = 0; i < paper->count && count < LAST_LINES; i++)
            lines[count++] = paper->lines[i];
        undo_paper(history, paper);
    }
    assert_true(test_number(home, "SELECT COUNT(*) FROM answer") <=
                (int64_t)history->correction_count);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM quarantine"), 0);
    shuffle_papers(history, lines, count);
    assert_base(history, memory_text(home), remembered);
    if (comparable)
        assert_base(history, content(home), before);
    if (comparable && history->stone_count == 0)
        assert_base(history, waiting(home), waited);
}

/* Planes that were kept up to date through the history count what the base counts. */
static void assert_counts(History *history)
{
    Err err = {0};
    Context *context = &history->home->context;
    Sizing sizing = {.as_of = context->as_of, .lang = LANG_EN};
    assert_ok(policy_load(context->arena, "dongguan-2012-140", &sizing.policy, &err), &err);
    json_t *base, *planes;
    assert_ok(sizing_count(context->db, context->arena, &sizing, &base, &err), &err);
    assert_ok(plane_sizing(context->db, context->arena, history->home->dir, &sizing, &planes, &err),
              &err);
    if (!json_equal(base, planes))
        fail_msg("the base says %s, the planes %s", json_dumps(base, 0), json_dumps(planes, 0));
    json_decref(base);
    json_decref(planes);
}

static void history_empty(TestHome *home)
{
    test_sql(home, "DELETE FROM answer;\nDELETE FROM person;\nDELETE FROM problem;\n"
                   "DELETE FROM quarantine;\nDELETE FROM sheet_layout;\nDELETE FROM batch;\n"
                   "DELETE FROM decision;\n"
                   "DELETE FROM decided_key;\nDELETE FROM forgotten;\nDELETE FROM former_number;\n"
                   "UPDATE base_state SET people_version = people_version + 1");
}

static void history_run(History *history, bool counted)
{
    history_empty(history->home);
    history->crowd.people = 2 + crowd_below(&history->crowd, 4);
    size_t papers = 2 + crowd_below(&history->crowd, 3);
    for (size_t i = 0; i < papers; i++) {
        Paper *paper = paper_new(history);
        paper->count = 1 + crowd_below(&history->crowd, 4);
        for (size_t k = 0; k < paper->count; k++)
            paper->lines[k] = line_invent(history);
        paper_write(history, paper, NULL);
    }
    for (size_t i = 0; i < papers; i += 2)
        import_paper(history, &history->papers[i]);
    for (size_t i = 0; i < STEPS; i++)
        step(history);
    if (counted)
        assert_counts(history);
    come_again(history);
    if (counted)
        assert_counts(history);
}

static void random_histories_keep_the_laws(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    uint64_t seed = test_seed();
    size_t rounds = test_rounds(HISTORIES), sums[6] = {0};
    test_reset(home);
    time_t began = time(NULL);
    History *history = test_malloc(sizeof *history);
    for (size_t i = 0; i < rounds; i++) {
        home->context.arena = arena_new(0);
        *history = (History){.home = home, .crowd = {.arena = home->context.arena, .state = seed}};
        if (rounds > HISTORIES && i % 100 == 0)
            print_message("history %zu\n", i);
        history_run(history, i % COUNT_EVERY == 0);
        seed = history->crowd.state;
        const size_t did[] = {history->imports, history->undos,     history->mends,
                              history->decided, history->corrected, history->forgotten};
        for (size_t k = 0; k < 6; k++)
            sums[k] += did[k];
        arena_free(home->context.arena);
        home->context.arena = arena;
    }
    print_message("%zu histories in %lld s: %zu imports, %zu undos, %zu mendings, %zu decisions, "
                  "%zu corrections, %zu forgotten\n",
                  rounds, (long long)(time(NULL) - began), sums[0], sums[1], sums[2], sums[3],
                  sums[4], sums[5]);
    for (size_t k = 0; k < 6; k++)
        assert_true(sums[k] > 0);
    test_free(history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_histories_keep_the_laws),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
