#include "base/command.h"
#include "outreach/simulator.h"
#include "outreach/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const Option OPTIONS[] = {
    {.name = "port",
     .kind = OPTION_INT,
     .value = "N",
     .help = N_("port on 127.0.0.1; 0 = any free one"),
     .min = 0,
     .max = 65535,
     .preset = "8481"},
    {.name = "faults",
     .kind = OPTION_TEXT,
     .value = "SPEC",
     .help = N_("misbehave: slow=5%,503=2%,429=1%,cut=1%,double=2%,reorder=10%,lose=1%,"
                "undelivered=3%")},
    {.name = "replies",
     .kind = OPTION_TEXT,
     .value = "SHARE",
     .help = N_("share of people who answer, such as 10%"),
     .preset = "0%"},
    {.name = "seed",
     .kind = OPTION_INT,
     .value = "N",
     .help = N_("the same seed gives the same faults"),
     .min = 0,
     .max = 999999999,
     .preset = "1"},
    {.name = "count-file",
     .kind = OPTION_OUTPUT,
     .value = "FILE",
     .help = N_("write the counts there at the end"),
     .endings = "json"},
    {0}};

static ErrCode counts_write(const char *file, const json_t *stats, Err *err)
{
    if (file && json_dump_file(stats, file, JSON_INDENT(2)) != 0)
        return err_errno(err, ERR_IO, errno, _("cannot write '%s'"), file);
    return OK;
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Faults faults = {.seed = (uint64_t)option_int(arguments, "seed", 1)};
    TRY(faults_parse(option_text(arguments, "faults"), &faults, err));
    if (option_given(arguments, "replies"))
        TRY(share_parse(option_text(arguments, "replies"), &faults.replies, err));
    const char *address =
        arena_printf(context->arena, "127.0.0.1:%d", (int)option_int(arguments, "port", 8481));
    Simulator *simulator;
    TRY(simulator_open(address, &faults, &simulator, err));
    if (!context->quiet)
        fprintf(stderr,
                _("simulated gateway at http://127.0.0.1:%u/send: no SMS leaves the "
                  "building; Ctrl-C ends it\n"),
                simulator_port(simulator));
    while (!command_interrupted)
        nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
    *ret_result = simulator_stats(simulator);
    simulator_close(simulator);
    return counts_write(option_text(arguments, "count-file"), *ret_result, err);
}

const Command OUTREACH_SIMULATE = {
    .words = "outreach simulate",
    .summary = N_("the bundled gateway: takes messages over HTTP and sends none"),
    .details = N_("It answers as a gateway does, pushes receipts and replies to the addresses that "
                  "a message names, and misbehaves on request, the same way for the same seed. "
                  "GET /stats tells what came, and whether anything came twice."),
    .options = OPTIONS,
    .role = ROLE_ANYONE,
    .run = run,
};
