#include "outreach/text.h"

#include "base/buffer.h"
#include "base/text.h"

#include <assert.h>

enum {
    UCS2_SINGLE = 70,
    UCS2_PART = 67,
    GSM7_SINGLE = 160,
    GSM7_PART = 153,
};

/* "abc.cn", "12333.gov": a dot between a letter or digit and at least two letters. */
static bool dotted_name(const char *text)
{
    for (const char *dot = strchr(text, '.'); dot; dot = strchr(dot + 1, '.')) {
        bool before = dot > text && ((dot[-1] >= 'a' && dot[-1] <= 'z') ||
                                     (dot[-1] >= '0' && dot[-1] <= '9') || dot[-1] == '-');
        if (before && dot[1] >= 'a' && dot[1] <= 'z' && dot[2] >= 'a' && dot[2] <= 'z')
            return true;
    }
    return false;
}

bool sms_value_safe(const char *text)
{
    if (text_damaged(text) || strpbrk(text, "\t\r\n"))
        return false;
    const char *cursor = text, *end = text + strlen(text);
    while (cursor < end) {
        uint32_t c = text_next(&cursor, end);
        if (c == 0x3010 || c == 0x3011 || c == 0x0085 || c == 0x2028 || c == 0x2029)
            return false; /* 【 】, and the line breaks that are no control characters to everyone
                           */
    }
    AUTO_ARENA arena = arena_new(0);
    const char *key =
        text_key(arena, text); /* full-width braces and "ＷＷＷ．" read as plain ones */
    return !strpbrk(key, "{}") && !strstr(key, "://") && !strstr(key, "www.") && !dotted_name(key);
}

/* 三: at the own home's town; who has none applies at the employer's. Of someone whose town was not
 * stated (a graduate without an employer yet) the text says the rule itself, which is true of all.
 */
static const char *service_centre(Arena *arena, const Facts *facts)
{
    FactValue owns = facts->values[FACT_OWNS_HOME], home = facts->values[FACT_HOME_TOWN];
    bool has_home = owns.known ? owns.number == 1 : home.known;
    FactValue code = has_home ? home : facts->values[FACT_EMPLOYER_TOWN];
    const char *town = code.known ? word_show(VOCABULARY_TOWN, code.number, LANG_ZH) : NULL;
    return arena_printf(arena, "%s新莞人服务管理中心", town ? town : "居所或单位所在镇街");
}

static const char *salutation(const Facts *facts)
{
    static const char *const WORDS[] = {"先生/女士", "先生", "女士"};
    FactValue sex = facts->values[FACT_SEX];
    return WORDS[sex.known && (sex.number == 1 || sex.number == 2) ? sex.number : 0];
}

static const char *fact_text(Arena *arena, const Facts *facts, FactId fact)
{
    return facts->values[fact].known ? fact_show(arena, fact, facts->values[fact], LANG_ZH) : NULL;
}

/* What stands in a placeholder's place; NULL when it is not known. */
static const char *placeholder_value(Arena *arena, Placeholder placeholder, const Facts *facts,
                                     const char *route_reason)
{
    switch (placeholder) {
    case PLACEHOLDER_NAME:
        return fact_text(arena, facts, FACT_NAME);
    case PLACEHOLDER_SALUTATION:
        return salutation(facts);
    case PLACEHOLDER_ROUTE_REASON:
        return route_reason;
    case PLACEHOLDER_SERVICE_CENTRE:
        return service_centre(arena, facts);
    case PLACEHOLDER_SKILL_LEVEL:
        return fact_text(arena, facts, FACT_SKILL_LEVEL);
    case PLACEHOLDER_OCCUPATION:
        return fact_text(arena, facts, FACT_OCCUPATION);
    case PLACEHOLDER_EMPLOYER:
        return fact_text(arena, facts, FACT_EMPLOYER);
    case PLACEHOLDER_EMPLOYER_TOWN:
        return fact_text(arena, facts, FACT_EMPLOYER_TOWN);
    case PLACEHOLDER_COUNT:
    case PLACEHOLDER_NONE:
        break;
    }
    assert(false && "every placeholder has a value");
    return NULL;
}

static TextRefusal value_refusal(Arena *arena, Placeholder placeholder, const char *value)
{
    if (!value || !*text_trim(arena, value))
        return TEXT_UNSET;
    if (!sms_value_safe(value))
        return TEXT_UNSAFE;
    return text_utf16_units(value) > placeholder_limit(placeholder) ? TEXT_TOO_LONG : TEXT_FINE;
}

static void gap_add(Buffer *gaps, const char *value)
{
    if (gaps->length > 0)
        buffer_char(gaps, GAP_SEPARATOR);
    buffer_text(gaps, value);
}

