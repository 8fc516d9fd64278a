/* A cell as an ID number, a phone and a date. What is taken is taken again unchanged. */
#include "fuzz/fuzz.h"

#include "base/text.h"
#include "people/id_number.h"
#include "people/phone.h"
#include "survey/date_read.h"

enum { TODAY = 15614 };

static void require(bool promise)
{
    if (!promise)
        abort();
}

static void try_id(const char *text)
{
    IdNumber number, again;
    IdProblem problem = id_number_check(text, TODAY, &number);
    require(problem <= ID_TOO_OLD);
    if (problem != ID_FINE)
        return;
    require(strlen(number.text) == 18 && strlen(number.area) == 6);
    require(number.text[17] == id_number_check_character(number.text));
    require(number.birth <= TODAY && date_age(number.birth, TODAY) <= 120);
    problem = id_number_check(number.text, TODAY, &again);
    if (number.upgraded && strcmp(number.text + 15, "000") == 0) {
        require(problem == ID_DAMAGED); /* sound with 15 digits; with 18 nobody can know */
        return;
    }
    require(problem == ID_FINE);
    require(strcmp(number.text, again.text) == 0 && again.birth == number.birth);
}

static void try_phone(const char *text)
{
    Phone phone, again;
    PhoneProblem problem = phone_check(text, &phone);
    require(problem <= PHONE_SEVERAL);
    if (problem != PHONE_FINE)
        return;
    size_t length = strlen(phone.digits);
    require(length == 11 || length == 13);
    require(strspn(phone.digits, "0123456789") == length);
    require(phone_check(phone.digits, &again) == PHONE_FINE);
    require(strcmp(phone.digits, again.digits) == 0 && phone.kind == again.kind);
}

static void try_date(const char *text, Cell cell, bool date_1904)
{
    DateRange range = {date_of(1950, 1, 1), TODAY, date_1904};
    cell.text = text;
    DateRead read = date_read(&cell, text, &range);
    require(read.kind <= DATE_READ_DAY);
    if (read.kind < DATE_READ_YEAR)
        return;
    require(read.date >= date_of(1900, 1, 1) && read.date <= date_of(2100, 12, 31));
    char day[11];
    date_format(read.date, day);
    DateRead again = date_read(&cell, day, &range);
    if (cell.kind == CELL_TEXT && read.kind == DATE_READ_DAY)
        require(again.kind == DATE_READ_DAY && again.date == read.date);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_ARENA arena = arena_new(0);
    const char *raw = arena_strndup(arena, (const char *)bytes, length);
    size_t bad = 0;
    if (!text_valid(raw, strlen(raw), &bad)) /* a reader gives UTF-8 only */
        raw = arena_strndup(arena, raw, bad);
    const char *text = text_trim(arena, text_fold_width(arena, raw));
    try_id(raw);
    try_phone(raw);
    try_date(text, (Cell){.kind = CELL_TEXT, .date = DATE_NONE}, false);
    double number = strtod(text, NULL);
    try_date(text, (Cell){.kind = CELL_NUMBER, .number = number, .date = DATE_NONE}, true);
    return 0;
}
