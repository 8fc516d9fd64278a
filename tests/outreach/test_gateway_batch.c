/* How many messages become one request, byte by byte, and which may go together. */
#include "outbox_fill.h"

#include "outreach/gateway.h"

#include <string.h>

static int setup(void **state)
{
    *state = test_home_new();
    return 0;
}

static const GatewayMessage MESSAGES[] = {
    {.to = "13800138001", .text = "您好\"甲\"", .reference = "11111111111111111111111111111111"},
    {.to = "13800138002", .text = "乙\\", .reference = "22222222222222222222222222222222"},
};

static Gateway gateway_of(TestHome *home, const char *type)
{
    Err err = {0};
    Gateway gateway;
    outbox_gateway_of(home, type, 9);
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    return gateway;
}

static const char *body_of(TestHome *home, const Gateway *gateway, const GatewayMessage *messages,
                           size_t count)
{
    Err err = {0};
    GatewayRequest request;
    assert_ok(gateway_batch_request(gateway, home->context.arena, messages, count, &request, &err),
              &err);
    assert_int_equal(strlen(request.body), request.body_length);
    return request.body;
}

static void every_message_is_written_in_its_place(void **state)
{
    TestHome *home = *state;
    Gateway gateway = gateway_of(home, "simulator-batch");
    assert_int_equal(gateway.ask.batch.limit, 100);
    assert_string_equal(
        body_of(home, &gateway, MESSAGES, 2),
        "[{\"to\":\"13800138001\",\"text\":\"您好\\\"甲\\\"\",\"from\":\"\",\"reference\":"
        "\"11111111111111111111111111111111\",\"callback\":\"\",\"replies\":\"\"},"
        "{\"to\":\"13800138002\",\"text\":\"乙\\\\\",\"from\":\"\",\"reference\":"
        "\"22222222222222222222222222222222\",\"callback\":\"\",\"replies\":\"\"}]");
    assert_true(gateway_batch_fits(&gateway, &MESSAGES[0], &MESSAGES[1]));
    gateway_done(&gateway);
    gateway = gateway_of(home, "generic-json-array");
    assert_string_equal(
        body_of(home, &gateway, MESSAGES + 1, 1),
        "{\"sender\":\"\",\"callback_url\":\"\",\"reply_url\":\"\",\"messages\":[{\"mobile\":"
        "\"13800138002\",\"content\":\"乙\\\\\",\"out_id\":\"22222222222222222222222222222222\"}]"
        "}");
    gateway_done(&gateway);
}

/* What Tencent is told once is told of all: only messages with the same gaps go together. */
static void messages_that_differ_where_the_request_speaks_once_do_not_go_together(void **state)
{
    TestHome *home = *state;
    Gateway gateway = gateway_of(home, "tencent");
    const Wording one = {.template = "t", .signature = "s", .values = {"长安镇"}, .count = 1};
    const Wording same = one;
    const Wording other = {.template = "t", .signature = "s", .values = {"虎门镇"}, .count = 1};
    const GatewayMessage a = {.to = "1", .wording = &one}, b = {.to = "2", .wording = &same};
    const GatewayMessage c = {.to = "3", .wording = &other}, d = {.to = "4"};
    assert_true(gateway.ask.batch.same_wording);
    assert_false(gateway.ask.batch.same_text);
    assert_true(gateway_batch_fits(&gateway, &a, &b));
    assert_false(gateway_batch_fits(&gateway, &a, &c));
    assert_false(gateway_batch_fits(&gateway, &a, &d));
    assert_true(gateway_batch_order(&gateway, &a, &c) * gateway_batch_order(&gateway, &c, &a) < 0);
    gateway_done(&gateway);
}

#define FILE_WITH(value, batch)                                                                    \
    "{\"title\": {\"en\": \"x\", \"zh\": \"x\"}, \"sends_sms\": false, \"request\": {\"method\": " \
    "\"POST\", \"body\": {\"kind\": \"json\", \"value\": " value "}}, \"answer\": [{\"outcome\": " \
    "\"accepted\"}], \"receipt\": {\"kind\": \"json\", \"reference\": \"r\", \"status\": \"s\", "  \
    "\"statuses\": {}}, \"batch\": " batch "}"
#define EACH "{\"n\": \"{{to}}\", \"r\": \"{{reference}}\"}"

static const struct {
    const char *file, *error;
} WRONG[] = {
    {FILE_WITH("[" EACH "]", "{\"limit\": 10, \"repeat\": \"a\", \"items\": \"\", \"to\": \"n\"}"),
     "must be the path of an array with one element"},
    {FILE_WITH("{\"a\": [" EACH ", 2]}",
               "{\"limit\": 10, \"repeat\": \"a\", \"items\": \"\", \"to\": \"n\"}"),
     "must be the path of an array with one element"},
    {FILE_WITH("{\"a\": [" EACH "], \"b\": \"{{to}}\"}",
               "{\"limit\": 10, \"repeat\": \"a\", \"items\": \"\", \"to\": \"n\"}"),
     "'to' must stand in the repeated element, and only there"},
    {FILE_WITH("{\"a\": [{\"n\": \"{{to}}\"}], \"b\": \"{{reference}}\"}",
               "{\"limit\": 10, \"repeat\": \"a\", \"items\": \"\", \"to\": \"n\"}"),
     "receipts name the reference, so each message must bring its own"},
    {FILE_WITH("[" EACH "]", "{\"limit\": 10, \"repeat\": \"\", \"items\": \"\"}"),
     "needs one of 'to' and 'reference'"},
    {FILE_WITH("[" EACH "]", "{\"limit\": 1, \"repeat\": \"\", \"items\": \"\", \"to\": \"n\"}"),
     "limit"},
};

static void a_file_that_cannot_work_is_refused_with_the_place(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    mkdir(arena_printf(arena, "%s/gateways", home->dir), 0700);
    for (size_t at = 0; at < sizeof WRONG / sizeof WRONG[0]; at++) {
        FILE *file = fopen(arena_printf(arena, "%s/gateways/wrong.json", home->dir), "we");
        assert_non_null(file);
        fputs(WRONG[at].file, file);
        fclose(file);
        Err err = {0};
        Gateway gateway;
        outbox_gateway_of(home, "wrong", 9);
        assert_int_equal(gateway_load(&home->context.config, arena, NULL, &gateway, &err),
                         ERR_CONFIG);
        if (!strstr(err.text, WRONG[at].error))
            fail_msg("%zu: %s", at, err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_written_in_its_place),
        cmocka_unit_test(messages_that_differ_where_the_request_speaks_once_do_not_go_together),
        cmocka_unit_test(a_file_that_cannot_work_is_refused_with_the_place),
    };
    return cmocka_run_group_tests(tests, setup, test_home_teardown);
}
