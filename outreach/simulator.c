#include "outreach/simulator.h"

#include "base/date.h"
#include "base/listener.h"
#include "outreach/ledger.h"
#include "outreach/push.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    REQUEST_BYTES_MAX = 1024 * 1024,
    CONNECTIONS = 1024,
    THREADS = 4,
    SLOW_THREADS = 64, /* a late answer holds its thread */
    RECEIPT_BYTES = 256,
};

struct Simulator {
    Listener *listener;
    Push *push;
    Faults faults;
    Moment began;
    pthread_mutex_t lock; /* over what follows */
    Ledger references, recipients, taken;
    Ledger fates; /* of taken messages by reference: when it is decided, in ms, and how, in bit 0 */
    uint64_t requests, accepted, busy, throttled, cut, refused, replies;
};

typedef struct Order {
    const char *to, *text, *reference, *callback, *replies;
} Order;

static void answer_json(Reply *reply, unsigned status, const char *body)
{
    reply->status = status;
    reply->content_type = "application/json";
    reply->body = strdup(body);
    reply->body_length = reply->body ? strlen(body) : 0;
}

static bool order_read(json_t *json, Order *order)
{
    *order = (Order){.to = json_string_value(json_object_get(json, "to")),
                     .text = json_string_value(json_object_get(json, "text")),
                     .reference = json_string_value(json_object_get(json, "reference")),
                     .callback = json_string_value(json_object_get(json, "callback")),
                     .replies = json_string_value(json_object_get(json, "replies"))};
    return order->to && order->text && *order->text && order->reference &&
           strlen(order->reference) == 32 &&
           strspn(order->reference, "0123456789abcdef") == strlen(order->reference);
}

static bool is_mobile(const char *number)
{
    return strlen(number) == 11 && number[0] == '1' && strspn(number, "0123456789") == 11;
}

static void receipt_push(Simulator *simulator, const Order *order, const char *id,
                         const char *status, unsigned after_ms)
{
    char json[RECEIPT_BYTES];
    bool delivered = strcmp(status, "UNDELIV") != 0;
    snprintf(json, sizeof json,
             "{\"reference\":\"%s\",\"id\":\"%s\",\"status\":\"%s\",\"code\":\"%s\"}",
             order->reference, id, status, delivered ? "000" : "012");
    push_add(simulator->push, order->callback, json, after_ms);
}

static void report(Simulator *simulator, const Order *order, const char *id, const Fate *fate)
{
    if (order->callback && *order->callback && fate->receipts > 0) {
        unsigned final_ms = fate->receipt_after_ms;
        receipt_push(simulator, order, id, "ACCEPTD", fate->disordered ? final_ms + 100 : 1);
        for (unsigned copy = 0; copy < fate->receipts; copy++)
            receipt_push(simulator, order, id, fate->delivered ? "DELIVRD" : "UNDELIV",
                         final_ms + 50 * copy);
    }
    if (!order->replies || !*order->replies || !fate->reply)
        return;
    char json[RECEIPT_BYTES];
    snprintf(json, sizeof json, "{\"phone\":\"%s\",\"text\":\"%s\",\"id\":\"M%s\"}", order->to,
             fate->reply, id);
    push_add(simulator->push, order->replies, json, fate->reply_after_ms);
    pthread_mutex_lock(&simulator->lock);
    simulator->replies++;
    pthread_mutex_unlock(&simulator->lock);
}

/* Counts the request and draws what becomes of it. */
static Fate fate_of(Simulator *simulator, const Order *order)
{
    uint64_t message = ledger_key(order->to, order->text);
    pthread_mutex_lock(&simulator->lock);
    ledger_count(&simulator->references, ledger_key(order->reference, ""));
    uint64_t nth = ledger_count(&simulator->recipients, message);
    Fate fate = fate_draw(&simulator->faults, message, nth);
    if (fate.taken) {
        ledger_count(&simulator->taken, message);
        ledger_note(&simulator->fates, ledger_key(order->reference, ""),
                    (uint64_t)(moment_now() + fate.receipt_after_ms) << 1 | fate.delivered);
    }
    *(fate.kind == FATE_BUSY       ? &simulator->busy
      : fate.kind == FATE_THROTTLE ? &simulator->throttled
      : fate.kind == FATE_CUT      ? &simulator->cut
                                   : &simulator->accepted) += 1;
    pthread_mutex_unlock(&simulator->lock);
    return fate;
}

