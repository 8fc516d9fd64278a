#include "outreach/receiver.h"

#include "base/buffer.h"
#include "base/lang.h"
#include "base/listener.h"
#include "base/text.h"
#include "outreach/keeper.h"
#include "outreach/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum {
    BODY_BYTES_MAX = 256 * 1024,
    CONNECTIONS = 256,
    TOKEN_BYTES = 16,
    COMPLAIN_MS = 60 * 1000, /* at most one line so often about wrong signatures */
};

struct Receiver {
    ReceiverSettings settings;
    Listener *listener;
    Keeper *keeper;
    Moment complained_ms; /* of the listener's thread alone */
    atomic_uint_fast64_t refused;
};

/* "/receipt/TOKEN/GATEWAY"; false for every other path, without saying which part was wrong. */
static bool path_read(const Receiver *receiver, const char *path, Arena *arena, Pushed *ret)
{
    const char *token = receiver->settings.token;
    bool receipt = text_starts(path, "/receipt/"), reply = text_starts(path, "/reply/");
    if (!receipt && !reply)
        return false;
    const char *given = path + (receipt ? sizeof "/receipt/" : sizeof "/reply/") - 1;
    size_t length = strcspn(given, "/");
    if (given[length] != '/' || length != strlen(token) || sodium_memcmp(given, token, length) != 0)
        return false;
    const Gateway *gateway =
        gateways_find(receiver->settings.gateways, arena_strdup(arena, given + length + 1));
    if (!gateway)
        return false;
    *ret = (Pushed){.kind = receipt ? "receipt" : "reply",
                    .gateway = gateway,
                    .inbound = receipt ? &gateway->receipt : &gateway->reply};
    return ret->inbound->kind != INBOUND_NONE;
}

/* What came in the query is kept in the form of a form: name=value&name=value. */
static ErrCode query_body(const Request *request, const Inbound *inbound, Buffer *body, Err *err)
{
    const char *const names[] = {inbound->reference, inbound->id,    inbound->status,
                                 inbound->code,      inbound->phone, inbound->text};
    for (size_t at = 0; at < sizeof names / sizeof names[0]; at++) {
        const char *value = names[at] ? request_query(request, names[at]) : NULL;
        if (!value)
            continue;
        if (body->length > 0)
            buffer_char(body, '&');
        bool filled = fill_value(FILL_QUERY, names[at], body);
        buffer_char(body, '=');
        filled = filled && fill_value(FILL_QUERY, value, body);
        if (!filled)
            return err_set(err, ERR_INPUT, _("a query cannot be kept"));
    }
    return buffer_check(body, "query", err);
}

static uint8_t *sealed_copy(const Receiver *receiver, Arena *arena, const char *body,
                            Pushed *pushed)
{
    const uint8_t *sealed =
        seal(receiver->settings.sealer, arena, body, pushed->length, &pushed->length);
    uint8_t *copy = malloc(pushed->length);
    if (!copy)
        abort();
    return memcpy(copy, sealed, pushed->length);
}

/* Hands it to the keeper, who answers once it is stored. */
static ErrCode keep(Receiver *receiver, Arena *arena, const Request *request, const Pushed *pushed,
                    Err *err)
{
    AUTO_BUFFER query = BUFFER(BODY_BYTES_MAX);
    const char *body = request->body;
    size_t length = request->body_length;
    if (pushed->inbound->kind == INBOUND_QUERY || pushed->inbound->kind == INBOUND_FORM) {
        TRY(query_body(request, pushed->inbound, &query, err));
        if (pushed->inbound->kind ==
            INBOUND_FORM) { /* what the query says comes first, and counts */
            if (query.length > 0)
                buffer_char(&query, '&');
            buffer_add(&query, body, length);
        }
        TRY(buffer_check(&query, "query", err));
        body = buffer_string(&query);
        length = query.length;
    }
    Pushed kept = *pushed;
    kept.length = length;
    kept.sealed = sealed_copy(receiver, arena, body, &kept);
    kept.waiting = request_wait(request);
    if (keeper_put(receiver->keeper, &kept))
        return OK;
    free(kept.sealed);
    Reply refusal = keeper_refusal();
    waiting_answer(kept.waiting, &refusal);
    return OK;
}

static void say(Reply *reply, unsigned status, const char *type, const char *body)
{
    reply->status = status;
    reply->content_type = type;
    reply->body = strdup(body);
    reply->body_length = reply->body ? strlen(body) : 0;
}

static const char *public_url(Receiver *receiver, Arena *arena)
{
    const char *address = receiver->settings.address;
    if (receiver->settings.public_url && !text_ends(address, ":0"))
        return receiver->settings.public_url;
    return arena_printf(arena, "http://%.*s:%u", (int)strcspn(address, ":"), address,
                        receiver_port(receiver));
}

