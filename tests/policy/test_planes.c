/* Planes are a cache: after any history, and whatever happened to their files, they count what the
 * base counts. */
#include "planes_home.h"

#include "people/crowd.h"

#include <sys/wait.h>

enum { STEPS = 60, BATCHES = 60, ANSWERS = 40, MANY = 100000 };

/* A step of a history: a batch comes, or goes. */
typedef struct Step {
    const Sealer *sealer;
    AnswerBatch batch;
    bool goes;
} Step;

static ErrCode step_body(Db *db, void *state, Err *err)
{
    const Step *step = state;
    AnswerCounts counts;
    TRY(answers_lock(db, err));
    return step->goes ? answers_withdraw(db, step->sealer, step->batch.batch, &counts, err)
                      : answers_take(db, step->sealer, &step->batch, &counts, NULL, err);
}

static void batch_insert(TestHome *home, int64_t batch)
{
    test_sql(home,
             arena_printf(home->context.arena,
                          "INSERT INTO batch (id, file, sha256, form, source, credibility,"
                          " surveyed_on, encoding, line_count, accepted, quarantined, people_new,"
                          " people_changed, people_unchanged, report, imported_by, imported_at,"
                          " elapsed_ms) VALUES (%lld, 'f%lld.xlsx', SHA2('%lld', 256),"
                          " 'enterprise', 'firm', 5, '2012-05-01', 'UTF-8', 0, 0, 0, 0, 0, 0,"
                          " '{}', 'tester', UTC_TIMESTAMP(3), 0)",
                          (long long)batch, (long long)batch, (long long)batch));
}

static void step_random(TestHome *home, Crowd *crowd, bool *in_base, int64_t next)
{
    Err err = {0};
    Answer answers[ANSWERS];
    Step step = {.sealer = home->context.sealer};
    step.batch.batch = 1 + crowd_below(crowd, (unsigned)next);
    step.goes = crowd_chance(crowd, 45) && in_base[step.batch.batch];
    if (!step.goes) {
        step.batch =
            (AnswerBatch){.batch = next,
                          .surveyed_on = date_of(2012, 1, 1) + (Date)crowd_below(crowd, 300),
                          .credibility = 1 + (int)crowd_below(crowd, 9),
                          .answers = answers,
                          .count = 1 + crowd_below(crowd, ANSWERS)};
        for (unsigned i = 0; i < step.batch.count; i++)
            answers[i] = (Answer){.sheet = 1, .line = i + 1, .facts = crowd_facts(crowd)};
        batch_insert(home, next);
    }
    in_base[step.batch.batch] = !step.goes;
    assert_ok(db_transact(home->context.db, step_body, &step, &err), &err);
}

static void planes_follow_any_history_of_batches_that_come_and_go(void **state)
{
    TestHome *home = *state;
    static const char *const BYS[] = {NULL, "employer_town,skill_level", "age,sex",
                                      "graduation_date,wants_settlement"};
    bool in_base[BATCHES + 2] = {false};
    Crowd crowd = {.arena = home->context.arena, .state = test_seed(), .people = 60};
    test_reset(home);
    uint64_t people = 0, changes = 0;
    int patched = 0;
    for (int64_t step = 1; step <= STEPS; step++) {
        step_random(home, &crowd, in_base, step);
        if (crowd_chance(&crowd, 30))
            continue; /* so that several versions are made good at once */
        home->context.as_of = date_of(2012, 1, 1) + (Date)crowd_below(&crowd, 730);
        assert_same(home, BYS[crowd_below(&crowd, 4)]);
        patched += file_of(home, "people") == people && file_of(home, "changes") != changes;
        people = file_of(home, "people");
        changes = file_of(home, "changes");
    }
    home->context.as_of = date_of(2012, 10, 1);
    assert_true(patched > STEPS / 4); /* mostly patched, seldom made anew */
}

