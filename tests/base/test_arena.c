/* tests/base/test_arena.c: one owner, one end, a ceiling that ends the process. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void memory_is_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    unsigned char *previous = NULL;
    for (size_t bytes = 1; bytes < 3000; bytes += 7) {
        unsigned char *memory = arena_alloc(arena, bytes);
        assert_int_equal((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAB, bytes);
        assert_ptr_not_equal(memory, previous);
        previous = memory;
    }
}

static void reset_gives_zeroed_memory_again(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    memset(arena_alloc(arena, 4096), 0xFF, 4096);
    memset(arena_alloc(arena, 1 << 20), 0xFF, 1 << 20);
    assert_true(arena_used_bytes(arena) >= (1 << 20) + 4096);
    arena_reset(arena);
    assert_int_equal(arena_used_bytes(arena), 0);
    const unsigned char *memory = arena_alloc(arena, 4096);
    for (size_t i = 0; i < 4096; i++)
        assert_int_equal(memory[i], 0);
}

static void texts_are_copies(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    char text[] = "东莞";
    char *copy = arena_strdup(arena, text), *part = arena_strndup(arena, text, 3);
    text[0] = 'x';
    assert_string_equal(copy, "东莞");
    assert_string_equal(part, "东");
    assert_string_equal(arena_printf(arena, "%s %d%%", copy, 45), "东莞 45%");
    int numbers[3] = {1, 2, 3};
    assert_memory_equal(arena_memdup(arena, numbers, sizeof numbers), numbers, sizeof numbers);
    assert_non_null(arena_memdup(arena, NULL, 0));
}

static void text_longer_than_a_chunk_fits(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    size_t length = 10u << 20;
    char *large = arena_alloc(arena, length + 1);
    memset(large, 'a', length);
    char *copy = arena_printf(arena, "%s!", large);
    assert_int_equal(strlen(copy), length + 1);
    assert_int_equal(copy[length], '!');
}

/* A process of its own ends by it, with one line. */
static void assert_ends(void (*body)(void), const char *line)
{
    int channel[2];
    assert_int_equal(pipe(channel), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(channel[1], STDERR_FILENO);
        close(channel[0]);
        body();
        _exit(0);
    }
    close(channel[1]);
    char said[200] = "";
    ssize_t length = read(channel[0], said, sizeof said - 1);
    close(channel[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_true(length > 0);
    assert_string_equal(said, line);
}

static void go_over_the_ceiling(void)
{
    Arena *arena = arena_new(1 << 20);
    for (;;)
        arena_alloc(arena, 10000);
}

static void hold_nothing(void)
{
    (void)memory_held(NULL);
}

static void going_over_the_ceiling_ends_the_process_with_one_line(void **state)
{
    (void)state;
    assert_ends(go_over_the_ceiling, "talent: out of memory: cannot hold 10000 more bytes\n");
}

static void memory_that_was_not_got_ends_the_process(void **state)
{
    (void)state;
    char byte;
    assert_ptr_equal(memory_held(&byte), &byte);
    assert_ends(hold_nothing, "talent: out of memory\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_zeroed_and_apart),
        cmocka_unit_test(reset_gives_zeroed_memory_again),
        cmocka_unit_test(texts_are_copies),
        cmocka_unit_test(text_longer_than_a_chunk_fits),
        cmocka_unit_test(going_over_the_ceiling_ends_the_process_with_one_line),
        cmocka_unit_test(memory_that_was_not_got_ends_the_process),
    };
    arena_free(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
