/* A plane file is what was written, or it is no file. */
#include "policy/plane_file.h"

#include "people/crowd.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEOPLE = 4096, WOUNDS = 6000 };

static int file_setup(void **state)
{
    char *path = strdup("/tmp/talent-planes-XXXXXX");
    int file = path ? mkstemp(path) : -1;
    if (file < 0)
        return -1;
    close(file);
    *state = path;
    return 0;
}

static int file_teardown(void **state)
{
    int code = unlink(*state);
    free(*state);
    return code;
}

static PlaneSet *set_of(const PlaneLayout *layout, Crowd *crowd)
{
    PlaneRow *rows = calloc(PEOPLE, sizeof *rows);
    PlaneSet *set = plane_set_new(layout);
    assert_non_null(rows);
    for (int i = 0; i < PEOPLE; i++) {
        rows[i].person = i + 1;
        for (size_t k = 0; k < layout->count; k++)
            rows[i].codes[k] = crowd_below(crowd, plane_top(&layout->columns[k]) + 1);
    }
    plane_set_put(set, rows, PEOPLE);
    free(rows);
    return set;
}

static ErrCode save(const char *path, const PlaneSet *set, Err *err)
{
    const PlaneMark mark = {.version = 7, .build = 1};
    return plane_file_save(path, set, &mark, err);
}

static void file_write(const char *path, const PlaneLayout *layout, Crowd *crowd)
{
    Err err = {0};
    PlaneSet *set = set_of(layout, crowd);
    assert_ok(save(path, set, &err), &err);
    plane_set_free(set);
}

static bool file_holds(const char *path, const PlaneLayout *layout)
{
    PlaneMark mark;
    PlaneSet *set;
    if (!plane_file_load(path, layout, &mark, &set))
        return false;
    plane_check_all(set);
    bool whole = !set->damaged;
    plane_set_free(set);
    return whole;
}

/* The blocks are what is behind the header, the runs and the sums; before them lie gaps of zeros that
 * nobody reads. */
static void a_bit_that_turned_in_any_plane_is_told(void **state)
{
    const char *path = *state;
    AUTO_ARENA arena = arena_new(0);
    PlaneLayout layout;
    Crowd crowd = {.state = test_seed()};
    layout_widest(arena, &layout);
    file_write(path, &layout, &crowd);
    assert_true(file_holds(path, &layout));
    size_t bytes = (size_t)layout.planes * BLOCK_WORDS * sizeof(uint64_t);
    int file = open(path, O_RDWR);
    off_t blocks = lseek(file, 0, SEEK_END) - (off_t)bytes;
    assert_true(blocks > 0);
    for (int i = 0; i < WOUNDS; i++) {
        /* Mostly a word's last byte: what is done to it moves sums in their high bits alone. */
        size_t place = crowd_below(&crowd, (unsigned)bytes) | (i % 4 ? 7 : 0);
        uint8_t byte, wound;
        assert_int_equal(pread(file, &byte, 1, blocks + (off_t)place), 1);
        wound = byte ^ (uint8_t)(1 + crowd_below(&crowd, 255));
        assert_int_equal(pwrite(file, &wound, 1, blocks + (off_t)place), 1);
        if (file_holds(path, &layout))
            fail_msg("byte %zu was %02x, is %02x, and nobody saw it", place, byte, wound);
        assert_int_equal(pwrite(file, &byte, 1, blocks + (off_t)place), 1);
    }
    close(file);
    assert_true(file_holds(path, &layout));
}

static void turn_byte(const char *path, off_t at)
{
    uint8_t byte;
    int file = open(path, O_RDWR);
    assert_true(file >= 0);
    assert_int_equal(pread(file, &byte, 1, at), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(file, &byte, 1, at), 1);
    close(file);
}

