/* survey/parcel.h: what one argument of `survey import` holds: a file, or several.
 * Shape:  a plain file is itself; a .gz is the file in it; a .zip that is no workbook is the files
 *         in it, one after another in the order of the archive; "-" is standard input, which may be
 *         any of these. What has to be unpacked goes to a file without a name in a folder, and is
 *         gone when the next one comes.
 * Units:  a file at most SHEET_FILE_BYTES_MAX, all of an archive at most INFLATE_BYTES_MAX.
 * Owns:   parcel_open returns owned; a ParcelFile lives until the next call.
 * Errors: ERR_INPUT for a damaged or locked archive, ERR_LIMIT, ERR_IO, ERR_INTERRUPTED, with the
 *         name of the file in an archive; the caller names the argument. What is no archive is not
 *         looked at: sheet_open says what is wrong with it.
 * Source: RFC 1952 (gzip), APPNOTE (zip); checklist 15, 25: names of an archive are shown, never
 *         used as paths. */
#ifndef SURVEY_PARCEL_H
#define SURVEY_PARCEL_H

#include "survey/sheet.h"

typedef struct ParcelFile {
    const char *name; /* to show and to record: "towns.zip/长安.csv" */
    const char *path; /* to open */
} ParcelFile;

typedef struct Parcel Parcel;

ErrCode parcel_open(const char *argument, const char *folder, Parcel **ret_parcel,
                    Err *err) MUST_CHECK;
/* *ret_more is false when there is no further file. */
ErrCode parcel_next(Parcel *parcel, ParcelFile *ret_file, bool *ret_more, Err *err) MUST_CHECK;
void parcel_close(Parcel *parcel); /* takes NULL */

static inline void parcel_auto_close(Parcel **parcel)
{
    parcel_close(*parcel);
}
#define AUTO_PARCEL __attribute__((cleanup(parcel_auto_close))) Parcel *

#endif
