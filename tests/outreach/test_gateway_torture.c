/* Everything a server can do to a request, for every shipped gateway, through the real dispatcher:
 * what the message becomes, and whether anything is ever sent again. */
#include "outbox_once.h"
#include "support/scripted.h"

#include "outreach/outcome.h"

#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

typedef struct Type {
    const char *name, *status, *body; /* how it accepts */
} Type;

static const Type TYPES[] = {
    {"simulator", "202 Accepted", "{\"id\":\"S1\"}"},
    {"kannel", "202 Accepted", "0: Accepted for delivery"},
    {"aliyun", "200 OK",
     "{\"Message\":\"OK\",\"RequestId\":\"873043ac-bcda-44db-9052-2e204c6ed20f\",\"BizId\":"
     "\"607300000000000000^0\",\"Code\":\"OK\"}"},
    {"tencent", "200 OK",
     "{\"Response\":{\"SendStatusSet\":[{\"SerialNo\":\"5000:1045710669157053657849499619\","
     "\"PhoneNumber\":\"+8613800000001\",\"Fee\":1,\"SessionContext\":\"test\",\"Code\":\"Ok\","
     "\"Message\":\"send success\",\"IsoCode\":\"CN\"}],\"RequestId\":\"a0aabda6\"}}"},
    {"twilio", "201 CREATED",
     "{\"sid\":\"SM29f4f980778e4621b72df75ac82f5000\",\"to\":\"+8613800000001\",\"status\":"
     "\"queued\",\"error_code\":null}"},
    {"simulator-batch", "202 Accepted", "[{\"reference\":\"" SCENE_REFERENCE "\",\"id\":\"S1\"}]"},
    {"generic-json-array", "200 OK",
     "{\"results\":[{\"out_id\":\"" SCENE_REFERENCE
     "\",\"code\":0,\"message_id\":\"m\",\"mobile\":\"13800000001\"}]}"},
    {"generic-json", "200 OK", "{\"code\":0,\"message_id\":\"m\",\"mobile\":\"13800000001\"}"},
};
enum { TYPE_COUNT = sizeof TYPES / sizeof *TYPES, TIMEOUT_MS = 1000, UNREAD_MS = 250 };

typedef enum Scope { EVERY, TEXT, JSON, WIRE } Scope;
typedef enum Place { SERVER, NOBODY, NO_HOST, TLS_PLAIN, TLS_CLOSED, TLS_UNKNOWN } Place;

typedef struct Row {
    int item;
    const char *what;
    Scope scope;
    OutcomeKind kind;
    const char *answer;
    SceneEnd end;
    Place place;
    unsigned delay_ms, drip_ms;
    bool unread, endless;
    bool race;   /* the reset may come before a byte was written: then it is certainly not sent */
    int after_s; /* the next attempt is at least so far away */
    const char *fix; /* paused: what the sentence must hold; NULL = not looked at */
} Row;

static const Row ROWS[] = {
#define ROW(item, what, scope, kind, ...) {item, what, scope, OUTCOME_##kind, __VA_ARGS__},
#include "torture.def"
#undef ROW
};

typedef struct Word {
    int item;
    const char *what, *type;
    OutcomeKind kind;
    const char *status, *body, *fix;
} Word;

static const Word WORDS[] = {
#define WORD(item, what, type, kind, status, body)                                                 \
    {item, what, type, OUTCOME_##kind, status, body, NULL},
#define STOP(item, what, type, status, body, fix)                                                  \
    {item, what, type, OUTCOME_PAUSED, status, body, fix},
#include "torture_words.def"
#undef WORD
#undef STOP
};

/* The %-places of an answer filled for a type; *ret_length counts NUL bytes too. */
static const char *expanded(Arena *arena, const char *answer, const Type *type, size_t *ret_length)
{
    AUTO_BUFFER out = BUFFER(1 << 16);
    char date[40];
    time_t ahead = time(NULL) + 30;
    struct tm utc;
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&ahead, &utc));
    for (const char *c = answer ? answer : ""; *c; c++) {
        if (*c != '%') {
            buffer_char(&out, *c);
            continue;
        }
        switch (*++c) {
        case 'S':
            buffer_text(&out, type->status);
            break;
        case 'B':
            buffer_text(&out, type->body);
            break;
        case 'L':
            buffer_printf(&out, "%zu", strlen(type->body));
            break;
        case 'H':
            buffer_printf(&out, "%zx", strlen(type->body));
            break;
        case 'D':
            buffer_text(&out, date);
            break;
        case '0':
            buffer_add(&out, "", 1);
            break;
        default:
            fail_msg("%%%c in '%s'", *c, answer);
        }
    }
    *ret_length = out.length;
    return arena_memdup(arena, buffer_string(&out), out.length + 1);
}

