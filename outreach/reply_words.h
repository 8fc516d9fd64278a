/* outreach/reply_words.h: what people may answer, declared once: how a reply is understood, how a
 * text offers it, and whether what a text promises will be understood.
 * Shape:  the table is outreach/replies.def. A promise is a word that a text asks people to reply
 *         ("回复1愿意入户 2不愿意"), with what the text says that it means.
 * Owns:   texts live in the arena given.
 * Errors: none.
 * Source: outreach/replies.def; DESIGN 7 "Receipts and replies"; DOMAIN checklist 57. */
#ifndef OUTREACH_REPLY_WORDS_H
#define OUTREACH_REPLY_WORDS_H

#include "base/arena.h"

#include <stdbool.h>

typedef enum ReplyMeaning { REPLY_OTHER, REPLY_OPTOUT, REPLY_INTENTION } ReplyMeaning;

/* *ret_intention is set for REPLY_INTENTION: 1 willing, 2 not, 3 wants to know more. */
ReplyMeaning reply_understand(Arena *arena, const char *text, int *ret_intention);

/* What stands in a text for {{reply_options}} ("回复1愿意入户 2不愿意 3想了解") and {{reply_optout}}
 * ("退订回复TD"); NULL for any other word. */
const char *reply_offer(Arena *arena, const char *word);
/* Their names, for "did you mean". */
enum { REPLY_OFFERS = 2 };
extern const char *const REPLY_OFFER_WORDS[REPLY_OFFERS];

enum { REPLY_PROMISES = 16 };

typedef struct ReplyPromise {
    const char *word;  /* "1" */
    const char *label; /* "愿意入户"; "" = the text does not say */
    ReplyMeaning meaning;
    int intention;
    bool kept; /* understood, and as the text says */
} ReplyPromise;

/* The promises of a text, in order; at most REPLY_PROMISES are looked at. */
size_t reply_promises(Arena *arena, const char *text, ReplyPromise ret_promises[REPLY_PROMISES]);

#endif
