/* survey/sheet_ole.h: one stream of a compound file, the container of an .xls.
 * Shape:  the stream is a run of equal pieces that lie anywhere in the file; OleStream knows where.
 * Units:  bytes; offsets from the beginning of the stream.
 * Owns:   everything lives in the arena of the SheetFile, whose descriptor is borrowed.
 * Errors: ERR_INPUT for a chain that leaves the file or runs in circles; nothing is guessed.
 * Source: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.4 (mini FAT), 2.5 (DIFAT), 2.6 (directory). */
#ifndef SURVEY_SHEET_OLE_H
#define SURVEY_SHEET_OLE_H

#include "survey/sheet_reader.h"

typedef struct OleStream {
    int fd;
    uint64_t bytes;
    size_t piece_bytes;
    size_t piece_count;
    const uint64_t *places; /* of each piece in the file */
} OleStream;

/* Finds a stream in the root folder. *ret_found is false when the file is sound and has none. */
ErrCode ole_open(const SheetFile *file, const char *name, OleStream *ret_stream, bool *ret_found,
                 Err *err) MUST_CHECK;
/* As sheet_read: *ret_length is shorter than asked only at the end of the stream. */
ErrCode ole_read(const OleStream *stream, void *bytes, size_t length, uint64_t offset,
                 size_t *ret_length, Err *err) MUST_CHECK;

/* ERR_INPUT for a file that breaks the rules of its container. */
ErrCode ole_damaged(Err *err);

static inline uint16_t ole_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t ole_u32(const uint8_t *bytes)
{
    return ole_u16(bytes) | (uint32_t)ole_u16(bytes + 2) << 16;
}

#endif
