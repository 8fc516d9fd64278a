#include "outreach/journal.h"

#include "base/buffer.h"
#include "base/lang.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINES_BYTES_MAX = 64 * 1024 * 1024, LINES_MAX = 100000 };

Journal journal_start(const char *home, const char *epoch, const char *worker)
{
    return (Journal){.home = home, .epoch = epoch, .worker = worker, .file = -1};
}

static ErrCode journal_make(Journal *journal, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *folder = arena_printf(arena, "%s/journal", journal->home);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return err_errno(err, ERR_IO, errno, _("cannot make '%s'"), folder);
    const char *path =
        arena_printf(arena, "%s/%s-%s.jsonl", folder, journal->epoch, journal->worker);
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make '%s'"), path);
    (void)flock(file, LOCK_EX | LOCK_NB);
    const char *const folders[] = {folder, journal->home};
    for (size_t at = 0; at < 2; at++) {
        int entry = open(folders[at], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (entry < 0)
            continue;
        (void)fsync(entry);
        close(entry);
    }
    journal->file = file;
    return OK;
}

static void attempt_write(Buffer *out, const Attempt *attempt)
{
    const Outcome *outcome = &attempt->outcome;
    json_t *line =
        json_pack("{sI, sI, sI, si, sI, ss, ss*, ss*, ss*}", "message",
                  (json_int_t)attempt->message, "campaign", (json_int_t)attempt->campaign, "fence",
                  (json_int_t)attempt->fence, "attempts", attempt->attempts, "wait_ms",
                  (json_int_t)attempt->wait_ms, "outcome", outcome_word(outcome->kind), "code",
                  outcome->code, "gateway_id", outcome->gateway_id, "note", outcome->note);
    char *text = line ? json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    if (text)
        buffer_printf(out, "%s\n", text);
    free(text);
    json_decref(line);
}

ErrCode journal_append(Journal *journal, const Attempt *attempts, size_t count, Err *err)
{
    if (count == 0)
        return OK;
    if (journal->file < 0)
        TRY(journal_make(journal, err));
    AUTO_BUFFER lines = BUFFER(LINES_BYTES_MAX);
    for (size_t at = 0; at < count; at++)
        attempt_write(&lines, &attempts[at]);
    TRY(buffer_check(&lines, "journal", err));
    for (size_t written = 0; written < lines.length;) {
        ssize_t piece = write(journal->file, lines.bytes + written, lines.length - written);
        if (piece < 0 && errno != EINTR)
            return err_errno(err, ERR_IO, errno, _("cannot write the journal in '%s'"),
                             journal->home);
        written += piece > 0 ? (size_t)piece : 0;
    }
    if (fsync(journal->file) != 0)
        return err_errno(err, ERR_IO, errno, _("cannot write the journal in '%s'"), journal->home);
    return OK;
}

void journal_close(Journal *journal)
{
    if (journal->file >= 0)
        close(journal->file);
    journal->file = -1;
}

static void text_take(json_t *line, const char *key, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(line, key));
    snprintf(out, size, "%s", text ? text : "");
}

static bool attempt_read(const char *text, size_t length, Attempt *attempt)
{
    json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    const char *word = json_string_value(json_object_get(line, "outcome"));
    int kind = 0;
    while (word && kind < OUTCOME_COUNT && strcmp(outcome_word((OutcomeKind)kind), word) != 0)
        kind++;
    bool sound = word && kind < OUTCOME_COUNT;
    if (sound) {
        *attempt = (Attempt){.message = json_integer_value(json_object_get(line, "message")),
                             .campaign = json_integer_value(json_object_get(line, "campaign")),
                             .fence = json_integer_value(json_object_get(line, "fence")),
                             .attempts = (int)json_integer_value(json_object_get(line, "attempts")),
                             .wait_ms = json_integer_value(json_object_get(line, "wait_ms")),
                             .outcome = {.kind = (OutcomeKind)kind}};
        text_take(line, "code", attempt->outcome.code, sizeof attempt->outcome.code);
        text_take(line, "gateway_id", attempt->outcome.gateway_id,
                  sizeof attempt->outcome.gateway_id);
        text_take(line, "note", attempt->outcome.note, sizeof attempt->outcome.note);
    }
    json_decref(line);
    return sound;
}

