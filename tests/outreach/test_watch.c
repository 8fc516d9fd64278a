/* A campaign looked at while it goes: in a pipe, as JSON, and on a terminal. */
#include "fill.h"
#include "outbox_fill.h"
#include "support/street.h"

#include "outreach/watch.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum { PEOPLE = 40, PATIENCE_MS = 20000 };

static void the_pace_is_that_of_the_last_looks(void **state)
{
    (void)state;
    WatchPace pace = {0};
    assert_true(watch_pace_per_s(&pace) == 0);
    watch_pace_add(&pace, 1000, 500);
    assert_true(watch_pace_per_s(&pace) == 0); /* what was sent before the first look is no pace */
    watch_pace_add(&pace, 3000, 700);
    assert_true(watch_pace_per_s(&pace) == 100);
    for (int n = 1; n < PACE_LOOKS; n++)
        watch_pace_add(&pace, 3000 + 1000 * n, 700 + 10 * n);
    assert_int_equal(pace.looks, PACE_LOOKS);
    assert_true(watch_pace_per_s(&pace) == 10); /* the fast beginning is out of sight */
    for (int n = 0; n < PACE_LOOKS; n++)
        watch_pace_add(&pace, 20000 + 1000 * n, 750);
    assert_true(watch_pace_per_s(&pace) == 0);
    WatchPace back = {0};
    watch_pace_add(&back, 1000, 10);
    watch_pace_add(&back, 1000, 20);
    assert_true(watch_pace_per_s(&back) == 0); /* no time has passed */
    watch_pace_add(&back, 2000, 5);
    assert_true(watch_pace_per_s(&back) == 0); /* some went back to the queue */
}

static void world_make(TestHome *home)
{
    outbox_people(home, PEOPLE);
    outbox_campaign(home, 1, 1, PEOPLE);
    test_sql(home, "UPDATE message SET state = 'delivered', sent_at = UTC_TIMESTAMP(3) WHERE "
                   "person_id <= 10;\nUPDATE message SET state = 'uncertain' WHERE person_id = 11");
}

/* Starts a watch whose standard output is `out`. */
static pid_t watch_start(const TestHome *home, int out, const char *json)
{
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(out, STDOUT_FILENO);
        execl(TALENT_PROGRAM, TALENT_PROGRAM, "--home", home->dir, "--lang", "en", "outreach",
              "status", "1", "--watch", json, (char *)NULL);
        _exit(127);
    }
    close(out);
    return pid;
}

/* Reads until the text has been seen `times` times, or the other end closes. */
static void read_until(int from, Buffer *text, const char *wanted, int times)
{
    Moment began = moment_now();
    for (;;) {
        int seen = 0;
        for (const char *at = strstr(buffer_string(text), wanted); at; at = strstr(at + 1, wanted))
            seen++;
        if (seen >= times)
            return;
        if (moment_now() - began > PATIENCE_MS)
            fail_msg("'%s' did not come %d times: %s", wanted, times, buffer_string(text));
        char bytes[4096];
        struct pollfd stream = {.fd = from, .events = POLLIN};
        if (poll(&stream, 1, 100) <= 0)
            continue;
        ssize_t length = read(from, bytes, sizeof bytes);
        if (length <= 0)
            fail_msg("it ended: %s", buffer_string(text));
        buffer_add(text, bytes, (size_t)length);
    }
}

static void read_rest(int from, Buffer *text)
{
    char bytes[4096];
    for (ssize_t length; (length = read(from, bytes, sizeof bytes)) > 0;)
        buffer_add(text, bytes, (size_t)length);
    close(from);
}

