/* tests/base/test_seal.c: sealed values open only whole, with their own key. */
#include "base/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Vault {
    Arena *arena;
    Sealer *sealer;
    char folder[64], key[96];
} Vault;

static int vault_setup(void **state)
{
    static Vault vault;
    vault = (Vault){.arena = arena_new(0), .folder = "/tmp/talent-seal-XXXXXX"};
    if (!mkdtemp(vault.folder))
        return -1;
    snprintf(vault.key, sizeof vault.key, "%s/talent.key", vault.folder);
    Err err = {0};
    *state = &vault;
    return sealer_open(vault.key, true, &vault.sealer, &err) == OK ? 0 : -1;
}

static int vault_teardown(void **state)
{
    Vault *vault = *state;
    sealer_free(vault->sealer);
    arena_free(vault->arena);
    unlink(vault->key);
    return rmdir(vault->folder); /* fails when sealing left a file behind */
}

static void what_is_sealed_opens_again(void **state)
{
    Vault *vault = *state;
    static const char *const VALUES[] = {"", "13800138000", "11010519491231002X", "欧阳·锋"};
    for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++) {
        size_t length = 0;
        Err err = {0};
        char *plain = NULL;
        uint8_t *sealed = seal(vault->sealer, vault->arena, VALUES[i], strlen(VALUES[i]), &length);
        assert_int_equal(length, strlen(VALUES[i]) + SEAL_OVERHEAD_BYTES);
        assert_int_equal(unseal(vault->sealer, vault->arena, sealed, length, &plain, &err), OK);
        assert_string_equal(plain, VALUES[i]);
        assert_null(strlen(VALUES[i]) > 4 ? memmem(sealed, length, VALUES[i], 5) : NULL);
    }
}

static void nothing_unseals_to_nothing(void **state)
{
    Vault *vault = *state;
    Err err = {0};
    char *plain = (char *)state;
    assert_int_equal(unseal(vault->sealer, vault->arena, NULL, 0, &plain, &err), OK);
    assert_null(plain);
}

static void the_same_value_never_looks_the_same(void **state)
{
    Vault *vault = *state;
    size_t a = 0, b = 0;
    uint8_t *first = seal(vault->sealer, vault->arena, "13800138000", 11, &a);
    uint8_t *second = seal(vault->sealer, vault->arena, "13800138000", 11, &b);
    assert_int_equal(a, b);
    assert_memory_not_equal(first, second, a);
}

static void every_flipped_bit_and_every_cut_is_noticed(void **state)
{
    Vault *vault = *state;
    size_t length = 0;
    uint8_t *sealed = seal(vault->sealer, vault->arena, "13800138000", 11, &length);
    for (size_t bit = 0; bit < length * 8; bit++) {
        Err err = {0};
        char *plain = NULL;
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(unseal(vault->sealer, vault->arena, sealed, length, &plain, &err),
                         ERR_SEAL);
        assert_null(plain);
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t cut = 1; cut < length; cut++) {
        Err err = {0};
        char *plain = NULL;
        assert_int_equal(unseal(vault->sealer, vault->arena, sealed, cut, &plain, &err), ERR_SEAL);
    }
}

static void another_key_does_not_open(void **state)
{
    Vault *vault = *state;
    char key[128];
    snprintf(key, sizeof key, "%s/other.key", vault->folder);
    Err err = {0};
    Sealer *other = NULL;
    assert_int_equal(sealer_open(key, true, &other, &err), OK);
    size_t length = 0;
    char *plain = NULL;
    uint8_t *sealed = seal(vault->sealer, vault->arena, "13800138000", 11, &length);
    assert_int_equal(unseal(other, vault->arena, sealed, length, &plain, &err), ERR_SEAL);
    assert_string_equal(err.text, "a sealed value does not open with this key");
    assert_string_equal(err.hint, "the key file and the base must belong together");
    uint8_t ours[SEAL_HASH_BYTES], theirs[SEAL_HASH_BYTES];
    seal_hash(vault->sealer, "id", "1", ours);
    seal_hash(other, "id", "1", theirs);
    assert_memory_not_equal(ours, theirs, SEAL_HASH_BYTES);
    sealer_free(other);
    unlink(key);
}

