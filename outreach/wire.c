#include "outreach/wire.h"

#include "base/lang.h"

#include <assert.h>
#include <curl/curl.h>
#include <string.h>

enum { SLOT_ARENA_BYTES = 8 * 1024 * 1024, RETRY_AFTER_MAX_S = 24 * 3600 };

typedef struct Slot {
    CURL *easy;
    struct curl_slist *headers;
    Arena *arena; /* of the current request */
    Buffer answer;
    void *tag;
    unsigned starts; /* how often this attempt was about to be written */
    bool busy;
} Slot;

struct Wire {
    const Gateway *gateway;
    CURLM *multi;
    size_t slot_count, busy;
    Slot *slots;
};

static size_t take_answer(char *bytes, size_t size, size_t count, void *state)
{
    Slot *slot = state;
    buffer_add(&slot->answer, bytes, size * count);
    return slot->answer.overflow ? 0 : size * count;
}

/* Called each time libcurl has a connection and is about to write the request. */
static int before_request(void *state, char *remote, char *local, int remote_port, int local_port)
{
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    Slot *slot = state;
    return slot->starts++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static bool slot_init(Slot *slot, const Gateway *gateway)
{
    slot->easy = curl_easy_init();
    if (!slot->easy)
        return false;
    slot->arena = arena_new(SLOT_ARENA_BYTES);
    slot->answer = BUFFER(WIRE_ANSWER_BYTES);
    CURLcode failed = CURLE_OK;
#define SET(option, value)                                                                         \
    if (failed == CURLE_OK)                                                                        \
    failed = curl_easy_setopt(slot->easy, option, value)
    SET(CURLOPT_PRIVATE, slot);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_NOPROGRESS, 1L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, ""); /* never by way of a machine that an environment variable names */
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)gateway->connect_timeout_ms);
    SET(CURLOPT_TIMEOUT_MS, (long)gateway->timeout_ms);
    SET(CURLOPT_MAXAGE_CONN, (long)gateway->idle_s);
    SET(CURLOPT_PREREQFUNCTION, before_request);
    SET(CURLOPT_PREREQDATA, slot);
    SET(CURLOPT_WRITEFUNCTION, take_answer);
    SET(CURLOPT_WRITEDATA, slot);
    SET(CURLOPT_USERAGENT, "talent");
#undef SET
    return failed == CURLE_OK;
}

ErrCode wire_open(const Gateway *gateway, Wire **ret_wire, Err *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, ERR_NET, _("libcurl does not start"));
    Wire *wire = calloc(1, sizeof *wire);
    if (!wire)
        return err_set(err, ERR_NET, _("no memory for %d connections"), gateway->connections);
    wire->gateway = gateway;
    wire->slot_count = (size_t)gateway->connections;
    wire->slots = calloc(wire->slot_count, sizeof *wire->slots);
    wire->multi = curl_multi_init();
    bool made = wire->slots && wire->multi;
    for (size_t at = 0; made && at < wire->slot_count; at++)
        made = slot_init(&wire->slots[at], gateway);
    made =
        made &&
        curl_multi_setopt(wire->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING) == CURLM_OK &&
        curl_multi_setopt(wire->multi, CURLMOPT_MAXCONNECTS, (long)wire->slot_count) == CURLM_OK &&
        curl_multi_setopt(wire->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)wire->slot_count) ==
            CURLM_OK;
    if (!made) {
        wire_close(wire);
        return err_set(err, ERR_NET, _("no memory for %d connections"), gateway->connections);
    }
    *ret_wire = wire;
    return OK;
}

void wire_close(Wire *wire)
{
    if (!wire)
        return;
    for (size_t at = 0; wire->slots && at < wire->slot_count; at++) {
        Slot *slot = &wire->slots[at];
        if (slot->busy)
            curl_multi_remove_handle(wire->multi, slot->easy);
        curl_easy_cleanup(slot->easy);
        curl_slist_free_all(slot->headers);
        arena_free(slot->arena);
        buffer_done(&slot->answer);
    }
    curl_multi_cleanup(wire->multi);
    free(wire->slots);
    free(wire);
}

size_t wire_free(const Wire *wire)
{
    return wire->slot_count - wire->busy;
}

size_t wire_busy(const Wire *wire)
{
    return wire->busy;
}

/* "Expect:" empty: the body goes out with the headers, so that a request is never half asked for.
 * libcurl's own "Content-Type" stays away: nobody signed it. */
static bool slot_headers(Slot *slot, const char *const *headers)
{
    bool typed = false;
    curl_slist_free_all(slot->headers);
    slot->headers = curl_slist_append(NULL, "Expect:");
    bool made = slot->headers != NULL;
    for (; made && *headers; headers++) {
        typed |= strncasecmp(*headers, "Content-Type:", strlen("Content-Type:")) == 0;
        made = curl_slist_append(slot->headers, *headers) != NULL;
    }
    return made && (typed || curl_slist_append(slot->headers, "Content-Type:") != NULL);
}

