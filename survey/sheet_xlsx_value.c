#include "survey/sheet_xlsx_value.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

enum {
    EXACT_DIGITS = 15,      /* what Excel keeps of a number */
    SERIAL_0_1900 = -25569, /* 1899-12-30, from which serials above 60 count */
    SERIAL_0_1904 = -24107, /* 1904-01-01 */
    FICTITIOUS_DAY = 60,    /* 1900-02-29 */
    DAY_SECONDS = 24 * 60 * 60,
};

static char *seconds_text(Arena *arena, int seconds)
{
    return arena_printf(arena, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* Whole numbers below 1e15, digit by digit: most cells that are numbers are these. */
static char *whole_text(Arena *arena, double number, unsigned digits)
{
    char text[64];
    size_t at = sizeof text;
    bool negative = number < 0;
    uint64_t rest = (uint64_t)fabs(number);
    text[--at] = '\0';
    for (unsigned n = 0; rest || n < digits; n++, rest /= 10)
        text[--at] = (char)('0' + rest % 10);
    if (negative)
        text[--at] = '-';
    return arena_strndup(arena, text + at, sizeof text - 1 - at);
}

/* A whole number of 16 to 20 digits under a format that shows them all: 15 of them, then zeros. */
static char *long_text(Arena *arena, double number)
{
    char text[64];
    snprintf(text, sizeof text, "%.*e", EXACT_DIGITS - 1, fabs(number)); /* d.dddddddddddddde+xx */
    int exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
    char digits[EXACT_DIGITS];
    digits[0] = text[0];
    memcpy(digits + 1, text + 2, EXACT_DIGITS - 1);
    return arena_printf(arena, "%s%.*s%.*s", number < 0 ? "-" : "", EXACT_DIGITS, digits,
                        exponent + 1 - EXACT_DIGITS, "00000000000000000000");
}

static const char *number_text(Arena *arena, double number, CellFormat format)
{
    bool whole = number == floor(number);
    bool digits = format.kind == FORMAT_DIGITS;
    if (whole && fabs(number) < 1e15)
        return whole_text(arena, number, digits && format.digits <= 20 ? format.digits : 1);
    if (whole && digits && fabs(number) < 1e20)
        return long_text(arena, number);
    return arena_printf(arena, fabs(number) >= 1e15 ? "%.6G" : "%.15G", number);
}

/* The day of a serial; false when there is none. */
static bool serial_day(double serial, bool date_1904, Date *ret_date)
{
    double days = floor(serial) + (date_1904 ? SERIAL_0_1904 : SERIAL_0_1900);
    if (!date_1904 && floor(serial) < FICTITIOUS_DAY)
        days++;
    if (serial < 0 || days > DATE_MAX)
        return false;
    *ret_date = (Date)days;
    return true;
}

static Cell date_value(Arena *arena, double serial, bool date_1904, Cell cell)
{
    double fraction = serial - floor(serial);
    int seconds = (int)lround(fraction * DAY_SECONDS);
    if (seconds == DAY_SECONDS) {
        serial = floor(serial) + 1;
        seconds = 0;
    }
    double day = floor(serial);
    char text[11] = "";
    if (!date_1904 && (day == 0 || day == FICTITIOUS_DAY)) {
        cell.kind = CELL_TEXT;
        cell.text = day == 0 ? "1900-01-00" : "1900-02-29";
        return cell;
    }
    if (!serial_day(serial, date_1904, &cell.date)) {
        cell.kind = CELL_NUMBER;
        cell.text = number_text(arena, serial, (CellFormat){FORMAT_GENERAL, 0});
        return cell;
    }
    cell.kind = CELL_DATE;
    date_format(cell.date, text);
    cell.text = seconds ? arena_printf(arena, "%s %s", text, seconds_text(arena, seconds))
                        : arena_strdup(arena, text);
    return cell;
}

Cell value_of_number(Arena *arena, double number, CellFormat format, bool date_1904)
{
    Cell cell = {.kind = CELL_NUMBER, .number = number, .date = DATE_NONE};
    if (format.kind == FORMAT_DATE)
        return date_value(arena, number, date_1904, cell);
    if (format.kind == FORMAT_TIME && number >= 0)
        cell.text =
            seconds_text(arena, (int)((number - floor(number)) * DAY_SECONDS + 0.5) % DAY_SECONDS);
    else
        cell.text = number_text(arena, number, format);
    return cell;
}

Cell value_of_iso_date(Arena *arena, const char *text, bool date_1904)
{
    Cell cell = {.kind = CELL_TEXT, .text = arena_strdup(arena, text), .date = DATE_NONE};
    Date date = DATE_NONE;
    bool timed = strlen(text) > 10 && text[10] == 'T';
    if (!date_parse(timed ? arena_strndup(arena, text, 10) : text, &date))
        return cell;
    int serial = date - (date_1904 ? SERIAL_0_1904 : SERIAL_0_1900);
    if (!date_1904 && serial <= FICTITIOUS_DAY)
        serial--;
    cell.kind = CELL_DATE;
    cell.date = date;
    cell.number = serial;
    if (timed && strncmp(text + 11, "00:00:00", 8) == 0)
        cell.text = arena_strndup(arena, text, 10);
    else if (timed)
        cell.text = arena_printf(arena, "%.10s %.8s", text, text + 11);
    return cell;
}

/* "_xHHHH_" at text: the code unit, else -1. */
static long escape_at(const char *text, size_t length)
{
    if (length < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_')
        return -1;
    char digits[5] = {0};
    memcpy(digits, text + 2, 4);
    if (strspn(digits, "0123456789abcdefABCDEF") != 4)
        return -1;
    return strtol(digits, NULL, 16);
}

size_t value_unescape(char *text, size_t length)
{
    if (!memmem(text, length, "_x", 2))
        return length;
    size_t out = 0;
    for (size_t in = 0; in < length;) {
        long unit = escape_at(text + in, length - in);
        if (unit < 0) {
            text[out++] = text[in++];
            continue;
        }
        in += 7;
        uint32_t character = (uint32_t)unit;
        long low = unit >= 0xD800 && unit < 0xDC00 ? escape_at(text + in, length - in) : -1;
        if (low >= 0xDC00 && low < 0xE000) {
            character = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
            in += 7;
        } else if (unit == 0 || (unit >= 0xD800 && unit < 0xE000)) {
            character = 0xFFFD;
        }
        out += text_encode(character, text + out);
    }
    return out;
}
