/* The vendors' own published examples, and what goes to the wire: signed is what is sent. */
#include "support/home.h"
#include "support/scripted.h"

#include "outreach/outcome.h"
#include "outreach/sign.h"
#include "outreach/wire.h"

#include <string.h>
#include <sys/stat.h>

/* Alibaba Cloud, "V3 request structure and signature": the example with fixed parameters. */
static void acs3_is_what_the_vendor_published(void **state)
{
    (void)state;
    static const char *const HEADERS[] = {
        "x-acs-version: 2014-05-26",
        "X-Acs-Action: RunInstances",
        "accept: application/json",
        "x-acs-date: 2023-10-26T10:22:32Z",
        "x-acs-signature-nonce: 3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        NULL};
    AUTO_ARENA arena = arena_new(0);
    const SignKey key = {"YourAccessKeyId", "YourAccessKeySecret"};
    SignedParts parts = {.method = "POST", .headers = HEADERS, .body = ""};
    sign_url(arena,
             "https://ecs.cn-shanghai.aliyuncs.com/?RegionId=cn-shanghai&"
             "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
             &parts);
    assert_string_equal(
        sign_acs3(arena, &parts, &key),
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-"
        "content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
}

/* Tencent Cloud, "API 3.0 signature v3": DescribeInstances, in both editions of the page. */
static void tc3_is_what_the_vendor_published(void **state)
{
    (void)state;
    static const struct {
        const char *id, *secret, *signature;
    } CASES[] = {
        {"AKID********************************", "********************************",
         "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"},
        {"AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******", "Gu5t9xGARNpq86cd98joQYCN3*******",
         "be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3"},
    };
    static const char BODY[] = "{\"Limit\": 1, \"Filters\": [{\"Values\": "
                               "[\"\\u672a\\u547d\\u540d\"], \"Name\": \"instance-name\"}]}";
    static const char *const HEADERS[] = {"X-TC-Action: DescribeInstances",
                                          "X-TC-Version: 2017-03-12",
                                          "Content-Type: application/json; charset=utf-8", NULL};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        AUTO_ARENA arena = arena_new(0);
        const SignKey key = {CASES[at].id, CASES[at].secret};
        SignedParts parts = {
            .method = "POST", .headers = HEADERS, .body = BODY, .body_length = strlen(BODY)};
        sign_url(arena, "https://cvm.tencentcloudapi.com/", &parts);
        assert_string_equal(sign_tc3(arena, &parts, &key, "cvm", 1551113065),
                            arena_printf(arena,
                                         "TC3-HMAC-SHA256 Credential=%s/2019-02-25/cvm/"
                                         "tc3_request, SignedHeaders=content-type;host;"
                                         "x-tc-action, Signature=%s",
                                         CASES[at].id, CASES[at].signature));
    }
}

/* Half past midnight in Dongguan is still the day before in UTC, which is the day that counts. */
static void tc3_takes_the_day_in_utc(void **state)
{
    (void)state;
    static const char *const HEADERS[] = {NULL};
    AUTO_ARENA arena = arena_new(0);
    const SignKey key = {"id", "secret"};
    SignedParts parts = {.method = "GET", .headers = HEADERS, .query = ""};
    sign_url(arena, "http://h", &parts);
    assert_non_null(strstr(sign_tc3(arena, &parts, &key, "sms", 1551112200), "/2019-02-25/sms/"));
}

static void a_url_is_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *url, *host, *path, *query;
    } CASES[] = {
        {"https://SMS.Example.com", "sms.example.com", "/", ""},
        {"http://127.0.0.1:8080/a/b?x=1&y=2", "127.0.0.1:8080", "/a/b", "x=1&y=2"},
        {"http://h?x", "h", "/", "x"},
        {"http://h/?", "h", "/", ""},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        AUTO_ARENA arena = arena_new(0);
        SignedParts parts = {0};
        sign_url(arena, CASES[at].url, &parts);
        assert_string_equal(parts.host, CASES[at].host);
        assert_string_equal(parts.path, CASES[at].path);
        assert_string_equal(parts.query, CASES[at].query);
    }
}

/* What the server received, as it came. */
typedef struct Received {
    const char *method, *path, *query, *body;
    const char *headers[32]; /* ends with NULL */
} Received;

