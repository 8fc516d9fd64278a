#include "outreach/form.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct Field {
    const char *name, *value;
} Field;

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *decode(Arena *arena, const char *text, size_t length)
{
    char *out = arena_alloc(arena, length + 1);
    size_t written = 0;
    for (size_t at = 0; at < length; at++) {
        int high = at + 2 < length && text[at] == '%' ? hex_digit(text[at + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
        if (low >= 0) {
            out[written++] = (char)(high * 16 + low);
            at += 2;
        } else {
            out[written++] = text[at];
            if (text[at] == '+')
                out[written - 1] = ' ';
        }
    }
    return out;
}

/* The field at *rest, which moves on to the next; a field without '=' has the value "". */
static Field field_take(Arena *arena, const char **rest, const char *end)
{
    const char *stop = memchr(*rest, '&', (size_t)(end - *rest));
    if (!stop)
        stop = end;
    const char *equals = memchr(*rest, '=', (size_t)(stop - *rest));
    const char *name_end = equals ? equals : stop;
    Field field = {decode(arena, *rest, (size_t)(name_end - *rest)),
                   equals ? decode(arena, equals + 1, (size_t)(stop - equals - 1)) : ""};
    *rest = stop < end ? stop + 1 : end;
    return field;
}

const char *form_value(Arena *arena, const char *form, size_t length, const char *name)
{
    for (const char *rest = form; name && rest < form + length;) {
        Field field = field_take(arena, &rest, form + length);
        if (text_equal(field.name, name))
            return field.value;
    }
    return NULL;
}

static int field_compare(const void *a, const void *b)
{
    const Field *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order ? order : strcmp(left->value, right->value);
}

const char *form_sorted(Arena *arena, const char *form, size_t length)
{
    size_t most = 1, count = 0, bytes = 1;
    for (size_t at = 0; at < length; at++)
        most += form[at] == '&';
    Field *fields = arena_array(arena, Field, most);
    for (const char *rest = form; rest < form + length; count++) {
        fields[count] = field_take(arena, &rest, form + length);
        bytes += strlen(fields[count].name) + strlen(fields[count].value);
    }
    qsort(fields, count, sizeof *fields, field_compare);
    char *sorted = arena_alloc(arena, bytes), *end = sorted;
    for (size_t at = 0; at < count; at++) {
        end = stpcpy(end, fields[at].name);
        end = stpcpy(end, fields[at].value);
    }
    return sorted;
}