static void many_changes_are_worked_in_and_few_are_kept_beside(void **state)
{
    TestHome *home = *state;
    fill(home, MANY);
    assert_same(home, "employer_town,skill_level");
    uint64_t people = file_of(home, "people");
    change(home, "UPDATE person SET skill_level = 2, pension_months = 30 WHERE id BETWEEN 7 AND 99",
           7, 99);
    change(home, "DELETE FROM person WHERE id BETWEEN 40000 AND 40999", 40000, 40999);
    assert_same(home, "employer_town,skill_level");
    assert_true(file_of(home, "people") == people && file_of(home, "changes") != 0);
    change(home,
           "INSERT INTO person (id, answers, skill_level, sex) SELECT 500000 + seq, 1, 3, 1"
           " FROM seq_1_to_5000",
           500001, 505000);
    change(home, "UPDATE person SET sex = 3 - sex WHERE id BETWEEN 1000 AND 33000", 1000, 33000);
    assert_same(home, "age,sex");
    assert_true(file_of(home, "people") != people && file_of(home, "changes") == 0);
    change(home, "DELETE FROM person WHERE id = 500001", 500001, 500001);
    assert_same(home, "age,sex");
}

static void changes_far_apart_are_read_by_several_connections(void **state)
{
    TestHome *home = *state;
    fill(home, MANY);
    assert_same(home, "employer_town,skill_level");
    uint64_t people = file_of(home, "people");
    test_sql(home, "UPDATE person SET skill_level = 3, sex = 3 - sex WHERE id % 97 = 5;\n"
                   "DELETE FROM person WHERE id % 970 = 5;\n"
                   "UPDATE base_state SET people_version = people_version + 1;\n"
                   "INSERT INTO person_change (version, first_person, last_person)"
                   " SELECT people_version, seq, seq FROM base_state, seq_5_to_103000_step_97");
    assert_same(home, "employer_town,skill_level");
    assert_true(file_of(home, "people") == people && file_of(home, "changes") != 0);
}

static void a_version_that_nobody_kept_book_of_makes_planes_anew(void **state)
{
    TestHome *home = *state;
    fill(home, 3000);
    assert_same(home, "sex");
    uint64_t people = file_of(home, "people");
    test_sql(home, "UPDATE person SET sex = 1;\n"
                   "UPDATE base_state SET people_version = people_version + 1");
    assert_same(home, "sex");
    assert_true(file_of(home, "people") != people);
}

static void a_value_without_a_code_is_counted_in_the_base(void **state)
{
    TestHome *home = *state;
    fill(home, 3000);
    assert_same(home, "skill_level");
    change(home, "UPDATE person SET skill_level = 99 WHERE id = 17", 17, 17);
    assert_same(home, "skill_level");
    change(home, "UPDATE person SET skill_level = 1, certificate_date = '1066-10-14' WHERE id = 17",
           17, 17);
    assert_same(home, "certificate_date");
    change(home, "UPDATE person SET certificate_date = '2199-12-31' WHERE id = 17", 17, 17);
    assert_same(home, "certificate_date");
}

static void planes_of_another_base_are_made_anew(void **state)
{
    TestHome *home = *state;
    fill(home, 3000);
    assert_same(home, "sex");
    test_sql(home, "DELETE FROM person WHERE id > 2000;\n"
                   "UPDATE base_state SET epoch = UNHEX(REPLACE(UUID(), '-', ''))");
    assert_same(home, "sex");
}

static void damage_anywhere_is_found_and_mended(void **state)
{
    TestHome *home = *state;
    fill(home, 70000);
    Crowd crowd = {.state = test_seed()};
    for (int i = 0; i < 24; i++) {
        assert_same(home, "employer_town,sex");
        if (i % 3 == 2) {
            change(home, "UPDATE person SET sex = 3 - sex WHERE id BETWEEN 100 AND 190", 100, 190);
            assert_same(home, "employer_town,sex");
        }
        const char *name = i % 3 == 2 ? "changes" : "people";
        struct stat status;
        assert_int_equal(stat(path_of(home, name), &status), 0);
        off_t at = i < 3 ? i * 40 : (off_t)crowd_below(&crowd, (unsigned)status.st_size - 8);
        spoil(home, name, at, 1 + crowd_below(&crowd, 8));
        if (i % 5 == 4)
            assert_int_equal(truncate(path_of(home, name), status.st_size / 2), 0);
        assert_same(home, "employer_town,sex");
    }
}