static Received received_of(Arena *arena, const char *request)
{
    Received received = {0};
    size_t count = 0;
    const char *line_end = strstr(request, "\r\n"), *head_end = strstr(request, "\r\n\r\n");
    assert_non_null(head_end);
    const char *target = strchr(request, ' ') + 1;
    size_t target_length = strcspn(target, " "), path_length = strcspn(target, "? ");
    received.method = arena_strndup(arena, request, (size_t)(target - request) - 1);
    received.path = arena_strndup(arena, target, path_length);
    received.query = path_length < target_length ? arena_strndup(arena, target + path_length + 1,
                                                                 target_length - path_length - 1)
                                                 : "";
    received.body = head_end + 4;
    for (const char *line = line_end + 2; line < head_end + 2 && count < 31;) {
        const char *end = strstr(line, "\r\n");
        received.headers[count++] = arena_strndup(arena, line, (size_t)(end - line));
        line = end + 2;
    }
    return received;
}

static const char *header_of(const Received *received, const char *name)
{
    for (size_t at = 0; received->headers[at]; at++)
        if (strncasecmp(received->headers[at], name, strlen(name)) == 0 &&
            received->headers[at][strlen(name)] == ':')
            return received->headers[at] + strlen(name) + 2;
    fail_msg("no header %s", name);
    return "";
}

static Gateway cloud(TestHome *home, const char *type, unsigned port)
{
    Err err = {0};
    Gateway gateway;
    const char *pass = arena_printf(home->context.arena, "%s/cloud.pass", home->dir);
    FILE *file = fopen(pass, "we");
    assert_non_null(file);
    fputs("the secret\n", file);
    fclose(file);
    assert_int_equal(chmod(pass, 0600), 0);
    test_config(home, arena_printf(home->context.arena,
                                   "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"%s\", "
                                   "\"url\": \"http://127.0.0.1:%u/\", \"username\": \"the-id\", "
                                   "\"password_file\": \"cloud.pass\", \"from\": \"1400006666\", "
                                   "\"templates\": {\"invitation\": \"SMS_154950909\"}}}",
                                   type, port));
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    return gateway;
}

static const Wording WORDING = {.template = "invitation",
                                .signature = "东莞人社",
                                .names = {"name", "service_centre"},
                                .values = {"张“三\"", "长安镇新莞人服务管理中心"},
                                .count = 2};
static const GatewayMessage MESSAGE = {.to = "13800138000",
                                       .text = "not sent as it is",
                                       .reference = "00112233445566778899aabbccddeeff",
                                       .wording = &WORDING};

