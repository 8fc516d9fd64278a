/* base/err.h: what a fallible function returns, and what it says.
 * Shape:  ErrCode is OK (0) or one line of base/errors.def; Err carries the sentence.
 * Units:  text at most ERR_TEXT_BYTES - 1 bytes of UTF-8, hint included after "\nhint: ".
 * Owns:   nothing; an Err is a plain value on the caller's stack.
 * Errors: retry is decided by err_retryable(code), never by text. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <assert.h>
#include <stdbool.h>

enum { ERR_TEXT_BYTES = 1024 };

typedef enum ErrCode {
    OK = 0,
#define ERROR(name, exit_status, retryable, meaning) name,
#include "base/errors.def"
#undef ERROR
} ErrCode;

typedef struct Err {
    ErrCode code;
    unsigned db_errno;         /* the server's or client library's number, 0 = none */
    char text[ERR_TEXT_BYTES]; /* "cannot import 'a.xlsx': …", without a full stop */
    char hint[ERR_TEXT_BYTES]; /* what to do, "" = nothing to add */
} Err;

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))

/* Returns from the calling function when expr fails; expr has filled its Err. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        ErrCode try_code_ = (expr);                                                                \
        if (try_code_ != OK)                                                                       \
            return try_code_;                                                                      \
    } while (0)

/* Fills err with a new failure and returns code. The format is translated by the caller: _("…").
 * What looks like an ID number or a phone is hidden. */
ErrCode(err_set)(Err *err, ErrCode code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Adds the hint line that says what to do; returns err->code so that it can end a function. */
ErrCode(err_hint)(Err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Puts context in front of the text: "format: text". Returns err->code. */
ErrCode(err_wrap)(Err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* err_set with ": strerror(errno_value)" appended, and a hint when a disk is full. */
ErrCode(err_errno)(Err *err, ErrCode code, int errno_value, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* Tells compilers and analysers what all of them have in common: they never return OK. */
static inline ErrCode err_failed(ErrCode code)
{
    assert(code != OK);
    return code;
}
#define err_set(...) err_failed((err_set)(__VA_ARGS__))
#define err_hint(...) err_failed((err_hint)(__VA_ARGS__))
#define err_wrap(...) err_failed((err_wrap)(__VA_ARGS__))
#define err_errno(...) err_failed((err_errno)(__VA_ARGS__))

/* An ID number or a phone in a text becomes stars and its last four, in place. */
void err_hide_numbers(char *text);

/* The exit status of a command that failed with this code: 1 or 2. */
int err_exit_status(ErrCode code);

/* True when running the whole transaction again may succeed. */
bool err_retryable(ErrCode code);

/* The code's name as written in errors.def, "OK" for OK. */
const char *err_name(ErrCode code);

#endif
