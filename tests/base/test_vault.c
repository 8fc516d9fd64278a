/* tests/base/test_vault.c: a vault opens with its own key, to its last byte, or not at all. */
#include "base/vault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { CHUNK = 64 * 1024, LARGEST = 5 * CHUNK };

typedef struct Room {
    Arena *arena;
    char folder[64], secret[96], open_half[96], file[96];
    VaultKey key;
    unsigned char *content;
} Room;

static int setup(void **state)
{
    static Room room;
    Err err = {0};
    room = (Room){.arena = arena_new(0), .folder = "/tmp/talent-vault-XXXXXX"};
    if (!mkdtemp(room.folder))
        return -1;
    snprintf(room.secret, sizeof room.secret, "%s/key", room.folder);
    snprintf(room.open_half, sizeof room.open_half, "%s/key.pub", room.folder);
    snprintf(room.file, sizeof room.file, "%s/vault", room.folder);
    room.content = arena_alloc(room.arena, LARGEST);
    for (size_t i = 0; i < LARGEST; i++) /* nothing that can be compressed */
        room.content[i] = (unsigned char)((i * 2654435761u) >> 13 ^ (i * i * 40503u) >> 7);
    *state = &room;
    return vault_key_make(room.secret, room.open_half, &room.key, &err) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    Room *room = *state;
    unlink(room->secret);
    unlink(room->open_half);
    unlink(room->file);
    arena_free(room->arena);
    return rmdir(room->folder);
}

static VaultSum lock(Room *room, size_t length)
{
    Err err = {0};
    VaultWriter *writer;
    VaultSum sum;
    unlink(room->file);
    assert_int_equal(vault_create(room->file, &room->key, &writer, &err), OK);
    for (size_t at = 0; at < length;) { /* in uneven pieces */
        size_t piece = length - at < 7777 ? length - at : 7777;
        assert_int_equal(vault_write(writer, room->content + at, piece, &err), OK);
        at += piece;
    }
    assert_int_equal(vault_finish(writer, &sum, &err), OK);
    vault_writer_close(writer);
    return sum;
}

/* Reads all of it; what came is compared as far as it came. */
static ErrCode unlock(const Room *room, const VaultKey *key, size_t *ret_length, Err *err)
{
    VaultReader *reader;
    unsigned char piece[4321];
    size_t length = 1, total = 0;
    TRY(vault_open(room->file, key, &reader, err));
    ErrCode code = OK;
    while (code == OK && length > 0) {
        code = vault_read(reader, piece, sizeof piece, &length, err);
        if (code != OK)
            break;
        assert_true(total + length <= LARGEST);
        assert_memory_equal(piece, room->content + total, length);
        total += length;
    }
    vault_reader_close(reader);
    *ret_length = total;
    return code;
}

static void content_of_any_length_comes_back(void **state)
{
    static const size_t LENGTHS[] = {0,         1,         CHUNK - 100,   CHUNK - 1, CHUNK,
                                     CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7, LARGEST};
    Room *room = *state;
    for (size_t i = 0; i < sizeof LENGTHS / sizeof *LENGTHS; i++) {
        Err err = {0};
        VaultSum written = lock(room, LENGTHS[i]), found;
        struct stat status;
        size_t length = 99;
        assert_int_equal(unlock(room, &room->key, &length, &err), OK);
        assert_int_equal(length, LENGTHS[i]);
        assert_int_equal(vault_sum(room->file, &found, &err), OK);
        assert_string_equal(found.sha256, written.sha256);
        assert_int_equal(found.bytes, written.bytes);
        assert_int_equal(stat(room->file, &status), 0);
        assert_int_equal(status.st_size, written.bytes);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
}

/* Every length at which a file can be cut near the edges of its chunks, and many in between. */
static void cut_vault_does_not_open_to_its_end(void **state)
{
    Room *room = *state;
    VaultSum whole = lock(room, 2 * CHUNK + 500);
    int64_t step = 1;
    for (int64_t cut = whole.bytes - 1; cut >= 0; cut -= step, step = step < 997 ? step + 7 : 997) {
        Err err = {0};
        size_t length;
        assert_int_equal(truncate(room->file, cut), 0);
        assert_int_equal(unlock(room, &room->key, &length, &err), ERR_SEAL);
    }
}

static void changed_or_continued_vault_does_not_open(void **state)
{
    Room *room = *state;
    VaultSum whole = lock(room, CHUNK + 300);
    for (int64_t at = 0; at <= whole.bytes; at += at == whole.bytes ? 1 : 211) {
        Err err = {0};
        size_t length;
        FILE *file = fopen(room->file, "r+e");
        assert_non_null(file);
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        int old = fgetc(file);
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        fputc(old == EOF ? 0 : old ^ 4, file);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(unlock(room, &room->key, &length, &err), ERR_SEAL);
        if (old == EOF)
            continue;
        file = fopen(room->file, "r+e");
        assert_non_null(file);
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        fputc(old, file);
        assert_int_equal(fclose(file), 0);
        if (at + 211 > whole.bytes && at < whole.bytes)
            at = whole.bytes - 211; /* the last round continues it */
    }
}

static void another_key_does_not_open_it(void **state)
{
    Room *room = *state;
    Err err = {0};
    VaultKey other, read_back;
    size_t length;
    char secret[128], open_half[128];
    snprintf(secret, sizeof secret, "%s/other", room->folder);
    snprintf(open_half, sizeof open_half, "%s/other.pub", room->folder);
    lock(room, 1000);
    assert_int_equal(vault_key_make(secret, open_half, &other, &err), OK);
    assert_int_equal(unlock(room, &other, &length, &err), ERR_SEAL);
    assert_non_null(strstr(err.text, "does not open with this key"));
    assert_int_equal(vault_key_read_secret(room->secret, &read_back, &err), OK);
    assert_int_equal(unlock(room, &read_back, &length, &err), OK);
    assert_int_equal(length, 1000);
    unlink(secret);
    unlink(open_half);
}

static void key_files_are_told_apart_and_kept_from_others(void **state)
{
    Room *room = *state;
    Err err = {0};
    VaultKey key;
    struct stat status;
    assert_int_equal(stat(room->secret, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(vault_key_read_public(room->open_half, &key, &err), OK);
    assert_memory_equal(key.public_half, room->key.public_half, VAULT_KEY_BYTES);
    assert_int_equal(vault_key_read_public(room->secret, &key, &err), ERR_SEAL);
    assert_int_equal(vault_key_read_secret(room->open_half, &key, &err), ERR_SEAL);
    assert_int_equal(chmod(room->secret, 0640), 0);
    assert_int_equal(vault_key_read_secret(room->secret, &key, &err), ERR_SEAL);
    assert_non_null(strstr(err.text, "can be read by others"));
    assert_int_equal(chmod(room->secret, 0600), 0);
    assert_int_equal(vault_key_make(room->secret, "/tmp/talent-never-made.pub", &key, &err),
                     ERR_IO);
    assert_int_equal(access("/tmp/talent-never-made.pub", F_OK), -1);
    assert_int_equal(vault_key_read_secret(room->secret, &key, &err), OK); /* it still stands */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_of_any_length_comes_back),
        cmocka_unit_test(cut_vault_does_not_open_to_its_end),
        cmocka_unit_test(changed_or_continued_vault_does_not_open),
        cmocka_unit_test(another_key_does_not_open_it),
        cmocka_unit_test(key_files_are_told_apart_and_kept_from_others),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
