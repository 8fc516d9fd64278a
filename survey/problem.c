#include "survey/problem.h"

#include "base/text.h"

#include <ctype.h>

#define QUARANTINE SEVERITY_QUARANTINE
#define NOTE SEVERITY_NOTE
static const struct {
    const char *name;
    Severity severity;
    const char *sentence;
} PROBLEMS[PROBLEM_COUNT] = {
#define PROBLEM(name, code, severity, sentence) {code, severity, sentence},
#include "survey/problems.def"
#undef PROBLEM
};
#undef QUARANTINE
#undef NOTE

static const struct {
    const char *example, *remedy;
} REMEDIES[PROBLEM_COUNT] = {
#define REMEDY(name, example, remedy) [PROBLEM_##name] = {example, remedy},
#include "survey/remedies.def"
#undef REMEDY
};

static const struct {
    const char *name, *sentence, *example;
} NORMALISED_KINDS[NORMALISED_COUNT] = {
#define NORMALISED(name, kind, sentence, example) {kind, sentence, example},
#include "survey/normalised.def"
#undef NORMALISED
};

const char *problem_name(ProblemCode code)
{
    return PROBLEMS[code].name;
}

Severity problem_severity(ProblemCode code)
{
    return PROBLEMS[code].severity;
}

const char *problem_sentence(ProblemCode code)
{
    return _(PROBLEMS[code].sentence);
}

ProblemCode problem_find(const char *name)
{
    for (ProblemCode code = 0; code < PROBLEM_COUNT; code++)
        if (strcmp(PROBLEMS[code].name, name) == 0)
            return code;
    return PROBLEM_COUNT;
}

const char *problem_example(ProblemCode code)
{
    return REMEDIES[code].example;
}

const char *problem_remedy(ProblemCode code)
{
    const char *remedy = REMEDIES[code].remedy;
    return remedy ? _(remedy) : NULL;
}

const char *normalised_name(Normalised kind)
{
    return NORMALISED_KINDS[kind].name;
}

const char *normalised_sentence(Normalised kind)
{
    return _(NORMALISED_KINDS[kind].sentence);
}

const char *normalised_example(Normalised kind)
{
    return NORMALISED_KINDS[kind].example;
}

enum { SECRET_DIGITS = 11, SHOWN_DIGITS = 4 };

static void mask_run(char *digits, size_t length)
{
    for (size_t i = 0; length >= SECRET_DIGITS && i < length - SHOWN_DIGITS; i++)
        digits[i] = '*';
}

const char *problem_value_shown(Arena *arena, Target target, const char *value)
{
    bool fact = target >= 0 && target < FACT_COUNT;
    if (*value && fact && fact_info((FactId)target)->sight == SIGHT_SECRET)
        return text_mask(arena, value);
    if (target == FACT_CERTIFICATE_NO)
        return value;
    char *shown = text_fold_width(arena, value);
    for (char *at = shown; *at;) {
        size_t run = strspn(at, "0123456789");
        mask_run(at, run);
        at += run > 0 ? run : 1;
    }
    return shown;
}
