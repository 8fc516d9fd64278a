/* From the outbox through a real Kannel and back: Debian's bearerbox and smsbox, with an SMSC
 * behind them that this test plays in Kannel's fake protocol (a line per message). Some of
 * Kannel's ports listen on every address, so all of it runs in a network of its own. Skipped,
 * with the reason, where Kannel or such a network is not to be had. */
#include "outreach/outbox_fill.h"
#include "support/scripted.h"

#include "outreach/receiver.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum {
    SMSC_PORT = 10000,
    BOX_PORT = 13001,
    SEND_PORT = 13013,
    RECEIVE_PORT = 8480,
    LINES_MAX = 64
};

static pid_t start(const char *program, const char *config)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* also when a test fails half-way */
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execl(program, program, "-v", "4", config, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static void stop(pid_t pid)
{
    kill(pid, SIGTERM);
    for (int tries = 0; tries < 100; tries++) {
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return;
        usleep(50 * 1000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static int connect_to(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)port)};
    for (int tries = 0; tries < 200; tries++) {
        int call = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_true(call >= 0);
        if (connect(call, (struct sockaddr *)&address, sizeof address) == 0)
            return call;
        close(call);
        usleep(50 * 1000);
    }
    fail_msg("nobody listens on port %u", port);
    return -1;
}

/* The SMSC: what Kannel hands over, line by line. */
typedef struct Smsc {
    int socket;
    pthread_t thread;
    pthread_mutex_t lock;
    char lines[LINES_MAX][2000];
    size_t count;
} Smsc;

static void *smsc_read(void *state)
{
    Smsc *smsc = state;
    FILE *stream = fdopen(dup(smsc->socket), "r");
    assert_non_null(stream);
    char line[2000];
    while (fgets(line, sizeof line, stream)) {
        pthread_mutex_lock(&smsc->lock);
        if (smsc->count < LINES_MAX)
            memcpy(smsc->lines[smsc->count++], line, sizeof line);
        pthread_mutex_unlock(&smsc->lock);
    }
    fclose(stream);
    return NULL;
}

typedef struct Kannel {
    pid_t bearerbox, smsbox;
    Smsc *smsc;
} Kannel;

static const char *config_write(TestHome *home, const char *token)
{
    const char *path = arena_printf(home->context.arena, "%s/kannel.conf", home->dir);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fprintf(
        file,
        "group = core\nadmin-port = 13000\nadmin-interface = 127.0.0.1\nadmin-password = admin\n"
        "smsbox-port = %d\nsmsbox-interface = 127.0.0.1\nbox-allow-ip = 127.0.0.1\nlog-level = "
        "4\n\n"
        "group = smsc\nsmsc = fake\nsmsc-id = F\nport = %d\nconnect-allow-ip = 127.0.0.1\n\n"
        "group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = %d\nsendsms-interface = "
        "127.0.0.1\n"
        "log-level = 4\n\n"
        "group = sendsms-user\nusername = talent\npassword = secret\nmax-messages = "
        "5\nconcatenation = true\n\n"
        "group = sms-service\nkeyword = default\ncatch-all = true\nmax-messages = 0\nomit-empty = "
        "true\n"
        "get-url = \"http://127.0.0.1:%d/reply/%s/g?from=%%p&text=%%b&id=%%I\"\n",
        BOX_PORT, SMSC_PORT, SEND_PORT, RECEIVE_PORT, token);
    assert_int_equal(fclose(file), 0);
    return path;
}

static Kannel kannel_start(TestHome *home, const char *config)
{
    Kannel kannel = {.bearerbox = start("/usr/sbin/bearerbox", config)};
    close(connect_to(BOX_PORT));
    kannel.smsbox = start("/usr/sbin/smsbox", config);
    close(connect_to(SEND_PORT));
    kannel.smsc = arena_alloc(home->context.arena, sizeof *kannel.smsc);
    pthread_mutex_init(&kannel.smsc->lock, NULL);
    kannel.smsc->socket = connect_to(SMSC_PORT);
    assert_int_equal(pthread_create(&kannel.smsc->thread, NULL, smsc_read, kannel.smsc), 0);
    return kannel;
}

static void kannel_stop(Kannel *kannel)
{
    stop(kannel->smsbox);
    stop(kannel->bearerbox);
    shutdown(kannel->smsc->socket, SHUT_RDWR);
    pthread_join(kannel->smsc->thread, NULL);
    close(kannel->smsc->socket);
}

static void configure(TestHome *home, const char *password)
{
    const char *pass = arena_printf(home->context.arena, "%s/kannel.pass", home->dir);
    FILE *file = fopen(pass, "we");
    assert_non_null(file);
    fprintf(file, "%s\n", password);
    fclose(file);
    assert_int_equal(chmod(pass, 0600), 0);
    test_config(
        home,
        arena_printf(
            home->context.arena,
            "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"kannel\", \"url\": "
            "\"http://127.0.0.1:%d/cgi-bin/sendsms\", \"username\": \"talent\", \"password_file\": "
            "\"kannel.pass\", \"from\": \"12333\", \"connections\": 4}}, "
            "\"receive\": {\"listen\": \"127.0.0.1:%d\"}",
            SEND_PORT, RECEIVE_PORT));
}

static const char *token_of(TestHome *home)
{
    Err err = {0};
    const char *token;
    assert_ok(receiver_token(home->context.arena, home->context.config.token_file, &token, &err),
              &err);
    return token;
}

/* "FROM TO ucs-2 TEXT", where each byte of the text stands for itself or percent-encoded. */
static bool line_has_text(const char *line, const unsigned char *ucs2, size_t length)
{
    const char *at = strstr(line, " ucs-2 ");
    if (!at)
        return false;
    at += strlen(" ucs-2 ");
    for (size_t byte = 0; byte < length; byte++) {
        unsigned value;
        if (*at == '%' && sscanf(at + 1, "%2x", &value) == 1)
            at += 3;
        else if (*at == '+')
            value = ' ', at++;
        else
            value = (unsigned char)*at++;
        if (value != ucs2[byte])
            return false;
    }
    return *at == '\n' || *at == '\0';
}

static void chinese_goes_through_kannel_and_its_receipts_come_back(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 20);
    outbox_campaign(home, 1, 1, 20);
    configure(home, "secret");
    Kannel kannel = kannel_start(home, config_write(home, token_of(home)));
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.sent, 20);
    assert_int_equal(report.delivered, 20);
    assert_int_equal(report.uncertain, 0);
    assert_int_equal(kannel.smsc->count, 20);
    /* 【东莞人社】林1：您好 in UCS-2 */
    static const unsigned char TEXT[] = {0x30, 0x10, 0x4e, 0x1c, 0x83, 0x9e, 0x4e, 0xba,
                                         0x79, 0x3e, 0x30, 0x11, 0x67, 0x97, 0x00, 0x31,
                                         0xff, 0x1a, 0x60, 0xa8, 0x59, 0x7d};
    bool found = false;
    for (size_t at = 0; at < kannel.smsc->count; at++)
        if (strstr(kannel.smsc->lines[at], " 13800000001 "))
            found = line_has_text(kannel.smsc->lines[at], TEXT, sizeof TEXT);
    if (!found)
        fail_msg("the text did not arrive as it was written: %s", kannel.smsc->lines[0]);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM delivery_event WHERE cause = "
                                       "'receipt' AND to_state = 'delivered'"),
                     20);
    kannel_stop(&kannel);
}

