#include "outreach/text.h"

#include "base/text.h"
#include "support/home.h"

/* count copies of a text. */
static const char *repeated(Arena *arena, const char *text, int count)
{
    const char *out = "";
    for (int at = 0; at < count; at++)
        out = arena_printf(arena, "%s%s", out, text);
    return out;
}

static void parts_are_billed_at_their_boundaries(void **state)
{
    (void)state;
    static const struct {
        int characters, segments;
    } CASES[] = {{0, 1},   {1, 1},   {69, 1},  {70, 1},  {71, 2},
                 {134, 2}, {135, 3}, {160, 3}, {201, 3}, {202, 4}};
    AUTO_ARENA arena = arena_new(0);
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        assert_int_equal(sms_text_segments(repeated(arena, "莞", CASES[at].characters)),
                         CASES[at].segments);
        assert_int_equal(sms_text_segments(repeated(arena, "a", CASES[at].characters)),
                         CASES[at].segments);
        assert_int_equal(sms_units_segments((size_t)CASES[at].characters), CASES[at].segments);
    }
}

static void a_surrogate_pair_is_two_units_and_never_split_over_two_parts(void **state)
{
    (void)state;
    static const char PAIR[] = "\xF0\xA0\xAE\xB7"; /* 𠮷, plane 2 */
    AUTO_ARENA arena = arena_new(0);
    const char *a66 = repeated(arena, "莞", 66), *a67 = repeated(arena, "莞", 67);
    assert_int_equal(text_utf16_units(PAIR), 2);
    /* 68 + 2 = 70 fit one SMS; 69 + 2 do not. */
    assert_int_equal(sms_text_segments(arena_printf(arena, "%s莞莞%s", a66, PAIR)), 1);
    assert_int_equal(sms_text_segments(arena_printf(arena, "%s莞莞莞%s", a66, PAIR)), 2);
    /* 134 units in two parts of 67 …; a pair that would lie on the cut at 67 moves on whole, and
     * the last unit opens a third part although the sum is still 134. */
    assert_int_equal(
        sms_text_segments(arena_printf(arena, "%s%s%s", a67, PAIR, repeated(arena, "莞", 65))), 2);
    assert_int_equal(
        sms_text_segments(arena_printf(arena, "%s%s%s", a66, PAIR, repeated(arena, "莞", 65))), 2);
    assert_int_equal(
        sms_text_segments(arena_printf(arena, "%s%s%s", a66, PAIR, repeated(arena, "莞", 66))), 3);
    /* 35 pairs are 70 units: one SMS; 36 are 72: two; 66 fill two parts, 33 each; 67 need a third.
     */
    assert_int_equal(sms_text_segments(repeated(arena, PAIR, 35)), 1);
    assert_int_equal(sms_text_segments(repeated(arena, PAIR, 36)), 2);
    assert_int_equal(sms_text_segments(repeated(arena, PAIR, 66)), 2);
    assert_int_equal(sms_text_segments(repeated(arena, PAIR, 67)), 3);
}

static void gsm7_texts_are_billed_by_septets(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    assert_int_equal(sms_text_gsm7_segments(""), 1);
    assert_int_equal(sms_text_gsm7_segments(repeated(arena, "a", 160)), 1);
    assert_int_equal(sms_text_gsm7_segments(repeated(arena, "a", 161)), 2);
    assert_int_equal(sms_text_gsm7_segments(repeated(arena, "@", 306)), 2);
    assert_int_equal(sms_text_gsm7_segments(repeated(arena, "é", 307)), 3);
    assert_int_equal(sms_text_gsm7_segments(repeated(arena, "€", 80)), 1);
    assert_int_equal(sms_text_gsm7_segments(repeated(arena, "[", 81)), 2);
    /* 76 escapes are 152 septets; the 77th would be split at 153 and moves on. */
    assert_int_equal(sms_text_gsm7_segments(repeated(arena, "{", 152)), 2);
    assert_int_equal(sms_text_gsm7_segments(repeated(arena, "{", 153)), 3);
    assert_int_equal(sms_text_gsm7_segments("东莞"), 0);
    assert_int_equal(sms_text_gsm7_segments("a`b"), 0);
    assert_int_equal(sms_text_gsm7_segments("ç"), 0); /* only the capital is in the alphabet */
}

