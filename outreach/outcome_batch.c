/* One answer for many messages, read for each of them. */
#include "outreach/jsonpath.h"
#include "outreach/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Answer {
    const Gateway *gateway;
    const Exchange *exchange;
    json_t *json;
    json_t *array;                   /* of json */
    json_t **items;                  /* what the array held */
    char (*names)[OUTCOME_ID_BYTES]; /* whom they are about; "" = nobody */
    size_t item_count;
    bool alone; /* one message, one item: it need not be named */
} Answer;

static bool item_names(const Answer *answer, size_t item, const GatewayMessage *message)
{
    const char *name = answer->names[item];
    if (answer->alone && !*name)
        return true;
    return answer->gateway->ask.batch.to ? number_same(name, message->to)
                                         : strcmp(name, message->reference) == 0;
}

/* The one item about a message; NULL when there is none, or are several. */
static json_t *item_of(const Answer *answer, const GatewayMessage *message, size_t *ret_times)
{
    json_t *found = NULL;
    *ret_times = 0;
    for (size_t at = 0; at < answer->item_count; at++) {
        if (!item_names(answer, at, message))
            continue;
        found = answer->items[at];
        ++*ret_times;
    }
    return *ret_times == 1 ? found : NULL;
}

/* The rules of the file see an answer that speaks of this message alone. */
static void judge_one(Answer *answer, const GatewayMessage *message, Outcome *outcome)
{
    size_t times;
    json_t *item = item_of(answer, message, &times);
    *outcome = (Outcome){.kind = OUTCOME_UNCERTAIN};
    if (!item) {
        snprintf(outcome->note, sizeof outcome->note, "http %d %s", answer->exchange->status,
                 times ? "names it more than once" : "does not name it");
        return;
    }
    Exchange exchange = *answer->exchange;
    exchange.to = message->to;
    json_array_clear(answer->array);
    json_array_append(answer->array, item);
    outcome->retry_after_ms = exchange.retry_after_ms;
    outcome_judge_answer(answer->gateway, &exchange, answer->json, outcome);
}

/* An answer about the request as a whole. None was taken for sure by it; and as it may have been
 * refused for the sake of one, none is refused for good: each is tried again, alone. */
static void judge_all(const Gateway *gateway, const Exchange *exchange, size_t count,
                      Outcome *outcomes)
{
    Exchange whole = *exchange;
    whole.to = NULL;
    outcome_judge(gateway, &whole, outcomes);
    if (count > 1 && outcomes->kind == OUTCOME_REJECTED)
        outcomes->kind = OUTCOME_NOT_SENT;
    if (outcomes->kind == OUTCOME_ACCEPTED) {
        outcomes->kind = OUTCOME_UNCERTAIN;
        snprintf(outcomes->note, sizeof outcomes->note, "http %d does not name it",
                 exchange->status);
    }
    for (size_t at = 1; at < count; at++)
        outcomes[at] = outcomes[0];
}

static void judge_each(Answer *answer, const GatewayMessage *messages, size_t count,
                       Outcome *outcomes)
{
    const GatewayBatch *batch = &answer->gateway->ask.batch;
    const char *path = batch->to ? batch->to : batch->reference;
    answer->items = calloc(answer->item_count, sizeof *answer->items);
    answer->names = calloc(answer->item_count, sizeof *answer->names);
    if (!answer->items || !answer->names)
        abort();
    for (size_t at = 0; at < answer->item_count; at++) {
        answer->items[at] = json_incref(json_array_get(answer->array, at));
        (void)jsonpath_text(answer->items[at], path, answer->names[at], OUTCOME_ID_BYTES);
    }
    for (size_t at = 0; at < count; at++)
        judge_one(answer, &messages[at], &outcomes[at]);
    for (size_t at = 0; at < answer->item_count; at++)
        json_decref(answer->items[at]);
    free(answer->items);
    free(answer->names);
}

void outcome_judge_batch(const Gateway *gateway, const Exchange *exchange,
                         const GatewayMessage *messages, size_t count, Outcome *ret_outcomes)
{
    Answer answer = {.gateway = gateway, .exchange = exchange};
    if (!exchange->failure)
        answer.json =
            json_loadb(exchange->body, exchange->body_length, JSON_REJECT_DUPLICATES, NULL);
    if (answer.json)
        answer.array = jsonpath_find(answer.json, gateway->ask.batch.items);
    answer.item_count = json_array_size(answer.array);
    answer.alone = count == 1 && answer.item_count == 1;
    if (answer.item_count == 0)
        judge_all(gateway, exchange, count, ret_outcomes);
    else
        judge_each(&answer, messages, count, ret_outcomes);
    json_decref(answer.json);
}
