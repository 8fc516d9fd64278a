/* Gateway files: the shipped ones load, and every mistake is named at its place. */
#include "support/home.h"

#include "outreach/gateway.h"

#include <string.h>
#include <sys/stat.h>

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

static void shipped_gateways_load(void **state)
{
    static const char *const TYPES[] = {"simulator", "kannel",  "generic-json",
                                        "aliyun",    "tencent", "twilio"};
    TestHome *home = *state;
    for (size_t at = 0; at < sizeof TYPES / sizeof TYPES[0]; at++) {
        Err err = {0};
        Gateway gateway;
        test_config(
            home,
            arena_printf(home->context.arena,
                         "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"%s\", \"url\": "
                         "\"https://sms.example/send\"}}",
                         TYPES[at]));
        assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err),
                  &err);
        assert_int_equal(gateway.sends_sms, at != 0);
        assert_true(gateway.rule_count > 0);
        gateway_done(&gateway);
    }
}

static void simulator_is_the_gateway_when_none_is_configured(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Gateway gateway;
    test_config(home, NULL);
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    assert_string_equal(gateway.name, "simulator");
    assert_false(gateway.sends_sms);
    gateway_done(&gateway);
}

static void settings_with_a_mistake_are_refused_at_their_place(void **state)
{
    static const struct {
        const char *settings, *message;
    } CASES[] = {
        {"{\"url\": \"http://h/\"}", "$.gateways.g: key 'type' is missing"},
        {"{\"type\": \"kannel\"}", "$.gateways.g: key 'url' is missing"},
        {"{\"type\": \"kannel\", \"url\": \"ftp://h/\"}",
         "$.gateways.g.url: must be an http:// or https:// address without a '#'"},
        {"{\"type\": \"kannel\", \"url\": \"http://h/\", \"from\": \"1\\r\\n2\"}",
         "$.gateways.g.from: holds a line break or another control character"},
        {"{\"type\": \"kannel\", \"url\": \"http://h/\", \"rate_per_s\": -1}",
         "$.gateways.g.rate_per_s: "},
        {"{\"type\": \"kannel\", \"url\": \"http://h/\", \"pasword_file\": \"x\"}", "pasword_file"},
        {"{\"type\": \"../kannel\", \"url\": \"http://h/\"}", "is not the name of a gateway type"},
        {"{\"type\": \"aliyun\", \"templates\": {\"invitation\": 7}}",
         "$.gateways.g.templates.invitation: "},
        {"{\"type\": \"nobody\", \"url\": \"http://h/\"}", "there is no gateway type 'nobody'"},
        {"{\"type\": \"kannel\", \"url\": \"http://h/\", \"password_file\": \"absent.pass\"}",
         "absent.pass"},
    };
    TestHome *home = *state;
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        Err err = {0};
        Gateway gateway;
        test_config(home, arena_printf(home->context.arena,
                                       "\"gateway\": \"g\", \"gateways\": {\"g\": %s}",
                                       CASES[at].settings));
        ErrCode code =
            gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err);
        if (code == OK || !strstr(err.text, CASES[at].message))
            fail_msg("%s gave: %s", CASES[at].settings, err.text);
    }
}

static const char HEAD[] = "{\"title\": {\"en\": \"a\", \"zh\": \"b\"}, \"sends_sms\": false, "
                           "\"url\": \"http://h/\", ";
