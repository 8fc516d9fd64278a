/* Towns by people's words, and where someone's hukou is.
 * Source: DOMAIN A "Towns", "非莞户籍"; checklist 19. */
#include "base/text.h"
#include "survey/check_line.h"

static const char *past(const char *text, const char *prefix)
{
    return text_starts(text, prefix) ? text + strlen(prefix) : text;
}

/* A town's name at the front of an address: "长安镇乌沙社区". Only with 镇 or 街道: "长安路" is no
 * town. */
static int64_t town_in_front(const char *key)
{
    return word_in_front(VOCABULARY_TOWN, key);
}

static int64_t town_by_number(const char *key)
{
    if (strlen(key) != 9 || strspn(key, "0123456789") != 9)
        return 0;
    int64_t code = strtol(key, NULL, 10);
    return word_show(VOCABULARY_TOWN, code, LANG_ZH) ? code : 0;
}

int64_t town_of(Line *line, const char *key)
{
    const char *in_province = past(past(key, "中国"), "广东省");
    const char *in_city = past(in_province, "东莞市");
    const char *tries[] = {key, in_province, in_city, past(in_city, "东莞"),
                           past(past(in_province, "广东"), "东莞市")};
    enum { TRIES = sizeof tries / sizeof *tries };
    for (size_t i = 0; i < TRIES; i++) {
        const Word *word = form_word(line->form, line->arena, FACT_EMPLOYER_TOWN, false, tries[i]);
        if (word && word->clear)
            return word->code;
    }
    for (size_t i = 0; i < TRIES; i++) {
        int64_t code = town_in_front(tries[i]);
        if (code != 0)
            return code;
    }
    return town_by_number(key);
}

void check_town(Line *line, const Input *input)
{
    int64_t code = town_of(line, input->key);
    if (code == 0)
        line_problem(line, input, PROBLEM_TOWN_UNKNOWN);
    else
        line_number(line, input, code, word_show(VOCABULARY_TOWN, code, LANG_ZH), NORMALISED_TOWN);
}

typedef enum Where { SOMEWHERE, HERE, ELSEWHERE } Where;

/* A province other than Guangdong in front. */
static bool other_province(const char *key)
{
    enum { GUANGDONG = 44 }; /* people/words.def */
    int64_t code = word_in_front(VOCABULARY_PROVINCE, key);
    return code != 0 && code != GUANGDONG;
}

static Where read_where(Line *line, const char *region)
{
    const FormWords *words = &line->form->words;
    const char *key = past(form_key(line->arena, region), "中国");
    const char *local = past(past(past(key, "广东"), "省"), "广东");
    if (text_list_starts(&words->hukou_elsewhere, key) || other_province(key))
        return ELSEWHERE;
    if (text_list_starts(&words->hukou_here, local) || town_in_front(local) != 0)
        return HERE;
    return text_list_starts(&words->cities, local) ? ELSEWHERE : SOMEWHERE;
}

enum { AREA_BYTES = 4, QUESTION_WHERE = TARGET_COUNT };

static Where hukou_where(Line *line, const char *region)
{
    bool kept;
    Recalled *place = recall_find(line->setting->recall, QUESTION_WHERE, 0, region, &kept);
    if (kept)
        return (Where)place->number;
    Where where = read_where(line, region);
    if (place) {
        place->number = where;
        recall_keep(place, QUESTION_WHERE, 0, region);
    }
    return where;
}

void check_hukou_whole(Line *line)
{
    FactValue region = line->facts->values[FACT_HUKOU_REGION],
              flag = line->facts->values[FACT_IN_CITY_HUKOU];
    Where where = region.known ? hukou_where(line, region.text) : SOMEWHERE;
    if (where != SOMEWHERE && flag.known && (flag.number == 1) != (where == HERE))
        line_problem_at(line, FACT_IN_CITY_HUKOU, PROBLEM_HUKOU_CLASH);
    if (where != SOMEWHERE)
        line_conclude(line, FACT_IN_CITY_HUKOU, where == HERE);
    flag = line->facts->values[FACT_IN_CITY_HUKOU];
    bool local_id =
        line_knows(line, FACT_ID_NUMBER) && strncmp(line->id.area, "4419", AREA_BYTES) == 0;
    if (flag.known && local_id && flag.number == 0)
        line_problem_at(line, FACT_HUKOU_REGION, PROBLEM_HUKOU_AREA);
}
