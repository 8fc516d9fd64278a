#include "account/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOKEN_BYTES = 32, TOKEN_DIGITS = 2 * TOKEN_BYTES, HASH_DIGITS = 64 };

static const char *session_file(const Context *context)
{
    return config_path(&context->config, context->arena, "session");
}

/* The hash by which the base knows a token. */
static Value token_hash(Arena *arena, const char *token)
{
    char *hash = arena_alloc(arena, HASH_DIGITS + 1);
    seal_sha256_hex(token, TOKEN_DIGITS, hash);
    return v_text(hash);
}

/* *ret_token NULL when there is no file. */
static ErrCode token_read(const Context *context, const char **ret_token, Err *err)
{
    const char *name = session_file(context);
    char *token = arena_alloc(context->arena, TOKEN_DIGITS + 1);
    struct stat status;
    int file = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    *ret_token = NULL;
    if (file < 0 && errno == ENOENT)
        return OK;
    if (file < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), name);
    bool safe = fstat(file, &status) == 0 && !(status.st_mode & 077);
    ssize_t length = read(file, token, TOKEN_DIGITS);
    close(file);
    if (!safe) {
        err_set(err, ERR_REFUSED, _("others can read '%s'"), name);
        return err_hint(err, _("end it with 'talent account logout', then log in again"));
    }
    if (length != TOKEN_DIGITS)
        memset(token, '-', TOKEN_DIGITS); /* belongs to nobody */
    *ret_token = token;
    return OK;
}

/* Whole or not at all. */
static ErrCode token_write(const Context *context, const char *token, Err *err)
{
    const char *name = session_file(context);
    const char *temporary = arena_printf(context->arena, "%s.new-%d", name, (int)getpid());
    unlink(temporary);
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = file >= 0 && dprintf(file, "%s\n", token) == TOKEN_DIGITS + 1;
    written = file >= 0 && fsync(file) == 0 && written;
    if (file >= 0)
        close(file);
    if (written && rename(temporary, name) == 0)
        return OK;
    int failure = errno;
    unlink(temporary);
    return err_errno(err, ERR_IO, failure, _("cannot write '%s'"), name);
}

ErrCode session_key(const Context *context, AccountKey *ret_key, bool *ret_found, Err *err)
{
    const char *token;
    TRY(token_read(context, &token, err));
    *ret_found = token != NULL;
    if (token)
        *ret_key = (AccountKey){QUERY_ACCOUNT_ACCOUNT_BY_TOKEN, token_hash(context->arena, token)};
    return OK;
}

ErrCode session_end(const Context *context, Db *db, bool *ret_ended, Err *err)
{
    const char *name = session_file(context), *token = NULL;
    Err unreadable = {0};
    *ret_ended = access(name, F_OK) == 0;
    if (token_read(context, &token, &unreadable) == OK && token)
        TRY(db_run(db, QUERY_ACCOUNT_SESSION_END, PARAMS(token_hash(context->arena, token)), NULL,
                   err));
    if (unlink(name) != 0 && errno != ENOENT)
        return err_errno(err, ERR_IO, errno, _("cannot remove '%s'"), name);
    return OK;
}

ErrCode session_begin(const Context *context, Db *db, int64_t account, int64_t hours, Err *err)
{
    unsigned char random[TOKEN_BYTES];
    bool ended;
    TRY(session_end(context, db, &ended, err));
    TRY(db_run(db, QUERY_ACCOUNT_SESSION_END_OVER, PARAMS(v_int(account)), NULL, err));
    seal_random(random, sizeof random);
    const char *token = seal_hex(context->arena, random, sizeof random);
    const Value hash = token_hash(context->arena, token);
    TRY(db_run(db, QUERY_ACCOUNT_SESSION_BEGIN, PARAMS(hash, v_int(account), v_int(hours)), NULL,
               err));
    return token_write(context, token, err);
}
