/* The skill level, and what the certificate's number says of it.
 * Source: DOMAIN A "Levels", "Level traps", B "Certificate"; checklist 18. */
#include "base/text.h"
#include "survey/check_line.h"

#include <ctype.h>

void check_level(Line *line, const Input *input)
{
    const FormWords *words = &line->form->words;
    line->level = *input;
    line->level_word = form_word(line->form, line->arena, FACT_SKILL_LEVEL, false, input->key);
    if (line->level_word)
        return; /* an unclear word waits for the certificate's number */
    if (text_list_has(&words->silent[FACT_SKILL_LEVEL], input->key))
        line_problem(line, input, PROBLEM_SAYS_NOTHING);
    else if (text_list_within(&words->foreign[FACT_SKILL_LEVEL], input->key))
        line_problem(line, input, PROBLEM_LEVEL_FOREIGN);
    else
        line_problem(line, input, PROBLEM_LEVEL_UNKNOWN);
}

/* What a certificate's number says by its form. */
typedef struct CertificateForm {
    int level;             /* 1..5, 0 = the form is none that we know */
    int year;              /* two digits */
    bool skill_level_type; /* the 22 characters of a 职业技能等级证书 */
} CertificateForm;

enum { QUALIFICATION_DIGITS = 16, SKILL_LEVEL_CHARACTERS = 22 };

static int two_digits(const char *at)
{
    return (at[0] - '0') * 10 + at[1] - '0';
}

/* 16 digits: year(2) province(2) city(2) kind(1) office(3) level(1) serial(5).
 * 22 characters: Y or S, office(4) province(2) site(6) year(2) level(1) serial(6). */
static CertificateForm certificate_form(const char *number)
{
    size_t length = strlen(number), digits = strspn(number, "0123456789");
    CertificateForm form = {0};
    if (length == QUALIFICATION_DIGITS && digits == length && number[6] <= '4')
        form = (CertificateForm){number[10] - '0', two_digits(number), false};
    else if (length == SKILL_LEVEL_CHARACTERS && (number[0] == 'Y' || number[0] == 'S') &&
             strspn(number + 1, "0123456789") == length - 1)
        form = (CertificateForm){number[15] - '0', two_digits(number + 13), true};
    return form.level >= 1 && form.level <= 5 ? form : (CertificateForm){0};
}

static void level_against(Line *line, const CertificateForm *form)
{
    const Input *input = &line->level;
    const Word *word = line->level_word;
    if (!word)
        return;
    bool confirmed = form->level != 0 && form->level == word->code;
    if (!word->clear && !confirmed)
        line_problem(line, input, PROBLEM_LEVEL_UNCLEAR);
    else if (form->level != 0 && !confirmed)
        line_problem(line, input, PROBLEM_LEVEL_CLASH);
    else
        line_number(line, input, word->code, word_show(VOCABULARY_LEVEL, word->code, LANG_ZH),
                    NORMALISED_WORD);
}

/* The certificate's type: its column, else a heading, else the words of the level's cell, else the
 * number's form. */
static void certificate_type(Line *line, const CertificateForm *form)
{
    enum { QUALIFICATION = 1, SKILL_LEVEL = 2 }; /* people/words.def */
    const char *level = line->level.cell ? line->level.key : "";
    if (line->out->implied == FACT_CERTIFICATE_TYPE)
        line_conclude(line, FACT_CERTIFICATE_TYPE, line->out->implied_code);
    if (strstr(level, "职业资格"))
        line_conclude(line, FACT_CERTIFICATE_TYPE, QUALIFICATION);
    if (strstr(level, "技能等级"))
        line_conclude(line, FACT_CERTIFICATE_TYPE, SKILL_LEVEL);
    if (form->skill_level_type)
        line_conclude(line, FACT_CERTIFICATE_TYPE, SKILL_LEVEL);
    FactValue type = line->facts->values[FACT_CERTIFICATE_TYPE];
    if (form->level != 0 && form->skill_level_type && type.known && type.number != SKILL_LEVEL)
        line_problem_at(line, FACT_CERTIFICATE_NO, PROBLEM_CERTIFICATE_CLASH);
}

void check_level_whole(Line *line)
{
    FactValue number = line->facts->values[FACT_CERTIFICATE_NO],
              date = line->facts->values[FACT_CERTIFICATE_DATE];
    CertificateForm form = number.known ? certificate_form(number.text) : (CertificateForm){0};
    level_against(line, &form);
    certificate_type(line, &form);
    if (form.level != 0 && date.known && date_civil((Date)date.number).year % 100 != form.year)
        line_problem_at(line, FACT_CERTIFICATE_NO, PROBLEM_CERTIFICATE_YEAR);
}
