/* tests/e2e/test_kill_import.c: kill -9 of an import at random moments leaves the file in whole or
 * not at all. */
#include "support/tables.h"

#include "base/buffer.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file of MANY people is large enough for its answers to go in on a connection of their own. */
enum { FEW = 4000, MANY = 20000, WAITING_OF = 50, FEW_KILLS = 25, MANY_KILLS = 12 };

static const char *people_file(TestHome *home, unsigned people)
{
    AUTO_BUFFER out = BUFFER(1 << 24);
    buffer_text(&out, "姓名|身份证号码|手机号码|职业资格等级|单位所在镇街\n");
    for (unsigned i = 0; i < people; i++) {
        Invented person = invented_person(home->context.arena, i);
        buffer_printf(&out, "%s|%s|%s|%s|长安镇\n", person.name,
                      i % WAITING_OF == 0 ? "440524198001010014" : person.id, person.phone,
                      i % 2 ? "高级工" : "技师");
    }
    return table_csv(home, "kill.csv", buffer_string(&out));
}

static pid_t start_import(TestHome *home, const char *path)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        FILE *out = freopen("/dev/null", "w", stdout);
        execl(TALENT_PROGRAM, "talent", "--home", home->dir, "--quiet", "--as-of", "2012-10-01",
              "survey", "import", path, (char *)NULL);
        _exit(out ? 127 : 126);
    }
    assert_true(child > 0);
    return child;
}

/* What a file leaves: everything, or nothing. Answers whose batch is not there belong to nobody;
 * they may wait for the next import, which takes them back. */
static bool is_in(TestHome *home, unsigned file_rows)
{
    int64_t rows = file_rows;
    int64_t batches = test_number(home, "SELECT COUNT(*) FROM batch");
    int64_t answers =
        test_number(home, "SELECT COUNT(*) FROM answer JOIN batch ON batch.id = batch_id");
    int64_t people = test_number(home, "SELECT COUNT(*) FROM person");
    int64_t waiting = test_number(home, "SELECT COUNT(*) FROM quarantine");
    if (batches == 0 && answers == 0 && people == 0 && waiting == 0)
        return false;
    assert_int_equal(batches, 1);
    assert_int_equal(waiting, rows / WAITING_OF);
    assert_int_equal(answers, rows - rows / WAITING_OF);
    assert_int_equal(test_number(home, "SELECT accepted + quarantined = line_count FROM batch"), 1);
    assert_int_equal(people, test_number(home, "SELECT COUNT(DISTINCT person_id) FROM answer JOIN "
                                               "person ON person.id = person_id"));
    return true;
}

static void kill_often(TestHome *home, unsigned rows, int kills)
{
    test_reset(home);
    const char *path = people_file(home, rows);
    /* How long an undisturbed import takes here decides where the blows fall. */
    Moment from = moment_now();
    int status = 0;
    pid_t child = start_import(home, path);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    int64_t whole_ms = moment_now() - from;
    assert_true(is_in(home, rows));
    int64_t content = base_content(home);

    unsigned seed = (unsigned)getpid(), in = 0;
    print_message("seed %u, an import takes %lld ms\n", seed, (long long)whole_ms);
    srand(seed);
    for (int kill_number = 0; kill_number < kills; kill_number++) {
        test_reset(home);
        child = start_import(home, path);
        usleep((useconds_t)((int64_t)rand() % (whole_ms * 1000 + 1)));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        /* The server may still be taking the dead client's transaction back: a locking read waits
         * for that. */
        test_number(home, "SELECT people_version FROM base_state FOR UPDATE");
        in += is_in(home, rows);
        child = start_import(home, path);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 3 || WEXITSTATUS(status) == 0));
        assert_true(is_in(home, rows));
        assert_int_equal(base_content(home), content);
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM answer WHERE batch_id NOT IN "
                                           "(SELECT id FROM batch)"),
                         0);
    }
    print_message("%u of %d were in when the blow fell\n", in, kills);
}

static void a_killed_import_leaves_all_or_nothing(void **state)
{
    kill_often(*state, FEW, FEW_KILLS);
}

static void a_killed_import_of_a_large_file_leaves_all_or_nothing(void **state)
{
    kill_often(*state, MANY, MANY_KILLS);
    assert_int_equal(test_number(*state, "SELECT COUNT(batch_id) FROM intake"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_import_leaves_all_or_nothing),
        cmocka_unit_test(a_killed_import_of_a_large_file_leaves_all_or_nothing),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
