/* What goes wrong with planes, or beside them: never a wrong count, seldom an error. */
#include "planes_home.h"

#include "base/command.h"

#include <pthread.h>
#include <sys/file.h>

enum { MANY = 100000 };

/* A size by planes, which fails in this way. */
static ErrCode size_code(TestHome *home, Err *err)
{
    json_t *planes = NULL;
    Sizing sizing = question(home, "sex");
    ErrCode code =
        plane_sizing(home->context.db, home->context.arena, home->dir, &sizing, &planes, err);
    assert_true((code == OK) == (planes != NULL));
    json_decref(planes);
    return code;
}

static ErrCode size_without(TestHome *home, const char *table, Err *err)
{
    Arena *arena = home->context.arena;
    test_sql(home, arena_printf(arena, "RENAME TABLE %s TO %s_away", table, table));
    ErrCode code = size_code(home, err);
    test_sql(home, arena_printf(arena, "RENAME TABLE %s_away TO %s", table, table));
    return code;
}

static void without_tables_it_fails_and_recovers(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    fill(home, 3000);
    planes_forget(home->dir, home->context.arena);
    assert_int_equal(size_without(home, "base_state", &err), ERR_DB);
    assert_int_equal(size_without(home, "person", &err), ERR_DB); /* nothing to build from */
    assert_same(home, "sex");
    change(home, "UPDATE person SET sex = 1 WHERE id = 17", 17, 17);
    assert_int_equal(size_without(home, "person_change", &err), ERR_DB); /* what to patch */
    assert_int_equal(size_without(home, "person", &err), ERR_DB);        /* whom to read */
    change(home, "UPDATE person SET sex = 2 WHERE id BETWEEN 100 AND 2000", 100, 2000);
    assert_int_equal(size_without(home, "person", &err), ERR_DB); /* the short range fails first */
    assert_same(home, "sex");
    change(home, "UPDATE person SET sex = 1 WHERE id < 2000", 1, 2000);
    assert_int_equal(size_without(home, "person", &err), ERR_DB); /* the long one alone */
    assert_same(home, "sex");
    test_sql(home, "CREATE TABLE state_away AS SELECT * FROM base_state;\n"
                   "DELETE FROM base_state");
    ErrCode code = size_code(home, &err);
    test_sql(home, "INSERT INTO base_state SELECT * FROM state_away;\nDROP TABLE state_away");
    assert_int_equal(code, ERR_DB);
    assert_string_equal(err.text, "the base has no state");
    assert_same(home, "sex");
}

static void an_interruption_ends_the_reading_of_people(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    fill(home, 3000);
    planes_forget(home->dir, home->context.arena);
    command_interrupted = 1;
    ErrCode code = size_code(home, &err);
    command_interrupted = 0;
    assert_int_equal(code, ERR_INTERRUPTED);
    assert_same(home, "sex");
}

/* More single persons than are asked for at once. */
static void very_many_changes_far_apart_are_read_in_turns(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    fill(home, MANY);
    assert_same(home, "employer_town,skill_level");
    test_sql(home, "UPDATE person SET sex = 3 - sex WHERE id % 9 = 5;\n"
                   "UPDATE base_state SET people_version = people_version + 1;\n"
                   "INSERT INTO person_change (version, first_person, last_person)"
                   " SELECT people_version, seq, seq FROM base_state, seq_5_to_103000_step_9");
    assert_int_equal(size_without(home, "person", &err), ERR_DB);
    assert_same(home, "employer_town,sex");
}

static void more_changes_than_are_worth_a_patch_make_planes_anew(void **state)
{
    TestHome *home = *state;
    fill(home, 3000);
    assert_same(home, "sex");
    uint64_t people = file_of(home, "people");
    change(home, "UPDATE person SET sex = 1", 1, 60000);
    assert_same(home, "sex");
    assert_true(file_of(home, "people") != people);
}

