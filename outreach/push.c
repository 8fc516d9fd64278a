#include "outreach/push.h"

#include "base/buffer.h"
#include "base/date.h"
#include "base/lang.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS = 4,
    TRIES = 8,
    RETRY_MS = 250,
    IDLE_MS = 20,
    BODY_BYTES_MAX = 1024 * 1024,
    TIMEOUT_MS = 10000,
};

typedef struct Item {
    int64_t due_ms;
    char *url, *json;
    unsigned tries;
} Item;

typedef struct Post {
    CURL *easy;
    struct curl_slist *headers;
    Buffer body;
    Item items[PUSH_ITEMS];
    size_t count;
} Post;

struct Push {
    pthread_t thread;
    pthread_mutex_t lock; /* over heap, counts and stop */
    Item *heap;           /* the earliest first */
    size_t length, capacity;
    PushCounts counts;
    bool stop;
    CURLM *multi; /* of the thread alone */
    Post posts[CONNECTIONS];
};

static void swap(Item *a, Item *b)
{
    Item kept = *a;
    *a = *b;
    *b = kept;
}

static void heap_add(Push *push, Item item)
{
    if (push->length == push->capacity) {
        size_t capacity = push->capacity ? push->capacity * 2 : 1024;
        Item *heap = realloc(push->heap, capacity * sizeof *heap);
        if (!heap)
            abort();
        push->heap = heap;
        push->capacity = capacity;
    }
    size_t at = push->length++;
    push->heap[at] = item;
    for (; at > 0 && push->heap[(at - 1) / 2].due_ms > push->heap[at].due_ms; at = (at - 1) / 2)
        swap(&push->heap[at], &push->heap[(at - 1) / 2]);
}

static Item heap_take(Push *push)
{
    Item first = push->heap[0];
    push->heap[0] = push->heap[--push->length];
    for (size_t at = 0;;) {
        size_t least = at, left = 2 * at + 1;
        for (size_t child = left; child < left + 2 && child < push->length; child++)
            if (push->heap[child].due_ms < push->heap[least].due_ms)
                least = child;
        if (least == at)
            return first;
        swap(&push->heap[at], &push->heap[least]);
        at = least;
    }
}

static void item_done(Item *item)
{
    free(item->url);
    free(item->json);
}

void push_add(Push *push, const char *url, const char *json, unsigned after_ms)
{
    Item item = {.due_ms = moment_now() + after_ms, .url = strdup(url), .json = strdup(json)};
    if (!item.url || !item.json)
        abort();
    pthread_mutex_lock(&push->lock);
    heap_add(push, item);
    push->counts.waiting++;
    pthread_mutex_unlock(&push->lock);
}

PushCounts push_counts(Push *push)
{
    pthread_mutex_lock(&push->lock);
    PushCounts counts = push->counts;
    pthread_mutex_unlock(&push->lock);
    return counts;
}

/* Moves what is due, for one URL, into the post. */
static void post_fill(Push *push, Post *post)
{
    int64_t now_ms = moment_now();
    post->count = 0;
    pthread_mutex_lock(&push->lock);
    while (push->length > 0 && push->heap[0].due_ms <= now_ms && post->count < PUSH_ITEMS &&
           (post->count == 0 || strcmp(push->heap[0].url, post->items[0].url) == 0))
        post->items[post->count++] = heap_take(push);
    pthread_mutex_unlock(&push->lock);
}

static bool post_start(Push *push, Post *post)
{
    post_fill(push, post);
    if (post->count == 0)
        return false;
    buffer_clear(&post->body);
    for (size_t at = 0; at < post->count; at++) {
        buffer_char(&post->body, at == 0 ? '[' : ',');
        buffer_text(&post->body, post->items[at].json);
    }
    buffer_char(&post->body, ']');
    curl_easy_setopt(post->easy, CURLOPT_URL, post->items[0].url);
    curl_easy_setopt(post->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.length);
    curl_easy_setopt(post->easy, CURLOPT_POSTFIELDS, buffer_string(&post->body));
    curl_multi_add_handle(push->multi, post->easy);
    return true;
}

