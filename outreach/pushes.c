#include "outreach/pushes.h"

#include "base/buffer.h"
#include "outreach/gateway.h"
#include "outreach/receipt.h"
#include "outreach/reply.h"
#include "sql/db.h"

#include <errno.h>

enum { LINE_BYTES_MAX = 1 << 20, FILE_BYTES_MAX = 256 << 20 };

typedef struct Taking {
    Context *context;
    const char *file;
    const char *text; /* of the whole file */
    size_t length;
    const GatewaySet *gateways;
    int64_t lines;
} Taking;

static ErrCode file_read(const char *file, Buffer *out, Err *err)
{
    char piece[8192];
    FILE *in = fopen(file, "re");
    if (!in)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), file);
    for (size_t length; (length = fread(piece, 1, sizeof piece, in)) > 0;)
        buffer_add(out, piece, length);
    bool failed = ferror(in) != 0;
    fclose(in);
    if (failed)
        return err_set(err, ERR_IO, _("cannot read '%s'"), file);
    return buffer_check(out, file, err);
}

static ErrCode line_wrong(const Taking *taking, Err *err)
{
    err_set(err, ERR_INPUT, _("%s:%lld: not a push"), taking->file, (long long)taking->lines);
    return err_hint(err, _("a line is {\"gateway\": NAME, \"kind\": \"receipt\" or \"reply\", "
                           "\"body\": TEXT}, the gateway one of talent.json"));
}

static ErrCode line_store(Db *db, const Taking *taking, const char *line, size_t length, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    json_t *push = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
    const char *gateway = json_string_value(json_object_get(push, "gateway"));
    const char *kind = json_string_value(json_object_get(push, "kind"));
    const json_t *body = json_object_get(push, "body");
    bool sound = gateway && kind && json_is_string(body) &&
                 (strcmp(kind, "receipt") == 0 || strcmp(kind, "reply") == 0) &&
                 gateways_find(taking->gateways, gateway);
    ErrCode code = sound ? OK : line_wrong(taking, err);
    if (sound) {
        size_t sealed_length;
        const uint8_t *sealed = seal(taking->context->sealer, arena, json_string_value(body),
                                     json_string_length(body), &sealed_length);
        code = db_run(db, QUERY_OUTREACH_RECEIPT_BRING_BACK,
                      PARAMS(v_text(gateway), v_text(kind), v_bytes(sealed, sealed_length)), NULL,
                      err);
    }
    json_decref(push);
    return code;
}

static ErrCode store_all(Db *db, void *state, Err *err)
{
    Taking *taking = state;
    const char *at = taking->text, *end = taking->text + taking->length;
    taking->lines = 0;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        taking->lines++;
        if (length > LINE_BYTES_MAX)
            return line_wrong(taking, err);
        TRY(line_store(db, taking, at, length, err));
        at += length + (stop ? 1 : 0);
    }
    return OK;
}

static ErrCode match_all(Context *context, const GatewaySet *gateways, Err *err)
{
    ReceiptCounts receipts = {0};
    ReplyCounts replies = {0};
    TRY(receipts_match(context->db, context->sealer, gateways, &receipts, err));
    return replies_match(context->db, context->sealer, gateways, &replies, err);
}

ErrCode pushes_take(Context *context, const char *file, int64_t *ret_taken, Err *err)
{
    AUTO_BUFFER text = BUFFER(FILE_BYTES_MAX);
    GatewaySet gateways;
    TRY(file_read(file, &text, err));
    TRY(gateways_load(&context->config, context->arena, &gateways, err));
    Taking taking = {.context = context,
                     .file = file,
                     .text = buffer_string(&text),
                     .length = text.length,
                     .gateways = &gateways};
    ErrCode code = db_transact(context->db, store_all, &taking, err);
    if (code == OK)
        code = match_all(context, &gateways, err);
    gateways_done(&gateways);
    *ret_taken = taking.lines;
    return code;
}
