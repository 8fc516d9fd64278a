/* The values that stand once above a table: "填报单位：东莞市某某公司    填表日期：2012年9月20日".
 */
#include "base/text.h"
#include "survey/heading.h"

enum { LABEL_LEAST_BYTES = 12 }; /* four Han characters: "单位：人" is no employer */

static void take(Heading *heading, Target target, Cell cell, const Row *row, size_t column)
{
    TitleValue *value = &heading->titles[target];
    bool left_open = *cell.text == '\0' || (target == TARGET_SURVEYED_ON &&
                                            !strpbrk(cell.text, "0123456789０１２３４５６７８９"));
    if (value->line == 0 && heading->column_of[target] == COLUMN_NONE && !left_open)
        *value = (TitleValue){cell, column, row->line};
}

static bool stands_in_title(const Heading *heading, const FormHeading *known)
{
    return form_column(heading->form, known->target)->in_title &&
           strlen(known->key) >= LABEL_LEAST_BYTES;
}

/* What follows a label up to a gap of two spaces or to the next label. */
static char *value_after(Arena *arena, const char *from)
{
    char *value = text_trim(arena, from);
    char *gap = strstr(value, "  ");
    if (gap)
        *gap = '\0';
    char *colon = strchr(value, ':');
    if (colon) {
        *colon = '\0';
        char *space = strrchr(value, ' ');
        if (space)
            *space = '\0';
        else
            *value = '\0';
    }
    return text_trim(arena, value);
}

static void read_inline(Heading *heading, Arena *arena, const Row *row, size_t column)
{
    const char *text = text_fold_width(arena, row->cells[column].text);
    for (size_t i = 0; i < heading->form->heading_count; i++) {
        const FormHeading *known = &heading->form->headings[i];
        const char *label = stands_in_title(heading, known) ? strstr(text, known->text) : NULL;
        if (!label)
            continue;
        const char *after = label + strlen(known->text);
        after += strspn(after, " ");
        if (*after == '(' && strchr(after, ')')) /* "填报单位（盖章）：" */
            after = strchr(after, ')') + 1;
        if (*after == ':') {
            Cell cell = {.kind = CELL_TEXT, .text = value_after(arena, after + 1)};
            take(heading, known->target, cell, row, column);
        }
    }
}

/* A label alone in its cell, its value in the next filled one. */
static void read_beside(Heading *heading, Arena *arena, const Row *row, size_t column)
{
    const FormHeading *known = form_heading(heading->form, arena, row->cells[column].text);
    if (!known || !stands_in_title(heading, known))
        return;
    for (size_t next = column + 1; next < row->count; next++) {
        Cell cell = row->cells[next];
        if (cell.kind == CELL_EMPTY || !*cell.text)
            continue;
        if (!form_heading(heading->form, arena, cell.text)) {
            cell.text = arena_strdup(arena, cell.text);
            take(heading, known->target, cell, row, next);
        }
        return;
    }
}

void heading_titles(Heading *heading, Arena *arena, const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t column = 0; column < rows[i].count; column++)
            if (rows[i].cells[column].kind != CELL_EMPTY) {
                read_beside(heading, arena, &rows[i], column);
                read_inline(heading, arena, &rows[i], column);
            }
}