/* The shipped file, without receipts and replies, and without long waiting. */
static void type_write(TestHome *home, const Type *type)
{
    Arena *arena = home->context.arena;
    json_t *file = json_load_file(
        config_shared(arena, arena_printf(arena, "outreach/gateways/%s.json", type->name)), 0,
        NULL);
    assert_non_null(file);
    json_object_del(file, "receipt");
    json_object_del(file, "reply");
    json_t *limits = json_object_get(file, "limits");
    json_object_set_new(limits, "timeout_ms", json_integer(TIMEOUT_MS));
    json_object_set_new(limits, "connect_timeout_ms", json_integer(TIMEOUT_MS));
    json_object_set_new(limits, "connections", json_integer(1));
    mkdir(arena_printf(arena, "%s/gateways", home->dir), 0700);
    assert_int_equal(
        json_dump_file(file, arena_printf(arena, "%s/gateways/tortured.json", home->dir), 0), 0);
    json_decref(file);
}

static void config_write(TestHome *home, const char *url)
{
    test_config(home, arena_printf(home->context.arena,
                                   "\"gateway\": \"g\", \"gateways\": {\"g\": {\"type\": "
                                   "\"tortured\", \"url\": \"%s\", \"username\": \"AC1\", "
                                   "\"templates\": {\"t\": \"SMS_1\"}}}, "
                                   "\"receive\": {\"listen\": \"127.0.0.1:0\"}",
                                   url));
}

static void campaign_make(TestHome *home, int people)
{
    outbox_people(home, people);
    outbox_campaign(home, 1, 1, people);
    test_sql(home, "UPDATE campaign SET template_text = '---\\nid: t\\npolicy: p\\nlanguage: zh\\n"
                   "signature: 东莞人社\\nclass: notice\\napproved_by: a\\n---\\n您好\\n'");
}

static void message_again(TestHome *home)
{
    test_sql(
        home,
        "DELETE FROM delivery_event;\n"
        "UPDATE message SET state = 'queued', attempts = 0, fence = 0, not_before = NULL, "
        "worker = NULL, leased_until = NULL, reference = NULL, gateway_id = NULL, error_code = "
        "NULL, sent_at = NULL, settled_at = NULL;\n"
        "UPDATE campaign SET state = 'running', paused_why = NULL");
}

/* One attempt, however it ends, recorded; on a busy machine it may not have begun in time. */
static void attempt_once(TestHome *home, Scripted *reading, const char *what)
{
    for (int ms = UNREAD_MS; ms < 64 * UNREAD_MS; ms *= 2) {
        outbox_dispatch_once(home, reading, ms);
        if (reading || test_number(home, "SELECT COUNT(*) FROM message WHERE state = 'queued' AND "
                                         "not_before IS NULL") == 0)
            return;
    }
    fail_msg("%s: nothing was tried", what);
}

static void state_check(TestHome *home, const char *what, OutcomeKind kind, int after_s,
                        const char *fix)
{
    Arena *arena = home->context.arena;
    const char *wanted = message_state_word(outcome_state(kind));
    if (outbox_in_state(home, wanted) != 1)
        fail_msg("%s: not '%s' but delivered %lld, sent %lld, uncertain %lld, queued %lld, "
                 "rejected %lld",
                 what, wanted, (long long)outbox_in_state(home, "delivered"),
                 (long long)outbox_in_state(home, "sent"),
                 (long long)outbox_in_state(home, "uncertain"),
                 (long long)outbox_in_state(home, "queued"),
                 (long long)outbox_in_state(home, "rejected"));
    const char *paused = arena_printf(
        arena, "SELECT COUNT(*) FROM campaign WHERE state = 'paused' AND paused_why LIKE '%%%s%%'",
        fix ? fix : "");
    if (test_number(home, paused) != (kind == OUTCOME_PAUSED))
        fail_msg("%s: the campaign %s", what,
                 kind == OUTCOME_PAUSED ? "goes on, or does not say what to fix" : "stands still");
    bool later = kind == OUTCOME_THROTTLED || kind == OUTCOME_NOT_SENT;
    const char *due = arena_printf(arena,
                                   "SELECT COUNT(*) FROM message WHERE not_before > "
                                   "UTC_TIMESTAMP(3) + INTERVAL %d SECOND AND not_before < "
                                   "UTC_TIMESTAMP(3) + INTERVAL 36 HOUR",
                                   after_s > 0 ? after_s - 2 : -2);
    if (test_number(home, due) != later)
        fail_msg("%s: tried again at another time", what);
    if (test_number(home, "SELECT COUNT(*) FROM delivery_event WHERE CONCAT_WS(' ', code, note) "
                          "LIKE '%13800000001%'") != 0)
        fail_msg("%s: the number stands in the log", what);
}

