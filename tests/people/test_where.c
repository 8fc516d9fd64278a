/* Tests people/where.c, where_parse.c and where_lex.c: the language, its messages, and that SQL
 * says the same. */
#include "people/where.h"

#include "people/crowd.h"
#include "people/person.h"

static const Where *parsed(Arena *arena, const char *text)
{
    Err err = {0};
    const Where *where;
    ErrCode code = where_parse(arena, text, &where, &err);
    if (code != OK)
        fail_msg("%s: %s [%s]", text, err.text, err.hint);
    return where;
}

/* Someone of whom some facts are known. */
static Facts someone(void)
{
    Facts facts = {.pension_on = DATE_NONE};
    facts.values[FACT_EMPLOYER_TOWN] = (FactValue){.known = true, .number = 441900119};
    facts.values[FACT_SKILL_LEVEL] = (FactValue){.known = true, .number = 2};
    facts.values[FACT_EMPLOYER] = (FactValue){.known = true, .text = "长安 and 虎门电子厂"};
    facts.values[FACT_BIRTH_DATE] = (FactValue){.known = true, .number = date_of(1980, 1, 1)};
    facts.values[FACT_OWNS_HOME] = (FactValue){.known = true, .number = 0};
    return facts;
}

#define YES KLEENE_TRUE
#define NO KLEENE_FALSE
#define UNKNOWN KLEENE_UNKNOWN

static const struct {
    const char *text;
    Kleene holds;
} HOLDS[] = {
    {"town = 长安镇", YES},
    {"town = 长安", YES},
    {"employer_town = \"Chang'an\"", YES},
    {"employer_town = Chang'an Town", YES},
    {"town = 441900119", YES},
    {"town in (长安镇, 虎门镇)", YES},
    {"town in（长安镇、虎门镇）", YES},
    {"town not in (虎门镇)", YES},
    {"town in (虎门镇)", NO},
    {"skill_level <= 2", YES},
    {"skill_level ≤ 技师", YES},
    {"skill_level = technician", YES},
    {"skill_level = senior technician", NO},
    {"skill_level<2", NO},
    {"skill_level ＞＝ 2", YES},
    {"skill_level != 2", NO},
    {"skill_level <> 3", YES},
    {"skill_level ≠ 3", YES},
    {"skill_level ≥ 3", NO},
    {"skill_level == 2", YES},
    {"skill_level > 1", YES},
    {"owns_home = 否", YES},
    {"owns_home = yes", NO},
    {"birth_date < 1980-01-02", YES},
    {"birth_date >= 1980-01-02", NO},
    {"employer contains 'and 虎门'", YES},
    {"employer contains 长安", YES},
    {"employer not contains 长安", NO},
    {"employer contains %", NO},
    {"employer = '长安 and 虎门电子厂'", YES},
    {"employer != 长安", YES},
    {"wants_settlement = yes", UNKNOWN},
    {"not wants_settlement = no", UNKNOWN},
    {"wants_settlement in (yes, no)", UNKNOWN},
    {"known(wants_settlement)", NO},
    {"not known(wants_settlement)", YES},
    {"known ( town )", YES},
    {"school contains 技", UNKNOWN},
    {"town = 长安镇 and wants_settlement = yes", UNKNOWN},
    {"town = 虎门镇 and wants_settlement = yes", NO},
    {"town = 长安镇 or wants_settlement = yes", YES},
    {"town = 虎门镇 or wants_settlement = yes", UNKNOWN},
    {"town = 虎门镇 or town = 长安镇 and skill_level = 1", NO},
    {"(town = 虎门镇 or town = 长安镇) and skill_level = 2", YES},
    {"not (town = 虎门镇 or skill_level = 1)", YES},
    {"not not town = 长安镇", YES},
    {"conflict = no", YES},
    {"conflict = yes", NO},
    {"Conflict != 是 and town = 长安镇", YES},
    {"not conflict = yes or wants_settlement = yes", YES},
    {"TOWN = 长安镇 AND Skill_Level = 2", YES},
    {"", YES},
    {"   ", YES},
};

static void expressions_hold_as_they_read(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Facts facts = someone();
    for (size_t i = 0; i < sizeof HOLDS / sizeof *HOLDS; i++) {
        Kleene holds = where_holds(parsed(arena, HOLDS[i].text), &facts);
        if (holds != HOLDS[i].holds)
            fail_msg("%s: %d, expected %d", HOLDS[i].text, (int)holds, (int)HOLDS[i].holds);
    }
    assert_int_equal(where_holds(parsed(arena, NULL), &facts), KLEENE_TRUE);
}

