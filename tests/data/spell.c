#include "data/spell.h"

#include "base/text.h"
#include "data/identity.h"

#include <assert.h>

Written written_text(const char *text)
{
    return (Written){.kind = WRITTEN_TEXT, .text = text};
}

Written written_number(Arena *arena, double number)
{
    return (Written){
        .kind = WRITTEN_NUMBER, .text = arena_printf(arena, "%.0f", number), .number = number};
}

const char *spell_town(int64_t code)
{
    switch (code) {
#define TOWN(number, en, zh)                                                                       \
    case number:                                                                                   \
        return zh;
#include "people/towns.def"
#undef TOWN
    default:
        return NULL;
    }
}

/* Digits, and all else that has one, in their full-width forms. */
static const char *full_width(Arena *arena, const char *text)
{
    char *wide = arena_alloc(arena, strlen(text) * 3 + 1), *at = wide;
    for (; *text; text++)
        at += text_encode((uint32_t)(unsigned char)*text + 0xFEE0, at);
    return wide;
}

static Written spell_town_cell(Chance *chance, Arena *arena, unsigned habits, int64_t code)
{
    const char *town = spell_town(code);
    assert(town);
    if (!(habits & HABIT_WORDY) || !chance_hit(chance, 400))
        return written_text(town);
    static const char *const OTHER_NAMES[][2] = {{"高埗镇", "高步镇"},
                                                 {"道滘镇", "道窖镇"},
                                                 {"东城街道", "附城"},
                                                 {"东莞港", "虎门港"},
                                                 {"莞城街道", "莞城区"}};
    for (size_t i = 0; i < sizeof OTHER_NAMES / sizeof *OTHER_NAMES; i++)
        if (text_equal(town, OTHER_NAMES[i][0]))
            return written_text(OTHER_NAMES[i][1]);
    if (text_ends(town, "镇"))
        return written_text(arena_strndup(arena, town, strlen(town) - strlen("镇")));
    return written_text(town);
}

static Written spell_date(Chance *chance, Arena *arena, unsigned habits, FactId fact, Date date)
{
    Civil c = date_civil(date);
    char iso[11];
    date_format(date, iso);
    if (habits & HABIT_DATE_SERIALS)
        return (Written){.kind = WRITTEN_DATE, .text = arena_strdup(arena, iso), .date = date};
    if (!(habits & HABIT_DATES_MIXED))
        return written_text(arena_printf(arena, "%d.%02d.%02d", c.year, c.month, c.day));
    switch (chance_index(chance, fact == FACT_CERTIFICATE_DATE ? 8 : 7)) {
    case 0:
        return written_text(arena_strdup(arena, iso));
    case 1:
        return written_text(arena_printf(arena, "%d-%d-%d", c.year, c.month, c.day));
    case 2:
        return written_text(arena_printf(arena, "%d.%d.%d", c.year, c.month, c.day));
    case 3:
        return written_text(arena_printf(arena, "%d年%d月%d日", c.year, c.month, c.day));
    case 4:
        return written_text(arena_printf(arena, "%d%02d%02d", c.year, c.month, c.day));
    case 5:
        return written_text(full_width(arena, iso));
    case 6:
        return (Written){.kind = WRITTEN_DATE, .text = arena_strdup(arena, iso), .date = date};
    default: /* certificates are remembered by their month */
        return written_text(arena_printf(arena, "%d年%d月", c.year, c.month));
    }
}

static Written spell_id_number(Chance *chance, Arena *arena, unsigned habits, const char *number)
{
    bool has_x = number[17] == 'X';
    if (!(habits & HABIT_LOOSE_NUMBERS) || !chance_hit(chance, has_x ? 700 : 120))
        return written_text(number);
    if (has_x && chance_hit(chance, 700))
        return written_text(arena_printf(arena, "%.17sx", number));
    switch (chance_index(chance, 4)) {
    case 0:
        return written_text(arena_printf(arena, "%.6s %.8s %s", number, number + 6, number + 14));
    case 1:
        return written_text(full_width(arena, number));
    case 2:
        return written_text(arena_printf(arena, "'%s", number));
    default:
        return written_text(strncmp(number + 6, "19", 2) == 0 ? identity_short(arena, number)
                                                              : number);
    }
}

