/* outreach/optout.h: the numbers that must not be texted.
 * Shape:  one row of table optout per number in force; a removed one stays as a record.
 * Owns:   texts are borrowed; a phone comes in plain and goes to the base only sealed and hashed.
 * Errors: ERR_DB; ERR_INPUT for a line that is no mobile number (its text is never repeated).
 * Source: sql/queries/outreach/optout.sql; DOMAIN C "Opt-out"; checklist 48, 57. */
#ifndef OUTREACH_OPTOUT_H
#define OUTREACH_OPTOUT_H

#include "base/command.h"
#include "sql/db.h"

typedef struct OptOut {
    const char *phone;  /* digits, as phone_check (people/phone.h) gives them */
    const char *source; /* "staff" or "reply" */
    const char *why;    /* no personal data; at most 200 characters */
    const char *user;   /* who added it */
} OptOut;

/* Puts a number on the list; *ret_added false when it already was. Messages to it that still wait
 * become suppressed at once; *ret_withheld is their number. Must be inside db_transact. */
ErrCode optout_add(Db *db, const Sealer *sealer, const OptOut *optout, bool *ret_added,
                   int64_t *ret_withheld, Err *err) MUST_CHECK;
/* Takes a number off the list; *ret_removed false when it was not on it. Inside db_transact. */
ErrCode optout_remove(Db *db, const Sealer *sealer, const char *phone, const char *user,
                      bool *ret_removed, Err *err) MUST_CHECK;

/* The numbers that a verb is about: the phone of --person, else the lines of standard input, all
 * checked before any is used. They never stand in argv. Live in the context's arena. */
ErrCode optout_numbers(Context *context, const Arguments *arguments, const char *const **ret_phones,
                       size_t *ret_count, Err *err) MUST_CHECK;

#endif
