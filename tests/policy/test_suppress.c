/* tests/policy/test_suppress.c: random results, suppressed; a solver who knows every sum cannot
 * tell a withheld small figure to less than SMALL_FIGURE values. */
#include "attack_said.h"
#include "policy/suppress.h"

enum { TABLES = 1500 };

/* All sums of one version; row sums are those of the result itself, whatever the version. */
static void attack_version(Attack *attack, const json_t *result, const json_t *version)
{
    const json_t *group, *where = child(result, "where"), *verdicts = child(version, "verdicts");
    size_t index;
    const char *keys[VERDICT_COUNT];
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        keys[i] = verdict_key(i);
    equate(attack, verdicts, keys, VERDICT_COUNT, (Member){where, "true"});
    for (size_t i = 0; i < ROUTES; i++)
        attack_add(attack, 1, child(version, "routes"), ROUTE_KEYS[i]);
    attack_add(attack, -1, verdicts, "eligible");
    attack_add(attack, -1, verdicts, "likely");
    attack_next(attack);
    const json_t *groups = child(version, "groups");
    json_array_foreach(groups, index, group)
        equate(attack, child(group, "verdicts"), keys, VERDICT_COUNT,
               (Member){json_array_get(child(result, "groups"), index), "people"});
    for (size_t i = 0; i < VERDICT_COUNT && json_array_size(groups); i++) {
        json_array_foreach(groups, index, group)
            attack_add(attack, 1, child(group, "verdicts"), keys[i]);
        attack_add(attack, -1, verdicts, keys[i]);
        attack_next(attack);
    }
}

static void attack_size(Attack *attack, const json_t *said)
{
    const json_t *groups = child(said, "groups"), *group, *where = child(said, "where");
    size_t index;
    const char *key;
    json_t *value;
    attack_version(attack, said, said);
    if (child(said, "before"))
        attack_version(attack, said, child(said, "before"));
    json_array_foreach(groups, index, group) attack_add(attack, 1, group, "people");
    if (json_array_size(groups)) {
        attack_add(attack, -1, where, "true");
        attack_next(attack);
        json_array_foreach(groups, index, group) attack_add(attack, 1, group, "where_unknown");
        attack_add(attack, -1, where, "unknown");
        attack_next(attack);
    }
    equate(attack, where, TRUTHS, 3, (Member){said, "people"});
    json_object_foreach(child(said, "clauses"), key, value)
        equate(attack, value, TRUTHS, 3, (Member){where, "true"});
}

static void check_differences(Attack *attack, const Simplex *begun, const json_t *truth,
                              const json_t *said)
{
    const json_t *was = child(truth, "before"), *now = child(said, "before");
    for (size_t row = 0; row <= json_array_size(child(truth, "groups")); row++) {
        bool sums = row == json_array_size(child(truth, "groups"));
#define VERDICTS_OF(from)                                                                          \
    child(sums ? (const json_t *)(from) : json_array_get(child(from, "groups"), row), "verdicts")
        for (size_t i = 0; i < VERDICT_COUNT; i++) {
            const char *key = verdict_key(i);
            check_moves(attack, begun,
                        (Member[]){{VERDICTS_OF(truth), key}, {VERDICTS_OF(was), key}},
                        (Member[]){{VERDICTS_OF(said), key}, {VERDICTS_OF(now), key}});
            const json_t *changes = child(said, "difference");
            if (is_small(number_of(VERDICTS_OF(truth), key) - number_of(VERDICTS_OF(was), key)))
                assert_true(json_is_null(child(VERDICTS_OF(changes), key)));
        }
#undef VERDICTS_OF
    }
}

static void check_size(const json_t *truth, const json_t *said)
{
    static Attack attack;
    static Simplex begun;
    static const char *const OBJECTS[] = {"where", "verdicts", "routes"};
    size_t index;
    const json_t *group;
    const char *key;
    json_t *value;
    memset(&attack, 0, sizeof attack);
    attack_size(&attack, said);
    simplex_begin(&attack, &begun);
    const json_t *versions[2] = {truth, child(truth, "before")};
    const json_t *told[2] = {said, child(said, "before")};
    for (size_t v = 0; v < 2 && versions[v]; v++) {
        for (size_t i = v; i < sizeof OBJECTS / sizeof *OBJECTS; i++)
            check_members(&attack, &begun, child(versions[v], OBJECTS[i]),
                          child(told[v], OBJECTS[i]));
        json_array_foreach(child(versions[v], "groups"), index, group)
        {
            const json_t *line = json_array_get(child(told[v], "groups"), index);
            check_members(&attack, &begun, child(group, "verdicts"), child(line, "verdicts"));
            if (v == 0)
                check_members(&attack, &begun, group, line);
        }
    }
    json_object_foreach(child(truth, "clauses"), key, value)
        check_members(&attack, &begun, value, child(child(said, "clauses"), key));
    if (versions[1])
        check_differences(&attack, &begun, truth, said);
}

static void no_sum_of_a_size_tells_a_small_figure(void **state)
{
    (void)state;
    uint64_t seed = crowd_seed();
    for (int i = 0; i < TABLES; i++) {
        json_t *truth = random_size(&seed), *said = json_deep_copy(truth);
        suppress_size(said);
        check_size(truth, said);
        assert_int_equal(number_of(child(said, "suppressed"), "figures"), nulls_in(said));
        json_decref(truth);
        json_decref(said);
    }
}

static void what_holds_no_small_figure_stays_as_it_is(void **state)
{
    (void)state;
    int64_t sums[VERDICT_COUNT] = {10, 20, 30, 0, 50};
    uint64_t seed = 1;
    json_t *result = totals(&seed, sums, json_object());
    split(&seed, 0, ROUTE_KEYS, ROUTES, child(result, "routes"));
    set_number(child(result, "routes"), "graduate", 30);
    json_object_set_new(result, "groups", json_array());
    json_object_set_new(result, "where",
                        json_pack("{s:i,s:i,s:i}", "true", 110, "false", 0, "unknown", 0));
    set_number(result, "people", 110);
    json_t *said = json_deep_copy(result);
    suppress_size(said);
    assert_true(json_equal(result, said));
    json_decref(result);
    json_decref(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_sum_of_a_size_tells_a_small_figure),
        cmocka_unit_test(what_holds_no_small_figure_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
