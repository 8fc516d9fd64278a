/* What a reply means, how a text offers it, and that no text promises what nobody understands. */
#include "outreach/reply_words.h"

#include "base/text.h"
#include "outreach/template.h"
#include "support/home.h"

static void reply_is_understood_by_the_table_alone(void **state)
{
    static const struct {
        const char *text;
        ReplyMeaning meaning;
        int intention;
    } CASES[] = {
        {"TD", REPLY_OPTOUT, 0},        {"td ", REPLY_OPTOUT, 0},
        {"ＴＤ", REPLY_OPTOUT, 0},      {"Ｔ", REPLY_OPTOUT, 0},
        {"t", REPLY_OPTOUT, 0},         {"R", REPLY_OPTOUT, 0},
        {"n", REPLY_OPTOUT, 0},         {"QX", REPLY_OPTOUT, 0},
        {"退订", REPLY_OPTOUT, 0},      {"退订谢谢", REPLY_OPTOUT, 0},
        {"退订。", REPLY_OPTOUT, 0},    {"　退订　", REPLY_OPTOUT, 0},
        {"取消", REPLY_OPTOUT, 0},      {"拒收", REPLY_OPTOUT, 0},
        {"TD!", REPLY_OPTOUT, 0},       {"不要退订", REPLY_OTHER, 0},
        {"取消了吗", REPLY_OTHER, 0},   {"TDX", REPLY_OTHER, 0},
        {"to", REPLY_OTHER, 0},         {"", REPLY_OTHER, 0},
        {"...", REPLY_OTHER, 0},        {"1", REPLY_INTENTION, 1},
        {"１", REPLY_INTENTION, 1},     {" 1。", REPLY_INTENTION, 1},
        {"2", REPLY_INTENTION, 2},      {"3", REPLY_INTENTION, 3},
        {"愿意", REPLY_INTENTION, 1},   {"不愿意", REPLY_INTENTION, 2},
        {"想了解", REPLY_INTENTION, 3}, {"11", REPLY_OTHER, 0},
        {"1或2", REPLY_OTHER, 0},       {"谢谢", REPLY_OTHER, 0},
        {"4", REPLY_OTHER, 0},          {"我愿意", REPLY_OTHER, 0},
    };
    AUTO_ARENA arena = arena_new(0);
    (void)state;
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        int intention = 0;
        ReplyMeaning meaning = reply_understand(arena, CASES[at].text, &intention);
        if (meaning != CASES[at].meaning || intention != CASES[at].intention)
            fail_msg("'%s' gave %d, %d", CASES[at].text, (int)meaning, intention);
    }
}

static void every_offer_is_understood_as_it_reads(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    assert_string_equal(reply_offer(arena, "reply_options"), "回复1愿意入户 2不愿意 3想了解");
    assert_string_equal(reply_offer(arena, "reply_optout"), "退订回复TD");
    assert_null(reply_offer(arena, "name"));
    const char *text = arena_printf(arena, "%s，%s", reply_offer(arena, "reply_options"),
                                    reply_offer(arena, "reply_optout"));
    ReplyPromise promises[REPLY_PROMISES];
    assert_int_equal(reply_promises(arena, text, promises), 4);
    for (int at = 0; at < 4; at++) {
        assert_true(promises[at].kept);
        assert_int_equal(promises[at].meaning, at < 3 ? REPLY_INTENTION : REPLY_OPTOUT);
        assert_int_equal(promises[at].intention, at < 3 ? at + 1 : 0);
    }
}

static void what_a_text_promises_is_held_against_the_table(void **state)
{
    (void)state;
    static const struct {
        const char *text, *promises; /* "word+" is kept, "word-" is not */
    } CASES[] = {
        {"您好", ""},
        {"尚未收到您的回复。可到窗口申请", ""},
        {"待您回复后我们联系您", ""},
        {"回复1愿意 2不愿意，退订回复TD", "1+2+TD+"},
        {"回复１愿意入户、２不愿意", "1+2+"},
        {"回复1愿意/2不愿意/4再说", "1+2+4-"},
        {"回复1不愿意 2愿意", "1-2-"},
        {"愿意请回复1，不愿意请回复2", "1+2+"},
        {"愿意请回复2", "2-"},
        {"拒收请回复R", "R+"},
        {"拒收请回复1", "1-"},
        {"退订回复T", "T+"},
        {"退订回复Q", "Q-"},
        {"回复数字3想了解", "3+"},
        {"回复 Y 参加", "Y-"},
        {"回复愿意", "愿意+"},
        {"回复“同意”即可", "同意-"},
        {"回复「退订」", "退订+"},
        {"回复3了解140号文", "3+"},
        {"回复1愿意入户（东府办〔2012〕140号）", "1+"},
        {"回复", ""},
        {"回复，", ""},
    };
    for (size_t at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        AUTO_ARENA arena = arena_new(0);
        ReplyPromise promises[REPLY_PROMISES];
        size_t count = reply_promises(arena, CASES[at].text, promises);
        const char *found = "";
        for (size_t n = 0; n < count; n++)
            found = arena_printf(arena, "%s%s%s", found, promises[n].word,
                                 promises[n].kept ? "+" : "-");
        if (strcmp(found, CASES[at].promises) != 0)
            fail_msg("'%s' gave '%s'", CASES[at].text, found);
    }
}

static void more_promises_than_are_looked_at_do_no_harm(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    const char *text = "回复";
    for (int n = 0; n < 3 * REPLY_PROMISES; n++)
        text = arena_printf(arena, "%s1愿意 %s", text, n % 5 == 4 ? "回复" : "");
    ReplyPromise promises[REPLY_PROMISES];
    assert_int_equal(reply_promises(arena, text, promises), REPLY_PROMISES);
}

static void a_template_says_what_the_table_offers(void **state)
{
    (void)state;
    Err err = {0};
    Template template;
    AUTO_ARENA arena = arena_new(0);
    static const char SOURCE[] = "---\nid: t\npolicy: p\nlanguage: zh\nsignature: 东莞人社\nclass: "
                                 "notice\napproved_by: a\n---\n"
                                 "{{name}}：{{reply_options}}，{{reply_optout}}\n";
    assert_ok(template_parse(arena, "t.txt", SOURCE, sizeof SOURCE - 1, &template, &err), &err);
    assert_string_equal(template_said(arena, &template),
                        "{{name}}：回复1愿意入户 2不愿意 3想了解，退订回复TD");
    assert_true(template.uses[PLACEHOLDER_NAME]);
    for (size_t at = 1; at < template.piece_count; at++)
        assert_int_equal(template.pieces[at].placeholder, PLACEHOLDER_NONE);
    static const char WRONG[] = "---\nid: t\npolicy: p\nlanguage: zh\nsignature: 东莞人社\nclass: "
                                "notice\napproved_by: a\n---\n"
                                "{{reply_option}}\n";
    assert_int_equal(template_parse(arena, "t.txt", WRONG, sizeof WRONG - 1, &template, &err),
                     ERR_CONFIG);
    assert_string_equal(err.hint, "did you mean 'reply_options'?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reply_is_understood_by_the_table_alone),
        cmocka_unit_test(every_offer_is_understood_as_it_reads),
        cmocka_unit_test(what_a_text_promises_is_held_against_the_table),
        cmocka_unit_test(more_promises_than_are_looked_at_do_no_harm),
        cmocka_unit_test(a_template_says_what_the_table_offers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