/* A backup that was put back is older than its planes. */
static void planes_of_a_later_version_are_made_anew(void **state)
{
    TestHome *home = *state;
    fill(home, 3000);
    change(home, "UPDATE person SET sex = 1 WHERE id = 17", 17, 17);
    assert_same(home, "sex");
    uint64_t people = file_of(home, "people");
    test_sql(home, "UPDATE person SET sex = 2;\n"
                   "UPDATE base_state SET people_version = people_version - 1");
    assert_same(home, "sex");
    assert_true(file_of(home, "people") != people);
}

/* What a patch must not be: of another build or base, of no later version, laid out otherwise. */
static void a_patch_of_something_else_is_not_taken(void **state)
{
    enum { BUILD, BASE, VERSION, OFFSET, WIDTH, PATCHES };
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    PlaneLayout widest;
    layout_widest(arena, &widest);
    fill(home, 3000);
    for (int wrong = BUILD; wrong < PATCHES; wrong++) {
        Err err = {0};
        PlaneMark mark;
        PlaneSet *people, *patch;
        planes_forget(home->dir, arena);
        assert_same(home, "sex");
        assert_true(plane_file_load(path_of(home, "people"), &widest, &mark, &people));
        PlaneLayout layout = people->layout;
        plane_set_free(people);
        mark.parent = mark.build + (wrong == BUILD);
        mark.build = 9;
        mark.epoch[0] ^= wrong == BASE;
        mark.version += wrong != VERSION;
        layout.columns[1].base += wrong == OFFSET;
        layout.columns[0].width -= wrong == WIDTH;
        for (size_t i = 1; i < layout.count; i++) /* as planes are laid out */
            layout.columns[i].first = layout.columns[i - 1].first + layout.columns[i - 1].width;
        layout.planes -= wrong == WIDTH;
        patch = plane_set_new(&layout);
        assert_ok(plane_file_save(path_of(home, "changes"), patch, &mark, &err), &err);
        plane_set_free(patch);
        change(home, "UPDATE person SET sex = 3 - sex WHERE id = 3", 3, 3);
        assert_same(home, "sex");
    }
}

static void a_patch_in_the_place_of_everyone_is_not_taken(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    PlaneMark mark;
    PlaneSet *people;
    PlaneLayout widest;
    layout_widest(home->context.arena, &widest);
    fill(home, 3000);
    assert_same(home, "sex");
    assert_true(plane_file_load(path_of(home, "people"), &widest, &mark, &people));
    mark.parent = 7;
    assert_ok(plane_file_save(path_of(home, "people"), people, &mark, &err), &err);
    plane_set_free(people);
    assert_same(home, "sex");
}

/* Nobody looked at those planes until the changes are to be worked in. */
static void damage_that_shows_when_changes_are_worked_in_is_mended(void **state)
{
    TestHome *home = *state;
    struct stat status;
    fill(home, 30000);
    assert_same(home, "sex");
    uint64_t people = file_of(home, "people");
    assert_int_equal(stat(path_of(home, "people"), &status), 0);
    spoil(home, "people", status.st_size - 4000, 16);
    change(home, "UPDATE person SET sex = 3 - sex WHERE id BETWEEN 1 AND 6000", 1, 6000);
    assert_same(home, "sex");
    assert_true(file_of(home, "people") != people);
}

static void files_that_cannot_be_written_are_done_without(void **state)
{
    TestHome *home = *state;
    fill(home, 3000);
    planes_forget(home->dir, home->context.arena);
    assert_int_equal(mkdir(path_of(home, "people.new"), 0700), 0);
    assert_same(home, "sex");
    assert_true(file_of(home, "people") == 0);
    assert_int_equal(rmdir(path_of(home, "people.new")), 0);
    assert_same(home, "sex");
    assert_int_equal(mkdir(path_of(home, "changes.new"), 0700), 0);
    change(home, "UPDATE person SET sex = 1 WHERE id = 17", 17, 17);
    assert_same(home, "sex");
    assert_true(file_of(home, "people") != 0 && file_of(home, "changes") == 0);
    assert_int_equal(rmdir(path_of(home, "changes.new")), 0);
    assert_same(home, "sex");
    assert_true(file_of(home, "changes") != 0);
}