static void the_key_file_belongs_to_one_user_and_stays(void **state)
{
    Vault *vault = *state;
    struct stat status;
    assert_int_equal(stat(vault->key, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    uint8_t before[SEAL_HASH_BYTES], after[SEAL_HASH_BYTES];
    Err err = {0};
    Sealer *again = NULL;
    assert_int_equal(sealer_open(vault->key, true, &again, &err), OK);
    seal_hash(vault->sealer, "id", "x", before);
    seal_hash(again, "id", "x", after);
    assert_memory_equal(before, after, SEAL_HASH_BYTES);
    sealer_free(again);
}

static void a_key_that_others_can_read_is_refused(void **state)
{
    Vault *vault = *state;
    static const mode_t LOOSE[] = {0640, 0604, 0620, 0602, 0666};
    for (size_t i = 0; i < sizeof LOOSE / sizeof *LOOSE; i++) {
        Err err = {0};
        Sealer *sealer = NULL;
        chmod(vault->key, LOOSE[i]);
        ErrCode code = sealer_open(vault->key, true, &sealer, &err);
        chmod(vault->key, 0600);
        assert_int_equal(code, ERR_SEAL);
        assert_null(sealer);
        assert_non_null(strstr(err.text, "can be read by others"));
        assert_non_null(strstr(err.hint, "chmod 600 '"));
    }
}

static void a_missing_or_torn_key_is_never_replaced(void **state)
{
    Vault *vault = *state;
    char key[128];
    snprintf(key, sizeof key, "%s/none.key", vault->folder);
    Err err = {0};
    Sealer *sealer = NULL;
    assert_int_equal(sealer_open(key, false, &sealer, &err), ERR_SEAL);
    assert_non_null(strstr(err.text, "none.key' is missing"));
    assert_int_not_equal(access(key, F_OK), 0);
    FILE *file = fopen(key, "we");
    fputs("too short", file);
    fclose(file);
    chmod(key, 0600);
    assert_int_equal(sealer_open(key, true, &sealer, &err), ERR_SEAL);
    assert_non_null(strstr(err.text, "is damaged: 32 bytes were expected"));
    unlink(key);
    assert_int_equal(sealer_open("/nowhere/x/talent.key", true, &sealer, &err), ERR_IO);
}

static void hashes_depend_on_domain_and_value(void **state)
{
    Vault *vault = *state;
    uint8_t id[SEAL_HASH_BYTES], phone[SEAL_HASH_BYTES], again[SEAL_HASH_BYTES],
        glued[SEAL_HASH_BYTES];
    seal_hash(vault->sealer, "id", "13800138000", id);
    seal_hash(vault->sealer, "id", "13800138000", again);
    seal_hash(vault->sealer, "phone", "13800138000", phone);
    assert_memory_equal(id, again, SEAL_HASH_BYTES);
    assert_memory_not_equal(id, phone, SEAL_HASH_BYTES);
    seal_hash(vault->sealer, "i", "d13800138000", glued);
    assert_memory_not_equal(id, glued, SEAL_HASH_BYTES);
}

static void hex_and_sha256_are_the_standard_ones(void **state)
{
    Vault *vault = *state;
    char hash[65];
    seal_sha256_hex("abc", 3, hash); /* FIPS 180-4, example */
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(seal_hex(vault->arena, "\x00\xFFz", 3), "00ff7a");
    uint8_t one[32] = {0}, two[32] = {0};
    seal_random(one, sizeof one);
    seal_random(two, sizeof two);
    assert_memory_not_equal(one, two, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens_again),
        cmocka_unit_test(nothing_unseals_to_nothing),
        cmocka_unit_test(the_same_value_never_looks_the_same),
        cmocka_unit_test(every_flipped_bit_and_every_cut_is_noticed),
        cmocka_unit_test(another_key_does_not_open),
        cmocka_unit_test(the_key_file_belongs_to_one_user_and_stays),
        cmocka_unit_test(a_key_that_others_can_read_is_refused),
        cmocka_unit_test(a_missing_or_torn_key_is_never_replaced),
        cmocka_unit_test(hashes_depend_on_domain_and_value),
        cmocka_unit_test(hex_and_sha256_are_the_standard_ones),
    };
    return cmocka_run_group_tests(tests, vault_setup, vault_teardown);
}
