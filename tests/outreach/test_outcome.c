/* Answers of each shipped gateway and what they mean; the wire itself is tested in test_wire.c. */
#include "support/home.h"

#include "outreach/outcome.h"

#include <string.h>

typedef struct Case {
    int status;
    const char *body;
    OutcomeKind kind;
    const char *id, *code;
} Case;

static void judge_all(TestHome *home, const char *type, const Case *cases, size_t count)
{
    Err err = {0};
    Gateway gateway;
    test_config(
        home,
        arena_printf(
            home->context.arena,
            "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"%s\", \"url\": \"http://h/\"}}",
            type));
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    for (size_t at = 0; at < count; at++) {
        Exchange exchange = {.status = cases[at].status,
                             .body = cases[at].body,
                             .body_length = strlen(cases[at].body)};
        Outcome outcome;
        outcome_judge(&gateway, &exchange, &outcome);
        if (outcome.kind != cases[at].kind || strcmp(outcome.gateway_id, cases[at].id) != 0 ||
            strcmp(outcome.code, cases[at].code) != 0)
            fail_msg("%s: %d '%s' gave %s, id '%s', code '%s'", type, cases[at].status,
                     cases[at].body, outcome_word(outcome.kind), outcome.gateway_id, outcome.code);
        if (outcome.kind == OUTCOME_PAUSED && cases[at].status == 403 &&
            strcmp(type, "kannel") == 0)
            assert_non_null(outcome.fix);
    }
    gateway_done(&gateway);
}

static void answers_of_the_simulator(void **state)
{
    static const Case CASES[] = {
        {202, "{\"id\":\"S1\"}", OUTCOME_ACCEPTED, "S1", ""},
        {202, "{\"id\":12345678901234}", OUTCOME_ACCEPTED, "12345678901234", ""},
        {202, "{\"id\":\"\"}", OUTCOME_UNCERTAIN, "", ""},
        {202, "{\"id\":{}}", OUTCOME_UNCERTAIN, "", ""},
        {202, "{\"id\":1.5}", OUTCOME_UNCERTAIN, "", ""},
        {202, "", OUTCOME_UNCERTAIN, "", ""},
        {202, "[]", OUTCOME_UNCERTAIN, "", ""},
        {202, "{\"id\":\"a\\u0000b\"}", OUTCOME_UNCERTAIN, "", ""},
        {202, "{\"id\":\"\xff\xfe\"}", OUTCOME_UNCERTAIN, "", ""},
        {200, "{\"id\":\"S1\"}", OUTCOME_UNCERTAIN, "", ""},
        {503, "{\"error\":\"busy\"}", OUTCOME_NOT_SENT, "", "busy"},
        {503, "{\"error\":\"other\"}", OUTCOME_UNCERTAIN, "", ""},
        {503, "<html>", OUTCOME_UNCERTAIN, "", ""},
        {502, "", OUTCOME_UNCERTAIN, "", ""},
        {504, "", OUTCOME_UNCERTAIN, "", ""},
        {429, "{\"error\":\"too_fast\"}", OUTCOME_THROTTLED, "", "too_fast"},
        {429, "", OUTCOME_THROTTLED, "", ""},
        {400, "{\"error\":\"bad_request\"}", OUTCOME_REJECTED, "", "bad_request"},
        {400, "", OUTCOME_UNCERTAIN, "", ""},
        {422, "{\"error\":\"bad number 13800138000\"}", OUTCOME_REJECTED, "",
         "bad?number?***********"},
        {401, "", OUTCOME_PAUSED, "", ""},
        {403, "{\"id\":\"S1\"}", OUTCOME_PAUSED, "", ""},
        {302, "{\"id\":\"S1\"}", OUTCOME_UNCERTAIN, "", ""},
        {404, "not found", OUTCOME_UNCERTAIN, "", ""},
    };
    judge_all(*state, "simulator", CASES, sizeof CASES / sizeof CASES[0]);
}

