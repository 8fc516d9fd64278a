/* What each gateway answers when it is asked about one message, and what that settles. The bodies
 * are those of the vendors' pages, with our own numbers in them. */
#include "support/home.h"

#include "outreach/query.h"

#include <string.h>

#define OURS "00112233445566778899aabbccddeeff"
#define OTHER "ffeeddccbbaa99887766554433221100"

typedef struct Case {
    int status;
    const char *body;
    QueryKind kind;
    const char *state; /* what becomes of the message; "uncertain" = nothing */
    const char *code;
} Case;

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

static Gateway gateway_of(TestHome *home, const char *type)
{
    Err err = {0};
    Gateway gateway;
    test_config(home, arena_printf(home->context.arena,
                                   "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"%s\", "
                                   "\"url\": \"http://h/\", \"username\": \"AC1\", \"from\": "
                                   "\"1400006666\"}}",
                                   type));
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    assert_true(gateway.query.given);
    return gateway;
}

static void judge_all(TestHome *home, const char *type, const char *id, const Case *cases,
                      size_t count)
{
    Gateway gateway = gateway_of(home, type);
    const GatewayMessage asked = {.to = "13800138000", .reference = OURS, .id = id};
    for (size_t at = 0; at < count; at++) {
        const Exchange exchange = {.status = cases[at].status,
                                   .body = cases[at].body,
                                   .body_length = strlen(cases[at].body)};
        QueryAnswer answer;
        MessageState to = STATE_UNCERTAIN;
        const char *code;
        query_judge(&gateway, &asked, &exchange, &answer);
        bool settles = query_settles(&gateway, &answer, 3600, &to, &code);
        if (!settles)
            to = STATE_UNCERTAIN;
        if (answer.kind != cases[at].kind || strcmp(message_state_word(to), cases[at].state) != 0 ||
            strcmp(answer.code, cases[at].code) != 0)
            fail_msg("%s: %d '%s' gave %d, %s, code '%s'", type, cases[at].status, cases[at].body,
                     (int)answer.kind, message_state_word(to), answer.code);
    }
    gateway_done(&gateway);
}

/* Alibaba Cloud, QuerySendDetails. */
#define ALIYUN_ITEM(phone, status, reference)                                                              \
    "{\"TemplateCode\":\"SMS_12231****\",\"ReceiveDate\":\"2019-01-08 "                                    \
    "16:44:13\",\"PhoneNum\":\"" phone "\",\"Content\":\"【阿里云】验证码为:123,您正在登录," \
    "若非本人操作,请勿泄露。\",\"SendStatus\":" status                                                     \
    ",\"SendDate\":\"2019-01-08 16:44:10\",\"ErrCode\":\"DELIVERED\",\"OutId\":\"" reference "\"}"
#define ALIYUN(items)                                                                              \
    "{\"TotalCount\":1,\"Message\":\"OK\",\"RequestId\":\"819BE656-D2E0-4858-8B21-B2E477085AAF\"," \
    "\"SmsSendDetailDTOs\":{\"SmsSendDetailDTO\":[" items "]},\"Code\":\"OK\"}"

static void alibaba_cloud_knows_it_by_our_out_id(void **state)
{
    static const Case CASES[] = {
        {200, ALIYUN(ALIYUN_ITEM("13800138000", "3", OURS)), QUERY_FOUND, "delivered", "DELIVERED"},
        {200, ALIYUN(ALIYUN_ITEM("13800138000", "2", OURS)), QUERY_FOUND, "undelivered",
         "DELIVERED"},
        {200, ALIYUN(ALIYUN_ITEM("13800138000", "1", OURS)), QUERY_FOUND, "sent", "DELIVERED"},
        {200, ALIYUN(ALIYUN_ITEM("13800138000", "9", OURS)), QUERY_UNKNOWN, "uncertain",
         "DELIVERED"},
        {200,
         ALIYUN(ALIYUN_ITEM("13800138000", "3", OTHER) "," ALIYUN_ITEM("13800138000", "2", OURS)),
         QUERY_FOUND, "undelivered", "DELIVERED"},
        {200,
         ALIYUN(ALIYUN_ITEM("13800138000", "3", OURS) "," ALIYUN_ITEM("13800138000", "1", OURS)),
         QUERY_FOUND, "delivered", "DELIVERED"},
        {200, ALIYUN(ALIYUN_ITEM("13800138000", "3", OTHER)), QUERY_ABSENT, "uncertain", ""},
        {200, ALIYUN(ALIYUN_ITEM("13900139000", "3", OURS)), QUERY_ABSENT, "uncertain", ""},
        {200, ALIYUN(""), QUERY_ABSENT, "uncertain", ""}, /* it does not say that this is proof */
        {200, "{\"Code\":\"OK\"}", QUERY_UNKNOWN, "uncertain", ""},
        {200, "{\"Code\":\"isv.ACCOUNT_ABNORMAL\"}", QUERY_UNASKED, "uncertain", ""},
        {400, "{\"Code\":\"Throttling.User\"}", QUERY_UNASKED, "uncertain", ""},
        {502, "<html>", QUERY_UNASKED, "uncertain", ""},
    };
    judge_all(*state, "aliyun", NULL, CASES, sizeof CASES / sizeof *CASES);
}

