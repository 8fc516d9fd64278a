#include "base/err.h"

#include "base/lang.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int exit_status;
    bool retryable;
} CODES[] = {
    {"OK", 0, false},
#define ERROR(name, exit_status, retryable, meaning) {#name, exit_status, retryable},
#include "base/errors.def"
#undef ERROR
};

/* An ID number or a phone that was typed in the wrong place is not repeated: of 11 to 19 digits
 * that stand alone, perhaps before an X, the last four are kept. */
void err_hide_numbers(char *text)
{
    enum { SHORTEST = 11, LONGEST = 19, KEPT = 4 };
    for (char *at = text; *at;) {
        size_t digits = strspn(at, "0123456789");
        const char *after = at + digits + (at[digits] == 'X' || at[digits] == 'x');
        bool alone =
            (at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)*after);
        if (digits >= SHORTEST && digits <= LONGEST && alone)
            memset(at, '*', digits - KEPT);
        at += digits ? digits : 1;
    }
}

/* Appends ": tail" to the text, cut at its end when there is no room. */
static void append(Err *err, const char *tail)
{
    size_t used = strlen(err->text), left = sizeof err->text - used - 1;
    size_t length = strlen(tail);
    if (left < 3)
        return;
    memcpy(err->text + used, ": ", 3);
    if (length > left - 2)
        length = left - 2;
    memcpy(err->text + used + 2, tail, length);
    err->text[used + 2 + length] = '\0';
}

ErrCode(err_set)(Err *err, ErrCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    err->code = code;
    err->db_errno = 0;
    err->hint[0] = '\0';
    vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    err_hide_numbers(err->text);
    return code;
}

ErrCode(err_hint)(Err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->hint, sizeof err->hint, format, arguments);
    va_end(arguments);
    err_hide_numbers(err->hint);
    return err->code;
}

ErrCode(err_wrap)(Err *err, const char *format, ...)
{
    char inner[ERR_TEXT_BYTES];
    memcpy(inner, err->text, sizeof inner);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    err_hide_numbers(err->text);
    append(err, inner);
    return err->code;
}

ErrCode(err_errno)(Err *err, ErrCode code, int errno_value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    err->code = code;
    err->db_errno = 0;
    err->hint[0] = '\0';
    vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    err_hide_numbers(err->text);
    append(err, strerror(errno_value));
    if (errno_value == ENOSPC || errno_value == EDQUOT)
        (err_hint)(err, "%s", _("free some space on this disk"));
    return code;
}

int err_exit_status(ErrCode code)
{
    return CODES[code].exit_status;
}

bool err_retryable(ErrCode code)
{
    return CODES[code].retryable;
}

const char *err_name(ErrCode code)
{
    return CODES[code].name;
}
