#include "account/password.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

_Static_assert(PASSWORD_KEPT_BYTES >= crypto_pwhash_STRBYTES, "the column holds what is kept");

struct Password {
    char text[PASSWORD_BYTES + 1];
    size_t length;
};

void password_free(Password *password)
{
    if (password)
        sodium_free(password); /* wipes it */
}

static ErrCode password_new(Password **ret_password, Err *err)
{
    if (sodium_init() < 0)
        return err_set(err, ERR_SEAL, _("libsodium does not start"));
    Password *password = sodium_malloc(sizeof *password);
    if (!password)
        return err_set(err, ERR_LIMIT, _("no memory for a password"));
    memset(password, 0, sizeof *password);
    *ret_password = password;
    return OK;
}

bool password_option_given(const Arguments *arguments)
{
    return option_given(arguments, "password-file") || option_given(arguments, "password-fd");
}

static ErrCode file_open(const char *name, int *ret_file, Err *err)
{
    struct stat status;
    int file = open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return err_errno(err, ERR_IO, errno, _("cannot read '%s'"), name);
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_mode & 077) {
        close(file);
        err_set(err, ERR_REFUSED, _("others can read '%s'"), name);
        return err_hint(err, "chmod 600 '%s'", name);
    }
    *ret_file = file;
    return OK;
}

ErrCode password_source_open(const Arguments *arguments, PasswordSource *ret_source, Err *err)
{
    const char *name = option_text(arguments, "password-file");
    PasswordSource source = {.file = (int)option_int(arguments, "password-fd", -1)};
    if (name && source.file >= 0)
        return err_set(err, ERR_USAGE, _("give one of --password-file and --password-fd"));
    if (name) {
        TRY(file_open(name, &source.file, err));
        source.is_owned = true;
    }
    *ret_source = source;
    return OK;
}

void password_source_close(PasswordSource *source)
{
    if (source->is_owned)
        close(source->file);
}

/* One line, byte by byte: what follows is for somebody else. *ret_any false at the end. */
static ErrCode line_read(int file, Password *password, bool *ret_any, Err *err)
{
    *ret_any = false;
    for (char byte;;) {
        ssize_t got = read(file, &byte, 1);
        if (got < 0 && errno == EINTR && !command_interrupted)
            continue;
        if (got < 0 && errno == EINTR)
            return err_set(err, ERR_INTERRUPTED, _("interrupted"));
        if (got < 0)
            return err_errno(err, ERR_IO, errno, _("cannot read the password"));
        *ret_any = *ret_any || got > 0;
        if (got == 0 || byte == '\n')
            break;
        if (password->length == PASSWORD_BYTES)
            return err_set(err, ERR_INPUT, _("a password has at most %d bytes"), PASSWORD_BYTES);
        password->text[password->length++] = byte;
    }
    if (password->length && password->text[password->length - 1] == '\r')
        password->text[--password->length] = '\0';
    return OK;
}

/* Asks on the terminal, where the answer is not shown. */
static ErrCode terminal_ask(const char *prompt, Password *password, Err *err)
{
    struct termios before, silent;
    bool any = false;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0)
            close(terminal);
        err_set(err, ERR_USAGE, _("there is no terminal to ask for the password"));
        return err_hint(err, _("give --password-file FILE or --password-fd N"));
    }
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSAFLUSH, &silent);
    dprintf(terminal, "%s: ", prompt);
    ErrCode code = line_read(terminal, password, &any, err);
    dprintf(terminal, "\n");
    tcsetattr(terminal, TCSAFLUSH, &before);
    close(terminal);
    return code == OK && !any ? err_set(err, ERR_INPUT, _("no password was typed")) : code;
}

ErrCode password_read(const PasswordSource *source, const char *prompt, Password **ret_password,
                      Err *err)
{
    AUTO_PASSWORD password = NULL;
    bool any = true;
    TRY(password_new(&password, err));
    if (source->file < 0)
        TRY(terminal_ask(prompt, password, err));
    else
        TRY(line_read(source->file, password, &any, err));
    if (!any)
        return err_set(err, ERR_INPUT, _("there is no password to read"));
    *ret_password = password;
    password = NULL;
    return OK;
}

static ErrCode typed_again(const PasswordSource *source, const Password *first, Err *err)
{
    AUTO_PASSWORD again = NULL;
    TRY(password_read(source, _("The same once more"), &again, err));
    if (again->length != first->length || sodium_memcmp(again->text, first->text, first->length))
        return err_set(err, ERR_INPUT, _("the two passwords differ"));
    return OK;
}

ErrCode password_read_new(const PasswordSource *source, Password **ret_password, Err *err)
{
    AUTO_PASSWORD password = NULL;
    TRY(password_read(source, _("New password"), &password, err));
    if (!text_valid(password->text, password->length, NULL) ||
        strlen(password->text) != password->length)
        return err_set(err, ERR_INPUT, _("the password is no text"));
    if (text_characters(password->text) < PASSWORD_LEAST)
        return err_set(err, ERR_INPUT, _("a password has at least %d characters"), PASSWORD_LEAST);
    if (source->file < 0)
        TRY(typed_again(source, password, err));
    *ret_password = password;
    password = NULL;
    return OK;
}

ErrCode password_hash(Arena *arena, const Password *password, const char **ret_kept, Err *err)
{
    char *kept = arena_alloc(arena, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(kept, password->text, password->length,
                          crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return err_set(err, ERR_LIMIT, _("no memory to keep a password safely"));
    *ret_kept = kept;
    return OK;
}

bool password_holds(const Password *password, const char *kept)
{
    char nobody[crypto_pwhash_STRBYTES];
    if (kept)
        return crypto_pwhash_str_verify(kept, password->text, password->length) == 0;
    int unused =
        crypto_pwhash_str(nobody, password->text, password->length,
                          crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE);
    return unused > 0; /* never: it is 0 or -1 */
}
