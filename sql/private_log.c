#include "base/lang.h"
#include "sql/private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { LOG_LIMIT_BYTES = 4 * 1024 * 1024, READ_BYTES = 64 * 1024 };
/* With less than this the server cannot even make its files. */
enum { SPACE_NEEDED_MB = 300, SPACE_NONE_MB = 16 };

ErrCode private_program(Arena *arena, const char *name, const char **ret_path, Err *err)
{
    const char *search = getenv("PATH");
    /* Debian's server lies where an ordinary user's PATH does not lead. */
    const char *places =
        arena_printf(arena, "%s:/usr/sbin:/usr/local/sbin", search ? search : "/usr/bin");
    for (const char *at = places; *at;) {
        size_t length = strcspn(at, ":");
        const char *path = arena_printf(arena, "%.*s/%s", (int)length, at, name);
        if (length > 0 && access(path, X_OK) == 0) {
            *ret_path = path;
            return OK;
        }
        at += length + (at[length] == ':');
    }
    err_set(err, ERR_IO, _("cannot find the program '%s' of MariaDB"), name);
    return err_hint(err, _("install the package mariadb-server (sudo apt install mariadb-server), "
                           "or name a server as "
                           "\"database\" in talent.json"));
}

ErrCode private_log_open(const Server *server, int *ret_log, off_t *ret_offset, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *path = private_path(arena, server, "db.log");
    struct stat status;
    if (stat(path, &status) == 0 && status.st_size > LOG_LIMIT_BYTES)
        rename(path, private_path(arena, server, "db.log.old"));
    int log = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), path);
    *ret_offset = lseek(log, 0, SEEK_END);
    *ret_log = log;
    return OK;
}

static char *log_read(Arena *arena, const Server *server, off_t offset)
{
    char *text = arena_alloc(arena, READ_BYTES + 1);
    int log = open(private_path(arena, server, "db.log"), O_RDONLY | O_CLOEXEC);
    ssize_t length = log >= 0 ? pread(log, text, READ_BYTES, offset) : 0;
    if (log >= 0)
        close(log);
    text[length > 0 ? length : 0] = '\0';
    return text;
}

/* The first line that the server itself calls an error: the later ones follow from it. Else the
 * last line. */
static const char *log_cause(Arena *arena, char *text)
{
    static const char MARK[] = "[ERROR] ";
    char *cause = strstr(text, MARK);
    if (cause) {
        cause += sizeof MARK - 1;
        return arena_strndup(arena, cause, strcspn(cause, "\n"));
    }
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    const char *last = strrchr(text, '\n');
    return last ? last + 1 : text;
}

off_t private_log_end(const Server *server)
{
    AUTO_ARENA arena = arena_new(0);
    struct stat status;
    return stat(private_path(arena, server, "db.log"), &status) == 0 ? status.st_size : 0;
}

static bool disk_full(const Server *server, const char *log_text)
{
    static const char *const SIGNS[] = {"No space left", "errno: 28",    "Errcode: 28",
                                        "error: 28",     "Disk is full", "error 28"};
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (strstr(log_text, SIGNS[i]))
            return true;
    struct statvfs disk;
    return statvfs(server->home, &disk) == 0 &&
           disk.f_bavail * disk.f_frsize < (unsigned long)SPACE_NONE_MB * 1024 * 1024;
}

bool private_ran_full(const Server *server, off_t log_offset)
{
    AUTO_ARENA arena = arena_new(0);
    return disk_full(server, log_read(arena, server, log_offset));
}

ErrCode private_failed(const Server *server, off_t log_offset, const char *what, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    char *text = log_read(arena, server, log_offset);
    if (disk_full(server, text)) {
        err_set(err, ERR_IO, _("%s: no space left on the disk of '%s'"), what, server->home);
        return err_hint(err, _("free at least %d MB there, or choose another disk with --home"),
                        SPACE_NEEDED_MB);
    }
    const char *cause = log_cause(arena, text);
    err_set(err, ERR_IO, "%s: %s", what, cause[0] ? cause : _("its log says nothing"));
    return err_hint(err, _("the whole story is in '%s/db.log'"), server->home);
}
