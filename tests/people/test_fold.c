/* Tests people/fold.c: the order of belief, conflicts, and the law that the order of answers is
 * nothing. */
#include "people/fold.h"

#include "people/crowd.h"

typedef struct Setting {
    Arena *arena;
    Sealer *sealer;
    char dir[64];
} Setting;

static int setting_open(void **state)
{
    static Setting setting;
    Err err = {0};
    snprintf(setting.dir, sizeof setting.dir, "/tmp/talent-fold-XXXXXX");
    assert_non_null(mkdtemp(setting.dir));
    setting.arena = arena_new(0);
    const char *key = arena_printf(setting.arena, "%s/seal.key", setting.dir);
    assert_ok(sealer_open(key, true, &setting.sealer, &err), &err);
    *state = &setting;
    return 0;
}

static int setting_close(void **state)
{
    Setting *setting = *state;
    sealer_free(setting->sealer);
    remove(arena_printf(setting->arena, "%s/seal.key", setting->dir));
    remove(setting->dir);
    arena_free(setting->arena);
    return 0;
}

static Record *answer(Setting *setting, const Facts *facts, Date surveyed_on, int credibility)
{
    Record *record = arena_alloc(setting->arena, sizeof *record);
    record_make(setting->sealer, setting->arena, arena_memdup(setting->arena, facts, sizeof *facts),
                surveyed_on, record);
    record->credibility = credibility;
    return record;
}

static Record *answer_with(Setting *setting, FactId fact, FactValue value, Date surveyed_on,
                           int credibility)
{
    Facts facts = {.pension_on = DATE_NONE};
    facts.values[fact] = value;
    return answer(setting, &facts, surveyed_on, credibility);
}

#define NUMBER(value) ((FactValue){.known = true, .number = (value)})
#define TEXT(value) ((FactValue){.known = true, .text = (value)})

static void the_newest_survey_is_believed_before_the_most_credible(void **state)
{
    Setting *setting = *state;
    Date old = date_of(2012, 5, 1), recent = date_of(2012, 6, 1);
    const Record *answers[] = {
        answer_with(setting, FACT_SKILL_LEVEL, NUMBER(1), old, 9),
        answer_with(setting, FACT_SKILL_LEVEL, NUMBER(2), recent, 1),
        answer_with(setting, FACT_SKILL_LEVEL, NUMBER(3), recent, 5),
    };
    Fold fold;
    fold_answers(setting->arena, answers, 3, &fold);
    assert_int_equal(fold.person.facts->values[FACT_SKILL_LEVEL].number, 3);
    assert_int_equal(fold.conflicts, 1u << FACT_SKILL_LEVEL);
}

static void what_the_newest_answer_does_not_say_comes_from_an_older_one(void **state)
{
    Setting *setting = *state;
    Facts recent = {.pension_on = DATE_NONE};
    recent.values[FACT_EMPLOYER] = TEXT("新厂");
    const Record *older = answer_with(setting, FACT_SKILL_LEVEL, NUMBER(2), date_of(2012, 5, 1), 1);
    const Record *answers[] = {older, answer(setting, &recent, date_of(2012, 6, 1), 5)};
    Fold fold;
    fold_answers(setting->arena, answers, 2, &fold);
    assert_int_equal(fold.person.facts->values[FACT_SKILL_LEVEL].number, 2);
    assert_ptr_equal(fold.source[FACT_SKILL_LEVEL], older);
    assert_string_equal(fold.person.facts->values[FACT_EMPLOYER].text, "新厂");
    assert_int_equal(fold.conflicts, 0);
}

static void between_equals_the_greatest_value_stands(void **state)
{
    Setting *setting = *state;
    Date day = date_of(2012, 5, 1);
    const Record *answers[] = {answer_with(setting, FACT_EMPLOYER, TEXT("甲厂"), day, 5),
                               answer_with(setting, FACT_EMPLOYER, TEXT("乙厂"), day, 5)};
    Fold fold;
    fold_answers(setting->arena, answers, 2, &fold);
    assert_string_equal(fold.person.facts->values[FACT_EMPLOYER].text, "甲厂");
    assert_int_equal(fold.conflicts, 1u << FACT_EMPLOYER);
}

static void pension_months_conflict_only_when_said_on_one_day(void **state)
{
    Setting *setting = *state;
    Date may = date_of(2012, 5, 1), june = date_of(2012, 6, 1);
    const Record *grown[] = {answer_with(setting, FACT_PENSION_MONTHS, NUMBER(23), may, 5),
                             answer_with(setting, FACT_PENSION_MONTHS, NUMBER(24), june, 5)};
    const Record *differing[] = {answer_with(setting, FACT_PENSION_MONTHS, NUMBER(23), may, 5),
                                 answer_with(setting, FACT_PENSION_MONTHS, NUMBER(22), june, 5),
                                 answer_with(setting, FACT_PENSION_MONTHS, NUMBER(24), may, 1)};
    Fold fold;
    fold_answers(setting->arena, grown, 2, &fold);
    assert_int_equal(fold.person.facts->values[FACT_PENSION_MONTHS].number, 24);
    assert_int_equal(fold.person.pension_on, june);
    assert_int_equal(fold.person.facts->pension_on, june);
    assert_int_equal(fold.conflicts, 0);
    fold_answers(setting->arena, differing, 3, &fold);
    assert_int_equal(fold.person.facts->values[FACT_PENSION_MONTHS].number, 22);
    assert_int_equal(fold.conflicts, 1u << FACT_PENSION_MONTHS);
}

