/* tests/base/test_err.c: one failure, one line, growing outward. */
#include "base/err.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static ErrCode fails(Err *err)
{
    return err_set(err, ERR_INPUT, "row %d is torn", 12);
}

static ErrCode passes_on(bool *ret_reached, Err *err)
{
    TRY(fails(err));
    *ret_reached = true;
    return OK;
}

static void context_grows_outward(void **state)
{
    (void)state;
    Err err = {.db_errno = 7, .hint = "old"};
    bool reached = false;
    assert_int_equal(passes_on(&reached, &err), ERR_INPUT);
    assert_false(reached);
    assert_string_equal(err.hint, "");
    assert_int_equal(err.db_errno, 0);
    assert_int_equal(err_hint(&err, "mend it in %s", "Excel"), ERR_INPUT);
    assert_int_equal(err_wrap(&err, "cannot import '%s'", "a.xlsx"), ERR_INPUT);
    assert_string_equal(err.text, "cannot import 'a.xlsx': row 12 is torn");
    assert_string_equal(err.hint, "mend it in Excel");
}

static void errno_is_put_into_words(void **state)
{
    (void)state;
    Err err = {0};
    assert_int_equal(err_errno(&err, ERR_IO, ENOENT, "cannot read '%s'", "x"), ERR_IO);
    assert_string_equal(err.text, "cannot read 'x': No such file or directory");
}

static void long_texts_are_cut_and_never_overrun(void **state)
{
    (void)state;
    static char longer[3000];
    memset(longer, 'a', sizeof longer - 1);
    Err err = {0};
    (void)err_set(&err, ERR_INPUT, "%s", longer);
    assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
    (void)err_wrap(&err, "%s", longer);
    assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
    (void)err_hint(&err, "%s", longer);
    assert_int_equal(strlen(err.hint), ERR_TEXT_BYTES - 1);
    (void)err_errno(&err, ERR_IO, ENOENT, "%s", longer);
    assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
}

static void each_code_has_its_exit_status_and_knows_whether_to_retry(void **state)
{
    (void)state;
    static const struct {
        ErrCode code;
        const char *name;
        int exit_status;
        bool retryable;
    } CODES[] = {
        {OK, "OK", 0, false},
        {ERR_USAGE, "ERR_USAGE", 2, false},
        {ERR_INPUT, "ERR_INPUT", 1, false},
        {ERR_DB_CONFLICT, "ERR_DB_CONFLICT", 1, true},
        {ERR_DB_GONE, "ERR_DB_GONE", 1, true},
        {ERR_DB_UNSURE, "ERR_DB_UNSURE", 1, false},
        {ERR_VERSION, "ERR_VERSION", 1, false},
    };
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        assert_string_equal(err_name(CODES[i].code), CODES[i].name);
        assert_int_equal(err_exit_status(CODES[i].code), CODES[i].exit_status);
        assert_int_equal(err_retryable(CODES[i].code), CODES[i].retryable);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(context_grows_outward),
        cmocka_unit_test(errno_is_put_into_words),
        cmocka_unit_test(long_texts_are_cut_and_never_overrun),
        cmocka_unit_test(each_code_has_its_exit_status_and_knows_whether_to_retry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
