#include "sql/private.h"

#include "base/lang.h"
#include "sql/connection.h"
#include "sql/statement.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { STOP_SECONDS = 300, POLL_MS = 20 };

_Static_assert(sizeof((PrivateSocket){0}.path) == sizeof((struct sockaddr_un){0}.sun_path),
               "a PrivateSocket's path fits into a socket address");

char *private_path(Arena *arena, const Server *server, const char *name)
{
    return arena_printf(arena, "%s/%s", server->home, name);
}

ErrCode private_socket(const Server *server, PrivateSocket *ret_socket, Err *err)
{
    PrivateSocket socket = {.folder = -1};
    int length = snprintf(socket.path, sizeof socket.path, "%s/db.sock", server->home);
    if (length < 0 || (size_t)length >= sizeof socket.path) {
        socket.folder = open(server->home, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (socket.folder < 0)
            return err_errno(err, ERR_IO, errno, _("cannot open folder '%s'"), server->home);
        snprintf(socket.path, sizeof socket.path, "/proc/self/fd/%d/db.sock", socket.folder);
    }
    *ret_socket = socket;
    return OK;
}

void private_socket_done(PrivateSocket *socket)
{
    if (socket->folder >= 0)
        close(socket->folder);
    socket->folder = -1;
}

/* A server accepts long before it is ready, while it still recovers; it greets when it is. */
static bool greets(const PrivateSocket *at)
{
    enum { GREETING_MS = 300 };
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, at->path, sizeof address.sun_path);
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe < 0)
        return false;
    char byte;
    struct pollfd greeting = {.fd = probe, .events = POLLIN};
    bool greeted = connect(probe, (struct sockaddr *)&address, sizeof address) == 0 &&
                   poll(&greeting, 1, GREETING_MS) == 1 && recv(probe, &byte, 1, 0) == 1;
    close(probe);
    return greeted;
}

bool private_answers(const Server *server)
{
    Err ignored;
    PrivateSocket at;
    if (private_socket(server, &at, &ignored) != OK)
        return false;
    bool answers = greets(&at);
    private_socket_done(&at);
    return answers;
}

ErrCode private_running_lock(const Server *server, int *ret_lock, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *path = private_path(arena, server, "db.running");
    int lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock < 0)
        return err_errno(err, ERR_IO, errno, _("cannot open '%s'"), path);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        int reason = errno;
        close(lock);
        if (reason != EWOULDBLOCK)
            return err_errno(err, ERR_IO, reason, _("cannot lock '%s'"), path);
        lock = -1;
    }
    *ret_lock = lock;
    return OK;
}

static ErrCode shutdown_wait(const Server *server, Err *err)
{
    for (int waited_ms = 0; waited_ms < STOP_SECONDS * 1000; waited_ms += POLL_MS) {
        int lock;
        TRY(private_running_lock(server, &lock, err));
        if (lock >= 0) {
            close(lock);
            return OK;
        }
        usleep(POLL_MS * 1000);
    }
    err_set(err, ERR_IO, _("the private database of '%s' did not end within %d seconds"),
            server->home, STOP_SECONDS);
    return err_hint(err, _("see '%s/db.log'"), server->home);
}

/* *ret_answers false = nothing runs. A server that is coming up or going down is waited for. */
static ErrCode settled(const Server *server, bool *ret_answers, Err *err)
{
    for (int waited_ms = 0; waited_ms < STOP_SECONDS * 1000; waited_ms += POLL_MS) {
        *ret_answers = private_answers(server);
        if (*ret_answers)
            return OK;
        int lock;
        TRY(private_running_lock(server, &lock, err));
        if (lock >= 0) {
            close(lock);
            return OK;
        }
        usleep(POLL_MS * 1000);
    }
    return private_failed(server, 0, _("the private database neither answers nor ends"), err);
}

ErrCode private_stop(const Server *server, bool *ret_stopped, Err *err)
{
    bool answers;
    TRY(settled(server, &answers, err));
    if (!answers) {
        *ret_stopped = false;
        return OK;
    }
    Db *db;
    TRY(connection_open(server, false, &db, err));
    ErrCode code =
        connection_text(db, "server_shutdown", STATEMENTS[QUERY_SQL_SERVER_SHUTDOWN].text, err);
    db_close(db);
    if (code != OK && code != ERR_DB_GONE)
        return code;
    TRY(shutdown_wait(server, err));
    *ret_stopped = true;
    return OK;
}

pid_t private_pid(const Server *server)
{
    AUTO_ARENA arena = arena_new(0);
    long pid = 0;
    FILE *file =
        private_answers(server) ? fopen(private_path(arena, server, "db.pid"), "re") : NULL;
    if (!file)
        return 0;
    if (fscanf(file, "%ld", &pid) != 1 || pid <= 0)
        pid = 0;
    fclose(file);
    return (pid_t)pid;
}

static _Thread_local int64_t counted_blocks;

static int count_blocks(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)path;
    (void)place;
    if (kind == FTW_F)
        counted_blocks += status->st_blocks;
    return 0;
}

int64_t private_bytes(const Server *server)
{
    enum { OPEN_FOLDERS = 8, BLOCK_BYTES = 512 };
    AUTO_ARENA arena = arena_new(0);
    counted_blocks = 0;
    nftw(private_path(arena, server, "db"), count_blocks, OPEN_FOLDERS, FTW_PHYS);
    return counted_blocks * BLOCK_BYTES;
}
