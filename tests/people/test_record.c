/* Tests people/record.c and identity.c: what is sealed, what is hashed, and how values are ordered.
 * The way into the tables and back is tested with answers, in test_answer.c. */
#include "people/identity.h"
#include "people/record.h"

#include "support/home.h"

static Facts facts_of(const char *id_number, const char *name, const char *phone)
{
    Facts facts = {.pension_on = DATE_NONE};
    facts.values[FACT_ID_NUMBER] = (FactValue){.known = id_number != NULL, .text = id_number};
    facts.values[FACT_NAME] = (FactValue){.known = name != NULL, .text = name};
    facts.values[FACT_PHONE] = (FactValue){.known = phone != NULL, .text = phone};
    return facts;
}

static Record record_of(TestHome *home, const Facts *facts)
{
    Record record;
    record_make(home->context.sealer, home->context.arena, facts, date_of(2012, 5, 1), &record);
    return record;
}

static void sealed_values_open_again_and_their_hashes_are_equal_when_they_are(void **state)
{
    TestHome *home = *state;
    Context *context = &home->context;
    Facts facts = facts_of("440524198001010013", "王伟", "13800138000");
    Record one = record_of(home, &facts), other = record_of(home, &facts);
    for (int i = 0; i < 2; i++) {
        FactId fact = i ? FACT_PHONE : FACT_ID_NUMBER;
        const Sealed *a = record_sealed(&one, fact), *b = record_sealed(&other, fact);
        char *plain;
        Err err = {0};
        assert_ok(unseal(context->sealer, context->arena, a->bytes, a->length, &plain, &err), &err);
        assert_string_equal(plain, facts.values[fact].text);
        assert_int_equal(hash_compare(a->hash, b->hash), 0);
        assert_memory_not_equal(a->bytes, b->bytes, a->length); /* a nonce each */
        assert_int_equal(record_compare(fact, &one, &other), 0);
    }
    assert_int_equal(hash_compare(one.name_phone_hash, other.name_phone_hash), 0);
}

static void a_name_with_a_phone_needs_both(void **state)
{
    TestHome *home = *state;
    Facts named = facts_of(NULL, "王伟", NULL), called = facts_of(NULL, NULL, "13800138000");
    assert_null(record_of(home, &named).name_phone_hash);
    assert_null(record_of(home, &called).name_phone_hash);
    assert_null(record_of(home, &named).phone.hash);
    assert_null(record_of(home, &called).id_number.hash);
    assert_non_null(record_of(home, &called).phone.bytes);
}

static void hashes_differ_by_value_and_by_what_they_are_of(void **state)
{
    TestHome *home = *state;
    const Sealer *sealer = home->context.sealer;
    Arena *arena = home->context.arena;
    uint8_t hashes[7][SEAL_HASH_BYTES];
    identity_id_hash(sealer, "13800138000", hashes[0]);
    identity_phone_hash(sealer, "13800138000", hashes[1]);
    identity_phone_hash(sealer, "13800138001", hashes[2]);
    identity_name_phone_hash(sealer, arena, "王伟", "13800138000", hashes[3]);
    identity_name_phone_hash(sealer, arena, "王伟1", "3800138000", hashes[4]);
    identity_name_phone_hash(sealer, arena, "王芳", "13800138000", hashes[5]);
    identity_name_phone_hash(sealer, arena, "", "13800138000", hashes[6]);
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < i; j++)
            assert_int_not_equal(hash_compare(hashes[i], hashes[j]), 0);
    assert_true(hash_compare(NULL, hashes[0]) < 0);
    assert_true(hash_compare(hashes[0], NULL) > 0);
    assert_int_equal(hash_compare(NULL, NULL), 0);
}

static void pension_months_are_of_the_survey_day_unless_the_answer_names_one(void **state)
{
    TestHome *home = *state;
    Facts facts = facts_of("440524198001010013", NULL, NULL);
    assert_int_equal(record_of(home, &facts).pension_on, DATE_NONE);
    facts.pension_on = date_of(2012, 3, 31); /* says nothing without months */
    assert_int_equal(record_of(home, &facts).pension_on, DATE_NONE);
    facts.values[FACT_PENSION_MONTHS] = (FactValue){.known = true, .number = 24};
    assert_int_equal(record_of(home, &facts).pension_on, date_of(2012, 3, 31));
    facts.pension_on = DATE_NONE;
    assert_int_equal(record_of(home, &facts).pension_on, date_of(2012, 5, 1));
}

static void values_are_ordered_by_what_they_are(void **state)
{
    TestHome *home = *state;
    Facts less = facts_of(NULL, "a", "13800138000"), more = facts_of(NULL, "b", "13900139000");
    less.values[FACT_SKILL_LEVEL] = (FactValue){.known = true, .number = 9};
    more.values[FACT_SKILL_LEVEL] = (FactValue){.known = true, .number = 10};
    less.values[FACT_BIRTH_DATE] = (FactValue){.known = true, .number = -1};
    more.values[FACT_BIRTH_DATE] = (FactValue){.known = true, .number = 1};
    Record a = record_of(home, &less), b = record_of(home, &more);
    static const FactId FACTS[] = {FACT_NAME, FACT_SKILL_LEVEL, FACT_BIRTH_DATE};
    for (size_t i = 0; i < 3; i++) {
        assert_true(record_compare(FACTS[i], &a, &b) < 0);
        assert_true(record_compare(FACTS[i], &b, &a) > 0);
        assert_int_equal(record_compare(FACTS[i], &a, &a), 0);
    }
    assert_int_not_equal(record_compare(FACT_PHONE, &a, &b), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_values_open_again_and_their_hashes_are_equal_when_they_are),
        cmocka_unit_test(a_name_with_a_phone_needs_both),
        cmocka_unit_test(hashes_differ_by_value_and_by_what_they_are_of),
        cmocka_unit_test(pension_months_are_of_the_survey_day_unless_the_answer_names_one),
        cmocka_unit_test(values_are_ordered_by_what_they_are),
    };
    return cmocka_run_group_tests(tests, test_home_setup, test_home_teardown);
}
