#include "base/listener.h"

#include "base/buffer.h"
#include "base/lang.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REQUEST_SECONDS = 10 };

struct Listener {
    ListenerSettings settings;
    struct MHD_Daemon *daemon;
};

/* A request that is still coming in, or waits for its answer. */
struct Waiting {
    struct MHD_Connection *connection;
    Buffer body;
    char *target;
    bool begun, waits;
    Reply reply; /* status 0 until it is answered */
};

static enum MHD_Result send_reply(struct MHD_Connection *connection, Reply *reply)
{
    static char nothing[] = "";
    struct MHD_Response *response = MHD_create_response_from_buffer(
        reply->body_length, reply->body ? reply->body : nothing,
        reply->body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response) {
        free(reply->body);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                            reply->content_type ? reply->content_type
                                                : "text/plain; charset=utf-8");
    if (reply->retry_after)
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, reply->retry_after);
    enum MHD_Result sent = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return sent;
}

static enum MHD_Result answer(Listener *listener, struct MHD_Connection *connection,
                              const Request *request)
{
    Reply reply = {.status = 500};
    listener->settings.answer(listener->settings.state, request, &reply);
    if (request->incoming->waits)
        return MHD_YES;
    if (reply.delay_ms) {
        struct timespec pause = {.tv_sec = reply.delay_ms / 1000,
                                 .tv_nsec = (long)(reply.delay_ms % 1000) * 1000000};
        nanosleep(&pause, NULL);
    }
    if (reply.status == 0) {
        free(reply.body);
        return MHD_NO; /* libmicrohttpd closes the connection without a byte */
    }
    return send_reply(connection, &reply);
}

/* Called with the first line of a request. */
static void *begin(void *state, const char *target, struct MHD_Connection *connection)
{
    const Listener *listener = state;
    Waiting *incoming = malloc(sizeof *incoming);
    if (!incoming)
        return NULL;
    *incoming = (Waiting){.connection = connection,
                          .body = BUFFER(listener->settings.body_limit_bytes),
                          .target = strdup(target)};
    return incoming;
}

/* The connection has been woken up with its answer. */
static enum MHD_Result send_waiting(struct MHD_Connection *connection, Waiting *waiting)
{
    Reply reply = waiting->reply;
    waiting->reply.body = NULL;
    if (reply.status > 0)
        return send_reply(connection, &reply);
    free(reply.body);
    return MHD_NO;
}

Waiting *request_wait(const Request *request)
{
    request->incoming->waits = true;
    MHD_suspend_connection(request->incoming->connection);
    return request->incoming;
}

void waiting_answer(Waiting *waiting, const Reply *reply)
{
    waiting->reply = *reply;
    MHD_resume_connection(waiting->connection);
}

/* Called at the head of a request, for each piece of its body, and once more at its end. */
static enum MHD_Result take(void *state, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_length, void **request_state)
{
    (void)version;
    Listener *listener = state;
    Waiting *incoming = *request_state;
    if (!incoming || !incoming->target)
        return MHD_NO;
    Buffer *body = &incoming->body;
    if (incoming->waits)
        return send_waiting(connection, incoming);
    if (!incoming->begun) {
        incoming->begun = true;
        return MHD_YES;
    }
    if (*upload_length > 0) {
        buffer_add(body, upload, *upload_length);
        *upload_length = 0;
        return MHD_YES;
    }
    if (body->overflow) {
        Reply too_large = {.status = MHD_HTTP_CONTENT_TOO_LARGE};
        return send_reply(connection, &too_large);
    }
    Request request = {.method = method,
                       .path = url,
                       .target = incoming->target,
                       .body = buffer_string(body),
                       .body_length = body->length,
                       .connection = connection,
                       .incoming = incoming};
    return answer(listener, connection, &request);
}

static void finish(void *state, struct MHD_Connection *connection, void **request_state,
                   enum MHD_RequestTerminationCode code)
{
    (void)state;
    (void)connection;
    (void)code;
    Waiting *incoming = *request_state;
    if (!incoming)
        return;
    buffer_done(&incoming->body);
    free(incoming->reply.body);
    free(incoming->target);
    free(incoming);
    *request_state = NULL;
}

static ErrCode parse_address(const char *text, struct sockaddr_in *ret_address, Err *err)
{
    char host[INET_ADDRSTRLEN];
    const char *colon = strrchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : 0;
    char *end = NULL;
    unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
    struct sockaddr_in address = {.sin_family = AF_INET};
    if (colon && length < sizeof host) {
        memcpy(host, text, length);
        host[length] = '\0';
    }
    if (!colon || length >= sizeof host || !end || *end || end == colon + 1 || port > 65535 ||
        inet_pton(AF_INET, host, &address.sin_addr) != 1)
        return err_set(err, ERR_CONFIG, _("'%s' is not an address such as 127.0.0.1:8480"), text);
    address.sin_port = htons((uint16_t)port);
    *ret_address = address;
    return OK;
}

ErrCode listener_open(const ListenerSettings *settings, Listener **ret_listener, Err *err)
{
    struct sockaddr_in address = {0};
    TRY(parse_address(settings->address, &address, err));
    Listener *listener = calloc(1, sizeof *listener);
    if (!listener)
        return err_set(err, ERR_NET, _("no memory to listen on '%s'"), settings->address);
    listener->settings = *settings;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | MHD_ALLOW_SUSPEND_RESUME;
    errno = 0;
    listener->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, take, listener, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_URI_LOG_CALLBACK, begin, listener, MHD_OPTION_NOTIFY_COMPLETED, finish, NULL,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)REQUEST_SECONDS, MHD_OPTION_CONNECTION_LIMIT,
        settings->connections, MHD_OPTION_THREAD_POOL_SIZE,
        settings->threads > 1 ? settings->threads : 0u, MHD_OPTION_END);
    if (!listener->daemon) {
        int failure = errno;
        free(listener);
        err_errno(err, ERR_NET, failure, _("cannot listen on '%s'"), settings->address);
        return err_hint(err, _("is another program using the port?"));
    }
    *ret_listener = listener;
    return OK;
}

void listener_close(Listener *listener)
{
    if (!listener)
        return;
    MHD_stop_daemon(listener->daemon);
    free(listener);
}

unsigned listener_port(const Listener *listener)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

const char *request_query(const Request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *request_header(const Request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

bool request_local(const Request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr || info->client_addr->sa_family != AF_INET)
        return false;
    struct sockaddr_in address;
    memcpy(&address, info->client_addr, sizeof address);
    return ntohl(address.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}
