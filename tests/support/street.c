#include "support/street.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The generator stands in the build folder as the program does. */
static json_t *generate(TestHome *home, const char *words)
{
    int folder = (int)(strrchr(TALENT_PROGRAM, '/') - TALENT_PROGRAM);
    FILE *said = popen(arena_printf(home->context.arena, "%.*s/tests/data/talent-generate %s",
                                    folder, TALENT_PROGRAM, words),
                       "re");
    assert_non_null(said);
    json_error_t failure;
    json_t *summary = json_loadf(said, 0, &failure);
    assert_int_equal(pclose(said), 0);
    assert_non_null(summary);
    return summary;
}

json_t *street_generate(TestHome *home, unsigned seed, unsigned people)
{
    return generate(home, arena_printf(home->context.arena, "--seed %u --people %u %s/in", seed,
                                       people, home->dir));
}

json_t *street_generate_rows(TestHome *home, unsigned rows)
{
    return generate(
        home, arena_printf(home->context.arena, "--rows %u --csv %s/rows.csv", rows, home->dir));
}

const char *street_file(TestHome *home, const json_t *summary, size_t index)
{
    const json_t *file = json_array_get(json_object_get(summary, "files"), index);
    assert_non_null(file);
    return arena_printf(home->context.arena, "%s/in/%s", home->dir,
                        json_string_value(json_object_get(file, "file")));
}

static _Noreturn void gateway_run(const TestHome *home, const char *faults, const char *replies,
                                  const char *counts_file, int said)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* also when a test fails before it ends the gateway */
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nothing, STDOUT_FILENO);
    dup2(said, STDERR_FILENO);
    char folder[160];
    snprintf(folder, sizeof folder, "%s/gateway", home->dir);
    execl(TALENT_PROGRAM, TALENT_PROGRAM, "--home", folder, "--lang", "en", "--json", "outreach",
          "simulate", "--port", "0", "--seed", "1", "--faults", faults, "--replies", replies,
          "--count-file", counts_file, (char *)NULL);
    _exit(127);
}

StreetGateway street_gateway_start(TestHome *home, const char *faults, const char *replies)
{
    int said[2];
    StreetGateway gateway = {
        .counts_file = arena_printf(home->context.arena, "%s/gateway-counts.json", home->dir)};
    assert_int_equal(pipe(said), 0);
    gateway.pid = fork();
    assert_true(gateway.pid >= 0);
    if (gateway.pid == 0) {
        close(said[0]);
        gateway_run(home, faults, replies, gateway.counts_file, said[1]);
    }
    close(said[1]);
    char line[500] = "";
    size_t length = 0;
    while (length < sizeof line - 1 && !strchr(line, '\n')) {
        ssize_t got = read(said[0], line + length, sizeof line - 1 - length);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    const char *address = strstr(line, "127.0.0.1:");
    if (!address || sscanf(address, "127.0.0.1:%u", &gateway.port) != 1)
        fail_msg("the gateway does not start: %s", line);
    close(said[0]);
    test_config(home, arena_printf(home->context.arena,
                                   "\"gateway\": \"street\", \"gateways\": {\"street\": {\"type\": "
                                   "\"simulator\", \"url\": \"http://127.0.0.1:%u/send\"}}, "
                                   "\"receive\": {\"listen\": \"127.0.0.1:0\"}",
                                   gateway.port));
    return gateway;
}

json_t *street_gateway_stop(StreetGateway *gateway)
{
    int status = 0;
    assert_int_equal(kill(gateway->pid, SIGINT), 0);
    assert_int_equal(waitpid(gateway->pid, &status, 0), gateway->pid);
    assert_true(WIFEXITED(status));
    json_error_t failure;
    json_t *counts = json_load_file(gateway->counts_file, 0, &failure);
    assert_non_null(counts);
    return counts;
}

int64_t json_number_at(const json_t *object, const char *path)
{
    const json_t *at = object;
    char words[100];
    assert_true(strlen(path) < sizeof words);
    memcpy(words, path, strlen(path) + 1);
    char *rest = words;
    for (char *word; (word = strsep(&rest, "."));)
        at = json_object_get(at, word);
    if (!json_is_integer(at))
        fail_msg("the result has no number '%s'", path);
    return json_integer_value(at);
}

int64_t json_sum(const json_t *object)
{
    int64_t sum = 0;
    assert_true(json_is_object(object));
    for (void *at = json_object_iter((json_t *)(uintptr_t)object); at;
         at = json_object_iter_next((json_t *)(uintptr_t)object, at))
        sum += json_integer_value(json_object_iter_value(at));
    return sum;
}
