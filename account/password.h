/* account/password.h: a password from the terminal, a file or a descriptor, never from a command line
 * or the environment; and what is kept of it.
 * Shape:  Password is locked memory that is wiped when it goes.
 * Units:  at least PASSWORD_LEAST characters, at most PASSWORD_BYTES.
 * Errors: ERR_USAGE where there is nothing to read from, ERR_INPUT for one that is too short or not
 *         typed twice alike, ERR_REFUSED for a file that others can read, ERR_INTERRUPTED.
 * Source: argon2id by libsodium's crypto_pwhash_str, 64 MiB and 2 passes (RFC 9106, OWASP). */
#ifndef ACCOUNT_PASSWORD_H
#define ACCOUNT_PASSWORD_H

#include "base/command.h"

enum { PASSWORD_LEAST = 10, PASSWORD_BYTES = 256, PASSWORD_KEPT_BYTES = 128 };

typedef struct Password Password;
void password_free(Password *password); /* takes NULL */

static inline void password_auto_free(Password **password)
{
    password_free(*password);
}
#define AUTO_PASSWORD __attribute__((cleanup(password_auto_free))) Password *

/* The two options that say where passwords come from, one a line; else the terminal is asked. */
#define PASSWORD_OPTIONS                                                                           \
    {.name = "password-file",                                                                      \
     .kind = OPTION_FILE,                                                                          \
     .value = "FILE",                                                                              \
     .help = N_("read the password from a file that only you can read")},                          \
    {                                                                                              \
        .name = "password-fd", .kind = OPTION_INT, .value = "N",                                   \
        .help = N_("read the password from this open descriptor, 0 is standard input"), .min = 0,  \
        .max = 1023                                                                                \
    }

/* Where they are read from, from line to line. */
typedef struct PasswordSource {
    int file;      /* -1 = the terminal */
    bool is_owned; /* closed by password_source_close */
    const char *name;
} PasswordSource;

/* True when one of the options was given. */
bool password_option_given(const Arguments *arguments);
ErrCode password_source_open(const Arguments *arguments, PasswordSource *ret_source,
                             Err *err) MUST_CHECK;
void password_source_close(PasswordSource *source);

/* The next one; `prompt` is for the terminal. Returns owned. */
ErrCode password_read(const PasswordSource *source, const char *prompt, Password **ret_password,
                      Err *err) MUST_CHECK;
/* A new one: long enough, and typed twice alike on the terminal. */
ErrCode password_read_new(const PasswordSource *source, Password **ret_password,
                          Err *err) MUST_CHECK;

/* What the base keeps; lives in arena. */
ErrCode password_hash(Arena *arena, const Password *password, const char **ret_kept,
                      Err *err) MUST_CHECK;
/* kept NULL takes as long and is false. */
bool password_holds(const Password *password, const char *kept);

#endif
