/* survey/sheet_xlsx_inflate.h: an entry of the zip, inflated three times as fast as by zlib.
 * Shape:  inflater_open takes ordinary entries only (deflate, no password); libzip finds the packed
 *         bytes, isa-l inflates them, the size and CRC-32 of the directory prove the result.
 * Units:  bytes.
 * Owns:   an Inflater is owned by the caller and borrows the zip.
 * Errors: none: of anything out of order *ret_odd is told, and whoever reads the entry with libzip
 *         instead is told what it is.
 * Source: RFC 1951; APPNOTE 4.4.5 to 4.4.9. */
#ifndef SURVEY_SHEET_XLSX_INFLATE_H
#define SURVEY_SHEET_XLSX_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <zip.h>

typedef struct Inflater Inflater;

/* NULL when the entry is not of the ordinary kind, or memory is short. */
Inflater *inflater_open(zip_t *zip, zip_uint64_t index);
void inflater_close(Inflater *inflater); /* takes NULL */

/* The next bytes, 0 = the end, proven; *ret_odd: nothing that was given may be trusted. */
size_t inflater_read(Inflater *inflater, void *bytes, size_t room, bool *ret_odd);

#endif
