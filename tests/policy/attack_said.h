/* tests/policy/attack_said.h: what the solver of attack.h is told of figures that are given away, and
 *         what it must not find.
 * Owns:   nothing.
 * Source: policy/suppress.h. */
#ifndef TESTS_POLICY_ATTACK_SAID_H
#define TESTS_POLICY_ATTACK_SAID_H

#include "crowd.h"

#include "attack.h"
#include "policy/withhold.h"
#include "random_size.h"

/* A total and what adds up to it. */
static inline void equate(Attack *attack, const json_t *parts, const char *const *keys,
                          size_t count, Member total)
{
    for (size_t i = 0; i < count; i++)
        attack_add(attack, 1, parts, keys[i]);
    attack_add(attack, -1, total.holder, total.key);
    attack_next(attack);
}

/* What is small in truth is withheld, and the solver's range for it is wide; what is not withheld
 * is as it was. */
static inline void check_members(Attack *attack, const Simplex *begun, const json_t *truth,
                                 const json_t *said)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)truth, key, value)
    {
        if (!json_is_integer(value))
            continue;
        const json_t *now = child(said, key);
        if (!json_is_null(now)) {
            assert_int_equal(json_integer_value(now), json_integer_value(value));
            assert_false(is_small(json_integer_value(value)));
        } else if (is_small(json_integer_value(value))) {
            double width = attack_width(attack, begun, (Member){said, key}, (Member){NULL, NULL});
            assert_true(width > SMALL_FIGURE - 1e-3);
        }
    }
}

/* Small differences between the two versions of an object. */
static inline void check_moves(Attack *attack, const Simplex *begun, Member truth[2],
                               Member said[2])
{
    json_int_t moved = json_integer_value(child(truth[0].holder, truth[0].key)) -
                       json_integer_value(child(truth[1].holder, truth[1].key));
    if (is_small(moved))
        assert_true(attack_width(attack, begun, said[0], said[1]) > SMALL_FIGURE - 1e-3);
}

static inline size_t nulls_in(const json_t *value)
{
    const char *key;
    json_t *item;
    size_t index, nulls = 0;
    json_object_foreach((json_t *)(uintptr_t)value, key, item) nulls +=
        json_is_null(item) ? 1 : nulls_in(item);
    json_array_foreach(value, index, item) nulls += nulls_in(item);
    return nulls;
}

#endif
