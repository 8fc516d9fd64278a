#include "people/where_lex.h"

#include "base/lang.h"
#include "base/text.h"
#include "people/plain.h"

#include <string.h>

Lexer lexer_on(Arena *arena, const char *text, Err *err)
{
    return (Lexer){
        .arena = arena, .text = text, .end = text + strlen(text), .after = text, .err = err};
}

ErrCode lexer_wrong(const Lexer *lexer, const char *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *what = arena_vprintf(lexer->arena, format, arguments);
    va_end(arguments);
    const char *before = arena_strndup(lexer->arena, lexer->text, (size_t)(place - lexer->text));
    return err_set(lexer->err, ERR_USAGE, _("--where, character %zu: %s"),
                   text_characters(before) + 1, what);
}

const char *lexer_token(const Lexer *lexer)
{
    return arena_strndup(lexer->arena, lexer->token.start,
                         (size_t)(lexer->token.end - lexer->token.start));
}

bool lexer_at_word(const Lexer *lexer, const char *word)
{
    return lexer->token.kind == TOKEN_WORD &&
           strcmp(text_key(lexer->arena, lexer_token(lexer)), word) == 0;
}

/* What a character is to the language, full-width or not; *ret_kind is set for marks of one
 * character. */
static bool is_mark(uint32_t c, TokenKind *ret_kind)
{
    switch (c) {
    case '(':
        *ret_kind = TOKEN_OPEN;
        return true;
    case ')':
        *ret_kind = TOKEN_CLOSE;
        return true;
    case ',':
    case 0x3001: /* 、 */
        *ret_kind = TOKEN_COMMA;
        return true;
    case '=':
    case '!':
    case '<':
    case '>':
    case 0x2260: /* ≠ */
    case 0x2264: /* ≤ */
    case 0x2265: /* ≥ */
        *ret_kind = TOKEN_COMPARE;
        return true;
    default:
        return false;
    }
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\r' || c == '\n';
}

static uint32_t peek(const Lexer *lexer, const char *at)
{
    return plain_next(&at, lexer->end);
}

/* = != <> < <= > >= == ≠ ≤ ≥ */
static ErrCode lex_compare(Lexer *lexer, uint32_t first)
{
    uint32_t second = peek(lexer, lexer->after);
    bool equal = second == '=', longer = equal && first < 0x80;
    if (first == '<' && second == '>') {
        lexer->token.op = SQL_NE;
        longer = true;
    } else if (first == '!' && !equal) {
        return lexer_wrong(lexer, lexer->token.start, _("'!' stands alone; write not or !="));
    } else if (first == '=') {
        lexer->token.op = SQL_EQ;
    } else if (first == '!' || first == 0x2260) {
        lexer->token.op = SQL_NE;
    } else if (first == '<' || first == 0x2264) {
        lexer->token.op = equal || first == 0x2264 ? SQL_LE : SQL_LT;
    } else {
        lexer->token.op = equal || first == 0x2265 ? SQL_GE : SQL_GT;
    }
    if (longer)
        plain_next(&lexer->after, lexer->end);
    lexer->token.end = lexer->after;
    return OK;
}

/* Quotes close as they opened; what is between is taken letter by letter. */
static ErrCode lex_quoted(Lexer *lexer, uint32_t quote)
{
    lexer->token.kind = TOKEN_QUOTED;
    const char *opened = lexer->token.start;
    lexer->token.start = lexer->after;
    for (uint32_t c = 1; c != 0;) {
        lexer->token.end = lexer->after;
        c = plain_next(&lexer->after, lexer->end);
        if (c == quote)
            return OK;
    }
    return lexer_wrong(lexer, opened, _("a quote that is not closed"));
}

ErrCode lexer_next(Lexer *lexer)
{
    const char *at = lexer->after;
    uint32_t c;
    do {
        lexer->token.start = at;
        c = plain_next(&at, lexer->end);
    } while (is_space(c));
    lexer->after = at;
    lexer->token.end = at;
    lexer->token.kind = TOKEN_END;
    if (c == 0)
        return OK;
    if (is_mark(c, &lexer->token.kind))
        return lexer->token.kind == TOKEN_COMPARE ? lex_compare(lexer, c) : OK;
    if (c == '\'' || c == '"')
        return lex_quoted(lexer, c);
    lexer->token.kind = TOKEN_WORD;
    TokenKind mark;
    while ((c = plain_next(&at, lexer->end)) != 0 && !is_space(c) && !is_mark(c, &mark))
        lexer->after = at;
    lexer->token.end = lexer->after;
    return OK;
}