static void take_order(Simulator *simulator, const Order *order, Reply *reply)
{
    Fate fate = fate_of(simulator, order);
    char id[40], body[128];
    snprintf(id, sizeof id, "S%.16s", order->reference + 16);
    if (fate.taken)
        report(simulator, order, id, &fate);
    reply->delay_ms = fate.delay_ms;
    switch (fate.kind) {
    case FATE_TAKE:
        snprintf(body, sizeof body, "{\"id\":\"%s\",\"status\":\"ACCEPTD\"}", id);
        answer_json(reply, 202, body);
        break;
    case FATE_BUSY:
        answer_json(reply, 503, "{\"error\":\"busy\"}");
        break;
    case FATE_THROTTLE:
        answer_json(reply, 429, "{\"error\":\"too_fast\"}");
        reply->retry_after = "1";
        break;
    case FATE_CUT:
        reply->status = 0;
        break;
    }
}

static void refuse(Simulator *simulator, Reply *reply, unsigned status, const char *body)
{
    pthread_mutex_lock(&simulator->lock);
    simulator->refused++;
    pthread_mutex_unlock(&simulator->lock);
    answer_json(reply, status, body);
}

/* One of many in a request: what is said of it names its reference. */
static json_t *order_answer(Simulator *simulator, const Order *order, bool *ret_cut)
{
    if (!is_mobile(order->to))
        return json_pack("{ss, ss}", "reference", order->reference, "error", "bad_number");
    Fate fate = fate_of(simulator, order);
    char id[40];
    snprintf(id, sizeof id, "S%.16s", order->reference + 16);
    if (fate.taken)
        report(simulator, order, id, &fate);
    *ret_cut |= fate.kind == FATE_CUT;
    if (fate.kind == FATE_TAKE)
        return json_pack("{ss, ss, ss}", "reference", order->reference, "id", id, "status",
                         "ACCEPTD");
    return json_pack("{ss, ss}", "reference", order->reference, "error",
                     fate.kind == FATE_BUSY ? "busy" : "too_fast");
}

/* The first that is to be cut off cuts the connection when all have been taken. */
static void take_orders(Simulator *simulator, const json_t *orders, Reply *reply)
{
    json_t *answers = json_array();
    bool cut = false, sound = json_array_size(orders) > 0;
    for (size_t at = 0; sound && at < json_array_size(orders); at++) {
        Order order;
        sound = order_read(json_array_get(orders, at), &order);
        if (sound)
            json_array_append_new(answers, order_answer(simulator, &order, &cut));
    }
    if (!sound) {
        refuse(simulator, reply, 400, "{\"error\":\"bad_request\"}");
    } else if (cut) {
        reply->status = 0;
    } else {
        reply->status = 202;
        reply->content_type = "application/json";
        reply->body = json_dumps(answers, JSON_COMPACT);
        reply->body_length = reply->body ? strlen(reply->body) : 0;
    }
    json_decref(answers);
}

static void take_send(Simulator *simulator, const Request *request, Reply *reply)
{
    pthread_mutex_lock(&simulator->lock);
    simulator->requests++;
    pthread_mutex_unlock(&simulator->lock);
    json_t *json = json_loadb(request->body, request->body_length, JSON_REJECT_DUPLICATES, NULL);
    Order order;
    if (json_is_array(json))
        take_orders(simulator, json, reply);
    else if (!order_read(json, &order))
        refuse(simulator, reply, 400, "{\"error\":\"bad_request\"}");
    else if (!is_mobile(order.to))
        refuse(simulator, reply, 422, "{\"error\":\"bad_number\"}");
    else
        take_order(simulator, &order, reply);
    json_decref(json);
}