static const struct {
    const char *rest, *message;
} MISTAKES[] = {
    {"\"request\": {\"method\": \"POST\"}}", "answer"},
    {"\"request\": {\"method\": \"PUT\"}, \"answer\": []}", "$.request.method: "},
    {"\"request\": {\"method\": \"GET\", \"body\": {\"kind\": \"none\"}}, \"answer\": []}",
     "$.request.body: a GET request has no body"},
    {"\"request\": {\"method\": \"GET\", \"query\": {\"to\": \"{{too}}\"}}, \"answer\": []}",
     "$.request.query.to: unknown placeholder '{{too}}'"},
    {"\"request\": {\"method\": \"GET\", \"query\": {\"to\": \"{{to\"}}, \"answer\": []}",
     "$.request.query.to: a placeholder is opened and never closed"},
    {"\"request\": {\"method\": \"GET\", \"headers\": {\"A B\": \"x\"}}, \"answer\": []}",
     "'A B' is not the name of a header"},
    {"\"request\": {\"method\": \"GET\", \"headers\": {\"A\": \"x\\ny\"}}, \"answer\": []}",
     "$.request.headers.A: holds a line break or another control character"},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [{\"outcome\": \"fine\"}]}",
     "$.answer[0].outcome: "},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [{\"outcome\": \"accepted\", \"id\": "
     "{}}]}",
     "$.answer[0].id: needs one of 'path' and 'pattern'"},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [{\"outcome\": \"accepted\", \"id\": "
     "{\"pattern\": \"(\"}}]}",
     "is not a regular expression"},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [{\"outcome\": \"accepted\", \"status\": "
     "[20]}]}",
     "$.answer[0].status[0]: "},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [], \"receipt\": {\"kind\": \"json\", "
     "\"status\": \"s\", "
     "\"statuses\": {}}}",
     "$.receipt: needs one of 'reference' and 'id'"},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [], \"auth\": {\"kind\": \"magic\"}}",
     "$.auth.kind: "},
    {"\"request\": {\"method\": \"POST\", \"body\": {\"kind\": \"json\", \"value\": "
     "{\"a\": \"{{text|json}}\"}}}, \"answer\": []}",
     "$.request.body.value: '|json' is for 'gaps', 'gap_list', 'timestamp', 'day', 'sent' and "
     "'since' only"},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [], \"limits\": {\"rate\": 1}}", "rate"},
    {"\"request\": {\"method\": \"GET\", \"path\": \"a\"}, \"answer\": []}",
     "$.request.path: must begin with '/' and hold no '?', '#' or space"},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [], \"receipt\": {\"kind\": \"form\", "
     "\"id\": \"i\", \"status\": \"s\", \"statuses\": {}, \"signature\": {\"kind\": "
     "\"hmac-md5\", \"header\": \"h\", \"encoding\": \"hex\", \"over\": \"{{url}}\"}}}",
     "$.receipt.signature.kind: "},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [], \"receipt\": {\"kind\": \"form\", "
     "\"id\": \"i\", \"status\": \"s\", \"statuses\": {}, \"signature\": {\"kind\": "
     "\"hmac-sha1\", \"header\": \"h\", \"encoding\": \"hex\", \"over\": \"{{timestamp}}\"}}}",
     "$.receipt.signature: needs the name of the header 'timestamp'"},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [], \"query\": {\"request\": "
     "{\"method\": "
     "\"GET\"}, \"answer\": [{\"means\": \"lost\"}]}}",
     "$.query.answer[0].means: "},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [], \"query\": {\"request\": "
     "{\"method\": "
     "\"GET\"}, \"answer\": [], \"found\": {\"kind\": \"form\", \"id\": \"i\", \"status\": "
     "\"s\", \"statuses\": {}}}}",
     "$.query.found: only answers of kind 'json' can be read"},
    {"\"request\": {\"method\": \"GET\"}, \"answer\": [], \"query\": {\"request\": "
     "{\"method\": "
     "\"GET\"}, \"answer\": [], \"found\": {\"kind\": \"json\", \"id\": \"i\", \"status\": "
     "\"s\", \"statuses\": {}}, \"absent\": {\"means\": \"not_sent\"}}}",
     "$.query.absent: key 'after_s' is missing"},
};

