#include "audit/trail.h"

#include "audit/anchor.h"
#include "audit/chain.h"
#include "audit/check.h"
#include "audit/deed.h"
#include "base/arguments.h"
#include "base/text.h"

#include <unistd.h>

enum { HOST_BYTES = 64 };

static ErrCode line_add(const Trail *trail, AuditLine *line, Err *err)
{
    const Context *context = trail->context;
    char host[HOST_BYTES + 1] = "";
    if (gethostname(host, HOST_BYTES) != 0)
        host[0] = '\0';
    line->who = context->user;
    line->os_user = context->os_user;
    line->host = host;
    line->command = trail->arguments->command->words;
    TRY(chain_append(trail->db, context->arena, line, err));
    return anchor_append(audit_anchor_file(&context->config, context->arena), line->number,
                         line->hash, err);
}

static AuditLine line_of(const Trail *trail, const char *phase)
{
    Arena *arena = trail->context->arena;
    return (AuditLine){.phase = phase,
                       .options = deed_options(arena, trail->arguments),
                       .subject = deed_subject(arena, trail->arguments, NULL),
                       .why = deed_why(arena, trail->arguments),
                       .result = "",
                       .counts = ""};
}

ErrCode trail_refused(const Trail *trail, Err *err)
{
    if (!trail->db)
        return OK;
    AuditLine line = line_of(trail, "refused");
    line.result = err_name(ERR_REFUSED);
    return line_add(trail, &line, err);
}

ErrCode trail_begin(Trail *trail, Err *err)
{
    if (!trail->db || !deed_is_audited(trail->arguments))
        return OK;
    AuditLine line = line_of(trail, "begin");
    if (line_add(trail, &line, err) != OK)
        return err_wrap(err, _("cannot write the audit"));
    trail->begun = line.number;
    trail->hash = arena_strdup(trail->context->arena, line.hash);
    return OK;
}

/* A command may have put another base in the place of the one in which it began. */
static ErrCode begun_here(const Trail *trail, bool *ret_here, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(trail->db, QUERY_AUDIT_LINE_HASH, PARAMS(v_int(trail->begun)), &rows, err));
    *ret_here = rows_next(rows) && text_equal(rows_text(rows, 0), trail->hash);
    return OK;
}

ErrCode trail_end(const Trail *trail, ErrCode code, const json_t *result, Err *err)
{
    Arena *arena = trail->context->arena;
    if (!trail->begun)
        return OK;
    AuditLine line = line_of(trail, "end");
    bool here = false;
    if (begun_here(trail, &here, err) != OK)
        return err_wrap(err, _("it was done, but the audit could not be written"));
    line.begun = here ? trail->begun : 0;
    if (here)
        line.options = line.why = "";
    line.subject = deed_subject(arena, trail->arguments, result);
    line.counts = deed_counts(arena, result);
    line.result = code != OK ? err_name(code) : trail->context->partial ? "partial" : "done";
    if (line_add(trail, &line, err) != OK)
        return err_wrap(err, _("it was done, but the audit could not be written"));
    return OK;
}