static bool is_signed_right(Receiver *receiver, Arena *arena, const Request *request,
                            const Pushed *pushed)
{
    const Signature *signature = &pushed->inbound->signature;
    if (signature->kind == SIGNATURE_NONE)
        return true;
    const SignedPush push = {
        .url = arena_printf(arena, "%s%s", public_url(receiver, arena), request->target),
        .body = request->body,
        .body_length = request->body_length,
        .signature = request_header(request, signature->header),
        .timestamp = signature->timestamp ? request_header(request, signature->timestamp) : NULL,
        .now_s = moment_now() / 1000};
    return signature_fits(signature, arena, pushed->gateway->password, &push);
}

static void refuse(Receiver *receiver, const Pushed *pushed, Reply *reply)
{
    uint_fast64_t refused = atomic_fetch_add(&receiver->refused, 1) + 1;
    Moment now = moment_now();
    if (refused == 1 || now - receiver->complained_ms >= COMPLAIN_MS) {
        fprintf(stderr,
                _("a %s of gateway '%s' is not signed with its password and was refused (%llu so "
                  "far): check password_file and receive.public_url\n"),
                pushed->kind, pushed->gateway->name, (unsigned long long)refused);
        receiver->complained_ms = now;
    }
    say(reply, 403, NULL, "wrong signature\n");
}

static void take(void *state, const Request *request, Reply *reply)
{
    Receiver *receiver = state;
    AUTO_ARENA arena = arena_new(0);
    Pushed pushed;
    if (receiver->settings.metrics && strcmp(request->path, "/metrics") == 0) {
        metrics_answer(receiver->settings.metrics, receiver->settings.token, request, reply);
        return;
    }
    if (!path_read(receiver, request->path, arena, &pushed)) {
        say(reply, 404, NULL, "not found\n");
        return;
    }
    if (strcmp(request->method, "POST") != 0 && strcmp(request->method, "GET") != 0) {
        say(reply, 405, NULL, "only GET and POST\n");
        return;
    }
    if (!is_signed_right(receiver, arena, request, &pushed)) {
        refuse(receiver, &pushed, reply);
        return;
    }
    Err err;
    if (keep(receiver, arena, request, &pushed, &err) != OK) {
        fprintf(stderr, _("a %s of gateway '%s' was not stored: %s\n"), pushed.kind,
                pushed.gateway->name, err.text);
        *reply = keeper_refusal();
    }
}

ErrCode receiver_open(const ReceiverSettings *settings, Receiver **ret_receiver, Err *err)
{
    Receiver *receiver = calloc(1, sizeof *receiver);
    if (!receiver)
        return err_set(err, ERR_NET, _("no memory to listen on '%s'"), settings->address);
    receiver->settings = *settings;
    ListenerSettings listening = {.address = settings->address,
                                  .body_limit_bytes = BODY_BYTES_MAX,
                                  .connections = CONNECTIONS,
                                  .threads = 1,
                                  .answer = take,
                                  .state = receiver};
    Db *db = NULL;
    ErrCode code = db_open_again(settings->db, &db, err);
    if (code == OK)
        code = keeper_open(db, &receiver->keeper, err);
    if (code == OK)
        code = listener_open(&listening, &receiver->listener, err);
    if (code != OK) {
        receiver_close(receiver);
        return code;
    }
    *ret_receiver = receiver;
    return OK;
}

void receiver_close(Receiver *receiver)
{
    if (!receiver)
        return;
    keeper_stop(receiver->keeper);
    listener_close(receiver->listener);
    keeper_close(receiver->keeper);
    free(receiver);
}

unsigned receiver_port(const Receiver *receiver)
{
    return listener_port(receiver->listener);
}

uint64_t receiver_refused(Receiver *receiver)
{
    return atomic_load(&receiver->refused);
}

static ErrCode token_make(Arena *arena, const char *file, Err *err)
{
    uint8_t bytes[TOKEN_BYTES];
    seal_random(bytes, sizeof bytes);
    const char *line = arena_printf(arena, "%s\n", seal_hex(arena, bytes, sizeof bytes));
    const char *fresh = arena_printf(arena, "%s.new-%d", file, (int)getpid());
    int stream = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (stream < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make '%s'"), fresh);
    bool written = write(stream, line, strlen(line)) == (ssize_t)strlen(line) && fsync(stream) == 0;
    int failure = errno;
    written = close(stream) == 0 && written;
    /* link never replaces: of two that race, the first one's token stands */
    if (written && link(fresh, file) != 0 && errno != EEXIST) {
        failure = errno;
        written = false;
    }
    unlink(fresh);
    return written ? OK : err_errno(err, ERR_IO, failure, _("cannot make '%s'"), file);
}

ErrCode receiver_token(Arena *arena, const char *file, const char **ret_token, Err *err)
{
    if (access(file, F_OK) != 0)
        TRY(token_make(arena, file, err));
    const char *token;
    TRY(config_secret(arena, file, &token, err));
    if (strlen(token) < TOKEN_BYTES ||
        strspn(token, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") !=
            strlen(token)) {
        err_set(err, ERR_CONFIG, _("'%s' holds no usable token"), file);
        return err_hint(err,
                        _("at least %d letters and digits; or remove the file and a new one is "
                          "made"),
                        TOKEN_BYTES);
    }
    *ret_token = token;
    return OK;
}
