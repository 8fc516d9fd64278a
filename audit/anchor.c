#include "audit/anchor.h"

#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_BYTES = 128 };

/* Whether the file ends in the middle of a line: the next record then begins on one of its own. */
static bool is_torn(int file)
{
    char last = '\n';
    off_t length = lseek(file, 0, SEEK_END);
    return length > 0 && pread(file, &last, 1, length - 1) == 1 && last != '\n';
}

ErrCode anchor_append(const char *file, int64_t number, const char *hash, Err *err)
{
    char record[RECORD_BYTES];
    int stream = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (stream < 0)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    int length = snprintf(record, sizeof record, "%s%" PRId64 " %s\n", is_torn(stream) ? "\n" : "",
                          number, hash);
    ssize_t written = write(stream, record, (size_t)length);
    int failure = written < 0 ? errno : ENOSPC;
    bool kept = written == length && fsync(stream) == 0;
    if (written == length && !kept)
        failure = errno;
    close(stream);
    return kept ? OK : err_errno(err, ERR_IO, failure, _("cannot write '%s'"), file);
}

/* "NUMBER HASH", or the beginning of it. */
static bool record_read(const char *text, Anchor *ret_anchor)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18)
        return false;
    *ret_anchor = (Anchor){.number = strtoll(text, NULL, 10)};
    if (text[digits] == '\0')
        ret_anchor->number = 0; /* cut within the number: it says nothing */
    else if (text[digits] != ' ')
        return false;
    const char *hash = text + digits + (text[digits] == ' ');
    size_t length = strspn(hash, "0123456789abcdef");
    if (hash[length] || length > LINE_HASH_DIGITS)
        return false;
    memcpy(ret_anchor->hash, hash, length + 1);
    return true;
}

static int anchor_compare(const void *left, const void *right)
{
    const Anchor *a = left, *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

static void anchors_read(Arena *arena, FILE *stream, Anchors *anchors)
{
    char *line = NULL;
    size_t bytes = 0, room = 0;
    for (ssize_t length; (length = getline(&line, &bytes, stream)) >= 0;) {
        Anchor anchor;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0')
            continue;
        if (!record_read(line, &anchor)) {
            anchors->unreadable++;
            continue;
        }
        if (anchors->count == room) {
            Anchor *more = arena_array(arena, Anchor, room * 2 + 64);
            memcpy(more, anchors->items, anchors->count * sizeof *more);
            anchors->items = more;
            room = room * 2 + 64;
        }
        anchors->items[anchors->count++] = anchor;
    }
    free(line);
    qsort(anchors->items, anchors->count, sizeof *anchors->items, anchor_compare);
}

ErrCode anchors_load(Arena *arena, const char *file, Anchors *ret_anchors, Err *err)
{
    Anchors anchors = {.items = arena_array(arena, Anchor, 1)};
    FILE *stream = fopen(file, "re");
    if (!stream && errno != ENOENT)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), file);
    if (stream)
        anchors_read(arena, stream, &anchors);
    bool whole = !stream || !ferror(stream);
    int failure = errno;
    if (stream)
        fclose(stream);
    if (!whole)
        return err_errno(err, ERR_IO, failure, _("cannot read '%s'"), file);
    *ret_anchors = anchors;
    return OK;
}
