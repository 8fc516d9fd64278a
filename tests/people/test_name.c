/* Tests people/name.c: how near two names are, and that names which are near meet under a key. */
#include "people/name.h"

#include "support/home.h"

static const struct {
    const char *a, *b, *nearness;
} CASES[] = {
    {"王秀英", "王秀英", "equal"},
    {"王秀英", "王　秀英", "equal"},
    {"阿卜杜拉·买买提", "阿卜杜拉•买买提", "equal"},
    {"阿卜杜拉·买买提", "阿卜杜拉・买买提", "equal"},
    {"阿卜杜拉·买买提", "阿卜杜拉．买买提", "equal"},
    {"John Smith", "JOHNSMITH", "equal"},
    {"陳偉", "陈伟", "variant"},
    {"張國華", "张国华", "variant"},
    {"张英", "張瑛", "same_sound"},
    {"李璐", "李路", "same_sound"},
    {"吕晓丽", "吕小莉", "same_sound"},
    {"李女", "李绿", "one_apart"}, /* nü and lü */
    {"陈己", "陈已", "looks_alike"},
    {"陈巳", "陈己", "looks_alike"},
    {"李末", "李未", "looks_alike"},
    {"赵戌", "赵戍", "looks_alike"},
    {"张晴", "张清", "same_sound"},
    {"王晴", "王睛", "looks_alike"},
    {"王日未", "王曰末", "differs"}, /* one may look alike, not two */
    {"王秀英", "王秀芳", "one_apart"},
    {"王秀英", "王英", "one_apart"},
    {"王秀英", "王英秀", "one_apart"},
    {"王秀英", "李建国", "differs"},
    {"王", "李", "differs"},
};

static void a_name_is_near_by_its_weakest_character(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *there = name_nearness_word(name_nearness(arena, CASES[i].a, CASES[i].b)),
                   *back = name_nearness_word(name_nearness(arena, CASES[i].b, CASES[i].a));
        if (strcmp(there, CASES[i].nearness) != 0)
            fail_msg("%s, %s: %s", CASES[i].a, CASES[i].b, there);
        assert_string_equal(back, there);
    }
}

static void names_that_sound_or_look_alike_share_a_key(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        NameKeys a = name_keys(name_plain(arena, CASES[i].a)),
                 b = name_keys(name_plain(arena, CASES[i].b));
        NameNearness nearness = name_nearness(arena, CASES[i].a, CASES[i].b);
        bool shared = a.sound == b.sound || a.shape == b.shape || a.component == b.component;
        if (nearness < NAME_ONE_APART && !shared)
            fail_msg("%s, %s share no key", CASES[i].a, CASES[i].b);
        if (nearness == NAME_ONE_APART)
            assert_false(shared);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_near_by_its_weakest_character),
        cmocka_unit_test(names_that_sound_or_look_alike_share_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
