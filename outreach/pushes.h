/* outreach/pushes.h: what a gateway pushed while no base was there to take it, from a file.
 * Shape:  a JSON object a line: {"gateway": NAME, "kind": "receipt"|"reply", "body": TEXT}, the body
 *         as the gateway sent it: from the log of a proxy in front, or from the gateway's console.
 *         Stored raw like any push, then matched: so opt-outs take effect and receipts settle.
 * Owns:   nothing.
 * Errors: ERR_INPUT at file:line; then nothing of the file is taken. ERR_LIMIT.
 * Source: outreach/receiver.c; DOMAIN checklist 53–56. */
#ifndef OUTREACH_PUSHES_H
#define OUTREACH_PUSHES_H

#include "base/command.h"

/* *ret_taken = lines; their matching is done when it returns. */
ErrCode pushes_take(Context *context, const char *file, int64_t *ret_taken, Err *err) MUST_CHECK;

#endif
