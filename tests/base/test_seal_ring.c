/* tests/base/test_seal_ring.c: the key file, and a sealer under which the key is changed. */
#include "base/seal.h"
#include "base/seal_ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Room {
    Arena *arena;
    char folder[64], file[96];
} Room;

static int setup(void **state)
{
    static Room room;
    room = (Room){.arena = arena_new(0), .folder = "/tmp/talent-ring-XXXXXX"};
    if (!mkdtemp(room.folder))
        return -1;
    snprintf(room.file, sizeof room.file, "%s/seal.key", room.folder);
    *state = &room;
    return 0;
}

static int teardown(void **state)
{
    Room *room = *state;
    arena_free(room->arena);
    unlink(room->file);
    return rmdir(room->folder);
}

static Sealer *fresh_sealer(Room *room)
{
    Err err = {0};
    Sealer *sealer;
    unlink(room->file);
    assert_int_equal(sealer_open(room->file, true, &sealer, &err), OK);
    return sealer;
}

static SealRing ring_of(Room *room)
{
    Err err = {0};
    SealRing ring;
    assert_int_equal(seal_ring_read(room->file, &ring, &err), OK);
    return ring;
}

static void ring_to(Room *room, const SealRing *ring)
{
    Err err = {0};
    assert_int_equal(seal_ring_write(room->file, ring, &err), OK);
}

