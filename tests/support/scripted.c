#include "support/scripted.h"

#include <arpa/inet.h>
#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    REQUESTS_MAX = 4096,
    REQUEST_BYTES = 65536,
    CONNECTIONS_MAX = 512,
    ENDLESS_BYTES = 1 << 20,
    ANSWER_BYTES = 1 << 18
};

struct Scripted {
    const Scene *scenes;
    size_t scene_count;
    int listening;
    unsigned port;
    pthread_t thread;
    pthread_mutex_t lock; /* over what follows */
    char *requests[REQUESTS_MAX];
    size_t request_count, begun, connections;
    int sockets[CONNECTIONS_MAX];
    pthread_t threads[CONNECTIONS_MAX];
};

typedef struct Connection {
    Scripted *server;
    int socket;
} Connection;

static const Scene *next_scene(Scripted *server)
{
    pthread_mutex_lock(&server->lock);
    size_t at = server->begun++;
    pthread_mutex_unlock(&server->lock);
    return &server->scenes[at < server->scene_count ? at : server->scene_count - 1];
}

/* True once text holds a whole request. */
static bool whole(const char *text, size_t length)
{
    const char *end = strstr(text, "\r\n\r\n");
    if (!end)
        return false;
    const char *field = strcasestr(text, "\r\nContent-Length:");
    size_t body = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    return length >= (size_t)(end + 4 - text) + body;
}

/* NULL when the connection ends first; the text lives as long as the server. */
static const char *request_read(Scripted *server, int socket)
{
    char *text = calloc(1, REQUEST_BYTES);
    assert(text);
    size_t length = 0;
    while (!whole(text, length)) {
        ssize_t got = recv(socket, text + length, REQUEST_BYTES - 1 - length, 0);
        if (got <= 0) {
            free(text);
            return NULL;
        }
        length += (size_t)got;
    }
    pthread_mutex_lock(&server->lock);
    assert(server->request_count < REQUESTS_MAX);
    server->requests[server->request_count++] = text;
    pthread_mutex_unlock(&server->lock);
    return text;
}

static void text_free(char **text)
{
    free(*text);
}

static void pause_ms(unsigned ms)
{
    nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL);
}

/* The next run of so many hex digits, no more and no fewer; NULL when there is none. */
static const char *reference_next(const char *text, size_t wanted)
{
    for (size_t run; *text; text += run ? run : 1) {
        run = strspn(text, "0123456789abcdef");
        if (run == wanted)
            return text;
    }
    return NULL;
}

/* The answer with the request's own references in it; owned. */
static char *answer_make(const Scene *scene, const char *request, size_t *ret_length)
{
    size_t wanted = strlen(SCENE_REFERENCE);
    const char *answer = scene->answer ? scene->answer : "";
    size_t length = scene->length ? scene->length : strlen(answer);
    char *made = calloc(1, length + 1), *place = made;
    assert(made);
    memcpy(made, answer, length);
    while ((place = memmem(place, length - (size_t)(place - made), SCENE_REFERENCE, wanted)) !=
               NULL &&
           (request = reference_next(request, wanted)) != NULL) {
        memcpy(place, request, wanted);
        request += wanted;
    }
    *ret_length = length;
    return made;
}

static void scene_play(const Scene *scene, int socket, const char *request)
{
    size_t length;
    char *answer __attribute__((cleanup(text_free))) = answer_make(scene, request, &length);
    size_t step = scene->drip_ms ? 1 : length;
    pause_ms(scene->delay_ms);
    for (size_t sent = 0; sent < length; sent += step) {
        if (send(socket, answer + sent, step, MSG_NOSIGNAL) < 0)
            return;
        pause_ms(scene->drip_ms);
    }
    char more[1024];
    memset(more, length ? answer[length - 1] : 'x', sizeof more);
    for (size_t sent = 0; scene->endless && sent < ENDLESS_BYTES; sent += sizeof more)
        if (send(socket, more, sizeof more, MSG_NOSIGNAL) < 0)
            return;
}

