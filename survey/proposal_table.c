/* Where the table of an unknown workbook begins: the row that forms know most of, or that looks most
 * like a row of headings. */
#include "survey/proposal.h"

#include "base/lang.h"
#include "base/text.h"

enum { KNOWN_WEIGHT = 4, HEADING_CHARACTERS = 30, HEADING_DIGITS = 5, LEAST_TEXTS = 3 };

typedef struct TableRows {
    Row rows[HEADING_ROWS + PROPOSAL_ROWS];
    size_t count;
} TableRows;

/* The best heading of a sheet. */
typedef struct Place {
    size_t at, lines;
    size_t weight; /* 0 = no row looks like a heading */
    size_t known;
    const Form *form;
} Place;

static bool filled(const Cell *cell)
{
    return cell->kind != CELL_EMPTY && cell->text[strspn(cell->text, " \t\r\n")] != '\0';
}

/* The number of texts of a row in which every filled cell could be a heading, else 0. */
static size_t heading_texts(const Row *row)
{
    size_t texts = 0;
    for (size_t column = 0; column < row->count; column++) {
        const Cell *cell = &row->cells[column];
        if (!filled(cell))
            continue;
        size_t digits = 0;
        for (const char *at = cell->text; *at; at++)
            digits += *at >= '0' && *at <= '9';
        if (cell->kind != CELL_TEXT || digits >= HEADING_DIGITS ||
            text_characters(cell->text) > HEADING_CHARACTERS)
            return 0;
        texts++;
    }
    return texts >= LEAST_TEXTS ? texts : 0;
}

static size_t known_of(const Proposal *proposal, const Row *rows, size_t count,
                       const Form **ret_form)
{
    size_t most = 0;
    for (size_t i = 0; i < proposal->form_count; i++) {
        size_t known = heading_score(proposal->forms[i], proposal->arena, rows, count);
        if (known > most)
            *ret_form = proposal->forms[i];
        most = known > most ? known : most;
    }
    return most;
}

static Place find_place(const Proposal *proposal, const TableRows *table)
{
    Place best = {.form = proposal->forms[0]};
    for (size_t at = 0; at < table->count && at < HEADING_ROWS; at++) {
        const Row *row = &table->rows[at];
        Place place = {.at = at, .lines = 1, .form = proposal->forms[0]};
        place.known = known_of(proposal, row, 1, &place.form);
        if (at + 1 < table->count) {
            const Form *form = place.form;
            size_t below = known_of(proposal, row + 1, 1, &form);
            size_t both = known_of(proposal, row, 2, &form);
            if (both > place.known && both > below)
                place = (Place){at, 2, 0, both, form};
        }
        place.weight = place.known * KNOWN_WEIGHT + heading_texts(row);
        if (place.weight > best.weight && (place.known > 0 || heading_texts(row) > 0))
            best = place;
    }
    return best;
}

/* The text of a column as import would know it: the lower row over the upper, with the upper one's
 * group where a form knows both together. */
static const char *column_text(const Proposal *proposal, const Place *place, const Row *upper,
                               size_t column, const char **group)
{
    const char *above =
        column < upper->count && filled(&upper->cells[column]) ? upper->cells[column].text : "";
    const Row *lower = place->lines == 2 ? upper + 1 : NULL;
    if (*above)
        *group = above;
    if (!lower || column >= lower->count || !filled(&lower->cells[column]))
        return above;
    const char *below = lower->cells[column].text;
    const char *both = arena_printf(proposal->arena, "%s%s", *group, below);
    return form_heading(place->form, proposal->arena, both) ? both : below;
}

static void take_columns(Proposal *proposal, const Place *place, const TableRows *table)
{
    const Row *upper = &table->rows[place->at];
    size_t width = upper->count;
    const char *group = "";
    if (place->lines == 2 && upper[1].count > width)
        width = upper[1].count;
    proposal->columns = arena_array(proposal->arena, ProposedColumn, width);
    for (size_t column = 0; column < width; column++) {
        const char *text =
            text_trim(proposal->arena, column_text(proposal, place, upper, column, &group));
        bool below =
            place->lines == 2 && column < upper[1].count && filled(&upper[1].cells[column]);
        if (*text)
            proposal->columns[proposal->column_count++] =
                (ProposedColumn){.column = column,
                                 .line = upper[below ? 1 : 0].line,
                                 .text = text,
                                 .key = form_key(proposal->arena, text),
                                 .match = MATCH_UNKNOWN};
    }
}

static void take_table(Proposal *proposal, const Place *place, const TableRows *table)
{
    const Row *upper = &table->rows[place->at];
    size_t below = place->at + place->lines;
    proposal->base = place->form;
    proposal->sheet = upper->sheet;
    proposal->sheet_name = arena_strdup(proposal->arena, upper->sheet_name);
    proposal->line = upper->line;
    proposal->last = table->rows[below - 1].line;
    proposal->rows = &table->rows[below];
    proposal->row_count = table->count - below;
    proposal->column_count = 0;
    take_columns(proposal, place, table);
}

/* Reads sheet by sheet until one has a heading of which some form knows enough; else the sheet with
 * the likeliest one. */
ErrCode proposal_find_table(Proposal *proposal, const char *file, Err *err)
{
    AUTO_SHEET sheet = NULL;
    AUTO_ARENA beyond = arena_new(0);
    TRY(sheet_open(file, NULL, &sheet, err));
    proposal->date_1904 = sheet_info(sheet)->date_1904;
    TableRows *table = arena_alloc(proposal->arena, sizeof *table);
    Place best = {0};
    bool more = true;
    while (more && best.known < HEADING_LEAST) {
        Row row;
        bool full = table->count == HEADING_ROWS + PROPOSAL_ROWS;
        arena_reset(beyond);
        TRY(sheet_next(sheet, full ? beyond : proposal->arena, &row, &more, err));
        bool next = !more || (table->count > 0 && row.sheet != table->rows[0].sheet);
        if (next) {
            Place place = find_place(proposal, table);
            if (place.weight > best.weight)
                take_table(proposal, &place, table);
            best = place.weight > best.weight ? place : best;
            table = arena_alloc(proposal->arena, sizeof *table);
        }
        if (more && (next || !full))
            table->rows[table->count++] = row;
    }
    if (best.weight > 0)
        return OK;
    err_set(err, ERR_INPUT, _("no row of '%s' looks like a row of headings"), file);
    return err_hint(err, _("give it one line in which each column is named once"));
}
