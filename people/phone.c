#include "people/phone.h"

#include "base/text.h"
#include "people/plain.h"

#include <string.h>

enum { CELL_BYTES = 128, MOBILE_DIGITS = 11, IOT_DIGITS = 13 };

static const struct {
    const char *digits;
    PhoneKind kind;
    MayText may_text;
} PREFIXES[] = {
#define PREFIX(digits, kind, may_text) {digits, PHONE_KIND_##kind, MAY_TEXT_##may_text},
#include "people/prefixes.def"
#undef PREFIX
};

/* What one candidate of a cell turned out to be. */
typedef enum Shape { SHAPE_MOBILE, SHAPE_LANDLINE, SHAPE_LENGTH } Shape;

/* What may stand between two numbers of a cell. */
static bool parts(uint32_t c)
{
    return c == '/' || c == '\\' || c == ',' || c == ';' || c == '|' || c == '\r' || c == '\n' ||
           c == 0x3001 /* 、 */ || c == 0x6216 /* 或 */;
}

/* The cell as digits, '+', one ' ' per gap and '/' between numbers, without the dashes, brackets
 * and points inside a number; false on any other character. */
static bool plain_form(const char *text, char out[CELL_BYTES])
{
    const char *cursor = text, *end = text + strlen(text);
    size_t length = 0;
    for (uint32_t c; (c = plain_next(&cursor, end)) != 0;) {
        if (c == '-' || c == '(' || c == ')' || c == '.' || (c == '\'' && length == 0))
            continue;
        if (parts(c))
            c = '/';
        if (c != '/' && c != ' ' && c != '+' && (c < '0' || c > '9'))
            return false;
        if (c == ' ' && (length == 0 || out[length - 1] == ' ' || out[length - 1] == '/'))
            continue;
        if (c == '/' && length > 0 && out[length - 1] == ' ')
            length--;
        if (length + 1 >= CELL_BYTES)
            return false;
        out[length++] = (char)c;
    }
    while (length > 0 && out[length - 1] == ' ')
        length--;
    out[length] = '\0';
    return true;
}

/* A number that a spreadsheet wrote as 13800138000.0 has lost nothing. */
static const char *without_fraction(const char *text, char out[CELL_BYTES])
{
    size_t length = strlen(text);
    if (length < 3 || length >= CELL_BYTES || !text_ends(text, ".0") ||
        strspn(text, "0123456789") != length - 2)
        return text;
    memcpy(out, text, length - 2);
    out[length - 2] = '\0';
    return out;
}

static bool iot_number(const char *digits, size_t length)
{
    return length == IOT_DIGITS && strncmp(digits, "14", 2) == 0 && digits[2] <= '4';
}

/* Area code (010, 02x, or 0 and three digits) and 7 or 8 digits; or these alone; or 400 and 800
 * numbers. */
static bool landline(const char *digits, size_t length)
{
    if (digits[0] == '0' && digits[1] != '0' && length > 1) {
        size_t area = digits[1] == '1' || digits[1] == '2' ? 3 : 4;
        return length == area + 7 || length == area + 8;
    }
    if (length == 10)
        return strncmp(digits, "400", 3) == 0 || strncmp(digits, "800", 3) == 0;
    return (length == 7 || length == 8) && digits[0] >= '2';
}

/* Past +86, 0086 or 86; NULL for a number of another country. */
static const char *without_country(const char *digits)
{
    bool plus = *digits == '+';
    digits += plus;
    if (strlen(digits) > MOBILE_DIGITS) {
        if (!plus && text_starts(digits, "0086"))
            return digits + 4;
        if (text_starts(digits, "86"))
            return digits + 2;
    }
    return plus ? NULL : digits;
}

static Shape shape_of(const char *text, size_t length, Phone *ret_phone)
{
    char digits[CELL_BYTES];
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ')
            digits[count++] = text[i];
    digits[count] = '\0';
    const char *number = without_country(digits);
    if (!number || number[strspn(number, "0123456789")] != '\0')
        return SHAPE_LENGTH;
    count = strlen(number);
    if ((count == MOBILE_DIGITS && number[0] == '1' && number[1] >= '3') ||
        iot_number(number, count)) {
        memcpy(ret_phone->digits, number, count + 1);
        return SHAPE_MOBILE;
    }
    return landline(number, count) ? SHAPE_LANDLINE : SHAPE_LENGTH;
}

static void classify(Phone *phone)
{
    phone->kind = PHONE_KIND_UNKNOWN;
    phone->may_text = MAY_TEXT_UNKNOWN;
    if (strlen(phone->digits) == IOT_DIGITS) {
        phone->kind = PHONE_KIND_IOT;
        phone->may_text = MAY_TEXT_NO;
        return;
    }
    for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES; i++)
        if (phone->digits[2] == PREFIXES[i].digits[2] &&
            text_starts(phone->digits, PREFIXES[i].digits)) { /* none begins another one */
            phone->kind = PREFIXES[i].kind;
            phone->may_text = PREFIXES[i].may_text;
            return;
        }
}

/* What the numbers of a cell add up to. */
typedef struct Tally {
    size_t mobiles; /* different ones */
    size_t landlines, wrong;
    Phone mobile;
} Tally;

static void tally_add(Tally *tally, const char *text, size_t length)
{
    Phone phone = {.kind = PHONE_KIND_UNKNOWN};
    switch (shape_of(text, length, &phone)) {
    case SHAPE_MOBILE:
        if (tally->mobiles == 0 || strcmp(tally->mobile.digits, phone.digits) != 0)
            tally->mobiles++;
        tally->mobile = phone;
        break;
    case SHAPE_LANDLINE:
        tally->landlines++;
        break;
    case SHAPE_LENGTH:
        tally->wrong++;
        break;
    }
}

/* A part of a cell: one number written with gaps, or several numbers with gaps between them. */
static void tally_part(Tally *tally, const char *text, size_t length)
{
    Phone whole;
    if (length == 0)
        return;
    if (!memchr(text, ' ', length) || shape_of(text, length, &whole) != SHAPE_LENGTH) {
        tally_add(tally, text, length);
        return;
    }
    Tally pieces = *tally;
    for (size_t at = 0; at < length;) {
        const char *gap = memchr(text + at, ' ', length - at);
        size_t piece = gap ? (size_t)(gap - text) - at : length - at;
        tally_add(&pieces, text + at, piece);
        at += piece + 1;
    }
    if (pieces.wrong > tally->wrong)
        tally->wrong++; /* "138 0013 80": a broken number, not three of them */
    else
        *tally = pieces;
}

PhoneProblem phone_check(const char *text, Phone *ret_phone)
{
    char plain[CELL_BYTES], whole[CELL_BYTES];
    if (!plain_form(without_fraction(text, whole), plain))
        return PHONE_CHARACTERS;
    if (plain[strspn(plain, "/ ")] == '\0')
        return PHONE_EMPTY;
    Tally tally = {0};
    for (const char *part = plain; part;) {
        const char *slash = strchr(part, '/');
        tally_part(&tally, part, slash ? (size_t)(slash - part) : strlen(part));
        part = slash ? slash + 1 : NULL;
    }
    if (tally.mobiles > 1)
        return PHONE_SEVERAL;
    if (tally.mobiles == 0)
        return tally.wrong > 0 ? PHONE_LENGTH : PHONE_LANDLINE;
    classify(&tally.mobile);
    *ret_phone = tally.mobile;
    return PHONE_FINE;
}
