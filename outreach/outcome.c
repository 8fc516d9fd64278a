#include "outreach/outcome.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

MessageState outcome_state(OutcomeKind kind)
{
    static const MessageState STATES[OUTCOME_COUNT] = {
#define OUTCOME(name, word, state, meaning) [OUTCOME_##name] = STATE_##state,
#include "outreach/outcomes.def"
#undef OUTCOME
    };
    return STATES[kind];
}

static bool status_fits(const AnswerRule *rule, int status)
{
    if (!rule->statuses)
        return true;
    for (const int *known = rule->statuses; *known; known++)
        if (*known == status)
            return true;
    return false;
}

bool answer_fits(const AnswerRule *rule, const Exchange *exchange, json_t *json)
{
    if (!status_fits(rule, exchange->status))
        return false;
    if (!rule->when.path && !rule->when.pattern)
        return true;
    char value[OUTCOME_ID_BYTES];
    if (!finder_text(&rule->when, json, exchange->body, exchange->body_length, value, sizeof value))
        return false;
    for (const char **is = rule->is; is && *is; is++)
        if (text_equal(*is, value))
            return true;
    return rule->is == NULL;
}

/* A code goes into the log, so it is a word: a gateway that echoes a phone or a text is not
 * repeated. */
void code_clean(char *code)
{
    size_t digits = 0;
    for (char *c = code; *c; c++) {
        if (!isalnum((unsigned char)*c) && !strchr("._:-", *c))
            *c = '?';
        digits = isdigit((unsigned char)*c) ? digits + 1 : 0;
        if (digits == 11) {
            memset(c - 10, '*', 11);
            digits = 0;
        }
    }
}

bool number_same(const char *theirs, const char *ours)
{
    theirs += *theirs == '+';
    if (strlen(theirs) == strlen(ours) + 2 && text_starts(theirs, "86"))
        theirs += 2;
    return text_equal(theirs, ours);
}

/* A whole answer that no rule of the file knows. */
static OutcomeKind kind_by_status(int status)
{
    if (status == 401 || status == 403)
        return OUTCOME_PAUSED;
    return status == 429 ? OUTCOME_THROTTLED : OUTCOME_UNCERTAIN;
}

static bool about_another(const AnswerRule *rule, const Exchange *exchange, json_t *json)
{
    char to[OUTCOME_ID_BYTES];
    return exchange->to &&
           finder_text(&rule->to, json, exchange->body, exchange->body_length, to, sizeof to) &&
           !number_same(to, exchange->to);
}

/* What the gateway says it took or refused must be ours: answers can be mixed up on a kept
 * connection. */
static void doubt(const AnswerRule *rule, const Exchange *exchange, json_t *json, Outcome *outcome)
{
    bool wants_id = rule->id.path || rule->id.pattern;
    const char *wrong = NULL;
    if (about_another(rule, exchange, json))
        wrong = "about another number";
    else if (wants_id && !*outcome->gateway_id && rule->outcome == OUTCOME_ACCEPTED)
        wrong = "without an id";
    if (!wrong)
        return;
    outcome->kind = OUTCOME_UNCERTAIN;
    *outcome->gateway_id = '\0';
    snprintf(outcome->note, sizeof outcome->note, "http %d %s", exchange->status, wrong);
}

void outcome_judge_answer(const Gateway *gateway, const Exchange *exchange, json_t *json,
                          Outcome *outcome)
{
    const AnswerRule *rule = gateway->rules, *end = gateway->rules + gateway->rule_count;
    while (rule < end && !answer_fits(rule, exchange, json))
        rule++;
    snprintf(outcome->note, sizeof outcome->note, "http %d", exchange->status);
    if (rule == end) {
        outcome->kind = kind_by_status(exchange->status);
        return;
    }
    outcome->kind = rule->outcome;
    outcome->fix = rule->fix;
    if (finder_text(&rule->code, json, exchange->body, exchange->body_length, outcome->code,
                    sizeof outcome->code))
        code_clean(outcome->code);
    if (!finder_text(&rule->id, json, exchange->body, exchange->body_length, outcome->gateway_id,
                     sizeof outcome->gateway_id))
        *outcome->gateway_id = '\0';
    doubt(rule, exchange, json, outcome);
}

void outcome_judge(const Gateway *gateway, const Exchange *exchange, Outcome *ret_outcome)
{
    *ret_outcome = (Outcome){.retry_after_ms = exchange->retry_after_ms};
    if (exchange->failure) {
        ret_outcome->kind = exchange->nothing_sent ? OUTCOME_NOT_SENT : OUTCOME_UNCERTAIN;
        snprintf(ret_outcome->note, sizeof ret_outcome->note, "%s", exchange->failure);
        return;
    }
    json_t *json = json_loadb(exchange->body, exchange->body_length, JSON_REJECT_DUPLICATES, NULL);
    outcome_judge_answer(gateway, exchange, json, ret_outcome);
    json_decref(json);
}