/* With a server that would take anything, a second time. */
static void sent_again_check(TestHome *home, const char *what, OutcomeKind kind, Scripted *server,
                             size_t before)
{
    Err err = {0};
    DispatchReport report;
    test_sql(home, "UPDATE message SET not_before = NULL");
    if (outbox_dispatch(home, &report, &err) != OK)
        fail_msg("%s: %s", what, err.text);
    bool again = kind == OUTCOME_THROTTLED || kind == OUTCOME_NOT_SENT;
    if (scripted_requests(server) - before != again)
        fail_msg("%s: %zu requests more", what, scripted_requests(server) - before);
    if (again && outbox_in_state(home, "sent") != 1)
        fail_msg("%s: not sent the second time", what);
}

/* openssl's own server with a certificate that it has made itself. */
static pid_t tls_start(TestHome *home, unsigned port)
{
    const char *made = arena_printf(
        home->context.arena,
        "cd '%s' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
        "-days 30 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout tls-key.pem "
        "-out tls.pem 2>/dev/null && exec openssl s_server -accept 127.0.0.1:%u -key tls-key.pem "
        "-cert tls.pem -quiet -www >/dev/null 2>&1",
        home->dir, port);
    const char *const words[] = {"sh", "-c", made, NULL};
    pid_t child = 0;
    assert_int_equal(
        posix_spawnp(&child, "sh", NULL, NULL, (char *const *)(uintptr_t)words, environ), 0);
    for (int tries = 0; http_call(port, "GET", "/", NULL, NULL, 0) != 0 || tries < 20; tries++) {
        assert_true(tries < 200);
        nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
    }
    return child;
}

static void tls_stop(pid_t child)
{
    if (child == 0)
        return;
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
}

static const char *url_of(Arena *arena, Place place, unsigned port)
{
    if (place == NO_HOST)
        return "http://gateway.invalid/send";
    return arena_printf(arena, "http%s://127.0.0.1:%u/send", place >= TLS_PLAIN ? "s" : "",
                        place == NOBODY ? free_port() : port);
}

static void row_run(TestHome *home, const Type *type, const Row *row, unsigned tls_port)
{
    Arena *arena = home->context.arena;
    Scene scenes[2] = {{.end = row->end,
                        .delay_ms = row->delay_ms,
                        .drip_ms = row->drip_ms,
                        .unread = row->unread || row->place == TLS_CLOSED,
                        .endless = row->endless},
                       {0}};
    const char *what = arena_printf(arena, "%d %s: %s", row->item, type->name, row->what);
    scenes[0].answer = expanded(arena, row->answer, type, &scenes[0].length);
    scenes[1].answer = expanded(arena, ROWS[0].answer, type, &scenes[1].length);
    message_again(home);
    Scripted *server = scripted_open(scenes, 2);
    unsigned port = row->place == TLS_UNKNOWN ? tls_port : scripted_port(server);
    config_write(home, url_of(arena, row->place, port));
    bool reads = row->place == SERVER && !row->unread;
    attempt_once(home, reads ? server : NULL, what);
    bool unsent = row->race && outbox_in_state(home, "queued") == 1;
    state_check(home, what, unsent ? OUTCOME_NOT_SENT : row->kind, row->after_s, row->fix);
    if (row->place == SERVER && scripted_requests(server) != reads)
        fail_msg("%s: %zu requests", what, scripted_requests(server));
    if (type == TYPES && !row->unread) {
        Scripted *willing = reads ? server : scripted_open(&scenes[1], 1);
        config_write(home, url_of(arena, SERVER, scripted_port(willing)));
        sent_again_check(home, what, row->kind, willing, scripted_requests(willing));
        if (!reads)
            scripted_close(willing);
    }
    scripted_close(server);
}

