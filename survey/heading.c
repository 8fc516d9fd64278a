#include "survey/heading.h"

#include "base/lang.h"
#include "base/text.h"

static const char *cell_text(const Row *row, size_t column)
{
    return row && column < row->count ? row->cells[column].text : "";
}

static bool filled(const char *text)
{
    return text[strspn(text, " \t\r\n")] != '\0';
}

/* One way to read the heading: from row `at`, together with the row below when lines is 2. */
typedef struct Reading {
    const Form *form;
    Arena *arena;
    const Row *upper, *lower; /* lower NULL: one row */
    const char *group; /* the last text of the upper row: a merged cell reaches to the right */
} Reading;

/* The known heading of a column, or NULL; *ret_text is what stands there. */
static const FormHeading *read_column(Reading *reading, size_t column, const char **ret_text)
{
    const char *upper = cell_text(reading->upper, column),
               *lower = cell_text(reading->lower, column);
    if (filled(upper))
        reading->group = upper;
    *ret_text = upper;
    if (!filled(lower))
        return filled(upper) ? form_heading(reading->form, reading->arena, upper) : NULL;
    const char *both = arena_printf(reading->arena, "%s%s", reading->group, lower);
    const FormHeading *known = form_heading(reading->form, reading->arena, both);
    *ret_text = known ? both : lower;
    return known ? known : form_heading(reading->form, reading->arena, lower);
}

static size_t reading_width(const Reading *reading)
{
    size_t lower = reading->lower ? reading->lower->count : 0;
    return reading->upper->count > lower ? reading->upper->count : lower;
}

static Reading reading_of(const Form *form, Arena *arena, const Row *rows, size_t at,
                          unsigned lines)
{
    return (Reading){form, arena, &rows[at], lines == 2 ? &rows[at + 1] : NULL, ""};
}

/* Different targets that a reading recognises: a row that says one heading five times is no better.
 */
static size_t reading_score(Reading reading)
{
    bool seen[TARGET_COUNT] = {false};
    size_t score = 0, width = reading_width(&reading);
    for (size_t column = 0; column < width; column++) {
        const char *text;
        const FormHeading *known = read_column(&reading, column, &text);
        if (known && !seen[known->target]) {
            seen[known->target] = true;
            score++;
        }
    }
    return score;
}

/* The score of a row with the one below, 0 unless each of the two adds to the other: a title above
 * a heading adds nothing. */
static size_t double_score(const Form *form, Arena *arena, const Row *rows, size_t at)
{
    size_t both = reading_score(reading_of(form, arena, rows, at, 2));
    size_t upper = reading_score(reading_of(form, arena, rows, at, 1));
    size_t lower = reading_score(reading_of(form, arena, rows, at + 1, 1));
    return both > upper && both > lower ? both : 0;
}

/* The best row and number of lines: the highest score; of equals the first row, as a heading may be
 * printed again below. */
static size_t best_reading(const Form *form, Arena *arena, const Row *rows, size_t count,
                           size_t *ret_at, unsigned *ret_lines)
{
    size_t best = 0;
    *ret_at = 0;
    *ret_lines = 1;
    for (size_t at = 0; at < count && at < HEADING_ROWS; at++)
        for (unsigned lines = 1; lines <= 2 && at + lines <= count; lines++) {
            size_t score = lines == 1 ? reading_score(reading_of(form, arena, rows, at, 1))
                                      : double_score(form, arena, rows, at);
            if (score > best) {
                best = score;
                *ret_at = at;
                *ret_lines = lines;
            }
        }
    return best;
}

size_t heading_score(const Form *form, Arena *arena, const Row *rows, size_t count)
{
    size_t at;
    unsigned lines;
    return best_reading(form, arena, rows, count, &at, &lines);
}

const char *heading_sheet_label(Arena *arena, unsigned sheet, const char *sheet_name)
{
    return *sheet_name ? sheet_name : arena_printf(arena, "%u", sheet);
}

const char *heading_cell(const Heading *heading, Arena *arena, size_t column)
{
    return cell_name(arena, column, heading->lines[column]);
}

static ErrCode refuse_double(const Heading *heading, Arena *arena, size_t first, size_t second,
                             Err *err)
{
    const char *fact = form_column(heading->form, heading->columns[first]->target)->heading;
    err_set(err, ERR_INPUT, _("sheet '%s': two columns are '%s': %s '%s' and %s '%s'"),
            heading_sheet_label(arena, heading->sheet, heading->sheet_name), fact,
            heading_cell(heading, arena, first), heading->texts[first],
            heading_cell(heading, arena, second), heading->texts[second]);
    return err_hint(err, _("rename or remove the column that does not count"));
}

/* Gives each target its column. A fallback heading steps back behind a proper one. */
static ErrCode assign_columns(Heading *heading, Arena *arena, Err *err)
{
    for (Target target = 0; target < TARGET_COUNT; target++)
        heading->column_of[target] = COLUMN_NONE;
    for (size_t column = 0; column < heading->width; column++) {
        const FormHeading *known = heading->columns[column];
        if (!known)
            continue;
        size_t other = heading->column_of[known->target];
        if (other != COLUMN_NONE && heading->columns[other]->fallback == known->fallback)
            return refuse_double(heading, arena, other, column, err);
        if (other != COLUMN_NONE && known->fallback) {
            heading->columns[column] = NULL;
            continue;
        }
        if (other != COLUMN_NONE)
            heading->columns[other] = NULL;
        heading->column_of[known->target] = column;
        heading->recognised += other == COLUMN_NONE;
    }
    return OK;
}

