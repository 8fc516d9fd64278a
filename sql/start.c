/* talent db start: the private server, running and answering, whether or not it was before. */
#include "sql/private.h"
#include "sql/verbs.h"

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)arguments;
    Server server;
    bool started;
    TRY(server_of(context->arena, &context->config, &server, err));
    if (!server.home) {
        err_set(err, ERR_REFUSED, _("the database is '%s', which this program does not start"),
                server_shown(context->arena, &server));
        return err_hint(err, _("start it where it runs"));
    }
    TRY(private_start(&server, &started, err));
    *ret_result = json_pack("{s:s, s:b, s:s, s:I}", "state", "running", "started", started,
                            "socket", private_path(context->arena, &server, "db.sock"), "pid",
                            (json_int_t)private_pid(&server));
    return OK;
}

const Command DB_START = {
    .words = "db start",
    .summary = N_("start the private database"),
    .details =
        N_("Any command that needs the database starts it by itself; this one only does that."),
    .role = ROLE_ADMIN,
    .run = run,
};
