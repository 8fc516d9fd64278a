/* tests/data/test_generate.c: what the generator promises to everyone who builds on it. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/date.h"

#include <dirent.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define GENERATE TALENT_BINARY "/tests/data/talent-generate"

typedef struct Desk {
    Arena *arena;
    char folder[64];
} Desk;

static int desk_setup(void **state)
{
    static Desk desk;
    desk = (Desk){.arena = arena_new(0), .folder = "/tmp/talent-generate-XXXXXX"};
    *state = &desk;
    return mkdtemp(desk.folder) ? 0 : -1;
}

static void folder_remove(Arena *arena, const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' && unlink(path) != 0)
            folder_remove(arena, path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

static int desk_teardown(void **state)
{
    Desk *desk = *state;
    folder_remove(desk->arena, desk->folder);
    arena_free(desk->arena);
    return 0;
}

static const char *file_read(Arena *arena, const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    AUTO_BUFFER bytes = BUFFER((size_t)1 << 28);
    char piece[65536];
    size_t length;
    while ((length = fread(piece, 1, sizeof piece, file)) > 0)
        buffer_add(&bytes, piece, length);
    fclose(file);
    *ret_length = bytes.length;
    return arena_memdup(arena, buffer_string(&bytes), bytes.length + 1);
}

/* Runs the generator with these words; returns the summary that it prints. */
static json_t *generate(Arena *arena, const char *words)
{
    FILE *said = popen(arena_printf(arena, "%s %s", GENERATE, words), "r");
    assert_non_null(said);
    json_error_t failure;
    json_t *summary = json_loadf(said, 0, &failure);
    assert_int_equal(pclose(said), 0);
    assert_non_null(summary);
    return summary;
}

static json_int_t number(const json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    Desk *desk = *state;
    static const char *const FOLDERS[] = {"a", "b"};
    for (int i = 0; i < 2; i++) {
        json_decref(generate(desk->arena, arena_printf(desk->arena, "--seed 7 --people 300 %s/%s",
                                                       desk->folder, FOLDERS[i])));
        sleep(i == 0); /* a clock that got in would show */
    }
    json_t *other = generate(desk->arena,
                             arena_printf(desk->arena, "--seed 8 --people 300 %s/c", desk->folder));
    json_t *files = json_object_get(other, "files");
    assert_int_equal(json_array_size(files), 7);
    for (size_t i = 0; i < json_array_size(files); i++) {
        const char *name = json_string_value(json_object_get(json_array_get(files, i), "file"));
        const char *bytes[3];
        size_t length[3];
        for (int copy = 0; copy < 3; copy++)
            bytes[copy] = file_read(
                desk->arena, arena_printf(desk->arena, "%s/%c/%s", desk->folder, 'a' + copy, name),
                &length[copy]);
        assert_int_equal(length[0], length[1]);
        assert_memory_equal(bytes[0], bytes[1], length[0]);
        assert_false(length[0] == length[2] && memcmp(bytes[0], bytes[2], length[0]) == 0);
    }
    json_decref(other);
}

static void the_summary_ties_out_and_every_kind_of_damage_is_there(void **state)
{
    Desk *desk = *state;
    json_t *summary = generate(desk->arena, arena_printf(desk->arena, "%s/d", desk->folder));
    json_t *file, *kinds = json_object();
    json_int_t rows = 0, broken = 0, spoiled = 0;
    size_t index;
    json_array_foreach(json_object_get(summary, "files"), index, file)
    {
        const char *kind;
        json_t *count;
        rows += number(file, "rows");
        broken += number(file, "broken");
        json_object_foreach(json_object_get(file, "spoiled"), kind, count)
        {
            spoiled += json_integer_value(count);
            json_object_set_new(kinds, kind, json_true());
        }
    }
    assert_true(number(summary, "people") >= 2000);
    assert_int_equal(number(summary, "rows"), rows);
    assert_int_equal(number(summary, "broken"), broken);
    assert_int_equal(spoiled, broken);
    assert_true(broken * 1000 >= rows * 25 && broken * 1000 <= rows * 30);
    assert_int_equal(json_object_size(kinds), 18);
    assert_true(number(summary, "people_sound") < number(summary, "people"));
    assert_true(rows > number(summary, "people")); /* some answer twice */
    json_decref(kinds);
    json_decref(summary);
}

