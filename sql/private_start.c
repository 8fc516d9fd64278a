#include "base/lang.h"
#include "sql/private.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { POLL_MS = 10, LOCK_SECONDS = 180, ANSWER_SECONDS = 150 };

static const char *owner_name(Arena *arena, uid_t uid)
{
    const struct passwd *owner = getpwuid(uid);
    return owner ? arena_strdup(arena, owner->pw_name) : arena_printf(arena, "%u", uid);
}

/* *ret_exists: HOME/db is a data folder. Refuses a folder of somebody else, and one that is
 * something else. */
static ErrCode data_check(const Server *server, bool *ret_exists, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *data = private_path(arena, server, "db");
    struct stat status;
    if (lstat(data, &status) != 0) {
        *ret_exists = false;
        return errno == ENOENT ? OK : err_errno(err, ERR_IO, errno, _("cannot look at '%s'"), data);
    }
    if (status.st_uid != geteuid()) {
        const char *owner = owner_name(arena, status.st_uid), *self = owner_name(arena, geteuid());
        err_set(err, ERR_IO, _("the database folder '%s' belongs to user '%s', not to '%s'"), data,
                owner, self);
        return err_hint(err, _("run the command as '%s', or choose another --home"), owner);
    }
    struct stat system_tables;
    *ret_exists = stat(arena_printf(arena, "%s/mysql", data), &system_tables) == 0;
    if (!*ret_exists && rmdir(data) != 0) {
        err_set(err, ERR_IO, _("'%s' exists and is no database"), data);
        return err_hint(err, _("move it away, or choose another --home"));
    }
    return OK;
}

static ErrCode lock_take(const Server *server, int *ret_lock, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *path = private_path(arena, server, "db.lock");
    int lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock < 0) {
        int reason = errno;
        err_errno(err, ERR_IO, reason, _("cannot write '%s'"), path);
        return reason == ENOSPC ? ERR_IO
                                : err_hint(err, _("choose a folder of your own with --home"));
    }
    for (int waited_ms = 0; flock(lock, LOCK_EX | LOCK_NB) != 0; waited_ms += POLL_MS) {
        if (waited_ms >= LOCK_SECONDS * 1000 || (errno != EWOULDBLOCK && errno != EINTR)) {
            close(lock);
            err_set(err, ERR_IO,
                    _("another command has been starting the database of '%s' for %d seconds"),
                    server->home, LOCK_SECONDS);
            return err_hint(err, _("'fuser %s' names it; end it and try again"), path);
        }
        usleep(POLL_MS * 1000);
    }
    *ret_lock = lock;
    return OK;
}

