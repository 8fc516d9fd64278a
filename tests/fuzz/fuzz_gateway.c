/* What gateways say: answers, receipts, replies, answers to a query, for every shipped gateway.
 * The first byte chooses the gateway and which of these, the rest is what it says. Whatever comes,
 * nothing is taken for accepted without the id that the file asks for, nothing is found that does
 * not name us, and no phone number gets into a code. */
#include "fuzz/fuzz.h"
#include "outreach/form.h"
#include "outreach/query.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define OURS "00112233445566778899aabbccddeeff"

static const char *const TYPES[] = {"simulator", "kannel", "aliyun",
                                    "tencent",   "twilio", "generic-json"};
enum { TYPE_COUNT = sizeof TYPES / sizeof *TYPES, KINDS = 4 };

static const Gateway *gateway_of(size_t n)
{
    static Gateway gateways[TYPE_COUNT];
    static json_t *settings[TYPE_COUNT]; /* the gateways borrow them */
    static Arena *arena;
    if (arena)
        return &gateways[n];
    arena = arena_new(0);
    for (size_t at = 0; at < TYPE_COUNT; at++) {
        Err err = {0};
        settings[at] = json_pack("{s{ss, ss}}", "g", "type", TYPES[at], "url", "http://h/");
        Config config = {.home = "/nonexistent", .gateway = "g", .gateways = settings[at]};
        if (gateway_load(&config, arena, NULL, &gateways[at], &err) != OK)
            abort();
    }
    return &gateways[n];
}

static void code_check(const char *code)
{
    size_t digits = 0;
    for (; *code; code++) {
        digits = isdigit((unsigned char)*code) ? digits + 1 : 0;
        assert(digits < 11);
    }
}

static void answer_check(const Gateway *gateway, const Exchange *exchange)
{
    Outcome outcome;
    outcome_judge(gateway, exchange, &outcome);
    code_check(outcome.code);
    bool wants_id = strcmp(gateway->type, "kannel") != 0;
    if (outcome.kind == OUTCOME_ACCEPTED)
        assert(!wants_id || *outcome.gateway_id);
    if (outcome.kind == OUTCOME_PAUSED && outcome.fix)
        assert(*outcome.fix);
}

static void query_check(const Gateway *gateway, const Exchange *exchange)
{
    const GatewayMessage asked = {.to = "13800138000", .reference = OURS, .id = "SM1"};
    QueryAnswer answer;
    if (!gateway->query.given)
        return;
    query_judge(gateway, &asked, exchange, &answer);
    code_check(answer.code);
    MessageState to;
    const char *code;
    if (query_settles(gateway, &answer, 1 << 20, &to, &code))
        assert(to != STATE_QUEUED && to != STATE_CLAIMED && to != STATE_UNCERTAIN);
}

static void push_check(const Inbound *inbound, const char *body, size_t length)
{
    AUTO_ARENA arena = arena_new(0);
    InboundItem *items;
    size_t count;
    form_sorted(arena, body, length);
    if (!inbound_parse(inbound, arena, body, length, &items, &count))
        return;
    for (size_t at = 0; at < count; at++)
        if (items[at].status)
            (void)receipt_status(inbound, items[at].status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int STATUSES[] = {200, 201, 202, 400, 401, 403, 404, 422, 429, 500, 503};
    if (size < 2)
        return 0;
    const Gateway *gateway = gateway_of(data[0] % TYPE_COUNT);
    size_t length = size - 2;
    char *body = malloc(length + 1);
    assert(body);
    memcpy(body, data + 2, length);
    body[length] = '\0';
    const Exchange exchange = {.status = STATUSES[data[1] % (sizeof STATUSES / sizeof *STATUSES)],
                               .body = body,
                               .body_length = length,
                               .to = "13800138000"};
    switch (data[0] / TYPE_COUNT % KINDS) {
    case 0:
        answer_check(gateway, &exchange);
        break;
    case 1:
        query_check(gateway, &exchange);
        break;
    case 2:
        push_check(&gateway->receipt, body, length);
        break;
    default:
        push_check(&gateway->reply, body, length);
        break;
    }
    free(body);
    return 0;
}
