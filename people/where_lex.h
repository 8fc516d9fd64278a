/* people/where_lex.h: the words and marks of a --where text.
 * Shape:  a Lexer looks at one token; marks may be full-width; what stands between quotes is taken
 *         letter by letter.
 * Owns:   tokens point into the text.
 * Errors: ERR_USAGE with the place in the text, in characters from 1.
 * Source: people/where.h. */
#ifndef PEOPLE_WHERE_LEX_H
#define PEOPLE_WHERE_LEX_H

#include "base/arena.h"
#include "sql/expr.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_QUOTED, /* start..end without the quotes */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_COMPARE,
} TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *start, *end; /* in the text */
    SqlCompare op;           /* of TOKEN_COMPARE */
} Token;

typedef struct Lexer {
    Arena *arena;
    const char *text, *end;
    const char *after; /* the place behind the token */
    Token token;       /* the one to look at */
    Err *err;
} Lexer;

Lexer lexer_on(Arena *arena, const char *text, Err *err);
/* Looks at the next token. */
ErrCode lexer_next(Lexer *lexer) MUST_CHECK;

/* The token's letters; live in the arena. */
const char *lexer_token(const Lexer *lexer);
/* True when the token is this word, in any case and width. */
bool lexer_at_word(const Lexer *lexer, const char *word);

/* ERR_USAGE: "--where, character N: what". */
ErrCode lexer_wrong(const Lexer *lexer, const char *place, const char *format, ...)
    PRINTF_LIKE(3, 4);

#endif