TextRefusal sms_text_render(Arena *arena, const Template *template, const Facts *facts,
                            const char *route_reason, SmsText *ret_text)
{
    bool brought[PLACEHOLDER_COUNT] = {false};
    AUTO_BUFFER text = BUFFER(4 * SMS_TEXT_UNITS);
    AUTO_BUFFER gaps = BUFFER(4 * SMS_TEXT_UNITS);
    buffer_printf(&text, "【%s】", template->signature);
    for (size_t at = 0; at < template->piece_count; at++) {
        const TemplatePiece *piece = &template->pieces[at];
        Placeholder gap = piece->placeholder;
        const char *value = piece->text;
        if (gap != PLACEHOLDER_NONE) {
            value = placeholder_value(arena, gap, facts, route_reason);
            TextRefusal refusal = value_refusal(arena, gap, value);
            if (refusal != TEXT_FINE) {
                ret_text->refused = gap;
                return refusal;
            }
            if (!brought[gap])
                gap_add(&gaps, value);
            brought[gap] = true;
        }
        buffer_text(&text, value);
    }
    assert(!text.overflow); /* template_parse has reckoned with every placeholder at its limit */
    ret_text->text = arena_strdup(arena, buffer_string(&text));
    ret_text->gaps = arena_strdup(arena, buffer_string(&gaps));
    return TEXT_FINE;
}

size_t sms_text_longest_units(const Template *template)
{
    size_t units = text_utf16_units(template->signature) + 2;
    for (size_t at = 0; at < template->piece_count; at++) {
        const TemplatePiece *piece = &template->pieces[at];
        units += piece->placeholder == PLACEHOLDER_NONE ? text_utf16_units(piece->text)
                                                        : placeholder_limit(piece->placeholder);
    }
    return units;
}

int sms_units_segments(size_t units)
{
    return units <= UCS2_SINGLE ? 1 : (int)((units + UCS2_PART - 1) / UCS2_PART);
}

/* Parts of a text when a character costs cost(c) units and is never split over two parts. */
typedef size_t (*CharacterCost)(uint32_t character);

static int parts_of(const char *text, CharacterCost cost, size_t single, size_t part)
{
    size_t total = 0, used = 0;
    int parts = 1;
    const char *cursor = text, *end = text + strlen(text);
    while (cursor < end) {
        size_t units = cost(text_next(&cursor, end));
        if (units == 0)
            return 0;
        total += units;
        if (used + units > part) {
            parts++;
            used = 0;
        }
        used += units;
    }
    return total <= single ? 1 : parts;
}

static size_t utf16_cost(uint32_t character)
{
    return character >= 0x10000 ? 2 : 1;
}

int sms_text_segments(const char *text)
{
    return parts_of(text, utf16_cost, UCS2_SINGLE, UCS2_PART);
}

/* The default alphabet beyond letters, digits and the ASCII signs that keep their place (3GPP
 * TS 23.038, 6.2.1). */
static const uint16_t GSM7_OTHERS[] = {
    0x00A3, 0x00A5, 0x00E8, 0x00E9, 0x00F9, 0x00EC, 0x00F2, 0x00C7, 0x00D8, 0x00F8,
    0x00C5, 0x00E5, 0x0394, 0x03A6, 0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8, 0x03A3,
    0x0398, 0x039E, 0x00C6, 0x00E6, 0x00DF, 0x00C9, 0x00A4, 0x00A1, 0x00C4, 0x00D6,
    0x00D1, 0x00DC, 0x00A7, 0x00BF, 0x00E4, 0x00F6, 0x00F1, 0x00FC, 0x00E0};

static size_t gsm7_cost(uint32_t character)
{
    static const char PLAIN[] = "@$_ !\"#%&'()*+,-./0123456789:;<=>?\r\n"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    if (character != 0 && character < 0x80)
        return strchr(PLAIN, (int)character) ? 1 : strchr("^{}\\[~]|\f", (int)character) ? 2 : 0;
    for (size_t at = 0; at < sizeof GSM7_OTHERS / sizeof GSM7_OTHERS[0]; at++) {
        if (GSM7_OTHERS[at] == character)
            return 1;
    }
    return character == 0x20AC ? 2 : 0;
}

int sms_text_gsm7_segments(const char *text)
{
    return parts_of(text, gsm7_cost, GSM7_SINGLE, GSM7_PART);
}

int sms_text_parts(const char *text, bool gsm7)
{
    int parts = gsm7 ? sms_text_gsm7_segments(text) : 0;
    return parts > 0 ? parts : sms_text_segments(text);
}
