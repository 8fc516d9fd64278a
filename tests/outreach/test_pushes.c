/* What the vendors push, as their pages show it, through the receiver to the message: status
 * reports and replies, signed where the vendor signs. */
#include "outbox_fill.h"
#include "support/scripted.h"

#include "outreach/inbox.h"
#include "outreach/receiver.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define TOKEN "0123456789abcdef0123456789abcdef"
#define REFERENCE(n) "0000000000000000000000000000000" n

typedef struct Open {
    GatewaySet gateways;
    Receiver *receiver;
    unsigned port;
    ReceiptCounts receipts;
    ReplyCounts replies;
} Open;

/* Messages 1..3, sent: message n with n as reference and "Gn" as the gateway's id. */
static void three_sent(TestHome *home)
{
    outbox_people(home, 3);
    outbox_campaign(home, 1, 1, 3);
    test_sql(home, "UPDATE message SET state = 'sent', gateway = 'g', sent_at = UTC_TIMESTAMP(3), "
                   "reference = UNHEX(LPAD(id, 32, '0')), gateway_id = CONCAT('G', id)");
}

static void receiver_start(TestHome *home, const char *type, const char *public_url, Open *open)
{
    Err err = {0};
    *open = (Open){0};
    const char *pass = arena_printf(home->context.arena, "%s/g.pass", home->dir);
    FILE *file = fopen(pass, "we");
    assert_non_null(file);
    fputs("12345\n", file);
    fclose(file);
    assert_int_equal(chmod(pass, 0600), 0);
    test_config(home, arena_printf(home->context.arena,
                                   "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"%s\", "
                                   "\"url\": \"http://127.0.0.1:1/\", \"username\": \"AC1\", "
                                   "\"password_file\": \"g.pass\"}}",
                                   type));
    assert_ok(gateways_load(&home->context.config, home->context.arena, &open->gateways, &err),
              &err);
    ReceiverSettings settings = {
        .db = home->context.db,
        .sealer = home->context.sealer,
        .gateways = &open->gateways,
        .address = public_url ? arena_printf(home->context.arena, "127.0.0.1:%u", free_port())
                              : "127.0.0.1:0",
        .public_url = public_url,
        .token = TOKEN};
    assert_ok(receiver_open(&settings, &open->receiver, &err), &err);
    open->port = receiver_port(open->receiver);
}

static void receiver_stop(Open *open)
{
    receiver_close(open->receiver);
    gateways_done(&open->gateways);
}

static void match(TestHome *home, Open *open)
{
    Err err = {0};
    Inbox inbox = {
        .db = home->context.db, .sealer = home->context.sealer, .gateways = &open->gateways};
    assert_ok(inbox_work(&inbox, &err), &err);
    open->receipts = inbox.receipts;
    open->replies = inbox.replies;
}

static void push(const Open *open, const char *kind, const char *body, const char *wanted)
{
    char path[80], answer[200];
    snprintf(path, sizeof path, "/%s/" TOKEN "/g", kind);
    assert_int_equal(http_call(open->port, "POST", path, body, answer, sizeof answer), 200);
    assert_string_equal(answer, wanted);
}

static int64_t is(TestHome *home, int id, const char *state, const char *code)
{
    return test_number(home, arena_printf(home->context.arena,
                                          "SELECT COUNT(*) FROM message WHERE id = %d AND state = "
                                          "'%s' AND error_code = '%s'",
                                          id, state, code));
}

static int64_t opted_out(TestHome *home)
{
    return test_number(home, "SELECT COUNT(*) FROM optout WHERE removed_at IS NULL");
}

