/* talent-bench-answer PORT: a bare libmicrohttpd handler that takes any POST and answers 200; what a
 * receiver of one thread could reach at most. Ends with its standard input. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum MHD_Result take(void *state, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_length, void **request_state)
{
    static char answer[] = "{\"code\":0}";
    static int seen;
    (void)state;
    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    if (!*request_state) {
        *request_state = &seen;
        return MHD_YES;
    }
    if (*upload_length > 0) {
        *upload_length = 0;
        return MHD_YES;
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof answer - 1, answer, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    enum MHD_Result sent = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return sent;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    long port = argc == 2 ? strtol(argv[1], NULL, 10) : -1;
    if (port < 0 || port > 65535) {
        fputs("usage: talent-bench-answer PORT\n", stderr);
        return 2;
    }
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL, take, NULL,
                         MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                         MHD_OPTION_CONNECTION_LIMIT, 1024u, MHD_OPTION_END);
    if (!daemon)
        return 1;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    printf("%u\n", info->port);
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    MHD_stop_daemon(daemon);
    return 0;
}
