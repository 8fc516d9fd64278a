#include "people/drop_down.h"

#include <assert.h>

const char **drop_down_words(Arena *arena, FactId fact)
{
    static const char *const YES_NO[] = {"是", "否"};
    const FactInfo *info = fact_info(fact);
    bool flag = info->kind == KIND_FLAG;
    if (!flag && info->kind != KIND_CODE)
        return NULL;
    size_t count = flag ? 2 : word_count(info->vocabulary);
    const char **words = arena_array(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        words[i] = flag ? YES_NO[i]
                        : word_show(info->vocabulary, word_code_at(info->vocabulary, i), LANG_ZH);
    return words;
}

static bool same_words(char *const *a, char *const *b)
{
    while (*a && *b && strcmp(*a, *b) == 0) {
        a++;
        b++;
    }
    return !*a && !*b;
}

/* The formula that names the words, which drop_downs_close writes into the hidden sheet. */
static char *list_formula(DropDowns *downs, char *const *words, size_t count)
{
    char name[LXW_MAX_COL_NAME_LENGTH];
    size_t column = 0;
    while (column < downs->list_count && !same_words(downs->lists[column], words))
        column++;
    assert(column < DROP_DOWN_LISTED);
    if (column == downs->list_count)
        downs->lists[downs->list_count++] = words;
    lxw_col_to_name(name, (lxw_col_t)column, LXW_FALSE);
    return arena_printf(downs->arena, "='" DROP_DOWN_LISTS "'!$%s$1:$%s$%zu", name, name, count);
}

void drop_downs_close(DropDowns *downs)
{
    if (downs->list_count == 0)
        return;
    lxw_worksheet *lists = workbook_add_worksheet(downs->book, DROP_DOWN_LISTS);
    worksheet_hide(lists);
    for (size_t column = 0; column < downs->list_count; column++)
        for (size_t i = 0; downs->lists[column][i]; i++)
            worksheet_write_string(lists, (lxw_row_t)i, (lxw_col_t)column, downs->lists[column][i],
                                   NULL);
}

/* libxlsxwriter 1.1 has room for so many bytes of an inline list, and does not look. */
enum { INLINE_LIST_BYTES = 200 };

/* libxlsxwriter 1.1 copies the formula of a list twice and frees it once; a leak checker, where one
 * is linked, is told. */
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

static void leaks_expected(bool expected)
{
    if (expected && __lsan_disable)
        __lsan_disable();
    if (!expected && __lsan_enable)
        __lsan_enable();
}

void drop_down_add(DropDowns *downs, const CellRun *cells, const char **words)
{
    size_t count = 0, bytes = 0;
    if (!words)
        return;
    while (words[count])
        bytes += strlen(words[count++]) + 1;
    char **list = arena_array(downs->arena, char *, count + 1);
    for (size_t i = 0; i < count; i++)
        list[i] = arena_strdup(downs->arena, words[i]);
    list[count] = NULL;
    lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST,
                                      .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
                                      .value_list = list};
    if (bytes > INLINE_LIST_BYTES) {
        validation.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
        validation.value_list = NULL;
        validation.value_formula = list_formula(downs, list, count);
    }
    leaks_expected(true);
    worksheet_data_validation_range(cells->sheet, cells->first, cells->column, cells->last,
                                    cells->column, &validation);
    leaks_expected(false);
}
