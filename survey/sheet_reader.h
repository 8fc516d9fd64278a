/* survey/sheet_reader.h: what sheet.c asks of a reader; only sheet*.c include it.
 * Shape:  a reader is a table of three functions over its own state; the file is already open,
 *         regular, not empty and hashed. Each has its file: sheet_xlsx.c, sheet_xls.c,
 *         sheet_csv.c, sheet_json.c.
 * Units:  the ceilings below hold for every container.
 * Owns:   all state lives in SheetFile.arena; what is not memory is released by `close`.
 * Errors: texts name sheet, cell, line or byte; sheet.c puts the file's name in front.
 * Source: checklist 4, 7, 8, 14–17. */
#ifndef SURVEY_SHEET_READER_H
#define SURVEY_SHEET_READER_H

#include "survey/sheet_row.h"

#define SHEET_FILE_BYTES_MAX ((uint64_t)512 << 20)
enum { SHEET_ROWS_MAX = 2000000 };

typedef struct SheetFile {
    const char *path;
    const char *encoding; /* as the user named it, NULL = decide */
    int fd;               /* borrowed; read with pread only */
    uint64_t bytes;
    Arena *arena; /* lives as long as the Sheet */
} SheetFile;

typedef struct SheetReader {
    const char *container;
    /* Fills info->encoding and info->date_1904. *ret_state goes to the other two and is set as soon
     * as there is something to close, also when opening fails afterwards. */
    ErrCode (*open)(const SheetFile *file, SheetInfo *info, void **ret_state, Err *err);
    /* Builds the next row with row_begin … row_end; everything of *ret_row but its cells is set by
     * the reader. */
    ErrCode (*next)(void *state, RowBuilder *builder, Row *ret_row, bool *ret_more, Err *err);
    void (*close)(void *state); /* takes NULL */
} SheetReader;

extern const SheetReader SHEET_XLSX, SHEET_XLS, SHEET_CSV, SHEET_JSON;

/* A Sheet over rows that stand in no file: a reader whose `open` is never called, its state and what
 * it knows of the file that once was. `name` is for messages. Takes the state, also on failure to
 * read later; returns owned. */
Sheet *sheet_over(const char *name, const SheetReader *reader, void *state, const SheetInfo *info);

/* Which reader the first bytes of a file ask for; ERR_INPUT names what the file is when it is none
 * of them. */
ErrCode sheet_identify(const SheetFile *file, const SheetReader **ret_reader, Err *err) MUST_CHECK;

/* pread until `length` bytes or the end of the file; *ret_length is what came. */
ErrCode sheet_read(int fd, void *bytes, size_t length, uint64_t offset, size_t *ret_length,
                   Err *err) MUST_CHECK;

#endif