/* What is damaged in its first pages, cut, longer than it says, or no file at all. */
static void what_is_not_whole_is_no_file(void **state)
{
    enum { MAGIC_AT = 0, HEADER_AT = 40, RUNS_AT = 4096 };
    const char *path = *state;
    AUTO_ARENA arena = arena_new(0);
    const char *link = arena_printf(arena, "%s.link", path),
               *folder = arena_printf(arena, "%s.folder", path);
    static const off_t WOUNDED[] = {MAGIC_AT, HEADER_AT, RUNS_AT};
    PlaneLayout layout;
    Crowd crowd = {.state = test_seed()};
    layout_widest(arena, &layout);
    file_write(path, &layout, &crowd);
    for (size_t i = 0; i < sizeof WOUNDED / sizeof *WOUNDED; i++) {
        turn_byte(path, WOUNDED[i]);
        assert_false(file_holds(path, &layout));
        turn_byte(path, WOUNDED[i]);
        assert_true(file_holds(path, &layout));
    }
    struct stat status;
    assert_int_equal(symlink(path, link), 0);
    assert_false(file_holds(link, &layout));
    assert_int_equal(unlink(link), 0);
    assert_int_equal(stat(path, &status), 0);
    const off_t lengths[] = {status.st_size + 1, status.st_size - 1, 100, 0};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        assert_int_equal(truncate(path, lengths[i]), 0);
        assert_false(file_holds(path, &layout));
    }
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_false(file_holds(folder, &layout));
    assert_int_equal(rmdir(folder), 0);
    assert_false(file_holds(folder, &layout));
}

/* Whole, and by another program: other words, more planes, wider ones, more slots than blocks hold. */
static void what_another_program_wrote_is_not_read(void **state)
{
    const char *path = *state;
    AUTO_ARENA arena = arena_new(0);
    PlaneLayout layout, other;
    Err err = {0};
    Crowd crowd = {.state = test_seed()};
    layout_widest(arena, &layout);
    file_write(path, &layout, &crowd);
    assert_true(file_holds(path, &layout));
    other = layout;
    other.stamp++;
    assert_false(file_holds(path, &other));
    other = layout;
    other.planes--;
    assert_false(file_holds(path, &other));
    other = layout;
    other.columns[0].width--;
    assert_false(file_holds(path, &other));
    PlaneSet *set = set_of(&layout, &crowd);
    set->slots = BLOCK_PEOPLE + 1;
    assert_ok(save(path, set, &err), &err);
    assert_false(file_holds(path, &layout));
    plane_set_free(set);
}

static void what_cannot_be_written_is_said_and_leaves_what_was(void **state)
{
    const char *path = *state;
    AUTO_ARENA arena = arena_new(0);
    PlaneLayout layout;
    Err err = {0};
    Crowd crowd = {.state = test_seed()};
    layout_widest(arena, &layout);
    file_write(path, &layout, &crowd);
    PlaneSet *set = set_of(&layout, &crowd);
    char *longest = arena_alloc(arena, PATH_MAX + 1);
    memset(longest, 'x', PATH_MAX);
    assert_int_equal(save(longest, set, &err), ERR_IO);
    assert_memory_equal(err.text, "the name of 'xxx", 16);
    assert_int_equal(save("/nowhere/planes", set, &err), ERR_IO);
    assert_string_equal(err.text, "cannot write '/nowhere/planes.new': No such file or directory");
    const char *folder = arena_printf(arena, "%s.folder", path);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(save(folder, set, &err), ERR_IO);
    assert_int_equal(access(arena_printf(arena, "%s.new", folder), F_OK), -1);
    assert_int_equal(rmdir(folder), 0);
    struct rlimit before;
    static const rlim_t ROOMS[] = {0, 6000, 100000}; /* bytes that a file may have */
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < sizeof ROOMS / sizeof *ROOMS; i++) {
        const struct rlimit room = {.rlim_cur = ROOMS[i], .rlim_max = before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &room), 0);
        ErrCode code = save(path, set, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(code, ERR_IO);
        assert_int_equal(access(arena_printf(arena, "%s.new", path), F_OK), -1);
        assert_true(file_holds(path, &layout));
    }
    signal(SIGXFSZ, SIG_DFL);
    plane_set_free(set);
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, file_setup, file_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(a_bit_that_turned_in_any_plane_is_told),
        WITH_FILE(what_is_not_whole_is_no_file),
        WITH_FILE(what_another_program_wrote_is_not_read),
        WITH_FILE(what_cannot_be_written_is_said_and_leaves_what_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