/* Alibaba Cloud, SmsReport: the array of the page, with a success, a failure, and a stranger. */
static void alibaba_clouds_reports_settle_by_out_id(void **state)
{
    TestHome *home = *state;
    Open open;
    three_sent(home);
    receiver_start(home, "aliyun", NULL, &open);
    push(&open, "receipt",
         "[\n  {\n    \"phone_number\" : \"13800000001\",\n    \"send_time\" : \"2017-01-01 "
         "00:00:00\",\n    \"report_time\" : \"2017-01-01 00:00:00\",\n    \"success\" : true,\n   "
         " \"err_code\" : \"DELIVERED\",\n    \"err_msg\" : \"用户接收成功\",\n    \"sms_size\" : "
         "\"1\",\n    \"biz_id\" : \"12345\",\n    \"out_id\" : \"" REFERENCE(
             "1") "\"\n  },\n  { \"phone_number\" : \"13800000002\", \"success\" : false, "
                  "\"err_code\" : "
                  "\"MOBILE_NOT_ON_SERVICE\", \"err_msg\" : \"空号\", \"sms_size\" : \"1\", "
                  "\"biz_id\" : "
                  "\"12346\", \"out_id\" : \"" REFERENCE(
                      "2") "\" },\n  { \"phone_number\" : \"13900000009\", \"success\" : true, "
                           "\"err_code\" : "
                           "\"DELIVERED\", \"biz_id\" : \"9\", \"out_id\" : \"67890\" }\n]",
         "{\"code\":0,\"msg\":\"成功\"}");
    match(home, &open);
    assert_int_equal(is(home, 1, "delivered", "DELIVERED"), 1);
    assert_int_equal(is(home, 2, "undelivered", "MOBILE_NOT_ON_SERVICE"), 1);
    assert_int_equal(outbox_in_state(home, "sent"), 1);
    assert_int_equal(open.receipts.unmatched, 1); /* kept, and tried again */
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message WHERE gateway_id = '12345' AND id = 1"), 1);
    receiver_stop(&open);
}

/* Alibaba Cloud, SmsUp: sequence_id is a number on one page and a string on another. */
static void alibaba_clouds_replies_are_understood(void **state)
{
    TestHome *home = *state;
    Open open;
    three_sent(home);
    receiver_start(home, "aliyun", NULL, &open);
    push(&open, "reply",
         "[{\"phone_number\":\"13800000001\",\"send_time\":\"20170901000000\",\"content\":\"TD\","
         "\"sign_name\":\"签名\",\"dest_code\":\"1234\",\"sequence_id\":1234567890},"
         "{\"phone_number\":\"13800000002\",\"send_time\":\"2017-09-01 "
         "00:00:00\",\"content\":\"谢谢\",\"sign_name\":\"签名\",\"dest_code\":\"1234\","
         "\"sequence_id\":\"1234567891\"}]",
         "{\"code\":0,\"msg\":\"成功\"}");
    match(home, &open);
    assert_int_equal(open.replies.optouts, 1);
    assert_int_equal(open.replies.others, 1);
    assert_int_equal(opted_out(home), 1);
    receiver_stop(&open);
}

/* Tencent Cloud, "SMS sending status notification": it names its own sid only. */
static void tencent_clouds_reports_settle_by_sid(void **state)
{
    TestHome *home = *state;
    Open open;
    three_sent(home);
    receiver_start(home, "tencent", NULL, &open);
    push(&open, "receipt",
         "[\n    {\n        \"user_receive_time\": \"2015-10-17 08:03:04\",\n        "
         "\"nationcode\": \"86\",\n        \"mobile\": \"13800000001\",\n        "
         "\"report_status\": \"SUCCESS\",\n        \"errmsg\": \"DELIVRD\",\n        "
         "\"description\": \"用户短信送达成功\",\n        \"sid\": \"G1\"\n    },\n    "
         "{\"user_receive_time\": \"2015-10-17 08:03:04\", \"nationcode\": \"86\", \"mobile\": "
         "\"13800000002\", \"report_status\": \"FAIL\", \"errmsg\": \"UNDELIV\", "
         "\"description\": \"空号\", \"sid\": \"G2\"}\n]",
         "{\"result\":0,\"errmsg\":\"OK\"}");
    match(home, &open);
    assert_int_equal(is(home, 1, "delivered", "DELIVRD"), 1);
    assert_int_equal(is(home, 2, "undelivered", "UNDELIV"), 1);
    receiver_stop(&open);
}

/* Tencent Cloud, "SMS reply": one object, without an array and without an id. */
static void tencent_clouds_replies_are_understood(void **state)
{
    TestHome *home = *state;
    Open open;
    three_sent(home);
    receiver_start(home, "tencent", NULL, &open);
    push(&open, "reply",
         "{\n    \"extend\": \"扩展码\",\n    \"mobile\": \"13800000001\",\n    \"nationcode\": "
         "\"86\",\n    \"sign\": \"短信签名\",\n    \"text\": \"退订\",\n    \"time\": "
         "1457336869\n}",
         "{\"result\":0,\"errmsg\":\"OK\"}");
    match(home, &open);
    assert_int_equal(open.replies.optouts, 1);
    assert_int_equal(opted_out(home), 1);
    receiver_stop(&open);
}