static void *connection_serve(void *state)
{
    Connection *connection = state;
    Scripted *server = connection->server;
    int socket = connection->socket;
    free(connection);
    const Scene *scene = &server->scenes[0];
    const char *request;
    if (scene->unread)
        (void)next_scene(server);
    while (!scene->unread && (request = request_read(server, socket)) != NULL) {
        scene = next_scene(server);
        scene_play(scene, socket, request);
        if (scene->end != SCENE_KEEP)
            break;
    }
    if (scene->end == SCENE_RESET)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
    if (scene->end == SCENE_CLOSE)
        shutdown(socket,
                 SHUT_WR); /* closed for good when the server ends: no reset by unread bytes */
    else
        close(socket);
    return NULL;
}

static void *server_run(void *state)
{
    Scripted *server = state;
    for (;;) {
        int socket = accept(server->listening, NULL, NULL);
        if (socket < 0)
            return NULL;
        Connection *connection = malloc(sizeof *connection);
        assert(connection);
        *connection = (Connection){server, socket};
        pthread_mutex_lock(&server->lock);
        size_t at = server->connections++;
        assert(at < CONNECTIONS_MAX);
        server->sockets[at] = socket;
        int failed = pthread_create(&server->threads[at], NULL, connection_serve, connection);
        pthread_mutex_unlock(&server->lock);
        assert(!failed);
    }
}

int listen_any(unsigned *ret_port)
{
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int failed = listening < 0 || bind(listening, (struct sockaddr *)&address, size) != 0 ||
                 listen(listening, 128) != 0 ||
                 getsockname(listening, (struct sockaddr *)&address, &size) != 0;
    assert(!failed);
    *ret_port = ntohs(address.sin_port);
    return listening;
}

unsigned free_port(void)
{
    unsigned port;
    close(listen_any(&port));
    return port;
}

int http_call(unsigned port, const char *method, const char *path, const char *body, char *out,
              size_t size)
{
    return http_call_with(port, method, path, "Accept: */*", body, out, size);
}

int http_call_with(unsigned port, const char *method, const char *path, const char *header,
                   const char *body, char *out, size_t size)
{
    int call = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)port)};
    char *head = NULL, *answer = calloc(1, ANSWER_BYTES);
    size_t length = 0;
    int status = 0,
        made = asprintf(
            &head,
            "%s %s HTTP/1.1\r\nHost: h\r\n%s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
            method, path, header, body ? strlen(body) : 0);
    assert(answer && made > 0);
    if (connect(call, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(call, head, strlen(head), MSG_NOSIGNAL) > 0 &&
        (!body || !*body || send(call, body, strlen(body), MSG_NOSIGNAL) > 0))
        for (ssize_t got; (got = recv(call, answer + length, ANSWER_BYTES - 1 - length, 0)) > 0;)
            length += (size_t)got;
    close(call);
    const char *start = strstr(answer, "\r\n\r\n");
    if (sscanf(answer, "HTTP/1.1 %d", &status) != 1)
        status = 0;
    if (out)
        snprintf(out, size, "%s", start ? start + 4 : "");
    free(head);
    free(answer);
    return status;
}

Scripted *scripted_open(const Scene *scenes, size_t count)
{
    Scripted *server = calloc(1, sizeof *server);
    assert(server && count > 0);
    server->scenes = scenes;
    server->scene_count = count;
    server->listening = listen_any(&server->port);
    pthread_mutex_init(&server->lock, NULL);
    int failed = pthread_create(&server->thread, NULL, server_run, server);
    assert(!failed);
    return server;
}

void scripted_close(Scripted *server)
{
    shutdown(server->listening, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listening);
    for (size_t at = 0; at < server->connections; at++) {
        shutdown(server->sockets[at], SHUT_RDWR);
        pthread_join(server->threads[at], NULL);
    }
    for (size_t at = 0; at < server->request_count; at++)
        free(server->requests[at]);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

unsigned scripted_port(const Scripted *server)
{
    return server->port;
}

size_t scripted_requests(Scripted *server)
{
    pthread_mutex_lock(&server->lock);
    size_t count = server->request_count;
    pthread_mutex_unlock(&server->lock);
    return count;
}

size_t scripted_connections(Scripted *server)
{
    pthread_mutex_lock(&server->lock);
    size_t count = server->connections;
    pthread_mutex_unlock(&server->lock);
    return count;
}

const char *scripted_request(Scripted *server, size_t n)
{
    pthread_mutex_lock(&server->lock);
    const char *request = n < server->request_count ? server->requests[n] : NULL;
    pthread_mutex_unlock(&server->lock);
    return request;
}
