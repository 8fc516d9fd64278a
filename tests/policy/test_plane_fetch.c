/* Many persons at once: all of them, or it is left to the one connection. */
#include "policy/plane_fetch.h"

#include "support/home.h"

#include <pthread.h>
#include <sys/resource.h>

enum { PERSONS = 1000 };

static PlaneLayout layout;
static int64_t ids[PERSONS];
static PlaneRow rows[PERSONS];

/* Persons 2, 4, 6, …, of whom the numbers ask also for those between. */
static int setup(void **state)
{
    if (test_home_setup(state) != 0)
        return 1;
    TestHome *home = *state;
    layout_widest(home->context.arena, &layout);
    for (int64_t i = 0; i < PERSONS; i++)
        ids[i] = i + 1;
    test_sql(home, "INSERT INTO person (id, answers, skill_level) SELECT seq, 1, 1 + seq % 5 FROM "
                   "seq_2_to_1000_step_2");
    return 0;
}

static bool fetch(TestHome *home, int64_t version, size_t count)
{
    const PlaneFetch question = {
        .db = home->context.db, .layout = &layout, .version = version, .ids = ids, .count = count};
    memset(rows, 0xFF, sizeof rows);
    return plane_fetch(&question, rows);
}

static int64_t version_of(TestHome *home)
{
    return test_number(home, "SELECT people_version FROM base_state");
}

static void who_is_there_is_read_and_who_is_not_is_gone(void **state)
{
    TestHome *home = *state;
    size_t level = (size_t)(layout_column(&layout, FACT_SKILL_LEVEL) - layout.columns);
    assert_true(fetch(home, version_of(home), PERSONS));
    for (size_t i = 0; i < PERSONS; i++) {
        assert_int_equal(rows[i].person, i + 1);
        assert_int_equal(rows[i].gone, (i + 1) % 2);
        assert_int_equal(rows[i].codes[level], (i + 1) % 2 ? 0 : 1 + (i + 1) % 5);
    }
}

static void few_are_left_to_the_one_connection(void **state)
{
    TestHome *home = *state;
    assert_false(fetch(home, version_of(home), 10));
}

static void another_version_or_none_is_not_taken(void **state)
{
    TestHome *home = *state;
    int64_t version = version_of(home);
    assert_false(fetch(home, version + 1, PERSONS));
    test_sql(home, "CREATE TABLE state_away AS SELECT * FROM base_state;\nDELETE FROM base_state");
    bool without = fetch(home, version, PERSONS);
    test_sql(home, "INSERT INTO base_state SELECT * FROM state_away;\nDROP TABLE state_away");
    assert_false(without);
    test_sql(home, "RENAME TABLE base_state TO base_state_away");
    bool nowhere = fetch(home, version, PERSONS);
    test_sql(home, "RENAME TABLE base_state_away TO base_state");
    assert_false(nowhere);
}

static void a_value_without_a_code_is_not_taken(void **state)
{
    TestHome *home = *state;
    test_sql(home, "UPDATE person SET skill_level = 99 WHERE id = 500");
    assert_false(fetch(home, version_of(home), PERSONS));
    test_sql(home, "UPDATE person SET skill_level = 1 WHERE id = 500");
}

/* As many open files as there are: none for a socket. */
static void without_connections_it_is_left(void **state)
{
    TestHome *home = *state;
    int64_t version = version_of(home);
    struct rlimit before, none = {.rlim_cur = 3};
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    bool fetched = fetch(home, version, PERSONS);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_false(fetched);
}

/* Threads whose stacks are larger than all addresses cannot be started. */
static void without_threads_it_is_left(void **state)
{
    TestHome *home = *state;
    pthread_attr_t before, huge;
    int64_t version = version_of(home);
    assert_int_equal(pthread_getattr_default_np(&before), 0);
    assert_int_equal(pthread_attr_init(&huge), 0);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 47), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    bool fetched = fetch(home, version, PERSONS);
    assert_int_equal(pthread_setattr_default_np(&before), 0);
    assert_false(fetched);
    assert_true(fetch(home, version, PERSONS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_there_is_read_and_who_is_not_is_gone),
        cmocka_unit_test(few_are_left_to_the_one_connection),
        cmocka_unit_test(another_version_or_none_is_not_taken),
        cmocka_unit_test(a_value_without_a_code_is_not_taken),
        cmocka_unit_test(without_connections_it_is_left),
        cmocka_unit_test(without_threads_it_is_left),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
