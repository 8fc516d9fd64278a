/* survey/gb18030.h: GB18030 to UTF-8, several times as fast as iconv and exactly as it.
 * Shape:  ASCII and characters of two bytes by a table that is asked of iconv once; iconv itself
 *         for the rest.
 * Units:  bytes.
 * Owns:   the table, 94 KiB for the whole program.
 * Errors: as iconv: errno EILSEQ for what is no character, EINVAL for one that is cut off.
 * Source: GB 18030-2005 as glibc reads it. */
#ifndef SURVEY_GB18030_H
#define SURVEY_GB18030_H

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>

/* Decodes from *in on, and moves both pointers past what was done; `out` has room for 2 bytes for
 * each byte in. False when it stopped before `end`. converter is from GB18030 to UTF-8. */
bool gb18030_decode(iconv_t converter, const char **in, const char *end, char **out);

#endif
