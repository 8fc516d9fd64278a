/* One answer to a request for three messages, and what it says of each. */
#include "outbox_fill.h"

#include "outreach/outcome.h"

#include <string.h>

static int setup(void **state)
{
    *state = test_home_new();
    return 0;
}

static const GatewayMessage MESSAGES[] = {
    {.to = "13800138001", .text = "t", .reference = "11111111111111111111111111111111"},
    {.to = "13800138002", .text = "t", .reference = "22222222222222222222222222222222"},
    {.to = "13800138003", .text = "t", .reference = "33333333333333333333333333333333"},
};

#define ONE "{\"out_id\":\"11111111111111111111111111111111\",\"code\":\"0\",\"message_id\":\"A\"}"
#define TWO "{\"out_id\":\"22222222222222222222222222222222\",\"code\":\"0\",\"message_id\":\"B\"}"
#define THREE                                                                                      \
    "{\"out_id\":\"33333333333333333333333333333333\",\"code\":\"0\",\"message_id\":\"C\"}"
#define TWO_AS(code) "{\"out_id\":\"22222222222222222222222222222222\",\"code\":\"" code "\"}"
#define RESULTS(items) "{\"code\":\"0\",\"results\":[" items "]}"

/* kinds: a accepted, r rejected, t throttled, p paused, n not sent, u uncertain; of each message. */
static const struct {
    const char *what;
    int status;
    const char *body, *failure;
    bool nothing_sent;
    const char *kinds;
} CASES[] = {
    {"all taken", 200, RESULTS(ONE "," TWO "," THREE), NULL, false, "aaa"},
    {"in another order", 200, RESULTS(THREE "," ONE "," TWO), NULL, false, "aaa"},
    {"one refused", 200, RESULTS(ONE "," TWO_AS("BLACKLISTED") "," THREE), NULL, false, "ara"},
    {"one too fast", 200, RESULTS(ONE "," TWO_AS("THROTTLED") "," THREE), NULL, false, "ata"},
    {"one not sent", 200, RESULTS(ONE "," TWO_AS("NOT_SENT") "," THREE), NULL, false, "ana"},
    {"one with a code that nobody knows", 200, RESULTS(ONE "," TWO_AS("X9") "," THREE), NULL, false,
     "aua"},
    {"one not named", 200, RESULTS(ONE "," THREE), NULL, false, "aua"},
    {"one named twice", 200, RESULTS(ONE "," TWO "," TWO "," THREE), NULL, false, "aua"},
    {"one named twice, differently", 200, RESULTS(ONE "," TWO "," TWO_AS("BLACKLISTED") "," THREE),
     NULL, false, "aua"},
    {"one taken without an id", 200, RESULTS(ONE "," TWO_AS("0") "," THREE), NULL, false, "aua"},
    {"a stranger among them", 200,
     RESULTS(ONE ",{\"out_id\":\"44444444444444444444444444444444\",\"code\":\"0\",\"message_id\":"
                 "\"D\"}," THREE),
     NULL, false, "aua"},
    {"an item that is none", 200, RESULTS("null," ONE ",7," TWO "," THREE), NULL, false, "aaa"},
    {"no items", 200, RESULTS(""), NULL, false, "uuu"},
    {"a success that names nobody", 200, "{\"code\":\"0\"}", NULL, false, "uuu"},
    {"no json", 200, "<html>", NULL, false, "uuu"},
    {"an empty account", 402, "{\"code\":\"NO_BALANCE\"}", NULL, false, "ppp"},
    {"too fast altogether", 200, "{\"code\":\"FLOW_CONTROL\"}", NULL, false, "ttt"},
    {"refused as a whole: each is tried alone", 400, "{\"code\":\"ILLEGAL_CONTENT\"}", NULL, false,
     "nnn"},
    {"429", 429, "", NULL, false, "ttt"},
    {"500", 500, "", NULL, false, "uuu"},
    {"no answer", 0, "", "timeout", false, "uuu"},
    {"no connection", 0, "", "no connection", true, "nnn"},
};

static char letter_of(OutcomeKind kind)
{
    static const char LETTERS[OUTCOME_COUNT] = {
        [OUTCOME_ACCEPTED] = 'a', [OUTCOME_REJECTED] = 'r', [OUTCOME_THROTTLED] = 't',
        [OUTCOME_PAUSED] = 'p',   [OUTCOME_NOT_SENT] = 'n', [OUTCOME_UNCERTAIN] = 'u'};
    return LETTERS[kind];
}

