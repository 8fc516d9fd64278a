#include "base/command.h"

#include <stddef.h>

static ErrCode help_run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    (void)ret_result;
    (void)err;
    if (option_flag(arguments, "man"))
        command_man_page(context->commands);
    else if (option_flag(arguments, "completion"))
        command_completion(context->commands);
    else if (option_flag(arguments, "readme"))
        command_readme_table(context->commands);
    else
        command_help(context->commands, argument_at(arguments, 0));
    return OK;
}

const Command HELP = {
    .words = "help",
    .summary = N_("list the commands, all or those of one room"),
    .positionals =
        (const Positional[]){
            {"ROOM", N_("survey, people, policy, outreach, account, audit, db"), true, false}, {0}},
    .options =
        (const Option[]){
            {.name = "man", .kind = OPTION_FLAG, .help = N_("as a man page")},
            {.name = "completion", .kind = OPTION_FLAG, .help = N_("as completion for bash")},
            {.name = "readme", .kind = OPTION_FLAG, .help = N_("as README's table")},
            {0}},
    .role = ROLE_ANYONE,
    .run = help_run,
};