static const struct {
    const char *text, *message, *hint;
} WRONG[] = {
    {"skil_level = 2", "--where, character 1: 'skil_level' is not a fact",
     "did you mean 'skill_level'?"},
    {"town = 长安镇 and twon = 虎门镇", "--where, character 16: 'twon' is not a fact",
     "did you mean 'town'?"},
    {"town = 长安阵", "--where, character 8: '长安阵' is not a value of 'employer_town'",
     "did you mean '长安镇'?"},
    {"sex = 3", "--where, character 7: '3' is not a value of 'sex'", NULL},
    {"owns_home = maybe", "--where, character 13: 'maybe' is not a value of 'owns_home'",
     "it is one of: yes, no, 是, 否, 有, 无"},
    {"birth_date = 1980-02-30",
     "--where, character 14: '1980-02-30' is not a value of 'birth_date'",
     "it is a date like 2012-09-27"},
    {"pension_months > many", "--where, character 18: 'many' is not a value of 'pension_months'",
     "it is a whole number from 0 to 1200"},
    {"phone = 13800138000", "--where, character 1: 'phone' is sealed and cannot be asked for", ""},
    {"known(id_number)", "--where, character 7: 'id_number' is sealed and cannot be asked for", ""},
    {"employer < 长安", "--where, character 10: 'employer' is a text: use = != in contains", ""},
    {"town contains 长", "--where, character 6: 'employer_town' is no text, so it contains nothing",
     ""},
    {"town", "--where, character 5: one of = != < <= > >= in contains is missing", ""},
    {"town not = 长安镇", "--where, character 10: one of = != < <= > >= in contains is missing",
     ""},
    {"town =", "--where, character 7: a value of 'employer_town' is missing", ""},
    {"town = and", "--where, character 8: a value of 'employer_town' is missing", ""},
    {"town in ()", "--where, character 10: a value of 'employer_town' is missing", ""},
    {"town in 长安镇", "--where, character 9: ( is missing", ""},
    {"town in (长安镇", "--where, character 13: ) is missing", ""},
    {"(town = 长安镇", "--where, character 12: ) is missing", ""},
    {"town = 长安镇)", "--where, character 11: ')' is not expected here; join with and, or", ""},
    {"town = 长安镇 and", "--where, character 15: a fact is missing", ""},
    {"= 长安镇", "--where, character 1: a fact is missing", ""},
    {"employer = '长安", "--where, character 12: a quote that is not closed", ""},
    {"town ! 长安镇", "--where, character 6: '!' stands alone; write not or !=", ""},
};

static void what_is_wrong_is_named_with_its_place(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        Err err = {0};
        const Where *where;
        assert_int_equal(where_parse(arena, WRONG[i].text, &where, &err), ERR_USAGE);
        assert_string_equal(err.text, WRONG[i].message);
        if (WRONG[i].hint)
            assert_string_equal(err.hint, WRONG[i].hint);
    }
}

