/* survey/parcel_zip.h: the questionnaires in a .zip; only parcel.c includes it.
 * Shape:  entries in the order of the archive, without folders and without what systems leave in
 *         archives by themselves (__MACOSX, .DS_Store, Thumbs.db, desktop.ini).
 * Units:  bytes.
 * Owns:   names live in the arena of the SheetFile, which is borrowed.
 * Errors: as archive_open; ERR_INPUT for a locked entry and for an archive without files.
 * Source: APPNOTE 4.4.4 (bit 11: names in UTF-8), D.2; Windows writes them in its own code page. */
#ifndef SURVEY_PARCEL_ZIP_H
#define SURVEY_PARCEL_ZIP_H

#include "survey/sheet_xlsx.h"
#include "survey/spool.h"

typedef struct ParcelZip {
    Archive archive;
    Arena *arena;
    uint64_t next;  /* entry to look at */
    uint64_t entry; /* the one that parcel_zip_next gave */
    uint64_t bytes; /* unpacked so far */
    unsigned files; /* given so far */
} ParcelZip;

/* *ret_document is true for a .xlsx, .docx, .ods …: no parcel at all. */
ErrCode parcel_zip_open(const SheetFile *file, ParcelZip *zip, bool *ret_document,
                        Err *err) MUST_CHECK;
/* *ret_name is fit to be shown. */
ErrCode parcel_zip_next(ParcelZip *zip, const char **ret_name, bool *ret_more, Err *err) MUST_CHECK;
/* Appends the entry's bytes to the spool; its checksum is proven. */
ErrCode parcel_zip_unpack(ParcelZip *zip, Spool *spool, Err *err) MUST_CHECK;
void parcel_zip_close(ParcelZip *zip);

#endif
