/* outreach/keeper.h: the thread that stores what gateways push, many pushes in one commit.
 * Shape:  what comes while one commit is under way goes into the next; each sender is answered once
 *         its push is durable, or told to come again.
 * Units:  bytes; at most KEEPER_BYTES wait at a time, which keeps the answer within the 700 ms that
 *         gateways allow.
 * Owns:   keeper_open returns owned and takes the connection, also when it fails; keeper_put takes the sealed bytes when
 *         it returns true.
 * Errors: ERR_NET when the thread does not start; a push that cannot be stored is answered 503.
 * Source: sql/queries/outreach/receipt.sql; DOMAIN checklist 53, 54. */
#ifndef OUTREACH_KEEPER_H
#define OUTREACH_KEEPER_H

#include "base/listener.h"
#include "outreach/gateway.h"
#include "sql/db.h"

enum { KEEPER_BYTES = 16 * 1024 * 1024, KEEPER_PUSHES = 4096 };

typedef struct Keeper Keeper;

typedef struct Pushed {
    const char *kind; /* "receipt", "reply" */
    const Gateway *gateway;
    const Inbound *inbound; /* what the gateway wants to hear */
    uint8_t *sealed;        /* malloc'd */
    size_t length;
    Waiting *waiting;
} Pushed;

ErrCode keeper_open(Db *db, Keeper **ret_keeper, Err *err) MUST_CHECK;
/* Stores and answers what it has, and takes nothing more. Takes NULL. */
void keeper_stop(Keeper *keeper);
void keeper_close(Keeper *keeper); /* takes NULL; stops it first */

/* False when too much waits already, or it ends: nothing is taken then. */
bool keeper_put(Keeper *keeper, const Pushed *pushed) MUST_CHECK;
/* What a sender is told when it is to come again. */
Reply keeper_refusal(void);

#endif
