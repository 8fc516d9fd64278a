#include "survey/row_kind.h"

#include "survey/check.h"

const char *row_kind_name(RowKind kind)
{
    static const char *const NAMES[ROW_KIND_COUNT] = {"answer", "title", "heading", "blank",
                                                      "total",  "note",  "example", "mended"};
    return NAMES[kind];
}

static bool filled(const Cell *cell)
{
    return cell->kind != CELL_EMPTY && cell->text[strspn(cell->text, " \t\r\n")] != '\0';
}

static bool counts_only(const Heading *heading, size_t column)
{
    return column < heading->width &&
           text_list_has(&heading->form->words.sequence, heading->keys[column]);
}

static bool blank_target(const Heading *heading, Arena *arena, const Row *row, Target target)
{
    size_t column = heading->column_of[target];
    return column >= row->count || check_blank(heading->form, arena, row->cells[column].text);
}

RowKind row_kind(const Heading *heading, Arena *arena, const Row *row)
{
    const FormWords *words = &heading->form->words;
    size_t first = row->count, content = row->count;
    for (size_t column = 0; column < row->count; column++) {
        if (!filled(&row->cells[column]))
            continue;
        first = first < row->count ? first : column;
        if (!counts_only(heading, column)) {
            content = column;
            break;
        }
    }
    const char *key = first < row->count ? row->cells[first].text : "";
    key = form_plain(key) ? key : form_key(arena, key);
    bool named =
        first != heading->column_of[FACT_NAME] && !blank_target(heading, arena, row, FACT_NAME);
    bool identified = !blank_target(heading, arena, row, FACT_ID_NUMBER);
    if (text_list_has(&words->example, key))
        return ROW_EXAMPLE;
    if (heading_repeated(heading, arena, row))
        return ROW_HEADING;
    if (!identified && text_list_starts(&words->total, key))
        return ROW_TOTAL;
    if (!named && !identified && text_list_starts(&words->note, key))
        return ROW_NOTE;
    return content == row->count ? ROW_BLANK : ROW_ANSWER;
}
