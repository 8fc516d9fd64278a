/* tests/e2e/test_kill_stage.c: kill -9 while a file is put aside, accepted or refused leaves it as it
 * was or as it was to be, and doing it again completes it. */
#include "support/tables.h"

#include "base/buffer.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLS = 10, PEOPLE = 3000, WAITING_OF = 50, WORDS = 16 };

static const char *people_file(TestHome *home)
{
    AUTO_BUFFER out = BUFFER(1 << 24);
    buffer_text(&out, "姓名|身份证号码|手机号码|职业资格等级|单位所在镇街\n");
    for (unsigned i = 0; i < PEOPLE; i++) {
        Invented person = invented_person(home->context.arena, i);
        buffer_printf(&out, "%s|%s|%s|%s|长安镇\n", person.name,
                      i % WAITING_OF == 0 ? "440524198001010014" : person.id, person.phone,
                      i % 2 ? "高级工" : "技师");
    }
    return table_csv(home, "kill.csv", buffer_string(&out));
}

/* A verb of survey with its words, ended with NULL. */
static pid_t start(TestHome *home, const char *const *words)
{
    const char *all[WORDS] = {"talent",  "--home",     home->dir, "--quiet",
                              "--as-of", "2012-10-01", "survey"};
    size_t count = 7;
    for (; *words; words++)
        all[count++] = *words;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        FILE *out = freopen("/dev/null", "w", stdout);
        execv(TALENT_PROGRAM, (char *const *)(uintptr_t)all);
        _exit(out ? 127 : 126);
    }
    assert_true(child > 0);
    return child;
}

static int finish(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

typedef enum State { NOTHING, WAITS, IS_IN, REFUSED } State;

/* Of all there may be, exactly one is true, whole. */
static State state_of(TestHome *home)
{
    int64_t batches = test_number(home, "SELECT COUNT(*) FROM batch");
    int64_t kept = test_number(home, "SELECT COUNT(*) FROM staged_row");
    int64_t answers = test_number(home, "SELECT COUNT(*) FROM answer");
    int64_t people = test_number(home, "SELECT COUNT(*) FROM person");
    int64_t waiting = test_number(home, "SELECT COUNT(*) FROM quarantine");
    if (batches == 0) {
        assert_int_equal(kept + answers + people + waiting, 0);
        return NOTHING;
    }
    assert_int_equal(batches, 1);
    assert_int_equal(test_number(home, "SELECT line_count FROM batch"), PEOPLE);
    if (answers > 0) {
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch WHERE state = 'active'"), 1);
        assert_int_equal(answers, PEOPLE - PEOPLE / WAITING_OF);
        assert_int_equal(waiting, PEOPLE / WAITING_OF);
        assert_int_equal(kept, 0);
        return IS_IN;
    }
    assert_int_equal(people + waiting, 0);
    if (kept == 0) {
        assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch b JOIN staged s ON "
                                           "s.batch_id = b.id WHERE b.state = 'refused' AND "
                                           "s.decision = 'refused' AND s.decided_why = 'no'"),
                         1);
        return REFUSED;
    }
    assert_int_equal(kept, PEOPLE + 1); /* the heading too */
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch WHERE state = 'staged'"), 1);
    return WAITS;
}

typedef struct Blow {
    const char *const *words;
    State before, after;
    int status; /* of an undisturbed run */
} Blow;

/* Kills the verb at random moments; brings the base to where the verb begins with `prepare`. */
static void strike(TestHome *home, const Blow *blow, void (*prepare)(TestHome *, const char *),
                   const char *path)
{
    unsigned done = 0;
    prepare(home, path);
    Moment from = moment_now();
    assert_int_equal(finish(start(home, blow->words)), blow->status);
    int64_t whole_ms = moment_now() - from;
    assert_int_equal(state_of(home), blow->after);
    int64_t content = base_content(home);
    for (int number = 0; number < KILLS; number++) {
        prepare(home, path);
        pid_t child = start(home, blow->words);
        usleep((useconds_t)((int64_t)rand() % (whole_ms * 1200 + 1)));
        kill(child, SIGKILL);
        finish(child);
        /* The server may still be taking the dead client's transaction back: locking reads wait
         * for that. */
        test_number(home, "SELECT people_version FROM base_state FOR UPDATE");
        test_number(home, "SELECT COUNT(*) FROM (SELECT id FROM batch FOR UPDATE) b");
        State state = state_of(home);
        assert_true(state == blow->before || state == blow->after);
        done += state == blow->after;
        if (state == blow->before)
            assert_int_equal(finish(start(home, blow->words)), blow->status);
        assert_int_equal(state_of(home), blow->after);
        assert_int_equal(base_content(home), content);
    }
    print_message("%s: %u of %d were done when the blow fell\n", blow->words[0], done, KILLS);
}

static void prepare_nothing(TestHome *home, const char *path)
{
    (void)path;
    test_reset(home);
}

static void prepare_staged(TestHome *home, const char *path)
{
    test_reset(home);
    assert_int_equal(finish(start(home, (const char *const[]){"import", "--stage", path, NULL})),
                     3);
    assert_int_equal(state_of(home), WAITS);
}

static void a_killed_stage_leaves_a_file_that_waits_whole_or_nothing(void **state)
{
    TestHome *home = *state;
    const char *path = people_file(home);
    const char *const words[] = {"import", "--stage", path, NULL};
    strike(home, &(Blow){words, NOTHING, WAITS, 3}, prepare_nothing, path);
}

static void a_killed_accept_leaves_the_file_waiting_or_in(void **state)
{
    TestHome *home = *state;
    const char *const words[] = {"accept", "1", NULL};
    strike(home, &(Blow){words, WAITS, IS_IN, 3}, prepare_staged, people_file(home));
}

static void a_killed_refuse_leaves_the_file_waiting_or_gone(void **state)
{
    TestHome *home = *state;
    const char *const words[] = {"refuse", "1", "--why", "no", NULL};
    strike(home, &(Blow){words, WAITS, REFUSED, 0}, prepare_staged, people_file(home));
}

int main(void)
{
    unsigned seed = (unsigned)getpid();
    print_message("seed %u\n", seed);
    srand(seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_stage_leaves_a_file_that_waits_whole_or_nothing),
        cmocka_unit_test(a_killed_accept_leaves_the_file_waiting_or_in),
        cmocka_unit_test(a_killed_refuse_leaves_the_file_waiting_or_gone),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
