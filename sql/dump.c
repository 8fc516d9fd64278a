#include "sql/dump.h"

#include "base/buffer.h"
#include "base/command.h"
#include "base/lang.h"
#include "base/text.h"
#include "sql/connection.h"
#include "sql/private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child finds where. The folder is that of a socket whose path is too long for an address. */
enum { SETTINGS_FD = 3, FOLDER_FD = 4, PIECE_BYTES = 256 * 1024 };

static void line_end(DumpLines *lines)
{
    static const char INSERT[] = "INSERT INTO `";
    size_t kept = lines->length < sizeof lines->start - 1 ? lines->length : sizeof lines->start - 1;
    lines->start[kept] = '\0';
    if (lines->start[0] == '(') {
        json_t *count = lines->table ? json_object_get(lines->counts, lines->table) : NULL;
        lines->wrong = lines->wrong || !count;
        if (count)
            json_integer_set(count, json_integer_value(count) + 1);
    } else if (text_starts(lines->start, INSERT)) {
        char *name = lines->start + sizeof INSERT - 1;
        name[strcspn(name, "`")] = '\0';
        lines->table = NULL;
        const char *key;
        json_t *value;
        json_object_foreach(lines->counts, key, value)
        {
            if (text_equal(key, name))
                lines->table = key;
        }
        lines->wrong = lines->wrong || !lines->table;
    } else {
        /* settings of the session, in comments that servers read */
        lines->wrong = lines->wrong || (kept > 0 && !text_starts(lines->start, "/*"));
    }
    lines->length = 0;
}

void dump_lines(DumpLines *lines, const char *bytes, size_t length)
{
    while (length > 0) {
        const char *end = memchr(bytes, '\n', length);
        size_t piece = end ? (size_t)(end - bytes) : length;
        size_t room = sizeof lines->start - 1;
        if (lines->length < room)
            memcpy(lines->start + lines->length, bytes,
                   piece < room - lines->length ? piece : room - lines->length);
        lines->length += piece;
        if (end)
            line_end(lines);
        bytes += piece + (end ? 1 : 0);
        length -= piece + (end ? 1 : 0);
    }
}

/* A value of an option file, in quotes. */
static void setting(Buffer *out, const char *name, const char *value)
{
    buffer_printf(out, "%s=\"", name);
    for (const char *c = value; *c; c++) {
        if (*c == '"' || *c == '\\')
            buffer_char(out, '\\');
        buffer_char(out, *c);
    }
    buffer_text(out, "\"\n");
}

/* How to reach the server that db talks to: in memory, because command lines can be read by
 * others. */
