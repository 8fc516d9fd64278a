/* survey/spool.h: a file without a name, for what must be unpacked before it is read.
 * Shape:  a plain value; it is gone with its descriptor, also under kill -9.
 * Units:  bytes, at most SHEET_FILE_BYTES_MAX.
 * Owns:   the descriptor, closed by spool_close; `path` opens it again while it is open.
 * Errors: ERR_IO, ERR_LIMIT, ERR_INPUT for a damaged .gz, ERR_INTERRUPTED.
 * Source: open(2) O_TMPFILE, proc(5). */
#ifndef SURVEY_SPOOL_H
#define SURVEY_SPOOL_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

typedef struct Spool {
    int fd;        /* -1 = closed */
    char path[32]; /* "/proc/self/fd/7" */
    uint64_t bytes;
    const char *folder; /* borrowed, for messages */
} Spool;

/* In this folder, whose name must outlive it, readable by nobody else. */
ErrCode spool_open(const char *folder, Spool *ret_spool, Err *err) MUST_CHECK;
ErrCode spool_add(Spool *spool, const void *bytes, size_t length, Err *err) MUST_CHECK;
void spool_close(Spool *spool);

/* Everything that a descriptor gives, to its end. */
ErrCode spool_fill(Spool *spool, int fd, Err *err) MUST_CHECK;
/* What the .gz in a file unpacks to, all of its members. */
ErrCode spool_inflate(Spool *spool, int fd, Err *err) MUST_CHECK;

#endif
