/* talent.c: the front door: read the command line, open what the verb needs, run it, print, exit. */
#include "account/gate.h"
#include "account/verbs.h"
#include "audit/checks.h"
#include "audit/trail.h"
#include "audit/verbs.h"
#include "base/arguments.h"
#include "base/render.h"
#include "outreach/checks.h"
#include "outreach/verbs.h"
#include "people/checks.h"
#include "people/verbs.h"
#include "policy/checks.h"
#include "policy/verbs.h"
#include "sql/db.h"
#include "sql/verbs.h"
#include "survey/checks.h"
#include "survey/verbs.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_PARTIAL = 3, COMMANDS_AT_MOST = 256, CHECKS_AT_MOST = 128 };

static const Command *commands[COMMANDS_AT_MOST]; /* every verb of every room, then NULL */

static void gather_commands(void)
{
    const Command *const *const rooms[] = {SURVEY_VERBS,   PEOPLE_VERBS,  POLICY_VERBS,
                                           OUTREACH_VERBS, ACCOUNT_VERBS, AUDIT_VERBS,
                                           SQL_VERBS};
    size_t count = 0;
    for (size_t room = 0; room < sizeof rooms / sizeof *rooms; room++)
        for (size_t verb = 0; rooms[room][verb] && count < COMMANDS_AT_MOST - 2; verb++)
            commands[count++] = rooms[room][verb];
    commands[count] = &HELP;
}

static const Check *checks[CHECKS_AT_MOST]; /* of every room, then NULL */

static void gather_checks(void)
{
    const Check *const *const rooms[] = {SQL_CHECKS,    SURVEY_CHECKS,   PEOPLE_CHECKS,
                                         POLICY_CHECKS, OUTREACH_CHECKS, AUDIT_CHECKS};
    size_t count = 0;
    for (size_t room = 0; room < sizeof rooms / sizeof *rooms; room++)
        for (size_t at = 0; rooms[room][at] && count < CHECKS_AT_MOST - 1; at++)
            checks[count++] = rooms[room][at];
}

/* Opens the base, asks who is acting and whether he may, opens the key, which is made together with
 * the base only, and notes what is about to be done. */
static ErrCode enter(Trail *trail, Context *context, Err *err)
{
    Err unwritten;
    const Command *command = trail->arguments->command;
    if (command->needs & NEEDS_DATABASE)
        TRY(db_ready(&context->config, &context->db, err));
    ErrCode code = gate_pass(trail->arguments, context, &trail->db, err);
    if (code == ERR_REFUSED && trail_refused(trail, &unwritten) != OK)
        return err_wrap(err, "%s", unwritten.text);
    TRY(code);
    if (command->needs & NEEDS_KEYS) {
        int64_t sealed = 0;
        TRY(db_number(context->db, QUERY_SQL_BASE_SEALED, NO_PARAMS, &sealed, err));
        TRY(sealer_open(config_path(&context->config, context->arena, "seal.key"), sealed == 0,
                        &context->sealer, err));
    }
    return trail_begin(trail, err);
}

static ErrCode run(Trail *trail, Context *context, Err *err)
{
    Err unwritten;
    json_t *result = NULL;
    const Command *command = trail->arguments->command;
    TRY(enter(trail, context, err));
    ErrCode code = command->run(context, trail->arguments, &result, err);
    assert(code != OK || !context->acting.towns || context->acting.has_kept_to_towns);
    ErrCode ended = trail_end(trail, code, result, code == OK ? err : &unwritten);
    if (code == OK || result) /* a refusal may say what it is about */
        render_print(command, context, result);
    json_decref(result);
    return code == OK ? ended : code;
}

static int report(const Err *err)
{
    fflush(stdout);
    fprintf(stderr, "talent: %s%s%s\n", err->text, *err->hint ? _("\nhint: ") : "", err->hint);
    return err_exit_status(err->code);
}

int main(int argc, char **argv)
{
    gather_commands();
    gather_checks();
    signal(SIGPIPE, SIG_IGN);
    command_catch_signals();
    Lang lang = lang_set(command_language(argc, argv));

    AUTO_ARENA arena = arena_new((size_t)16 << 30);
    Err err = {0};
    Globals globals;
    const Command *command = NULL;
    Arguments *arguments = NULL;
    if (command_parse(arena, commands, argc, argv, &globals, &command, &arguments, &err) != OK)
        return report(&err);
    Context context = {.arena = arena,
                       .lang = lang,
                       .json = globals.json,
                       .quiet = globals.quiet,
                       .as_of = globals.as_of == DATE_NONE ? date_today() : globals.as_of,
                       .os_user = gate_os_user(arena),
                       .commands = commands,
                       .checks = checks};
    if (globals.version)
        return puts("talent " TALENT_VERSION) < 0;
    if (!command || globals.help) {
        command ? command_help_one(command) : command_help(commands, NULL);
        return fflush(stdout) != 0;
    }
    context.user = context.os_user;
    Trail trail = {.arguments = arguments, .context = &context};
    ErrCode code = config_load(arena, globals.home, globals.config_file, &context.config, &err);
    if (code == OK)
        code = run(&trail, &context, &err);
    int status = code != OK ? report(&err) : context.partial ? EXIT_PARTIAL : 0;
    sealer_free(context.sealer);
    if (trail.db != context.db)
        db_close(trail.db);
    db_close(context.db);
    config_done(&context.config);
    if (fflush(stdout) != 0 || ferror(stdout))
        return 1;
    return status;
}