static ErrCode settings_write(const Db *db, const char *socket, int *ret_file, Err *err)
{
    AUTO_BUFFER text = BUFFER(64 * 1024);
    const Server *server = &db->server;
    buffer_text(&text, "[client]\n");
    setting(&text, "user", server->user);
    if (socket) {
        setting(&text, "socket", socket);
    } else {
        setting(&text, "host", db->client->host);
        buffer_printf(&text, "protocol=tcp\nport=%u\n", db->client->port);
        setting(&text, "password", server->password ? server->password : "");
    }
    if (server->ssl_ca) {
        setting(&text, "ssl-ca", server->ssl_ca);
        buffer_text(&text, "ssl-verify-server-cert\n");
    }
    TRY(buffer_check(&text, "settings", err));
    int file = memfd_create("talent", MFD_CLOEXEC);
    if (file < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make '%s'"), "memfd");
    if (fchmod(file, 0600) != 0 || write(file, text.bytes, text.length) != (ssize_t)text.length) {
        close(file);
        return err_set(err, ERR_IO, _("cannot write '%s'"), "memfd");
    }
    *ret_file = file;
    return OK;
}

typedef struct Dumper {
    pid_t pid;
    int out, complaints;
} Dumper;

typedef struct ChildFiles {
    int settings, folder, out, complaints;
} ChildFiles;

static void child_files(const ChildFiles *files)
{
    enum { BEYOND = 16 };
    int nothing = open("/dev/null", O_RDONLY);
    /* first out of the way of where they go to */
    int settings = fcntl(files->settings, F_DUPFD, BEYOND);
    int folder = files->folder >= 0 ? fcntl(files->folder, F_DUPFD, BEYOND) : -1;
    dup2(nothing, STDIN_FILENO);
    dup2(files->out, STDOUT_FILENO);
    dup2(files->complaints, STDERR_FILENO);
    dup2(settings, SETTINGS_FD);
    if (folder >= 0)
        dup2(folder, FOLDER_FD);
    close_range(folder >= 0 ? FOLDER_FD + 1 : SETTINGS_FD + 1, ~0U, 0);
    signal(SIGPIPE, SIG_DFL);
}

static void child_run(const char *program, const char *schema, const ChildFiles *files)
{
    char settings_option[64], ignored[256], name[128];
    snprintf(settings_option, sizeof settings_option, "--defaults-file=/proc/self/fd/%d",
             SETTINGS_FD);
    snprintf(ignored, sizeof ignored, "--ignore-table=%.100s.schema_migration", schema);
    snprintf(name, sizeof name, "%.120s", schema);
    char *const argv[] = {
        (char[]){"mariadb-dump"},
        settings_option,
        (char[]){"--single-transaction"}, /* one moment, and nobody waits */
        (char[]){"--skip-opt"},
        (char[]){"--quick"},
        (char[]){"--extended-insert"},
        (char[]){"--no-create-info"}, /* the schema is the program's */
        (char[]){"--skip-triggers"},
        (char[]){"--skip-comments"},
        (char[]){"--no-tablespaces"},
        (char[]){"--hex-blob"},
        (char[]){"--default-character-set=utf8mb4"},
        (char[]){"--net-buffer-length=262144"}, /* bytes of one statement */
        (char[]){"--max-allowed-packet=1G"},
        ignored,
        name,
        NULL,
    };
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    child_files(files);
    execv(program, argv);
    _exit(127);
}

static ErrCode dumper_fork(const char *program, const char *schema, ChildFiles *files,
                           Dumper *ret_dumper, Err *err)
{
    int ends[2];
    files->complaints = memfd_create("talent", MFD_CLOEXEC);
    if (files->complaints < 0 || pipe2(ends, O_CLOEXEC) != 0)
        return err_errno(err, ERR_IO, errno, _("cannot start '%s'"), program);
    files->out = ends[1];
    pid_t pid = fork();
    if (pid == 0)
        child_run(program, schema, files);
    int reason = errno;
    close(ends[1]);
    *ret_dumper = (Dumper){.pid = pid, .out = ends[0], .complaints = files->complaints};
    return pid > 0 ? OK : err_errno(err, ERR_IO, reason, _("cannot start '%s'"), program);
}

static ErrCode dumper_start(Db *db, Dumper *ret_dumper, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *program, *path = NULL;
    PrivateSocket socket = {.folder = -1};
    ChildFiles files = {.settings = -1};
    TRY(private_program(arena, "mariadb-dump", &program, err));
    if (db->server.home) {
        TRY(private_socket(&db->server, &socket, err));
        path = socket.folder < 0 ? socket.path
                                 : arena_printf(arena, "/proc/self/fd/%d/db.sock", FOLDER_FD);
    }
    files.folder = socket.folder;
    ErrCode code = settings_write(db, path, &files.settings, err);
    if (code == OK)
        code = dumper_fork(program, db->server.schema, &files, ret_dumper, err);
    if (files.settings >= 0)
        close(files.settings);
    private_socket_done(&socket);
    return code;
}

/* What it said, in one line. */
static ErrCode complaint(int file, int status, Err *err)
{
    char text[300];
    ssize_t length = pread(file, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    return err_set(err, ERR_IO, _("'%s' failed with status %d: %s"), "mariadb-dump",
                   WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text);
}

static ErrCode pump(const Dumper *dumper, DumpSink sink, DumpLines *lines, Err *err)
{
    static _Thread_local char piece[PIECE_BYTES];
    for (;;) {
        ssize_t length = read(dumper->out, piece, sizeof piece);
        if (command_interrupted)
            return err_set(err, ERR_INTERRUPTED, _("stopped"));
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), "mariadb-dump");
        if (length == 0)
            return OK;
        dump_lines(lines, piece, (size_t)length);
        TRY(sink.write(sink.state, piece, (size_t)length, err));
    }
}

ErrCode dump_write(Db *db, DumpSink sink, json_t *counts, Err *err)
{
    Dumper dumper = {.pid = -1, .out = -1, .complaints = -1};
    DumpLines lines = {.counts = counts};
    int status = 0;
    TRY(dumper_start(db, &dumper, err));
    ErrCode code = pump(&dumper, sink, &lines, err);
    close(dumper.out);
    if (code != OK)
        kill(dumper.pid, SIGKILL);
    while (waitpid(dumper.pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (code == OK && status != 0)
        code = complaint(dumper.complaints, status, err);
    else if (code == OK && (lines.wrong || lines.length > 0))
        code = err_set(err, ERR_IO, _("'%s' wrote what no copy of a base holds"), "mariadb-dump");
    close(dumper.complaints);
    return code;
}
