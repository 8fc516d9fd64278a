/* What is wrong with a text is found before anyone gets it. */
#include "outreach/text_check.h"

#include "support/home.h"

static const Template *template_of(Arena *arena, const char *class_word, const char *text)
{
    Err err = {0};
    Template *template = arena_alloc(arena, sizeof *template);
    const char *source =
        arena_printf(arena,
                     "---\nid: t\npolicy: p\nlanguage: zh\nsignature: 东莞人社\nclass: "
                     "%s\napproved_by: a\n---\n%s\n",
                     class_word, text);
    assert_ok(template_parse(arena, "t.txt", source, strlen(source), template, &err), &err);
    return template;
}

static const char *findings_of(Arena *arena, const char *class_word, const char *text,
                               const char *own_phones)
{
    Config config = {.own_phones = own_phones ? json_loads(own_phones, 0, NULL) : NULL};
    TextFindings findings = {.arena = arena};
    text_check(&findings, template_of(arena, class_word, text), &config);
    json_decref(config.own_phones);
    json_t *list = text_findings_json(&findings);
    const char *found = "";
    size_t at;
    const json_t *finding;
    bool error = false;
    json_array_foreach(list, at, finding)
    {
        error = error || json_is_true(json_object_get(finding, "error"));
        found = arena_printf(arena, "%s%s(%s)", found,
                             json_string_value(json_object_get(finding, "code")),
                             json_string_value(json_object_get(finding, "what")));
        assert_true(*json_string_value(json_object_get(finding, "meaning")) != 0);
        assert_true(*json_string_value(json_object_get(finding, "todo")) != 0);
    }
    assert_int_equal(error, text_findings_error(&findings));
    json_decref(list);
    return found;
}

static void each_fault_of_a_text_is_found_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *class_word, *text, *found;
    } CASES[] = {
        {"notice", "您好{{name}}", ""},
        {"notice", "您好{{name}}，{{reply_options}}，{{reply_optout}}", ""},
        {"promotion", "您好", "no_optout()"},
        {"promotion", "您好，拒收请回复R", ""},
        {"promotion", "您好，退订回复Q", "reply_unknown(Q)no_optout()"},
        {"promotion", "您好，{{reply_optout}}", ""},
        {"promotion", "您好{{name}}，{{reply_optout}}", "promotion_gaps()"},
        {"notice", "回复1不愿意", "reply_misread(1不愿意)"},
        {"notice", "请回复Y参加", "reply_unknown(Y)"},
        {"notice", "详询12333", ""},
        {"notice", "详询0769-2283 或13800138000",
         "foreign_phone(0769-2283)foreign_phone(13800138000)"},
        {"notice", "详询１３８００１３８０００", "foreign_phone(13800138000)"},
        {"notice", "详询0769-22839999。", ""},
        {"notice", "东府办〔2012〕140号，2012-10-31前办理，补贴10000元", ""},
        {"notice", "号码123456789012345678901234567890",
         "foreign_phone(123456789012345678901234567890)"},
        {"notice", "请点击加ＱＱ", "risky_word(点击)risky_word(qq)"},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        AUTO_ARENA arena = arena_new(0);
        const char *found = findings_of(arena, CASES[at].class_word, CASES[at].text,
                                        "[\"12333\", \"0769-2283-9999\"]");
        if (strcmp(found, CASES[at].found) != 0)
            fail_msg("'%s' gave '%s'", CASES[at].text, found);
    }
    AUTO_ARENA arena = arena_new(0);
    assert_string_equal(findings_of(arena, "notice", "详询12333", NULL), "foreign_phone(12333)");
}

static void more_findings_than_are_kept_do_no_harm(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    TextFindings findings = {.arena = arena};
    for (int n = 0; n < 2 * TEXT_FINDINGS; n++)
        text_finding_add(&findings, TEXT_FAULT_RISKY_WORD, "x");
    assert_int_equal(findings.count, TEXT_FINDINGS);
    assert_false(text_findings_error(&findings));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_of_a_text_is_found_and_nothing_else),
        cmocka_unit_test(more_findings_than_are_kept_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