static void wrong_password_pauses_the_campaign(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 5);
    outbox_campaign(home, 1, 1, 5);
    configure(home, "wrong");
    Kannel kannel = kannel_start(home, config_write(home, token_of(home)));
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.sent, 0);
    assert_int_equal(report.left_queued, 5);
    assert_int_equal(report.paused_count, 1);
    assert_non_null(strstr(report.paused[0].why, "check username and password_file"));
    assert_int_equal(kannel.smsc->count, 0);
    kannel_stop(&kannel);
}

/* Takes in what Kannel pushes until a reply is stored. */
static void receive_reply(TestHome *home, const Kannel *kannel, const char *line)
{
    Err err = {0};
    GatewaySet gateways;
    assert_ok(gateways_load(&home->context.config, home->context.arena, &gateways, &err), &err);
    ReceiverSettings settings = {.db = home->context.db,
                                 .sealer = home->context.sealer,
                                 .gateways = &gateways,
                                 .address = home->context.config.listen,
                                 .token = token_of(home)};
    Receiver *receiver;
    assert_ok(receiver_open(&settings, &receiver, &err), &err);
    assert_int_equal(send(kannel->smsc->socket, line, strlen(line), 0), strlen(line));
    int64_t stored = 0;
    for (int tries = 0; tries < 200 && stored == 0; tries++) {
        usleep(50 * 1000);
        stored = test_number(home, "SELECT COUNT(*) FROM receipt WHERE kind = 'reply'");
    }
    receiver_close(receiver);
    gateways_done(&gateways);
    assert_int_equal(stored, 1);
}

