#include "survey/date_read.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

enum { YEAR_MIN = 1900, YEAR_MAX = 2100, GROUPS = 3, GROUP_DIGITS = 8 };
enum { SERIAL_1970 = 25569, SERIAL_1904 = 1462, SERIAL_MIN = 10000, SERIAL_MAX = 73050 };

/* The digits of a text, in up to three groups. */
typedef struct Parts {
    int value[GROUPS];
    size_t digits[GROUPS];
    size_t count;
    bool year_mark; /* the first group is followed by 年, 届 or 级 */
    bool since;
} Parts;

/* Bytes of a word that ends a date by leaving its end open; 0 = none. */
static size_t open_end(const char *at)
{
    static const char *const WORDS[] = {"至今",  "起", "以来", "开始", "至现在", "到现在", "到今",
                                        "-至今", "至", "到",   "~",    "～",     "—"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (text_starts(at, WORDS[i]))
            return strlen(WORDS[i]);
    return 0;
}

/* Bytes of what may stand between two groups; 0 = nothing of the kind. */
static size_t separator(const char *at)
{
    static const char *const WORDS[] = {"-",  "/",  ".",  " ",  "年", "月",
                                        "日", "号", "届", "级", "、", "T"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (text_starts(at, WORDS[i]))
            return strlen(WORDS[i]);
    return 0;
}

static bool take_group(Parts *parts, const char *at, size_t digits)
{
    if (digits > GROUP_DIGITS)
        return false;
    int value = 0;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (at[i] - '0');
    parts->value[parts->count] = value;
    parts->digits[parts->count++] = digits;
    const char *next = at + digits;
    next += strspn(next, " ");
    if (parts->count == 1)
        parts->year_mark =
            text_starts(next, "年") || text_starts(next, "届") || text_starts(next, "级");
    return true;
}

static bool split(const char *text, Parts *ret_parts)
{
    Parts parts = {0};
    for (const char *at = text; *at;) {
        size_t digits = strspn(at, "0123456789");
        if (digits > 0 && parts.count == GROUPS)
            break; /* a time of day: digits can only follow a separator here */
        if (digits > 0 && !take_group(&parts, at, digits))
            return false;
        size_t open = digits == 0 ? open_end(at) : 0;
        if (open > 0) {
            parts.since = true;
            break;
        }
        size_t step = digits > 0 ? digits : separator(at);
        if (step == 0)
            return false;
        at += step;
    }
    *ret_parts = parts;
    return parts.count > 0;
}

static DateRead whole_day(int year, int month, int day)
{
    if (year < YEAR_MIN || year > YEAR_MAX || !date_exists(year, month, day))
        return (DateRead){.kind = DATE_READ_IMPOSSIBLE};
    return (DateRead){.kind = DATE_READ_DAY, .date = date_of(year, month, day)};
}

static DateRead whole_month(int year, int month)
{
    DateRead read = whole_day(year, month, 1);
    if (read.kind == DATE_READ_DAY)
        read.kind = DATE_READ_MONTH;
    return read;
}

static int full_year(int two_digits, Date latest)
{
    int century = date_civil(latest).year / 100 * 100;
    return century + two_digits <= date_civil(latest).year ? century + two_digits
                                                           : century - 100 + two_digits;
}

/* The one reading of several that is a day within the range; equal readings are one. Without any,
 * the first day of all. */
static DateRead only_reading(const DateRead *readings, size_t count, const DateRange *range)
{
    DateRead found = {.kind = DATE_READ_IMPOSSIBLE}, outside = found;
    for (size_t i = 0; i < count; i++) {
        if (readings[i].kind != DATE_READ_DAY)
            continue;
        if (readings[i].date < range->earliest || readings[i].date > range->latest) {
            outside = outside.kind == DATE_READ_DAY ? outside : readings[i];
            continue;
        }
        if (found.kind == DATE_READ_DAY && found.date != readings[i].date)
            return (DateRead){.kind = DATE_READ_AMBIGUOUS};
        found = readings[i];
    }
    return found.kind == DATE_READ_DAY ? found : outside;
}

static DateRead read_three(const Parts *parts, const DateRange *range)
{
    int a = parts->value[0], b = parts->value[1], c = parts->value[2];
    if (parts->digits[0] == 4)
        return whole_day(a, b, c);
    if (parts->digits[0] > 2 || parts->digits[1] > 2)
        return (DateRead){.kind = DATE_READ_NOTHING};
    if (parts->digits[2] == 4) {
        DateRead readings[] = {whole_day(c, a, b), whole_day(c, b, a)};
        return only_reading(readings, 2, range);
    }
    if (parts->digits[2] > 2)
        return (DateRead){.kind = DATE_READ_NOTHING};
    DateRead readings[] = {whole_day(full_year(a, range->latest), b, c),
                           whole_day(full_year(c, range->latest), b, a),
                           whole_day(full_year(c, range->latest), a, b)};
    DateRead read = only_reading(readings, parts->year_mark ? 1 : 3, range);
    read.two_digits = true;
    return read;
}

static DateRead read_two(const Parts *parts, const DateRange *range)
{
    if (parts->digits[0] == 4 && parts->digits[1] <= 2)
        return whole_month(parts->value[0], parts->value[1]);
    if (parts->digits[0] <= 2 && parts->digits[1] == 4)
        return whole_month(parts->value[1], parts->value[0]);
    if (parts->digits[0] != 2 || !parts->year_mark)
        return (DateRead){.kind = DATE_READ_NOTHING};
    DateRead read = whole_month(full_year(parts->value[0], range->latest), parts->value[1]);
    read.two_digits = true;
    return read;
}

static DateRead read_serial(int serial, bool date_1904)
{
    int since_1900 = serial + (date_1904 ? SERIAL_1904 : 0);
    if (serial < SERIAL_MIN || since_1900 > SERIAL_MAX)
        return (DateRead){.kind = DATE_READ_NOTHING};
    return (DateRead){.kind = DATE_READ_DAY, .date = since_1900 - SERIAL_1970, .serial = true};
}

static DateRead read_one(const Parts *parts, bool date_1904)
{
    int value = parts->value[0];
    switch (parts->digits[0]) {
    case 8:
        return whole_day(value / 10000, value / 100 % 100, value % 100);
    case 6:
        return whole_month(value / 100, value % 100);
    case 5:
        return read_serial(value, date_1904);
    case 4: {
        DateRead read = whole_day(value, 1, 1);
        if (read.kind == DATE_READ_DAY)
            read.kind = DATE_READ_YEAR;
        return read;
    }
    default:
        return (DateRead){.kind = DATE_READ_NOTHING};
    }
}

/* A number typed as 2012.10 is stored as 2012.1: January or October? */
static bool lost_zero(const Cell *cell)
{
    double tenths = cell->number * 10;
    return cell->kind == CELL_NUMBER && cell->number < YEAR_MAX + 1 &&
           cell->number != floor(cell->number) && fabs(tenths - round(tenths)) < 1e-6 &&
           fabs(fmod(round(tenths), 10) - 1) < 0.5;
}

DateRead date_read(const Cell *cell, const char *text, const DateRange *range)
{
    if (cell->kind == CELL_DATE)
        return cell->date == DATE_NONE ? (DateRead){.kind = DATE_READ_IMPOSSIBLE}
                                       : (DateRead){.kind = DATE_READ_DAY, .date = cell->date};
    if (lost_zero(cell))
        return (DateRead){.kind = DATE_READ_AMBIGUOUS};
    if (cell->kind == CELL_NUMBER && cell->number >= SERIAL_MIN && cell->number <= SERIAL_MAX)
        return read_serial((int)cell->number, range->date_1904);
    Parts parts;
    if (!split(text, &parts))
        return (DateRead){.kind = DATE_READ_NOTHING};
    DateRead read = parts.count == 1   ? read_one(&parts, range->date_1904)
                    : parts.count == 2 ? read_two(&parts, range)
                                       : read_three(&parts, range);
    read.since = parts.since;
    return read;
}
