#include "outreach/template.h"

#include "base/text.h"
#include "outreach/text.h"
#include "policy/policy.h"
#include "support/home.h"

#define HEAD                                                                                       \
    "---\nid: t\npolicy: p\nlanguage: zh\nsignature: 东莞人社\nclass: notice\napproved_by: "   \
    "人社局\n---\n"

static void a_sound_template_is_read_whole(void **state)
{
    (void)state;
    static const char SOURCE[] =
        "\xEF\xBB\xBF---\r\nid: t\r\npolicy: p\r\nlanguage: zh\r\n\r\nsignature: 东莞人社\r\n"
        "class: promotion\r\napproved_by: "
        "人社局\r\n---\r\n\r\n您好{{name}}，{{salutation}}{{name}}\r\n\r\n";
    Err err = {0};
    Template template;
    AUTO_ARENA arena = arena_new(0);
    assert_ok(template_parse(arena, "t.txt", SOURCE, sizeof SOURCE - 1, &template, &err), &err);
    assert_string_equal(template.id, "t");
    assert_string_equal(template.policy, "p");
    assert_string_equal(template.signature, "东莞人社");
    assert_string_equal(template.class_word, "promotion");
    assert_string_equal(template.approved_by, "人社局");
    assert_string_equal(template.text, "您好{{name}}，{{salutation}}{{name}}");
    assert_string_equal(template.source, SOURCE);
    assert_int_equal(template.piece_count, 5);
    assert_string_equal(template.pieces[0].text, "您好");
    assert_int_equal(template.pieces[1].placeholder, PLACEHOLDER_NAME);
    assert_string_equal(template.pieces[2].text, "，");
    assert_int_equal(template.pieces[3].placeholder, PLACEHOLDER_SALUTATION);
    assert_int_equal(template.pieces[4].placeholder, PLACEHOLDER_NAME);
    assert_true(template.uses[PLACEHOLDER_NAME] && template.uses[PLACEHOLDER_SALUTATION]);
    assert_false(template.uses[PLACEHOLDER_EMPLOYER]);
}

static void each_bad_template_is_refused_with_its_line_and_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *source, *text, *hint;
    } CASES[] = {
        {"", "t.txt:1: the first line must be '---'", ""},
        {"id: t\n", "t.txt:1: the first line must be '---'", ""},
        {"---\nid: t\n", "t.txt:3: the front matter is not closed by '---'", ""},
        {"---\nid: t\npolicy: p\n---\nx\n", "t.txt:4: key 'language' is missing", ""},
        {"---\nid: t\nid: u\n---\nx\n", "t.txt:3: key 'id' stands twice", ""},
        {"---\nid: t\npolicy:  \n---\nx\n", "t.txt:3: key 'policy' is empty", ""},
        {"---\nid: t\nsignatur: 东莞\n---\nx\n", "t.txt:3: unknown key 'signatur'",
         "did you mean 'signature'?"},
        {"---\nid: t\nhello\n---\nx\n", "t.txt:3: expected 'key: value' or '---'", ""},
        {"---\nid: ../t\npolicy: p\nlanguage: zh\nsignature: 东莞\nclass: notice\napproved_by: "
         "a\n---\nx\n",
         "t.txt:2: id '../t' may hold small letters, digits, '-' and '_' only", ""},
        {"---\nid: t\npolicy: p\nlanguage: en\nsignature: 东莞\nclass: notice\napproved_by: "
         "a\n---\nx\n",
         "t.txt:4: 'language' must be one of zh, not 'en'", ""},
        {"---\nid: t\npolicy: p\nlanguage: zh\nsignature: 东莞\nclass: notise\napproved_by: "
         "a\n---\nx\n",
         "t.txt:6: 'class' must be one of notice, promotion, not 'notise'",
         "did you mean 'notice'?"},
        {"---\nid: t\npolicy: p\nlanguage: zh\nsignature: 【东莞】\nclass: notice\napproved_by: "
         "a\n---\nx\n",
         "t.txt:5: the signature must be 2 to 12 characters, without 【】", ""},
        {"---\nid: t\npolicy: p\nlanguage: zh\nsignature: 东\nclass: notice\napproved_by: "
         "a\n---\nx\n",
         "t.txt:5: the signature must be 2 to 12 characters, without 【】", ""},
        {HEAD, "t.txt:9: there is no text below the front matter", ""},
        {HEAD "您好\n\n再见\n", "t.txt:11: the text must stand on one line", ""},
        {HEAD "您好{{nmae}}\n", "t.txt:9: placeholder 'nmae' is not declared",
         "did you mean 'name'?"},
        {HEAD "\n您好{{ name }}\n", "t.txt:10: placeholder ' name ' is not declared",
         "did you mean 'name'?"},
        {HEAD "您好{{name\n", "t.txt:9: a brace must belong to a {{placeholder}}", ""},
        {HEAD "您好{name}\n", "t.txt:9: a brace must belong to a {{placeholder}}", ""},
        {HEAD "您好}\n", "t.txt:9: a brace must belong to a {{placeholder}}", ""},
        {HEAD "【东莞】您好\n",
         "t.txt:9: the text may hold no 【】, no link and no control character", ""},
        {HEAD "见www.dg.gov.cn\n",
         "t.txt:9: the text may hold no 【】, no link and no control character", ""},
        {HEAD "您好\x01\n", "t.txt:9: the text may hold no 【】, no link and no control character",
         ""},
        {HEAD "您好\xff\n", "t.txt: byte 104 is not UTF-8 text", "save the template as UTF-8"},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        Err err = {0};
        Template template;
        AUTO_ARENA arena = arena_new(0);
        ErrCode code = template_parse(arena, "t.txt", CASES[at].source, strlen(CASES[at].source),
                                      &template, &err);
        if (code != ERR_CONFIG || strcmp(err.text, CASES[at].text) != 0 ||
            strcmp(err.hint, CASES[at].hint) != 0)
            fail_msg("case %zu: %s: '%s' [%s]", at, err_name(code), err.text, err.hint);
    }
}

