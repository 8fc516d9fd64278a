#include "base/seal_ring.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/lang.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char FIRST_LINE[] = "talent sealing keys\n";
static const char *const USES[] = {
    [SEAL_KEY_OPENS] = "opens", [SEAL_KEY_SEALS] = "seals", [SEAL_KEY_PREPARED] = "prepared"};
static const char UNFINISHED[] = "unfinished\n";

enum { FILE_BYTES_MAX = 2048, DIGITS = 2 * SEAL_KEY_BYTES };

void seal_ring_wipe(SealRing *ring)
{
    sodium_memzero(ring, sizeof *ring);
}

const SealKey *seal_ring_find(const SealRing *ring, uint8_t number)
{
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].number == number)
            return &ring->keys[i];
    return NULL;
}

const SealKey *seal_ring_use(const SealRing *ring, SealKeyUse use)
{
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].use == use)
            return &ring->keys[i];
    return NULL;
}

ErrCode seal_ring_prepare(SealRing *ring, Err *err)
{
    enum { NUMBERS = 256 };
    assert(!seal_ring_use(ring, SEAL_KEY_PREPARED));
    if (ring->count == SEAL_RING_KEYS) {
        err_set(err, ERR_LIMIT, _("the key file holds %d keys already"), SEAL_RING_KEYS);
        return err_hint(err, _("take the old ones away with 'talent db rekey --drop-old'"));
    }
    const SealKey *seals = seal_ring_use(ring, SEAL_KEY_SEALS);
    assert(seals);
    unsigned number = seals->number;
    do {
        number = number % (NUMBERS - 1) + 1;
    } while (seal_ring_find(ring, (uint8_t)number));
    SealKey *key = &ring->keys[ring->count++];
    *key = (SealKey){.number = (uint8_t)number, .use = SEAL_KEY_PREPARED};
    randombytes_buf(key->bytes, sizeof key->bytes);
    return OK;
}

void seal_ring_advance(SealRing *ring)
{
    assert(seal_ring_use(ring, SEAL_KEY_PREPARED));
    for (size_t i = 0; i < ring->count; i++)
        ring->keys[i].use =
            ring->keys[i].use == SEAL_KEY_PREPARED ? SEAL_KEY_SEALS : SEAL_KEY_OPENS;
    ring->unfinished = true;
}

void seal_ring_drop_old(SealRing *ring)
{
    size_t kept = 0;
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].use != SEAL_KEY_OPENS)
            ring->keys[kept++] = ring->keys[i];
    sodium_memzero(&ring->keys[kept], (ring->count - kept) * sizeof *ring->keys);
    ring->count = kept;
}

static ErrCode damaged(const char *file, Err *err)
{
    return err_set(err, ERR_SEAL, _("key file '%s' is damaged"), file);
}