void private_child(int log, int keep)
{
    enum { KEPT = 3 };
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    if (keep == KEPT)
        fcntl(KEPT, F_SETFD, 0);
    else
        dup2(keep, KEPT);
    close_range(KEPT + 1, ~0U, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
}

enum { MEGABYTE = 1024 * 1024 };

/* For one office machine that does other work too: an eighth of its memory, at least what holds a
 * base of some hundred thousand people. A base that outgrows it is read from the disk again and
 * again while it is written: a million rows then take half as long again. */
static long pool_megabytes(void)
{
    enum { LEAST = 256, MOST = 4096, SHARE = 8 };
    long megabytes = sysconf(_SC_PHYS_PAGES) / SHARE / (MEGABYTE / sysconf(_SC_PAGESIZE));
    return megabytes < LEAST ? LEAST : megabytes > MOST ? MOST : megabytes;
}

/* The redo log lets a large import go on without waiting for pages to be written; a disk with
 * little room keeps the size that the base was made with. */
static long redo_megabytes(const char *home)
{
    enum { SMALL = 128, LARGE = 512, ROOM = 16 * LARGE };
    struct statvfs disk;
    if (statvfs(home, &disk) != 0)
        return SMALL;
    return (uint64_t)disk.f_bavail * disk.f_frsize / MEGABYTE >= ROOM ? LARGE : SMALL;
}

/* Every commit is on disk before it is answered. Temporary tables have a folder of their own: every
 * server that starts removes those of others from the one that it is given. The socket's name is
 * relative to the data, because a socket address holds 107 bytes only. */
static char **server_arguments(Arena *arena, const Server *server, const char *program)
{
    const char *arguments[] = {
        program,
        "--no-defaults",
        arena_printf(arena, "--datadir=%s/db", server->home),
        arena_printf(arena, "--pid-file=%s/db.pid", server->home),
        arena_printf(arena, "--tmpdir=%s/db.tmp", server->home),
        "--socket=../db.sock",
        "--skip-networking",
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_bin",
        "--innodb-flush-log-at-trx-commit=1",
        arena_printf(arena, "--innodb-buffer-pool-size=%ldM", pool_megabytes()),
        arena_printf(arena, "--innodb-log-file-size=%ldM", redo_megabytes(server->home)),
        "--innodb-log-buffer-size=64M",
        "--innodb-undo-tablespaces=2", /* as initialised */
        "--innodb-undo-log-truncate=ON",
        "--innodb-max-undo-log-size=64M",
        "--max-allowed-packet=64M",
        "--log-warnings=1", /* else each look whether it answers would be a line in the log */
        geteuid() == 0 ? "--user=root" : NULL,
    };
    size_t count = sizeof arguments / sizeof *arguments;
    char **argv = arena_array(arena, char *, count + 1);
    for (size_t i = 0; i < count && arguments[i]; i++)
        argv[i] = arena_strdup(arena, arguments[i]);
    return argv;
}

/* Forks twice: the server is nobody's child, has its own session, and holds the lock `running`
 * while it lives. */
static ErrCode spawn(const Server *server, int running, off_t *ret_log_offset, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *program;
    int log;
    TRY(private_program(arena, "mariadbd", &program, err));
    TRY(private_tmp(server, err));
    TRY(private_log_open(server, &log, ret_log_offset, err));
    char **argv = server_arguments(arena, server, program);
    pid_t child = fork();
    if (child == 0) {
        setsid();
        if (fork() != 0)
            _exit(0);
        private_child(log, running);
        execv(argv[0], argv);
        _exit(127);
    }
    int reason = errno;
    close(log);
    if (child < 0)
        return err_errno(err, ERR_IO, reason, _("cannot start '%s'"), program);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return OK;
}

/* Under the lock: waits for a server that lives, starts one when none does. */
static ErrCode start_locked(const Server *server, int lock, bool *ret_started, Err *err)
{
    bool spawned = false;
    off_t log_offset = 0;
    for (int waited_ms = 0; waited_ms < ANSWER_SECONDS * 1000; waited_ms += POLL_MS) {
        int running;
        if (private_answers(server)) {
            *ret_started = spawned;
            return OK;
        }
        TRY(private_running_lock(server, &running, err));
        if (running >= 0 && spawned) {
            close(running);
            return private_failed(server, log_offset, _("the private database did not start"), err);
        }
        if (running >= 0) {
            bool exists;
            ErrCode code = data_check(server, &exists, err);
            if (code == OK && !exists)
                code = private_install(server, lock, err);
            if (code == OK)
                code = spawn(server, running, &log_offset, err);
            close(running);
            if (code != OK)
                return code;
            spawned = true;
        }
        usleep(POLL_MS * 1000);
    }
    return private_failed(server, log_offset, _("the private database runs but does not answer"),
                          err);
}

ErrCode private_start(const Server *server, bool *ret_started, Err *err)
{
    bool started = false, exists;
    if (!private_answers(server)) {
        int lock = -1;
        TRY(data_check(server, &exists, err));
        TRY(lock_take(server, &lock, err));
        ErrCode code = start_locked(server, lock, &started, err);
        close(lock);
        if (code != OK)
            return code;
    }
    if (ret_started)
        *ret_started = started;
    return OK;
}