/* Tencent Cloud, PullSmsSendStatusByPhoneNumber. */
#define TENCENT_ITEM(phone, status, description, session)                                          \
    "{\"UserReceiveTime\":1570526317,\"CountryCode\":\"86\",\"SubscriberNumber\":\"13800138000\"," \
    "\"PhoneNumber\":\"" phone                                                                     \
    "\",\"SerialNo\":\"5000:1045710669157053657849499619\",\"ReportStatus\":\"" status             \
    "\",\"Description\":\"" description "\",\"SessionContext\":\"" session "\"}"
#define TENCENT(items)                                                                             \
    "{\"Response\":{\"PullSmsSendStatusSet\":[" items                                              \
    "],\"RequestId\":\"53ffd3ad-fb27-4e9d-9ec9-5f5f3f8b6a6b\"}}"

static void tencent_cloud_knows_it_by_our_session(void **state)
{
    static const Case CASES[] = {
        {200, TENCENT(TENCENT_ITEM("+8613800138000", "SUCCESS", "DELIVRD", OURS)), QUERY_FOUND,
         "delivered", "DELIVRD"},
        {200, TENCENT(TENCENT_ITEM("+8613800138000", "FAIL", "UNDELIV", OURS)), QUERY_FOUND,
         "undelivered", "UNDELIV"},
        {200, TENCENT(TENCENT_ITEM("13800138000", "SUCCESS", "DELIVRD", OURS)), QUERY_FOUND,
         "delivered", "DELIVRD"},
        {200, TENCENT(TENCENT_ITEM("+8613800138000", "SUCCESS", "DELIVRD", "")), QUERY_ABSENT,
         "uncertain", ""},
        {200, TENCENT(TENCENT_ITEM("+8613900139000", "SUCCESS", "DELIVRD", OURS)), QUERY_ABSENT,
         "uncertain", ""},
        {200, TENCENT(""), QUERY_ABSENT, "uncertain", ""},
        {200,
         "{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureExpire\",\"Message\":\"m\"},"
         "\"RequestId\":\"r\"}}",
         QUERY_UNASKED, "uncertain", ""},
        {200, "{\"Response\":{\"RequestId\":\"r\"}}", QUERY_UNKNOWN, "uncertain", ""},
        {200, "", QUERY_UNASKED, "uncertain", ""},
    };
    judge_all(*state, "tencent", NULL, CASES, sizeof CASES / sizeof *CASES);
}

#define SID "SM29f4f980778e4621b72df75ac82f5000"
#define TWILIO(sid, to, status, code)                                                              \
    "{\"sid\":\"" sid "\",\"date_sent\":null,\"to\":\"" to                                         \
    "\",\"from\":\"+19106000514\",\"messaging_service_sid\":null,\"body\":\"Hello\",\"status\":"   \
    "\"" status "\",\"num_segments\":\"1\",\"direction\":\"outbound-api\",\"price\":null,"         \
    "\"error_code\":" code ",\"error_message\":null}"

static void twilio_knows_it_by_its_sid(void **state)
{
    static const Case CASES[] = {
        {200, TWILIO(SID, "+8613800138000", "delivered", "null"), QUERY_FOUND, "delivered", ""},
        {200, TWILIO(SID, "+8613800138000", "undelivered", "30003"), QUERY_FOUND, "undelivered",
         "30003"},
        {200, TWILIO(SID, "+8613800138000", "failed", "30008"), QUERY_FOUND, "undelivered",
         "30008"},
        {200, TWILIO(SID, "+8613800138000", "queued", "null"), QUERY_FOUND, "sent", ""},
        {200, TWILIO(SID, "+8613900139000", "delivered", "null"), QUERY_ABSENT, "uncertain", ""},
        {200, TWILIO("SM0", "+8613800138000", "delivered", "null"), QUERY_ABSENT, "uncertain", ""},
        {200, TWILIO(SID, "+8613800138000", "received", "null"), QUERY_UNKNOWN, "uncertain", ""},
        {404, "{\"code\":20404,\"status\":404}", QUERY_ABSENT, "uncertain", ""},
        {404, "<html>", QUERY_UNASKED, "uncertain", ""},
        {401, "{\"code\":20003}", QUERY_UNASKED, "uncertain", ""},
    };
    judge_all(*state, "twilio", SID, CASES, sizeof CASES / sizeof *CASES);
}

