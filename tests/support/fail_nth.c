/* tests/support/fail_nth.c: preloaded into the program (LD_PRELOAD): makes one of its calls to the
 * outside fail, as such calls fail. The program itself knows nothing of it.
 * Shape:  FAIL_NTH=KIND:N:HOW, the N-th call of a KIND from 1; N = 0 only counts. FAIL_NTH_AWAY=N:
 *         from the N-th call of kind db on the base is away for good. FAIL_NTH_HOME=DIR: files below
 *         it are meant. FAIL_NTH_REPORT=FILE: counts by kind, and what was made to fail, once the
 *         program ends.
 *         db: conflict (rolled back, 1213), full (1021), gone_before (the connection breaks before
 *         the server sees it), gone_after (the server has done it, its answer is lost).
 *         http: reset, late_reset (what the other side said is lost with it), closed, short,
 *         interrupted. Bytes of a call that fails do not go out: no system sends them.
 *         file: full, io, interrupted, short.
 * Source: DOMAIN checklist 32-34, 37, 64; STYLE 27. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errmsg.h>
#include <errno.h>
#include <fcntl.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum Kind { DB, HTTP, FILES, KINDS } Kind;

static const char *const NAMES[KINDS] = {"db", "http", "file"};

static struct {
    atomic_int counts[KINDS];
    Kind kind;
    int at, away;
    char how[32], home[256], report[256], fired[64];
} state = {.kind = KINDS};

/* The function that the program would have called: each by its own type. */
#define REAL(function) ((__typeof__(&function))real(#function))

static void *real(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

static void variable_take(const char *name, char *out, size_t size)
{
    const char *value = getenv(name);
    snprintf(out, size, "%s", value ? value : "");
    unsetenv(name); /* what the program starts is left alone */
}

__attribute__((constructor)) static void begin(void)
{
    char order[64], away[16];
    unsetenv("LD_PRELOAD");
    variable_take("FAIL_NTH", order, sizeof order);
    variable_take("FAIL_NTH_AWAY", away, sizeof away);
    variable_take("FAIL_NTH_HOME", state.home, sizeof state.home);
    variable_take("FAIL_NTH_REPORT", state.report, sizeof state.report);
    state.away = (int)strtol(away, NULL, 10);
    char *n = strchr(order, ':'), *how = n ? strchr(n + 1, ':') : NULL;
    if (!how)
        return;
    *n = *how = '\0';
    state.at = (int)strtol(n + 1, NULL, 10);
    snprintf(state.how, sizeof state.how, "%s", how + 1);
    for (state.kind = DB; state.kind < KINDS && strcmp(order, NAMES[state.kind]) != 0;)
        state.kind++;
}

__attribute__((destructor)) static void end(void)
{
    FILE *out = *state.report ? fopen(state.report, "we") : NULL;
    if (!out)
        return;
    for (Kind kind = DB; kind < KINDS; kind++)
        fprintf(out, "%s %d\n", NAMES[kind], atomic_load(&state.counts[kind]));
    fprintf(out, "failed %s\n", *state.fired ? state.fired : "nothing");
    fclose(out);
}

/* Counts a call; true when this is the one. */
static bool due(Kind kind, const char *call)
{
    int n = atomic_fetch_add(&state.counts[kind], 1) + 1;
    if (kind != state.kind || n != state.at)
        return false;
    snprintf(state.fired, sizeof state.fired, "%s", call);
    return true;
}

static bool how(const char *word)
{
    return strcmp(state.how, word) == 0;
}

/* Away for good from that call on. */
static bool base_is_away(void)
{
    return state.away > 0 && atomic_load(&state.counts[DB]) >= state.away;
}

static void client_cut(MYSQL *client)
{
    shutdown(mysql_get_socket(client), SHUT_RDWR);
}

static void client_fail(MYSQL *client, unsigned number, const char *sqlstate, const char *why)
{
    client->net.last_errno = number;
    snprintf(client->net.sqlstate, sizeof client->net.sqlstate, "%s", sqlstate);
    snprintf(client->net.last_error, sizeof client->net.last_error, "%s", why);
}

/* What the server says once it could not, or what the client library says once the server is gone.
 * Returns what the call returns. */
static int refuse(MYSQL *client, bool conflicts)
{
    if (conflicts && how("conflict")) {
        (void)REAL(mysql_real_query)(client, "ROLLBACK", 8);
        client_fail(client, ER_LOCK_DEADLOCK, "40001",
                    "Deadlock found when trying to get lock; try restarting transaction");
    } else if (how("full")) {
        client_fail(client, ER_DISK_FULL, "HY000", "Disk full; waiting for someone to free space");
    } else {
        client_cut(client);
        client_fail(client, CR_SERVER_LOST, "HY000", "Lost connection to server during query");
    }
    return 1;
}

static void stmt_fail(MYSQL_STMT *stmt)
{
    stmt->last_errno = stmt->mysql->net.last_errno;
    memcpy(stmt->sqlstate, stmt->mysql->net.sqlstate, sizeof stmt->sqlstate);
    snprintf(stmt->last_error, sizeof stmt->last_error, "%s", stmt->mysql->net.last_error);
}

MYSQL *STDCALL mysql_real_connect(MYSQL *client, const char *host, const char *user,
                                  const char *password, const char *schema, unsigned port,
                                  const char *path, unsigned long flags)
{
    bool fails = due(DB, "connect");
    if (!fails && !base_is_away())
        return REAL(mysql_real_connect)(client, host, user, password, schema, port, path, flags);
    /* A socket that refuses is tried again for a while, in case the server is being started: a base
     * that stays away is one that takes nobody in. */
    bool refuses = base_is_away() || how("full");
    client_fail(client, refuses ? ER_CON_COUNT_ERROR : CR_CONNECTION_ERROR, "HY000",
                refuses ? "Too many connections" : "Can't connect to local server");
    return NULL;
}

int STDCALL mysql_real_query(MYSQL *client, const char *text, unsigned long length)
{
    char word[24];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(text, " ("), text);
    bool fails = due(DB, word);
    if (base_is_away() || (fails && how("gone_before"))) {
        client_cut(client); /* the client library finds out by itself */
        return REAL(mysql_real_query)(client, text, length);
    }
    if (!fails)
        return REAL(mysql_real_query)(client, text, length);
    if (how("gone_after"))
        (void)REAL(mysql_real_query)(client, text, length);
    return refuse(client, true);
}

