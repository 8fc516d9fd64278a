#include "outreach/pattern.h"

#include "base/lang.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

static const char AS_JSON[] = "|json";

static ErrCode hole_find(const Node *node, const char *name, size_t length,
                         const char *const *holes, int *ret_hole, Err *err)
{
    size_t count = 0;
    for (; holes[count]; count++) {
        if (strlen(holes[count]) == length && memcmp(holes[count], name, length) == 0) {
            *ret_hole = (int)count;
            return OK;
        }
    }
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)(length < 60 ? length : 60), name);
    node_error(node, err, _("unknown placeholder '{{%s}}'"), word);
    const char *nearest = text_nearest(word, holes, count);
    if (nearest)
        err_hint(err, _("did you mean '{{%s}}'?"), nearest);
    return err->code;
}

static ErrCode literal_check(const Node *node, const char *text, Err *err)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 && *c != '\n' && *c != '\t')
            return node_error(node, err, _("holds a control character"));
    return OK;
}

ErrCode pattern_compile(Arena *arena, const Node *node, const char *text, const char *const *holes,
                        Pattern *ret_pattern, Err *err)
{
    TRY(literal_check(node, text, err));
    size_t openings = 0;
    for (const char *c = text; (c = strstr(c, "{{")) != NULL; c += 2)
        openings++;
    PatternPart *parts = arena_array(arena, PatternPart, openings * 2 + 1);
    size_t count = 0;
    for (const char *rest = text;;) {
        const char *open = strstr(rest, "{{");
        size_t literal = open ? (size_t)(open - rest) : strlen(rest);
        if (literal > 0)
            parts[count++] = (PatternPart){.text = rest, .length = literal, .hole = -1};
        if (!open)
            break;
        const char *close = strstr(open, "}}");
        if (!close)
            return node_error(node, err, _("a placeholder is opened and never closed"));
        int hole = 0;
        size_t length = (size_t)(close - open - 2), suffix = strlen(AS_JSON);
        bool json = length > suffix && memcmp(close - suffix, AS_JSON, suffix) == 0;
        TRY(hole_find(node, open + 2, length - (json ? suffix : 0), holes, &hole, err));
        parts[count++] = (PatternPart){.hole = hole, .json = json};
        rest = close + 2;
    }
    *ret_pattern = (Pattern){.parts = parts, .count = count};
    return OK;
}

static void fill_query(Buffer *out, const char *value)
{
    static const char HEX[] = "0123456789ABCDEF";
    for (const unsigned char *c = (const unsigned char *)value; *c; c++) {
        if (*c < 0x80 && (isalnum(*c) || strchr("-._~", *c))) {
            buffer_char(out, (char)*c);
        } else {
            char escape[3] = {'%', HEX[*c >> 4], HEX[*c & 15]};
            buffer_add(out, escape, sizeof escape);
        }
    }
}

static void fill_json(Buffer *out, const char *value)
{
    for (const char *c = value; *c; c++) {
        if (*c == '"' || *c == '\\')
            buffer_char(out, '\\');
        if ((unsigned char)*c < 0x20)
            buffer_printf(out, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            buffer_char(out, *c);
    }
}

static bool fill_line(Buffer *out, const char *value)
{
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c == 0x7f)
            return false;
    buffer_text(out, value);
    return true;
}

bool fill_value(Fill fill, const char *value, Buffer *out)
{
    switch (fill) {
    case FILL_PLAIN:
        buffer_text(out, value);
        return true;
    case FILL_QUERY:
        fill_query(out, value);
        return true;
    case FILL_JSON:
        fill_json(out, value);
        return true;
    case FILL_LINE:
        return fill_line(out, value);
    }
    return false;
}

bool pattern_fill(const Pattern *pattern, Fill fill, const char *const *values, Buffer *out)
{
    for (size_t at = 0; at < pattern->count; at++) {
        const PatternPart *part = &pattern->parts[at];
        if (part->hole < 0)
            buffer_add(out, part->text, part->length);
        else if (values[part->hole] &&
                 !fill_value(part->json ? FILL_PLAIN : fill, values[part->hole], out))
            return false;
    }
    return true;
}

bool pattern_uses(const Pattern *pattern, int hole)
{
    for (size_t at = 0; at < pattern->count; at++)
        if (pattern->parts[at].hole == hole)
            return true;
    return false;
}
