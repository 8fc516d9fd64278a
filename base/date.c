#include "base/date.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SHANGHAI_OFFSET_MS = 8 * 3600 * 1000, DAY_MS = 24 * 3600 * 1000 };

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : DAYS[month - 1];
}

bool date_exists(int year, int month, int day)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= month_days(year, month);
}

/* Days are counted in 400-year eras of years that begin on 1 March, so that the leap day is last.
 */
Date date_of(int year, int month, int day)
{
    assert(date_exists(year, month, day));
    int shifted = month <= 2 ? year - 1 : year;
    int era = shifted / 400; /* shifted >= 0 */
    int year_of_era = shifted - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

Civil date_civil(Date date)
{
    assert(date >= DATE_MIN && date <= DATE_MAX);
    int days = date + 719468;
    int era = days / 146097;
    int day_of_era = days - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    return (Civil){.year = year_of_era + era * 400 + (month <= 2),
                   .month = month,
                   .day = day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

static bool digits(const char *text, int count, int *ret_number)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (text[i] - '0');
    }
    *ret_number = number;
    return true;
}

bool date_parse(const char *text, Date *ret_date)
{
    int year, month, day;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &year) ||
        !digits(text + 5, 2, &month) || !digits(text + 8, 2, &day) ||
        !date_exists(year, month, day))
        return false;
    *ret_date = date_of(year, month, day);
    return true;
}

char *date_format(Date date, char out[11])
{
    if (date == DATE_NONE) {
        out[0] = '\0';
        return out;
    }
    Civil civil = date_civil(date);
    const int parts[] = {civil.year / 100, civil.year % 100, civil.month, civil.day};
    char *at = out;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (i >= 2)
            *at++ = '-';
        *at++ = (char)('0' + parts[i] / 10);
        *at++ = (char)('0' + parts[i] % 10);
    }
    *at = '\0';
    return out;
}

Date date_add_months(Date date, int months)
{
    Civil civil = date_civil(date);
    int month_number = civil.year * 12 + civil.month - 1 + months;
    assert(month_number >= 12 && month_number < 12 * 10000);
    int year = month_number / 12, month = month_number % 12 + 1;
    int last = month_days(year, month);
    return date_of(year, month, civil.day < last ? civil.day : last);
}

Date date_birthday(Date birth, int years)
{
    Civil civil = date_civil(birth);
    int year = civil.year + years;
    if (civil.month == 2 && civil.day == 29 && !leap(year))
        return date_of(year, 3, 1);
    return date_of(year, civil.month, civil.day);
}

int date_age(Date birth, Date on)
{
    int years = date_civil(on).year - date_civil(birth).year;
    return on < date_birthday(birth, years) ? years - 1 : years;
}

int date_whole_months(Date from, Date to)
{
    if (to <= from)
        return 0;
    Civil a = date_civil(from), b = date_civil(to);
    int months = (b.year - a.year) * 12 + b.month - a.month;
    return to < date_add_months(from, months) ? months - 1 : months;
}

Moment moment_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (Moment)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Milliseconds since Shanghai's midnight of 1970-01-01; moments before 1970 do not occur. */
static int64_t shanghai_ms(Moment moment)
{
    assert(moment >= 0);
    return moment + SHANGHAI_OFFSET_MS;
}

Date moment_date(Moment moment)
{
    return (Date)(shanghai_ms(moment) / DAY_MS);
}

int moment_minute_of_day(Moment moment)
{
    return (int)(shanghai_ms(moment) % DAY_MS / 60000);
}

Date date_today(void)
{
    return moment_date(moment_now());
}

char *moment_format(Moment moment, char out[20])
{
    char day[11];
    unsigned second = (unsigned)(shanghai_ms(moment) % DAY_MS / 1000);
    snprintf(out, 20, "%.10s %02u:%02u:%02u", date_format(moment_date(moment), day),
             second / 3600 % 24, second / 60 % 60, second % 60);
    return out;
}