static Template template_of(Arena *arena, const char *text)
{
    Err err = {0};
    Template template;
    const char *source =
        arena_printf(arena,
                     "---\nid: t\npolicy: p\nlanguage: zh\nsignature: 东莞人社\nclass: notice\n"
                     "approved_by: a\n---\n%s\n",
                     text);
    assert_ok(template_parse(arena, "t.txt", source, strlen(source), &template, &err), &err);
    return template;
}

static void set_text(Facts *facts, FactId fact, const char *text)
{
    facts->values[fact] = (FactValue){.known = true, .text = text};
}

static void set_number(Facts *facts, FactId fact, int64_t number)
{
    facts->values[fact] = (FactValue){.known = true, .number = number};
}

static const char *rendered(Arena *arena, const Template *template, const Facts *facts)
{
    SmsText text = {0};
    assert_int_equal(sms_text_render(arena, template, facts, "技师、高级技师职业资格", &text),
                     TEXT_FINE);
    return text.text;
}

static void every_placeholder_brings_its_value(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Facts facts = {.pension_on = DATE_NONE};
    Template template = template_of(
        arena, "{{name}}{{salutation}}|{{route_reason}}|{{service_centre}}|{{skill_level}}|"
               "{{occupation}}|{{employer}}|{{employer_town}}");
    set_text(&facts, FACT_NAME, "买买提·艾力");
    set_number(&facts, FACT_SEX, 2);
    set_number(&facts, FACT_SKILL_LEVEL, 1);
    set_text(&facts, FACT_OCCUPATION, "数控车工");
    set_text(&facts, FACT_EMPLOYER, "华为终端有限公司");
    set_number(&facts, FACT_EMPLOYER_TOWN, 441900401);
    assert_string_equal(rendered(arena, &template, &facts),
                        "【东莞人社】买买提·艾力女士|技师、高级技师职业资格|"
                        "松山湖新莞人服务管理中心|高级技师|数控车工|"
                        "华为终端有限公司|松山湖");
}

static void the_salutation_leaves_nobody_out(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Facts facts = {.pension_on = DATE_NONE};
    Template template = template_of(arena, "{{salutation}}");
    assert_string_equal(rendered(arena, &template, &facts), "【东莞人社】先生/女士");
    set_number(&facts, FACT_SEX, 1);
    assert_string_equal(rendered(arena, &template, &facts), "【东莞人社】先生");
}

/* 三: 申请人原则上向自有居所所在镇街…申请入户;无自有居所的,向工作单位所在镇街…申请入户。 */
static void the_service_centre_is_the_own_homes_else_the_employers_else_the_rule(void **state)
{
    (void)state;
    enum { UNKNOWN = -1, NO, YES };
    static const char RULE[] = "居所或单位所在镇街";
    static const struct {
        int owns;
        int64_t home, employer; /* 0 = unknown */
        const char *town;
    } CASES[] = {
        {YES, 441900121, 441900119, "虎门镇"},
        {NO, 0, 441900119, "长安镇"},
        {NO, 441900121, 441900119, "长安镇"},
        {UNKNOWN, 441900121, 441900119, "虎门镇"},
        {UNKNOWN, 0, 441900003, "东城街道"},
        {YES, 0, 441900119, RULE},
        {NO, 441900121, 0, RULE},
        {UNKNOWN, 0, 0, RULE},
        {NO, 0, 440300, RULE},
    };
    AUTO_ARENA arena = arena_new(0);
    Template template = template_of(arena, "{{service_centre}}");
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        Facts facts = {.pension_on = DATE_NONE};
        if (CASES[at].owns != UNKNOWN)
            set_number(&facts, FACT_OWNS_HOME, CASES[at].owns);
        if (CASES[at].home)
            set_number(&facts, FACT_HOME_TOWN, CASES[at].home);
        if (CASES[at].employer)
            set_number(&facts, FACT_EMPLOYER_TOWN, CASES[at].employer);
        assert_string_equal(
            rendered(arena, &template, &facts),
            arena_printf(arena, "【东莞人社】%s新莞人服务管理中心", CASES[at].town));
    }
}

static void no_centre_is_longer_than_its_placeholder_may_be(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Template template = template_of(arena, "{{service_centre}}");
    for (size_t at = 0; at <= word_count(VOCABULARY_TOWN); at++) {
        Facts facts = {.pension_on = DATE_NONE};
        if (at < word_count(VOCABULARY_TOWN))
            set_number(&facts, FACT_EMPLOYER_TOWN, word_code_at(VOCABULARY_TOWN, at));
        rendered(arena, &template, &facts);
    }
}

