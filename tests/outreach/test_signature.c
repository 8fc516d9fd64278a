/* What gateways sign, checked with what they published. */
#include "support/home.h"

#include "outreach/signature.h"

#include <string.h>

static Signature signature_of(Arena *arena, const char *text)
{
    Err err = {0};
    json_t *json;
    Signature signature;
    assert_ok(node_parse("s", text, strlen(text), &json, &err), &err);
    Node node = node_root("s", json);
    assert_ok(signature_read(arena, &node, &signature, &err), &err);
    signature.header = arena_strdup(arena, signature.header);
    static json_t *kept; /* the pattern borrows its text */
    json_decref(kept);
    kept = json;
    return signature;
}

#define TWILIO                                                                                     \
    "{\"kind\": \"hmac-sha1\", \"header\": \"X-Twilio-Signature\", \"encoding\": \"base64\", "     \
    "\"over\": \"{{url}}{{form}}\"}"

/* Twilio, "Security: validating requests", in both editions of the page; the parameters came in
 * another order than they are signed in. */
static void twilios_examples_fit(void **state)
{
    (void)state;
    static const struct {
        const char *caller, *signature;
    } CASES[] = {{"%2B14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
                 {"%2B12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="}};
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        AUTO_ARENA arena = arena_new(0);
        Signature signature = signature_of(arena, TWILIO);
        const char *body = arena_printf(
            arena, "To=%%2B18005551212&Digits=1234&From=%s&Caller=%s&CallSid=CA1234567890ABCDE",
            CASES[at].caller, CASES[at].caller);
        SignedPush push = {.url = "https://mycompany.com/myapp.php?foo=1&bar=2",
                           .body = body,
                           .body_length = strlen(body),
                           .signature = CASES[at].signature};
        assert_true(signature_fits(&signature, arena, "12345", &push));
        assert_false(signature_fits(&signature, arena, "12346", &push));
        assert_false(signature_fits(&signature, arena, "", &push));
        push.url = "https://mycompany.com:8443/myapp.php?foo=1&bar=2"; /* signed without the port */
        assert_true(signature_fits(&signature, arena, "12345", &push));
        push.url = "http://mycompany.com/myapp.php?foo=1&bar=2";
        assert_false(signature_fits(&signature, arena, "12345", &push));
    }
}

static void one_letter_less_or_more_does_not_fit(void **state)
{
    (void)state;
    static const char *const SIGNATURES[] = {"RSOYDt4T1cUTdK1PDd93/VVr8B8",
                                             "RSOYDt4T1cUTdK1PDd93/VVr8B8==",
                                             "rSOYDt4T1cUTdK1PDd93/VVr8B8=",
                                             " RSOYDt4T1cUTdK1PDd93/VVr8B8=",
                                             "",
                                             NULL};
    AUTO_ARENA arena = arena_new(0);
    Signature signature = signature_of(arena, TWILIO);
    const char *body =
        "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&"
        "To=%2B18005551212";
    SignedPush push = {.url = "https://mycompany.com/myapp.php?foo=1&bar=2",
                       .body = body,
                       .body_length = strlen(body),
                       .signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="};
    assert_true(signature_fits(&signature, arena, "12345", &push));
    for (size_t at = 0; at < sizeof SIGNATURES / sizeof *SIGNATURES; at++) {
        push.signature = SIGNATURES[at];
        assert_false(signature_fits(&signature, arena, "12345", &push));
    }
    push.signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    push.body = arena_printf(arena, "%s&More=1", body);
    push.body_length = strlen(push.body);
    assert_false(signature_fits(&signature, arena, "12345", &push));
}

/* A body with a NUL in it is signed as a whole and would be read in part. */
static void a_body_that_is_no_text_does_not_fit(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Signature signature = signature_of(arena, "{\"kind\": \"hmac-sha256\", \"header\": \"X\", "
                                              "\"encoding\": \"hex\", \"over\": \"{{url}}\"}");
    /* printf 'u' | openssl dgst -sha256 -hmac key */
    SignedPush push = {.url = "u",
                       .body = "a",
                       .body_length = 1,
                       .signature =
                           "74fc58364b1e33d000839b677782f52ff9dcdc220765c71f5ff4a6e3dd719302"};
    assert_true(signature_fits(&signature, arena, "key", &push));
    push.body = "a\0b";
    push.body_length = 3;
    assert_false(signature_fits(&signature, arena, "key", &push));
}

/* printf '1700000000\n{"a":1}' | openssl dgst -sha256 -hmac key */
static void a_signature_over_the_moment_grows_old(void **state)
{
    (void)state;
    static const struct {
        const char *timestamp;
        int64_t now_s;
        bool fits;
    } CASES[] = {
        {"1700000000", 1700000000, true},   {"1700000000", 1700000060, true},
        {"1700000000", 1699999940, true},   {"1700000000", 1700000061, false},
        {"1700000000", 1699999939, false},  {"1700000001", 1700000000, false},
        {"1700000000x", 1700000000, false}, {"", 1700000000, false},
        {NULL, 1700000000, false},
    };
    AUTO_ARENA arena = arena_new(0);
    Signature signature = signature_of(
        arena, "{\"kind\": \"hmac-sha256\", \"header\": \"X-Sign\", \"encoding\": \"hex\", "
               "\"over\": \"{{timestamp}}\\n{{body}}\", \"prefix\": \"sha256=\", \"timestamp\": "
               "\"X-Time\", \"within_s\": 60}");
    for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) {
        const SignedPush push = {
            .url = "http://h/",
            .body = "{\"a\":1}",
            .body_length = 7,
            .timestamp = CASES[at].timestamp,
            .now_s = CASES[at].now_s,
            .signature = "sha256=7dc68f1fe9aa8c63d99279b53d79e882f2f55678c9409f6ab90045362e15848d"};
        if (signature_fits(&signature, arena, "key", &push) != CASES[at].fits)
            fail_msg("%s at %lld", CASES[at].timestamp, (long long)CASES[at].now_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twilios_examples_fit),
        cmocka_unit_test(one_letter_less_or_more_does_not_fit),
        cmocka_unit_test(a_body_that_is_no_text_does_not_fit),
        cmocka_unit_test(a_signature_over_the_moment_grows_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
