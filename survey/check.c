#include "survey/check_line.h"

#include "base/buffer.h"
#include "base/guard.h"
#include "base/text.h"

#include <jansson.h>

enum { RAW_BYTES = 3800 }; /* room of answer.normalised, less its seal */

/* One cell of a row. What an `alone` step makes of a cell follows from the heading, the cell and the
 * day of the survey, and is the value of its own target; so it can be recalled. */
typedef struct Step {
    Target target;
    void (*check)(Line *line, const Input *input);
    bool alone;
} Step;

static const Step STEPS[] = {
    {TARGET_SURVEYED_ON, check_surveyed_on, true}, /* the other dates are judged by it */
    {TARGET_ID_TYPE, check_id_type, false},
    {FACT_ID_NUMBER, check_id_number, false}, /* sex and birth date must agree with it */
    {FACT_NAME, check_name, false},
    {FACT_SEX, check_code, true},
    {FACT_BIRTH_DATE, check_birth_date, false},
    {FACT_HUKOU_REGION, check_text, true},
    {FACT_IN_CITY_HUKOU, check_flag, true},
    {FACT_SKILL_LEVEL, check_level, true},
    {FACT_CERTIFICATE_TYPE, check_code, true},
    {FACT_CERTIFICATE_NO, check_certificate_no, false},
    {FACT_CERTIFICATE_DATE, check_certificate_date, true},
    {FACT_OCCUPATION, check_text, true},
    {FACT_EMPLOYER, check_text, true},
    {FACT_EMPLOYER_TOWN, check_town, true},
    {TARGET_PENSION_START, check_pension_start, false},
    {FACT_PENSION_MONTHS, check_pension_months, true},
    {FACT_PENSION_GAP_KNOWN, check_flag, true},
    {FACT_SCHOOL, check_text, true},
    {FACT_SCHOOL_KIND, check_code, true},
    {FACT_SCHOOL_PROVINCE, check_province, true},
    {FACT_GRADUATION_DATE, check_graduation_date, true},
    {FACT_FAMILY_PLANNING_OK, check_flag, true},
    {FACT_NO_CRIMINAL_RECORD, check_flag, true},
    {FACT_NO_BANNED_ORGANISATION, check_flag, true},
    {FACT_OWNS_HOME, check_home, true},
    {FACT_HOME_TOWN, check_town, true},
    {FACT_WANTS_SETTLEMENT, check_code, true},
    {FACT_INTENDED_TOWN, check_town, true},
    {FACT_PHONE, check_phone, false},
    {FACT_CONSENT_SMS, check_flag, true},
    {FACT_EDUCATION, check_code, true},
};

const Cell *check_cell(const Heading *heading, const Row *row, Target target, size_t *ret_column,
                       unsigned *ret_line)
{
    size_t column = heading->column_of[target];
    const TitleValue *title = &heading->titles[target];
    static const Cell EMPTY = {.kind = CELL_EMPTY, .text = ""};
    *ret_column = column;
    *ret_line = row->line;
    if (column != COLUMN_NONE)
        return column < row->count ? &row->cells[column] : &EMPTY;
    *ret_column = title->column;
    *ret_line = title->line;
    return title->line != 0 ? &title->cell : NULL;
}

bool check_blank(const Form *form, Arena *arena, const char *text)
{
    const char *key = form_plain(text) ? text : form_key(arena, text);
    return *key == '\0' || text_list_has(&form->words.blank, key);
}

/* "无" is no value of a text, a date or a number; of a list or a yes/no column it is an answer. */
static bool stands_for_none(const Line *line, Target target, const char *key)
{
    FactKind kind = target < FACT_COUNT ? fact_info((FactId)target)->kind : KIND_TEXT;
    return kind != KIND_FLAG && kind != KIND_CODE && text_list_has(&line->form->words.none, key);
}

/* The cell of a target, its text and key not yet read; false when it is empty. */
static bool find_input(const Line *line, Target target, Input *ret_input)
{
    const Heading *heading = line->setting->heading;
    size_t column;
    unsigned at;
    const Cell *cell = check_cell(heading, line->row, target, &column, &at);
    if (!cell || cell->kind == CELL_EMPTY)
        return false;
    bool own = heading->column_of[target] != COLUMN_NONE;
    ret_input->target = target;
    ret_input->heading = own ? heading->columns[column] : NULL;
    ret_input->cell = cell;
    ret_input->raw = line->setting->own_export ? guard_off(cell->text) : cell->text;
    ret_input->column = column;
    ret_input->line = at;
    return true;
}