static void reply_through_kannel_is_an_optout(void **state)
{
    TestHome *home = *state;
    outbox_people(home, 3);
    outbox_campaign(home, 1, 1, 1);
    configure(home, "secret");
    Kannel kannel = kannel_start(home, config_write(home, token_of(home)));
    assert_int_equal(outbox_dispatched(home).delivered, 1);
    receive_reply(home, &kannel, "13800000001 12333 text TD\n");
    outbox_campaign(home, 2, 1, 3);
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.optouts, 1);
    assert_int_equal(report.delivered, 2);
    assert_int_equal(outbox_in_state(home, "suppressed"), 1);
    assert_int_equal(kannel.smsc->count, 3);
    assert_int_equal(
        test_number(home,
                    arena_printf(home->context.arena,
                                 "SELECT COUNT(*) FROM optout WHERE active_hash = UNHEX('%s')",
                                 outbox_hash(home, outbox_phone(home, 1)))),
        1);
    kannel_stop(&kannel);
}

static bool loopback_up(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool up = any >= 0 && ioctl(any, SIOCGIFFLAGS, &request) == 0;
    request.ifr_flags |= IFF_UP | IFF_RUNNING;
    up = up && ioctl(any, SIOCSIFFLAGS, &request) == 0;
    close(any);
    return up;
}

/* Asked in a child: where it is forbidden, unshare() fails there and nothing has happened here. */
static bool may_unshare(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : 1);
    int status = 1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

/* Runs this program again in a network of its own; returns only when that can't be. */
static void enter_own_network(const char *self)
{
    setenv("TALENT_OWN_NETWORK", "1", 1);
    unsetenv("TALENT_TEST_DATABASE"); /* which cannot be reached from there */
    if (geteuid() == 0)
        execlp("unshare", "unshare", "--net", self, (char *)NULL);
    else
        execlp("unshare", "unshare", "--net", "--map-root-user", self, (char *)NULL);
}

int main(int argc, char **argv)
{
    (void)argc;
    if (access("/usr/sbin/bearerbox", X_OK) != 0) {
        fprintf(stderr, "SKIPPED: Kannel is not installed (Debian package kannel)\n");
        return 0;
    }
    if (!getenv("TALENT_OWN_NETWORK")) {
        if (may_unshare())
            enter_own_network(argv[0]);
        fprintf(stderr, "SKIPPED: no network namespace can be made here\n");
        return 0;
    }
    if (!loopback_up()) {
        fprintf(stderr, "SKIPPED: the loopback of the new network does not come up\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_goes_through_kannel_and_its_receipts_come_back),
        cmocka_unit_test(wrong_password_pauses_the_campaign),
        cmocka_unit_test(reply_through_kannel_is_an_optout),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
