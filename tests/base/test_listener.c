/* tests/base/test_listener.c: real HTTP over a raw socket, so that every byte is ours. */
#include "base/listener.h"

#include "base/buffer.h"
#include "base/date.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Server {
    Listener *listener;
    int answered;
    int running, most_running; /* answers at once */
    pthread_mutex_t lock;
    Waiting *waiting; /* put off by "/later" */
} Server;

static void body_printf(Reply *reply, const char *format, ...) PRINTF_LIKE(2, 3);
static void body_printf(Reply *reply, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&reply->body, format, arguments);
    va_end(arguments);
    assert_true(length >= 0);
    reply->body_length = (size_t)length;
}

static void answer(void *state, const Request *request, Reply *reply)
{
    Server *server = state;
    pthread_mutex_lock(&server->lock);
    server->answered++;
    if (++server->running > server->most_running)
        server->most_running = server->running;
    pthread_mutex_unlock(&server->lock);
    const char *name = request_query(request, "name"), *token = request_header(request, "X-Token");
    reply->status = 200;
    if (strcmp(request->path, "/later") == 0) {
        Waiting *waiting = request_wait(request);
        pthread_mutex_lock(&server->lock);
        server->waiting = waiting;
        pthread_mutex_unlock(&server->lock);
    } else if (strcmp(request->path, "/cut") == 0)
        reply->status = 0;
    else if (strcmp(request->path, "/busy") == 0) {
        reply->status = 503;
        reply->retry_after = "7";
    } else if (strcmp(request->path, "/slow") == 0) {
        reply->delay_ms = 120;
        reply->content_type = "application/json";
        body_printf(reply, "{}");
    } else
        body_printf(reply, "%s %s name=%s token=%s %zu:%s", request->method, request->path,
                    name ? name : "-", token ? token : "-", request->body_length, request->body);
    if (strcmp(request->path, "/work") == 0)
        usleep(30000);
    pthread_mutex_lock(&server->lock);
    server->running--;
    pthread_mutex_unlock(&server->lock);
}

static Server server = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int server_setup(void **state)
{
    Err err = {0};
    ListenerSettings settings = {.address = "127.0.0.1:0",
                                 .body_limit_bytes = 1000,
                                 .connections = 32,
                                 .threads = 1,
                                 .answer = answer,
                                 .state = &server};
    *state = &server;
    return listener_open(&settings, &server.listener, &err) == OK ? 0 : -1;
}

static int server_teardown(void **state)
{
    listener_close(((Server *)*state)->listener);
    return 0;
}

