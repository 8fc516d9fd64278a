#include "people/where_lex.h"
#include "people/where_node.h"

#include "base/lang.h"
#include "base/text.h"

#include <string.h>

typedef struct Parser {
    Lexer lexer;
    int depth;
} Parser;

/* Of values in a list, and of parts joined by one kind of word. */
enum { LIST_MAX = 200 };

static ErrCode parse_or(Parser *parser, const Where **ret_where);

static bool is_keyword(const Parser *parser)
{
    return lexer_at_word(&parser->lexer, "and") || lexer_at_word(&parser->lexer, "or") ||
           lexer_at_word(&parser->lexer, "not");
}

static ErrCode expect(Parser *parser, TokenKind kind, const char *what)
{
    if (parser->lexer.token.kind != kind)
        return lexer_wrong(&parser->lexer, parser->lexer.token.start, _("%s is missing"), what);
    return lexer_next(&parser->lexer);
}

static ErrCode unknown_fact(Parser *parser, const char *name)
{
    const char *names[FACT_COUNT + 2];
    size_t count = 0;
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        if (fact_info(fact)->kind != KIND_SEALED)
            names[count++] = fact_info(fact)->name;
    names[count++] = "town";
    names[count++] = "conflict";
    lexer_wrong(&parser->lexer, parser->lexer.token.start, _("'%s' is not a fact"), name);
    const char *nearest = text_nearest(name, names, count);
    if (nearest)
        return err_hint(parser->lexer.err, _("did you mean '%s'?"), nearest);
    return err_hint(parser->lexer.err, _("write it like: %s"),
                    "town in (长安镇, 虎门镇) and skill_level <= 2");
}

static ErrCode parse_fact(Parser *parser, FactId *ret_fact)
{
    if (parser->lexer.token.kind != TOKEN_WORD)
        return lexer_wrong(&parser->lexer, parser->lexer.token.start, _("a fact is missing"));
    const char *name = text_key(parser->lexer.arena, lexer_token(&parser->lexer));
    FactId fact = strcmp(name, "town") == 0 ? FACT_EMPLOYER_TOWN : fact_find(name);
    if (fact == FACT_NONE)
        return unknown_fact(parser, name);
    if (fact_info(fact)->kind == KIND_SEALED)
        return lexer_wrong(&parser->lexer, parser->lexer.token.start,
                           _("'%s' is sealed and cannot be asked for"), name);
    *ret_fact = fact;
    return lexer_next(&parser->lexer);
}

/* A quoted text, or all words up to a keyword or a mark: senior technician. */
static ErrCode parse_value(Parser *parser, FactId fact, FactValue *ret_value)
{
    const char *start = parser->lexer.token.start, *end = parser->lexer.token.end;
    if (parser->lexer.token.kind == TOKEN_QUOTED) {
        TRY(lexer_next(&parser->lexer));
    } else {
        if (parser->lexer.token.kind != TOKEN_WORD || is_keyword(parser))
            return lexer_wrong(&parser->lexer, start, _("a value of '%s' is missing"),
                               fact_info(fact)->name);
        while (parser->lexer.token.kind == TOKEN_WORD && !is_keyword(parser)) {
            end = parser->lexer.token.end;
            TRY(lexer_next(&parser->lexer));
        }
    }
    const char *value = arena_strndup(parser->lexer.arena, start, (size_t)(end - start));
    if (fact_parse(parser->lexer.arena, fact, value, ret_value, parser->lexer.err) == OK)
        return OK;
    char hint[ERR_TEXT_BYTES];
    memcpy(hint, parser->lexer.err->hint, sizeof hint);
    const char *text = arena_strdup(parser->lexer.arena, parser->lexer.err->text);
    lexer_wrong(&parser->lexer, start, "%s", text);
    return hint[0] ? err_hint(parser->lexer.err, "%s", hint) : parser->lexer.err->code;
}

static Where *node_new(Parser *parser, WhereKind kind)
{
    Where *node = arena_alloc(parser->lexer.arena, sizeof *node);
    node->kind = kind;
    node->fact = FACT_NONE;
    return node;
}

static ErrCode parse_list(Parser *parser, Where *node)
{
    FactValue values[LIST_MAX];
    TRY(expect(parser, TOKEN_OPEN, "("));
    do {
        if (node->value_count == LIST_MAX)
            return lexer_wrong(&parser->lexer, parser->lexer.token.start, _("more than %d values"),
                               LIST_MAX);
        TRY(parse_value(parser, node->fact, &values[node->value_count]));
        node->value_count++;
        if (parser->lexer.token.kind != TOKEN_COMMA)
            break;
        TRY(lexer_next(&parser->lexer));
    } while (true);
    node->values = arena_memdup(parser->lexer.arena, values, node->value_count * sizeof *values);
    return expect(parser, TOKEN_CLOSE, ")");
}

static ErrCode parse_one_value(Parser *parser, Where *node)
{
    FactValue value;
    TRY(parse_value(parser, node->fact, &value));
    node->values = arena_memdup(parser->lexer.arena, &value, sizeof value);
    node->value_count = 1;
    return OK;
}

static const Where *negated(Parser *parser, const Where *inner)
{
    Where *node = node_new(parser, WHERE_NOT);
    node->parts = arena_memdup(parser->lexer.arena, &inner, sizeof inner);
    node->part_count = 1;
    return node;
}

