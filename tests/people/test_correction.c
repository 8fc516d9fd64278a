/* Tests people/correction.c and the verb correct.c: one more answer, with its provenance, its undo,
 * and the person kept whole. */
#include "people/desk.h"
#include "people/world.h"

static const json_t *fact_of(const json_t *shown, const char *name)
{
    size_t index;
    const json_t *fact;
    json_array_foreach(json_object_get(shown, "facts"), index, fact)
    {
        if (strcmp(json_string_value(json_object_get(fact, "fact")), name) == 0)
            return fact;
    }
    fail_msg("no fact '%s'", name);
    return NULL;
}

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static json_t *show(TestHome *home, int64_t person)
{
    return desk_json(home, NULL, WORDS("people", "show", desk_number(home, person)));
}

static int64_t correct_level(World *world, int64_t person, const char *pair)
{
    json_t *result = desk_json(world->home, NULL,
                               WORDS("people", "correct", desk_number(world->home, person), pair,
                                     "--why", "certificate seen"));
    int64_t batch = json_integer_value(json_object_get(result, "batch"));
    json_decref(result);
    return batch;
}

static void a_correction_is_the_newest_answer_and_says_who_and_why(void **state)
{
    World world = world_new(state);
    int64_t person = take_one(&world, 1, 7, 7);
    correct_level(&world, person, "skill_level=高级工");
    int64_t batch = correct_level(&world, person, "skill_level=技师");
    json_t *shown = show(world.home, person);
    const json_t *level = fact_of(shown, "skill_level"), *source = json_object_get(level, "source");
    assert_string_equal(text_at(level, "value"), "senior worker"); /* the greater of one day */
    assert_string_equal(text_at(level, "surveyed_on"), "2012-10-01");
    assert_string_equal(text_at(source, "by"), "staff");
    assert_string_equal(text_at(source, "file"), "correction: certificate seen");
    assert_int_equal(json_array_size(json_object_get(level, "others")), 1);
    assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM batch WHERE form = 'correction' "
                                             "AND credibility = 9 AND accepted = 1"),
                     2);
    json_decref(shown);
    world_withdraw(&world, batch - 1);
    shown = show(world.home, person);
    assert_string_equal(text_at(fact_of(shown, "skill_level"), "value"), "technician");
    json_decref(shown);
}

static void a_new_id_number_keeps_the_person_and_undo_takes_it_back(void **state)
{
    World world = world_new(state);
    Facts old = facts_of(&world, 7, 7), other = facts_of(&world, 9, 0);
    int64_t person = take_one(&world, 1, 7, 7);
    const char *before = fingerprint(&world), *line = other.values[FACT_ID_NUMBER].text;
    json_t *result = desk_json(world.home, line,
                               WORDS("people", "correct", desk_number(world.home, person),
                                     "--stdin", "id_number", "--why", "card seen"));
    int64_t batch = json_integer_value(json_object_get(result, "batch"));
    char *text = json_dumps(result, 0);
    assert_null(strstr(text, line));
    free(text);
    json_decref(result);
    Err err = {0};
    Person loaded;
    Context *context = &world.home->context;
    assert_ok(person_load(context->db, context->sealer, world.arena, person, &loaded, &err), &err);
    assert_string_equal(loaded.facts.values[FACT_ID_NUMBER].text, line);
    assert_int_equal(loaded.answers, 2);
    assert_true(loaded.conflicts >> FACT_ID_NUMBER & 1);
    Given *given =
        world_add(&world, &other, 50, date_of(2012, 6, 1)); /* a file with the new number */
    Given *again = world_add(&world, &old, 50, date_of(2012, 6, 1)); /* and the old one */
    batch_insert(&world, 50);
    world_take(&world, 50);
    assert_int_equal(person_of(&world, given), person);
    assert_int_equal(person_of(&world, again), person);
    world_withdraw(&world, 50);
    world_withdraw(&world, batch);
    assert_string_equal(fingerprint(&world), before);
    assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM decided_key"), 0);
}

