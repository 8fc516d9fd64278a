#include "support/recorder.h"

#include "support/scripted.h"

#include <arpa/inet.h>
#include <assert.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES = 16384, REQUESTS_MAX = 65536, CONNECTIONS_MAX = 512, PUSH_MS = 5 };

typedef struct Request {
    char phone[16], reference[33], callback[160];
    bool taken, receipt_due;
} Request;

struct Recorder {
    int listening;
    unsigned port, begun;
    bool stopping, reports;
    pthread_mutex_t lock; /* over what follows and what stands before */
    Request *requests;
    size_t request_count;
    int sockets[CONNECTIONS_MAX]; /* -1 = free place */
    pthread_t thread, pusher;
};

typedef struct Connection {
    Recorder *recorder;
    size_t place;
    int socket;
} Connection;

RecorderWay recorder_way(const char *phone)
{
    switch (phone[strlen(phone) - 1]) {
    case '1':
        return RECORDER_BUSY_ONCE;
    case '2':
        return RECORDER_CUTS_TAKEN;
    case '3':
        return RECORDER_CUTS;
    case '4':
        return RECORDER_NO_RECEIPT;
    default:
        return RECORDER_TAKES;
    }
}

static void field_take(json_t *json, const char *key, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(json, key));
    snprintf(out, size, "%s", text ? text : "");
}

/* Writes the request down before anything is answered; returns what to do with it. */
static RecorderWay request_note(Recorder *recorder, const char *body, Request *ret)
{
    json_t *json = json_loads(body, 0, NULL);
    assert(json);
    Request request = {0};
    field_take(json, "to", request.phone, sizeof request.phone);
    field_take(json, "reference", request.reference, sizeof request.reference);
    field_take(json, "callback", request.callback, sizeof request.callback);
    json_decref(json);
    assert(*request.phone && strlen(request.reference) == 32);
    RecorderWay way = recorder_way(request.phone);
    if (way == RECORDER_BUSY_ONCE && recorder_requests(recorder, request.phone) > 0)
        way = RECORDER_TAKES;
    request.taken = way != RECORDER_BUSY_ONCE && way != RECORDER_CUTS;
    request.receipt_due = request.taken && way != RECORDER_NO_RECEIPT && *request.callback;
    pthread_mutex_lock(&recorder->lock);
    assert(recorder->request_count < REQUESTS_MAX);
    recorder->requests[recorder->request_count++] = request;
    pthread_mutex_unlock(&recorder->lock);
    *ret = request;
    return way;
}

static bool answer(int socket, const Request *request, RecorderWay way)
{
    char text[200], body[80];
    if (way == RECORDER_CUTS || way == RECORDER_CUTS_TAKEN)
        return false;
    bool busy = way == RECORDER_BUSY_ONCE;
    if (busy)
        snprintf(body, sizeof body, "{\"error\":\"busy\"}");
    else
        snprintf(body, sizeof body, "{\"id\":\"R%.16s\"}", request->reference);
    int length = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s",
                          busy ? "503 Busy" : "202 Accepted", strlen(body), body);
    return send(socket, text, (size_t)length, MSG_NOSIGNAL) == length;
}

/* True once text holds a whole request. */
static bool whole(const char *text, size_t length, const char **ret_body)
{
    const char *end = strstr(text, "\r\n\r\n"), *field = strcasestr(text, "\r\nContent-Length:");
    if (!end || !field || field > end)
        return false;
    *ret_body = end + 4;
    return length >= (size_t)(end + 4 - text) + strtoul(field + 17, NULL, 10);
}

/* One request; false when the connection is over. */
static bool request_serve(Recorder *recorder, int socket)
{
    char text[REQUEST_BYTES] = "";
    const char *body;
    size_t length = 0;
    while (!whole(text, length, &body)) {
        ssize_t got = recv(socket, text + length, sizeof text - 1 - length, 0);
        if (got <= 0) {
            pthread_mutex_lock(&recorder->lock);
            recorder->begun += length > 0;
            pthread_mutex_unlock(&recorder->lock);
            return false;
        }
        length += (size_t)got;
        text[length] = '\0';
    }
    Request request;
    RecorderWay way = request_note(recorder, body, &request);
    return answer(socket, &request, way);
}

static void *connection_serve(void *state)
{
    Connection connection = *(Connection *)state;
    free(state);
    while (request_serve(connection.recorder, connection.socket))
        ;
    pthread_mutex_lock(&connection.recorder->lock);
    close(connection.socket);
    connection.recorder->sockets[connection.place] = -1; /* the last that is seen of this thread */
    pthread_mutex_unlock(&connection.recorder->lock);
    return NULL;
}

/* A place for a connection; waits for one. */
static size_t place_take(Recorder *recorder, int socket)
{
    for (;; usleep(1000)) {
        pthread_mutex_lock(&recorder->lock);
        for (size_t at = 0; at < CONNECTIONS_MAX; at++) {
            if (recorder->sockets[at] >= 0)
                continue;
            recorder->sockets[at] = socket;
            pthread_mutex_unlock(&recorder->lock);
            return at;
        }
        pthread_mutex_unlock(&recorder->lock);
    }
}

