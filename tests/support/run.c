#include "base/buffer.h"
#include "support/home.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 64, OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024 };

static void child_run(const TestHome *home, const char *const *words, const int out[2],
                      const int err[2])
{
    char *argv[WORDS];
    size_t count = 0;
    argv[count++] = strdup(TALENT_PROGRAM);
    argv[count++] = strdup("--home");
    argv[count++] = strdup(home->dir);
    for (; *words && count < WORDS - 1; words++)
        argv[count++] = strdup(*words);
    argv[count] = NULL;
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    execv(argv[0], argv);
    dprintf(STDERR_FILENO, "cannot run '%s': %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* Reads both streams until the program has closed them; a server that it left behind holds none of
 * them. */
static void both_read(int out, int err, Buffer *out_text, Buffer *err_text)
{
    struct pollfd streams[] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
    Buffer *texts[] = {out_text, err_text};
    for (int open_streams = 2; open_streams > 0;) {
        assert_true(poll(streams, 2, -1) > 0);
        for (size_t i = 0; i < 2; i++) {
            char bytes[4096];
            if (streams[i].fd < 0 || streams[i].revents == 0)
                continue;
            ssize_t length = read(streams[i].fd, bytes, sizeof bytes);
            if (length > 0) {
                buffer_add(texts[i], bytes, (size_t)length);
            } else {
                streams[i].fd = -1;
                open_streams--;
            }
        }
    }
}

TestOutput test_run(TestHome *home, const char *const *words)
{
    int out[2], err[2], status = 0;
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    assert_int_equal(pipe2(err, O_CLOEXEC), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        child_run(home, words, out, err);
    close(out[1]);
    close(err[1]);
    AUTO_BUFFER out_text = BUFFER(OUTPUT_LIMIT_BYTES);
    AUTO_BUFFER err_text = BUFFER(OUTPUT_LIMIT_BYTES);
    both_read(out[0], err[0], &out_text, &err_text);
    close(out[0]);
    close(err[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    Arena *arena = home->context.arena;
    return (TestOutput){
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .out = arena_strdup(arena, buffer_string(&out_text)),
        .err = arena_strdup(arena, buffer_string(&err_text)),
    };
}

json_t *test_run_json(TestHome *home, int status, const char *const *words)
{
    const char *all[WORDS] = {"--json"};
    size_t count = 1;
    for (; *words && count < WORDS - 1; words++)
        all[count++] = *words;
    TestOutput output = test_run(home, all);
    if (output.status != status)
        fail_msg("'%s' ended with %d instead of %d: %s", all[1], output.status, status, output.err);
    json_error_t problem;
    json_t *result = json_loads(output.out, JSON_DECODE_ANY, &problem);
    if (!result)
        fail_msg("'%s' printed no JSON (%s): %s", all[1], problem.text, output.out);
    return result;
}
