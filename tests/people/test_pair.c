/* Tests people/pair.c and evidence.c: which people are a pair and why, and that a crowd does not
 * make it slow. */
#include "people/desk.h"
#include "people/evidence.h"
#include "people/pair.h"
#include "people/world.h"

typedef struct Someone {
    int id_number; /* of facts_of, 0 = none */
    const char *name, *birth, *employer, *phone;
} Someone;

static int64_t take_someone(World *world, int64_t batch, const Someone *someone)
{
    Facts facts = facts_of(world, someone->id_number, 0);
    FactValue *values = facts.values;
    Date birth = DATE_NONE;
    values[FACT_NAME] = (FactValue){.known = true, .text = someone->name};
    if (someone->phone)
        values[FACT_PHONE] = (FactValue){.known = true, .text = someone->phone};
    if (someone->employer)
        values[FACT_EMPLOYER] = (FactValue){.known = true, .text = someone->employer};
    if (someone->birth && date_parse(someone->birth, &birth))
        values[FACT_BIRTH_DATE] = (FactValue){.known = true, .number = birth};
    Given *given = world_add(world, &facts, batch, date_of(2012, 5, 1));
    batch_insert(world, batch);
    world_take(world, batch);
    return person_of(world, given);
}

static PairList find(World *world)
{
    Err err = {0};
    PairList list;
    assert_ok(pairs_find(world->home->context.db, world->arena, &list, &err), &err);
    return list;
}

#define BIT(rule) (1U << (rule))

static void two_people_are_a_pair_by_the_rules_and_by_nothing_else(void **state)
{
    static const struct {
        Someone a, b;
        unsigned rules;
    } CASES[] = {
        {{7, "王秀英", NULL, NULL, "13800000001"},
         {8, "王秀英", NULL, NULL, "13800000001"},
         BIT(PAIR_NAME_PHONE)},
        {{7, "王秀英", "1980-01-02", NULL, NULL},
         {0, "王秀英", "1980-01-02", NULL, "13800000001"},
         BIT(PAIR_NAME_BIRTH)},
        {{7, "王秀英", NULL, "长安厂", NULL},
         {0, "王秀英", "1980-01-02", "长安厂", "13800000001"},
         BIT(PAIR_NAME_EMPLOYER)},
        {{7, "王秀英", "1981-01-02", "长安厂", NULL},
         {0, "王秀英", "1980-01-02", "长安厂", "13800000001"},
         0},
        {{7, "王秀英", "1980-01-02", "长安厂", NULL},
         {0, "王秀瑛", "1980-01-02", "长安厂", "13800000001"},
         BIT(PAIR_NEAR_NAME) | BIT(PAIR_ALIKE_NAME)},
        {{7, "王秀英", "1980-01-02", "长安厂", NULL},
         {0, "王秀芳", "1980-01-02", "长安厂", "13800000001"},
         BIT(PAIR_NEAR_NAME)},
        {{7, "欧阳秀英", "1980-01-02", "长安厂", NULL},
         {0, "欧阳英", "1980-01-02", "长安厂", "13800000001"},
         BIT(PAIR_NEAR_NAME)},
        {{7, "王瑛", "1980-01-02", NULL, NULL},
         {0, "王英", "1980-01-02", NULL, "13800000001"},
         BIT(PAIR_ALIKE_NAME)},
        {{7, "陳偉", "1980-01-02", NULL, NULL},
         {0, "陈伟", "1980-01-02", NULL, "13800000001"},
         BIT(PAIR_ALIKE_NAME)},
        {{7, "李末", "1980-01-02", NULL, NULL},
         {0, "李未", "1980-01-02", NULL, "13800000001"},
         BIT(PAIR_ALIKE_NAME)},
        {{7, "李末", "1980-01-03", NULL, NULL}, {0, "李未", "1980-01-02", NULL, "13800000001"}, 0},
        {{7, "买买提•艾力", "1980-01-02", NULL, NULL},
         {0, "买买提·艾力", "1980-01-02", NULL, "13800000001"},
         BIT(PAIR_NAME_BIRTH)},
        {{7, "王英", "1980-01-02", "长安厂", NULL},
         {0, "王芳", "1980-01-02", "长安厂", "13800000001"},
         0},
        {{7, "王秀英", NULL, NULL, "13800000001"},
         {0, "李芳", NULL, NULL, "13800000001"},
         BIT(PAIR_PHONE)},
        {{7, "王秀英", "1980-01-02", "长安厂", "13800000001"},
         {8, "王秀英", "1980-01-02", "长安厂", "13800000002"},
         0},
        {{0, "王秀英", "1980-01-02", "长安厂", "13800000001"},
         {0, "王秀英", "1980-01-02", "长安厂", "13800000002"},
         BIT(PAIR_NAME_BIRTH) | BIT(PAIR_NAME_EMPLOYER)},
        {{0, "王秀英", NULL, NULL, "13800000001"}, {0, "王秀英", NULL, NULL, "13800000002"}, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        World world = world_new(state);
        int64_t a = take_someone(&world, 1, &CASES[i].a), b = take_someone(&world, 2, &CASES[i].b);
        PairList list = find(&world);
        assert_int_equal(list.count, CASES[i].rules != 0);
        if (list.count == 0)
            continue;
        assert_int_equal(list.pairs[0].rules, CASES[i].rules);
        assert_int_equal(list.pairs[0].a, a);
        assert_int_equal(list.pairs[0].b, b);
    }
}

static void evidence_is_weighed_fact_by_fact(void **state)
{
    static const struct {
        FactId fact;
        const char *a, *b;
        const char *evidence;
    } CASES[] = {
        {FACT_NAME, "王秀英", "王秀英", "equal"},
        {FACT_NAME, "王秀英", "王秀瑛", "near"},
        {FACT_NAME, "王秀英", "王英", "near"},
        {FACT_NAME, "王秀英", "王英秀", "near"},
        {FACT_NAME, "王秀英", "李芳", "differs"},
        {FACT_NAME, "阿卜杜拉・买买提", "阿卜杜拉·买买提", "equal"},
        {FACT_NAME, "王　秀英", "王秀英", "equal"},
        {FACT_NAME, "王秀英", NULL, "missing"},
        {FACT_NAME, NULL, NULL, "missing"},
        {FACT_PHONE, "13800138000", "13800138001", "near"},
        {FACT_PHONE, "13800138000", "13800138011", "differs"},
        {FACT_ID_NUMBER, "440524198001010013", "440524198001010031", "near"},
        {FACT_ID_NUMBER, "440524198001010013", "440524198101010013", "near"},
        {FACT_ID_NUMBER, "440524198001010013", "440524198101010021", "differs"},
        {FACT_BIRTH_DATE, "1980-01-02", "1980-02-01", "near"},
        {FACT_BIRTH_DATE, "1980-01-02", "1981-01-02", "near"},
        {FACT_BIRTH_DATE, "1980-01-02", "1981-02-02", "differs"},
        {FACT_EMPLOYER, "长安电子厂", "东莞市长安电子厂", "near"},
        {FACT_EMPLOYER, "长安电子厂", "虎门服装公司", "differs"},
        {FACT_EMPLOYER_TOWN, "长安镇", "虎门镇", "differs"},
    };
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *texts[] = {CASES[i].a, CASES[i].b};
        FactValue values[2] = {{.known = false}};
        Err err = {0};
        for (size_t k = 0; k < 2; k++)
            if (texts[k] && fact_info(CASES[i].fact)->kind == KIND_SEALED)
                values[k] = (FactValue){.known = true, .text = texts[k]};
            else if (texts[k])
                assert_ok(fact_parse(arena, CASES[i].fact, texts[k], &values[k], &err), &err);
        assert_string_equal(evidence_word(evidence_of(arena, CASES[i].fact, values[0], values[1])),
                            CASES[i].evidence);
        assert_string_equal(evidence_word(evidence_of(arena, CASES[i].fact, values[1], values[0])),
                            CASES[i].evidence);
    }
}