static void a_json_gateway_knows_it_by_our_reference(void **state)
{
    static const Case CASES[] = {
        {200,
         "{\"code\":0,\"messages\":[{\"out_id\":\"" OURS
         "\",\"mobile\":\"13800138000\",\"status\":\"DELIVRD\",\"err_code\":\"000\"}]}",
         QUERY_FOUND, "delivered", "000"},
        {200, "{\"code\":0,\"messages\":[]}", QUERY_ABSENT, "uncertain", ""},
        {200, "{\"code\":0,\"code\":1,\"messages\":[]}", QUERY_UNASKED, "uncertain", ""},
        {404, "{\"code\":\"NOT_FOUND\"}", QUERY_ABSENT, "uncertain", ""},
    };
    judge_all(*state, "generic-json", NULL, CASES, sizeof CASES / sizeof *CASES);
}

static void the_simulator_says_what_it_never_took(void **state)
{
    static const Case CASES[] = {
        {200, "{\"reference\":\"" OURS "\",\"id\":\"S1\",\"status\":\"DELIVRD\",\"code\":\"000\"}",
         QUERY_FOUND, "delivered", "000"},
        {200, "{\"reference\":\"" OURS "\",\"id\":\"S1\",\"status\":\"UNDELIV\",\"code\":\"012\"}",
         QUERY_FOUND, "undelivered", "012"},
        {200, "{\"reference\":\"" OURS "\",\"id\":\"S1\",\"status\":\"ACCEPTD\",\"code\":\"000\"}",
         QUERY_FOUND, "sent", "000"},
        {404, "{\"error\":\"unknown\"}", QUERY_ABSENT, "undelivered", ""},
        {404, "{\"error\":\"before_me\"}", QUERY_UNKNOWN, "uncertain", ""},
        {404, "{\"error\":\"not_found\"}", QUERY_UNASKED, "uncertain", ""},
    };
    judge_all(*state, "simulator", NULL, CASES, sizeof CASES / sizeof *CASES);
}

/* The request may still be on its way. */
static void what_is_not_known_there_is_not_sent_only_after_a_while(void **state)
{
    Gateway gateway = gateway_of(*state, "simulator");
    const QueryAnswer absent = {.kind = QUERY_ABSENT};
    MessageState to;
    const char *code;
    assert_false(query_settles(&gateway, &absent, 59, &to, &code));
    assert_true(query_settles(&gateway, &absent, 60, &to, &code));
    assert_int_equal(to, STATE_UNDELIVERED); /* final: nothing is sent again by itself */
    assert_string_equal(code, "not_known_there");
    gateway_done(&gateway);
}

static void no_whole_answer_is_no_answer(void **state)
{
    Gateway gateway = gateway_of(*state, "simulator");
    const GatewayMessage asked = {.to = "13800138000", .reference = OURS};
    const Exchange exchange = {.failure = "timeout", .body = ""};
    QueryAnswer answer;
    query_judge(&gateway, &asked, &exchange, &answer);
    assert_int_equal(answer.kind, QUERY_UNASKED);
    assert_string_equal(answer.note, "timeout");
    gateway_done(&gateway);
}

/* The question as it goes out: the day is that of Dongguan, the moment is a minute early. */
static void the_question_names_the_message(void **state)
{
    static const struct {
        const char *type, *url, *body;
    } CASES[] = {
        {"aliyun", "http://h/?PhoneNumber=13800138000&SendDate=20121001&PageSize=50&CurrentPage=1",
         ""},
        {"tencent", "http://h/",
         "{\"BeginTime\":1349022540,\"Offset\":0,\"Limit\":100,\"PhoneNumber\":\"+8613800138000\","
         "\"SmsSdkAppId\":\"1400006666\"}"},
        {"twilio", "http://h/2010-04-01/Accounts/AC1/Messages/" SID ".json", NULL},
        {"generic-json", "http://h/query?out_id=" OURS "&mobile=13800138000&day=20121001", NULL},
        {"simulator", "http://h/query?reference=" OURS "&sent=1349022600", NULL},
    };
    TestHome *home = *state;
    const GatewayMessage asked = {.to = "13800138000",
                                  .text = "",
                                  .reference = OURS,
                                  .id = SID,
                                  .sent_s = 1349022600}; /* 2012-10-01 00:30 in Asia/Shanghai */
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        Err err = {0};
        Gateway gateway = gateway_of(home, CASES[at].type), asking = gateway;
        GatewayRequest request;
        asking.ask = gateway.query.ask;
        assert_ok(gateway_request(&asking, home->context.arena, &asked, &request, &err), &err);
        assert_string_equal(request.url, CASES[at].url);
        if (CASES[at].body)
            assert_string_equal(request.body, CASES[at].body);
        else
            assert_null(request.body);
        gateway_done(&gateway);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alibaba_cloud_knows_it_by_our_out_id),
        cmocka_unit_test(tencent_cloud_knows_it_by_our_session),
        cmocka_unit_test(twilio_knows_it_by_its_sid),
        cmocka_unit_test(a_json_gateway_knows_it_by_our_reference),
        cmocka_unit_test(the_simulator_says_what_it_never_took),
        cmocka_unit_test(what_is_not_known_there_is_not_sent_only_after_a_while),
        cmocka_unit_test(no_whole_answer_is_no_answer),
        cmocka_unit_test(the_question_names_the_message),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
