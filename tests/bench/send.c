/* talent-bench-send URL SECONDS CONNECTIONS FILE: posts the bytes of FILE over and over with a bare
 * libcurl multi loop on kept connections, no database, nothing looked at but the status; prints how
 * many a second were answered with 2xx. What a dispatcher of one thread could reach at most. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONNECTIONS_MAX = 1024, BODY_BYTES_MAX = 256 * 1024, WAIT_MS = 100 };

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t ignore(char *bytes, size_t size, size_t count, void *state)
{
    (void)bytes;
    (void)state;
    return size * count;
}

static CURL *easy_make(const char *url, const char *body, size_t length, struct curl_slist *headers)
{
    CURL *easy = curl_easy_init();
    if (!easy)
        exit(1);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
    return easy;
}

/* Takes what has finished; starts each anew when `again`. */
static size_t collect(CURLM *multi, int again, size_t *failed)
{
    size_t done = 0;
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(multi, easy);
        if (code == CURLE_OK && status >= 200 && status < 300)
            done++;
        else
            ++*failed;
        if (again)
            curl_multi_add_handle(multi, easy);
    }
    return done;
}

int main(int argc, char **argv)
{
    static char body[BODY_BYTES_MAX];
    static CURL *easies[CONNECTIONS_MAX];
    FILE *file = argc == 5 ? fopen(argv[4], "rbe") : NULL;
    long connections = argc == 5 ? strtol(argv[3], NULL, 10) : 0;
    if (!file || connections < 1 || connections > CONNECTIONS_MAX) {
        fputs("usage: talent-bench-send URL SECONDS CONNECTIONS FILE\n", stderr);
        return 2;
    }
    size_t length = fread(body, 1, sizeof body, file);
    fclose(file);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    CURLM *multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
    for (long at = 0; at < connections; at++) {
        easies[at] = easy_make(argv[1], body, length, headers);
        curl_multi_add_handle(multi, easies[at]);
    }
    double began = seconds_now(), until = began + strtod(argv[2], NULL);
    size_t done = 0, failed = 0;
    int running = 0;
    do {
        curl_multi_perform(multi, &running);
        done += collect(multi, seconds_now() < until, &failed);
        curl_multi_poll(multi, NULL, 0, running > 0 ? WAIT_MS : 0, NULL);
    } while (seconds_now() < until && failed < 1000);
    printf("%.1f\n", (double)done / (seconds_now() - began));
    for (long at = 0; at < connections; at++) {
        curl_multi_remove_handle(multi, easies[at]);
        curl_easy_cleanup(easies[at]);
    }
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    return failed > 0 ? 1 : 0;
}