int STDCALL mysql_stmt_prepare(MYSQL_STMT *stmt, const char *text, unsigned long length)
{
    bool fails = due(DB, "prepare");
    if (fails || base_is_away())
        client_cut(stmt->mysql);
    return REAL(mysql_stmt_prepare)(stmt, text, length);
}

int STDCALL mysql_stmt_execute(MYSQL_STMT *stmt)
{
    bool fails = due(DB, "execute");
    if (base_is_away() || (fails && how("gone_before"))) {
        client_cut(stmt->mysql);
        return REAL(mysql_stmt_execute)(stmt);
    }
    if (!fails)
        return REAL(mysql_stmt_execute)(stmt);
    if (how("gone_after"))
        (void)REAL(mysql_stmt_execute)(stmt);
    int failed = refuse(stmt->mysql, true);
    stmt_fail(stmt);
    return failed;
}

static bool is_web(int file)
{
    int saved = errno, family = 0;
    socklen_t size = sizeof family;
    bool web = getsockopt(file, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0 && family == AF_INET;
    errno = saved;
    return web;
}

static int broken(int file, int number)
{
    if (number == ECONNRESET)
        shutdown(file, SHUT_RDWR);
    errno = number;
    return -1;
}

int connect(int file, const struct sockaddr *address, socklen_t size)
{
    if (address->sa_family != AF_INET || !due(HTTP, "connect"))
        return REAL(connect)(file, address, size);
    return broken(file, how("interrupted") ? ENETUNREACH : ECONNREFUSED);
}

/* length is what is to go out; *ret_length what is let out; false = the call fails. */
static bool send_some(int file, size_t length, size_t *ret_length)
{
    *ret_length = length;
    if (how("short")) {
        *ret_length = length > 1 ? length / 2 : length;
        return true;
    }
    (void)broken(file, how("interrupted") ? EINTR : ECONNRESET);
    return false;
}

ssize_t send(int file, const void *bytes, size_t length, int flags)
{
    if (!is_web(file) || !due(HTTP, "send"))
        return REAL(send)(file, bytes, length, flags);
    if (!send_some(file, length, &length))
        return -1;
    return REAL(send)(file, bytes, length, flags);
}

ssize_t sendmsg(int file, const struct msghdr *message, int flags)
{
    if (!is_web(file) || !due(HTTP, "sendmsg"))
        return REAL(sendmsg)(file, message, flags);
    if (how("short") && message->msg_iovlen > 1) {
        struct msghdr first = *message;
        first.msg_iovlen = 1;
        return REAL(sendmsg)(file, &first, flags);
    }
    return broken(file, how("interrupted") ? EINTR : ECONNRESET);
}

ssize_t recv(int file, void *bytes, size_t length, int flags)
{
    if (!is_web(file) || !due(HTTP, "recv"))
        return REAL(recv)(file, bytes, length, flags);
    if (how("short"))
        return REAL(recv)(file, bytes, length > 7 ? 7 : length, flags);
    if (how("closed"))
        return 0;
    if (how("late_reset"))
        (void)REAL(recv)(file, bytes, length, flags);
    return broken(file, how("interrupted") ? EINTR : ECONNRESET);
}

static bool is_ours(const char *path)
{
    size_t length = strlen(state.home);
    return length > 0 && strncmp(path, state.home, length) == 0;
}

static bool is_file(int file)
{
    struct stat status;
    return *state.home && fstat(file, &status) == 0 &&
           (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

/* A file call of the home that is to fail; sets errno. */
static bool spoiled(bool meant, const char *call)
{
    if (!meant || !due(FILES, call))
        return false;
    errno = how("full") ? ENOSPC : how("interrupted") ? EINTR : EIO;
    return true;
}

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
    }
    return spoiled(is_ours(path), "open") ? -1 : REAL(open)(path, flags, mode);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    if (!spoiled(is_file(file), "write"))
        return REAL(write)(file, bytes, length);
    if (!how("short"))
        return -1;
    return REAL(write)(file, bytes, length > 1 ? length / 2 : length);
}

int fsync(int file)
{
    return spoiled(is_file(file), "fsync") ? -1 : REAL(fsync)(file);
}

int rename(const char *from, const char *to)
{
    return spoiled(is_ours(to), "rename") ? -1 : REAL(rename)(from, to);
}

int link(const char *from, const char *to)
{
    return spoiled(is_ours(to), "link") ? -1 : REAL(link)(from, to);
}

int unlink(const char *path)
{
    return spoiled(is_ours(path), "unlink") ? -1 : REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode)
{
    return spoiled(is_ours(path), "mkdir") ? -1 : REAL(mkdir)(path, mode);
}

int flock(int file, int operation)
{
    return spoiled(is_file(file), "flock") ? -1 : REAL(flock)(file, operation);
}
