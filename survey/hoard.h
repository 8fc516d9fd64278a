/* survey/hoard.h: bytes that only grow, in bounded memory however many they become.
 * Shape:  while they are few they stand in memory; beyond HOARD_MEMORY_BYTES they go to a file
 *         without a name, sealed under a key that this process alone ever has, and come back page
 *         by page. Everything is added before the first reading.
 * Units:  bytes; offsets from 0.
 * Owns:   memory and file, released by hoard_done; zeroed is empty.
 * Errors: ERR_IO when the file cannot be made, written or read.
 * Source: the file stands in $TMPDIR or /var/tmp, which is on a disk where /tmp may be memory
 *         (Filesystem Hierarchy Standard 5.15); ChaCha20 as libsodium has it. */
#ifndef SURVEY_HOARD_H
#define SURVEY_HOARD_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { HOARD_MEMORY_BYTES = 32 << 20 };

typedef struct Hoard {
    char *bytes;     /* those from `begin` on that are in memory */
    size_t capacity; /* of bytes */
    uint64_t begin;  /* of bytes, what is before it stands in the file */
    uint64_t length;
    struct HoardFile *file; /* NULL = all are in memory */
} Hoard;

void hoard_done(Hoard *hoard);
ErrCode hoard_add(Hoard *hoard, const void *bytes, size_t length, Err *err) MUST_CHECK;

/* Of what stands in the file. */
enum { HOARD_READ_BYTES_MAX = 1 << 20 };
ErrCode hoard_read_file(Hoard *hoard, uint64_t offset, size_t length, const char **ret_bytes,
                        Err *err) MUST_CHECK;

/* length bytes from offset on, up to HOARD_READ_BYTES_MAX, all of which were added; *ret_bytes lives
 * until the next call. */
MUST_CHECK static inline ErrCode hoard_read(Hoard *hoard, uint64_t offset, size_t length,
                                            const char **ret_bytes, Err *err)
{
    if (hoard->file && length)
        return hoard_read_file(hoard, offset, length, ret_bytes, err);
    *ret_bytes = length ? hoard->bytes + offset : "";
    return OK;
}

#endif