/* The header that Twilio would send: computed here from the order that the caller gives. */
static const char *twilio_header(TestHome *home, const char *key, const char *signed_text)
{
    unsigned char tag[EVP_MAX_MD_SIZE], text[64];
    unsigned length = 0;
    assert_non_null(HMAC(EVP_sha1(), key, (int)strlen(key), (const unsigned char *)signed_text,
                         strlen(signed_text), tag, &length));
    EVP_EncodeBlock(text, tag, (int)length);
    return arena_printf(home->context.arena, "X-Twilio-Signature: %s", (const char *)text);
}

#define STATUS_BODY(status)                                                                        \
    "SmsSid=SM2&SmsStatus=" status "&MessageStatus=" status                                        \
    "&To=%2B8613800000001&MessageSid=SM2&AccountSid=AC1&From=%2B15125550000&ApiVersion=2010-04-01"
#define STATUS_SIGNED(status)                                                                      \
    "AccountSidAC1ApiVersion2010-04-01From+15125550000MessageSidSM2MessageStatus" status           \
    "SmsSidSM2SmsStatus" status "To+8613800000001"

static int twilio_call(const Open *open, const char *path, const char *body, const char *header)
{
    return http_call_with(open->port, "POST", path, header, body, NULL, 0);
}

/* Twilio, "Track outbound message status"; our reference stands in the address it was given. */
static void twilios_reports_are_believed_when_signed(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Open open;
    three_sent(home);
    test_sql(home, "UPDATE message SET state = 'uncertain', gateway_id = NULL WHERE id = 1");
    receiver_start(home, "twilio", NULL, &open);
    const char *path = "/receipt/" TOKEN "/g?reference=" REFERENCE("1");
    const char *url = arena_printf(arena, "http://127.0.0.1:%u%s", open.port, path);
    const char *over = arena_printf(arena, "%s" STATUS_SIGNED("sent"), url);
    assert_int_equal(
        twilio_call(&open, path, STATUS_BODY("sent"), twilio_header(home, "12345", over)), 200);
    match(home, &open);
    assert_int_equal(outbox_in_state(home, "sent"), 3); /* what was uncertain is known */
    assert_int_equal(
        test_number(home, "SELECT COUNT(*) FROM message WHERE id = 1 AND gateway_id = 'SM2'"), 1);
    over = arena_printf(arena, "%s" STATUS_SIGNED("delivered"), url);
    assert_int_equal(
        twilio_call(&open, path, STATUS_BODY("delivered"), twilio_header(home, "12345", over)),
        200);
    match(home, &open);
    assert_int_equal(outbox_in_state(home, "delivered"), 1);
    assert_int_equal(receiver_refused(open.receiver), 0);
    receiver_stop(&open);
}

static void what_is_not_signed_right_is_refused_and_never_stored(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Open open;
    three_sent(home);
    receiver_start(home, "twilio", NULL, &open);
    const char *path = "/receipt/" TOKEN "/g?reference=" REFERENCE("1");
    const char *url = arena_printf(arena, "http://127.0.0.1:%u%s", open.port, path);
    const char *over = arena_printf(arena, "%s" STATUS_SIGNED("delivered"), url);
    const char *right = twilio_header(home, "12345", over);
    const struct {
        const char *path, *body, *header;
    } CASES[] = {
        {path, STATUS_BODY("delivered"), "X-Nothing: 1"},
        {path, STATUS_BODY("delivered"), "X-Twilio-Signature: "},
        {path, STATUS_BODY("delivered"), twilio_header(home, "another", over)},
        {path, STATUS_BODY("failed"), right},
        {path, STATUS_BODY("delivered") "&MessageStatus=failed", right},
        {"/receipt/" TOKEN "/g?reference=" REFERENCE("2"), STATUS_BODY("delivered"), right},
        {"/receipt/" TOKEN "/g", STATUS_BODY("delivered"), right},
        {"/reply/" TOKEN "/g", "From=%2B8613800000001&Body=TD", right},
    };
    size_t count = sizeof CASES / sizeof *CASES;
    for (size_t at = 0; at < count; at++)
        if (twilio_call(&open, CASES[at].path, CASES[at].body, CASES[at].header) != 403)
            fail_msg("%s %s", CASES[at].path, CASES[at].body);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt"), 0);
    assert_int_equal(receiver_refused(open.receiver), count);
    assert_int_equal(twilio_call(&open, path, STATUS_BODY("delivered"), right), 200);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM receipt"), 1);
    receiver_stop(&open);
}