static void someone_without_id_number_may_get_one_or_another_phone(void **state)
{
    World world = world_new(state);
    int64_t person = take_one(&world, 1, 0, 7);
    Facts named = facts_of(&world, 8, 8);
    json_decref(desk_json(world.home, named.values[FACT_PHONE].text,
                          WORDS("people", "correct", desk_number(world.home, person), "--stdin",
                                "phone", "--why", "called back")));
    json_decref(desk_json(world.home, named.values[FACT_ID_NUMBER].text,
                          WORDS("people", "correct", desk_number(world.home, person), "--stdin",
                                "id_number", "--why", "card seen")));
    assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM person"), 1);
    assert_int_equal(test_number(world.home, "SELECT answers FROM person"), 3);
    json_t *shown = show(world.home, person);
    assert_string_equal(text_at(fact_of(shown, "birth_date"), "value"), "1980-01-09");
    json_decref(shown);
}

static void what_is_another_persons_is_refused(void **state)
{
    World world = world_new(state);
    int64_t bare = take_one(&world, 1, 0, 7), other = take_one(&world, 2, 8, 8);
    Facts named = facts_of(&world, 8, 8);
    int64_t batches = test_number(world.home, "SELECT COUNT(*) FROM batch");
    desk_refuses(world.home, named.values[FACT_ID_NUMBER].text,
                 WORDS("people", "correct", desk_number(world.home, bare), "--stdin", "id_number",
                       "--why", "card seen"),
                 ERR_REFUSED,
                 arena_printf(world.arena, "person %lld has this ID number", (long long)other));
    assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM batch"), batches);
    assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM decision"), 0);
}

static void wrong_usage_is_said_and_secrets_are_not_typed(void **state)
{
    World world = world_new(state);
    const char *person = desk_number(world.home, take_one(&world, 1, 7, 7));
    static const struct {
        const char *pair, *why, *text;
        ErrCode code;
    } CASES[] = {
        {"phone=13800138000", "x",
         "ID numbers and phones are not typed on the command line, where others can see them",
         ERR_USAGE},
        {"id_number=440524198001010013", "x",
         "ID numbers and phones are not typed on the command line, where others can see them",
         ERR_USAGE},
        {"13800138000", "x", "a correction is written FACT=VALUE", ERR_USAGE},
        {"skil_level=2", "x", "'skil_level' is not a fact", ERR_USAGE},
        {"skill_level=9", "x", "'9' is not a value of 'skill_level'", ERR_INPUT},
        {"employer=", "x", "'employer' is given no value", ERR_INPUT},
        {"birth_date=2012-10-02", "x", "'birth_date' lies after the day of the correction",
         ERR_INPUT},
        {"skill_level=2", " ", "--why says nothing", ERR_USAGE},
        {"skill_level=2", "called 138 0013 8000",
         "--why holds an ID number or a phone, and stays readable", ERR_USAGE},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        desk_refuses(world.home, NULL,
                     WORDS("people", "correct", person, CASES[i].pair, "--why", CASES[i].why),
                     CASES[i].code, CASES[i].text);
    desk_refuses(world.home, NULL, WORDS("people", "correct", person, "--why", "x"), ERR_USAGE,
                 "nothing is corrected: neither FACT=VALUE nor --stdin");
    desk_refuses(world.home, "12345\n",
                 WORDS("people", "correct", person, "--stdin", "phone", "--why", "x"), ERR_INPUT,
                 "standard input holds no sound mobile number");
    desk_refuses(world.home, NULL, WORDS("people", "correct", "77", "skill_level=2", "--why", "x"),
                 ERR_NOT_FOUND, "there is no person 77");
    assert_int_equal(test_number(world.home, "SELECT COUNT(*) FROM answer"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_correction_is_the_newest_answer_and_says_who_and_why),
        cmocka_unit_test(a_new_id_number_keeps_the_person_and_undo_takes_it_back),
        cmocka_unit_test(someone_without_id_number_may_get_one_or_another_phone),
        cmocka_unit_test(what_is_another_persons_is_refused),
        cmocka_unit_test(wrong_usage_is_said_and_secrets_are_not_typed),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