static void answers_of_kannel(void **state)
{
    static const Case CASES[] = {
        {202, "0: Accepted for delivery", OUTCOME_ACCEPTED, "", ""},
        {202, "3: Queued for later delivery", OUTCOME_ACCEPTED, "", ""},
        {202, "hello", OUTCOME_UNCERTAIN, "", ""},
        {200, "0: Accepted for delivery", OUTCOME_UNCERTAIN, "",
         ""}, /* of something that is not Kannel */
        {403, "Authorization failed for sendsms", OUTCOME_PAUSED, "",
         "Authorization?failed?for?sendsms"},
        {400, "Missing receiver number, rejected", OUTCOME_REJECTED, "", "Missing?receiver?number"},
        {503, "Temporal failure, try again later.", OUTCOME_NOT_SENT, "", ""},
        {503, "Service Unavailable", OUTCOME_UNCERTAIN, "", ""},
    };
    judge_all(*state, "kannel", CASES, sizeof CASES / sizeof CASES[0]);
}

static void answers_of_a_json_gateway(void **state)
{
    static const Case CASES[] = {
        {200, "{\"code\":0,\"message_id\":\"m\"}", OUTCOME_ACCEPTED, "m", ""},
        {200, "{\"code\":\"OK\",\"message_id\":77}", OUTCOME_ACCEPTED, "77", ""},
        {200, "{\"code\":\"OK\"}", OUTCOME_UNCERTAIN, "", ""},
        {200, "{\"code\":\"FLOW_CONTROL\"}", OUTCOME_THROTTLED, "", "FLOW_CONTROL"},
        {200, "{\"code\":\"TIMESTAMP_EXPIRED\"}", OUTCOME_PAUSED, "", "TIMESTAMP_EXPIRED"},
        {200, "{\"code\":\"NO_BALANCE\"}", OUTCOME_PAUSED, "", "NO_BALANCE"},
        {200, "{\"code\":\"BLACKLISTED\"}", OUTCOME_REJECTED, "", "BLACKLISTED"},
        {200, "{\"code\":\"SURPRISE\"}", OUTCOME_UNCERTAIN, "", ""},
        {200, "{\"code\":0,\"code\":1,\"message_id\":\"m\"}", OUTCOME_UNCERTAIN, "", ""},
    };
    judge_all(*state, "generic-json", CASES, sizeof CASES / sizeof CASES[0]);
}

static void answer_nested_too_deep_is_uncertain(void **state)
{
    TestHome *home = *state;
    size_t depth = 60000;
    char *body = arena_alloc(home->context.arena, depth + 1);
    memset(body, '[', depth);
    const Case bomb = {202, body, OUTCOME_UNCERTAIN, "", ""};
    judge_all(home, "simulator", &bomb, 1);
}

static int setup(void **state)
{
    *state = test_home_new();
    return 0;
}

static int teardown(void **state)
{
    test_home_free(*state);
    return 0;
}

#define ALIYUN(code) "{\"Code\":\"" code "\",\"Message\":\"m\",\"RequestId\":\"r\"}"
#define TENCENT(code)                                                                              \
    "{\"Response\":{\"SendStatusSet\":[{\"Code\":\"" code "\",\"SerialNo\":\"\"}]}}"
#define TENCENT_ERROR(code)                                                                        \
    "{\"Response\":{\"Error\":{\"Code\":\"" code "\",\"Message\":\"m\"},\"RequestId\":\"r\"}}"