static void without_a_place_for_files_people_are_counted_all_the_same(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    json_t *base = NULL, *planes = NULL;
    fill(home, 3000);
    Sizing sizing = question(home, "sex");
    assert_ok(sizing_count(home->context.db, home->context.arena, &sizing, &base, &err), &err);
    assert_ok(
        plane_sizing(home->context.db, home->context.arena, "/dev/null", &sizing, &planes, &err),
        &err);
    assert_true(json_equal(base, planes));
    json_decref(base);
    json_decref(planes);
}

/* One of several processes: counts while another changes people. */
static int count_beside(TestHome *home, const Sizing *sizing)
{
    Err err = {0};
    Db *db;
    if (db_open_again(home->context.db, &db, &err) != OK)
        return 1;
    for (int i = 0; i < 20; i++) {
        json_t *result = NULL;
        if (plane_sizing(db, home->context.arena, home->dir, sizing, &result, &err) != OK)
            return 2;
        int64_t people = json_integer_value(json_object_get(result, "people"));
        int64_t groups = 0;
        size_t index;
        const json_t *group;
        json_array_foreach(json_object_get(result, "groups"), index, group) groups +=
            json_integer_value(json_object_get(group, "people"));
        /* Each change adds 50 people at once: never half of them. */
        if (people != groups || people < 40000 || people % 50 != 0)
            return 3;
        json_decref(result);
    }
    db_close(db);
    return 0;
}

static void processes_count_at_once_while_people_change(void **state)
{
    enum { PROCESSES = 4, CHANGES = 12 };
    TestHome *home = *state;
    fill(home, 40000);
    Sizing sizing = question(home, "employer_town");
    pid_t children[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit(count_beside(home, &sizing));
    }
    for (int i = 0; i < CHANGES; i++) {
        int64_t first = 100000 + i * 50;
        test_sql(home, "START TRANSACTION");
        change(home,
               arena_printf(home->context.arena,
                            "INSERT INTO person (id, answers, sex) SELECT %lld + seq, 1, 2"
                            " FROM seq_0_to_49",
                            (long long)first),
               first, first + 49);
        test_sql(home, "COMMIT");
        usleep(20000);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_true(same(home, home->context.db, &sizing));
}

static void a_person_takes_no_more_than_sixteen_bytes(void **state)
{
    TestHome *home = *state;
    struct stat status;
    fill(home, MANY * 2);
    assert_same(home, NULL);
    assert_int_equal(stat(path_of(home, "people"), &status), 0);
    assert_true(status.st_size <= 16 * MANY * 2);
    assert_int_equal(status.st_mode & 0077, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planes_follow_any_history_of_batches_that_come_and_go),
        cmocka_unit_test(many_changes_are_worked_in_and_few_are_kept_beside),
        cmocka_unit_test(changes_far_apart_are_read_by_several_connections),
        cmocka_unit_test(a_version_that_nobody_kept_book_of_makes_planes_anew),
        cmocka_unit_test(a_value_without_a_code_is_counted_in_the_base),
        cmocka_unit_test(planes_of_another_base_are_made_anew),
        cmocka_unit_test(damage_anywhere_is_found_and_mended),
        cmocka_unit_test(without_a_place_for_files_people_are_counted_all_the_same),
        cmocka_unit_test(processes_count_at_once_while_people_change),
        cmocka_unit_test(a_person_takes_no_more_than_sixteen_bytes),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