/* One message to a stand-in; what it received lives in the arena. */
static Received sent(TestHome *home, const char *type, const char *answer, Outcome *ret_outcome)
{
    Err err = {0};
    Exchange exchange;
    void *tag;
    Wire *wire;
    const Scene scene = {.answer = arena_printf(home->context.arena,
                                                "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                                                strlen(answer), answer)};
    Scripted *server = scripted_open(&scene, 1);
    Gateway gateway = cloud(home, type, scripted_port(server));
    assert_ok(wire_open(&gateway, &wire, &err), &err);
    assert_ok(wire_start(wire, &MESSAGE, wire, &err), &err);
    for (int tries = 0; !wire_finished(wire, &tag, &exchange); tries++) {
        assert_true(tries < 200);
        assert_ok(wire_wait(wire, 50, &err), &err);
    }
    outcome_judge(&gateway, &exchange, ret_outcome);
    ret_outcome->fix = NULL;
    const char *request = arena_strdup(home->context.arena, scripted_request(server, 0));
    wire_close(wire);
    gateway_done(&gateway);
    scripted_close(server);
    return received_of(home->context.arena, request);
}

static SignedParts parts_of(const Received *received)
{
    return (SignedParts){.method = received->method,
                         .host = header_of(received, "Host"),
                         .path = received->path,
                         .query = received->query,
                         .headers = received->headers,
                         .body = received->body,
                         .body_length = strlen(received->body)};
}

static void aliyun_gets_what_was_signed(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Outcome outcome;
    Received received =
        sent(home, "aliyun", "{\"Code\":\"OK\",\"BizId\":\"900619746936498440^0\"}", &outcome);
    assert_int_equal(outcome.kind, OUTCOME_ACCEPTED);
    assert_string_equal(outcome.gateway_id, "900619746936498440^0");
    assert_string_equal(received.method, "POST");
    assert_non_null(strstr(received.query, "PhoneNumbers=13800138000"));
    assert_non_null(strstr(received.query, "TemplateCode=SMS_154950909"));
    assert_non_null(strstr(received.query, "SignName=%E4%B8%9C%E8%8E%9E%E4%BA%BA%E7%A4%BE"));
    assert_non_null(strstr(received.query, "OutId=00112233445566778899aabbccddeeff"));
    assert_non_null(strstr(received.query, "TemplateParam=%7B%22name%22%3A%22%E5%BC%A0%E2%80%9C%E4"
                                           "%B8%89%5C%22%22%2C%22service_centre%22%3A%22"));
    assert_string_equal(header_of(&received, "x-acs-content-sha256"), sign_digest(arena, "", 0));
    const SignKey key = {"the-id", "the secret"};
    SignedParts parts = parts_of(&received);
    assert_string_equal(header_of(&received, "Authorization"), sign_acs3(arena, &parts, &key));
}

static void tencent_gets_what_was_signed(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Outcome outcome;
    Received received = sent(home, "tencent",
                             "{\"Response\":{\"SendStatusSet\":[{\"SerialNo\":\"5000:1045710669157"
                             "053657849499619\",\"Code\":\"Ok\"}],\"RequestId\":\"r\"}}",
                             &outcome);
    assert_int_equal(outcome.kind, OUTCOME_ACCEPTED);
    assert_string_equal(outcome.gateway_id, "5000:1045710669157053657849499619");
    assert_string_equal(received.body,
                        "{\"PhoneNumberSet\":[\"+8613800138000\"],\"SmsSdkAppId\":\"1400006666\","
                        "\"SignName\":\"东莞人社\",\"TemplateId\":\"SMS_154950909\","
                        "\"TemplateParamSet\":[\"张“三\\\"\",\"长安镇新莞人服务管理中心\"],"
                        "\"SessionContext\":\"00112233445566778899aabbccddeeff\"}");
    const SignKey key = {"the-id", "the secret"};
    SignedParts parts = parts_of(&received);
    assert_string_equal(header_of(&received, "Authorization"),
                        sign_tc3(arena, &parts, &key, "sms",
                                 strtoll(header_of(&received, "X-TC-Timestamp"), NULL, 10)));
}

/* RFC 7617: base64 of "the-id:the secret". */
static void twilio_gets_a_form_and_a_password(void **state)
{
    Outcome outcome;
    Received received = sent(*state, "twilio", "{}", &outcome);
    assert_string_equal(received.method, "POST");
    assert_string_equal(received.path, "/2010-04-01/Accounts/the-id/Messages.json");
    assert_string_equal(received.query, "");
    assert_string_equal(received.body, "To=%2B8613800138000&From=1400006666&Body=not%20sent%20as%20"
                                       "it%20is&StatusCallback=");
    assert_string_equal(header_of(&received, "Content-Type"), "application/x-www-form-urlencoded");
    assert_string_equal(header_of(&received, "Authorization"), "Basic dGhlLWlkOnRoZSBzZWNyZXQ=");
}

static void two_requests_have_two_nonces(void **state)
{
    TestHome *home = *state;
    Outcome outcome;
    Received first = sent(home, "aliyun", "{}", &outcome);
    Received second = sent(home, "aliyun", "{}", &outcome);
    assert_int_equal(outcome.kind, OUTCOME_UNCERTAIN);
    assert_string_not_equal(header_of(&first, "x-acs-signature-nonce"),
                            header_of(&second, "x-acs-signature-nonce"));
}

static void a_text_that_was_not_filed_is_told(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    GatewayRequest request;
    Gateway gateway = cloud(home, "aliyun", 1);
    Wording wording = WORDING;
    GatewayMessage message = MESSAGE;
    wording.template = "reminder";
    message.wording = &wording;
    assert_int_equal(gateway_request(&gateway, home->context.arena, &message, &request, &err),
                     ERR_CONFIG);
    assert_string_equal(err.text, "gateway 'g' has no code for the template 'reminder'");
    assert_string_equal(
        err.hint, "file the text with the gateway and add its code to 'gateways.g.templates'");
    message.wording = NULL;
    assert_int_equal(gateway_request(&gateway, home->context.arena, &message, &request, &err),
                     ERR_INPUT);
    gateway_done(&gateway);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acs3_is_what_the_vendor_published),
        cmocka_unit_test(tc3_is_what_the_vendor_published),
        cmocka_unit_test(tc3_takes_the_day_in_utc),
        cmocka_unit_test(a_url_is_taken_apart),
        cmocka_unit_test(aliyun_gets_what_was_signed),
        cmocka_unit_test(tencent_gets_what_was_signed),
        cmocka_unit_test(twilio_gets_a_form_and_a_password),
        cmocka_unit_test(two_requests_have_two_nonces),
        cmocka_unit_test(a_text_that_was_not_filed_is_told),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
