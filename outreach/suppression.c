#include "outreach/suppression.h"

#include "base/lang.h"

#include <assert.h>

static const struct {
    const char *word, *label;
} REASONS[SUPPRESSION_COUNT] = {
#define SUPPRESSION(name, word, label) [SUPPRESSION_##name] = {word, label},
#include "outreach/suppressions.def"
#undef SUPPRESSION
};

const char *suppression_word(Suppression reason)
{
    assert(reason >= 0 && reason < SUPPRESSION_COUNT);
    return REASONS[reason].word;
}

const char *suppression_label(Suppression reason)
{
    assert(reason >= 0 && reason < SUPPRESSION_COUNT);
    return _(REASONS[reason].label);
}
