#include "survey/check_line.h"
#include "base/guard.h"

#include "base/text.h"

#include <jansson.h>

enum { RAW_BYTES = 3800 }; /* room of answer.normalised, less its seal */

static const struct {
    Target target;
    void (*check)(Line *line, const Input *input);
} STEPS[] = {
    {TARGET_SURVEYED_ON, check_surveyed_on}, /* the other dates are judged by it */
    {TARGET_ID_TYPE, check_id_type},
    {FACT_ID_NUMBER, check_id_number}, /* sex and birth date must agree with it */
    {FACT_NAME, check_name},
    {FACT_SEX, check_sex},
    {FACT_BIRTH_DATE, check_birth_date},
    {FACT_HUKOU_REGION, check_text},
    {FACT_IN_CITY_HUKOU, check_flag},
    {FACT_SKILL_LEVEL, check_level},
    {FACT_CERTIFICATE_TYPE, check_code},
    {FACT_CERTIFICATE_NO, check_certificate_no},
    {FACT_CERTIFICATE_DATE, check_certificate_date},
    {FACT_OCCUPATION, check_text},
    {FACT_EMPLOYER, check_text},
    {FACT_EMPLOYER_TOWN, check_town},
    {TARGET_PENSION_START, check_pension_start},
    {FACT_PENSION_MONTHS, check_pension_months},
    {FACT_PENSION_GAP_KNOWN, check_flag},
    {FACT_SCHOOL, check_text},
    {FACT_SCHOOL_KIND, check_code},
    {FACT_SCHOOL_PROVINCE, check_province},
    {FACT_GRADUATION_DATE, check_graduation_date},
    {FACT_FAMILY_PLANNING_OK, check_flag},
    {FACT_NO_CRIMINAL_RECORD, check_flag},
    {FACT_NO_BANNED_ORGANISATION, check_flag},
    {FACT_OWNS_HOME, check_home},
    {FACT_HOME_TOWN, check_town},
    {FACT_WANTS_SETTLEMENT, check_code},
    {FACT_INTENDED_TOWN, check_town},
    {FACT_PHONE, check_phone},
    {FACT_CONSENT_SMS, check_flag},
    {FACT_EDUCATION, check_code},
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
    const char *key = form_key(arena, text);
    return *key == '\0' || text_list_has(&form->words.blank, key);
}

/* "无" is no value of a text, a date or a number; of a list or a yes/no column it is an answer. */
static bool stands_for_none(const Line *line, Target target, const char *key)
{
    FactKind kind = target < FACT_COUNT ? fact_info((FactId)target)->kind : KIND_TEXT;
    return kind != KIND_FLAG && kind != KIND_CODE && text_list_has(&line->form->words.none, key);
}

static bool read_input(Line *line, Target target, Input *ret_input)
{
    Input input = {.target = target};
    input.cell = check_cell(line->setting->heading, line->row, target, &input.column, &input.line);
    if (!input.cell || input.cell->kind == CELL_EMPTY)
        return false;
    bool own = line->setting->heading->column_of[target] != COLUMN_NONE;
    input.heading = own ? line->setting->heading->columns[input.column] : NULL;
    input.raw = line->setting->own_export ? guard_off(input.cell->text) : input.cell->text;
    input.text = text_trim(line->arena, text_fold_width(line->arena, input.raw));
    input.key = form_key(line->arena, input.raw);
    *ret_input = input;
    if (*input.key == '\0')
        return false;
    if (text_list_has(&line->form->words.blank, input.key) ||
        stands_for_none(line, target, input.key)) {
        line_normalised(line, &input, NORMALISED_BLANK);
        return false;
    }
    return true;
}

/* What a spreadsheet shows instead of a value; a .csv has it as plain text. */
static bool shows_error(const Input *input)
{
    static const char *const ERRORS[] = {"#n/a",   "#ref!",  "#value!", "#div/0!",
                                         "#name?", "#null!", "#num!"};
    for (size_t i = 0; i < sizeof ERRORS / sizeof *ERRORS; i++)
        if (strcmp(input->key, ERRORS[i]) == 0)
            return true;
    return input->cell->kind == CELL_ERROR;
}

static void run_steps(Line *line)
{
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        Input input;
        if (!read_input(line, STEPS[i].target, &input))
            continue;
        if (shows_error(&input))
            line_problem(line, &input, PROBLEM_CELL_ERROR);
        else
            STEPS[i].check(line, &input);
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

/* The normalised cells as JSON; a row with too much of it keeps its first cells, and is
 * quarantined. */
static void write_raw(Line *line)
{
    json_t *raw = json_object();
    for (Target target = 0; target < TARGET_COUNT; target++)
        if (line->raw[target])
            json_object_set_new(raw, target_name(target), json_string(line->raw[target]));
    if (json_object_size(raw) > 0) {
        char *text = json_dumps(raw, JSON_COMPACT);
        line->out->raw = text ? arena_strdup(line->arena, text) : NULL;
        free(text);
    }
    json_decref(raw);
    if (line->out->raw && strlen(line->out->raw) > RAW_BYTES) {
        line->out->raw = NULL;
        line_problem(line, NULL, PROBLEM_TEXT_LONG);
    }
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
    check_identity_whole(&line);
    check_level_whole(&line);
    check_hukou_whole(&line);
    check_school_whole(&line);
    check_pension_whole(&line);
    write_raw(&line);
    ret_checked->problems =
        arena_memdup(arena, line.problems, line.problem_count * sizeof(Problem));
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
