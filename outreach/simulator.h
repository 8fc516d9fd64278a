/* outreach/simulator.h: the bundled gateway: takes messages over HTTP, sends nothing, reports as
 * a real one does.
 * Shape:  POST /send takes one message as JSON and answers 202 with an id, or as its Faults say;
 *         receipts and replies are pushed to the addresses that the message names; GET
 *         /query?reference=…&sent=… tells what became of one message; GET /stats tells what came.
 * Units:  a request is at most 64 KiB.
 * Owns:   simulator_open returns owned; simulator_stats returns owned JSON.
 * Errors: ERR_NET when the address can't be listened on.
 * Source: DESIGN 7 "Gateways"; outreach/gateways/simulator.json is its other half. */
#ifndef OUTREACH_SIMULATOR_H
#define OUTREACH_SIMULATOR_H

#include "outreach/faults.h"

#include <jansson.h>

typedef struct Simulator Simulator;

/* address: "127.0.0.1:8481"; port 0 = any free one. */
ErrCode simulator_open(const char *address, const Faults *faults, Simulator **ret_simulator,
                       Err *err) MUST_CHECK;
void simulator_close(Simulator *simulator); /* takes NULL */
unsigned simulator_port(const Simulator *simulator);

/* {requests, references, references_twice, recipients, taken, taken_twice, answers:{…},
 * receipts:{…}}. taken_twice: messages (number and text) that would have reached a phone more than
 * once. */
json_t *simulator_stats(Simulator *simulator);

#endif
