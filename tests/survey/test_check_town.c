/* tests/survey/test_check_town.c: towns by people's words, and where the hukou is. */
#include "support/home.h"
#include "support/rows.h"

static void towns_are_found_by_peoples_words(void **state)
{
    RowsWorld *world = *state;
    static const CellCase CASES[] = {
        {"单位所在镇街", "长安镇", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "长安", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "东莞市长安镇", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "广东省东莞市虎门镇", FACT_EMPLOYER_TOWN, "虎门镇", "", ""},
        {"单位所在镇街", "东莞虎门", FACT_EMPLOYER_TOWN, "虎门镇", "", ""},
        {"单位所在镇街", "长安镇乌沙社区", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "城区", FACT_EMPLOYER_TOWN, "莞城街道", "", ""},
        {"单位所在镇街", "篁村", FACT_EMPLOYER_TOWN, "南城街道", "", ""},
        {"单位所在镇街", "高步镇", FACT_EMPLOYER_TOWN, "高埗镇", "", ""},
        {"单位所在镇街", "道窖", FACT_EMPLOYER_TOWN, "道滘镇", "", ""},
        {"单位所在镇街", "附城", FACT_EMPLOYER_TOWN, "东城街道", "", ""},
        {"单位所在镇街", "东城区", FACT_EMPLOYER_TOWN, "东城街道", "", ""},
        {"单位所在镇街", "虎门港", FACT_EMPLOYER_TOWN, "东莞港", "", ""},
        {"单位所在镇街", "松山湖高新区", FACT_EMPLOYER_TOWN, "松山湖", "", ""},
        {"单位所在镇街", "生态园", FACT_EMPLOYER_TOWN, "东莞生态园", "", ""},
        {"单位所在镇街", "长安新区", FACT_EMPLOYER_TOWN, "东莞滨海湾新区", "", ""},
        {"单位所在镇街", "441900119", FACT_EMPLOYER_TOWN, "长安镇", "", ""},
        {"单位所在镇街", "441900120", FACT_EMPLOYER_TOWN, "-", "town_unknown@D2",
         ""}, /* no such code */
        {"单位所在镇街", "深圳市宝安区", FACT_EMPLOYER_TOWN, "-", "town_unknown@D2", ""},
        {"单位所在镇街", "长安路88号", FACT_EMPLOYER_TOWN, "-", "town_unknown@D2", ""},
        {"拟入户镇街", "石龙", FACT_INTENDED_TOWN, "石龙镇", "", ""},
    };
    ASSERT_CELLS(world, world->enterprise, CASES);
}

static void hukou_is_decided_by_the_region_that_was_stated(void **state)
{
    RowsWorld *world = *state;
    static const CellCase CASES[] = {
        {"户籍所在地", "湖南省衡阳市", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "广西", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "广东省梅州市", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "广州", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "广东东莞", FACT_IN_CITY_HUKOU, "是", "", ""},
        {"户籍所在地", "广东省东莞市虎门镇", FACT_IN_CITY_HUKOU, "是", "", ""},
        {"户籍所在地", "长安镇", FACT_IN_CITY_HUKOU, "是", "", ""},
        {"户籍所在地", "非本市", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户籍所在地", "本市", FACT_IN_CITY_HUKOU, "是", "", ""},
        {"户籍所在地", "广东", FACT_IN_CITY_HUKOU, "-", "", ""},
        {"户籍所在地", "衡阳", FACT_IN_CITY_HUKOU, "-", "", ""},
        {"是否非莞户籍", "是", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"是否东莞户籍", "否", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户口性质", "非本市农村", FACT_IN_CITY_HUKOU, "否", "", ""},
        {"户口性质", "农业户口", FACT_IN_CITY_HUKOU, "-", "", "says_nothing@D2"},
    };
    ASSERT_CELLS(world, world->enterprise, CASES);
    const char *headings[] = {"姓名", "身份证号码", "户籍所在地", "是否东莞户籍", NULL};
    const char *clash[] = {"张伟", ROWS_ID, "湖南省", "是", NULL};
    Checked checked = rows_check(world->arena, world->enterprise, headings, clash);
    assert_string_equal(rows_problems(world->arena, &checked, SEVERITY_QUARANTINE),
                        "hukou_clash@D2");
    const char *local_id[] = {"张伟", "441900198001010014", "湖南省", "", NULL};
    checked = rows_check(world->arena, world->enterprise, headings, local_id);
    assert_string_equal(rows_fact(world->arena, &checked, FACT_IN_CITY_HUKOU),
                        "否"); /* never by the number's first digits */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(towns_are_found_by_peoples_words),
        cmocka_unit_test(hukou_is_decided_by_the_region_that_was_stated),
    };
    return cmocka_run_group_tests(tests, rows_setup, rows_teardown);
}
