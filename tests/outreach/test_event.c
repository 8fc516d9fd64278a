/* What dispatcher and receiver write for machines that read logs, and what they never write. */
#include "simulated.h"
#include "support/scripted.h"
#include "support/street.h"

#include "outreach/event.h"
#include "outreach/receiver.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum { PEOPLE = 30 };

/* The lines of a log, each of which must be an object with a moment and a name; owned by the
 * caller. */
static json_t *log_read(TestHome *home, const char *text)
{
    json_t *events = json_array();
    char *rest = arena_strdup(home->context.arena, text);
    for (char *line = strsep(&rest, "\n"); line && *line; line = strsep(&rest, "\n")) {
        json_t *event = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        if (!event)
            fail_msg("no JSON: %s", line);
        const char *at = json_string_value(json_object_get(event, "at"));
        assert_true(at && strlen(at) == strlen("2012-10-08T09:00:00.123+08:00"));
        assert_true(json_is_string(json_object_get(event, "event")));
        json_array_append_new(events, event);
    }
    return events;
}

/* The sum of a field over the events of that name; the number of them when field is NULL. */
static int64_t sum_of(const json_t *events, const char *name, const char *field)
{
    size_t at;
    const json_t *event;
    int64_t sum = 0;
    json_array_foreach(events, at, event)
    {
        if (strcmp(json_string_value(json_object_get(event, "event")), name) == 0)
            sum += field ? json_integer_value(json_object_get(event, field)) : 1;
    }
    return sum;
}

static void a_run_is_told_event_by_event_and_adds_up(void **state)
{
    TestHome *home = *state;
    outbox_people(home, PEOPLE);
    outbox_campaign(home, 1, 1, PEOPLE);
    Simulator *simulator = simulate(home, "undelivered=20%");
    TestOutput output = TEST_RUN(home, "outreach", "dispatch", "--until-done", "--log", "json");
    json_t *events = log_read(home, output.err);
    assert_string_equal(json_string_value(json_object_get(json_array_get(events, 0), "event")),
                        "start");
    assert_int_equal(sum_of(events, "start", NULL), 1);
    assert_int_equal(sum_of(events, "running", "campaign"), 1);
    assert_int_equal(sum_of(events, "claim", "count"), PEOPLE);
    assert_int_equal(sum_of(events, "sent", "count"), PEOPLE);
    assert_int_equal(sum_of(events, "outcomes", "accepted"), PEOPLE);
    assert_int_equal(sum_of(events, "receipts", "delivered") +
                         sum_of(events, "receipts", "undelivered"),
                     PEOPLE);
    assert_true(sum_of(events, "receipts", "undelivered") > 0);
    assert_int_equal(sum_of(events, "end", "campaign"), 1);
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(events, json_array_size(events) - 1), "event")),
                        "stop");
    json_decref(events);
    /* nobody's number, name or text */
    assert_null(strstr(output.err, "138000000"));
    assert_null(strstr(output.err, "林"));
    assert_null(strstr(output.err, "东莞"));
    simulator_close(simulator);
}

