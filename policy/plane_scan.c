#include "policy/plane_term.h"

Scan *scan_new(Arena *arena, const PlaneProgram *program)
{
    Scan *scan = arena_alloc(arena, sizeof *scan);
    scan->program = program;
    scan->results = arena_array(arena, Truth, program->test_count + 1);
    scan->result_of = arena_array(arena, uint32_t, program->test_count + 1);
    scan->known = arena_array(arena, Bits, program->layout->count);
    scan->known_of = arena_array(arena, uint32_t, program->layout->count);
    if (program->terms) {
        scan->terms = arena_alloc(arena, sizeof *scan->terms);
        scan->terms->facts.pension_on = DATE_NONE;
    }
    return scan;
}

void scan_at(Scan *scan, PlaneSet *set, size_t block, size_t chunk)
{
    scan->set = set;
    scan->block = block;
    scan->chunk = chunk;
    scan->number++;
}

const Bits *scan_plane(const Scan *scan, unsigned plane)
{
    return (const Bits *)(const void *)(plane_read(scan->set, scan->block, plane) +
                                        scan->chunk * BITS_WORDS);
}

FOR_WIDE_WORDS int64_t bits_count(const Bits *bits)
{
    int64_t count = 0;
    BITS_EACH(i) count += __builtin_popcountll(bits->words[i]);
    return count;
}

FOR_WIDE_WORDS int64_t bits_count_and(const Bits *a, const Bits *b)
{
    int64_t count = 0;
    BITS_EACH(i) count += __builtin_popcountll(a->words[i] & b->words[i]);
    return count;
}

/* Two digits at a time, so that what was found until then is read and written half as often. */
#define TWO_DIGITS(expression)                                                                     \
    BITS_EACH(w)                                                                                   \
    {                                                                                              \
        uint64_t r = ret->words[w], p = low->words[w], q = high->words[w];                         \
        ret->words[w] = (expression);                                                              \
    }

/* Whose code is at least this, digit by digit from the lowest: of equal lower digits a 1 against 0
 * decides. Nobody's unknown code is, because codes are compared with 1 or more. */
FOR_WIDE_WORDS static void planes_at_least(const Bits *const *planes, unsigned width, uint32_t code,
                                           Bits *restrict ret)
{
    unsigned i = 0;
    if (code & 1)
        *ret = *planes[i++];
    else
        bits_fill(ret, true);
    for (; i + 2 <= width; i += 2) {
        const Bits *restrict low = planes[i], *restrict high = planes[i + 1];
        switch (code >> i & 3) {
        case 0:
            TWO_DIGITS(r | p | q)
            break;
        case 1:
            TWO_DIGITS((r & p) | q)
            break;
        case 2:
            TWO_DIGITS((r | p) & q)
            break;
        default:
            TWO_DIGITS(r & p & q)
        }
    }
    if (i < width && code >> i & 1)
        bits_and(ret, planes[i]);
    else if (i < width)
        bits_or(ret, planes[i]);
}

FOR_WIDE_WORDS static void planes_equal(const Bits *const *planes, unsigned width, uint32_t code,
                                        Bits *restrict ret)
{
    *ret = *planes[0];
    if (!(code & 1))
        bits_not(ret);
    for (unsigned i = 1; i < width; i++) {
        if (code >> i & 1)
            bits_and(ret, planes[i]);
        else
            bits_and_not(ret, planes[i]);
    }
}

typedef struct Digits {
    const Bits *planes[WIDTH_AT_MOST];
    unsigned width;
    uint32_t top;
} Digits;

static void digits_of(const Scan *scan, size_t column, Digits *ret)
{
    const PlaneColumn *of = &scan->set->layout.columns[column];
    ret->width = of->width;
    ret->top = plane_top(of);
    for (unsigned i = 0; i < of->width; i++)
        ret->planes[i] = scan_plane(scan, of->first + i);
}

