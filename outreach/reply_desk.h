/* outreach/reply_desk.h: the replies that the table did not understand, and what a person makes of
 * them.
 * Shape:  a reply is named "17", or "17.2" for the second one of a receipt. Its meaning may become
 *         an intention (an answer of the base, with a batch of its own), an opt-out (in force before
 *         the next claim), or nothing more than done.
 * Owns:   texts live in the arena given.
 * Errors: ERR_NOT_FOUND; ERR_REFUSED when somebody has handled it, or when nobody is known whose
 *         intention or number it is; ERR_DB, ERR_SEAL.
 * Source: sql/queries/outreach/reply_desk.sql; DESIGN 7 "Receipts and replies". */
#ifndef OUTREACH_REPLY_DESK_H
#define OUTREACH_REPLY_DESK_H

#include "base/command.h"
#include "outreach/reply.h"

/* [{reply, received_at, campaign, person, from, text}], newest first. Numbers are masked, also in
 * the text, unless clear. Returns owned. */
ErrCode reply_desk_list(Context *context, int64_t limit, bool clear, json_t **ret_list,
                        Err *err) MUST_CHECK;

typedef struct ReplyHandling {
    const char *reply;    /* "17.2" */
    ReplyMeaning meaning; /* REPLY_OTHER = done */
    int intention;        /* of REPLY_INTENTION */
    const char *why;

    bool optout_added;    /* out: of REPLY_OPTOUT */
    int64_t withheld;     /* out: messages to the number that waited */
    int64_t person;       /* out: 0 = nobody whom we know */
    const char *campaign; /* out: NULL = none */
} ReplyHandling;

/* In one transaction; out-fields are set on success. */
ErrCode reply_desk_handle(Context *context, ReplyHandling *handling, Err *err) MUST_CHECK;

#endif
