/* Names and other free text of a row. */
#include "base/text.h"
#include "survey/check_line.h"
#include "survey/mojibake.h"

#include <ctype.h>

enum { CERTIFICATE_EXACT_DIGITS = 15 };

/* The room that sql/schema/0002_people.sql gives. */
static size_t room_of(Target target)
{
    switch (target) {
    case FACT_NAME:
        return 100;
    case FACT_CERTIFICATE_NO:
        return 40;
    case FACT_HUKOU_REGION:
    case FACT_OCCUPATION:
        return 120;
    default:
        return 200;
    }
}

/* Outer space off, line breaks and tabs to single spaces. */
static char *one_line(Arena *arena, const char *text)
{
    char *trimmed = text_trim(arena, text), *out = trimmed;
    for (const char *at = trimmed; *at; at++) {
        char c = isspace((unsigned char)*at) ? ' ' : *at;
        if (c != ' ' || (out > trimmed && out[-1] != ' '))
            *out++ = c;
    }
    *out = '\0';
    return trimmed;
}

static bool fits(Line *line, const Input *input, const char *text)
{
    if (text_characters(text) <= room_of(input->target))
        return true;
    line_problem(line, input, PROBLEM_TEXT_LONG);
    return false;
}

void check_text(Line *line, const Input *input)
{
    const char *text = one_line(line->arena, input->raw);
    if (text_damaged(text) || mojibake(line->arena, text))
        line_problem(line, input, PROBLEM_TEXT_DAMAGED);
    else if (fits(line, input, text))
        line_text(line, input, text, NORMALISED_SPELLING);
}

static bool han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFD) || c == 0x3007;
}

static bool dot(uint32_t c)
{
    return c == 0x00B7 || c == 0x2022 || c == 0x2027 || c == 0x2219 || c == 0x30FB || c == 0xFF0E ||
           c == 0x25CF || c == 0x22C5 || c == '.';
}

enum { MIDDLE_DOT = 0xB7 };

/* A name as the base keeps it: "·" as its only separator, no space inside a Chinese name. */
static const char *plain_name(Arena *arena, const char *text, bool *ret_chinese, bool *ret_letters)
{
    const char *cursor = text, *end = text + strlen(text);
    char *out = arena_alloc(arena, strlen(text) * 2 + 1), *at = out;
    bool chinese = false, letters = false;
    for (const char *scan = text; scan < end;)
        chinese |= han(text_next(&scan, end));
    while (cursor < end) {
        uint32_t c = text_next(&cursor, end);
        if (c == ' ' && chinese)
            continue;
        letters |= c < 0x80 && isalpha((int)c);
        at += text_encode(dot(c) && chinese ? MIDDLE_DOT : c, at);
    }
    *at = '\0';
    *ret_chinese = chinese;
    *ret_letters = letters;
    return out;
}

/* Lost characters: a question mark, or a letter that only a wrong encoding brings into a Chinese
 * office file. */
static bool name_damaged(Arena *arena, const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    while (cursor < end) {
        uint32_t c = text_next(&cursor, end);
        if (c == '?' || (c >= 0x80 && c <= 0x24F && c != MIDDLE_DOT))
            return true;
    }
    return text_damaged(text) || mojibake(arena, text);
}

void check_name(Line *line, const Input *input)
{
    bool chinese, letters;
    const char *folded = text_fold_width(line->arena, one_line(line->arena, input->raw));
    const char *name = plain_name(line->arena, text_trim(line->arena, folded), &chinese, &letters);
    if (name_damaged(line->arena, name))
        line_problem(line, input, PROBLEM_NAME_DAMAGED);
    else if ((!chinese && !letters) || strpbrk(name, "0123456789"))
        line_problem(line, input, PROBLEM_NAME_NONE);
    else if (fits(line, input, name))
        line_text(line, input, name, NORMALISED_SPELLING);
}

/* Plain widths, no spaces, capital letters; a number with more digits than a spreadsheet keeps is
 * lost. */
void check_certificate_no(Line *line, const Input *input)
{
    if (input->cell->kind == CELL_NUMBER &&
        (input->cell->number >= 1e15 || strspn(input->text, "0123456789") < strlen(input->text))) {
        line_problem(line, input, PROBLEM_CERTIFICATE_ROUNDED);
        return;
    }
    size_t digits = strspn(input->text, "0123456789");
    if (strchr(input->text, '.') && strstr(input->text + digits, "E+")) {
        line_problem(line, input, PROBLEM_CERTIFICATE_ROUNDED);
        return;
    }
    char *number = arena_strdup(line->arena, input->text), *out = number;
    for (const char *at = number; *at; at++)
        if (*at != ' ' && (*at != '\'' || at > number))
            *out++ = (char)toupper((unsigned char)*at);
    *out = '\0';
    if (text_damaged(number))
        line_problem(line, input, PROBLEM_TEXT_DAMAGED);
    else if (fits(line, input, number))
        line_text(line, input, number, NORMALISED_SPELLING);
}
