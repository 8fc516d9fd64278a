#include "base/lang.h"
#include "base/seal.h"
#include "base/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(VAULT_KEY_BYTES == crypto_box_PUBLICKEYBYTES &&
                   VAULT_KEY_BYTES == crypto_box_SECRETKEYBYTES,
               "both halves are as long");

static const char PUBLIC_WORDS[] = "talent backup key, public half: ";
static const char SECRET_WORDS[] = "talent backup key, SECRET half: ";
enum {
    WORDS_LETTERS = sizeof PUBLIC_WORDS - 1,
    DIGITS = VAULT_KEY_BYTES * 2,
    LINE_LETTERS = WORDS_LETTERS + DIGITS + 1,
};

static ErrCode line_write(const char *file, const char *words,
                          const unsigned char half[VAULT_KEY_BYTES], mode_t mode, Err *err)
{
    char line[LINE_LETTERS + 1], digits[DIGITS + 1];
    sodium_bin2hex(digits, sizeof digits, half, VAULT_KEY_BYTES);
    snprintf(line, sizeof line, "%s%s\n", words, digits);
    int out = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (out < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make key file '%s'"), file);
    bool written = write(out, line, LINE_LETTERS) == LINE_LETTERS && fsync(out) == 0;
    int reason = errno;
    written = close(out) == 0 && written;
    sodium_memzero(line, sizeof line);
    sodium_memzero(digits, sizeof digits);
    if (written)
        return OK;
    unlink(file);
    return err_errno(err, ERR_IO, reason, _("cannot make key file '%s'"), file);
}

ErrCode vault_key_make(const char *secret_file, const char *public_file, VaultKey *ret_key,
                       Err *err)
{
    if (sodium_init() < 0)
        return err_set(err, ERR_SEAL, _("libsodium does not start"));
    crypto_box_keypair(ret_key->public_half, ret_key->secret_half);
    TRY(line_write(secret_file, SECRET_WORDS, ret_key->secret_half, 0600, err));
    ErrCode code = line_write(public_file, PUBLIC_WORDS, ret_key->public_half, 0644, err);
    if (code != OK)
        unlink(secret_file);
    return code;
}

ErrCode vault_key_write_public(const VaultKey *key, const char *file, Err *err)
{
    return line_write(file, PUBLIC_WORDS, key->public_half, 0644, err);
}

static ErrCode line_read(const char *file, const char *words, unsigned char half[VAULT_KEY_BYTES],
                         struct stat *ret_status, Err *err)
{
    char line[LINE_LETTERS + 1];
    size_t decoded = 0;
    int in = open(file, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read key file '%s'"), file);
    bool whole = fstat(in, ret_status) == 0 && read(in, line, LINE_LETTERS) == LINE_LETTERS;
    close(in);
    bool fits = whole && memcmp(line, words, WORDS_LETTERS) == 0 &&
                sodium_hex2bin(half, VAULT_KEY_BYTES, line + WORDS_LETTERS, DIGITS, NULL, &decoded,
                               NULL) == 0 &&
                decoded == VAULT_KEY_BYTES;
    sodium_memzero(line, sizeof line);
    if (fits)
        return OK;
    err_set(err, ERR_SEAL,
            words == SECRET_WORDS ? _("'%s' is not the secret half of a backup key")
                                  : _("'%s' is not the public half of a backup key"),
            file);
    return err_hint(err, _("'talent db key FILE' makes both: FILE is the secret half, FILE.pub the "
                           "public one"));
}

ErrCode vault_key_read_public(const char *file, VaultKey *ret_key, Err *err)
{
    struct stat status;
    memset(ret_key, 0, sizeof *ret_key);
    return line_read(file, PUBLIC_WORDS, ret_key->public_half, &status, err);
}

ErrCode vault_key_read_secret(const char *file, VaultKey *ret_key, Err *err)
{
    struct stat status;
    if (sodium_init() < 0)
        return err_set(err, ERR_SEAL, _("libsodium does not start"));
    TRY(line_read(file, SECRET_WORDS, ret_key->secret_half, &status, err));
    if (status.st_mode & 077) {
        vault_key_done(ret_key);
        err_set(err, ERR_SEAL, _("key file '%s' can be read by others"), file);
        return err_hint(err, "chmod 600 '%s'", file);
    }
    crypto_scalarmult_base(ret_key->public_half, ret_key->secret_half);
    return OK;
}

void vault_key_done(VaultKey *key)
{
    sodium_memzero(key, sizeof *key);
}

const char *vault_key_name(Arena *arena, const VaultKey *key)
{
    enum { NAME_BYTES = 8 };
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof hash, key->public_half, VAULT_KEY_BYTES, NULL, 0);
    return seal_hex(arena, hash, NAME_BYTES);
}
