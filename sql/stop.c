/* talent db stop: a clean end of the private server. */
#include "sql/private.h"
#include "sql/verbs.h"

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    Server server;
    bool stopped;
    TRY(server_of(context->arena, &context->config, &server, err));
    if (!server.home) {
        err_set(err, ERR_REFUSED, _("the database is '%s', which this program does not stop"),
                server_shown(context->arena, &server));
        return err_hint(err, _("stop it where it runs"));
    }
    TRY(private_stop(&server, &stopped, err));
    *ret_result = json_pack("{s:s, s:b}", "state", "stopped", "stopped", stopped);
    return OK;
}

const Command DB_STOP = {
    .words = "db stop",
    .summary = N_("stop the private database"),
    .details = N_("Commands that are running lose their connection and say so; nothing that was "
                  "committed is lost."),
    .role = ROLE_ADMIN,
    .run = run,
};
