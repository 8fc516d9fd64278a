/* base/listener.h: the one HTTP server of the program (receipts, the simulator, later the console).
 * Shape:  a thread of libmicrohttpd calls `answer` for each complete request, one at a time; an
 *         answer may be put off.
 * Units:  body at most body_limit_bytes; a client has 10 s to send its request.
 * Owns:   Request lives for the call; Reply.body is freed by the listener (malloc'd) when set.
 * Errors: ERR_NET when the address can't be listened on.
 * Source: libmicrohttpd manual; DESIGN "Receipts and replies". */
#ifndef BASE_LISTENER_H
#define BASE_LISTENER_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

typedef struct Listener Listener;

typedef struct Request {
    const char *method; /* "GET", "POST" */
    const char *path;   /* decoded, without the query */
    const char *target; /* path and query as they were sent */
    const char *body;   /* NUL-terminated, "" when none */
    size_t body_length;
    void *connection; /* for request_query, request_header and request_wait */
    struct Waiting *incoming;
} Request;

typedef struct Reply {
    unsigned status;          /* 0 = close the connection without an answer */
    const char *content_type; /* static; NULL = text/plain; charset=utf-8 */
    char *body;               /* malloc'd or NULL */
    size_t body_length;
    const char *retry_after; /* static value of that header, NULL = none */
    unsigned delay_ms;       /* wait this long before answering */
} Reply;

typedef struct ListenerSettings {
    const char *address;     /* "127.0.0.1:8480"; port 0 = any free one */
    size_t body_limit_bytes; /* larger gets 413 */
    unsigned connections;    /* at most at once; more wait */
    unsigned threads;        /* 1 = calls never overlap */
    void (*answer)(void *state, const Request *request, Reply *reply);
    void *state;
} ListenerSettings;

ErrCode listener_open(const ListenerSettings *settings, Listener **ret_listener,
                      Err *err) MUST_CHECK;
void listener_close(Listener *listener); /* takes NULL; waits for running answers */
unsigned listener_port(const Listener *listener);

/* Within `answer`, whose Reply is then not looked at: the request is answered later, by any thread,
 * once. Before listener_close all of them must have been answered. */
typedef struct Waiting Waiting;
Waiting *request_wait(const Request *request);
/* Takes reply->body; reply->delay_ms is not kept. */
void waiting_answer(Waiting *waiting, const Reply *reply);

/* Decoded query parameter or header by name; NULL = absent. Live as long as the Request. */
const char *request_query(const Request *request, const char *name);
const char *request_header(const Request *request, const char *name);
/* True when the other end of the connection is on this machine. */
bool request_local(const Request *request);

#endif
