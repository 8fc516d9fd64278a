/* Who it is: the ID number, what must agree with it, and the phone. */
#include "people/phone.h"
#include "survey/check_line.h"

#include "base/text.h"

void check_id_type(Line *line, const Input *input)
{
    line->other_paper = !text_list_has(&line->form->words.id_papers, input->key);
}

static ProblemCode id_problem(IdProblem problem)
{
    switch (problem) {
    case ID_SCIENTIFIC:
        return PROBLEM_ID_SCIENTIFIC;
    case ID_CHARACTERS:
        return PROBLEM_ID_CHARACTERS;
    case ID_LENGTH:
        return PROBLEM_ID_LENGTH;
    case ID_DAMAGED:
        return PROBLEM_ID_DAMAGED;
    case ID_BIRTH_DATE:
        return PROBLEM_ID_BIRTH_DATE;
    case ID_CHECKSUM:
        return PROBLEM_ID_CHECKSUM;
    case ID_FUTURE:
        return PROBLEM_ID_FUTURE;
    case ID_TOO_OLD:
        return PROBLEM_ID_TOO_OLD;
    case ID_FINE:
    case ID_EMPTY:
        break;
    }
    return PROBLEM_COUNT;
}

/* A spreadsheet keeps 15 digits of a number: whatever is longer was changed, however sound it
 * looks. */
static bool rounded(const Cell *cell)
{
    return cell->kind == CELL_NUMBER && cell->number >= 1e15;
}

void check_id_number(Line *line, const Input *input)
{
    if (line->other_paper) {
        line_problem(line, input, PROBLEM_ID_OTHER_PAPER);
        return;
    }
    const char *text = input->text;
    if (input->cell->kind == CELL_NUMBER && !rounded(input->cell))
        text = arena_printf(line->arena, "%.0f", input->cell->number);
    IdProblem problem = id_number_check(text, line->out->surveyed_on, &line->id);
    if (problem == ID_EMPTY)
        return;
    line->id_given = true;
    if (rounded(input->cell) && problem != ID_SCIENTIFIC)
        line_problem(line, input, PROBLEM_ID_DAMAGED);
    else if (problem != ID_FINE)
        line_problem(line, input, id_problem(problem));
    else
        line_text(line, input, arena_strdup(line->arena, line->id.text),
                  line->id.upgraded ? NORMALISED_ID_15 : NORMALISED_ID);
}

static int64_t sex_by_id(const Line *line)
{
    enum { MALE = 1, FEMALE = 2 }; /* people/words.def */
    return line->id.male ? MALE : FEMALE;
}

void check_sex_whole(Line *line)
{
    if (line_knows(line, FACT_SEX) && line_knows(line, FACT_ID_NUMBER) &&
        line->facts->values[FACT_SEX].number != sex_by_id(line))
        line_problem_at(line, FACT_SEX, PROBLEM_SEX_CLASH);
}

static ProblemCode phone_problem(PhoneProblem problem, const Phone *phone)
{
    switch (problem) {
    case PHONE_CHARACTERS:
        return PROBLEM_PHONE_CHARACTERS;
    case PHONE_LENGTH:
        return PROBLEM_PHONE_LENGTH;
    case PHONE_LANDLINE:
        return PROBLEM_PHONE_LANDLINE;
    case PHONE_SEVERAL:
        return PROBLEM_PHONE_SEVERAL;
    case PHONE_FINE:
        if (phone->may_text == MAY_TEXT_NO)
            return PROBLEM_PHONE_NO_SMS;
        if (phone->may_text == MAY_TEXT_UNKNOWN)
            return PROBLEM_PHONE_PREFIX;
        break;
    case PHONE_EMPTY:
        break;
    }
    return PROBLEM_COUNT;
}

void check_phone(Line *line, const Input *input)
{
    Phone phone = {.digits = ""};
    const char *text = input->text;
    if (input->cell->kind == CELL_NUMBER && input->cell->number < 1e15)
        text = arena_printf(line->arena, "%.0f", input->cell->number);
    PhoneProblem problem = phone_check(text, &phone);
    ProblemCode code = phone_problem(problem, &phone);
    if (code != PROBLEM_COUNT)
        line_problem(line, input, code);
    if (problem == PHONE_FINE && code != PROBLEM_PHONE_NO_SMS)
        line_text(line, input, arena_strdup(line->arena, phone.digits), NORMALISED_PHONE);
}

void check_identity_whole(Line *line)
{
    size_t column;
    unsigned at;
    const Cell *name = check_cell(line->setting->heading, line->row, FACT_NAME, &column, &at);
    if (!line_knows(line, FACT_NAME) && (!name || check_blank(line->form, line->arena, name->text)))
        line_problem_at(line, FACT_NAME, PROBLEM_NAME_MISSING);
    if (!line->id_given && !line_knows(line, FACT_PHONE))
        line_problem(line, NULL, PROBLEM_NO_IDENTITY);
    if (!line_knows(line, FACT_ID_NUMBER))
        return;
    line_conclude(line, FACT_SEX, sex_by_id(line));
    line_conclude(line, FACT_BIRTH_DATE, line->id.birth);
}
