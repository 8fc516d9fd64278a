/* people/former.h: the numbers that people without ID number had before their answers came to
 * somebody with one.
 * Shape:  remembered by name with phone; given back when the answers stand alone again and the
 *         number is free.
 * Owns:   results live in the linker's arena.
 * Errors: ERR_DB….
 * Source: DESIGN 5 "import then undo is the identity"; sql/schema/0012_former_number.sql;
 *         sql/queries/people/former.sql. */
#ifndef PEOPLE_FORMER_H
#define PEOPLE_FORMER_H

#include "people/link.h"
#include "people/linker.h"

/* Sets .former and .former_free of the contacts. */
ErrCode formers_look_up(Db *db, Linker *linker, Err *err) MUST_CHECK;

/* Remembers for each name with phone the number it comes from. */
ErrCode formers_keep(Db *db, const LinkMove *moves, size_t count, Err *err) MUST_CHECK;

#endif
