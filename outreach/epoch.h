/* outreach/epoch.h: is this base the one that this home has been sending from, or a copy brought
 * back?
 * Shape:  base_state.epoch is random for each base; HOME/epoch (mode 0600, beside the key file)
 *         names the base that may send.
 * Owns:   the text lives in the arena.
 * Errors: ERR_REFUSED when the base was restored and is not reconciled, when they differ, or when the file is gone although this base has sent;
 *         ERR_IO; ERR_DB.
 * Source: DESIGN 7 "Dispatch"; DOMAIN checklist 50. */
#ifndef OUTREACH_EPOCH_H
#define OUTREACH_EPOCH_H

#include "sql/db.h"

/* Checks, and makes the file when nothing was ever sent from this base. *ret_epoch is
 * 32 hex digits in groups of four. */
ErrCode epoch_check(Db *db, Arena *arena, const char *home, const char **ret_epoch,
                    Err *err) MUST_CHECK;

/* From now on the home names this base, whatever it named before. */
ErrCode epoch_adopt(Db *db, Arena *arena, const char *home, Err *err) MUST_CHECK;

/* 32 hex digits in fours, so that no line about it looks as if it held a phone number. */
const char *epoch_grouped(Arena *arena, const char *digits);

#endif