/* What it did not take is not known here; nor is what another simulator, before this one, took. */
static void take_query(Simulator *simulator, const Request *request, Reply *reply)
{
    const char *reference = request_query(request, "reference");
    const char *sent = request_query(request, "sent");
    if (!reference || strlen(reference) != 32 || !sent) {
        refuse(simulator, reply, 400, "{\"error\":\"bad_request\"}");
        return;
    }
    pthread_mutex_lock(&simulator->lock);
    uint64_t fate = ledger_find(&simulator->fates, ledger_key(reference, ""));
    pthread_mutex_unlock(&simulator->lock);
    if (!fate) {
        bool mine = strtoll(sent, NULL, 10) * 1000 >= simulator->began;
        answer_json(reply, 404, mine ? "{\"error\":\"unknown\"}" : "{\"error\":\"before_me\"}");
        return;
    }
    bool decided = moment_now() >= (Moment)(fate >> 1);
    char body[RECEIPT_BYTES];
    snprintf(body, sizeof body,
             "{\"reference\":\"%s\",\"id\":\"S%.16s\",\"status\":\"%s\",\"code\":\"%s\"}",
             reference, reference + 16,
             !decided   ? "ACCEPTD"
             : fate & 1 ? "DELIVRD"
                        : "UNDELIV",
             !decided || fate & 1 ? "000" : "012");
    answer_json(reply, 200, body);
}

static void take(void *state, const Request *request, Reply *reply)
{
    Simulator *simulator = state;
    if (strcmp(request->path, "/send") == 0 && strcmp(request->method, "POST") == 0) {
        take_send(simulator, request, reply);
    } else if (strcmp(request->path, "/query") == 0 && strcmp(request->method, "GET") == 0) {
        take_query(simulator, request, reply);
    } else if (strcmp(request->path, "/stats") == 0 && strcmp(request->method, "GET") == 0) {
        json_t *stats = simulator_stats(simulator);
        reply->status = 200;
        reply->content_type = "application/json";
        reply->body = json_dumps(stats, JSON_INDENT(2));
        reply->body_length = reply->body ? strlen(reply->body) : 0;
        json_decref(stats);
    } else {
        answer_json(reply, 404, "{\"error\":\"not_found\"}");
    }
}

ErrCode simulator_open(const char *address, const Faults *faults, Simulator **ret_simulator,
                       Err *err)
{
    Simulator *simulator = calloc(1, sizeof *simulator);
    if (!simulator)
        abort();
    simulator->faults = *faults;
    simulator->began = moment_now();
    pthread_mutex_init(&simulator->lock, NULL);
    ListenerSettings settings = {.address = address,
                                 .body_limit_bytes = REQUEST_BYTES_MAX,
                                 .connections = CONNECTIONS,
                                 .threads = faults->slow > 0 ? SLOW_THREADS : THREADS,
                                 .answer = take,
                                 .state = simulator};
    ErrCode code = push_open(&simulator->push, err);
    if (code == OK)
        code = listener_open(&settings, &simulator->listener, err);
    if (code != OK) {
        simulator_close(simulator);
        return code;
    }
    *ret_simulator = simulator;
    return OK;
}

void simulator_close(Simulator *simulator)
{
    if (!simulator)
        return;
    listener_close(simulator->listener);
    push_close(simulator->push);
    ledger_done(&simulator->references);
    ledger_done(&simulator->recipients);
    ledger_done(&simulator->taken);
    ledger_done(&simulator->fates);
    pthread_mutex_destroy(&simulator->lock);
    free(simulator);
}

unsigned simulator_port(const Simulator *simulator)
{
    return listener_port(simulator->listener);
}

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

json_t *simulator_stats(Simulator *simulator)
{
    PushCounts counts = push_counts(simulator->push);
    pthread_mutex_lock(&simulator->lock);
    json_t *stats = json_pack(
        "{so, so, so, so, so, so, s{so, so, so, so, so}, s{so, so, so}, so}", "requests",
        number(simulator->requests), "references", number(simulator->references.used),
        "references_twice", number(simulator->references.beyond), "recipients",
        number(simulator->recipients.used), "taken", number(simulator->taken.used), "taken_twice",
        number(simulator->taken.beyond), "answers", "accepted", number(simulator->accepted), "busy",
        number(simulator->busy), "throttled", number(simulator->throttled), "cut",
        number(simulator->cut), "refused", number(simulator->refused), "pushes", "waiting",
        number(counts.waiting), "pushed", number(counts.pushed), "failed", number(counts.failed),
        "replies", number(simulator->replies));
    pthread_mutex_unlock(&simulator->lock);
    return stats;
}
