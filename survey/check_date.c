/* Dates of a row: birth, certificate, graduation, the day on which it was filled in. */
#include "survey/check_line.h"
#include "survey/date_read.h"

enum {
    YEARS_TO_GRADUATE = 8,
    AGE_MAX = 120,
    FIRST_BIRTH = 1880,
    FIRST_CERTIFICATE = 1950,
    FIRST_SURVEY = 2000
};

static DateRange range_of(const Line *line, int first_year, Date latest)
{
    return (DateRange){date_of(first_year, 1, 1), latest, line->setting->date_1904};
}

/* Reads a date of the range; reports what is wrong with it and returns false. A month or a year is
 * returned as read. */
static bool read_within(Line *line, const Input *input, DateRange range, DateRead *ret_read)
{
    DateRead read = date_read(input->cell, input->text, &range);
    ProblemCode code = PROBLEM_COUNT;
    if (read.kind == DATE_READ_NOTHING || read.since)
        code = PROBLEM_DATE_UNREADABLE;
    else if (read.kind == DATE_READ_IMPOSSIBLE)
        code = PROBLEM_DATE_IMPOSSIBLE;
    else if (read.kind == DATE_READ_AMBIGUOUS)
        code = PROBLEM_DATE_AMBIGUOUS;
    else if (read.date > range.latest)
        code = PROBLEM_DATE_FUTURE;
    else if (read.date < range.earliest)
        code = PROBLEM_DATE_TOO_EARLY;
    if (code != PROBLEM_COUNT) {
        line_problem(line, input, code);
        return false;
    }
    *ret_read = read;
    return true;
}

static void take_day(Line *line, const Input *input, DateRead read)
{
    char shown[11];
    Normalised kind = read.serial       ? NORMALISED_SERIAL
                      : read.two_digits ? NORMALISED_YEAR
                                        : NORMALISED_DATE;
    line_number(line, input, read.date, date_format(read.date, shown), kind);
}

static Date last_of_month(Date first)
{
    return date_add_months(first, 1) - 1;
}

/* A month is taken as its last day, but not later than `latest`; a year alone is not kept. */
static void take_date(Line *line, const Input *input, DateRead read, Date latest)
{
    if (read.kind == DATE_READ_YEAR) {
        line_problem(line, input, PROBLEM_DATE_INCOMPLETE);
        return;
    }
    if (read.kind == DATE_READ_MONTH) {
        Date last = last_of_month(read.date);
        read.date = last < latest ? last : latest;
        line_problem(line, input, PROBLEM_DATE_MONTH);
    }
    take_day(line, input, read);
}

void check_surveyed_on(Line *line, const Input *input)
{
    DateRead read;
    if (line->setting->date_fixed ||
        !read_within(line, input, range_of(line, FIRST_SURVEY, line->setting->today), &read))
        return;
    if (read.kind == DATE_READ_DAY)
        line->out->surveyed_on = read.date;
    else
        line_problem(line, input, PROBLEM_DATE_INCOMPLETE);
}

/* Whether a birth date, or what there is of one, fits the ID number. */
static bool fits_id(DateRead read, Date birth)
{
    Civil said = date_civil(read.date), id = date_civil(birth);
    if (said.year != id.year)
        return false;
    if (read.kind == DATE_READ_YEAR)
        return true;
    return said.month == id.month && (read.kind == DATE_READ_MONTH || said.day == id.day);
}

void check_birth_date(Line *line, const Input *input)
{
    DateRead read;
    Date on = line->out->surveyed_on;
    bool has_id = line_knows(line, FACT_ID_NUMBER);
    if (!read_within(line, input, range_of(line, FIRST_BIRTH, on), &read))
        return;
    if (date_age(read.date, on) > AGE_MAX)
        line_problem(line, input, PROBLEM_DATE_TOO_EARLY);
    else if (has_id && !fits_id(read, line->id.birth))
        line_problem(line, input, PROBLEM_BIRTH_CLASH);
    else if (read.kind == DATE_READ_DAY)
        take_day(line, input, read);
    else if (has_id) /* the ID number says the day */
        line_normalised(line, input, NORMALISED_DATE);
    else
        line_problem(line, input, PROBLEM_DATE_INCOMPLETE);
}

void check_certificate_date(Line *line, const Input *input)
{
    DateRead read;
    if (read_within(line, input, range_of(line, FIRST_CERTIFICATE, line->out->surveyed_on), &read))
        take_date(line, input, read, line->out->surveyed_on);
}

void check_graduation_date(Line *line, const Input *input)
{
    DateRead read;
    Date latest = date_add_months(line->out->surveyed_on, 12 * YEARS_TO_GRADUATE);
    if (read_within(line, input, range_of(line, FIRST_CERTIFICATE, latest), &read))
        take_date(line, input, read, latest);
}