static void key_changes_step_by_step_and_comes_back_from_the_file(void **state)
{
    Room *room = *state;
    Err err = {0};
    sealer_free(fresh_sealer(room));
    SealRing ring = ring_of(room), again;
    assert_int_equal(ring.count, 1);
    assert_int_equal(ring.keys[0].number, 1);
    assert_int_equal(seal_ring_prepare(&ring, &err), OK);
    assert_int_equal(seal_ring_use(&ring, SEAL_KEY_SEALS)->number, 1);
    assert_int_equal(seal_ring_use(&ring, SEAL_KEY_PREPARED)->number, 2);
    ring_to(room, &ring);
    again = ring_of(room);
    assert_memory_equal(&again, &ring, sizeof ring);
    seal_ring_advance(&ring);
    assert_int_equal(seal_ring_use(&ring, SEAL_KEY_SEALS)->number, 2);
    assert_true(ring.unfinished);
    ring_to(room, &ring);
    again = ring_of(room);
    assert_memory_equal(&again, &ring, sizeof ring);
    seal_ring_drop_old(&ring);
    assert_int_equal(ring.count, 1);
    assert_null(seal_ring_find(&ring, 1));
    struct stat status;
    assert_int_equal(stat(room->file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void numbers_go_round_and_none_is_used_twice(void **state)
{
    Room *room = *state;
    Err err = {0};
    sealer_free(fresh_sealer(room));
    SealRing ring = ring_of(room);
    for (int change = 0; change < 300; change++) {
        assert_int_equal(seal_ring_prepare(&ring, &err), OK);
        const SealKey *fresh = seal_ring_use(&ring, SEAL_KEY_PREPARED);
        assert_true(fresh->number >= 1);
        for (size_t i = 0; i + 1 < ring.count; i++)
            assert_int_not_equal(ring.keys[i].number, fresh->number);
        seal_ring_advance(&ring);
        if (ring.count == SEAL_RING_KEYS) {
            assert_int_equal(seal_ring_prepare(&ring, &err), ERR_LIMIT);
            seal_ring_drop_old(&ring);
        }
    }
}

static void damaged_file_is_refused(void **state)
{
    static const char *const DAMAGES[] = {
        "", "talent sealing keys", "seal 0 ", "seal 256 seals ", "seal 7 no", "unfinished\nseal"};
    Room *room = *state;
    Err err = {0};
    sealer_free(fresh_sealer(room));
    SealRing ring = ring_of(room), got;
    assert_int_equal(seal_ring_prepare(&ring, &err), OK);
    seal_ring_advance(&ring);
    ring_to(room, &ring);
    char text[2048];
    FILE *file = fopen(room->file, "re");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    /* cut anywhere but before the word that tells only that the change goes on */
    size_t words = length - strlen("unfinished\n");
    for (size_t cut = 0; cut < length; cut++) {
        if (cut == words)
            continue;
        file = fopen(room->file, "we");
        fwrite(text, 1, cut, file);
        fclose(file);
        ErrCode code = seal_ring_read(room->file, &got, &err);
        if (code != ERR_SEAL && cut != SEAL_KEY_BYTES) /* 32 bytes are a key of the first kind */
            fail_msg("cut at %zu was not seen", cut);
    }
    for (size_t i = 0; i < sizeof DAMAGES / sizeof *DAMAGES; i++) {
        file = fopen(room->file, "we");
        fprintf(file, "%s%s", text, DAMAGES[i]);
        fclose(file);
        assert_int_equal(seal_ring_read(room->file, &got, &err), *DAMAGES[i] ? ERR_SEAL : OK);
    }
    ring_to(room, &ring);
    assert_int_equal(chmod(room->file, 0644), 0);
    assert_int_equal(seal_ring_read(room->file, &got, &err), ERR_SEAL);
}

/* A program that runs meanwhile: it opens values of a key that it was not started with, seals with
 * it a second later, and finds people by the same hashes all the while. */
static void key_is_changed_under_a_sealer_that_is_open(void **state)
{
    Room *room = *state;
    Err err = {0};
    uint8_t hash[SEAL_HASH_BYTES], hash_later[SEAL_HASH_BYTES];
    size_t old_length, length;
    char *plain;
    Sealer *running = fresh_sealer(room), *later;
    seal_hash(running, "id", "11010519491231002X", hash);
    const uint8_t *old = seal(running, room->arena, "old", 3, &old_length);
    const char *name = sealer_name(running, room->arena);
    SealRing ring = ring_of(room);
    assert_int_equal(seal_ring_prepare(&ring, &err), OK);
    seal_ring_advance(&ring);
    ring_to(room, &ring);
    assert_int_equal(sealer_open(room->file, false, &later, &err), OK);
    const uint8_t *fresh = seal(later, room->arena, "fresh", 5, &length);
    assert_int_equal(sealed_number(old, old_length), 1);
    assert_int_equal(sealed_number(fresh, length), 2);
    assert_int_equal(unseal(running, room->arena, fresh, length, &plain, &err), OK);
    assert_string_equal(plain, "fresh");
    assert_int_equal(unseal(later, room->arena, old, old_length, &plain, &err), OK);
    assert_string_equal(plain, "old");
    assert_int_equal(sealer_number(running), 2);
    seal_hash(later, "id", "11010519491231002X", hash_later);
    assert_memory_equal(hash, hash_later, sizeof hash);
    assert_string_not_equal(sealer_name(later, room->arena), name);
    /* a third key: seen by looking at the file, without a value that asks for it */
    assert_int_equal(seal_ring_prepare(&ring, &err), OK);
    seal_ring_advance(&ring);
    seal_ring_drop_old(&ring);
    ring_to(room, &ring);
    usleep(1100 * 1000);
    assert_int_equal(sealer_number(later), 3);
    assert_int_equal(unseal(later, room->arena, fresh, length, &plain, &err), ERR_SEAL);
    /* a file that cannot be read changes nothing */
    unlink(room->file);
    usleep(1100 * 1000);
    assert_int_equal(sealer_number(later), 3);
    sealer_free(running);
    sealer_free(later);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_changes_step_by_step_and_comes_back_from_the_file),
        cmocka_unit_test(numbers_go_round_and_none_is_used_twice),
        cmocka_unit_test(damaged_file_is_refused),
        cmocka_unit_test(key_is_changed_under_a_sealer_that_is_open),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
