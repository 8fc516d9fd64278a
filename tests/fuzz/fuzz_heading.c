/* A table of text, rows parted by line ends and cells by tabs, against every form: where its
 * heading is, which rows are answers, and what the checks make of them. */
#include "fuzz/fuzz.h"

#include "base/lang.h"
#include "base/text.h"
#include "survey/check.h"
#include "survey/row_kind.h"
#include "survey/sheet_row.h"

enum { ROWS_MAX = 64, TODAY = 15614 };

static void require(bool promise, const char *what)
{
    if (promise)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

static size_t read_rows(Arena *arena, char *text, Row rows[ROWS_MAX])
{
    static RowBuilder builder;
    size_t count = 0;
    unsigned line = 0;
    Err err;
    for (char *rest = text, *row; count < ROWS_MAX && (row = strsep(&rest, "\n"));) {
        row_begin(&builder, arena);
        size_t column = 0;
        for (char *cell; (cell = strsep(&row, "\t")) && column < SHEET_COLUMNS_MAX; column++)
            if (row_put_text(&builder, column, cell, strlen(cell), &err) != OK)
                return count;
        rows[count] = (Row){.sheet = 1, .sheet_name = "", .line = ++line};
        row_end(&builder, &rows[count++]);
    }
    return count;
}

static void check_heading(const Heading *heading)
{
    require(heading->line > 0 && heading->last - heading->line <= 1, "a heading has a place");
    for (Target target = 0; target < TARGET_COUNT; target++) {
        size_t column = heading->column_of[target];
        require(column == COLUMN_NONE || (column < heading->width && heading->columns[column] &&
                                          heading->columns[column]->target == target),
                "a target's column is the column of its heading");
    }
}

static void check_answer(const Heading *heading, Arena *arena, const Row *row)
{
    CheckSetting setting = {.heading = heading, .surveyed_on = TODAY, .today = TODAY};
    Checked checked;
    bool waits = false;
    check_row(&setting, arena, row, &checked);
    for (size_t i = 0; i < checked.problem_count; i++) {
        const Problem *problem = &checked.problems[i];
        require(problem->code < PROBLEM_COUNT && problem->cell && problem->value,
                "a problem has a code, a cell and a value");
        waits |= problem->severity == SEVERITY_QUARANTINE;
    }
    require(waits == checked.quarantined, "a row waits for a reason");
    require(checked.quarantined || checked.facts.values[FACT_NAME].known,
            "who is accepted has a name");
    require(checked.surveyed_on <= TODAY, "nobody answers tomorrow");
}

static void try_form(const Form *form, Arena *arena, const Row *rows, size_t count)
{
    Heading heading;
    bool found = false;
    Err err = {0};
    size_t first = count < HEADING_ROWS ? count : HEADING_ROWS;
    size_t score = heading_score(form, arena, rows, first);
    require(score <= SHEET_COLUMNS_MAX, "a score counts columns");
    ErrCode code = heading_find(form, arena, rows, first, &heading, &found, &err);
    if (code == OK && found)
        code = heading_complete(&heading, arena, &err);
    require(code == OK || (code == ERR_INPUT && *err.text), "a refusal has a reason");
    if (code != OK || !found)
        return;
    check_heading(&heading);
    for (size_t i = 0; i < count; i++)
        if (rows[i].line > heading.last && row_kind(&heading, arena, &rows[i]) == ROW_ANSWER)
            check_answer(&heading, arena, &rows[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static Arena *shelf; /* of the forms */
    static const Form *const *forms;
    static size_t form_count;
    Err err = {0};
    if (!shelf) {
        lang_set("en");
        shelf = arena_new(0);
        require(form_load_all(shelf, &forms, &form_count, &err) == OK, err.text);
    }
    AUTO_ARENA arena = arena_new(0);
    char *text = arena_strndup(arena, (const char *)bytes, length);
    size_t bad = 0;
    if (!text_valid(text, strlen(text), &bad))
        text[bad] = '\0';
    Row rows[ROWS_MAX];
    size_t count = read_rows(arena, text, rows);
    for (size_t i = 0; i < form_count; i++)
        try_form(forms[i], arena, rows, count);
    return 0;
}
