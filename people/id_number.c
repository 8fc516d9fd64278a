#include "people/id_number.h"

#include "people/plain.h"

#include <string.h>

enum { ID_TEXT_BYTES = 64, AGE_MAX = 120 };

/* The text in plain forms without spaces, cut at the size of out. Anything else that is not ASCII
 * becomes '?', which no number holds. */
static void plain_form(const char *text, char out[ID_TEXT_BYTES])
{
    const char *cursor = text, *end = text + strlen(text);
    size_t length = 0;
    for (uint32_t c; (c = plain_next(&cursor, end)) != 0 && length + 1 < ID_TEXT_BYTES;) {
        bool apostrophe = c == '\'' || c == 0x2018 || c == 0x2019;
        if (c == ' ' || c == '\r' || c == '\n' || (apostrophe && length == 0))
            continue; /* an apostrophe is how a spreadsheet is told to keep text */
        if (c >= 'a' && c <= 'z')
            c -= 'a' - 'A';
        out[length++] = c < 0x80 ? (char)c : '?';
    }
    out[length] = '\0';
}

/* 4.40524E+17, 4E17 */
static bool scientific(const char *text)
{
    size_t digits = strspn(text, "0123456789.");
    if (digits == 0 || text[digits] != 'E')
        return false;
    const char *exponent = text + digits + 1;
    exponent += *exponent == '+' || *exponent == '-';
    return *exponent && strspn(exponent, "0123456789") == strlen(exponent);
}

static int number_at(const char *digits, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (digits[i] - '0');
    return number;
}

char id_number_check_character(const char digits[17])
{
    static const int WEIGHTS[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += WEIGHTS[i] * (digits[i] - '0');
    return "10X98765432"[sum % 11];
}

static IdProblem check_shape(const char *plain, size_t length)
{
    if (length == 0)
        return ID_EMPTY;
    if (scientific(plain))
        return ID_SCIENTIFIC;
    size_t digits = strspn(plain, "0123456789");
    bool closing_x = digits == length - 1 && plain[digits] == 'X' && length != 15;
    if (digits != length && !closing_x)
        return ID_CHARACTERS;
    return length == 15 || length == 18 ? ID_FINE : ID_LENGTH;
}

/* 15 digits have no century and no check character: both are certain, so nothing is guessed. */
static void upgrade(const char old[15], char out[19])
{
    memcpy(out, old, 6);
    memcpy(out + 6, "19", 2);
    memcpy(out + 8, old + 6, 9);
    out[17] = id_number_check_character(out);
    out[18] = '\0';
}

static bool area_of_permit(const char *area)
{
    return strcmp(area, "810000") == 0 || strcmp(area, "820000") == 0 ||
           strcmp(area, "830000") == 0;
}

IdProblem id_number_check(const char *text, Date on, IdNumber *ret_number)
{
    char plain[ID_TEXT_BYTES];
    plain_form(text, plain);
    size_t length = strlen(plain);
    IdProblem problem = check_shape(plain, length);
    if (problem != ID_FINE)
        return problem;

    IdNumber number = {.upgraded = length == 15};
    if (number.upgraded)
        upgrade(plain, number.text);
    else
        memcpy(number.text, plain, sizeof number.text);
    /* A spreadsheet's zeroes pass the checksum once in eleven, so they are looked at first. */
    if (!number.upgraded && strcmp(number.text + 15, "000") == 0)
        return ID_DAMAGED;
    int year = number_at(number.text + 6, 4), month = number_at(number.text + 10, 2);
    int day = number_at(number.text + 12, 2);
    if (!date_exists(year, month, day))
        return ID_BIRTH_DATE;
    if (number.text[17] != id_number_check_character(number.text))
        return ID_CHECKSUM;
    number.birth = date_of(year, month, day);
    if (number.birth > on)
        return ID_FUTURE;
    if (date_age(number.birth, on) > AGE_MAX)
        return ID_TOO_OLD;
    number.male = (number.text[16] - '0') % 2 == 1;
    memcpy(number.area, number.text, 6);
    number.resident_permit = area_of_permit(number.area);
    *ret_number = number;
    return ID_FINE;
}
