/* talent db rekey: another key for what is sealed, while everybody works on. The new key lies beside
 * the old one in the key file before the first value is sealed with it, and programs that run read
 * the file again; so there is no moment at which a value cannot be opened. */
#include "base/progress.h"
#include "base/seal_ring.h"
#include "base/text.h"
#include "sql/reseal.h"
#include "sql/verbs.h"

#include <unistd.h>

/* Programs look at the key file once a second before they seal. */
enum { SETTLE_MS = 1500, PASSES_MAX = 20 };

typedef struct Rekey {
    Context *context;
    const char *file;
    SealRing ring;
    int64_t renewed;
    unsigned passes;
} Rekey;

static ErrCode ring_write(const Rekey *rekey, Err *err)
{
    return seal_ring_write(rekey->file, &rekey->ring, err);
}

/* Other hosts must be given the new key before it is used; which ones there are, nobody here knows. */
static ErrCode prepare(Rekey *rekey, json_t **ret_result, Err *err)
{
    if (!seal_ring_use(&rekey->ring, SEAL_KEY_PREPARED)) {
        TRY(seal_ring_prepare(&rekey->ring, err));
        TRY(ring_write(rekey, err));
    }
    *ret_result =
        json_pack("{s:s, s:i, s:s}", "state", "prepared", "key",
                  seal_ring_use(&rekey->ring, SEAL_KEY_PREPARED)->number, "file", rekey->file);
    return OK;
}

/* The new key seals from now on; or the last change goes on. */
static ErrCode advance(Rekey *rekey, Err *err)
{
    bool several_hosts = !text_equal(rekey->context->config.database, "private");
    if (rekey->ring.unfinished)
        return OK;
    if (!seal_ring_use(&rekey->ring, SEAL_KEY_PREPARED)) {
        if (several_hosts) {
            err_set(err, ERR_REFUSED,
                    _("other hosts that work with this base do not know the new key yet"));
            return err_hint(err, _("run 'talent db rekey --prepare', copy seal.key into the home "
                                   "on each of them, then run this again"));
        }
        TRY(seal_ring_prepare(&rekey->ring, err));
    }
    seal_ring_advance(&rekey->ring);
    TRY(ring_write(rekey, err));
    usleep(SETTLE_MS * 1000);
    return OK;
}

/* Until a whole pass finds nothing that is sealed with an older key. */
static ErrCode renew(Rekey *rekey, Err *err)
{
    Context *context = rekey->context;
    Progress progress = progress_start(!context->quiet, _("values sealed anew"), 0);
    ErrCode code = OK;
    for (int64_t before = -1; code == OK && before != rekey->renewed;) {
        before = rekey->renewed;
        for (size_t i = 0; code == OK && i < SEALED_COLUMN_COUNT; i++) {
            code = reseal_column(context->db, context->sealer, &SEALED_COLUMNS[i], &rekey->renewed,
                                 err);
            progress_at(&progress, rekey->renewed);
        }
        if (code == OK && ++rekey->passes == PASSES_MAX)
            code = err_set(err, ERR_LIMIT, _("values keep being sealed with the old key"));
    }
    progress_end(&progress);
    return code;
}

static ErrCode renew_all(Rekey *rekey, json_t **ret_result, Err *err)
{
    TRY(advance(rekey, err));
    TRY(renew(rekey, err));
    rekey->ring.unfinished = false;
    TRY(ring_write(rekey, err));
    *ret_result = json_pack("{s:s, s:i, s:I, s:i}", "state", "renewed", "key",
                            seal_ring_use(&rekey->ring, SEAL_KEY_SEALS)->number, "values",
                            (json_int_t)rekey->renewed, "older_keys", (int)rekey->ring.count - 1);
    return OK;
}

/* An import that began before the change may still commit values of the old key: they are waited
 * for, and found. */
static ErrCode drop_old(Rekey *rekey, json_t **ret_result, Err *err)
{
    size_t before = rekey->ring.count;
    int64_t left = 0;
    for (size_t i = 0; i < SEALED_COLUMN_COUNT; i++) {
        int64_t count;
        TRY(reseal_count_other(rekey->context->db, rekey->context->sealer, &SEALED_COLUMNS[i],
                               &count, err));
        left += count;
    }
    if (left > 0 || rekey->ring.unfinished) {
        err_set(err, ERR_REFUSED, _("%lld values are still sealed with an older key"),
                (long long)left);
        return err_hint(err, _("run 'talent db rekey' first"));
    }
    seal_ring_drop_old(&rekey->ring);
    TRY(ring_write(rekey, err));
    *ret_result =
        json_pack("{s:s, s:i}", "state", "dropped", "keys", (int)(before - rekey->ring.count));
    return OK;
}

static ErrCode rekey_as_asked(Rekey *rekey, const Arguments *arguments, json_t **ret_result,
                              Err *err)
{
    TRY(seal_ring_read(rekey->file, &rekey->ring, err));
    if (option_flag(arguments, "prepare"))
        return prepare(rekey, ret_result, err);
    if (option_flag(arguments, "drop-old"))
        return drop_old(rekey, ret_result, err);
    return renew_all(rekey, ret_result, err);
}

static ErrCode run(Context *context, const Arguments *arguments, json_t **ret_result, Err *err)
{
    Rekey rekey = {.context = context,
                   .file = config_path(&context->config, context->arena, "seal.key")};
    int64_t locked, ignored;
    Err unlock_err = {0};
    TRY(db_number(context->db, QUERY_SQL_RESEAL_LOCK, NO_PARAMS, &locked, err));
    if (locked != 1)
        return err_set(err, ERR_REFUSED, _("another command is changing the key of this base"));
    ErrCode code = rekey_as_asked(&rekey, arguments, ret_result, err);
    seal_ring_wipe(&rekey.ring);
    (void)!db_number(context->db, QUERY_SQL_RESEAL_UNLOCK, NO_PARAMS, &ignored, &unlock_err);
    return code;
}

const Command DB_REKEY = {
    .words = "db rekey",
    .summary = N_("seal everything with a new key, while everybody works on"),
    .details = N_(
        "The new key is put beside the old one in seal.key; then every ID number, phone and raw "
        "row "
        "is sealed anew, in short steps. Cut off at any moment, the same command goes on. The old "
        "key stays in the file to open what lies elsewhere, as question sheets that were handed "
        "out, until --drop-old. The key for look-up hashes stays: of people who asked to be "
        "forgotten, and of decisions about who is who, nothing but hashes is kept, so nobody "
        "could make new ones. Old backups open as before: they hold the key of their time. "
        "Where several hosts work with one base, begin with --prepare."),
    .options = (const Option[]){{.name = "prepare",
                                 .kind = OPTION_FLAG,
                                 .help = N_("only put the new key into seal.key, to be copied to "
                                            "the other hosts")},
                                {.name = "drop-old",
                                 .kind = OPTION_FLAG,
                                 .help = N_("take the older keys away, once nothing in the base "
                                            "needs them")},
                                {0}},
    .role = ROLE_ADMIN,
    .needs = NEEDS_DATABASE | NEEDS_KEYS | WRITES,
    .run = run,
};