static void read_all(Heading *heading, Arena *arena, Reading reading)
{
    heading->width = reading_width(&reading);
    heading->columns = arena_array(arena, const FormHeading *, heading->width);
    heading->texts = arena_array(arena, const char *, heading->width);
    heading->keys = arena_array(arena, const char *, heading->width);
    heading->lines = arena_array(arena, unsigned, heading->width);
    for (size_t column = 0; column < heading->width; column++) {
        const char *text;
        heading->columns[column] = read_column(&reading, column, &text);
        heading->texts[column] = text_trim(arena, text);
        heading->keys[column] = form_key(arena, text);
        heading->lines[column] =
            filled(cell_text(reading.lower, column)) ? reading.lower->line : reading.upper->line;
    }
}

ErrCode heading_find(const Form *form, Arena *arena, const Row *rows, size_t count,
                     Heading *ret_heading, bool *ret_found, Err *err)
{
    Heading heading = {.form = form, .sheet_name = ""};
    size_t at = 0;
    unsigned lines = 1;
    size_t score = count > 0 ? best_reading(form, arena, rows, count, &at, &lines) : 0;
    if (count > 0) {
        heading.sheet = rows[at].sheet;
        heading.sheet_name = arena_strdup(arena, rows[at].sheet_name);
        heading.line = rows[at].line;
        heading.last = rows[at + lines - 1].line;
        read_all(&heading, arena, reading_of(form, arena, rows, at, lines));
    }
    *ret_found = score >= HEADING_LEAST;
    if (*ret_found) {
        TRY(assign_columns(&heading, arena, err));
        heading_titles(&heading, arena, rows, at);
    }
    *ret_heading = heading;
    return OK;
}

static bool has_any(const Heading *heading, const TextList *group)
{
    for (size_t i = 0; i < group->count; i++) {
        Target target = target_find(group->items[i]);
        if (heading->column_of[target] != COLUMN_NONE || heading->titles[target].line != 0)
            return true;
    }
    return false;
}

/* "'身份证号码' or '手机号码'", with the nearest heading that was found. A row without any known
 * heading may hold people: of it nothing is shown. */
static const char *missing_text(const Heading *heading, Arena *arena, const TextList *group)
{
    const char *text = "", *nearest = NULL;
    const char **unknown = arena_array(arena, const char *, heading->width + 1);
    size_t count = 0;
    bool known = false;
    for (size_t column = 0; column < heading->width; column++)
        known |= heading->columns[column] != NULL;
    for (size_t column = 0; known && column < heading->width; column++)
        if (!heading->columns[column] && *heading->texts[column])
            unknown[count++] = heading->texts[column];
    for (size_t i = 0; i < group->count; i++) {
        const char *own = form_column(heading->form, target_find(group->items[i]))->heading;
        text = i == 0 ? arena_printf(arena, "'%s'", own)
                      : arena_printf(arena, _("%s or '%s'"), text, own);
        nearest = nearest ? nearest : text_nearest(own, unknown, count);
    }
    return nearest ? arena_printf(arena, _("%s (nearest found: '%s')"), text, nearest) : text;
}

ErrCode heading_complete(const Heading *heading, Arena *arena, Err *err)
{
    const char *missing = NULL;
    for (size_t i = 0; i < heading->form->required_count; i++) {
        const TextList *group = &heading->form->required[i];
        if (has_any(heading, group))
            continue;
        const char *text = missing_text(heading, arena, group);
        missing = missing ? arena_printf(arena, "%s, %s", missing, text) : text;
    }
    if (!missing)
        return OK;
    err_set(err, ERR_INPUT, _("sheet '%s', heading in line %u: required headings are missing: %s"),
            heading_sheet_label(arena, heading->sheet, heading->sheet_name), heading->line,
            missing);
    return err_hint(err, _("name the columns as in 'talent survey form %s -o FILE.xlsx'"),
                    heading->form->id);
}

/* What most cells show at once: a plain text is its own key. */
static bool has_key(Arena *arena, const char *text, const char *key)
{
    return strcmp(form_plain(text) ? text : form_key(arena, text), key) == 0;
}

bool heading_repeated(const Heading *heading, Arena *arena, const Row *row)
{
    size_t same = 0, other = 0, cells = 0;
    for (size_t column = 0; column < row->count; column++)
        cells += filled(row->cells[column].text);
    for (size_t column = 0; column < row->count && other * 2 < cells; column++) {
        const char *text = row->cells[column].text;
        if (!filled(text))
            continue;
        if (column < heading->width && has_key(arena, text, heading->keys[column]))
            same++;
        else
            other++;
    }
    return same >= HEADING_LEAST && same * 2 > cells;
}
