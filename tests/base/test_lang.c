/* tests/base/test_lang.c: which language the program speaks. */
#include "base/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void environment(const char *language, const char *all, const char *messages,
                        const char *lang)
{
    setenv("LANGUAGE", language, 1);
    setenv("LC_ALL", all, 1);
    setenv("LC_MESSAGES", messages, 1);
    setenv("LANG", lang, 1);
}

static void the_locale_decides_in_its_usual_order(void **state)
{
    (void)state;
    static const struct {
        const char *language, *all, *messages, *lang;
        Lang expected;
    } CASES[] = {
        {"", "", "", "zh_CN.UTF-8", LANG_ZH},       {"", "", "", "en_US.UTF-8", LANG_EN},
        {"", "", "zh_CN.UTF-8", "en_US", LANG_ZH},  {"", "C.UTF-8", "zh_CN.UTF-8", "zh", LANG_EN},
        {"zh_CN:en", "C.UTF-8", "", "C", LANG_ZH},  {"", "", "", "", LANG_EN},
        {"de", "zh_CN", "zh_CN", "zh_CN", LANG_EN},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        environment(CASES[i].language, CASES[i].all, CASES[i].messages, CASES[i].lang);
        assert_int_equal(lang_set(NULL), CASES[i].expected);
        assert_int_equal(lang_now(), CASES[i].expected);
    }
}

static void an_option_overrides_the_locale(void **state)
{
    (void)state;
    environment("", "", "", "en_US.UTF-8");
    assert_int_equal(lang_set("zh"), LANG_ZH);
    environment("", "", "", "zh_CN.UTF-8");
    assert_int_equal(lang_set("en"), LANG_EN);
}

static void messages_change_with_the_language_and_back(void **state)
{
    (void)state;
    lang_set("en");
    assert_string_equal(_("cannot read '%s'"), "cannot read '%s'");
    lang_set("zh");
    assert_string_not_equal(_("cannot read '%s'"), "cannot read '%s'");
    lang_set("en");
    assert_string_equal(_("cannot read '%s'"), "cannot read '%s'");
    assert_string_equal(_("a text that no catalogue holds"), "a text that no catalogue holds");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_locale_decides_in_its_usual_order),
        cmocka_unit_test(an_option_overrides_the_locale),
        cmocka_unit_test(messages_change_with_the_language_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
