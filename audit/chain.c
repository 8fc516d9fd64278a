#include "audit/chain.h"

#include "base/lang.h"
#include "base/text.h"

static const char ZEROS[] = "0000000000000000000000000000000000000000000000000000000000000000";

typedef struct Addition {
    Arena *arena;
    AuditLine *line;
} Addition;

static ErrCode add_body(Db *db, void *state, Err *err)
{
    const Addition *addition = state;
    AuditLine *line = addition->line;
    AUTO_ROWS rows = NULL;
    TRY(db_run(db, QUERY_AUDIT_LINE_LOCK, NO_PARAMS, NULL, err));
    TRY(db_query(db, QUERY_AUDIT_LINE_LAST, NO_PARAMS, &rows, err));
    if (!rows_next(rows))
        return err_set(err, ERR_DB, _("the audit cannot be read"));
    const char *last = rows_text(rows, 1);
    line->number = rows_int(rows, 0) + 1;
    line->at = arena_strdup(addition->arena, rows_text(rows, 2));
    snprintf(line->previous, sizeof line->previous, "%s", last ? last : ZEROS);
    line_hash(line, line->hash);
    return db_run(db, QUERY_AUDIT_LINE_ADD,
                  PARAMS(v_int(line->number), v_text(line->at), v_text(line->who),
                         v_text(line->os_user), v_text(line->host), v_text(line->phase),
                         v_int(line->begun), v_text(line->command), v_text(line->options),
                         v_text(line->subject), v_text(line->why), v_text(line->result),
                         v_text(line->counts), v_text(line->previous), v_text(line->hash)),
                  NULL, err);
}

ErrCode chain_append(Db *db, Arena *arena, AuditLine *line, Err *err)
{
    enum { TRIES = 8, DUPLICATE_KEY = 1062 };
    Addition addition = {arena, line};
    ErrCode code = ERR_DB;
    err->db_errno = DUPLICATE_KEY;
    /* On a cluster another node's line may arrive between the reading and the writing. */
    for (int try = 0; try < TRIES && code == ERR_DB && err->db_errno == DUPLICATE_KEY; try++)
        code = db_transact(db, add_body, &addition, err);
    return code;
}

typedef struct Checking {
    Arena *arena;
    const ChainWatch *watch;
    ChainCheck check;
    char previous[LINE_HASH_DIGITS + 1];
} Checking;

static ErrCode broken(Checking *checking, int64_t number, const char *what)
{
    if (!checking->check.broken) {
        checking->check.broken = number;
        checking->check.what = what;
    }
    return OK;
}

static ErrCode check_line(void *state, const Rows *row, Err *err)
{
    (void)err;
    char hash[LINE_HASH_DIGITS + 1];
    Checking *checking = state;
    ChainCheck *check = &checking->check;
    arena_reset(checking->arena);
    const AuditLine line = line_read(row, checking->arena);
    int64_t expected = check->last + 1;
    check->lines++;
    check->last = line.number;
    if (checking->watch)
        checking->watch->seen(checking->watch->state, line.number, line.hash);
    if (line.number != expected)
        return broken(checking, expected, N_("is missing"));
    line_hash(&line, hash);
    if (!text_equal(hash, line.hash))
        return broken(checking, line.number, N_("was changed"));
    if (!text_equal(line.previous, checking->previous))
        return broken(checking, line.number, N_("does not follow the line before it"));
    memcpy(checking->previous, line.hash, sizeof checking->previous);
    return OK;
}

static ErrCode check_body(Db *db, void *state, Err *err)
{
    Checking *checking = state;
    checking->check = (ChainCheck){0};
    memcpy(checking->previous, ZEROS, sizeof checking->previous);
    return db_each(db, QUERY_AUDIT_LINE_ALL, NO_PARAMS, (RowEach){check_line, checking}, err);
}

ErrCode chain_check(Db *db, const ChainWatch *watch, ChainCheck *ret_check, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    Checking checking = {.arena = arena, .watch = watch};
    TRY(db_transact(db, check_body, &checking, err));
    *ret_check = checking.check;
    return OK;
}