/* The address that is signed is the one that Twilio was given, not the one behind the proxy. */
static void twilios_replies_come_through_a_proxy(void **state)
{
    TestHome *home = *state;
    Open open;
    three_sent(home);
    receiver_start(home, "twilio", "https://sms.example.gov.cn/talent", &open);
    const char *header = twilio_header(home, "12345",
                                       "https://sms.example.gov.cn/talent/reply/" TOKEN
                                       "/gBody退订From+8613800000001MessageSidSM9NumMedia0");
    char answer[100];
    assert_int_equal(
        http_call_with(open.port, "POST", "/reply/" TOKEN "/g", header,
                       "NumMedia=0&MessageSid=SM9&From=%2B8613800000001&Body=%E9%80%80%E8%AE%A2",
                       answer, sizeof answer),
        200);
    assert_string_equal(answer, "<Response/>");
    match(home, &open);
    assert_int_equal(open.replies.optouts, 1);
    assert_int_equal(opted_out(home), 1);
    receiver_stop(&open);
}

/* What each word of a report means, where the vendor's page says so. */
static void every_word_of_a_report_has_its_meaning(void **state)
{
    static const struct {
        const char *type, *word;
        ReceiptStatus status;
    } CASES[] = {
        {"kannel", "1", RECEIPT_DELIVERED},
        {"kannel", "2", RECEIPT_UNDELIVERED},
        {"kannel", "4", RECEIPT_IGNORED}, /* buffered at the SMSC */
        {"kannel", "8", RECEIPT_SENT},
        {"kannel", "16", RECEIPT_UNDELIVERED},
        {"kannel", "32", RECEIPT_IGNORED}, /* intermediate */
        {"kannel", "3", RECEIPT_STATUSES},
        {"aliyun", "true", RECEIPT_DELIVERED},
        {"aliyun", "false", RECEIPT_UNDELIVERED},
        {"tencent", "SUCCESS", RECEIPT_DELIVERED},
        {"tencent", "FAIL", RECEIPT_UNDELIVERED},
        {"tencent", "success", RECEIPT_STATUSES},
        {"twilio", "accepted", RECEIPT_SENT},
        {"twilio", "scheduled", RECEIPT_SENT},
        {"twilio", "queued", RECEIPT_SENT},
        {"twilio", "sending", RECEIPT_SENT},
        {"twilio", "sent", RECEIPT_SENT},
        {"twilio", "delivered", RECEIPT_DELIVERED},
        {"twilio", "read", RECEIPT_DELIVERED},
        {"twilio", "undelivered", RECEIPT_UNDELIVERED},
        {"twilio", "failed", RECEIPT_UNDELIVERED},
        {"twilio", "canceled", RECEIPT_UNDELIVERED},
        {"twilio", "received", RECEIPT_STATUSES}, /* of what comes in */
        {"generic-json", "DELIVRD", RECEIPT_DELIVERED},
        {"generic-json", "REJECTD", RECEIPT_UNDELIVERED},
        {"simulator", "ACCEPTD", RECEIPT_SENT},
        {"simulator", "", RECEIPT_STATUSES},
    };
    TestHome *home = *state;
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        Err err = {0};
        Gateway gateway;
        outbox_gateway_of(home, CASES[at].type, 1);
        assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err),
                  &err);
        if (receipt_status(&gateway.receipt, CASES[at].word) != CASES[at].status)
            fail_msg("%s: %s", CASES[at].type, CASES[at].word);
        gateway_done(&gateway);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alibaba_clouds_reports_settle_by_out_id),
        cmocka_unit_test(alibaba_clouds_replies_are_understood),
        cmocka_unit_test(tencent_clouds_reports_settle_by_sid),
        cmocka_unit_test(tencent_clouds_replies_are_understood),
        cmocka_unit_test(twilios_reports_are_believed_when_signed),
        cmocka_unit_test(what_is_not_signed_right_is_refused_and_never_stored),
        cmocka_unit_test(twilios_replies_come_through_a_proxy),
        cmocka_unit_test(every_word_of_a_report_has_its_meaning),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
