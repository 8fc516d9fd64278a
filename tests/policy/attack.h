/* tests/policy/attack.h: a reader who solves for what was withheld: linear programming over every
 *         sum that a result obeys.
 * Shape:  figures are members of JSON objects; null = withheld, an unknown from 0 on. An equation
 *         is a sum of figures with signs that is 0. attack_width is by how much a figure, or the
 *         difference of two, can vary.
 * Owns:   nothing; plain arrays in the caller's Attack.
 * Source: simplex in two phases with Bland's rule (1977), which does not cycle. */
#ifndef TESTS_POLICY_ATTACK_H
#define TESTS_POLICY_ATTACK_H

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { ATTACK_UNKNOWNS = 160, ATTACK_EQUATIONS = 110 };

typedef struct Attack {
    struct {
        const json_t *holder;
        const char *key;
    } unknowns[ATTACK_UNKNOWNS];
    size_t unknown_count, equation_count;
    double left[ATTACK_EQUATIONS][ATTACK_UNKNOWNS], right[ATTACK_EQUATIONS];
} Attack;

typedef struct Simplex {
    double cells[ATTACK_EQUATIONS + 1][ATTACK_UNKNOWNS + ATTACK_EQUATIONS + 1];
    size_t basis[ATTACK_EQUATIONS];
    size_t rows, columns;
} Simplex;

/* The number of an unknown; -1 when the figure is said. */
static inline int attack_unknown(Attack *attack, const json_t *holder, const char *key)
{
    if (!json_is_null(json_object_get(holder, key)))
        return -1;
    for (size_t i = 0; i < attack->unknown_count; i++) {
        if (attack->unknowns[i].holder == holder && strcmp(attack->unknowns[i].key, key) == 0)
            return (int)i;
    }
    assert_true(attack->unknown_count < ATTACK_UNKNOWNS);
    attack->unknowns[attack->unknown_count].holder = holder;
    attack->unknowns[attack->unknown_count].key = key;
    return (int)attack->unknown_count++;
}

/* Adds a figure to the equation that is being written; attack_next begins another. */
static inline void attack_add(Attack *attack, double sign, const json_t *holder, const char *key)
{
    int unknown = attack_unknown(attack, holder, key);
    if (unknown >= 0)
        attack->left[attack->equation_count][unknown] += sign;
    else
        attack->right[attack->equation_count] -=
            sign * (double)json_integer_value(json_object_get(holder, key));
}

static inline void attack_next(Attack *attack)
{
    assert_true(++attack->equation_count < ATTACK_EQUATIONS);
}

static inline void simplex_pivot(Simplex *s, size_t row, size_t column)
{
    double by = s->cells[row][column];
    for (size_t c = 0; c <= s->columns; c++)
        s->cells[row][c] /= by;
    for (size_t r = 0; r <= s->rows; r++) {
        double times = s->cells[r][column];
        for (size_t c = 0; c <= s->columns && r != row && times != 0; c++)
            s->cells[r][c] -= times * s->cells[row][c];
    }
    s->basis[row] = column;
}

/* Lowers the last row's sum over the first `usable` columns; false when it has no end. */
static inline bool simplex_lower(Simplex *s, size_t usable)
{
    for (;;) {
        size_t enter = 0, leave = s->rows;
        while (enter < usable && s->cells[s->rows][enter] > -1e-7)
            enter++;
        if (enter == usable)
            return true;
        double best = 0;
        for (size_t r = 0; r < s->rows; r++) {
            if (s->cells[r][enter] < 1e-7)
                continue;
            double ratio = s->cells[r][s->columns] / s->cells[r][enter];
            if (leave == s->rows || ratio < best - 1e-9 ||
                (ratio < best + 1e-9 && s->basis[r] < s->basis[leave])) {
                leave = r;
                best = ratio;
            }
        }
        if (leave == s->rows)
            return false;
        simplex_pivot(s, leave, enter);
    }
}

/* Phase one: some feasible point; there is one, the truth. */
static inline void simplex_begin(const Attack *attack, Simplex *s)
{
    memset(s, 0, sizeof *s);
    s->rows = attack->equation_count;
    size_t unknowns = attack->unknown_count;
    s->columns = unknowns + s->rows;
    for (size_t r = 0; r < s->rows; r++) {
        double sign = attack->right[r] < 0 ? -1 : 1;
        for (size_t c = 0; c < unknowns; c++)
            s->cells[r][c] = sign * attack->left[r][c];
        s->cells[r][unknowns + r] = 1;
        s->cells[r][s->columns] = sign * attack->right[r];
        s->basis[r] = unknowns + r;
        for (size_t c = 0; c < unknowns; c++)
            s->cells[s->rows][c] -= s->cells[r][c];
        s->cells[s->rows][s->columns] -= s->cells[r][s->columns];
    }
    assert_true(simplex_lower(s, unknowns));
    assert_true(fabs(s->cells[s->rows][s->columns]) < 1e-5);
    for (size_t r = 0; r < s->rows; r++) { /* artificial ones that stay at 0 leave if they can */
        for (size_t c = 0; c < unknowns && s->basis[r] >= unknowns; c++) {
            if (fabs(s->cells[r][c]) > 1e-7)
                simplex_pivot(s, r, c);
        }
    }
}

/* The least of a sum of unknowns; -INFINITY when it has none. */
static inline double simplex_least(const Simplex *begun, size_t unknowns, const double *costs)
{
    static Simplex s;
    s = *begun;
    memset(s.cells[s.rows], 0, sizeof s.cells[s.rows]);
    memcpy(s.cells[s.rows], costs, unknowns * sizeof *costs);
    for (size_t r = 0; r < s.rows; r++) {
        double cost = s.basis[r] < unknowns ? costs[s.basis[r]] : 0;
        for (size_t c = 0; c <= s.columns; c++)
            s.cells[s.rows][c] -= cost * s.cells[r][c];
    }
    return simplex_lower(&s, unknowns) ? -s.cells[s.rows][s.columns] : -INFINITY;
}

typedef struct Member {
    const json_t *holder;
    const char *key;
} Member;

/* By how much a - b can vary; b.holder NULL = a alone. */
static inline double attack_width(Attack *attack, const Simplex *begun, Member a, Member b)
{
    double costs[ATTACK_UNKNOWNS] = {0};
    int first = attack_unknown(attack, a.holder, a.key);
    int second = b.holder ? attack_unknown(attack, b.holder, b.key) : -1;
    if (first >= 0)
        costs[first] += 1;
    if (second >= 0)
        costs[second] -= 1;
    double least = simplex_least(begun, attack->unknown_count, costs);
    for (size_t i = 0; i < attack->unknown_count; i++)
        costs[i] = -costs[i];
    return -simplex_least(begun, attack->unknown_count, costs) - least;
}

#endif