static void answers_of_alibaba_cloud(void **state)
{
    static const Case CASES[] = {
        {200, "{\"Code\":\"OK\",\"BizId\":\"9^0\"}", OUTCOME_ACCEPTED, "9^0", ""},
        {200, ALIYUN("OK"), OUTCOME_UNCERTAIN, "", ""},
        {200, ALIYUN("isv.MOBILE_NUMBER_ILLEGAL"), OUTCOME_REJECTED, "",
         "isv.MOBILE_NUMBER_ILLEGAL"},
        {200, ALIYUN("isv.BUSINESS_LIMIT_CONTROL"), OUTCOME_REJECTED, "",
         "isv.BUSINESS_LIMIT_CONTROL"},
        {200, ALIYUN("isv.AMOUNT_NOT_ENOUGH"), OUTCOME_PAUSED, "", "isv.AMOUNT_NOT_ENOUGH"},
        {200, ALIYUN("isv.SMS_SIGNATURE_ILLEGAL"), OUTCOME_PAUSED, "", "isv.SMS_SIGNATURE_ILLEGAL"},
        {200, ALIYUN("isv.SMS_TEMPLATE_ILLEGAL"), OUTCOME_PAUSED, "", "isv.SMS_TEMPLATE_ILLEGAL"},
        {404, ALIYUN("InvalidAccessKeyId.NotFound"), OUTCOME_PAUSED, "",
         "InvalidAccessKeyId.NotFound"},
        {400, ALIYUN("SignatureDoesNotMatch"), OUTCOME_PAUSED, "", "SignatureDoesNotMatch"},
        {400, ALIYUN("InvalidTimeStamp.Expired"), OUTCOME_PAUSED, "", "InvalidTimeStamp.Expired"},
        {400, ALIYUN("SignatureNonceUsed"), OUTCOME_UNCERTAIN, "", "SignatureNonceUsed"},
        {400, ALIYUN("Throttling.User"), OUTCOME_THROTTLED, "", "Throttling.User"},
        {503, ALIYUN("ServiceUnavailable"), OUTCOME_UNCERTAIN, "", "ServiceUnavailable"},
        {500, ALIYUN("InternalError"), OUTCOME_UNCERTAIN, "", "InternalError"},
        {200, ALIYUN("something new"), OUTCOME_UNCERTAIN, "", ""},
        {502, "<html>", OUTCOME_UNCERTAIN, "", ""},
    };
    judge_all(*state, "aliyun", CASES, sizeof CASES / sizeof CASES[0]);
}

static void answers_of_tencent_cloud(void **state)
{
    static const Case CASES[] = {
        {200, "{\"Response\":{\"SendStatusSet\":[{\"Code\":\"Ok\",\"SerialNo\":\"5000:1\"}]}}",
         OUTCOME_ACCEPTED, "5000:1", ""},
        {200, TENCENT("Ok"), OUTCOME_UNCERTAIN, "", ""},
        {200, TENCENT("FailedOperation.InsufficientBalanceInSmsPackage"), OUTCOME_PAUSED, "",
         "FailedOperation.InsufficientBalanceInSmsPackage"},
        {200, TENCENT("FailedOperation.SignatureIncorrectOrUnapproved"), OUTCOME_PAUSED, "",
         "FailedOperation.SignatureIncorrectOrUnapproved"},
        {200, TENCENT("FailedOperation.TemplateIncorrectOrUnapproved"), OUTCOME_PAUSED, "",
         "FailedOperation.TemplateIncorrectOrUnapproved"},
        {200, TENCENT("FailedOperation.PhoneNumberInBlacklist"), OUTCOME_REJECTED, "",
         "FailedOperation.PhoneNumberInBlacklist"},
        {200, TENCENT("LimitExceeded.PhoneNumberDailyLimit"), OUTCOME_REJECTED, "",
         "LimitExceeded.PhoneNumberDailyLimit"},
        {200, TENCENT("LimitExceeded.DeliveryFrequencyLimit"), OUTCOME_THROTTLED, "",
         "LimitExceeded.DeliveryFrequencyLimit"},
        {200, TENCENT("InternalError.Timeout"), OUTCOME_UNCERTAIN, "", "InternalError.Timeout"},
        {200, TENCENT_ERROR("AuthFailure.SignatureExpire"), OUTCOME_PAUSED, "",
         "AuthFailure.SignatureExpire"},
        {200, TENCENT_ERROR("AuthFailure.SecretIdNotFound"), OUTCOME_PAUSED, "",
         "AuthFailure.SecretIdNotFound"},
        {200, TENCENT_ERROR("RequestLimitExceeded"), OUTCOME_THROTTLED, "", "RequestLimitExceeded"},
        {200, TENCENT_ERROR("InternalError"), OUTCOME_UNCERTAIN, "", "InternalError"},
        {200, "{\"Response\":{}}", OUTCOME_UNCERTAIN, "", ""},
    };
    judge_all(*state, "tencent", CASES, sizeof CASES / sizeof CASES[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_of_the_simulator),
        cmocka_unit_test(answers_of_kannel),
        cmocka_unit_test(answers_of_a_json_gateway),
        cmocka_unit_test(answer_nested_too_deep_is_uncertain),
        cmocka_unit_test(answers_of_alibaba_cloud),
        cmocka_unit_test(answers_of_tencent_cloud),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