/* Moves *at behind "word ", and says whether it stood there. */
static bool word_take(const char **at, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

static bool digits_take(const char **at, unsigned char bytes[SEAL_KEY_BYTES])
{
    size_t decoded = 0;
    const char *end = NULL;
    if (strlen(*at) < DIGITS + 1 ||
        sodium_hex2bin(bytes, SEAL_KEY_BYTES, *at, DIGITS, NULL, &decoded, &end) != 0 ||
        decoded != SEAL_KEY_BYTES || (*at)[DIGITS] != '\n')
        return false;
    *at += DIGITS + 1;
    return true;
}

/* "seal NUMBER USE DIGITS". */
static bool key_take(const char **at, SealRing *ring)
{
    unsigned number = 0;
    size_t use = 0;
    int used = 0;
    char word[16];
    if (ring->count == SEAL_RING_KEYS || sscanf(*at, "%3u %15s %n", &number, word, &used) != 2 ||
        number < 1 || number > UINT8_MAX || seal_ring_find(ring, (uint8_t)number))
        return false;
    while (use < sizeof USES / sizeof *USES && strcmp(USES[use], word) != 0)
        use++;
    if (use == sizeof USES / sizeof *USES ||
        (use != SEAL_KEY_OPENS && seal_ring_use(ring, (SealKeyUse)use)))
        return false;
    SealKey *key = &ring->keys[ring->count++];
    key->number = (uint8_t)number;
    key->use = (SealKeyUse)use;
    *at += used;
    return digits_take(at, key->bytes);
}

static bool text_parse(const char *text, SealRing *ring)
{
    const char *at = text;
    bool sound =
        word_take(&at, FIRST_LINE) && word_take(&at, "hash ") && digits_take(&at, ring->hash_key);
    while (sound && word_take(&at, "seal "))
        sound = key_take(&at, ring);
    ring->unfinished = sound && word_take(&at, UNFINISHED);
    return sound && *at == '\0' && seal_ring_use(ring, SEAL_KEY_SEALS);
}

/* The file of a home whose key was never changed. */
static void ring_derive(SealRing *ring, const unsigned char master[SEAL_KEY_BYTES])
{
    _Static_assert(SEAL_KEY_BYTES == crypto_kdf_KEYBYTES, "the file is a master key");
    ring->count = 1;
    ring->keys[0].number = 1;
    ring->keys[0].use = SEAL_KEY_SEALS;
    crypto_kdf_derive_from_key(ring->keys[0].bytes, SEAL_KEY_BYTES, 1, "talseal_", master);
    crypto_kdf_derive_from_key(ring->hash_key, SEAL_KEY_BYTES, 2, "talhash_", master);
}

static ErrCode bytes_read(const char *file, char bytes[FILE_BYTES_MAX], size_t *ret_length,
                          Err *err)
{
    struct stat status;
    int in = open(file, O_RDONLY | O_CLOEXEC);
    if (in < 0 && errno == ENOENT) {
        err_set(err, ERR_SEAL, _("key file '%s' is missing"), file);
        return err_hint(err, _("bring it back from where it is kept: without it nothing sealed in "
                               "this base can be read"));
    }
    if (in < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read key file '%s'"), file);
    ssize_t length = fstat(in, &status) == 0 ? read(in, bytes, FILE_BYTES_MAX - 1) : -1;
    close(in);
    if (length < SEAL_KEY_BYTES)
        return err_set(err, ERR_SEAL, _("key file '%s' is damaged: %d bytes were expected"), file,
                       SEAL_KEY_BYTES);
    if (status.st_mode & 077) {
        err_set(err, ERR_SEAL, _("key file '%s' can be read by others"), file);
        return err_hint(err, "chmod 600 '%s'", file);
    }
    bytes[length] = '\0';
    *ret_length = (size_t)length;
    return OK;
}

ErrCode seal_ring_read(const char *file, SealRing *ret_ring, Err *err)
{
    char bytes[FILE_BYTES_MAX];
    size_t length = 0;
    SealRing ring = {0};
    TRY(bytes_read(file, bytes, &length, err));
    ErrCode code = OK;
    if (length == SEAL_KEY_BYTES)
        ring_derive(&ring, (const unsigned char *)bytes);
    else if (strlen(bytes) != length || !text_parse(bytes, &ring))
        code = damaged(file, err);
    if (code == OK)
        *ret_ring = ring;
    seal_ring_wipe(&ring);
    sodium_memzero(bytes, sizeof bytes);
    return code;
}

static void text_make(const SealRing *ring, Buffer *text)
{
    char digits[DIGITS + 1];
    buffer_text(text, FIRST_LINE);
    sodium_bin2hex(digits, sizeof digits, ring->hash_key, SEAL_KEY_BYTES);
    buffer_printf(text, "hash %s\n", digits);
    for (size_t i = 0; i < ring->count; i++) {
        const SealKey *key = &ring->keys[i];
        sodium_bin2hex(digits, sizeof digits, key->bytes, SEAL_KEY_BYTES);
        buffer_printf(text, "seal %u %s %s\n", key->number, USES[key->use], digits);
    }
    if (ring->unfinished)
        buffer_text(text, UNFINISHED);
    sodium_memzero(digits, sizeof digits);
}

ErrCode seal_ring_write(const char *file, const SealRing *ring, Err *err)
{
    AUTO_ARENA arena = arena_new(0);
    AUTO_BUFFER text = BUFFER(FILE_BYTES_MAX);
    const char *fresh = arena_printf(arena, "%s.new-%d", file, getpid());
    text_make(ring, &text);
    TRY(buffer_check(&text, file, err));
    unlink(fresh);
    int out = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0)
        return err_errno(err, ERR_IO, errno, _("cannot make key file '%s'"), fresh);
    bool written = write(out, text.bytes, text.length) == (ssize_t)text.length && fsync(out) == 0;
    written = close(out) == 0 && written && rename(fresh, file) == 0;
    int reason = errno;
    sodium_memzero(text.bytes, text.length);
    if (!written) {
        unlink(fresh);
        return err_errno(err, ERR_IO, reason, _("cannot write key file '%s'"), file);
    }
    int folder = open(dirname(arena_strdup(arena, file)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        (void)fsync(folder);
        close(folder);
    }
    return OK;
}