static void range_add(const Digits *digits, CodeRange range, Bits *bits)
{
    Bits in, above;
    if (range.from == range.until) {
        planes_equal(digits->planes, digits->width, range.from, &in);
    } else {
        planes_at_least(digits->planes, digits->width, range.from, &in);
        if (range.until < digits->top) {
            planes_at_least(digits->planes, digits->width, range.until + 1, &above);
            bits_and_not(&in, &above);
        }
    }
    bits_or(bits, &in);
}

const Bits *scan_known(Scan *scan, size_t column)
{
    Bits *known = &scan->known[column];
    if (scan->known_of[column] != scan->number) {
        Digits digits;
        digits_of(scan, column, &digits);
        planes_at_least(digits.planes, digits.width, 1, known);
        scan->known_of[column] = scan->number;
    }
    return known;
}

/* Who may have grown enough by now. */
static void grown_bits(Scan *scan, const PlaneTest *test, const Digits *months, Bits *ret)
{
    Digits on;
    digits_of(scan, scan->program->on_column, &on);
    bits_fill(ret, false);
    for (size_t i = 0; i < test->step_count; i++) {
        Bits enough, later;
        GrowthStep step = test->steps[i];
        planes_at_least(months->planes, months->width, step.months, &enough);
        if (step.day < on.top) {
            planes_at_least(on.planes, on.width, step.day + 1, &later);
            bits_and_not(&enough, &later);
        }
        bits_or(ret, &enough);
    }
    bits_and(ret, scan_known(scan, scan->program->on_column));
}

static void test_run(Scan *scan, const PlaneTest *test, Truth *ret)
{
    Digits digits;
    digits_of(scan, test->column, &digits);
    bits_fill(&ret->t, false);
    for (size_t i = 0; i < test->range_count; i++)
        range_add(&digits, test->ranges[i], &ret->t);
    if (test->decided) {
        ret->n = ret->t;
        return;
    }
    bits_fill(&ret->n, true);
    bits_and_not(&ret->n, scan_known(scan, test->column));
    for (size_t i = 0; i < test->review_count; i++)
        range_add(&digits, test->review[i], &ret->n);
    if (test->grows) {
        Bits grown, unasked;
        grown_bits(scan, test, &digits, &grown);
        bits_or(test->grown_is_true ? &ret->t : &ret->n, &grown);
        bits_fill(&unasked, true);
        bits_and_not(&unasked, scan_known(scan, scan->program->on_column));
        bits_or(&ret->n, &unasked);
    }
    bits_or(&ret->n, &ret->t);
}

const Truth *scan_test(Scan *scan, size_t test)
{
    if (scan->result_of[test] != scan->number) {
        test_run(scan, &scan->program->tests[test], &scan->results[test]);
        scan->result_of[test] = scan->number;
    }
    return &scan->results[test];
}

FOR_WIDE_WORDS static void truth_join(Truth *restrict a, const Truth *restrict b, bool all)
{
    if (all)
        truth_and(a, b);
    else
        truth_or(a, b);
}

void scan_node(Scan *scan, const PlaneNode *node, Truth *ret)
{
    if (node->kind == NODE_TEST) {
        *ret = *scan_test(scan, node->test);
        return;
    }
    if (node->kind == NODE_TERM) {
        plane_term_read(scan, node->where, ret);
        return;
    }
    if (node->kind == NODE_NOT) {
        scan_node(scan, node->items, ret);
        truth_not(ret);
        return;
    }
    truth_fill(ret, node->kind == NODE_ALL);
    for (size_t i = 0; i < node->item_count; i++) {
        const PlaneNode *item = &node->items[i];
        if (item->kind == NODE_TEST) {
            truth_join(ret, scan_test(scan, item->test), node->kind == NODE_ALL);
            continue;
        }
        Truth truth;
        scan_node(scan, item, &truth);
        truth_join(ret, &truth, node->kind == NODE_ALL);
    }
}