static bool slot_set(Slot *slot, const GatewayRequest *request)
{
    return slot_headers(slot, request->headers) &&
           curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, slot->headers) == CURLE_OK &&
           curl_easy_setopt(slot->easy, CURLOPT_URL, request->url) == CURLE_OK &&
           (request->body
                ? curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                   (curl_off_t)request->body_length) == CURLE_OK &&
                      curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDS, request->body) == CURLE_OK
                : curl_easy_setopt(slot->easy, CURLOPT_HTTPGET, 1L) == CURLE_OK);
}

ErrCode wire_start(Wire *wire, const GatewayMessage *message, void *tag, Err *err)
{
    return wire_start_batch(wire, message, 1, tag, err);
}

ErrCode wire_start_batch(Wire *wire, const GatewayMessage *messages, size_t count, void *tag,
                         Err *err)
{
    assert(wire_free(wire) > 0);
    Slot *slot = wire->slots;
    while (slot->busy)
        slot++;
    arena_reset(slot->arena);
    GatewayRequest request;
    TRY(gateway_batch_request(wire->gateway, slot->arena, messages, count, &request, err));
    buffer_clear(&slot->answer);
    slot->tag = tag;
    slot->starts = 0;
    if (!slot_set(slot, &request) || curl_multi_add_handle(wire->multi, slot->easy) != CURLM_OK)
        return err_set(err, ERR_NET, _("libcurl does not take a request to gateway '%s'"),
                       wire->gateway->name);
    slot->busy = true;
    wire->busy++;
    return OK;
}

ErrCode wire_wait(Wire *wire, int timeout_ms, Err *err)
{
    int running = 0;
    CURLMcode failed = curl_multi_perform(wire->multi, &running);
    if (failed == CURLM_OK && (size_t)running == wire->busy)
        failed = curl_multi_poll(wire->multi, NULL, 0, timeout_ms, NULL);
    if (failed == CURLM_OK && wire->busy > 0)
        failed = curl_multi_perform(wire->multi, &running);
    if (failed != CURLM_OK)
        return err_set(err, ERR_NET, _("the requests to gateway '%s' cannot go on: %s"),
                       wire->gateway->name, curl_multi_strerror(failed));
    return OK;
}

void wire_wake(Wire *wire)
{
    (void)curl_multi_wakeup(wire->multi);
}

static const char *failure_word(const Slot *slot, CURLcode code)
{
    if (slot->answer.overflow)
        return "answer too large";
    if (slot->starts > 1)
        return "connection closed without an answer";
    if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY)
        return "unknown host";
    if (code == CURLE_COULDNT_CONNECT)
        return "no connection";
    if (code == CURLE_OPERATION_TIMEDOUT)
        return "timeout";
    if (code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
        code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR)
        return "tls failure";
    if (code == CURLE_GOT_NOTHING)
        return "connection closed without an answer";
    if (code == CURLE_PARTIAL_FILE)
        return "answer cut short";
    if (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR)
        return "connection broken";
    return "no http answer";
}

/* True only when libcurl never came to writing, or wrote nothing. */
static bool nothing_sent(const Slot *slot)
{
    if (slot->starts == 0)
        return true;
    long request_bytes = 1;
    curl_off_t body_bytes = 1;
    return curl_easy_getinfo(slot->easy, CURLINFO_REQUEST_SIZE, &request_bytes) == CURLE_OK &&
           curl_easy_getinfo(slot->easy, CURLINFO_SIZE_UPLOAD_T, &body_bytes) == CURLE_OK &&
           request_bytes == 0 && body_bytes == 0;
}

static Exchange slot_exchange(const Slot *slot, CURLcode code)
{
    long status = 0;
    curl_off_t retry_after_s = 0;
    curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(slot->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    if (retry_after_s > RETRY_AFTER_MAX_S)
        retry_after_s = RETRY_AFTER_MAX_S;
    bool whole = code == CURLE_OK && status >= 200;
    return (Exchange){.failure = whole ? NULL : failure_word(slot, code),
                      .nothing_sent = !whole && nothing_sent(slot),
                      .status = (int)status,
                      .body = buffer_string(&slot->answer),
                      .body_length = slot->answer.length,
                      .retry_after_ms = (int64_t)retry_after_s * 1000};
}

bool wire_finished(Wire *wire, void **ret_tag, Exchange *ret_exchange)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(wire->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        Slot *slot = NULL;
        CURLcode code = message->data.result;
        CURL *easy = message->easy_handle;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&slot);
        curl_multi_remove_handle(wire->multi, easy);
        assert(slot && slot->busy);
        slot->busy = false;
        wire->busy--;
        *ret_tag = slot->tag;
        *ret_exchange = slot_exchange(slot, code);
        return true;
    }
    return false;
}