static void a_value_that_could_harm_a_text_refuses_the_message(void **state)
{
    (void)state;
    static const struct {
        const char *name; /* NULL = unknown */
        TextRefusal refusal;
    } CASES[] = {
        {"李雷", TEXT_FINE},
        {"O'Brien-Smith Jr.", TEXT_FINE},
        {"阿卜杜热合曼·买买提艾力", TEXT_FINE},
        {NULL, TEXT_UNSET},
        {"", TEXT_UNSET},
        {"\xE3\x80\x80 ", TEXT_UNSET}, /* an ideographic space */
        {"一二三四五六七八九十一二三四五六七八九十", TEXT_FINE},
        {"一二三四五六七八九十一二三四五六七八九十一", TEXT_TOO_LONG},
        {"一二三四五六七八九十一二三四五六七八九𠮷", TEXT_TOO_LONG},
        {"李【雷", TEXT_UNSAFE},
        {"李】雷", TEXT_UNSAFE},
        {"李{雷", TEXT_UNSAFE},
        {"李雷}}", TEXT_UNSAFE},
        {"李｛雷", TEXT_UNSAFE},
        {"李\n雷", TEXT_UNSAFE},
        {"李\r雷", TEXT_UNSAFE},
        {"李\t雷", TEXT_UNSAFE},
        {"李\x7f雷", TEXT_UNSAFE},
        {"李\xE2\x80\xA8雷", TEXT_UNSAFE}, /* U+2028 */
        {"李\xE2\x80\xAE雷", TEXT_UNSAFE}, /* U+202E, right-to-left override */
        {"李\xEF\xBF\xBD", TEXT_UNSAFE},   /* U+FFFD */
        {"http://a", TEXT_UNSAFE},
        {"点击WWW.a", TEXT_UNSAFE},
        {"ｗｗｗ．ａ．ｃｎ", TEXT_UNSAFE},
        {"见t.cn", TEXT_UNSAFE},
    };
    AUTO_ARENA arena = arena_new(0);
    Template template = template_of(arena, "{{name}}");
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        Facts facts = {.pension_on = DATE_NONE};
        SmsText text = {.text = "untouched", .refused = PLACEHOLDER_NONE};
        if (CASES[at].name)
            set_text(&facts, FACT_NAME, CASES[at].name);
        TextRefusal refusal = sms_text_render(arena, &template, &facts, NULL, &text);
        if (refusal != CASES[at].refusal)
            fail_msg("case %zu: %d", at, (int)refusal);
        assert_int_equal(text.refused, refusal == TEXT_FINE ? PLACEHOLDER_NONE : PLACEHOLDER_NAME);
        if (refusal != TEXT_FINE)
            assert_string_equal(text.text, "untouched");
    }
}

static void the_longest_rendering_is_what_the_forecast_says(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Facts facts = {.pension_on = DATE_NONE};
    Template template = template_of(arena, "您好{{name}}，{{employer}}");
    set_text(&facts, FACT_NAME, repeated(arena, "名", (int)placeholder_limit(PLACEHOLDER_NAME)));
    set_text(&facts, FACT_EMPLOYER,
             repeated(arena, "厂", (int)placeholder_limit(PLACEHOLDER_EMPLOYER)));
    assert_int_equal(text_utf16_units(rendered(arena, &template, &facts)),
                     sms_text_longest_units(&template));
    assert_int_equal(sms_text_longest_units(&template), 6 + 2 + 20 + 1 + 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_billed_at_their_boundaries),
        cmocka_unit_test(a_surrogate_pair_is_two_units_and_never_split_over_two_parts),
        cmocka_unit_test(gsm7_texts_are_billed_by_septets),
        cmocka_unit_test(every_placeholder_brings_its_value),
        cmocka_unit_test(the_salutation_leaves_nobody_out),
        cmocka_unit_test(the_service_centre_is_the_own_homes_else_the_employers_else_the_rule),
        cmocka_unit_test(no_centre_is_longer_than_its_placeholder_may_be),
        cmocka_unit_test(a_value_that_could_harm_a_text_refuses_the_message),
        cmocka_unit_test(the_longest_rendering_is_what_the_forecast_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
