/* A plane file is what was written, or it is no file. */
#include "policy/plane_file.h"

#include "people/crowd.h"

#include <fcntl.h>
#include <stdlib.h>
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

static void file_write(const char *path, const PlaneLayout *layout, Crowd *crowd)
{
    Err err = {0};
    PlaneMark mark = {.version = 7, .build = 1};
    PlaneRow *rows = calloc(PEOPLE, sizeof *rows);
    PlaneSet *set = plane_set_new(layout);
    assert_non_null(rows);
    for (int i = 0; i < PEOPLE; i++) {
        rows[i].person = i + 1;
        for (size_t k = 0; k < layout->count; k++)
            rows[i].codes[k] = crowd_below(crowd, plane_top(&layout->columns[k]) + 1);
    }
    plane_set_put(set, rows, PEOPLE);
    assert_ok(plane_file_save(path, set, &mark, &err), &err);
    plane_set_free(set);
    free(rows);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_bit_that_turned_in_any_plane_is_told, file_setup,
                                        file_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
