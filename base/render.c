#include "base/render.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_AT_MOST = 64, CELL_COLUMNS = 60, GAP = 2 };

static bool coloured(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    return isatty(fileno(out)) && !(no_color && *no_color);
}

const char *render_style(FILE *out, Style style)
{
    if (!coloured(out))
        return "";
    switch (style) {
    case STYLE_BOLD:
        return "\033[1m";
    case STYLE_DIM:
        return "\033[2m";
    case STYLE_GOOD:
        return "\033[32m";
    case STYLE_WARN:
        return "\033[33m";
    case STYLE_BAD:
        return "\033[31m";
    case STYLE_PLAIN:
        break;
    }
    return "\033[0m";
}

const char *render_plain(FILE *out)
{
    return render_style(out, STYLE_PLAIN);
}

const char *render_number(Arena *arena, int64_t number)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64,
                          number < 0 ? (uint64_t)0 - (uint64_t)number : (uint64_t)number);
    char *out = arena_alloc(arena, 40), *at = out;
    if (number < 0)
        *at++ = '-';
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *at++ = ',';
        *at++ = digits[i];
    }
    return out;
}

const char *render_bar(Arena *arena, int64_t value, int64_t total, int columns)
{
    static const char *const EIGHTHS[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int64_t eighths = total > 0 ? value * columns * 8 / total : 0;
    if (eighths > columns * 8)
        eighths = columns * 8;
    char *out = arena_alloc(arena, (size_t)columns * 3 + 4);
    size_t length = 0;
    for (int64_t i = 0; i < eighths / 8; i++) {
        memcpy(out + length, "█", 3);
        length += 3;
    }
    memcpy(out + length, EIGHTHS[eighths % 8], strlen(EIGHTHS[eighths % 8]));
    return out;
}

/* A value on one line; objects and arrays in short JSON-like form. */
static const char *cell_text(Arena *arena, const json_t *value)
{
    if (!value)
        return "";
    switch (json_typeof(value)) {
    case JSON_STRING:
        return json_string_value(value);
    case JSON_INTEGER:
        return arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL:
        return arena_printf(arena, "%.3f", json_real_value(value));
    case JSON_TRUE:
        return _("yes");
    case JSON_FALSE:
        return _("no");
    case JSON_NULL:
        return "";
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    const char *text = "", *key;
    size_t index;
    json_t *item;
    if (json_is_array(value))
        json_array_foreach(value, index, item) text =
            arena_printf(arena, "%s%s%s", text, index ? ", " : "", cell_text(arena, item));
    else
        json_object_foreach((json_t *)(uintptr_t)value, key, item) text =
            arena_printf(arena, "%s%s%s %s", text, *text ? ", " : "", key, cell_text(arena, item));
    return text;
}

/* "a.b" reaches into an object. */
static const json_t *reach(const json_t *row, const char *key)
{
    const char *dot = strchr(key, '.');
    if (!dot)
        return json_object_get(row, key);
    char head[64];
    size_t length = (size_t)(dot - key);
    if (length >= sizeof head)
        return NULL;
    memcpy(head, key, length);
    head[length] = '\0';
    return reach(json_object_get(row, head), dot + 1);
}

static size_t choose_columns(const Column *columns, const json_t *rows,
                             Column ret_columns[COLUMNS_AT_MOST])
{
    size_t count = 0;
    for (; columns && columns[count].key && count < COLUMNS_AT_MOST; count++)
        ret_columns[count] = columns[count];
    if (columns)
        return count;
    const char *key;
    json_t *value;
    json_object_foreach(json_array_get(rows, 0), key, value) if (count < COLUMNS_AT_MOST)
        ret_columns[count++] = (Column){key, key};
    return count;
}

/* gettext answers an empty message with the catalogue's header. */
static const char *title(const Column *column)
{
    return *column->title ? _(column->title) : "";
}

static void print_padded(FILE *out, const char *text, size_t width, bool right, bool last)
{
    size_t used = text_columns(text);
    size_t pad = width > used ? width - used : 0;
    if (right)
        fprintf(out, "%*s", (int)pad, "");
    fputs(text, out);
    if (!right && !last)
        fprintf(out, "%*s", (int)pad, "");
    if (!last)
        fprintf(out, "%*s", GAP, "");
}

/* A number, or the text of one: "+1,234". */
static bool is_number(const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text)
        return json_is_number(value);
    text += *text == '+' || *text == '-';
    return *text && text[strspn(text, "0123456789,")] == '\0';
}

void render_table(FILE *out, const Column *columns, const json_t *rows)
{
    AUTO_ARENA arena = arena_new(0);
    Column chosen[COLUMNS_AT_MOST];
    size_t width[COLUMNS_AT_MOST], count = choose_columns(columns, rows, chosen);
    bool right[COLUMNS_AT_MOST], filled[COLUMNS_AT_MOST] = {false};
    size_t row_count = json_array_size(rows);
    const char **cells = arena_array(arena, const char *, row_count *count + 1);
    for (size_t c = 0; c < count; c++) {
        width[c] = text_columns(title(&chosen[c]));
        right[c] = row_count > 0;
        for (size_t r = 0; r < row_count; r++) {
            const json_t *value = reach(json_array_get(rows, r), chosen[c].key);
            const char *text = text_cut(arena, cell_text(arena, value), CELL_COLUMNS);
            cells[r * count + c] = text;
            filled[c] = filled[c] || *text;
            right[c] = right[c] && (!value || json_is_null(value) || is_number(value));
            if (text_columns(text) > width[c])
                width[c] = text_columns(text);
        }
    }
    fputs(render_style(out, STYLE_BOLD), out);
    for (size_t c = 0; c < count; c++)
        print_padded(out, title(&chosen[c]), width[c], right[c] && filled[c], c + 1 == count);
    fprintf(out, "%s\n", render_plain(out));
    for (size_t r = 0; r < row_count; r++) {
        for (size_t c = 0; c < count; c++)
            print_padded(out, cells[r * count + c], width[c], right[c] && filled[c],
                         c + 1 == count);
        fputc('\n', out);
    }
}

static bool is_table(const json_t *value)
{
    return json_is_array(value) && json_is_object(json_array_get(value, 0));
}

/* "key  value" lines; tables below their key. */
static void render_object(FILE *out, Arena *arena, const json_t *object)
{
    const char *key;
    json_t *value;
    size_t width = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key,
                        value) if (!is_table(value) && text_columns(key) > width) width =
        text_columns(key);
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (is_table(value)) {
            fprintf(out, "\n%s%s%s\n", render_style(out, STYLE_BOLD), key, render_plain(out));
            render_table(out, NULL, value);
        } else {
            print_padded(out, key, width, false, false);
            fprintf(out, "%s\n", cell_text(arena, value));
        }
    }
}

void render_result(const Command *command, const json_t *result)
{
    AUTO_ARENA arena = arena_new(0);
    if (json_is_array(result) && json_array_size(result) == 0)
        puts(_("(nothing)"));
    else if (is_table(result))
        render_table(stdout, command->columns, result);
    else if (json_is_object(result))
        render_object(stdout, arena, result);
    else
        puts(cell_text(arena, result));
}

void render_print(const Command *command, const Context *context, const json_t *result)
{
    if (!result)
        return;
    if (context->json) {
        json_dumpf(result, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
        putchar('\n');
        return;
    }
    if (command->show)
        command->show(context, result);
    else
        render_result(command, result);
    if ((command->needs & SENDS) && !context->config.gateway)
        printf("%s%s%s\n", render_style(stdout, STYLE_WARN),
               _("no gateway is configured: the simulator is used and no SMS leaves the building"),
               render_plain(stdout));
}