static void gateway_file_with_a_mistake_is_refused_at_its_place(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    mkdir(arena_printf(arena, "%s/gateways", home->dir), 0700);
    test_config(home, "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"own\"}}");
    for (size_t at = 0; at < sizeof MISTAKES / sizeof MISTAKES[0]; at++) {
        FILE *file = fopen(arena_printf(arena, "%s/gateways/own.json", home->dir), "we");
        assert_non_null(file);
        fprintf(file, "%s%s", HEAD, MISTAKES[at].rest);
        fclose(file);
        Err err = {0};
        Gateway gateway;
        ErrCode code = gateway_load(&home->context.config, arena, NULL, &gateway, &err);
        if (code != ERR_CONFIG || !strstr(err.text, MISTAKES[at].message))
            fail_msg("%s gave: %s", MISTAKES[at].rest, err.text);
    }
}

/* RFC 2104 with SHA-256 over "TIMESTAMP\nBODY", keyed with the password; checked against openssl's
 * answer for fixed input. */
static void request_is_signed_over_what_is_sent(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    Err err = {0};
    test_config(home, "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"signed\", \"url\": "
                      "\"http://h/\"}}");
    FILE *file = fopen(arena_printf(arena, "%s/gateways/signed.json", home->dir), "we");
    assert_non_null(file);
    fputs("{\"title\": {\"en\": \"a\", \"zh\": \"b\"}, \"sends_sms\": false, \"request\": "
          "{\"method\": \"POST\", \"headers\": "
          "{\"X-Sign\": \"v1={{signature}}\"}, \"body\": {\"kind\": \"form\", \"value\": {\"to\": "
          "\"{{to}}\", \"m\": "
          "\"{{text}}\"}}}, \"auth\": {\"kind\": \"hmac-sha256\", \"over\": \"{{to}}:{{body}}\", "
          "\"encoding\": \"hex\"}, "
          "\"answer\": []}",
          file);
    fclose(file);
    Gateway gateway;
    assert_ok(gateway_load(&home->context.config, arena, NULL, &gateway, &err), &err);
    gateway.password = "key";
    GatewayMessage message = {.to = "13800138000", .text = "a b&c", .reference = "r"};
    GatewayRequest request;
    assert_ok(gateway_request(&gateway, arena, &message, &request, &err), &err);
    assert_string_equal(request.body, "to=13800138000&m=a%20b%26c");
    assert_string_equal(
        request.headers[0],
        "X-Sign: v1=3ce99e6b6245e85c1ad91cb34811f1b48d3b941c9b6763d766af0668c8c03832");
    assert_string_equal(request.headers[1], "Content-Type: application/x-www-form-urlencoded");
    gateway_done(&gateway);
}

static void composed_urls_are_encoded_once_around_their_values(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    Gateway gateway;
    test_config(home, "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": \"kannel\", \"url\": "
                      "\"http://h/s?x=1\"}}");
    assert_ok(gateway_load(&home->context.config, home->context.arena, NULL, &gateway, &err), &err);
    gateway_callbacks(&gateway, home->context.arena, "http://127.0.0.1:8480", "tok");
    GatewayMessage message = {.to = "1", .text = "t", .reference = "ab"};
    GatewayRequest request;
    assert_ok(gateway_request(&gateway, home->context.arena, &message, &request, &err), &err);
    assert_null(request.body);
    assert_string_equal(
        request.url,
        "http://h/s?x=1&username=&password=&from=&to=1&coding=2&charset=UTF-8&text=t&dlr-mask=31&"
        "dlr-url=http%3A%2F%2F127.0.0.1%3A8480%2Freceipt%2Ftok%2Fg%3Freference%3Dab%26status%3D%"
        "25d%26id%3D"
        "%25F%26answer%3D%25A");
    gateway_done(&gateway);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_gateways_load),
        cmocka_unit_test(simulator_is_the_gateway_when_none_is_configured),
        cmocka_unit_test(settings_with_a_mistake_are_refused_at_their_place),
        cmocka_unit_test(gateway_file_with_a_mistake_is_refused_at_its_place),
        cmocka_unit_test(request_is_signed_over_what_is_sent),
        cmocka_unit_test(composed_urls_are_encoded_once_around_their_values),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
