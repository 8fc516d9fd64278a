#include "base/text.h"
#include "policy/keys.h"
#include "policy/rule.h"

#include <assert.h>

static const struct VerdictWord {
    const char *name, *label;
} VERDICTS[] = {
    [VERDICT_ELIGIBLE] = {"eligible", N_("eligible")},
    [VERDICT_LIKELY] = {"likely", N_("likely eligible")},
    [VERDICT_POSSIBLE] = {"possible", N_("possibly eligible")},
    [VERDICT_LATER] = {"later", N_("eligible later")},
    [VERDICT_INELIGIBLE] = {"ineligible", N_("not eligible")},
};

const char *verdict_name(Verdict verdict)
{
    return VERDICTS[verdict].name;
}

const char *verdict_label(Verdict verdict)
{
    return _(VERDICTS[verdict].label);
}

const char *verdict_label_of(const char *name)
{
    Verdict verdict = VERDICT_INELIGIBLE;
    (void)verdict_find(name, &verdict);
    return verdict_label(verdict);
}

bool verdict_find(const char *name, Verdict *ret)
{
    for (int verdict = VERDICT_ELIGIBLE; verdict <= VERDICT_COUNT; verdict++) {
        if (text_equal(name, VERDICTS[verdict].name)) {
            *ret = (Verdict)verdict;
            return true;
        }
    }
    return false;
}

const char *certainty_name(Certainty certainty)
{
    return CERTAINTIES[certainty];
}

const char *certainty_label(Certainty certainty)
{
    static const char *const LABELS[] = {
        [CERTAINTY_OFFICIAL] = N_("read in an official text"),
        [CERTAINTY_COPY] = N_("seen only in a third party's copy"),
        [CERTAINTY_EXCERPT] = N_("seen only in parts or in a summary"),
        [CERTAINTY_ASSUMED] = N_("made up, to ask what would be"),
    };
    return _(LABELS[certainty]);
}

const char *policy_id(const Policy *policy)
{
    return policy->id;
}

const char *policy_title(const Policy *policy)
{
    return lang_now() == LANG_ZH ? policy->title_zh : policy->title_en;
}

const char *policy_sha256(const Policy *policy)
{
    return policy->sha256;
}

size_t policy_route_count(const Policy *policy)
{
    return policy->route_count;
}

const char *policy_route_id(const Policy *policy, size_t route)
{
    assert(route < policy->route_count);
    return policy->routes[route].id;
}

const char *policy_route_text(const Policy *policy, size_t route)
{
    assert(route < policy->route_count);
    return policy->routes[route].text;
}

const char *policy_route_reason(const Policy *policy, size_t route)
{
    assert(route < policy->route_count);
    return policy->routes[route].reason;
}
