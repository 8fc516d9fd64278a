/* tests/support/recorder.h: a gateway that remembers every request, for tests in which everything
 * else fails: the judge of who was told what, and how often.
 * Shape:  speaks outreach/gateways/simulator.json. What it does with a message is in the number's
 *         last digit (RecorderWay). Receipts are pushed to the address that the message names until
 *         somebody takes them.
 * Owns:   recorder_open returns owned.
 * Errors: what should not fail does not return. */
#ifndef SUPPORT_RECORDER_H
#define SUPPORT_RECORDER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum RecorderWay {
    RECORDER_TAKES,
    RECORDER_BUSY_ONCE,  /* the first request: 503, not taken */
    RECORDER_CUTS_TAKEN, /* takes it, and closes without an answer */
    RECORDER_CUTS,       /* closes without an answer, and has not taken it */
    RECORDER_NO_RECEIPT, /* takes it, never to speak of it again */
} RecorderWay;

RecorderWay recorder_way(const char *phone);

typedef struct Recorder Recorder;

Recorder *recorder_open(void);
void recorder_close(Recorder *recorder);
unsigned recorder_port(const Recorder *recorder);
/* Forgets everything; nothing may be under way. */
void recorder_clear(Recorder *recorder);

/* Copies of a message that go to the phone; requests for it. */
unsigned recorder_copies(Recorder *recorder, const char *phone);
unsigned recorder_requests(Recorder *recorder, const char *phone);
/* Whole requests with this reference (hex). */
unsigned recorder_references(Recorder *recorder, const char *reference);
/* Requests of which some bytes came, but never all. */
unsigned recorder_begun(Recorder *recorder);
/* Receipts that nobody has taken yet. */
unsigned recorder_waiting(Recorder *recorder);
/* Receipts go out only while this is on; it is, at first. */
void recorder_report(Recorder *recorder, bool on);

#endif
