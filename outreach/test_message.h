/* outreach/test_message.h: a campaign's text on a colleague's phone, before or while it goes out.
 * Shape:  the text is filled in for an invented person; it is logged in a table of its own, before
 *         it is sent, and changes no message and no count of the campaign.
 * Owns:   texts live in the arena given.
 * Errors: ERR_REFUSED when the colleague has opted out, or the text cannot be filled in; ERR_CONFIG
 *         when the gateway has no code for the template; ERR_NET, ERR_DB. What the gateway answers
 *         is an Outcome.
 * Source: sql/queries/outreach/test_message.sql; issue 5 "Texts". */
#ifndef OUTREACH_TEST_MESSAGE_H
#define OUTREACH_TEST_MESSAGE_H

#include "base/command.h"
#include "outreach/campaign.h"
#include "outreach/colleague.h"
#include "outreach/wire.h"

typedef struct TestMessage {
    const char *text; /* 【signature】 included */
    int segments;
    const Wording *wording;
} TestMessage;

/* The campaign's template, as it was at plan, for an invented person. */
ErrCode test_message_make(Arena *arena, const Campaign *campaign, TestMessage *ret_message,
                          Err *err) MUST_CHECK;

/* Sends it once through an open wire and waits for the answer; logged before and after. */
typedef struct TestSending {
    Context *context;
    const Campaign *campaign;
    const Gateway *gateway;
    Wire *wire;
    const TestMessage *message;
} TestSending;
ErrCode test_message_send(const TestSending *sending, const Colleague *colleague,
                          Outcome *ret_outcome, Err *err) MUST_CHECK;

/* [{id, at, sent_by, colleague, gateway, reference, text, segments, outcome, code, gateway_id}].
 * Returns owned. */
ErrCode test_messages_json(Db *db, int64_t campaign, json_t **ret_list, Err *err) MUST_CHECK;

#endif