/* One that sizes in a thread, on a connection of its own. */
typedef struct Beside {
    TestHome *home;
    Sizing sizing;
    Db *db;
    ErrCode code;
    json_t *result;
} Beside;

static void *size_beside(void *state)
{
    Beside *beside = state;
    AUTO_ARENA arena = arena_new(0);
    Err err;
    beside->code =
        plane_sizing(beside->db, arena, beside->home->dir, &beside->sizing, &beside->result, &err);
    return NULL;
}

/* Somebody waits for a lock that is held; at most a few seconds. */
static void await_waiter(void)
{
    for (int i = 0; i < 500; i++) {
        char line[256];
        bool waits = false;
        FILE *locks = fopen("/proc/locks", "r");
        while (locks && fgets(line, sizeof line, locks))
            waits = waits || strstr(line, "-> FLOCK");
        if (locks)
            fclose(locks);
        if (waits)
            return;
        usleep(10000);
    }
}

/* While `body` runs, the other waits for the lock of the planes. */
static Beside while_another_waits(TestHome *home, void (*body)(TestHome *home))
{
    Err err = {0};
    pthread_t thread;
    Beside beside = {.home = home, .sizing = question(home, "sex")};
    int lock = open(path_of(home, "lock"), O_RDWR);
    assert_true(lock >= 0);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    assert_ok(db_open_again(home->context.db, &beside.db, &err), &err);
    assert_int_equal(pthread_create(&thread, NULL, size_beside, &beside), 0);
    await_waiter();
    body(home);
    close(lock);
    pthread_join(thread, NULL);
    db_close(beside.db);
    return beside;
}

static void put_back(TestHome *home)
{
    assert_int_equal(rename(path_of(home, "kept"), path_of(home, "people")), 0);
}

static void who_waited_finds_what_another_made(void **state)
{
    TestHome *home = *state;
    fill(home, 3000);
    assert_same(home, "sex");
    uint64_t people = file_of(home, "people");
    assert_int_equal(rename(path_of(home, "people"), path_of(home, "kept")), 0);
    Beside beside = while_another_waits(home, put_back);
    assert_int_equal(beside.code, OK);
    assert_int_equal(json_integer_value(json_object_get(beside.result, "people")), 3000);
    json_decref(beside.result);
    assert_true(file_of(home, "people") == people);
}

static void take_away(TestHome *home)
{
    test_sql(home, "RENAME TABLE base_state TO base_state_away");
}

static void a_base_that_fails_behind_the_lock_is_told(void **state)
{
    TestHome *home = *state;
    fill(home, 3000);
    assert_same(home, "sex");
    planes_forget(home->dir, home->context.arena);
    Beside beside = while_another_waits(home, take_away);
    test_sql(home, "RENAME TABLE base_state_away TO base_state");
    assert_int_equal(beside.code, ERR_DB);
    assert_null(beside.result);
    assert_same(home, "sex");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_tables_it_fails_and_recovers),
        cmocka_unit_test(an_interruption_ends_the_reading_of_people),
        cmocka_unit_test(very_many_changes_far_apart_are_read_in_turns),
        cmocka_unit_test(more_changes_than_are_worth_a_patch_make_planes_anew),
        cmocka_unit_test(planes_of_a_later_version_are_made_anew),
        cmocka_unit_test(a_patch_of_something_else_is_not_taken),
        cmocka_unit_test(a_patch_in_the_place_of_everyone_is_not_taken),
        cmocka_unit_test(damage_that_shows_when_changes_are_worked_in_is_mended),
        cmocka_unit_test(files_that_cannot_be_written_are_done_without),
        cmocka_unit_test(who_waited_finds_what_another_made),
        cmocka_unit_test(a_base_that_fails_behind_the_lock_is_told),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
