#include "policy/withhold.h"

#include <assert.h>
#include <string.h>

/* A small cell is kept by a partner cell of its row and by other rows in which both columns are
 * withheld: what the cell gains its partner loses, and those rows give it back, so that every sum
 * stays. `pairs[a][b]` is what column a holds in the rows in which a and b are both withheld; the
 * wider these are, the wider the range of the cell. The column of row sums pairs with any other:
 * there the rows exchange people. */
typedef struct Keeping {
    const Crossing *crossing;
    size_t width;
    int64_t pairs[CROSSING_COLUMNS + 1][CROSSING_COLUMNS + 1];
} Keeping;

static int64_t value_at(const Keeping *keeping, size_t row, size_t column)
{
    return keeping->crossing->values[row * keeping->width + column];
}

static bool is_withheld(const Keeping *keeping, size_t row, size_t column)
{
    return keeping->crossing->withheld[row * keeping->width + column];
}

static void withhold(Keeping *keeping, size_t row, size_t column)
{
    if (is_withheld(keeping, row, column))
        return;
    assert(row < keeping->crossing->rows); /* of the sums withhold_sums has withheld all */
    for (size_t other = 0; other < keeping->width; other++) {
        if (!is_withheld(keeping, row, other))
            continue;
        keeping->pairs[column][other] += value_at(keeping, row, column);
        keeping->pairs[other][column] += value_at(keeping, row, other);
    }
    keeping->crossing->withheld[row * keeping->width + column] = true;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* How many values a cell of a row can have beside its own, with a partner column; 0 while the
 * partner is said. The last row is that of the column sums. */
static int64_t range_of(const Keeping *keeping, size_t row, size_t column, size_t partner)
{
    size_t last = keeping->crossing->rows, sums = keeping->crossing->columns;
    int64_t own = value_at(keeping, row, column), other = value_at(keeping, row, partner);
    int64_t mine = keeping->pairs[column][partner], theirs = keeping->pairs[partner][column];
    if (!is_withheld(keeping, row, partner))
        return 0;
    if (row == last)
        return least(other, theirs) + least(own, mine);
    mine -= own;
    theirs -= other;
    if (partner == sums)
        return mine > 0 ? own + mine : 0;
    if (is_withheld(keeping, last, column) && is_withheld(keeping, last, partner)) {
        mine += value_at(keeping, last, partner);
        theirs += value_at(keeping, last, column);
    }
    return least(other, mine) + least(own, theirs);
}

/* What a row would newly keep from the reader if both columns were withheld in it. */
static int64_t cost_of(const Keeping *keeping, size_t row, size_t column, size_t partner)
{
    return (is_withheld(keeping, row, column) ? 0 : value_at(keeping, row, column)) +
           (is_withheld(keeping, row, partner) ? 0 : value_at(keeping, row, partner));
}

/* The row that costs least of those that would widen the pair; crossing->rows = none. */
static size_t cheapest_row(const Keeping *keeping, size_t except, size_t column, size_t partner)
{
    size_t rows = keeping->crossing->rows, best = rows;
    int64_t best_cost = 0;
    for (size_t row = 0; row < rows; row++) {
        int64_t gain = least(value_at(keeping, row, column), value_at(keeping, row, partner));
        int64_t cost = cost_of(keeping, row, column, partner);
        if (row == except || gain == 0 ||
            (is_withheld(keeping, row, column) && is_withheld(keeping, row, partner)))
            continue;
        if (best == rows || cost < best_cost) {
            best = row;
            best_cost = cost;
        }
    }
    return best;
}

/* Withholds more rows of the pair until the cell is kept; false when there are none left. */
static bool keep_with(Keeping *keeping, size_t row, size_t column, size_t partner)
{
    withhold(keeping, row, column);
    withhold(keeping, row, partner);
    while (range_of(keeping, row, column, partner) < SMALL_FIGURE) {
        size_t more = cheapest_row(keeping, row, column, partner);
        if (more == keeping->crossing->rows)
            return false;
        withhold(keeping, more, column);
        withhold(keeping, more, partner);
    }
    return true;
}

/* A partner that is withheld already, else the one that costs least and can give enough. */
static size_t choose_partner(const Keeping *keeping, size_t row, size_t column)
{
    size_t columns = keeping->crossing->columns, best = columns;
    int64_t best_cost = 0;
    for (size_t other = 0; other < columns; other++) {
        int64_t value = value_at(keeping, row, other);
        if (other == column || value + value_at(keeping, row, column) < SMALL_FIGURE)
            continue;
        if (row == keeping->crossing->rows && !is_withheld(keeping, row, other))
            continue;
        size_t more = cheapest_row(keeping, row, column, other);
        int64_t cost = is_withheld(keeping, row, other) ? 0 : value;
        if (more != keeping->crossing->rows)
            cost += cost_of(keeping, more, column, other);
        if (best == columns || cost < best_cost) {
            best = other;
            best_cost = cost;
        }
    }
    return best;
}

static bool is_kept(const Keeping *keeping, size_t row, size_t column, size_t columns)
{
    for (size_t other = 0; other < columns; other++) {
        if (other != column && range_of(keeping, row, column, other) >= SMALL_FIGURE)
            return true;
    }
    return false;
}

static bool keep_in_row(Keeping *keeping, size_t row, size_t column)
{
    size_t columns = keeping->crossing->columns;
    if (is_kept(keeping, row, column, columns))
        return true;
    size_t partner = choose_partner(keeping, row, column);
    return partner < columns && keep_with(keeping, row, column, partner);
}

/* What the rows hold in which two columns and the sum are withheld: so many people of theirs can
 * stand in column a before the change and in b after it, or in the row that is kept. */
static int64_t exchange_of(const Keeping *keeping, size_t except, size_t a, size_t b)
{
    size_t sums = keeping->crossing->columns;
    int64_t people = 0;
    for (size_t row = 0; row < keeping->crossing->rows; row++) {
        if (row != except && is_withheld(keeping, row, a) && is_withheld(keeping, row, b) &&
            is_withheld(keeping, row, sums))
            people += least(value_at(keeping, row, a), value_at(keeping, row, b));
    }
    return people;
}

/* A difference in a row that is itself small: its two ends are kept by rows that could hold the
 * same people. */
static bool keep_move(Keeping *keeping, size_t row, size_t column, size_t partner)
{
    size_t sums = keeping->crossing->columns;
    withhold(keeping, row, column);
    withhold(keeping, row, partner);
    withhold(keeping, row, sums);
    for (size_t more = 0; more < keeping->crossing->rows; more++) {
        if (exchange_of(keeping, row, column, partner) >= SMALL_FIGURE)
            return true;
        if (more == row ||
            least(value_at(keeping, more, column), value_at(keeping, more, partner)) == 0)
            continue;
        withhold(keeping, more, column);
        withhold(keeping, more, partner);
        withhold(keeping, more, sums);
    }
    return exchange_of(keeping, row, column, partner) >= SMALL_FIGURE;
}

static bool keep_moved(Keeping *keeping, size_t row, size_t column)
{
    for (int withheld = 1; withheld >= 0; withheld--) {
        for (size_t partner = 0; partner < keeping->crossing->columns; partner++) {
            if (partner != column && is_withheld(keeping, row, partner) == withheld &&
                keep_move(keeping, row, column, partner))
                return true;
        }
    }
    return false;
}

/* A cell and, in a row that is itself small, the row's sum. */
static bool keep_cell(Keeping *keeping, size_t row, size_t column)
{
    const Crossing *crossing = keeping->crossing;
    size_t at = row * keeping->width + column, sums = crossing->columns;
    bool small_row = row < crossing->rows && crossing->small[row * keeping->width + sums];
    if (small_row && crossing->small[at] && !keep_with(keeping, row, column, sums))
        return false;
    bool moved = crossing->moved[at];
    if (moved && small_row)
        return keep_moved(keeping, row, column);
    return small_row || (!moved && !crossing->small[at]) || keep_in_row(keeping, row, column);
}

static bool keep_all(Keeping *keeping)
{
    const Crossing *crossing = keeping->crossing;
    for (size_t row = 0; row <= crossing->rows; row++) {
        for (size_t column = 0; column < crossing->columns; column++) {
            if (!keep_cell(keeping, row, column))
                return false;
        }
    }
    return true;
}

/* The small and the moved of a row, as withhold_parts takes them. */
static void withhold_sums(const Crossing *crossing)
{
    size_t columns = crossing->columns, first = crossing->rows * (columns + 1);
    bool small[CROSSING_COLUMNS];
    for (size_t i = 0; i < columns; i++)
        small[i] = crossing->small[first + i] || crossing->moved[first + i];
    withhold_parts(crossing->values + first, small, columns, crossing->withheld + first);
}

void withhold_crossing(const Crossing *crossing)
{
    Keeping keeping = {.crossing = crossing, .width = crossing->columns + 1};
    size_t inside = crossing->rows * keeping.width;
    memset(crossing->withheld, 0, (inside + keeping.width) * sizeof(bool));
    withhold_sums(crossing);
    if (crossing->rows == 1) { /* the one row says what the sums say */
        memcpy(crossing->withheld, crossing->withheld + inside, keeping.width * sizeof(bool));
        return;
    }
    for (size_t row = 0; row < crossing->rows; row++) {
        for (size_t column = 0; column < keeping.width; column++) {
            size_t at = row * keeping.width + column;
            if (crossing->small[at] || crossing->moved[at])
                withhold(&keeping, row, column);
        }
    }
    /* Where no company can be found nothing but the column sums is said. */
    if (!keep_all(&keeping))
        memset(crossing->withheld, 1, inside * sizeof(bool));
}

void withhold_parts(const int64_t *values, const bool *small, size_t count, bool *withheld)
{
    int64_t sum = 0;
    size_t members = 0;
    for (size_t i = 0; i < count; i++) {
        withheld[i] = small[i];
        sum += small[i] ? values[i] : 0;
        members += small[i];
    }
    while (members && (members < 2 || sum < SMALL_FIGURE)) {
        size_t best = count;
        for (size_t i = 0; i < count; i++) {
            if (!withheld[i] && values[i] && (best == count || values[i] < values[best]))
                best = i;
        }
        if (best == count) { /* no company is wide enough */
            memset(withheld, 1, count * sizeof *withheld);
            return;
        }
        withheld[best] = true;
        sum += values[best];
        members++;
    }
}