static bool concerns(Scope scope, const Type *type)
{
    static const char *const FOR_ALL[] = {"simulator", "simulator-batch", "aliyun"};
    bool is_text = strcmp(type->name, "kannel") == 0;
    if (scope != WIRE)
        return scope == EVERY || is_text == (scope == TEXT);
    for (size_t at = 0; at < sizeof FOR_ALL / sizeof *FOR_ALL; at++)
        if (strcmp(FOR_ALL[at], type->name) == 0)
            return true;
    return false;
}

static void every_answer_gets_its_class_from_every_gateway(void **state)
{
    TestHome *home = *state;
    unsigned tls_port = free_port();
    pid_t tls = tls_start(home, tls_port);
    campaign_make(home, 1);
    size_t attempts = 0;
    for (size_t at = 0; at < TYPE_COUNT; at++) {
        type_write(home, &TYPES[at]);
        for (size_t row = 0; row < sizeof ROWS / sizeof *ROWS; row++) {
            if (!concerns(ROWS[row].scope, &TYPES[at]))
                continue;
            row_run(home, &TYPES[at], &ROWS[row], tls_port);
            attempts++;
        }
    }
    print_message("%zu behaviours of a server, %zu attempts through %d gateways\n",
                  sizeof ROWS / sizeof *ROWS, attempts, (int)TYPE_COUNT);
    tls_stop(tls);
}

static void every_word_of_a_gateway_gets_its_class(void **state)
{
    TestHome *home = *state;
    Arena *arena = home->context.arena;
    campaign_make(home, 1);
    const Type *type = NULL;
    for (size_t at = 0; at < sizeof WORDS / sizeof *WORDS; at++) {
        const Word *word = &WORDS[at];
        if (!type || strcmp(type->name, word->type) != 0) {
            for (type = TYPES; strcmp(type->name, word->type) != 0; type++)
                assert_true(type < TYPES + TYPE_COUNT - 1);
            type_write(home, type);
        }
        const Scene scenes[2] = {
            {.answer = arena_printf(arena, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s",
                                    word->status, strlen(word->body), word->body)},
            {.answer = arena_printf(arena, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s",
                                    type->status, strlen(type->body), type->body)}};
        const char *what = arena_printf(arena, "%d %s: %s", word->item, word->type, word->what);
        message_again(home);
        Scripted *server = scripted_open(scenes, 2);
        config_write(home, url_of(arena, SERVER, scripted_port(server)));
        attempt_once(home, server, what);
        state_check(home, what, word->kind, 0, word->fix);
        sent_again_check(home, what, word->kind, server, 1);
        scripted_close(server);
    }
}

/* Two answers came to the first request: the second of them is not the answer to the next. */
static void an_answer_too_many_is_nobody_elses(void **state)
{
    TestHome *home = *state;
    static const Scene SCENES[] = {
        {.answer = "HTTP/1.1 202 OK\r\nContent-Length: 11\r\n\r\n{\"id\":\"S1\"}"
                   "HTTP/1.1 202 OK\r\nContent-Length: 11\r\n\r\n{\"id\":\"S9\"}"},
        {.answer = "HTTP/1.1 422 No\r\nContent-Length: 22\r\n\r\n{\"error\":\"bad_number\"}"}};
    campaign_make(home, 2);
    type_write(home, &TYPES[0]);
    Scripted *server = scripted_open(SCENES, 2);
    config_write(home, url_of(home->context.arena, SERVER, scripted_port(server)));
    DispatchReport report = outbox_dispatched(home);
    assert_int_equal(report.sent, 1);
    assert_int_equal(outbox_in_state(home, "rejected"), 1);
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM message WHERE gateway_id = 'S9'"), 0);
    assert_int_equal(scripted_requests(server), 2);
    scripted_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_gets_its_class_from_every_gateway),
        cmocka_unit_test(every_word_of_a_gateway_gets_its_class),
        cmocka_unit_test(an_answer_too_many_is_nobody_elses),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