static Written spell_phone(Chance *chance, Arena *arena, unsigned habits, const char *phone)
{
    if (habits & HABIT_PHONE_NUMBERS)
        return written_number(arena, strtod(phone, NULL));
    if (!(habits & HABIT_LOOSE_NUMBERS) || !chance_hit(chance, 170))
        return written_text(phone);
    /* A landline in the dormitory takes no SMS: the row is sound, its owner only hard to reach. */
    if (chance_hit(chance, 100))
        return written_text(arena_printf(arena, "0769-2%s", phone + 4));
    switch (chance_index(chance, 4)) {
    case 0:
        return written_text(arena_printf(arena, "%.3s-%.4s-%s", phone, phone + 3, phone + 7));
    case 1:
        return written_text(arena_printf(arena, "+86 %s", phone));
    case 2:
        return written_text(arena_printf(arena, "%.3s %.4s %s", phone, phone + 3, phone + 7));
    default:
        return written_text(full_width(arena, phone));
    }
}

/* Yes and no as the question wants them: 有无…, 是否…; "has a record" is the opposite of the fact.
 */
static const char *spell_flag(const Heading *heading, int64_t yes)
{
    bool has = strstr(heading->text, "有无") || text_starts(heading->text, "自有");
    bool opposite = heading->column == FACT_NO_CRIMINAL_RECORD ||
                    heading->column == FACT_NO_BANNED_ORGANISATION;
    if (has)
        return (yes != 0) != opposite ? "有" : "无";
    if (text_starts(heading->text, "是否"))
        return yes ? "是" : "否";
    return NULL;
}

static const char *spell_code(Chance *chance, unsigned habits, int fact, int64_t code)
{
    static const struct {
        int fact;
        int64_t code;
        const char *text;
    } SPELLINGS[] = {
#define SPELLING(fact, code, text) {FACT_##fact, code, text},
#include "data/spellings.def"
#undef SPELLING
    };
    const char *known[16];
    size_t count = 0;
    for (size_t i = 0; i < sizeof SPELLINGS / sizeof *SPELLINGS && count < 16; i++)
        if (SPELLINGS[i].fact == fact && SPELLINGS[i].code == code)
            known[count++] = SPELLINGS[i].text;
    assert(count > 0);
    return habits & HABIT_WORDY ? known[chance_early(chance, count)] : known[0];
}

static Written spell_extra(const Clerk *clerk, int column, int line)
{
    static const char *const NATIONS[] = {"汉族", "汉族", "汉", "壮族", "土家族", "苗族", "瑶族"};
    static const char *const REMARKS[] = {"班组长", "2012年6月转正", "夜班", "\"技术能手\""};
    char day[11];
    if (column == COLUMN_NUMBER)
        return written_number(clerk->arena, line);
    if (column == COLUMN_NATION)
        return written_text(chance_early_of(clerk->chance, NATIONS));
    if (column == COLUMN_SCORE)
        return written_text(chance_hit(clerk->chance, 300) ? "良好" : "合格");
    if (column == COLUMN_ISSUER)
        return written_text("东莞市职业技能鉴定指导中心");
    if (column == COLUMN_FILLED_ON)
        return written_text(arena_strdup(clerk->arena, date_format(clerk->filled_on, day)));
    return chance_hit(clerk->chance, 40) ? written_text(chance_of(clerk->chance, REMARKS))
                                         : (Written){0};
}

static Written spell_months(Arena *arena, unsigned habits, int64_t months)
{
    Written number = written_number(arena, (double)months);
    return habits & HABIT_MONTHS_TEXT ? written_text(number.text) : number;
}

Written spell_cell(const Clerk *clerk, const Heading *heading, const Facts *facts, int line)
{
    if (heading->column >= FACT_COUNT)
        return spell_extra(clerk, heading->column, line);
    Chance *chance = clerk->chance;
    Arena *arena = clerk->arena;
    unsigned habits = clerk->habits;
    FactId fact = (FactId)heading->column;
    FactValue value = facts->values[fact];
    if (!value.known)
        return (Written){0};
    if (fact == FACT_ID_NUMBER)
        return spell_id_number(chance, arena, habits, value.text);
    if (fact == FACT_PHONE)
        return spell_phone(chance, arena, habits, value.text);
    if (value.text)
        return written_text(value.text);
    if (fact == FACT_BIRTH_DATE || fact == FACT_CERTIFICATE_DATE || fact == FACT_GRADUATION_DATE)
        return spell_date(chance, arena, habits, fact, (Date)value.number);
    if (fact == FACT_EMPLOYER_TOWN || fact == FACT_HOME_TOWN || fact == FACT_INTENDED_TOWN)
        return spell_town_cell(chance, arena, habits, value.number);
    if (fact == FACT_PENSION_MONTHS)
        return spell_months(arena, habits, value.number);
    const char *flag = fact == FACT_WANTS_SETTLEMENT ? NULL : spell_flag(heading, value.number);
    return written_text(flag ? flag : spell_code(chance, habits, fact, value.number));
}
