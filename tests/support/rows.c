#include "support/rows.h"

#include "base/lang.h"
#include "support/home.h"

#include <math.h>

static Cell cell_of(const char *text)
{
    Cell cell = {.kind = *text ? CELL_TEXT : CELL_EMPTY, .text = text, .date = DATE_NONE};
    switch (*text) {
    case '#':
        cell.kind = CELL_NUMBER;
        cell.number = strtod(text + 1, NULL);
        break;
    case '@':
        cell.kind = CELL_DATE;
        date_parse(text + 1, &cell.date);
        break;
    case '~':
        cell.kind = CELL_BOOL;
        cell.number = strcmp(text, "~TRUE") == 0;
        break;
    case '!':
        cell.kind = CELL_ERROR;
        break;
    default:
        return cell;
    }
    cell.text = text + 1;
    return cell;
}

Row rows_make(Arena *arena, unsigned line, const char *const *cells, size_t count)
{
    Cell *list = arena_array(arena, Cell, count);
    for (size_t i = 0; i < count; i++)
        list[i] = cell_of(cells[i]);
    return (Row){.sheet = 1, .sheet_name = "", .line = line, .count = count, .cells = list};
}

const Form *rows_form(Arena *arena, const char *id)
{
    const Form *form = NULL;
    Err err = {0};
    assert_ok(form_load(arena, id, &form, &err), &err);
    return form;
}

Checked rows_check(Arena *arena, const Form *form, const char *const *headings,
                   const char *const *cells)
{
    size_t count = 0;
    while (headings[count])
        count++;
    Row top = rows_make(arena, 1, headings, count), row = rows_make(arena, 2, cells, count);
    Heading *heading = arena_alloc(arena, sizeof *heading);
    bool found = false;
    Err err = {0};
    assert_ok(heading_find(form, arena, &top, 1, heading, &found, &err), &err);
    assert_true(found);
    CheckSetting setting = {
        .heading = heading, .surveyed_on = date_of(2012, 9, 20), .today = date_of(2012, 10, 1)};
    Checked checked;
    check_row(&setting, arena, &row, &checked);
    return checked;
}

const char *rows_problems(Arena *arena, const Checked *checked, Severity severity)
{
    const char *text = "";
    for (size_t i = 0; i < checked->problem_count; i++) {
        const Problem *problem = &checked->problems[i];
        if (problem->severity == severity)
            text = arena_printf(arena, "%s%s%s@%s", text, *text ? " " : "",
                                problem_name(problem->code), problem->cell);
    }
    return text;
}

const char *rows_fact(Arena *arena, const Checked *checked, FactId fact)
{
    FactValue value = checked->facts.values[fact];
    if (value.known && fact_info(fact)->kind == KIND_SEALED)
        return value.text;
    const char *shown = fact_show(arena, fact, value, LANG_ZH);
    return shown ? shown : "-";
}

int rows_setup(void **state)
{
    lang_set("en");
    Arena *arena = arena_new(0);
    RowsWorld *world = arena_alloc(arena, sizeof *world);
    world->arena = arena;
    world->enterprise = rows_form(arena, "enterprise");
    world->school = rows_form(arena, "school");
    *state = world;
    return 0;
}

int rows_teardown(void **state)
{
    RowsWorld *world = *state;
    arena_free(world->arena);
    return 0;
}

void rows_assert_cells(RowsWorld *world, const Form *form, const CellCase *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const CellCase *wanted = &cases[i];
        const char *headings[] = {"姓名", "身份证号码", "手机号码", wanted->heading, NULL};
        const char *cells[] = {"张伟", ROWS_ID, ROWS_PHONE, wanted->cell, NULL};
        Checked checked = rows_check(world->arena, form, headings, cells);
        const char *fact = rows_fact(world->arena, &checked, wanted->fact);
        const char *problems = rows_problems(world->arena, &checked, SEVERITY_QUARANTINE);
        const char *notes = rows_problems(world->arena, &checked, SEVERITY_NOTE);
        if (strcmp(fact, wanted->expected) != 0 || strcmp(problems, wanted->problems) != 0 ||
            strcmp(notes, wanted->notes) != 0)
            fail_msg("%s '%s': got %s [%s] [%s], expected %s [%s] [%s]", wanted->heading,
                     wanted->cell, fact, problems, notes, wanted->expected, wanted->problems,
                     wanted->notes);
        assert_int_equal(checked.quarantined, *wanted->problems != '\0');
    }
}
