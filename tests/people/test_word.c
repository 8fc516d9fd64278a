/* Tests people/word.c: the vocabularies, and every way in which DOMAIN A says that a town is
 * written. */
#include "people/fact.h"

#include "support/home.h"

static const struct {
    const char *key;
    int64_t code; /* 0 = no town of Dongguan */
} TOWNS[] = {
    {"长安镇", 441900119},
    {"长安", 441900119},
    {"东莞市长安镇", 441900119},
    {"东莞长安", 441900119},
    {"广东省东莞市长安镇", 441900119},
    {"广东省东莞市 长安镇", 441900119},
    {"长 安 镇", 441900119},
    {"Chang'an Town", 441900119},
    {"chang'an", 441900119},
    {"CHANG'AN TOWN", 441900119},
    {"莞城街道", 441900006},
    {"莞城", 441900006},
    {"莞城区", 441900006},
    {"莞城街道办事处", 441900006},
    {"莞城街道办", 441900006},
    {"城区", 441900006},
    {"东莞市城区", 441900006},
    {"东城区", 441900003},
    {"附城", 441900003},
    {"附城区", 441900003},
    {"南城区", 441900004},
    {"篁村", 441900004},
    {"篁村区", 441900004},
    {"东莞市篁村街道", 441900004},
    {"万江", 441900005},
    {"Wanjiang", 441900005},
    {"wanjiang subdistrict", 441900005},
    {"高埗镇", 441900129},
    {"高步", 441900129},
    {"高步镇", 441900129},
    {"东莞市高步镇", 441900129},
    {"道滘", 441900124},
    {"道窖镇", 441900124},
    {"松山湖", 441900401},
    {"东莞松山湖", 441900401},
    {"松山湖高新区", 441900401},
    {"松山湖（生态园）", 441900401},
    {"松山湖科技产业园区", 441900401},
    {"Songshan Lake", 441900401},
    {"东莞港", 441900402},
    {"东莞市东莞港", 441900402},
    {"虎门港", 441900402},
    {"生态园", 441900403},
    {"东莞生态园", 441900403},
    {"长安新区", 441900404},
    {"滨海湾新区", 441900404},
    {"东莞滨海湾新区", 441900404},
    {"虎门", 441900121},
    /* Not these, or not certainly. */
    {"", 0},
    {"镇", 0},
    {"街道", 0},
    {"东莞", 0},
    {"东莞市", 0},
    {"长安区", 0},   /* of Xi'an */
    {"长安街道", 0}, /* it is a town */
    {"莞城镇", 0},
    {"深圳市", 0},
    {"深圳市长安镇", 0},
    {"长安镇长安镇", 0},
    {"港", 0},
};

static void towns_are_found_by_every_name_and_by_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof TOWNS / sizeof *TOWNS; i++) {
        int64_t code = word_find(VOCABULARY_TOWN, TOWNS[i].key);
        if (code != TOWNS[i].code)
            fail_msg("'%s': %lld, expected %lld", TOWNS[i].key, (long long)code,
                     (long long)TOWNS[i].code);
    }
}

static void every_word_is_found_by_what_is_shown(void **state)
{
    (void)state;
    size_t total = 0;
    for (int v = VOCABULARY_SEX; v <= VOCABULARY_TOWN; v++) {
        Vocabulary vocabulary = (Vocabulary)v;
        assert_true(word_count(vocabulary) > 0);
        for (size_t i = 0; i < word_count(vocabulary); i++, total++) {
            int64_t code = word_code_at(vocabulary, i);
            assert_true(code > 0);
            assert_int_equal(word_find(vocabulary, word_show(vocabulary, code, LANG_ZH)), code);
            assert_int_equal(word_find(vocabulary, word_show(vocabulary, code, LANG_EN)), code);
            assert_int_equal(word_in_front(vocabulary, word_show(vocabulary, code, LANG_ZH)), code);
            for (size_t j = 0; j < i; j++)
                assert_int_not_equal(word_code_at(vocabulary, j), code);
        }
        assert_int_equal(word_code_at(vocabulary, word_count(vocabulary)), 0);
        assert_null(word_show(vocabulary, 999999, LANG_EN));
    }
    assert_int_equal(word_count(VOCABULARY_TOWN), 36);
    assert_int_equal(word_count(VOCABULARY_PROVINCE), 34);
}

static void a_word_is_found_at_the_front_of_a_text_alone(void **state)
{
    (void)state;
    assert_int_equal(word_in_front(VOCABULARY_PROVINCE, "广东省广州市"), 44);
    assert_int_equal(word_in_front(VOCABULARY_PROVINCE, "广西壮族自治区"), 45);
    assert_int_equal(word_in_front(VOCABULARY_PROVINCE, "原籍广东"), 0);
    assert_int_equal(word_in_front(VOCABULARY_PROVINCE, "广"), 0);
    assert_int_equal(word_in_front(VOCABULARY_PROVINCE, ""), 0);
    assert_int_equal(word_in_front(VOCABULARY_TOWN, "广东省广州市"), 0);
    assert_int_equal(word_in_front(VOCABULARY_TOWN, "长安镇乌沙社区"),
                     word_find(VOCABULARY_TOWN, "长安镇"));
}

static void a_word_is_whole_and_of_its_vocabulary(void **state)
{
    (void)state;
    static const struct {
        Vocabulary vocabulary;
        const char *key;
        int64_t code;
    } WORDS[] = {
        {VOCABULARY_SEX, "男", 1},
        {VOCABULARY_SEX, "Female", 2},
        {VOCABULARY_SEX, "fe male", 2},
        {VOCABULARY_SEX, "男性", 0},
        {VOCABULARY_LEVEL, "技师", 2},
        {VOCABULARY_LEVEL, "高级技师", 1},
        {VOCABULARY_LEVEL, "高级", 0},
        {VOCABULARY_LEVEL, "男", 0},
        {VOCABULARY_LEVEL, "ＴＥＣＨＮＩＣＩＡＮ", 2},
        {VOCABULARY_PROVINCE, "广东省", 44},
        {VOCABULARY_PROVINCE, "广西壮族自治区", 45},
        {VOCABULARY_PROVINCE, "北京市", 11},
        {VOCABULARY_PROVINCE, "广", 0},
        {VOCABULARY_NONE, "男", 0},
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        assert_int_equal(word_find(WORDS[i].vocabulary, WORDS[i].key), WORDS[i].code);
}

static void an_endless_word_is_none(void **state)
{
    (void)state;
    char word[4096];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    assert_int_equal(word_find(VOCABULARY_TOWN, word), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(towns_are_found_by_every_name_and_by_no_other),
        cmocka_unit_test(every_word_is_found_by_what_is_shown),
        cmocka_unit_test(a_word_is_found_at_the_front_of_a_text_alone),
        cmocka_unit_test(a_word_is_whole_and_of_its_vocabulary),
        cmocka_unit_test(an_endless_word_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
