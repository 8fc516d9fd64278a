#include "outreach/epoch.h"

#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { EPOCH_DIGITS = 32, EPOCH_LETTERS = EPOCH_DIGITS + 7, FILE_BYTES_MAX = 64 };

const char *epoch_grouped(Arena *arena, const char *digits)
{
    char *grouped = arena_alloc(arena, EPOCH_LETTERS + 1);
    size_t length = 0;
    for (size_t at = 0; digits[at] && length < EPOCH_LETTERS; at++) {
        if (at > 0 && at % 4 == 0)
            grouped[length++] = '-';
        grouped[length++] = digits[at];
    }
    return grouped;
}

/* Gives the fresh file its name: in place of another one, or else of two the first one's stands. */
static bool file_publish(const char *fresh, const char *file, bool replace)
{
    return replace ? rename(fresh, file) == 0 : link(fresh, file) == 0 || errno == EEXIST;
}

/* Whole or not at all, also when another worker does the same or this one is killed. */
static ErrCode epoch_write(Arena *arena, const char *home, const char *epoch, bool replace,
                           Err *err)
{
    const char *file = arena_printf(arena, "%s/epoch", home);
    const char *fresh = arena_printf(arena, "%s.new-%d", file, (int)getpid());
    int stream = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (stream < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make '%s'"), fresh);
    char line[EPOCH_LETTERS + 1];
    memcpy(line, epoch, EPOCH_LETTERS);
    line[EPOCH_LETTERS] = '\n';
    bool written = write(stream, line, sizeof line) == (ssize_t)sizeof line && fsync(stream) == 0;
    int failure = errno;
    written = close(stream) == 0 && written;
    if (written && !file_publish(fresh, file, replace)) {
        failure = errno;
        written = false;
    }
    unlink(fresh);
    if (!written)
        return err_errno(err, ERR_IO, failure, _("cannot write '%s'"), file);
    int folder = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        (void)fsync(folder);
        close(folder);
    }
    return OK;
}

/* *ret_found false when there is no file. */
static ErrCode epoch_read(const char *file, char text[FILE_BYTES_MAX], bool *ret_found, Err *err)
{
    int stream = open(file, O_RDONLY | O_CLOEXEC);
    *ret_found = stream >= 0;
    if (stream < 0 && errno == ENOENT)
        return OK;
    if (stream < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), file);
    ssize_t length = read(stream, text, FILE_BYTES_MAX - 1);
    int failure = errno;
    close(stream);
    if (length < 0)
        return err_errno(err, ERR_IO, failure, _("cannot read '%s'"), file);
    text[length] = '\0';
    text[strcspn(text, " \r\n")] = '\0';
    return OK;
}

ErrCode epoch_check(Db *db, Arena *arena, const char *home, const char **ret_epoch, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_DISPATCH_EPOCH, NO_PARAMS, &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_DB, _("this base does not say which one it is"));
    const char *epoch = epoch_grouped(arena, rows_text(rows, 0));
    bool has_sent = rows_int(rows, 1) != 0;
    if (rows_int(rows, 2) != 0) {
        err_set(err, ERR_REFUSED,
                _("this base was restored from a backup, and what was sent since is not in it"));
        return err_hint(err, _("settle it with 'talent outreach reconcile'"));
    }
    const char *file = arena_printf(arena, "%s/epoch", home);
    char known[FILE_BYTES_MAX];
    bool found;
    TRY(epoch_read(file, known, &found, err));
    if (!found && !has_sent) {
        TRY(epoch_write(arena, home, epoch, false, err));
    } else if (!found) {
        err_set(err, ERR_REFUSED,
                _("this base has sent messages, but not from this home: '%s' is "
                  "missing"),
                file);
        return err_hint(err,
                        _("copy it together with the key file from the home that sent; if "
                          "that home is lost, ask the gateway what went out, then write %s "
                          "into it"),
                        epoch);
    } else if (strcmp(known, epoch) != 0) {
        err_set(err, ERR_REFUSED,
                _("this base is not the one that '%s' names: it was restored or "
                  "copied, and what was sent since is not in it"),
                file);
        return err_hint(err,
                        _("ask the gateway what went out since the backup and cancel the "
                          "campaigns concerned, then write %s into the file"),
                        epoch);
    }
    *ret_epoch = epoch;
    return OK;
}

ErrCode epoch_adopt(Db *db, Arena *arena, const char *home, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_OUTREACH_DISPATCH_EPOCH, NO_PARAMS, &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_DB, _("this base does not say which one it is"));
    return epoch_write(arena, home, epoch_grouped(arena, rows_text(rows, 0)), true, err);
}