static void end_well(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void with_json_each_look_is_a_line_until_ctrl_c(void **state)
{
    TestHome *home = *state;
    int out[2];
    AUTO_BUFFER text = BUFFER(1 << 20);
    world_make(home);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    pid_t pid = watch_start(home, out[1], "--json");
    read_until(out[0], &text, "\n", 1);
    test_sql(home, "UPDATE message SET state = 'sent', sent_at = UTC_TIMESTAMP(3) WHERE person_id "
                   "BETWEEN 12 AND 26");
    read_until(out[0], &text, "\n", 3);
    kill(pid, SIGINT);
    read_rest(out[0], &text);
    end_well(pid);
    json_t *looks[3];
    char *rest = (char *)(uintptr_t)buffer_string(&text);
    for (int n = 0; n < 3; n++) {
        char *line = strsep(&rest, "\n");
        looks[n] = json_loads(line, 0, NULL);
        assert_non_null(looks[n]);
        assert_int_equal(json_sum(json_object_get(looks[n], "messages")), PEOPLE);
        assert_int_equal(json_number_at(looks[n], "audience"), PEOPLE);
        assert_true(json_is_true(json_object_get(json_object_get(looks[n], "window"), "open")));
    }
    assert_int_equal(json_number_at(looks[0], "messages.queued"), PEOPLE - 11);
    assert_true(json_is_null(json_object_get(looks[0], "eta_s")));
    assert_int_equal(json_number_at(looks[2], "messages.sent"), 15);
    assert_int_equal(json_number_at(looks[2], "messages.uncertain"), 1);
    double per_s = json_number_value(json_object_get(looks[2], "rate_per_s"));
    double eta_s = json_number_value(json_object_get(looks[2], "eta_s"));
    assert_true(per_s > 1 && per_s < 16);
    assert_true(eta_s * per_s > 13.9 && eta_s * per_s < 14.1); /* 14 are left */
    for (int n = 0; n < 3; n++)
        json_decref(looks[n]);
}

static void in_a_pipe_each_look_is_a_plain_line_and_the_end_of_the_campaign_ends_it(void **state)
{
    TestHome *home = *state;
    int out[2];
    AUTO_BUFFER text = BUFFER(1 << 20);
    world_make(home);
    test_sql(home, "UPDATE campaign SET state = 'paused', paused_why = 'the balance is empty'");
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    pid_t pid = watch_start(home, out[1], NULL);
    read_until(out[0], &text, "\n", 2);
    test_sql(home, "UPDATE campaign SET state = 'cancelled', paused_why = NULL;\n"
                   "UPDATE message SET state = 'cancelled' WHERE state = 'queued'");
    read_rest(out[0], &text);
    end_well(pid);
    const char *said = buffer_string(&text);
    assert_non_null(strstr(said, "paused  11/40  0/s  nobody can say how long  queued 29"));
    assert_non_null(strstr(said, "the balance is empty"));
    assert_non_null(strstr(said, "cancelled  40/40  0/s  nothing left to send"));
    assert_null(strchr(said, '\033'));
}

static void on_a_terminal_the_view_is_drawn_anew_and_given_back(void **state)
{
    TestHome *home = *state;
    int terminal, child;
    AUTO_BUFFER text = BUFFER(1 << 20);
    struct winsize size = {.ws_row = 40, .ws_col = 100};
    world_make(home);
    assert_int_equal(openpty(&terminal, &child, NULL, NULL, &size), 0);
    fcntl(terminal, F_SETFD, FD_CLOEXEC);
    pid_t pid = watch_start(home, child, NULL);
    read_until(terminal, &text, "Ctrl-C ends the view", 2);
    kill(pid, SIGINT);
    read_until(terminal, &text, "\033[?25h", 1); /* the cursor is back */
    end_well(pid);
    close(terminal);
    const char *said = buffer_string(&text);
    assert_int_equal(strncmp(said, "\033[?25l\033[2J\033[H", 13), 0);
    assert_non_null(strstr(said, "campaign 1"));
    assert_non_null(strstr(said, "11/40  0/s  nobody can say how long"));
    assert_non_null(strstr(said, "the sending window is open"));
    assert_non_null(strstr(said, "talent outreach settle"));
}

static void what_cannot_be_watched_is_refused(void **state)
{
    TestHome *home = *state;
    world_make(home);
    assert_int_equal(TEST_RUN(home, "outreach", "status", "--watch").status, 2);
    assert_int_equal(TEST_RUN(home, "outreach", "status", "1", "--every", "2").status, 2);
    assert_int_equal(TEST_RUN(home, "outreach", "status", "nothing", "--watch").status, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pace_is_that_of_the_last_looks),
        cmocka_unit_test(with_json_each_look_is_a_line_until_ctrl_c),
        cmocka_unit_test(in_a_pipe_each_look_is_a_plain_line_and_the_end_of_the_campaign_ends_it),
        cmocka_unit_test(on_a_terminal_the_view_is_drawn_anew_and_given_back),
        cmocka_unit_test(what_cannot_be_watched_is_refused),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