static ErrCode file_read(int file, const char *path, Buffer *out, Err *err)
{
    char piece[8192];
    for (ssize_t length; (length = read(file, piece, sizeof piece)) != 0;) {
        if (length < 0 && errno != EINTR)
            return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), path);
        buffer_add(out, piece, length > 0 ? (size_t)length : 0);
    }
    return buffer_check(out, path, err);
}

/* The last line may have been cut by a crash; it was then never promised. */
static ErrCode lines_read(int file, const char *path, Arena *arena, Attempt **ret_attempts,
                          size_t *ret_count, Err *err)
{
    AUTO_BUFFER text = BUFFER(LINES_BYTES_MAX);
    TRY(file_read(file, path, &text, err));
    const char *rest = buffer_string(&text), *end = rest + text.length;
    size_t lines = 0, count = 0;
    for (const char *c = rest; c < end; c++)
        lines += *c == '\n';
    if (lines > LINES_MAX)
        return err_set(err, ERR_LIMIT, _("'%s' has more than %d lines"), path, LINES_MAX);
    Attempt *attempts = arena_array(arena, Attempt, lines + 1);
    for (size_t line = 1; line <= lines; line++) {
        const char *stop = memchr(rest, '\n', (size_t)(end - rest));
        if (!stop || !attempt_read(rest, (size_t)(stop - rest), &attempts[count++])) {
            err_set(err, ERR_IO, _("%s:%zu: not a line of the journal"), path, line);
            return err_hint(err, _("the messages that it names stay uncertain if the file is moved "
                                   "away"));
        }
        rest = stop + 1;
    }
    *ret_attempts = attempts;
    *ret_count = count;
    return OK;
}

static ErrCode file_replay(int file, const char *path, Db *db, AttemptCounts *counts, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Attempt *attempts;
    size_t count;
    TRY(lines_read(file, path, arena, &attempts, &count, err));
    return attempts_record(db, attempts, count, true, counts, err);
}

static ErrCode file_each(const char *path, JournalSink sink, void *state, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Attempt *attempts;
    size_t count;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), path);
    ErrCode code = lines_read(file, path, arena, &attempts, &count, err);
    close(file);
    TRY(code);
    for (size_t at = 0; at < count; at++)
        TRY(sink(state, &attempts[at], err));
    return OK;
}

ErrCode journal_each(const char *folder, const char *epoch, JournalSink sink, void *state, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    DIR *entries = opendir(folder);
    if (!entries)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), folder);
    ErrCode code = OK;
    for (struct dirent *entry; code == OK && (entry = readdir(entries)) != NULL;)
        if (text_starts(entry->d_name, epoch) && text_ends(entry->d_name, ".jsonl"))
            code = file_each(arena_printf(arena, "%s/%s", folder, entry->d_name), sink, state, err);
    closedir(entries);
    return code;
}

ErrCode journal_replay(const char *home, const char *epoch, Db *db, AttemptCounts *counts, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    const char *folder = arena_printf(arena, "%s/journal", home);
    DIR *entries = opendir(folder);
    if (!entries && errno == ENOENT)
        return OK;
    if (!entries)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), folder);
    ErrCode code = OK;
    for (struct dirent *entry; code == OK && (entry = readdir(entries)) != NULL;) {
        if (!text_starts(entry->d_name, epoch) || !text_ends(entry->d_name, ".jsonl"))
            continue;
        const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0 && errno == ENOENT)
            continue; /* another worker has just replayed it */
        if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0) {
            code = file_replay(file, path, db, counts, err);
            if (code == OK)
                unlink(path);
        } else if (file < 0 || errno != EWOULDBLOCK) { /* what it holds must not become uncertain */
            code = err_errno(err, ERR_IO, errno, _("cannot read '%s'"), path);
        }
        if (file >= 0)
            close(file);
    }
    closedir(entries);
    return code;
}
