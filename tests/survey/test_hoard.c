/* tests/survey/test_hoard.c: what was added is read again, from memory or from the sealed file. */
#include "survey/hoard.h"

#include "base/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { RECORD_BYTES = 16 };

/* The record of a number, readable and different from every other. */
static void record(uint64_t number, char *out)
{
    snprintf(out, RECORD_BYTES + 1, "<%014llu>", (unsigned long long)number);
}

static void add_records(Hoard *hoard, uint64_t count)
{
    Err err;
    for (uint64_t number = 0; number < count; number++) {
        char bytes[RECORD_BYTES + 1];
        record(number, bytes);
        assert_int_equal(hoard_add(hoard, bytes, RECORD_BYTES, &err), OK);
    }
}

static void assert_record(Hoard *hoard, uint64_t number)
{
    Err err;
    char expected[RECORD_BYTES + 1];
    const char *bytes = NULL;
    record(number, expected);
    assert_int_equal(hoard_read(hoard, number * RECORD_BYTES, RECORD_BYTES, &bytes, &err), OK);
    assert_memory_equal(bytes, expected, RECORD_BYTES);
}

static void few_bytes_stay_in_memory(void **state)
{
    (void)state;
    Hoard hoard = {.bytes = NULL};
    add_records(&hoard, 10000);
    assert_null(hoard.file);
    for (uint64_t number = 0; number < 10000; number += 7)
        assert_record(&hoard, number);
    hoard_done(&hoard);
    assert_null(hoard.bytes);
}

static void many_bytes_come_back_from_the_file_in_any_order(void **state)
{
    (void)state;
    const uint64_t count = 2 * (uint64_t)HOARD_MEMORY_BYTES / RECORD_BYTES + 3;
    Hoard hoard = {.bytes = NULL};
    add_records(&hoard, count);
    assert_non_null(hoard.file);
    assert_true(hoard.capacity <= HOARD_MEMORY_BYTES);
    for (uint64_t number = 0; number < count; number += 101)
        assert_record(&hoard, number);
    for (uint64_t n = 0; n < 100000; n++)
        assert_record(&hoard, n * 2654435761 % count);
    assert_record(&hoard, count - 1);

    Err err;
    const char *bytes = NULL;
    size_t length = HOARD_READ_BYTES_MAX / RECORD_BYTES * RECORD_BYTES;
    assert_int_equal(hoard_read(&hoard, 1600, length, &bytes, &err), OK); /* over many pages */
    for (uint64_t number = 100; number < 100 + length / RECORD_BYTES; number++) {
        char expected[RECORD_BYTES + 1];
        record(number, expected);
        assert_memory_equal(bytes + (number - 100) * RECORD_BYTES, expected, RECORD_BYTES);
    }
    hoard_done(&hoard);
}

/* The newest file without a name among this process's descriptors: the hoard's. */
static int hoard_descriptor(void)
{
    for (int fd = 1023; fd > 2; fd--) {
        char link[32], path[4096];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, path, sizeof path - 1);
        path[length > 0 ? length : 0] = '\0';
        struct stat status;
        if (strstr(path, " (deleted)") && fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
            return fd;
    }
    return -1;
}

static void nothing_readable_is_on_disk(void **state)
{
    (void)state;
    Hoard hoard = {.bytes = NULL};
    add_records(&hoard, (uint64_t)HOARD_MEMORY_BYTES / RECORD_BYTES + 1);
    assert_record(&hoard, 1);
    int fd = hoard_descriptor();
    assert_true(fd > 2);
    static char bytes[1 << 20];
    assert_int_equal(pread(fd, bytes, sizeof bytes, 0), sizeof bytes);
    assert_null(memmem(bytes, sizeof bytes, "<0000000", 8));
    assert_null(memmem(bytes, sizeof bytes, "00000000", 8));
    hoard_done(&hoard);
    assert_int_equal(hoard_descriptor(), -1);
}

static void a_folder_that_cannot_be_written_is_told(void **state)
{
    (void)state;
    const char *before = getenv("TMPDIR");
    char *kept = before ? strdup(before) : NULL;
    Hoard hoard = {.bytes = NULL};
    Err err = {.code = OK};
    static char bytes[1 << 20];
    setenv("TMPDIR", "/nonexistent", 1);
    for (int i = 0; i < 64 && err.code == OK; i++)
        if (hoard_add(&hoard, bytes, sizeof bytes, &err) != OK)
            break;
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.text, "cannot make a file in '/nonexistent'"));
    hoard_done(&hoard);
    if (kept)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_bytes_stay_in_memory),
        cmocka_unit_test(many_bytes_come_back_from_the_file_in_any_order),
        cmocka_unit_test(nothing_readable_is_on_disk),
        cmocka_unit_test(a_folder_that_cannot_be_written_is_told),
    };
    lang_set("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
