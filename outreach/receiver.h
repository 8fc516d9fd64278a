/* outreach/receiver.h: the HTTP end that gateways call: everything is stored, sealed, before it
 * is answered.
 * Shape:  POST or GET /receipt/TOKEN/GATEWAY and /reply/TOKEN/GATEWAY on a thread with its own
 *         connection to the base; matching is somebody else's work (receipt.h, reply.h). Where the
 *         gateway signs what it pushes, what is not signed right gets 403 and is not stored.
 * Units:  a body is at most 256 KiB.
 * Owns:   receiver_open returns owned; borrows the settings.
 * Errors: ERR_NET when the address is in use; ERR_IO, ERR_REFUSED about the token file; ERR_DB….
 * Source: DESIGN 7 "Receipts and replies"; DOMAIN checklist 55. */
#ifndef OUTREACH_RECEIVER_H
#define OUTREACH_RECEIVER_H

#include "base/seal.h"
#include "outreach/gateway.h"
#include "sql/db.h"

typedef struct Receiver Receiver;

typedef struct ReceiverSettings {
    Db *db; /* a second connection to its base is opened */
    const Sealer *sealer;
    const GatewaySet *gateways;
    const char *address;    /* "127.0.0.1:8480"; port 0 = any free one */
    const char *public_url; /* where gateways reach it, for what they sign; NULL or a port of 0 in
                               address = "http://" and the address */
    const char *token;
    struct Metrics *metrics; /* told at /metrics; NULL = not */
} ReceiverSettings;

ErrCode receiver_open(const ReceiverSettings *settings, Receiver **ret_receiver,
                      Err *err) MUST_CHECK;
void receiver_close(Receiver *receiver); /* takes NULL */
unsigned receiver_port(const Receiver *receiver);
uint64_t receiver_refused(Receiver *receiver); /* pushes that were not signed right */

/* The secret part of the paths: read from the file, which is made (mode 0600, 32 hex digits) when
 * missing. */
ErrCode receiver_token(Arena *arena, const char *file, const char **ret_token, Err *err) MUST_CHECK;

#endif
