/* Rows of a follow-up questionnaire: the key in front of each stands for the ID number, or the name
 * and phone, of a person in the base; of its other cells only those are read that were asked. */
#include "survey/import_run.h"

#include "people/ask_key.h"

enum { IDENTITY_COLUMNS = 3 };
static const FactId IDENTITY[IDENTITY_COLUMNS] = {FACT_NAME, FACT_ID_NUMBER, FACT_PHONE};

static const FormHeading *own_heading(const Form *form, Target target)
{
    for (size_t i = 0; i < form->heading_count; i++) {
        if (form->headings[i].target == target)
            return &form->headings[i];
    }
    return NULL;
}

static void *longer(Arena *arena, const void *items, size_t count, size_t item_bytes)
{
    char *copy = arena_alloc(arena, (count + IDENTITY_COLUMNS) * item_bytes);
    memcpy(copy, items, count * item_bytes);
    return copy;
}

bool asked_heading(Arena *arena, Heading *heading)
{
    size_t width = heading->width;
    if (heading->column_of[TARGET_ASK_KEY] == COLUMN_NONE)
        return false;
    heading->columns = longer(arena, heading->columns, width, sizeof *heading->columns);
    heading->texts = longer(arena, heading->texts, width, sizeof *heading->texts);
    heading->keys = longer(arena, heading->keys, width, sizeof *heading->keys);
    heading->lines = longer(arena, heading->lines, width, sizeof *heading->lines);
    for (size_t i = 0; i < IDENTITY_COLUMNS; i++) {
        size_t said = heading->column_of[IDENTITY[i]];
        if (said != COLUMN_NONE)
            heading->columns[said] = NULL; /* only shown, for recognition */
        heading->columns[width + i] = own_heading(heading->form, IDENTITY[i]);
        heading->texts[width + i] = heading->keys[width + i] = "";
        heading->lines[width + i] = heading->line;
        heading->column_of[IDENTITY[i]] = width + i;
    }
    heading->width = width + IDENTITY_COLUMNS;
    return true;
}

static ErrCode find_person(ImportRun *run, const AskKey *key, Rows **ret_rows, Err *err)
{
    const Value hash = v_bytes(key->hash, SEAL_HASH_BYTES);
    return key->by_id
               ? db_query(run->db, QUERY_SURVEY_ASKED_BY_ID, PARAMS(hash, hash, hash), ret_rows,
                          err)
               : db_query(run->db, QUERY_SURVEY_ASKED_BY_CONTACT, PARAMS(hash), ret_rows, err);
}

/* Whether the person of a key that leads to nobody asked to be forgotten. */
static ErrCode is_forgotten(ImportRun *run, const AskKey *key, bool *ret_forgotten, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(run->db, QUERY_PEOPLE_FORGOTTEN_KEYS,
                 PARAMS(v_bytes(key->hash, SEAL_HASH_BYTES), v_int(1)), &rows, err));
    *ret_forgotten = rows_next(rows);
    return OK;
}

static ErrCode open_cell(ImportRun *run, const Rows *rows, unsigned column, Cell *ret_cell,
                         Err *err)
{
    size_t length = 0;
    char *plain = NULL;
    const void *sealed = rows_null(rows, column) ? NULL : rows_bytes(rows, column, &length);
    TRY(unseal(run->job->context->sealer, run->row_arena, sealed, length, &plain, err));
    *ret_cell = (Cell){.kind = plain ? CELL_TEXT : CELL_EMPTY, .text = plain ? plain : ""};
    return OK;
}

/* The row with what was asked, and the identity behind it. */
static ErrCode write_cells(ImportRun *run, const Heading *heading, const AskKey *key,
                           const Rows *person, Row *row, Err *err)
{
    static const Cell EMPTY = {.kind = CELL_EMPTY, .text = ""};
    size_t width = heading->width - IDENTITY_COLUMNS;
    Cell *cells = arena_array(run->row_arena, Cell, heading->width);
    for (size_t column = 0; column < width; column++) {
        const FormHeading *known = heading->columns[column];
        bool is_asked = known && (known->target == TARGET_SURVEYED_ON ||
                                  (known->target < FACT_COUNT && key->facts >> known->target & 1));
        cells[column] = is_asked && column < row->count ? row->cells[column] : EMPTY;
    }
    const char *name = person ? rows_text(person, 0) : NULL;
    for (size_t i = 0; i < IDENTITY_COLUMNS; i++)
        cells[width + i] = EMPTY;
    if (name)
        cells[width] = (Cell){.kind = CELL_TEXT, .text = arena_strdup(run->row_arena, name)};
    if (person) {
        TRY(open_cell(run, person, 1, &cells[width + 1], err));
        TRY(open_cell(run, person, 2, &cells[width + 2], err));
    }
    row->cells = cells;
    row->count = heading->width;
    return OK;
}

static ErrCode look_up(ImportRun *run, const Heading *heading, const AskKey *key, Row *row,
                       Asked *asked, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(find_person(run, key, &rows, err));
    bool found = rows_next(rows);
    if (!found) {
        TRY(is_forgotten(run, key, &asked->forgotten, err));
        asked->refused = asked->forgotten ? PROBLEM_FORGOTTEN : PROBLEM_ASKED_GONE;
        return OK;
    }
    TRY(write_cells(run, heading, key, rows, row, err));
    const Cell *identity = row->cells + row->count - IDENTITY_COLUMNS;
    asked->whom = arena_printf(run->row_arena, "%s %s %s", identity[0].text, identity[1].text,
                               identity[2].text);
    return OK;
}

ErrCode asked_read(ImportRun *run, const Heading *heading, Row *row, Asked *ret_asked, Err *err)
{
    size_t column = heading->column_of[TARGET_ASK_KEY];
    const char *text = column < row->count ? row->cells[column].text : "";
    AskKey key;
    *ret_asked = (Asked){.refused = PROBLEM_COUNT};
    if (!ask_key_parse(run->job->context->sealer, run->row_arena, text, &key)) {
        ret_asked->refused = PROBLEM_ASKED_KEY;
        return OK;
    }
    import_borrow(run);
    ErrCode code = look_up(run, heading, &key, row, ret_asked, err);
    import_give_back(run);
    return code;
}

void asked_refuse(Arena *arena, const Heading *heading, const Row *row, const Asked *asked,
                  Checked *checked)
{
    size_t column = heading->column_of[TARGET_ASK_KEY];
    const Problem problem = {.code = asked->refused,
                             .severity = SEVERITY_QUARANTINE,
                             .target = TARGET_ASK_KEY,
                             .cell = cell_name(arena, column, row->line),
                             .value = ""};
    checked->problems = arena_memdup(arena, &problem, sizeof problem);
    checked->problem_count = 1;
    checked->quarantined = true;
    checked->forgotten = asked->forgotten;
}
