/* Months of pension insurance paid in the city, as people write them.
 * Source: DOMAIN A "满2年"; checklist 17, 27: a start, a gap or an estimate is no count, and
 * nothing is guessed. */
#include "base/text.h"
#include "survey/check_line.h"
#include "survey/date_read.h"

#include <math.h>

enum { MONTHS_MAX = 600, WORK_AGE = 16, FIRST_INSURANCE = 1980 };

/* Chinese number words to ten, as in "两年零三个月". */
static int han_digit(const char **at)
{
    static const char *const DIGITS[] = {"零", "一", "二", "三", "四", "五",
                                         "六", "七", "八", "九", "十", "两"};
    for (size_t i = 0; i < sizeof DIGITS / sizeof *DIGITS; i++)
        if (text_starts(*at, DIGITS[i])) {
            *at += strlen(DIGITS[i]);
            return i == 11 ? 2 : (int)i;
        }
    return -1;
}

/* 0..99 in Chinese: 三, 十二, 二十七; false when there is none at *at. */
static bool han_number(const char **at, double *ret_number)
{
    const char *cursor = *at;
    int first = han_digit(&cursor);
    if (first < 0)
        return false;
    int number = first;
    const char *next = cursor;
    int second = han_digit(&next);
    if (first == 10 && second >= 1 && second <= 9) {
        number = 10 + second;
        cursor = next;
    } else if (first >= 1 && first <= 9 && second == 10) {
        number = first * 10;
        cursor = next;
        int third = han_digit(&next);
        if (third >= 1 && third <= 9) {
            number += third;
            cursor = next;
        }
    }
    *at = cursor;
    *ret_number = number;
    return true;
}

static bool take_number(const char **at, double *ret_number)
{
    if (**at < '0' || **at > '9')
        return han_number(at, ret_number);
    char *end;
    *ret_number = strtod(*at, &end);
    *at = end;
    return true;
}

static bool take_word(const char **at, const char *const *words)
{
    for (; *words; words++)
        if (text_starts(*at, *words)) {
            *at += strlen(*words);
            return true;
        }
    return false;
}

static const char *const YEARS[] = {"周年", "年", NULL};
static const char *const MONTHS[] = {"个月", "个", "月", NULL};
static const char *const JOINTS[] = {"零", "又", "+", ",", "、", "多", NULL};

/* "2年3个月", "27个月", "27", "2年半", "满2年", "2.5年" → months; false = another shape. */
static bool parse_months(const char *key, double *ret_months)
{
    static const char *const FULL[] = {"满", "已满", "共", "累计", "已缴", "缴", NULL};
    const char *at = key;
    double years, months;
    while (take_word(&at, FULL))
        continue;
    if (!take_number(&at, &years))
        return false;
    if (take_word(&at, MONTHS) || *at == '\0') {
        *ret_months = years;
        return *at == '\0';
    }
    if (!take_word(&at, YEARS))
        return false;
    *ret_months = years * 12;
    if (strcmp(at, "半") == 0) {
        *ret_months += 6;
        return true;
    }
    if (*at == '\0' || strcmp(at, "整") == 0)
        return true;
    if (text_starts(at, "零"))
        take_word(&at, JOINTS);
    if (!take_number(&at, &months) || !take_word(&at, MONTHS) || *at != '\0' || months >= 12)
        return false;
    *ret_months += months;
    return true;
}

static bool has_number(const char *key)
{
    static const char *const DIGITS[] = {"一", "二", "三", "四", "五", "六",
                                         "七", "八", "九", "十", "两", "半"};
    for (size_t i = 0; i < sizeof DIGITS / sizeof *DIGITS; i++)
        if (strstr(key, DIGITS[i]))
            return true;
    return strpbrk(key, "0123456789") != NULL;
}

/* A number that the words around it make an estimate; "多年" has none and cannot be read. */
static bool vague(const char *key)
{
    static const char *const SIGNS[] = {"约",   "大概", "左右", "以上",   "以下", "超过",
                                        "不足", "多",   "近",   "未满",   "不到", "几",
                                        ">",    "<",    "≥",    "~",      "余",   "+",
                                        "补缴", "中断", "断缴", "不连续", "不详"};
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (strstr(key, SIGNS[i]))
            return has_number(key);
    return false;
}

static DateRead read_start(const Line *line, const Input *input)
{
    DateRange range = {date_of(FIRST_INSURANCE, 1, 1), line->out->surveyed_on,
                       line->setting->date_1904};
    return date_read(input->cell, input->text, &range);
}

