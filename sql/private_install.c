#include "base/lang.h"
#include "sql/private.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_tree(const char *path)
{
    enum { OPEN_FOLDERS = 16 };
    nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static ErrCode run_and_wait(char *const argv[], int log, int keep, int *ret_status, Err *err)
{
    pid_t child = fork();
    if (child < 0)
        return err_errno(err, ERR_IO, errno, _("cannot start '%s'"), argv[0]);
    if (child == 0) {
        private_child(log, keep);
        execv(argv[0], argv);
        _exit(127);
    }
    while (waitpid(child, ret_status, 0) < 0)
        if (errno != EINTR)
            return err_errno(err, ERR_IO, errno, _("cannot wait for '%s'"), argv[0]);
    return OK;
}

/* A rename is only as good as what it names: first the files, then the name. */
static ErrCode publish(const Server *server, const char *from, const char *to, Err *err)
{
    int folder = open(server->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return err_errno(err, ERR_IO, errno, _("cannot open folder '%s'"), server->home);
    bool done = syncfs(folder) == 0 && rename(from, to) == 0 && fsync(folder) == 0;
    int reason = errno;
    close(folder);
    if (!done)
        return err_errno(err, ERR_IO, reason, _("cannot make the database folder '%s'"), to);
    return OK;
}

ErrCode private_tmp(const Server *server, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *path = private_path(arena, server, "db.tmp");
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return err_errno(err, ERR_IO, errno, _("cannot make folder '%s'"), path);
    return OK;
}

ErrCode private_install(const Server *server, int lock, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *fresh = private_path(arena, server, "db.new");
    const char *program;
    TRY(private_program(arena, "mariadb-install-db", &program, err));
    TRY(private_tmp(server, err));
    remove_tree(fresh);
    if (mkdir(fresh, 0700) != 0)
        return err_errno(err, ERR_IO, errno, _("cannot make folder '%s'"), fresh);
    int log, status;
    off_t offset;
    TRY(private_log_open(server, &log, &offset, err));
    char *argv[] = {
        arena_strdup(arena, program),
        arena_strdup(arena, "--no-defaults"),
        arena_printf(arena, "--datadir=%s", fresh),
        arena_printf(arena, "--tmpdir=%s/db.tmp", server->home),
        arena_strdup(arena, "--auth-root-authentication-method=socket"),
        arena_printf(arena, "--auth-root-socket-user=%s", server->user),
        arena_strdup(arena, "--skip-test-db"),
        arena_strdup(arena, "--skip-name-resolve"),
        arena_strdup(arena, "--force"), /* a machine that cannot look up its own name will do */
        arena_strdup(arena, "--innodb-log-file-size=128M"),
        arena_strdup(arena, "--innodb-undo-tablespaces=2"),
        geteuid() == 0 ? arena_strdup(arena, "--user=root") : NULL,
        NULL,
    };
    ErrCode code = run_and_wait(argv, log, lock, &status, err);
    close(log);
    struct stat made;
    if (code == OK && (status != 0 || stat(arena_printf(arena, "%s/mysql", fresh), &made) != 0))
        code = private_failed(server, offset, _("cannot initialise the private database"), err);
    if (code == OK)
        code = publish(server, fresh, private_path(arena, server, "db"), err);
    if (code != OK)
        remove_tree(fresh);
    return code;
}