static int64_t pairs_shown(World *world, json_t **ret_result)
{
    *ret_result = desk_json(world->home, NULL, WORDS("people", "duplicates"));
    return json_integer_value(json_object_get(*ret_result, "found"));
}

static void a_pair_is_shown_until_it_is_decided_and_again_when_that_is_taken_back(void **state)
{
    World world = world_new(state);
    TestHome *home = world.home;
    Someone one = {7, "王秀英", NULL, NULL, "13800000001"},
            other = {8, "王秀英", NULL, NULL, "13800000001"};
    const char *a = desk_number(home, take_someone(&world, 1, &one)),
               *b = desk_number(home, take_someone(&world, 2, &other));
    json_t *result;
    assert_int_equal(pairs_shown(&world, &result), 1);
    const json_t *pair = json_array_get(json_object_get(result, "pairs"), 0);
    assert_string_equal(json_string_value(json_object_get(pair, "strength")), "strong");
    char *text = json_dumps(result, 0);
    assert_null(strstr(text, "13800000001"));
    free(text);
    json_decref(result);
    json_decref(desk_json(home, NULL, WORDS("people", "part", a, b, "--why", "two cards seen")));
    assert_int_equal(pairs_shown(&world, &result), 0);
    json_decref(result);
    world_withdraw(&world, 2);
    world_take(&world, 2); /* a new number, the same keys */
    assert_int_equal(pairs_shown(&world, &result), 0);
    json_decref(result);
    json_decref(desk_json(home, NULL, WORDS("people", "merge", a, b, "--why", "one card seen")));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM person"), 1);
    Err err;
    assert_int_equal(desk_run(home, NULL, WORDS("people", "show", b), &result, &err),
                     ERR_NOT_FOUND);
    assert_string_equal(err.hint, arena_printf(world.arena, "it was merged into person %s", a));
    json_t *found = desk_json(home, NULL, WORDS("people", "find", "--where", "conflict = yes"));
    assert_int_equal(json_array_size(found), 1);
    json_decref(found);
    found = desk_json(home, NULL, WORDS("people", "find", "--where", "conflict = no"));
    assert_int_equal(json_array_size(found), 0);
    json_decref(found);
}

static void a_crowd_under_one_key_is_passed_over_and_counted(void **state)
{
    World world = world_new(state);
    test_sql(world.home,
             "INSERT INTO person (id, name, birth_date, answers, phone_hash) SELECT seq, '张伟', "
             "'1980-01-02', 1, UNHEX(MD5(seq)) FROM seq_1_to_200");
    PairList list = find(&world);
    assert_int_equal(list.count, 0);
    assert_int_equal(list.crowded, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_people_are_a_pair_by_the_rules_and_by_nothing_else),
        cmocka_unit_test(evidence_is_weighed_fact_by_fact),
        cmocka_unit_test(a_pair_is_shown_until_it_is_decided_and_again_when_that_is_taken_back),
        cmocka_unit_test(a_crowd_under_one_key_is_passed_over_and_counted),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