/* A date where a count belongs. Four digits alone are a year, not 2010 months. */
static bool is_start(const Line *line, const Input *input, DateRead *ret_read)
{
    if ((input->cell->kind == CELL_NUMBER && input->cell->number < 1000) || strlen(input->text) < 4)
        return false;
    *ret_read = read_start(line, input);
    return ret_read->kind >= DATE_READ_YEAR;
}

static Date first_of_month(Date date)
{
    Civil civil = date_civil(date);
    return date_of(civil.year, civil.month, 1);
}

static void take_start(Line *line, const Input *input, DateRead read)
{
    if (read.date > line->out->surveyed_on)
        line_problem(line, input, PROBLEM_PENSION_START_FUTURE);
    else if (line->pension_start == DATE_NONE)
        line->pension_start = read.date;
}

void check_pension_start(Line *line, const Input *input)
{
    DateRead read = read_start(line, input);
    if (read.kind == DATE_READ_IMPOSSIBLE)
        line_problem(line, input, PROBLEM_DATE_IMPOSSIBLE);
    else if (read.kind == DATE_READ_AMBIGUOUS)
        line_problem(line, input, PROBLEM_DATE_AMBIGUOUS);
    else if (read.kind == DATE_READ_NOTHING)
        line_problem(line, input, PROBLEM_DATE_UNREADABLE);
    else
        take_start(line, input, read);
}

bool months_bare(const Cell *cell, const char *key)
{
    return cell->kind == CELL_NUMBER || (*key && strspn(key, "0123456789.") == strlen(key));
}

void check_pension_months(Line *line, const Input *input)
{
    double months = input->cell->kind == CELL_NUMBER ? input->cell->number : 0;
    DateRead start = {.kind = DATE_READ_NOTHING};
    line->months_given = true;
    bool counted = input->cell->kind == CELL_NUMBER ? months < MONTHS_MAX * 2
                                                    : parse_months(input->key, &months);
    if (input->cell->kind == CELL_DATE)
        counted = false;
    HeadingUnit unit = input->heading ? input->heading->unit : UNIT_MONTHS;
    bool bare = counted && unit != UNIT_MONTHS && months_bare(input->cell, input->key) &&
                !is_start(line, input, &start);
    if (bare && unit == UNIT_YEARS)
        months *= 12;
    if (bare && unit == UNIT_UNSAID) {
        line_problem(line, input, PROBLEM_MONTHS_UNIT);
        return;
    }
    if (counted && months > MONTHS_MAX && is_start(line, input, &start))
        counted = false;
    if (!counted && (start.kind != DATE_READ_NOTHING || is_start(line, input, &start))) {
        line_problem(line, input, PROBLEM_PENSION_START_ONLY);
        take_start(line, input, start);
    } else if (!counted) {
        line_problem(line, input,
                     vague(input->key) ? PROBLEM_MONTHS_VAGUE : PROBLEM_MONTHS_UNREADABLE);
    } else if (fabs(months - round(months)) > 1e-9) {
        line_problem(line, input, PROBLEM_MONTHS_UNREADABLE);
    } else if (months > MONTHS_MAX || months < 0) {
        line_problem(line, input, PROBLEM_MONTHS_RANGE);
    } else {
        int64_t whole = (int64_t)round(months);
        line_number(line, input, whole, arena_printf(line->arena, "%d", (int)whole),
                    NORMALISED_MONTHS);
        line->facts->pension_on = line->out->surveyed_on;
    }
}

void check_pension_whole(Line *line)
{
    FactValue months = line->facts->values[FACT_PENSION_MONTHS],
              birth = line->facts->values[FACT_BIRTH_DATE];
    Date on = line->out->surveyed_on;
    if (!months.known && !line->months_given && line->pension_start != DATE_NONE)
        line_problem_at(line, TARGET_PENSION_START, PROBLEM_PENSION_START_ONLY);
    if (!months.known)
        return;
    if (line->pension_start != DATE_NONE &&
        months.number > date_whole_months(first_of_month(line->pension_start), on) + 1)
        line_problem_at(line, FACT_PENSION_MONTHS, PROBLEM_MONTHS_BEYOND_START);
    if (birth.known &&
        months.number > date_whole_months(date_birthday((Date)birth.number, WORK_AGE), on) + 1)
        line_problem_at(line, FACT_PENSION_MONTHS, PROBLEM_MONTHS_RANGE);
}
