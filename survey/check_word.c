/* Answers from a list: words of a vocabulary, yes and no, provinces, schools. */
#include "base/text.h"
#include "survey/check_line.h"

static FactId fact_of(const Input *input)
{
    return (FactId)input->target;
}

/* The problem of a word that no list holds. Education decides nothing: it may stay unknown. */
static void unknown_word(Line *line, const Input *input)
{
    if (text_list_has(&line->form->words.silent[input->target], input->key))
        line_problem(line, input, PROBLEM_SAYS_NOTHING);
    else
        line_problem(line, input,
                     input->target == FACT_EDUCATION ? PROBLEM_WORD_UNREAD : PROBLEM_WORD_UNKNOWN);
}

static void take_word(Line *line, const Input *input, const Word *word)
{
    if (!word)
        unknown_word(line, input);
    else if (!word->clear)
        line_problem(line, input, PROBLEM_WORD_UNCLEAR);
    else
        line_number(line, input, word->code,
                    word_show(fact_info(fact_of(input))->vocabulary, word->code, LANG_ZH),
                    NORMALISED_WORD);
}

void check_code(Line *line, const Input *input)
{
    take_word(line, input, form_word(line->form, line->arena, fact_of(input), false, input->key));
}

void check_flag(Line *line, const Input *input)
{
    bool invert = input->heading && input->heading->invert;
    Word of_cell = {.key = input->key, .code = input->cell->number != 0, .clear = true};
    const Word *word = input->cell->kind == CELL_BOOL
                           ? &of_cell
                           : form_word(line->form, line->arena, fact_of(input), invert, input->key);
    if (!word || !word->clear) {
        if (word)
            line_problem(line, input, PROBLEM_WORD_UNCLEAR);
        else
            unknown_word(line, input);
        return;
    }
    int64_t yes = invert ? !word->code : word->code;
    line_number(line, input, yes, yes ? "是" : "否", NORMALISED_WORD);
}

/* "有(长安镇)": the answer and the town in one cell. */
void check_home(Line *line, const Input *input)
{
    const char *rest = text_starts(input->key, "有") ? input->key + strlen("有") : NULL;
    if (rest && *rest) {
        rest += strspn(rest, "(,;:-");
        char *name = arena_strdup(line->arena, rest);
        if (text_ends(name, ")"))
            name[strlen(name) - 1] = '\0';
        int64_t town = town_of(line, name);
        if (town != 0) {
            line_number(line, input, 1, "有", NORMALISED_WORD);
            line_conclude(line, FACT_HOME_TOWN, town);
            return;
        }
    }
    check_flag(line, input);
}

static int64_t province_of(Line *line, const char *key)
{
    const Word *word = form_word(line->form, line->arena, FACT_SCHOOL_PROVINCE, false, key);
    int64_t code = word && word->clear ? word->code : word_in_front(VOCABULARY_PROVINCE, key);
    if (code == 0 && text_list_starts(&line->form->words.cities, key))
        code = word_find(VOCABULARY_PROVINCE, "广东");
    return code;
}

void check_province(Line *line, const Input *input)
{
    int64_t code = province_of(line, input->key);
    if (code == 0)
        unknown_word(line, input);
    else
        line_number(line, input, code, word_show(VOCABULARY_PROVINCE, code, LANG_ZH),
                    NORMALISED_WORD);
}

void check_school_whole(Line *line)
{
    FactValue school = line->facts->values[FACT_SCHOOL];
    if (!school.known)
        return;
    const char *key = form_key(line->arena, school.text);
    const WordList *names = &line->form->words.school_names;
    for (size_t i = 0; i < names->count; i++)
        if (strstr(key, names->words[i].key))
            line_conclude(line, FACT_SCHOOL_KIND, names->words[i].code);
    int64_t province = province_of(line, key);
    if (province != 0)
        line_conclude(line, FACT_SCHOOL_PROVINCE, province);
}
