/* tests/support/scripted.h: a server that does exactly what a script says, byte by byte: what no
 * HTTP library would do.
 * Shape:  the n-th request (over all connections) gets the n-th scene; the last scene repeats.
 * Units:  milliseconds.
 * Owns:   scripted_open returns owned; scenes are borrowed until scripted_close.
 * Errors: what should not fail does not return. */
#ifndef SUPPORT_SCRIPTED_H
#define SUPPORT_SCRIPTED_H

#include <stdbool.h>
#include <stddef.h>

#define SCENE_REFERENCE "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@"

typedef enum SceneEnd {
    SCENE_KEEP, /* the connection stays open for the next request */
    SCENE_CLOSE,
    SCENE_RESET, /* closed with RST */
} SceneEnd;

typedef struct Scene {
    /* Bytes to write; NULL = none. The n-th SCENE_REFERENCE in it becomes the n-th run of 32 hex
     * digits of the request: what our own references are. */
    const char *answer;
    size_t length; /* of answer, when it holds NUL bytes; 0 = up to its end */
    SceneEnd end;
    unsigned delay_ms; /* before the answer */
    unsigned drip_ms;  /* between the bytes of the answer; 0 = all at once */
    bool unread;       /* ends when it has accepted, without reading */
    bool endless;      /* goes on writing the answer's last byte */
} Scene;

typedef struct Scripted Scripted;

Scripted *scripted_open(const Scene *scenes, size_t count);
void scripted_close(Scripted *server);
unsigned scripted_port(const Scripted *server);

/* Whole requests (head and body) that were read. */
size_t scripted_requests(Scripted *server);
size_t scripted_connections(Scripted *server);
/* The n-th of them from 0; lives until scripted_close. */
const char *scripted_request(Scripted *server, size_t n);

/* One request to a server on 127.0.0.1, over a connection of its own. Returns the HTTP status, 0
 * when there was no answer; the answer's body (at most size - 1 bytes) goes to out, which may be
 * NULL. body NULL = none. */
int http_call(unsigned port, const char *method, const char *path, const char *body, char *out,
              size_t size);

/* The same with a header more: "Name: value". */
int http_call_with(unsigned port, const char *method, const char *path, const char *header,
                   const char *body, char *out, size_t size);

/* A socket that listens on a free port of 127.0.0.1. */
int listen_any(unsigned *ret_port);

/* A port on 127.0.0.1 on which nobody listens. */
unsigned free_port(void);

#endif