/* Its text and its key; false when it says nothing. */
static bool read_input(Line *line, Input *input)
{
    bool plain = form_plain(input->raw);
    input->text =
        plain ? input->raw : text_trim(line->arena, text_fold_width(line->arena, input->raw));
    input->key = plain ? input->raw : form_key(line->arena, input->raw);
    if (*input->key == '\0')
        return false;
    if (text_list_has(&line->form->words.blank, input->key) ||
        stands_for_none(line, input->target, input->key)) {
        line_normalised(line, input, NORMALISED_BLANK);
        return false;
    }
    return true;
}

/* What a spreadsheet shows instead of a value; a .csv has it as plain text. */
static bool shows_error(const Input *input)
{
    static const char *const ERRORS[] = {"#n/a",   "#ref!",  "#value!", "#div/0!",
                                         "#name?", "#null!", "#num!"};
    for (size_t i = 0; *input->key == '#' && i < sizeof ERRORS / sizeof *ERRORS; i++)
        if (strcmp(input->key, ERRORS[i]) == 0)
            return true;
    return input->cell->kind == CELL_ERROR;
}

/* Reads a cell and checks it; false when it says nothing. */
static bool run_step(Line *line, const Step *step, Input *input)
{
    if (!read_input(line, input))
        return false;
    if (shows_error(input))
        line_problem(line, input, PROBLEM_CELL_ERROR);
    else
        step->check(line, input);
    return true;
}

/* The level is judged later, with the certificate's number. */
static void recall_level(Line *line, const Input *input, const Recalled *recalled)
{
    line->level = *input;
    line->level.key = line->level.text = arena_strdup(line->arena, recalled->key);
    line->level_word = recalled->word;
}

static void recall(Line *line, const Input *input, const Recalled *recalled)
{
    if (recalled->normalised)
        line_normalised(line, input, recalled->kind);
    if (recalled->blank)
        return;
    if (input->target == TARGET_SURVEYED_ON)
        line->out->surveyed_on = (Date)recalled->number;
    else if (input->target == FACT_SKILL_LEVEL)
        recall_level(line, input, recalled);
    else if (recalled->known)
        line->facts->values[input->target] =
            (FactValue){.known = true, .number = recalled->number, .text = input->raw};
    if (input->target == FACT_PENSION_MONTHS) {
        line->months_given = true;
        line->facts->pension_on = line->out->surveyed_on;
    }
}

/* Keeps what a cell came to, unless it came to more than recall() gives back. */
static void remember(const Line *line, const Input *input, Date on, bool blank, Recalled *place)
{
    bool level = input->target == FACT_SKILL_LEVEL && !blank;
    FactValue value = {.known = false};
    if (input->target < FACT_COUNT && !blank)
        value = line->facts->values[input->target];
    bool home_town = input->target == FACT_OWNS_HOME && line_knows(line, FACT_HOME_TOWN);
    if (home_town || (value.known && value.text && strcmp(value.text, input->raw) != 0) ||
        (level && strlen(input->key) >= sizeof place->key))
        return;
    place->blank = blank;
    place->normalised = line->raw[input->target] != NULL;
    place->kind = line->raw_kind;
    place->known = value.known;
    place->number = input->target == TARGET_SURVEYED_ON ? line->out->surveyed_on : value.number;
    place->word = level ? line->level_word : NULL;
    if (level)
        memcpy(place->key, input->key, strlen(input->key) + 1);
    recall_keep(place, input->target, on, input->raw);
}

static void run_steps(Line *line)
{
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        const Step *step = &STEPS[i];
        Input input;
        if (!find_input(line, step->target, &input))
            continue;
        bool kept = false, may = step->alone && input.cell->kind == CELL_TEXT;
        Date on = line->out->surveyed_on;
        Recalled *place =
            may ? recall_find(line->setting->recall, step->target, on, input.raw, &kept) : NULL;
        size_t problems = line->problem_count;
        if (kept) {
            recall(line, &input, place);
            continue;
        }
        bool blank = !run_step(line, step, &input);
        if (place && line->problem_count == problems)
            remember(line, &input, on, blank, place);
    }
}

/* What the sheet's headings state of every row. */
static void read_implied(Line *line)
{
    const Heading *heading = line->setting->heading;
    line->out->implied = FACT_NONE;
    for (size_t column = 0; column < heading->width; column++) {
        const FormHeading *known = heading->columns[column];
        if (known && known->implies != FACT_NONE && line->out->implied == FACT_NONE) {
            line->out->implied = known->implies;
            line->out->implied_code = known->implied;
        }
    }
}

