#include "base/seal.h"

#include "base/lang.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SEAL_VERSION = 1,
};
_Static_assert(1 + NONCE_BYTES + TAG_BYTES == SEAL_OVERHEAD_BYTES, "the header says otherwise");

struct Sealer {
    unsigned char master[KEY_BYTES];
    unsigned char seal_key[KEY_BYTES];
    unsigned char hash_key[KEY_BYTES];
};

/* Writes a fresh key so that it exists whole or not at all, also after a crash. */
static ErrCode key_create(const char *key_file, Err *err)
{
    unsigned char key[KEY_BYTES];
    char temporary[4096];
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.new-%d", key_file, getpid()) >=
        sizeof temporary)
        return err_set(err, ERR_IO, _("the path of key file '%s' is too long"), key_file);
    randombytes_buf(key, sizeof key);
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make key file '%s'"), key_file);
    bool written = write(file, key, sizeof key) == (ssize_t)sizeof key && fsync(file) == 0;
    int failure = errno;
    close(file);
    sodium_memzero(key, sizeof key);
    /* link() never replaces: of two commands that race, the first one's key stands. */
    if (written && link(temporary, key_file) != 0 && errno != EEXIST) {
        written = false;
        failure = errno;
    }
    unlink(temporary);
    if (!written)
        return err_errno(err, ERR_IO, failure, _("cannot make key file '%s'"), key_file);
    int folder = open(dirname(temporary), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        (void)fsync(folder);
        close(folder);
    }
    return OK;
}

static ErrCode key_read(const char *key_file, unsigned char key[KEY_BYTES], Err *err)
{
    int file = open(key_file, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) {
        err_set(err, ERR_SEAL, _("key file '%s' is missing"), key_file);
        return err_hint(err, _("bring it back from where it is kept: without it nothing sealed in "
                               "this base can be read"));
    }
    if (file < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read key file '%s'"), key_file);
    struct stat status;
    unsigned char extra;
    bool whole = fstat(file, &status) == 0 && read(file, key, KEY_BYTES) == KEY_BYTES &&
                 read(file, &extra, 1) == 0;
    close(file);
    if (!whole)
        return err_set(err, ERR_SEAL, _("key file '%s' is damaged: %d bytes were expected"),
                       key_file, KEY_BYTES);
    if (status.st_mode & 077) {
        err_set(err, ERR_SEAL, _("key file '%s' can be read by others"), key_file);
        return err_hint(err, "chmod 600 '%s'", key_file);
    }
    return OK;
}

ErrCode sealer_open(const char *key_file, bool may_create, Sealer **ret_sealer, Err *err)
{
    if (sodium_init() < 0)
        return err_set(err, ERR_SEAL, _("libsodium does not start"));
    if (may_create && access(key_file, F_OK) != 0)
        TRY(key_create(key_file, err));
    Sealer *sealer = sodium_malloc(sizeof *sealer);
    if (!sealer)
        return err_set(err, ERR_SEAL, _("no memory for the key"));
    ErrCode code = key_read(key_file, sealer->master, err);
    if (code != OK) {
        sodium_free(sealer);
        return code;
    }
    crypto_kdf_derive_from_key(sealer->seal_key, KEY_BYTES, 1, "talseal_", sealer->master);
    crypto_kdf_derive_from_key(sealer->hash_key, KEY_BYTES, 2, "talhash_", sealer->master);
    *ret_sealer = sealer;
    return OK;
}

void sealer_free(Sealer *sealer)
{
    if (sealer)
        sodium_free(sealer); /* wipes it */
}

const char *sealer_name(const Sealer *sealer, Arena *arena)
{
    enum { NAME_BYTES = 8 };
    uint8_t hash[SEAL_HASH_BYTES];
    seal_hash(sealer, "name of the key", "", hash);
    return seal_hex(arena, hash, NAME_BYTES);
}

/* A nonce costs a system call; so each thread fetches many at once, and uses each byte once only. A
 * process that was forked must not use what its parent has: it fetches its own. */
enum { NONCES_FETCHED = 256 };

static unsigned forks; /* of this process's line */

static void count_fork(void)
{
    forks++;
}

static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, count_fork);
}

static void nonce_make(unsigned char out[NONCE_BYTES])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static _Thread_local unsigned char fetched[NONCES_FETCHED][NONCE_BYTES];
    static _Thread_local size_t left;
    static _Thread_local unsigned of_forks;
    pthread_once(&once, watch_forks);
    if (left == 0 || of_forks != forks) {
        randombytes_buf(fetched, sizeof fetched);
        left = NONCES_FETCHED;
        of_forks = forks;
    }
    memcpy(out, fetched[--left], NONCE_BYTES);
}

uint8_t *seal(const Sealer *sealer, Arena *arena, const void *plain, size_t length,
              size_t *ret_length)
{
    uint8_t *out = arena_alloc(arena, length + SEAL_OVERHEAD_BYTES);
    out[0] = SEAL_VERSION;
    nonce_make(out + 1);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + NONCE_BYTES, NULL, plain, length, out, 1,
                                               NULL, out + 1, sealer->seal_key);
    *ret_length = length + SEAL_OVERHEAD_BYTES;
    return out;
}

ErrCode unseal(const Sealer *sealer, Arena *arena, const void *sealed, size_t length,
               char **ret_plain, Err *err)
{
    if (!sealed || length == 0) {
        *ret_plain = NULL;
        return OK;
    }
    const uint8_t *bytes = sealed;
    if (length < SEAL_OVERHEAD_BYTES || bytes[0] != SEAL_VERSION)
        return err_set(err, ERR_SEAL, _("a sealed value is damaged"));
    char *plain = arena_alloc(arena, length - SEAL_OVERHEAD_BYTES + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            (unsigned char *)plain, NULL, NULL, bytes + 1 + NONCE_BYTES, length - 1 - NONCE_BYTES,
            bytes, 1, bytes + 1, sealer->seal_key) != 0) {
        err_set(err, ERR_SEAL, _("a sealed value does not open with this key"));
        return err_hint(err, _("the key file and the base must belong together"));
    }
    *ret_plain = plain;
    return OK;
}

void seal_hash(const Sealer *sealer, const char *domain, const char *value,
               uint8_t ret_hash[SEAL_HASH_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, sealer->hash_key, KEY_BYTES, SEAL_HASH_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)domain, strlen(domain) + 1);
    crypto_generichash_update(&state, (const unsigned char *)value, strlen(value));
    crypto_generichash_final(&state, ret_hash, SEAL_HASH_BYTES);
}

void seal_random(void *out, size_t length)
{
    int started = sodium_init();
    assert(started >= 0);
    randombytes_buf(out, length);
}

char *seal_hex(Arena *arena, const void *bytes, size_t length)
{
    char *hex = arena_alloc(arena, length * 2 + 1);
    sodium_bin2hex(hex, length * 2 + 1, bytes, length);
    return hex;
}

void seal_sha256_hex(const void *bytes, size_t length, char out[65])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes, length);
    sodium_bin2hex(out, 65, hash, sizeof hash);
}