/* GB 11643 once more, by the definition: the weighted sum of all 18 places is 1 modulo 11. */
static bool sound_number(const char *number)
{
    int sum = 0, weight = 1;
    for (int place = 17; place >= 0; place--) {
        int digit = number[place] == 'X' && place == 17 ? 10 : number[place] - '0';
        if (digit < 0 || digit > 10)
            return false;
        sum = (sum + digit * weight) % 11;
        weight = weight * 2 % 11;
    }
    return number[18] == '\0' && sum == 1;
}

static void everyone_has_a_number_that_the_standard_allows(void **state)
{
    Desk *desk = *state;
    const char *secrets = arena_printf(desk->arena, "%s/secrets", desk->folder);
    json_decref(generate(desk->arena,
                         arena_printf(desk->arena, "--broken 0 --people 1000 --secrets %s %s/e",
                                      secrets, desk->folder)));
    size_t length, ids = 0, phones = 0, dots = 0, rare = 0;
    char *rest = arena_strdup(desk->arena, file_read(desk->arena, secrets, &length));
    for (char *line; (line = strsep(&rest, "\n")) && *line;) {
        char *value = strchr(line, ' ') + 1;
        if (strncmp(line, "id ", 3) == 0 && strlen(value) == 18 &&
            strspn(value, "0123456789X") == 18) {
            char day[11];
            Date date;
            snprintf(day, sizeof day, "%.4s-%.2s-%.2s", value + 6, value + 10, value + 12);
            assert_true(sound_number(value));
            assert_true(date_parse(day, &date));
            assert_string_not_equal(value + 15, "000");
            ids++;
        }
        if (strncmp(line, "phone ", 6) == 0) {
            assert_int_equal(strspn(value, "0123456789"), 11);
            assert_int_equal(value[0], '1');
            phones++;
        }
        dots += strncmp(line, "name ", 5) == 0 && strstr(value, "·") != NULL;
        for (const char *c = value; *c; c++)
            rare += (unsigned char)*c == 0xF0; /* a character beyond the basic plane */
    }
    assert_true(ids >= 1000);
    assert_true(phones > 900 && phones < ids);
    assert_true(dots > 0);
    assert_true(rare > 0);
}

static void long_files_hold_the_rows_that_were_asked_for(void **state)
{
    Desk *desk = *state;
    const char *csv = arena_printf(desk->arena, "%s/rows.csv", desk->folder);
    const char *bare = arena_printf(desk->arena, "%s/rows.bare", desk->folder);
    json_t *summary = generate(
        desk->arena, arena_printf(desk->arena, "--rows 5000 --csv %s --bare %s", csv, bare));
    assert_int_equal(number(summary, "rows"), 5000);
    json_decref(summary);
    size_t length, lines = 0;
    const char *bytes = file_read(desk->arena, csv, &length);
    assert_int_equal(strncmp(bytes, "姓名,性别,身份证号码,", strlen("姓名,性别,身份证号码,")), 0);
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    assert_int_equal(lines, 5001);
    size_t fields = 1, rows = 0;
    bytes = file_read(desk->arena, bare, &length);
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\\') {
            i++;
        } else if (bytes[i] == '\t') {
            fields++;
        } else if (bytes[i] == '\n') {
            assert_int_equal(fields, 36); /* the columns of table person */
            fields = 1;
            rows++;
        }
    }
    assert_int_equal(rows, 5000);
}

static void wrong_usage_is_refused(void **state)
{
    Desk *desk = *state;
    static const char *const WRONG[] = {
        "", "--rows 5", "--people 3 /tmp/x", "--nothing", "--rows x --csv /tmp/x", "a b"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        FILE *said = popen(arena_printf(desk->arena, "%s %s 2>/dev/null", GENERATE, WRONG[i]), "r");
        assert_int_equal(WEXITSTATUS(pclose(said)), 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(the_summary_ties_out_and_every_kind_of_damage_is_there),
        cmocka_unit_test(everyone_has_a_number_that_the_standard_allows),
        cmocka_unit_test(long_files_hold_the_rows_that_were_asked_for),
        cmocka_unit_test(wrong_usage_is_refused),
    };
    return cmocka_run_group_tests(tests, desk_setup, desk_teardown);
}
