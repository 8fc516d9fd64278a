/* The gaps of a text, as they were filled. */
#include "outreach/text.h"
#include "outreach/wording.h"
#include "support/home.h"

#include <string.h>

static Template template_of(Arena *arena, const char *text)
{
    Err err = {0};
    Template template;
    const char *file =
        arena_printf(arena,
                     "---\nid: t\npolicy: p\nlanguage: zh\nsignature: 东莞人社\nclass: "
                     "notice\napproved_by: x\n---\n%s\n",
                     text);
    assert_ok(template_parse(arena, "t.txt", file, strlen(file), &template, &err), &err);
    return template;
}

static void gaps_are_named_once_in_order_of_first_appearance(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Facts facts = {.pension_on = DATE_NONE};
    facts.values[FACT_NAME] = (FactValue){.known = true, .text = "张\"三"};
    Template template =
        template_of(arena, "{{salutation}}{{name}}：{{name}}，您好{{route_reason}}");
    SmsText text = {0};
    Wording wording;
    assert_int_equal(sms_text_render(arena, &template, &facts, "技师", &text), TEXT_FINE);
    assert_true(wording_read(arena, &template, text.gaps, &wording));
    assert_string_equal(
        wording_object(arena, &wording),
        "{\"salutation\":\"先生/女士\",\"name\":\"张\\\"三\",\"route_reason\":\"技师\"}");
    assert_string_equal(wording_list(arena, &wording), "[\"先生/女士\",\"张\\\"三\",\"技师\"]");
    assert_string_equal(wording.signature, "东莞人社");
    assert_string_equal(wording.template, "t");
}

static void a_text_without_gaps_has_none(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Template template = template_of(arena, "您好");
    Wording wording;
    assert_true(wording_read(arena, &template, "", &wording));
    assert_string_equal(wording_object(arena, &wording), "{}");
    assert_string_equal(wording_list(arena, &wording), "[]");
}

static void gaps_of_another_template_are_none(void **state)
{
    (void)state;
    static const char *const GAPS[] = {"", "张三", "张三\x1f", "\x1f长安镇",
                                       "张三\x1f长安镇\x1f男"};
    AUTO_ARENA arena = arena_new(0);
    Template template = template_of(arena, "{{name}}在{{employer_town}}");
    Wording wording;
    for (size_t at = 0; at < sizeof GAPS / sizeof *GAPS; at++)
        if (wording_read(arena, &template, GAPS[at], &wording))
            fail_msg("case %zu was taken", at);
    assert_true(wording_read(arena, &template, "张三\x1f长安镇", &wording));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_are_named_once_in_order_of_first_appearance),
        cmocka_unit_test(a_text_without_gaps_has_none),
        cmocka_unit_test(gaps_of_another_template_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
