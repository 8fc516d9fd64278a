#include "people/operator.h"

#include "base/lang.h"
#include "base/text.h"

#include <assert.h>
#include <stddef.h>

static const struct {
    const char *word, *label;
} OPERATORS[OPERATOR_COUNT] = {
#define OPERATOR(name, word, label) [OPERATOR_##name] = {word, label},
#include "people/operators.def"
#undef OPERATOR
};

static const struct {
    const char *digits;
    Operator operator;
} PREFIXES[] = {
#define OPERATED(digits, name) {digits, OPERATOR_##name},
#include "people/operators.def"
#undef OPERATED
};

Operator operator_find(const char *digits)
{
    for (size_t at = 0; digits && at < sizeof PREFIXES / sizeof PREFIXES[0]; at++) {
        if (text_starts(digits, PREFIXES[at].digits))
            return PREFIXES[at].operator;
    }
    return OPERATOR_UNKNOWN;
}

const char *operator_word(Operator operator)
{
    assert(operator<OPERATOR_COUNT);
    return OPERATORS[operator].word;
}

const char *operator_label(Operator operator)
{
    assert(operator<OPERATOR_COUNT);
    return _(OPERATORS[operator].label);
}