static void *accept_all(void *state)
{
    Recorder *recorder = state;
    for (;;) {
        pthread_t thread;
        int socket = accept(recorder->listening, NULL, NULL);
        if (socket < 0)
            return NULL;
        Connection *connection = malloc(sizeof *connection);
        assert(connection);
        *connection = (Connection){recorder, place_take(recorder, socket), socket};
        int failed = pthread_create(&thread, NULL, connection_serve, connection);
        assert(!failed);
        pthread_detach(thread);
    }
}

/* True when whoever listens there has stored it. */
static bool receipt_push(const Request *request)
{
    unsigned port = 0;
    int path = 0;
    char body[200];
    if (sscanf(request->callback, "http://127.0.0.1:%u%n", &port, &path) != 1)
        return true;
    snprintf(body, sizeof body,
             "{\"reference\":\"%s\",\"id\":\"R%.16s\",\"status\":\"DELIVRD\",\"code\":\"000\"}",
             request->reference, request->reference);
    return http_call(port, "POST", request->callback + path, body, NULL, 0) == 200;
}

static void *push_all(void *state)
{
    Recorder *recorder = state;
    for (size_t at = 0;; at++) {
        pthread_mutex_lock(&recorder->lock);
        bool stopping = recorder->stopping, due = false;
        at = at < recorder->request_count ? at : 0;
        Request request = {0};
        if (recorder->reports && at < recorder->request_count) {
            request = recorder->requests[at];
            due = request.receipt_due;
        }
        bool last = at + 1 >= recorder->request_count;
        pthread_mutex_unlock(&recorder->lock);
        if (stopping)
            return NULL;
        if (due && receipt_push(&request)) {
            pthread_mutex_lock(&recorder->lock);
            if (at < recorder->request_count &&
                strcmp(recorder->requests[at].reference, request.reference) == 0)
                recorder->requests[at].receipt_due = false;
            pthread_mutex_unlock(&recorder->lock);
        }
        if (last)
            usleep(PUSH_MS * 1000);
    }
}

Recorder *recorder_open(void)
{
    Recorder *recorder = calloc(1, sizeof *recorder);
    assert(recorder);
    recorder->requests = calloc(REQUESTS_MAX, sizeof *recorder->requests);
    assert(recorder->requests);
    memset(recorder->sockets, -1, sizeof recorder->sockets);
    recorder->listening = listen_any(&recorder->port);
    recorder->reports = true;
    pthread_mutex_init(&recorder->lock, NULL);
    int failed = pthread_create(&recorder->thread, NULL, accept_all, recorder);
    failed = failed || pthread_create(&recorder->pusher, NULL, push_all, recorder);
    assert(!failed);
    return recorder;
}

/* Shuts what is open; the number of connections that still were. */
static size_t connections_shut(Recorder *recorder)
{
    size_t open = 0;
    pthread_mutex_lock(&recorder->lock);
    recorder->stopping = true;
    for (size_t at = 0; at < CONNECTIONS_MAX; at++) {
        if (recorder->sockets[at] < 0)
            continue;
        shutdown(recorder->sockets[at], SHUT_RDWR);
        open++;
    }
    pthread_mutex_unlock(&recorder->lock);
    return open;
}

void recorder_close(Recorder *recorder)
{
    shutdown(recorder->listening, SHUT_RDWR);
    pthread_join(recorder->thread, NULL);
    close(recorder->listening);
    while (connections_shut(recorder) > 0)
        usleep(1000);
    pthread_join(recorder->pusher, NULL);
    pthread_mutex_destroy(&recorder->lock);
    free(recorder->requests);
    free(recorder);
}

unsigned recorder_port(const Recorder *recorder)
{
    return recorder->port;
}

void recorder_clear(Recorder *recorder)
{
    pthread_mutex_lock(&recorder->lock);
    recorder->request_count = 0;
    recorder->begun = 0;
    pthread_mutex_unlock(&recorder->lock);
}

void recorder_report(Recorder *recorder, bool on)
{
    pthread_mutex_lock(&recorder->lock);
    recorder->reports = on;
    pthread_mutex_unlock(&recorder->lock);
}

typedef enum Counted { COPIES, REQUESTS, REFERENCES, WAITING } Counted;

static unsigned count(Recorder *recorder, Counted what, const char *word)
{
    unsigned found = 0;
    pthread_mutex_lock(&recorder->lock);
    for (size_t at = 0; at < recorder->request_count; at++) {
        const Request *request = &recorder->requests[at];
        found += what == COPIES       ? request->taken && strcmp(request->phone, word) == 0
                 : what == REQUESTS   ? strcmp(request->phone, word) == 0
                 : what == REFERENCES ? strcmp(request->reference, word) == 0
                                      : request->receipt_due;
    }
    pthread_mutex_unlock(&recorder->lock);
    return found;
}

unsigned recorder_copies(Recorder *recorder, const char *phone)
{
    return count(recorder, COPIES, phone);
}

unsigned recorder_requests(Recorder *recorder, const char *phone)
{
    return count(recorder, REQUESTS, phone);
}

unsigned recorder_references(Recorder *recorder, const char *reference)
{
    return count(recorder, REFERENCES, reference);
}

unsigned recorder_waiting(Recorder *recorder)
{
    return count(recorder, WAITING, "");
}

unsigned recorder_begun(Recorder *recorder)
{
    pthread_mutex_lock(&recorder->lock);
    unsigned begun = recorder->begun;
    pthread_mutex_unlock(&recorder->lock);
    return begun;
}