static void a_person_is_linked_by_the_folded_name_and_phone(void **state)
{
    Setting *setting = *state;
    Err err = {0};
    Facts first = {.pension_on = DATE_NONE}, second = first, both = first;
    first.values[FACT_NAME] = TEXT("王伟");
    first.values[FACT_PHONE] = TEXT("13800138000");
    second.values[FACT_PHONE] = TEXT("13900139000");
    both.values[FACT_NAME] = first.values[FACT_NAME];
    both.values[FACT_PHONE] = second.values[FACT_PHONE];
    const Record *answers[] = {answer(setting, &first, date_of(2012, 5, 1), 5),
                               answer(setting, &second, date_of(2012, 6, 1), 5)};
    Fold fold;
    fold_answers(setting->arena, answers, 2, &fold);
    assert_ok(fold_link(&fold, answers, 2, setting->sealer, setting->arena, &err), &err);
    /* No single answer says both. */
    const Record *expected = answer(setting, &both, date_of(2012, 6, 1), 5);
    assert_memory_equal(fold.person.name_phone_hash, expected->name_phone_hash, SEAL_HASH_BYTES);
    fold_answers(setting->arena, answers, 1, &fold);
    assert_ok(fold_link(&fold, answers, 1, setting->sealer, setting->arena, &err), &err);
    assert_null(fold.person.name_phone_hash); /* the newest alone has no name */
}

/* The same by its definition, one fact and one answer at a time. */
static const Record *best_by_definition(FactId fact, const Record *const *answers, size_t count)
{
    const Record *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const Record *other = answers[i];
        if (!record_knows(other, fact))
            continue;
        int order = !best ? 1
                          : (other->surveyed_on > best->surveyed_on) -
                                (other->surveyed_on < best->surveyed_on);
        if (order == 0)
            order = other->credibility - best->credibility;
        if (order == 0)
            order = record_compare(fact, other, best);
        if (order == 0 && fact == FACT_PENSION_MONTHS)
            order = other->pension_on - best->pension_on;
        if (order > 0)
            best = other;
    }
    return best;
}

static bool conflict_by_definition(FactId fact, const Record *const *answers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (record_knows(answers[i], fact) && record_knows(answers[j], fact) &&
                record_compare(fact, answers[i], answers[j]) != 0 &&
                (fact != FACT_PENSION_MONTHS || answers[i]->surveyed_on == answers[j]->surveyed_on))
                return true;
    return false;
}

static void assert_fold_by_definition(const Fold *fold, const Record *const *answers, size_t count)
{
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        const Record *best = best_by_definition(fact, answers, count);
        assert_int_equal(record_knows(&fold->person, fact), best != NULL);
        if (best)
            assert_int_equal(record_compare(fact, &fold->person, best), 0);
        assert_int_equal(fold->conflicts >> fact & 1, conflict_by_definition(fact, answers, count));
    }
    const Record *pension = best_by_definition(FACT_PENSION_MONTHS, answers, count);
    assert_int_equal(fold->person.pension_on, pension ? pension->pension_on : DATE_NONE);
}

static void any_order_of_the_answers_gives_the_same_fold(void **state)
{
    enum { ROUNDS = 2000, ANSWERS = 7 };
    Setting *setting = *state;
    Crowd crowd = {.state = test_seed(), .people = 3};
    for (int round = 0; round < ROUNDS; round++) {
        AUTO_ARENA arena = arena_new(0);
        Setting inner = {.arena = arena, .sealer = setting->sealer};
        crowd.arena = arena;
        const Record *answers[ANSWERS], *shuffled[ANSWERS];
        size_t count = 1 + crowd_below(&crowd, ANSWERS);
        for (size_t i = 0; i < count; i++) {
            Facts facts = crowd_facts(&crowd);
            Date day = date_of(2012, 5, 1) + (Date)crowd_below(&crowd, 3);
            answers[i] = shuffled[i] = answer(&inner, &facts, day, 1 + (int)crowd_below(&crowd, 2));
        }
        Fold one, other;
        fold_answers(arena, answers, count, &one);
        crowd_shuffle(&crowd, shuffled, count, sizeof *shuffled);
        fold_answers(arena, shuffled, count, &other);
        assert_true(fold_same(&one.person, &other.person));
        assert_int_equal(one.conflicts, other.conflicts);
        assert_fold_by_definition(&one, answers, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_survey_is_believed_before_the_most_credible),
        cmocka_unit_test(what_the_newest_answer_does_not_say_comes_from_an_older_one),
        cmocka_unit_test(between_equals_the_greatest_value_stands),
        cmocka_unit_test(pension_months_conflict_only_when_said_on_one_day),
        cmocka_unit_test(a_person_is_linked_by_the_folded_name_and_phone),
        cmocka_unit_test(any_order_of_the_answers_gives_the_same_fold),
    };
    return cmocka_run_group_tests(tests, setting_open, setting_close);
}