static bool says_plainly(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == '"' || *text == '\\')
            return false;
    return true;
}

static void add_quoted(Buffer *json, const char *text)
{
    if (says_plainly(text)) {
        buffer_char(json, '"');
        buffer_text(json, text);
        buffer_char(json, '"');
        return;
    }
    json_t *string = json_string(text);
    char *dumped = json_dumps(string, JSON_ENCODE_ANY);
    buffer_text(json, dumped ? dumped : "\"\"");
    free(dumped);
    json_decref(string);
}

/* The normalised cells as JSON; a row with too much of it keeps its first cells, and is
 * quarantined. */
static void write_raw(Line *line)
{
    AUTO_BUFFER json = BUFFER(1 << 24);
    for (Target target = 0; target < TARGET_COUNT; target++) {
        if (!line->raw[target])
            continue;
        buffer_text(&json, json.length ? ",\"" : "{\"");
        buffer_text(&json, target_name(target));
        buffer_text(&json, "\":");
        add_quoted(&json, line->raw[target]);
    }
    if (json.length == 0)
        return;
    buffer_char(&json, '}');
    if (json.overflow || json.length > RAW_BYTES)
        line_problem(line, NULL, PROBLEM_TEXT_LONG);
    else
        line->out->raw = arena_strdup(line->arena, buffer_string(&json));
}

void check_row(const CheckSetting *setting, Arena *arena, const Row *row, Checked *ret_checked)
{
    *ret_checked = (Checked){.surveyed_on = setting->surveyed_on, .facts.pension_on = DATE_NONE};
    Line line = {.setting = setting,
                 .form = setting->heading->form,
                 .arena = arena,
                 .row = row,
                 .facts = &ret_checked->facts,
                 .out = ret_checked,
                 .pension_start = DATE_NONE};
    read_implied(&line);
    run_steps(&line);
    check_sex_whole(&line);
    check_identity_whole(&line);
    check_level_whole(&line);
    check_hukou_whole(&line);
    check_school_whole(&line);
    check_pension_whole(&line);
    write_raw(&line);
    ret_checked->problems = line.problems;
    ret_checked->problem_count = line.problem_count;
}

bool line_knows(const Line *line, FactId fact)
{
    return line->facts->values[fact].known;
}

void line_problem(Line *line, const Input *input, ProblemCode code)
{
    if (line->problem_count == LINE_PROBLEMS)
        return;
    if (!line->problems)
        line->problems = arena_array(line->arena, Problem, LINE_PROBLEMS);
    Severity severity = problem_severity(code);
    line->problems[line->problem_count++] =
        (Problem){.code = code,
                  .severity = severity,
                  .target = input ? input->target : TARGET_NONE,
                  .cell = input ? cell_name(line->arena, input->column, input->line) : "",
                  .value = input ? input->raw : ""};
    line->out->quarantined |= severity == SEVERITY_QUARANTINE;
    if (input && severity == SEVERITY_NOTE)
        line_normalised(line, input, NORMALISED_UNKNOWN);
}

void line_problem_at(Line *line, Target target, ProblemCode code)
{
    Input input = {.target = target};
    input.cell = check_cell(line->setting->heading, line->row, target, &input.column, &input.line);
    input.raw = input.cell ? input.cell->text : "";
    line_problem(line, input.cell ? &input : NULL, code);
}

void line_normalised(Line *line, const Input *input, Normalised kind)
{
    if (!line->raw[input->target])
        line->out->normalised[kind]++;
    line->raw[input->target] = input->raw;
    line->raw_kind = kind;
}

void line_number(Line *line, const Input *input, int64_t number, const char *shown, Normalised kind)
{
    line->facts->values[input->target] = (FactValue){.known = true, .number = number};
    if (!text_equal(shown, input->raw))
        line_normalised(line, input, kind);
}

void line_text(Line *line, const Input *input, const char *text, Normalised kind)
{
    line->facts->values[input->target] = (FactValue){.known = true, .text = text};
    if (!text_equal(text, input->raw))
        line_normalised(line, input, kind);
}

void line_conclude(Line *line, FactId fact, int64_t number)
{
    if (!line->facts->values[fact].known)
        line->facts->values[fact] = (FactValue){.known = true, .number = number};
}
