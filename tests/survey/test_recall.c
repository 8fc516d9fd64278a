/* tests/survey/test_recall.c: what is recalled is what reading the cell again would give. */
#include "support/home.h"
#include "support/rows.h"

#include <unistd.h>

enum { ROWS = 20000, COLUMNS = 20, WORDS_MOST = 12 };

/* Cells that repeat, sound and otherwise, under each heading. */
static const struct {
    const char *heading;
    const char *words[WORDS_MOST];
} POOLS[COLUMNS] = {
    {"姓名", {"张三", "李 四", "王五?", "", "无", "阿卜杜拉.买买提"}},
    {"性别", {"男", "女", "男性", "", "不详", "1", "Ｍ"}},
    {"身份证号码",
     {"440524198001010013", "44052419800101001X", "440524800101001", "", "4.40524E+17", "无"}},
    {"户籍所在地", {"广东省东莞市长安镇", "湖南省长沙市", "东莞", "", "-", "广州市", "?"}},
    {"是否东莞户籍", {"是", "否", "", "也许", "√", "无"}},
    {"文化程度", {"大专", "本科", "初中", "", "自学", "无"}},
    {"职业工种", {"焊工", " 焊 工", "电工", "", "无", "#N/A", "焊\n工"}},
    {"职业资格等级", {"高级工", "三级", "国家职业资格三级", "高级", "二级", "", "无", "优秀"}},
    {"证书编号", {"1019160389364894", "1219000000312345", "", "1.01E+15", "无"}},
    {"发证日期",
     {"2010.10.12", "2010年10月", "2010", "12.10.11", "2013-01-01", "", "2012-02-30", "无"}},
    {"工作单位", {"东莞市虎门锦裳服饰有限公司", "锦裳  服饰", "", "无", "锟斤拷公司"}},
    {"单位所在镇街", {"虎门镇", "虎门", "东莞市长安镇", "火星", "", "松山湖高新区"}},
    {"在莞养老保险累计月数",
     {"27", "2年3个月", "2010-05", "约30", "700", "", "无", "27个月", "2.5年"}},
    {"在莞有无自有居所", {"有", "无", "有(长安镇)", "有（虎门）", "", "租"}},
    {"自有居所所在镇街", {"", "长安镇", "无", "麻涌", "火星"}},
    {"入户意向", {"愿意", "不愿意", "考虑中", "", "随便"}},
    {"拟入户镇街", {"", "望牛墩镇", "无", "石龙"}},
    {"手机号码", {"13800138000", "138 0013 8000", "", "0769-22222222", "无", "13800138001"}},
    {"是否同意接收短信", {"是", "否", "", "不"}},
    {"填表日期", {"2012-09-18", "2012年8月1日", "2011-03-01", "2013-01-01", "", "九月"}},
};

static unsigned chance(unsigned *state, unsigned below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static void assert_same(const Checked *once, const Checked *again)
{
    assert_int_equal(once->surveyed_on, again->surveyed_on);
    assert_int_equal(once->quarantined, again->quarantined);
    assert_int_equal(once->facts.pension_on, again->facts.pension_on);
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        FactValue a = once->facts.values[fact], b = again->facts.values[fact];
        assert_int_equal(a.known, b.known);
        if (!a.known)
            continue;
        if (fact_info(fact)->kind == KIND_TEXT || fact_info(fact)->kind == KIND_SEALED)
            assert_string_equal(a.text, b.text);
        else
            assert_int_equal(a.number, b.number);
    }
    assert_int_equal(once->problem_count, again->problem_count);
    for (size_t i = 0; i < once->problem_count; i++) {
        assert_int_equal(once->problems[i].code, again->problems[i].code);
        assert_string_equal(once->problems[i].cell, again->problems[i].cell);
        assert_string_equal(once->problems[i].value, again->problems[i].value);
    }
    assert_memory_equal(once->normalised, again->normalised, sizeof once->normalised);
    assert_string_equal(once->raw ? once->raw : "-", again->raw ? again->raw : "-");
}

static void rows_with_recalled_cells_are_checked_alike(void **state)
{
    RowsWorld *world = *state;
    const char *texts[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        texts[i] = POOLS[i].heading;
    Row top = rows_make(world->arena, 1, texts, COLUMNS);
    Heading heading;
    bool found = false;
    Err err = {0};
    assert_ok(heading_find(world->enterprise, world->arena, &top, 1, &heading, &found, &err), &err);
    CheckSetting setting = {
        .heading = &heading, .surveyed_on = date_of(2012, 9, 20), .today = date_of(2012, 10, 1)};
    Recall *recall = recall_new(world->arena);
    unsigned seed = (unsigned)getpid();
    size_t accepted = 0;
    print_message("seed %u\n", seed);
    AUTO_ARENA arena = arena_new(0);
    for (unsigned line = 2; line < ROWS; line++) {
        arena_reset(arena);
        for (size_t i = 0; i < COLUMNS; i++) {
            unsigned count = 0;
            while (count < WORDS_MOST && POOLS[i].words[count])
                count++;
            /* mostly the first word, so that many rows are sound */
            texts[i] = POOLS[i].words[chance(&seed, 4) ? 0 : chance(&seed, count)];
        }
        Row row = rows_make(arena, line, texts, COLUMNS);
        Checked fresh, recalled;
        setting.recall = NULL;
        check_row(&setting, arena, &row, &fresh);
        setting.recall = recall;
        check_row(&setting, arena, &row, &recalled);
        assert_same(&fresh, &recalled);
        accepted += !fresh.quarantined;
    }
    assert_true(accepted > ROWS / 20 && accepted < ROWS);
}

static void another_text_takes_the_place_and_long_ones_have_none(void **state)
{
    RowsWorld *world = *state;
    Recall *recall = recall_new(world->arena);
    char text[RECALL_TEXT_BYTES + 1] = "";
    bool kept = true;
    assert_null(recall_find(NULL, FACT_NAME, 0, "张三", &kept));
    assert_false(kept);
    for (unsigned i = 0; i < 50000; i++) {
        snprintf(text, sizeof text, "%u", i);
        Recalled *place = recall_find(recall, FACT_NAME, 0, text, &kept);
        assert_false(kept);
        place->number = i;
        recall_keep(place, FACT_NAME, 0, text);
        assert_ptr_equal(recall_find(recall, FACT_NAME, 0, text, &kept), place);
        assert_true(kept && place->number == i);
        recall_find(recall, FACT_SCHOOL, 0, text, &kept);
        assert_false(kept);
    }
    recall_clear(recall);
    recall_find(recall, FACT_NAME, 0, text, &kept);
    assert_false(kept);
    memset(text, 'x', RECALL_TEXT_BYTES);
    assert_null(recall_find(recall, FACT_NAME, 0, text, &kept));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_with_recalled_cells_are_checked_alike),
        cmocka_unit_test(another_text_takes_the_place_and_long_ones_have_none),
    };
    return cmocka_run_group_tests(tests, rows_setup, rows_teardown);
}
