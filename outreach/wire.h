/* outreach/wire.h: requests to one gateway over kept connections, each on the wire at most once.
 * Shape:  a fixed number of slots; start a request in a free one, wait, collect what has
 *         finished.
 * Units:  milliseconds; an answer's body is at most WIRE_ANSWER_BYTES.
 * Owns:   wire_open returns owned and borrows the gateway; a tag is the caller's.
 * Errors: ERR_NET when libcurl itself fails; what happens to a request is never an error but an
 *         Exchange.
 * Source: libcurl multi; RFC 9112 9.3.1: a client may retry by itself only what is safe to
 *         repeat. An SMS is not, and libcurl 7.88 does retry on a kept connection that dies
 *         before the first answered byte; here its pre-request hook lets each attempt start once
 *         and stops the second start. */
#ifndef OUTREACH_WIRE_H
#define OUTREACH_WIRE_H

#include "outreach/outcome.h"

enum { WIRE_ANSWER_BYTES = 256 * 1024 };

typedef struct Wire Wire;

ErrCode wire_open(const Gateway *gateway, Wire **ret_wire, Err *err) MUST_CHECK;
/* Takes NULL. What is still under way is cut off. */
void wire_close(Wire *wire);

size_t wire_free(const Wire *wire); /* slots */
size_t wire_busy(const Wire *wire);

/* Starts one request. ERR_INPUT when the message cannot be written as a request: nothing was sent
 * then. Asserts that a slot is free. */
ErrCode wire_start(Wire *wire, const GatewayMessage *message, void *tag, Err *err) MUST_CHECK;

/* One request for several messages, where the gateway's file allows it. */
ErrCode wire_start_batch(Wire *wire, const GatewayMessage *messages, size_t count, void *tag,
                         Err *err) MUST_CHECK;

/* Lets the network work until something happens, at most timeout_ms. */
ErrCode wire_wait(Wire *wire, int timeout_ms, Err *err) MUST_CHECK;

/* Ends a wire_wait of another thread, or the next one. */
void wire_wake(Wire *wire);

/* Gives the next finished request; false when there is none. The body lives until the next
 * wire_start. */
bool wire_finished(Wire *wire, void **ret_tag, Exchange *ret_exchange);

#endif