static Gateway gateway_of(TestHome *home, const char *type)
{
    Err err = {0};
    Gateway gateway;
    outbox_gateway_of(home, type, 9);
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    return gateway;
}

static void each_message_gets_what_the_answer_says_of_it(void **state)
{
    Gateway gateway = gateway_of(*state, "generic-json-array");
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        const Exchange exchange = {.failure = CASES[at].failure,
                                   .nothing_sent = CASES[at].nothing_sent,
                                   .status = CASES[at].status,
                                   .body = CASES[at].body,
                                   .body_length = strlen(CASES[at].body)};
        Outcome outcomes[3];
        char kinds[4] = "";
        outcome_judge_batch(&gateway, &exchange, MESSAGES, 3, outcomes);
        for (size_t one = 0; one < 3; one++)
            kinds[one] = letter_of(outcomes[one].kind);
        if (strcmp(kinds, CASES[at].kinds) != 0)
            fail_msg("%s: %s, not %s (%s)", CASES[at].what, kinds, CASES[at].kinds,
                     outcomes[1].note);
        for (size_t one = 0; one < 3; one++)
            if (outcomes[one].kind == OUTCOME_ACCEPTED)
                assert_int_equal(outcomes[one].gateway_id[0], "ABC"[one]);
            else
                assert_string_equal(outcomes[one].gateway_id, "");
    }
    gateway_done(&gateway);
}

/* A message that goes alone is refused for good when it is refused. */
static void one_message_alone_is_judged_by_itself(void **state)
{
    Gateway gateway = gateway_of(*state, "generic-json-array");
    const char *body = "{\"code\":\"ILLEGAL_CONTENT\"}";
    const Exchange exchange = {.status = 400, .body = body, .body_length = strlen(body)};
    Outcome outcome;
    outcome_judge_batch(&gateway, &exchange, MESSAGES, 1, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_REJECTED);
    assert_string_equal(outcome.code, "ILLEGAL_CONTENT");
    /* the only item need not say whom it is about, but may not say that it is another */
    static const struct {
        const char *body;
        OutcomeKind kind;
    } ALONE[] = {{RESULTS("{\"code\":\"0\",\"message_id\":\"A\"}"), OUTCOME_ACCEPTED},
                 {RESULTS(TWO), OUTCOME_UNCERTAIN},
                 {RESULTS("{\"code\":\"0\",\"message_id\":\"A\"}," TWO), OUTCOME_UNCERTAIN}};
    for (size_t at = 0; at < sizeof ALONE / sizeof ALONE[0]; at++) {
        const Exchange answer = {
            .status = 200, .body = ALONE[at].body, .body_length = strlen(ALONE[at].body)};
        outcome_judge_batch(&gateway, &answer, MESSAGES, 1, &outcome);
        assert_int_equal(outcome.kind, ALONE[at].kind);
    }
    gateway_done(&gateway);
}

/* Tencent names the numbers, with their country code. */
static void numbers_are_known_with_their_country_code(void **state)
{
    Gateway gateway = gateway_of(*state, "tencent");
    const char *body = "{\"Response\":{\"SendStatusSet\":["
                       "{\"SerialNo\":\"S2\",\"PhoneNumber\":\"+8613800138002\",\"Code\":\"Ok\"},"
                       "{\"SerialNo\":\"\",\"PhoneNumber\":\"+8613800138001\","
                       "\"Code\":\"FailedOperation.PhoneNumberInBlacklist\"}]}}";
    const Exchange exchange = {.status = 200, .body = body, .body_length = strlen(body)};
    Outcome outcomes[3];
    outcome_judge_batch(&gateway, &exchange, MESSAGES, 3, outcomes);
    assert_int_equal(outcomes[0].kind, OUTCOME_REJECTED);
    assert_string_equal(outcomes[0].code, "FailedOperation.PhoneNumberInBlacklist");
    assert_int_equal(outcomes[1].kind, OUTCOME_ACCEPTED);
    assert_string_equal(outcomes[1].gateway_id, "S2");
    assert_int_equal(outcomes[2].kind, OUTCOME_UNCERTAIN);
    assert_string_equal(outcomes[2].note, "http 200 does not name it");
    gateway_done(&gateway);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_gets_what_the_answer_says_of_it),
        cmocka_unit_test(one_message_alone_is_judged_by_itself),
        cmocka_unit_test(numbers_are_known_with_their_country_code),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
