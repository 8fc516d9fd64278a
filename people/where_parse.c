#include "people/where_lex.h"
#include "people/where_node.h"

#include "base/lang.h"
#include "base/text.h"

#include <string.h>

typedef struct Parser {
    Lexer lexer;
    const WhereTerms *terms;
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
    size_t count = 0, terms = parser->terms ? parser->terms->count : 0;
    const char **names = arena_array(parser->lexer.arena, const char *, FACT_COUNT + 2 + terms);
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        if (fact_info(fact)->kind != KIND_SEALED)
            names[count++] = fact_info(fact)->name;
    names[count++] = "town";
    names[count++] = "conflict";
    for (size_t i = 0; i < terms; i++)
        names[count++] = parser->terms->terms[i].name;
    lexer_wrong(&parser->lexer, parser->lexer.token.start, _("'%s' is not a fact"), name);
    const char *nearest = text_nearest(name, names, count);
    if (nearest)
        return err_hint(parser->lexer.err, _("did you mean '%s'?"), nearest);
    return err_hint(parser->lexer.err, _("write it like: %s"),
                    "town in (长安镇, 虎门镇) and skill_level <= 2");
}

static bool find_term(const Parser *parser, const char *name, Where *node)
{
    for (size_t i = 0; parser->terms && i < parser->terms->count; i++) {
        if (strcmp(parser->terms->terms[i].name, name) == 0) {
            node->terms = parser->terms;
            node->term = i;
            return true;
        }
    }
    return false;
}

/* A fact, or one of the terms. */
static ErrCode parse_subject(Parser *parser, Where *node)
{
    if (parser->lexer.token.kind != TOKEN_WORD)
        return lexer_wrong(&parser->lexer, parser->lexer.token.start, _("a fact is missing"));
    const char *name = text_key(parser->lexer.arena, lexer_token(&parser->lexer));
    if (find_term(parser, name, node))
        return lexer_next(&parser->lexer);
    FactId fact = strcmp(name, "town") == 0 ? FACT_EMPLOYER_TOWN : fact_find(name);
    if (fact == FACT_NONE)
        return unknown_fact(parser, name);
    if (fact_info(fact)->kind == KIND_SEALED)
        return lexer_wrong(&parser->lexer, parser->lexer.token.start,
                           _("'%s' is sealed and cannot be asked for"), name);
    node->fact = fact;
    return lexer_next(&parser->lexer);
}

static const char *subject_name(const Where *node)
{
    return node->terms ? node->terms->terms[node->term].name : fact_info(node->fact)->name;
}

static FactKind subject_kind(const Where *node)
{
    return node->terms ? node->terms->terms[node->term].kind : fact_info(node->fact)->kind;
}

static ErrCode wrong_word(Parser *parser, const WhereTerm *term, const char *text, Err *err)
{
    const char *list = "";
    for (size_t i = 0; term->words[i]; i++)
        list = arena_printf(parser->lexer.arena, "%s%s%s", list, i ? ", " : "", term->words[i]);
    err_set(err, ERR_USAGE, _("'%s' is not a value of '%s'"), text, term->name);
    return err_hint(err, _("it is one of: %s"), list);
}

static ErrCode term_parse(Parser *parser, const WhereTerm *term, const char *text,
                          FactValue *ret_value, Err *err)
{
    Date date;
    if (term->kind == KIND_DATE) {
        if (!date_parse(text, &date))
            return err_set(err, ERR_USAGE, _("'%s' is not a date such as 2012-09-27"), text);
        *ret_value = (FactValue){.known = true, .number = date};
        return OK;
    }
    for (size_t i = 0; term->words[i]; i++) {
        if (strcmp(term->words[i], text) == 0) {
            *ret_value = (FactValue){.known = true, .number = (int64_t)i + 1};
            return OK;
        }
    }
    return wrong_word(parser, term, text, err);
}

static ErrCode subject_parse(Parser *parser, const Where *node, const char *text,
                             FactValue *ret_value)
{
    Err *err = parser->lexer.err;
    return node->terms ? term_parse(parser, &node->terms->terms[node->term], text, ret_value, err)
                       : fact_parse(parser->lexer.arena, node->fact, text, ret_value, err);
}

/* A quoted text, or all words up to a keyword or a mark: senior technician. */
static ErrCode parse_value(Parser *parser, const Where *node, FactValue *ret_value)
{
    const char *start = parser->lexer.token.start, *end = parser->lexer.token.end;
    if (parser->lexer.token.kind == TOKEN_QUOTED) {
        TRY(lexer_next(&parser->lexer));
    } else {
        if (parser->lexer.token.kind != TOKEN_WORD || is_keyword(parser))
            return lexer_wrong(&parser->lexer, start, _("a value of '%s' is missing"),
                               subject_name(node));
        while (parser->lexer.token.kind == TOKEN_WORD && !is_keyword(parser)) {
            end = parser->lexer.token.end;
            TRY(lexer_next(&parser->lexer));
        }
    }
    const char *value = arena_strndup(parser->lexer.arena, start, (size_t)(end - start));
    if (subject_parse(parser, node, value, ret_value) == OK)
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
        TRY(parse_value(parser, node, &values[node->value_count]));
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
    TRY(parse_value(parser, node, &value));
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
    TRY(parse_subject(parser, node));
    FactKind kind = subject_kind(node);
    const char *place = parser->lexer.token.start;
    bool turned = lexer_at_word(&parser->lexer, "not");
    if (turned)
        TRY(lexer_next(&parser->lexer));
    if (lexer_at_word(&parser->lexer, "in")) {
        node->kind = WHERE_IN;
        TRY(lexer_next(&parser->lexer));
        TRY(parse_list(parser, node));
    } else if (lexer_at_word(&parser->lexer, "contains")) {
        if (kind != KIND_TEXT)
            return lexer_wrong(&parser->lexer, place, _("'%s' is no text, so it contains nothing"),
                               subject_name(node));
        node->kind = WHERE_CONTAINS;
        TRY(lexer_next(&parser->lexer));
        TRY(parse_one_value(parser, node));
    } else if (parser->lexer.token.kind == TOKEN_COMPARE && !turned) {
        node->op = parser->lexer.token.op;
        if (kind == KIND_TEXT && node->op != SQL_EQ && node->op != SQL_NE)
            return lexer_wrong(&parser->lexer, place, _("'%s' is a text: use = != in contains"),
                               subject_name(node));
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
    const Where flag = {.kind = WHERE_COMPARE, .fact = FACT_OWNS_HOME};
    TRY(parse_value(parser, &flag, &value));
    *ret_where = no == (value.number != 0) ? negated(parser, node) : node;
    return OK;
}

static ErrCode parse_known(Parser *parser, const Where **ret_where)
{
    Where *node = node_new(parser, WHERE_KNOWN);
    TRY(lexer_next(&parser->lexer));
    TRY(expect(parser, TOKEN_OPEN, "("));
    TRY(parse_subject(parser, node));
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
    return where_parse_with(arena, text, NULL, ret_where, err);
}

ErrCode where_parse_with(Arena *arena, const char *text, const WhereTerms *terms,
                         const Where **ret_where, Err *err)
{
    if (!text || text[strspn(text, " \t")] == '\0') {
        *ret_where = NULL;
        return OK;
    }
    if (strlen(text) > WHERE_BYTES)
        return err_set(err, ERR_USAGE, _("--where is longer than %d bytes"), WHERE_BYTES);
    Parser parser = {.lexer = lexer_on(arena, text, err), .terms = terms};
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
