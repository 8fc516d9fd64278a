#include "base/seal.h"

#include "base/lang.h"
#include "base/seal_ring.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEY_BYTES = SEAL_KEY_BYTES,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    LOOK_MS = 1000, /* between two looks at the key file */
};
_Static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key seals");
_Static_assert(1 + NONCE_BYTES + TAG_BYTES == SEAL_OVERHEAD_BYTES, "the header says otherwise");

/* The keys as they were read at one time. One that was replaced is kept until the end, because
 * another thread may still be using it. */
typedef struct Reading {
    SealRing ring;
    const SealKey *seals; /* of the ring */
    struct Reading *before;
} Reading;

/* What changes behind a Sealer that everybody holds as constant. */
typedef struct Held {
    _Atomic(Reading *) reading;
    _Atomic int64_t looked_ms;
    pthread_mutex_t lock; /* while the file is read again */
    struct timespec changed;
    ino_t file;
} Held;

struct Sealer {
    Held *held;
    char *key_file;
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

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Notes which file it is, before it is read: one that is replaced meanwhile is read once more. */
static bool file_is_another(const Sealer *sealer)
{
    struct stat status;
    Held *held = sealer->held;
    if (stat(sealer->key_file, &status) != 0)
        return false;
    bool another = status.st_ino != held->file || status.st_mtim.tv_sec != held->changed.tv_sec ||
                   status.st_mtim.tv_nsec != held->changed.tv_nsec;
    held->file = status.st_ino;
    held->changed = status.st_mtim;
    return another;
}

static ErrCode keys_read(const Sealer *sealer, Err *err)
{
    Reading *reading = sodium_malloc(sizeof *reading);
    if (!reading)
        return err_set(err, ERR_SEAL, _("no memory for the key"));
    ErrCode code = seal_ring_read(sealer->key_file, &reading->ring, err);
    if (code != OK) {
        sodium_free(reading);
        return code;
    }
    reading->seals = seal_ring_use(&reading->ring, SEAL_KEY_SEALS);
    reading->before = atomic_load(&sealer->held->reading);
    atomic_store(&sealer->held->reading, reading);
    return OK;
}

/* Reads the keys again when their file is another one than before. A file that cannot be read now
 * changes nothing. */
static void keys_look(const Sealer *sealer)
{
    Err ignored = {0};
    Held *held = sealer->held;
    pthread_mutex_lock(&held->lock);
    if (file_is_another(sealer) && keys_read(sealer, &ignored) != OK)
        held->file = 0; /* it is tried again */
    atomic_store(&held->looked_ms, now_ms());
    pthread_mutex_unlock(&held->lock);
}

ErrCode sealer_open(const char *key_file, bool may_create, Sealer **ret_sealer, Err *err)
{
    if (sodium_init() < 0)
        return err_set(err, ERR_SEAL, _("libsodium does not start"));
    if (may_create && access(key_file, F_OK) != 0)
        TRY(key_create(key_file, err));
    Sealer *sealer = sodium_malloc(sizeof *sealer);
    Held *held = calloc(1, sizeof *held);
    char *path = strdup(key_file);
    if (!sealer || !held || !path) {
        sodium_free(sealer);
        free(held);
        free(path);
        return err_set(err, ERR_SEAL, _("no memory for the key"));
    }
    *sealer = (Sealer){.held = held, .key_file = path};
    pthread_mutex_init(&held->lock, NULL);
    (void)file_is_another(sealer);
    ErrCode code = keys_read(sealer, err);
    if (code != OK) {
        sealer_free(sealer);
        return code;
    }
    memcpy(sealer->hash_key, atomic_load(&held->reading)->ring.hash_key, KEY_BYTES);
    atomic_store(&held->looked_ms, now_ms());
    *ret_sealer = sealer;
    return OK;
}

void sealer_free(Sealer *sealer)
{
    if (!sealer)
        return;
    for (Reading *reading = atomic_load(&sealer->held->reading); reading;) {
        Reading *before = reading->before;
        sodium_free(reading); /* wipes it */
        reading = before;
    }
    pthread_mutex_destroy(&sealer->held->lock);
    free(sealer->held);
    free(sealer->key_file);
    sodium_free(sealer);
}

static const SealKey *key_to_seal(const Sealer *sealer)
{
    if (now_ms() - atomic_load(&sealer->held->looked_ms) >= LOOK_MS)
        keys_look(sealer);
    return atomic_load(&sealer->held->reading)->seals;
}

/* NULL when the file has none of this number either. */
static const SealKey *key_to_open(const Sealer *sealer, uint8_t number)
{
    const SealKey *key = seal_ring_find(&atomic_load(&sealer->held->reading)->ring, number);
    if (key)
        return key;
    keys_look(sealer);
    return seal_ring_find(&atomic_load(&sealer->held->reading)->ring, number);
}

uint8_t sealer_number(const Sealer *sealer)
{
    return key_to_seal(sealer)->number;
}

uint8_t sealed_number(const void *sealed, size_t length)
{
    return length >= SEAL_OVERHEAD_BYTES ? *(const uint8_t *)sealed : 0;
}

/* Of the hash key, which stays, and of the key that seals. */
const char *sealer_name(const Sealer *sealer, Arena *arena)
{
    enum { NAME_BYTES = 8 };
    uint8_t hash[SEAL_HASH_BYTES];
    const SealKey *key = key_to_seal(sealer);
    crypto_generichash(hash, sizeof hash, key->bytes, KEY_BYTES, sealer->hash_key, KEY_BYTES);
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
    const SealKey *key = key_to_seal(sealer);
    out[0] = key->number;
    nonce_make(out + 1);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + NONCE_BYTES, NULL, plain, length, out, 1,
                                               NULL, out + 1, key->bytes);
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
    const SealKey *key = length < SEAL_OVERHEAD_BYTES ? NULL : key_to_open(sealer, bytes[0]);
    if (length < SEAL_OVERHEAD_BYTES || bytes[0] == 0)
        return err_set(err, ERR_SEAL, _("a sealed value is damaged"));
    char *plain = arena_alloc(arena, length - SEAL_OVERHEAD_BYTES + 1);
    if (!key || crypto_aead_xchacha20poly1305_ietf_decrypt(
                    (unsigned char *)plain, NULL, NULL, bytes + 1 + NONCE_BYTES,
                    length - 1 - NONCE_BYTES, bytes, 1, bytes + 1, key->bytes) != 0) {
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