static int dial(const Server *to)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)listener_port(to->listener)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 20};
    assert_int_equal(setsockopt(line, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(connect(line, (struct sockaddr *)&address, sizeof address), 0);
    return line;
}

/* Sends the bytes in pieces and reads until the server closes. */
static const char *talk(const Server *to, const char *bytes, size_t length, size_t piece)
{
    static char said[8192];
    int line = dial(to);
    for (size_t at = 0; at < length; at += piece) {
        size_t now = length - at < piece ? length - at : piece;
        if (send(line, bytes + at, now, MSG_NOSIGNAL) != (ssize_t)now)
            break;
        if (piece < length)
            usleep(1000);
    }
    size_t have = 0;
    ssize_t got;
    while (have < sizeof said - 1 && (got = recv(line, said + have, sizeof said - 1 - have, 0)) > 0)
        have += (size_t)got;
    said[have] = '\0';
    close(line);
    return said;
}

#define TALK(text) talk(&server, (text), strlen(text), strlen(text))

static void a_request_arrives_whole_with_its_query_header_and_body(void **state)
{
    (void)state;
    const char *request = "POST /r%C3%BC?name=%E9%95%BF+a%26 HTTP/1.1\r\nHost: x\r\nX-Token: t\r\n"
                          "Content-Length: 7\r\nConnection: close\r\n\r\nbo\ndy=1";
    const char *said = TALK(request);
    assert_non_null(strstr(said, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(said, "Content-Type: text/plain; charset=utf-8\r\n"));
    assert_non_null(strstr(said, "\r\n\r\nPOST /rü name=长 a& token=t 7:bo\ndy=1"));
    said = talk(&server, request, strlen(request), 3); /* the same, torn into pieces */
    assert_non_null(strstr(said, "\r\n\r\nPOST /rü name=长 a& token=t 7:bo\ndy=1"));
}

static void a_get_has_an_empty_body(void **state)
{
    (void)state;
    assert_non_null(strstr(TALK("GET /x HTTP/1.0\r\n\r\n"), "\r\n\r\nGET /x name=- token=- 0:"));
}

static void one_connection_serves_many_requests(void **state)
{
    (void)state;
    const char *said = TALK("GET /one HTTP/1.1\r\nHost: x\r\n\r\n"
                            "GET /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const char *first = strstr(said, "GET /one"), *second = strstr(said, "GET /two");
    assert_non_null(first);
    assert_true(second > first);
}

static void status_zero_closes_without_a_byte(void **state)
{
    (void)state;
    int before = server.answered;
    assert_string_equal(TALK("POST /cut HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na"), "");
    assert_int_equal(server.answered, before + 1);
}

static void busy_says_when_to_come_back(void **state)
{
    (void)state;
    const char *said = TALK("GET /busy HTTP/1.0\r\n\r\n");
    assert_non_null(strstr(said, " 503 "));
    assert_non_null(strstr(said, "Retry-After: 7\r\n"));
}

static void a_delay_is_kept(void **state)
{
    (void)state;
    Moment before = moment_now();
    const char *said = TALK("GET /slow HTTP/1.0\r\n\r\n");
    assert_true(moment_now() - before >= 120);
    assert_non_null(strstr(said, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(said, "\r\n\r\n{}"));
}

static void a_body_over_the_limit_gets_413_and_no_answer(void **state)
{
    (void)state;
    char request[2000];
    for (int over = 0; over <= 1; over++) {
        int head = snprintf(
            request, sizeof request,
            "POST /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n",
            1000 + over);
        memset(request + head, 'a', 1001);
        int before = server.answered;
        const char *said = talk(&server, request, (size_t)(head + 1000 + over), sizeof request);
        assert_non_null(strstr(said, over ? " 413 " : " 200 "));
        assert_int_equal(server.answered, before + !over);
    }
}

static void what_is_no_http_is_refused_and_the_server_lives_on(void **state)
{
    (void)state;
    int before = server.answered;
    TALK("\x16\x03\x01\x02\x01\x01\x01\xfc\r\n\r\n");
    TALK("GET\r\n\r\n");
    TALK("GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n");
    int torn = dial(&server); /* promises a body and hangs up */
    const char *half = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf";
    assert_true(send(torn, half, strlen(half), MSG_NOSIGNAL) > 0);
    close(torn);
    assert_int_equal(server.answered, before);
    assert_non_null(strstr(TALK("GET /x HTTP/1.0\r\n\r\n"), " 200 OK"));
}

typedef struct Caller {
    int number;
    bool answered;
} Caller;

static void *work(void *state)
{
    Caller *caller = state;
    const char *request = "GET /work HTTP/1.0\r\n\r\n";
    char said[500] = "";
    usleep((useconds_t)caller->number * 4000); /* while others are being answered */
    int line = dial(&server);
    if (send(line, request, strlen(request), MSG_NOSIGNAL) > 0 &&
        recv(line, said, sizeof said - 1, 0) > 0)
        caller->answered = strstr(said, " 200 OK") != NULL;
    close(line);
    return NULL;
}

static void one_thread_answers_one_request_at_a_time(void **state)
{
    (void)state;
    enum { CALLERS = 8 };
    pthread_t threads[CALLERS];
    Caller callers[CALLERS] = {0};
    server.most_running = 0;
    for (int i = 0; i < CALLERS; i++) {
        callers[i].number = i;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < CALLERS; i++)
        assert_true(callers[i].answered);
    assert_int_equal(server.most_running, 1);
}

static Waiting *put_off(void)
{
    pthread_mutex_lock(&server.lock);
    Waiting *waiting = server.waiting;
    server.waiting = NULL;
    pthread_mutex_unlock(&server.lock);
    return waiting;
}

/* The one thread serves others meanwhile; the answer comes from elsewhere. */
static void an_answer_may_be_put_off(void **state)
{
    static const char *const REQUEST = "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                                       "Connection: close\r\n\r\nhi";
    static const Reply REPLIES[] = {{.status = 202}, {.status = 0}};
    (void)state;
    for (size_t at = 0; at < 2; at++) {
        int line = dial(&server);
        assert_true(send(line, REQUEST, strlen(REQUEST), MSG_NOSIGNAL) > 0);
        Waiting *waiting = NULL;
        for (int tries = 0; tries < 2000 && !(waiting = put_off()); tries++)
            usleep(1000);
        assert_non_null(waiting);
        assert_non_null(strstr(TALK("GET /x HTTP/1.0\r\n\r\n"), " 200 OK"));
        char said[500] = "";
        assert_int_equal(recv(line, said, sizeof said - 1, MSG_DONTWAIT), -1);
        Reply reply = REPLIES[at];
        if (reply.status)
            body_printf(&reply, "at last");
        waiting_answer(waiting, &reply);
        size_t have = 0;
        ssize_t got;
        while ((got = recv(line, said + have, sizeof said - 1 - have, 0)) > 0)
            have += (size_t)got;
        if (reply.status) {
            assert_non_null(strstr(said, "HTTP/1.1 202 Accepted\r\n"));
            assert_non_null(strstr(said, "\r\n\r\nat last"));
        } else {
            assert_int_equal(have, 0);
        }
        close(line);
    }
}

static void addresses_that_cannot_be_listened_on_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        ErrCode code;
        const char *text;
    } CASES[] = {
        {"", ERR_CONFIG, "'' is not an address such as 127.0.0.1:8480"},
        {"127.0.0.1", ERR_CONFIG, "'127.0.0.1' is not an address such as 127.0.0.1:8480"},
        {"127.0.0.1:", ERR_CONFIG, "'127.0.0.1:' is not an address such as 127.0.0.1:8480"},
        {"127.0.0.1:70000", ERR_CONFIG,
         "'127.0.0.1:70000' is not an address such as 127.0.0.1:8480"},
        {"localhost:1", ERR_CONFIG, "'localhost:1' is not an address such as 127.0.0.1:8480"},
        {"127.0.0.1:8x", ERR_CONFIG, "'127.0.0.1:8x' is not an address such as 127.0.0.1:8480"},
        {"192.0.2.1:0", ERR_NET, NULL}, /* TEST-NET: an address that this machine does not have */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Err err = {0};
        Listener *listener = NULL;
        ListenerSettings settings = {.address = CASES[i].address,
                                     .connections = 4,
                                     .threads = 1,
                                     .answer = answer,
                                     .state = &server};
        assert_int_equal(listener_open(&settings, &listener, &err), CASES[i].code);
        assert_null(listener);
        if (CASES[i].text)
            assert_string_equal(err.text, CASES[i].text);
    }
    listener_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_arrives_whole_with_its_query_header_and_body),
        cmocka_unit_test(a_get_has_an_empty_body),
        cmocka_unit_test(one_connection_serves_many_requests),
        cmocka_unit_test(status_zero_closes_without_a_byte),
        cmocka_unit_test(busy_says_when_to_come_back),
        cmocka_unit_test(a_delay_is_kept),
        cmocka_unit_test(a_body_over_the_limit_gets_413_and_no_answer),
        cmocka_unit_test(what_is_no_http_is_refused_and_the_server_lives_on),
        cmocka_unit_test(one_thread_answers_one_request_at_a_time),
        cmocka_unit_test(an_answer_may_be_put_off),
        cmocka_unit_test(addresses_that_cannot_be_listened_on_are_refused),
    };
    return cmocka_run_group_tests(tests, server_setup, server_teardown);
}