static void a_text_that_can_become_too_long_is_refused(void **state)
{
    (void)state;
    Err err = {0};
    Template template;
    AUTO_ARENA arena = arena_new(0);
    /* 6 for the signature, 20 for the longest name, n of text: 500 in all is the most. */
    for (int n = 474; n <= 475; n++) {
        char filler[476];
        memset(filler, 'x', sizeof filler);
        const char *source = arena_printf(arena, HEAD "{{name}}%.*s\n", n, filler);
        ErrCode code = template_parse(arena, "t.txt", source, strlen(source), &template, &err);
        assert_int_equal(code, n == 474 ? OK : ERR_CONFIG);
    }
    assert_string_equal(err.text, "t.txt:9: the text can become longer than 500 characters");
}

static void every_shipped_template_is_sound_and_at_most_two_segments(void **state)
{
    (void)state;
    Err err = {0};
    const char *const *ids = NULL;
    size_t count = 0;
    AUTO_ARENA arena = arena_new(0);
    assert_ok(template_ids(arena, &ids, &count, &err), &err);
    assert_true(count >= 3);
    for (size_t at = 0; at < count; at++) {
        Template template;
        const Policy *policy = NULL;
        assert_ok(template_load(arena, ids[at], &template, &err), &err);
        assert_ok(policy_load(arena, template.policy, &policy, &err), &err);
        assert_string_equal(template.id, ids[at]);
        assert_string_equal(template.signature, "东莞人社");
        assert_string_equal(template.class_word, "notice");
        assert_true(sms_text_longest_units(&template) <= 134);
        assert_non_null(
            strstr(template_said(arena, &template), "回复1愿意入户 2不愿意 3想了解，退订回复TD"));
        /* The declared limit holds every reason that the policy gives. */
        for (size_t route = 0; route < policy_route_count(policy); route++)
            assert_true(text_utf16_units(policy_route_reason(policy, route)) <=
                        placeholder_limit(PLACEHOLDER_ROUTE_REASON));
    }
}

static void an_unknown_template_is_named_with_the_nearest(void **state)
{
    (void)state;
    Err err = {0};
    Template template;
    AUTO_ARENA arena = arena_new(0);
    assert_int_equal(template_load(arena, "settlement-invitatoin", &template, &err), ERR_NOT_FOUND);
    assert_string_equal(err.text, "there is no template 'settlement-invitatoin'");
    assert_string_equal(err.hint, "did you mean 'settlement-invitation'?");
    assert_int_equal(template_load(arena, "../../etc/passwd", &template, &err), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_template_is_read_whole),
        cmocka_unit_test(each_bad_template_is_refused_with_its_line_and_what_to_do),
        cmocka_unit_test(a_text_that_can_become_too_long_is_refused),
        cmocka_unit_test(every_shipped_template_is_sound_and_at_most_two_segments),
        cmocka_unit_test(an_unknown_template_is_named_with_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