/* fact op value · fact [not] in (…) · fact contains text */
static ErrCode parse_comparison(Parser *parser, const Where **ret_where)
{
    Where *node = node_new(parser, WHERE_COMPARE);
    TRY(parse_fact(parser, &node->fact));
    const FactInfo *info = fact_info(node->fact);
    const char *place = parser->lexer.token.start;
    bool turned = lexer_at_word(&parser->lexer, "not");
    if (turned)
        TRY(lexer_next(&parser->lexer));
    if (lexer_at_word(&parser->lexer, "in")) {
        node->kind = WHERE_IN;
        TRY(lexer_next(&parser->lexer));
        TRY(parse_list(parser, node));
    } else if (lexer_at_word(&parser->lexer, "contains")) {
        if (info->kind != KIND_TEXT)
            return lexer_wrong(&parser->lexer, place, _("'%s' is no text, so it contains nothing"),
                               info->name);
        node->kind = WHERE_CONTAINS;
        TRY(lexer_next(&parser->lexer));
        TRY(parse_one_value(parser, node));
    } else if (parser->lexer.token.kind == TOKEN_COMPARE && !turned) {
        node->op = parser->lexer.token.op;
        if (info->kind == KIND_TEXT && node->op != SQL_EQ && node->op != SQL_NE)
            return lexer_wrong(&parser->lexer, place, _("'%s' is a text: use = != in contains"),
                               info->name);
        TRY(lexer_next(&parser->lexer));
        TRY(parse_one_value(parser, node));
    } else {
        return lexer_wrong(&parser->lexer, parser->lexer.token.start,
                           _("one of = != < <= > >= in contains is missing"));
    }
    *ret_where = turned ? negated(parser, node) : node;
    return OK;
}

/* conflict = yes · conflict = no · conflict != yes; yes and no are read as those of any flag. */
static ErrCode parse_conflict(Parser *parser, const Where **ret_where)
{
    Where *node = node_new(parser, WHERE_CONFLICT);
    FactValue value;
    TRY(lexer_next(&parser->lexer));
    const Token *token = &parser->lexer.token;
    if (token->kind != TOKEN_COMPARE || (token->op != SQL_EQ && token->op != SQL_NE))
        return lexer_wrong(&parser->lexer, token->start, _("conflict is asked for with = or !="));
    bool no = token->op == SQL_NE;
    TRY(lexer_next(&parser->lexer));
    TRY(parse_value(parser, FACT_OWNS_HOME, &value));
    *ret_where = no == (value.number != 0) ? negated(parser, node) : node;
    return OK;
}

static ErrCode parse_known(Parser *parser, const Where **ret_where)
{
    Where *node = node_new(parser, WHERE_KNOWN);
    TRY(lexer_next(&parser->lexer));
    TRY(expect(parser, TOKEN_OPEN, "("));
    TRY(parse_fact(parser, &node->fact));
    *ret_where = node;
    return expect(parser, TOKEN_CLOSE, ")");
}

static ErrCode parse_not(Parser *parser, const Where **ret_where)
{
    if (++parser->depth > WHERE_DEPTH)
        return lexer_wrong(&parser->lexer, parser->lexer.token.start, _("more than %d levels"),
                           WHERE_DEPTH);
    if (lexer_at_word(&parser->lexer, "not")) {
        const Where *inner = NULL;
        TRY(lexer_next(&parser->lexer));
        TRY(parse_not(parser, &inner));
        *ret_where = negated(parser, inner);
    } else if (parser->lexer.token.kind == TOKEN_OPEN) {
        TRY(lexer_next(&parser->lexer));
        TRY(parse_or(parser, ret_where));
        TRY(expect(parser, TOKEN_CLOSE, ")"));
    } else if (lexer_at_word(&parser->lexer, "known")) {
        TRY(parse_known(parser, ret_where));
    } else if (lexer_at_word(&parser->lexer, "conflict")) {
        TRY(parse_conflict(parser, ret_where));
    } else {
        TRY(parse_comparison(parser, ret_where));
    }
    parser->depth--;
    return OK;
}

static ErrCode parse_parts(Parser *parser, WhereKind kind, const Where **ret_where)
{
    const Where *parts[LIST_MAX];
    size_t count = 0;
    const char *joint = kind == WHERE_AND ? "and" : "or";
    do {
        if (count == LIST_MAX)
            return lexer_wrong(&parser->lexer, parser->lexer.token.start, _("more than %d parts"),
                               LIST_MAX);
        if (count > 0)
            TRY(lexer_next(&parser->lexer));
        TRY(kind == WHERE_AND ? parse_not(parser, &parts[count])
                              : parse_parts(parser, WHERE_AND, &parts[count]));
        count++;
    } while (lexer_at_word(&parser->lexer, joint));
    if (count == 1) {
        *ret_where = parts[0];
        return OK;
    }
    Where *node = node_new(parser, kind);
    node->parts = arena_memdup(parser->lexer.arena, parts, count * sizeof *parts);
    node->part_count = count;
    *ret_where = node;
    return OK;
}

static ErrCode parse_or(Parser *parser, const Where **ret_where)
{
    return parse_parts(parser, WHERE_OR, ret_where);
}

ErrCode where_parse(Arena *arena, const char *text, const Where **ret_where, Err *err)
{
    if (!text || text[strspn(text, " \t")] == '\0') {
        *ret_where = NULL;
        return OK;
    }
    if (strlen(text) > WHERE_BYTES)
        return err_set(err, ERR_USAGE, _("--where is longer than %d bytes"), WHERE_BYTES);
    Parser parser = {.lexer = lexer_on(arena, text, err)};
    const Where *where = NULL;
    TRY(lexer_next(&parser.lexer));
    TRY(parse_or(&parser, &where));
    if (parser.lexer.token.kind != TOKEN_END)
        return lexer_wrong(&parser.lexer, parser.lexer.token.start,
                           _("'%s' is not expected here; join with and, or"),
                           lexer_token(&parser.lexer));
    *ret_where = where;
    return OK;
}