static void a_refused_account_is_a_pause_and_a_silent_gateway_opens_the_breaker(void **state)
{
    TestHome *home = *state;
    const Scene refusal = {.answer = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"};
    Scripted *server = scripted_open(&refusal, 1);
    outbox_people(home, PEOPLE);
    outbox_campaign(home, 1, 1, PEOPLE);
    outbox_gateway(home, scripted_port(server));
    TestOutput output = TEST_RUN(home, "outreach", "dispatch", "--until-done", "--log", "json");
    json_t *events = log_read(home, output.err);
    assert_int_equal(sum_of(events, "pause", "campaign"), 1);
    assert_true(sum_of(events, "outcomes", "paused") > 0);
    assert_int_equal(sum_of(events, "sent", NULL), 0);
    json_decref(events);
    scripted_close(server);

    outbox_people(home, PEOPLE);
    outbox_campaign(home, 1, 1, PEOPLE);
    outbox_gateway(home, free_port());
    output =
        TEST_RUN(home, "--lang", "en", "outreach", "dispatch", "--until-done", "--log", "json");
    assert_int_equal(output.status, 1);
    char *plain = strstr(output.err, "talent: "); /* how the program ends is said as ever */
    assert_non_null(plain);
    *plain = '\0';
    events = log_read(home, output.err);
    assert_true(sum_of(events, "breaker_open", NULL) > 0);
    assert_true(sum_of(events, "outcomes", "not_sent") > 0);
    json_decref(events);
}

static pid_t receive_start(TestHome *home, int err)
{
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(err, STDERR_FILENO);
        execl(TALENT_PROGRAM, TALENT_PROGRAM, "--home", home->dir, "--json", "outreach", "receive",
              (char *)NULL);
        _exit(127);
    }
    close(err);
    return pid;
}

/* Switched on by talent.json. */
static void the_receiver_tells_what_it_took_in(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    unsigned port = free_port();
    int err[2], status = 0;
    outbox_people(home, 2);
    outbox_campaign(home, 1, 1, 2);
    test_sql(home, "UPDATE message SET state = 'sent', sent_at = UTC_TIMESTAMP(3), gateway = 'g', "
                   "reference = UNHEX(MD5(person_id))");
    test_config(home, arena_printf(arena,
                                   "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": "
                                   "\"simulator\", \"url\": \"http://127.0.0.1:1/send\"}}, "
                                   "\"receive\": {\"listen\": \"127.0.0.1:%u\"}, \"log\": \"json\"",
                                   port));
    char *text = arena_alloc(arena, 1 << 16);
    assert_int_equal(pipe2(err, O_CLOEXEC), 0);
    pid_t pid = receive_start(home, err[1]);
    size_t length = (size_t)read(err[0], text, 1 << 12); /* it listens */
    const char *token;
    Err failure = {0};
    assert_ok(receiver_token(arena, home->context.config.token_file, &token, &failure), &failure);
    assert_int_equal(http_call(port, "POST", arena_printf(arena, "/reply/%s/g", token),
                               "{\"phone\":\"13800000001\",\"text\":\"退订\"}", NULL, 0),
                     200);
    for (int tries = 0; tries < 200 && test_number(home, "SELECT COUNT(*) FROM reply") == 0;
         tries++)
        usleep(50 * 1000);
    usleep(200 * 1000);
    kill(pid, SIGTERM);
    for (ssize_t got; (got = read(err[0], text + length, (1 << 16) - 1 - length)) > 0;)
        length += (size_t)got;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    json_t *events = log_read(home, text);
    assert_int_equal(sum_of(events, "listening", NULL), 1);
    assert_int_equal(sum_of(events, "replies", "optouts"), 1);
    assert_int_equal(sum_of(events, "stop", NULL), 1);
    assert_null(strstr(text, "13800000001"));
    assert_null(strstr(text, "退订"));
    json_decref(events);
    close(err[0]);
    test_config(home, NULL);
}

static void without_being_asked_nothing_is_written(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 3);
    outbox_campaign(home, 1, 1, 3);
    Simulator *simulator = simulate(home, "");
    TestOutput output = TEST_RUN(home, "--quiet", "outreach", "dispatch", "--until-done");
    assert_string_equal(output.err, "");
    simulator_close(simulator);
    assert_int_equal(TEST_RUN(home, "outreach", "dispatch", "--log", "xml").status, 2);
    assert_int_equal(TEST_RUN(home, "outreach", "receive", "--log", "xml").status, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_told_event_by_event_and_adds_up),
        cmocka_unit_test(a_refused_account_is_a_pause_and_a_silent_gateway_opens_the_breaker),
        cmocka_unit_test(the_receiver_tells_what_it_took_in),
        cmocka_unit_test(without_being_asked_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