static void endless_texts_and_endless_brackets_are_refused(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    Err err = {0};
    const Where *where;
    char text[WHERE_BYTES + 2];
    memset(text, '(', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(where_parse(arena, text, &where, &err), ERR_USAGE);
    assert_string_equal(err.text, "--where is longer than 2000 bytes");
    text[WHERE_BYTES] = '\0';
    assert_int_equal(where_parse(arena, text, &where, &err), ERR_USAGE);
    assert_string_equal(err.text, "--where, character 51: more than 50 levels");
}

static void facts_that_are_looked_at_are_named(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_new(0);
    const Where *where = parsed(arena, "town = 长安 or not (known(school) and sex in (男))");
    assert_int_equal(where_facts(where),
                     1u << FACT_EMPLOYER_TOWN | 1u << FACT_SCHOOL | 1u << FACT_SEX);
    assert_int_equal(where_facts(NULL), 0);
}

static const char *random_value(Crowd *crowd, FactId fact)
{
    FactValue value = crowd_value(crowd, fact);
    const char *shown =
        fact_show(crowd->arena, fact, value, crowd_chance(crowd, 50) ? LANG_ZH : LANG_EN);
    return fact_info(fact)->kind == KIND_DATE || fact_info(fact)->kind == KIND_NUMBER
               ? shown
               : arena_printf(crowd->arena, "\"%s\"", shown);
}

static const char *random_comparison(Crowd *crowd)
{
    static const char *const OPS[] = {"=", "!=", "<", "<=", ">", ">="};
    FactId fact;
    do
        fact = (FactId)crowd_below(crowd, FACT_COUNT);
    while (fact_info(fact)->kind == KIND_SEALED);
    const char *name = fact_info(fact)->name;
    bool text = fact_info(fact)->kind == KIND_TEXT;
    switch (crowd_below(crowd, text ? 4 : 3)) {
    case 0:
        return arena_printf(crowd->arena, "known(%s)", name);
    case 1:
        return arena_printf(crowd->arena, "%s %sin (%s, %s)", name,
                            crowd_chance(crowd, 30) ? "not " : "", random_value(crowd, fact),
                            random_value(crowd, fact));
    case 2:
        return arena_printf(crowd->arena, "%s %s %s", name, OPS[crowd_below(crowd, text ? 2 : 6)],
                            random_value(crowd, fact));
    default: {
        static const char *const PIECES[] = {
            "%", "_", "\\\\", "a", "A", "东莞", "\xF0\xA0\xAE\xB7"};
        return arena_printf(crowd->arena, "%s contains \"%s\"", name,
                            PIECES[crowd_below(crowd, 7)]);
    }
    }
}

static const char *random_expression(Crowd *crowd, unsigned depth)
{
    if (depth == 0 || crowd_chance(crowd, 30))
        return random_comparison(crowd);
    const char *left = random_expression(crowd, depth - 1);
    switch (crowd_below(crowd, 3)) {
    case 0:
        return arena_printf(crowd->arena, "not (%s)", left);
    case 1:
        return arena_printf(crowd->arena, "(%s and %s)", left, random_expression(crowd, depth - 1));
    default:
        return arena_printf(crowd->arena, "(%s or %s)", left, random_expression(crowd, depth - 1));
    }
}

typedef struct Filling {
    Context *context;
    AnswerBatch batch;
    int64_t *persons;
} Filling;

static ErrCode fill_body(Db *db, void *state, Err *err)
{
    Filling *filling = state;
    AnswerCounts counts;
    TRY(answers_lock(db, err));
    return answers_take(db, filling->context->sealer, &filling->batch, &counts, filling->persons,
                        err);
}

/* A base of random people, each from one answer; returns their facts by person number from 1. */
static Facts *fill_base(TestHome *home, Crowd *crowd, size_t count)
{
    Err err = {0};
    test_reset(home);
    test_sql(home,
             "INSERT INTO batch (id, file, sha256, form, source, credibility, surveyed_on,"
             " encoding, line_count, accepted, quarantined, people_new, people_changed,"
             " people_unchanged, report, imported_by, imported_at, elapsed_ms) VALUES (1, 'f',"
             " 'x', 'enterprise', 'firm', 5, '2012-05-01', 'UTF-8', 0, 0, 0, 0, 0, 0, '{}',"
             " 'tester', UTC_TIMESTAMP(3), 0)");
    Answer *answers = arena_array(crowd->arena, Answer, count);
    int64_t *persons = arena_array(crowd->arena, int64_t, count);
    crowd->people = (unsigned)count;
    for (unsigned i = 0; i < count; i++) {
        answers[i] = (Answer){.sheet = 1, .line = i + 1, .facts = crowd_facts(crowd)};
        answers[i].facts.values[FACT_ID_NUMBER] =
            (FactValue){.known = true, .text = crowd_id_number(crowd, i)};
    }
    Filling filling = {.context = &home->context, .persons = persons};
    filling.batch = (AnswerBatch){.batch = 1,
                                  .surveyed_on = date_of(2012, 5, 1),
                                  .credibility = 5,
                                  .answers = answers,
                                  .count = count};
    assert_ok(db_transact(home->context.db, fill_body, &filling, &err), &err);
    Facts *facts = arena_array(crowd->arena, Facts, count + 1);
    for (size_t i = 0; i < count; i++) {
        assert_in_range(persons[i], 1, count);
        facts[persons[i]] = answers[i].facts;
    }
    return facts;
}

/* The people, by number, of whom the base says that expr is true. */
static void select_people(TestHome *home, const SqlExpr *expr, bool *ret_in, size_t count)
{
    Err err = {0};
    AUTO_ROWS rows = NULL;
    memset(ret_in, 0, (count + 1) * sizeof *ret_in);
    assert_ok(db_query_filled(home->context.db, QUERY_PEOPLE_PERSON_FIND, NO_PARAMS,
                              &(Hole){"filter", expr}, 1, &rows, &err),
              &err);
    while (rows_next(rows))
        ret_in[rows_int(rows, 0)] = true;
}

static void sql_and_memory_agree_on_random_people_and_expressions(void **state)
{
    enum { PEOPLE = 300, EXPRESSIONS = 400 };
    TestHome *home = *state;
    AUTO_ARENA people = arena_new(0);
    Crowd crowd = {.arena = people, .state = test_seed()};
    const Facts *facts = fill_base(home, &crowd, PEOPLE);
    bool is_true[PEOPLE + 1], is_unknown[PEOPLE + 1];
    size_t seen[3] = {0};
    for (int round = 0; round < EXPRESSIONS; round++) {
        AUTO_ARENA arena = arena_new(0);
        crowd.arena = arena;
        const char *text = random_expression(&crowd, 3);
        const Where *where = parsed(arena, text);
        const SqlExpr *expr = where_expr(arena, where, "p");
        select_people(home, expr, is_true, PEOPLE);
        select_people(home, expr_is_null(arena, expr), is_unknown, PEOPLE);
        for (size_t i = 1; i <= PEOPLE; i++) {
            Kleene sql = is_true[i] ? KLEENE_TRUE : is_unknown[i] ? KLEENE_UNKNOWN : KLEENE_FALSE;
            Kleene memory = where_holds(where, &facts[i]);
            seen[memory]++;
            if (sql != memory)
                fail_msg("person %zu, %s: SQL %d, memory %d", i, text, (int)sql, (int)memory);
        }
    }
    for (int value = 0; value < 3; value++)
        assert_true(seen[value] > (size_t)PEOPLE * EXPRESSIONS / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_hold_as_they_read),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(endless_texts_and_endless_brackets_are_refused),
        cmocka_unit_test(facts_that_are_looked_at_are_named),
        cmocka_unit_test(sql_and_memory_agree_on_random_people_and_expressions),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