static void post_finish(Push *push, Post *post, bool taken)
{
    pthread_mutex_lock(&push->lock);
    for (size_t at = 0; at < post->count; at++) {
        Item *item = &post->items[at];
        if (!taken && ++item->tries < TRIES) {
            item->due_ms = moment_now() + ((int64_t)RETRY_MS << item->tries);
            heap_add(push, *item);
            continue;
        }
        push->counts.waiting--;
        *(taken ? &push->counts.pushed : &push->counts.failed) += 1;
        item_done(item);
    }
    post->count = 0;
    pthread_mutex_unlock(&push->lock);
}

static void collect(Push *push)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(push->multi, &left)) != NULL) {
        Post *post = NULL;
        long status = 0;
        CURLcode code = message->data.result;
        CURL *easy = message->easy_handle;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&post);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(push->multi, easy);
        post_finish(push, post, code == CURLE_OK && status == 200);
    }
}

static bool stopped(Push *push)
{
    pthread_mutex_lock(&push->lock);
    bool stop = push->stop;
    pthread_mutex_unlock(&push->lock);
    return stop;
}

static void *work(void *state)
{
    Push *push = state;
    while (!stopped(push)) {
        for (size_t at = 0; at < CONNECTIONS; at++)
            if (push->posts[at].count == 0 && !post_start(push, &push->posts[at]))
                break;
        int running;
        curl_multi_perform(push->multi, &running);
        curl_multi_poll(push->multi, NULL, 0, IDLE_MS, NULL);
        curl_multi_perform(push->multi, &running);
        collect(push);
    }
    return NULL;
}

static size_t ignore_answer(char *bytes, size_t size, size_t count, void *state)
{
    (void)bytes;
    (void)state;
    return size * count;
}

static bool post_init(Post *post)
{
    post->easy = curl_easy_init();
    post->headers = curl_slist_append(NULL, "Content-Type: application/json");
    post->headers = curl_slist_append(post->headers, "Expect:");
    post->body = BUFFER(BODY_BYTES_MAX);
    return post->easy && post->headers &&
           curl_easy_setopt(post->easy, CURLOPT_PRIVATE, post) == CURLE_OK &&
           curl_easy_setopt(post->easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(post->easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(post->easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(post->easy, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS) == CURLE_OK &&
           curl_easy_setopt(post->easy, CURLOPT_HTTPHEADER, post->headers) == CURLE_OK &&
           curl_easy_setopt(post->easy, CURLOPT_WRITEFUNCTION, ignore_answer) == CURLE_OK;
}

static void push_release(Push *push)
{
    for (size_t at = 0; at < CONNECTIONS; at++) {
        Post *post = &push->posts[at];
        if (post->count > 0)
            curl_multi_remove_handle(push->multi, post->easy);
        curl_easy_cleanup(post->easy);
        curl_slist_free_all(post->headers);
        buffer_done(&post->body);
        for (size_t item = 0; item < post->count; item++)
            item_done(&post->items[item]);
    }
    curl_multi_cleanup(push->multi);
    for (size_t at = 0; at < push->length; at++)
        item_done(&push->heap[at]);
    free(push->heap);
    pthread_mutex_destroy(&push->lock);
    free(push);
}

ErrCode push_open(Push **ret_push, Err *err)
{
    Push *push = calloc(1, sizeof *push);
    if (!push || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(push);
        return err_set(err, ERR_NET, _("libcurl does not start"));
    }
    pthread_mutex_init(&push->lock, NULL);
    push->multi = curl_multi_init();
    bool made = push->multi != NULL;
    for (size_t at = 0; at < CONNECTIONS; at++)
        made = post_init(&push->posts[at]) && made;
    if (!made || pthread_create(&push->thread, NULL, work, push) != 0) {
        push_release(push);
        return err_set(err, ERR_NET, _("the thread that pushes receipts does not start"));
    }
    *ret_push = push;
    return OK;
}

void push_close(Push *push)
{
    if (!push)
        return;
    pthread_mutex_lock(&push->lock);
    push->stop = true;
    pthread_mutex_unlock(&push->lock);
    pthread_join(push->thread, NULL);
    push_release(push);
}
