#include "support/failing.h"

#include "support/rounds.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ALL_FROM = 20, PATIENCE_S = 90, BEYOND = 400, WORDS = 16 };

static const struct {
    const char *name, *hows[6];
} WAYS[FAULT_KINDS] = {
    [FAULT_DB] = {"db", {"conflict", "full", "gone_before", "gone_after"}},
    [FAULT_HTTP] = {"http", {"reset", "late_reset", "closed", "short", "interrupted"}},
    [FAULT_FILE] = {"file", {"full", "io", "interrupted", "short"}},
};

const Fault NO_FAULT = {.how = "none"};

static const char *beside(TestHome *home, const char *what)
{
    return arena_printf(home->context.arena, "%s-%s", home->dir, what);
}

pid_t failing_start(TestHome *home, const char *const *words, const Fault *fault)
{
    const char *fixed[] = {TALENT_PROGRAM, "--home", home->dir, "--json",
                           "--lang",       "en",     "--quiet"};
    enum { FIXED = sizeof fixed / sizeof *fixed };
    char *argv[FIXED + WORDS] = {NULL};
    size_t count = 0;
    for (; count < FIXED; count++)
        argv[count] = strdup(fixed[count]);
    for (; *words && count < FIXED + WORDS - 1; words++)
        argv[count++] = strdup(*words);
    const char *report = beside(home, "report"), *said = beside(home, "said");
    unlink(report);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR), out = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (null < 0 || out < 0)
            _exit(126);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        char order[64], away[16];
        snprintf(order, sizeof order, "%s:%d:%s", WAYS[fault->kind].name, fault->n, fault->how);
        snprintf(away, sizeof away, "%d", fault->away);
        setenv("FAIL_NTH", order, 1);
        setenv("FAIL_NTH_AWAY", away, 1);
        setenv("FAIL_NTH_HOME", home->dir, 1);
        setenv("FAIL_NTH_REPORT", report, 1);
        setenv("LD_PRELOAD", FAIL_NTH_LIBRARY, 1);
        setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
        execv(argv[0], argv);
        _exit(127);
    }
    while (count > 0)
        free(argv[--count]);
    return pid;
}

bool failing_ended(TestHome *home, pid_t pid, Run *ret_run)
{
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == 0)
        return false;
    if (!WIFEXITED(status))
        fail_msg("the program was ended by signal %d", WTERMSIG(status));
    Run run = {.status = WEXITSTATUS(status)};
    FILE *report = fopen(beside(home, "report"), "re");
    assert_non_null(report);
    assert_int_equal(fscanf(report, "db %d http %d file %d failed %63[^\n]", &run.counts[FAULT_DB],
                            &run.counts[FAULT_HTTP], &run.counts[FAULT_FILE], run.failed),
                     4);
    fclose(report);
    *ret_run = run;
    return true;
}

Run failing_wait(TestHome *home, pid_t pid)
{
    Run run;
    for (int tries = 0; !failing_ended(home, pid, &run); tries++) {
        if (tries > PATIENCE_S * 100) {
            kill(pid, SIGKILL);
            fail_msg("the program does not end");
        }
        usleep(10 * 1000);
    }
    return run;
}

void failing_done(TestHome *home)
{
    unlink(beside(home, "report"));
    unlink(beside(home, "said"));
}

const char *failing_said(TestHome *home, const Fault *fault, const Run *run)
{
    return arena_printf(home->context.arena, "%s call %d (%s) %s, base away from %d: status %d",
                        WAYS[fault->kind].name, fault->n, run->failed, fault->how, fault->away,
                        run->status);
}

/* True when something failed. Each case has an arena of its own. */
static bool one_fails(TestHome *home, const Failing *failing, Fault fault, unsigned *seed)
{
    unsigned calls = (unsigned)failing->whole->counts[FAULT_DB];
    if (failing->base_goes)
        fault.away = (int)(calls / 4 + (unsigned)rand_r(seed) % (calls - calls / 4));
    Arena *kept = home->context.arena;
    home->context.arena = arena_new(0);
    Run run = failing->run(home, &fault);
    arena_free(home->context.arena);
    home->context.arena = kept;
    return strcmp(run.failed, "nothing") != 0;
}

void each_fails(TestHome *home, const Failing *failing, FaultKind kind, unsigned *seed)
{
    bool all = test_rounds(1) >= ALL_FROM;
    unsigned hows = 0, made = 0, count = (unsigned)failing->whole->counts[kind];
    while (WAYS[kind].hows[hows])
        hows++;
    unsigned stride = all ? 1 : 1 + count * hows / test_rounds(failing->sample);
    unsigned first = (unsigned)rand_r(seed) % stride;
    for (unsigned how = 0; how < hows; how++) {
        for (unsigned n = 1; n <= count + (all ? BEYOND : 0); n++) {
            if ((n - 1 + how * count) % stride != first)
                continue;
            bool failed =
                one_fails(home, failing, (Fault){kind, WAYS[kind].hows[how], (int)n, 0}, seed);
            made += failed;
            if (n > count && !failed)
                break;
        }
    }
    print_message("%s: %u of about %u calls of kind %s were made to fail\n", failing->what, made,
                  count * hows, WAYS[kind].name);
    assert_true(made > 0);
}
