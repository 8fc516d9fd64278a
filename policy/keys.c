#include "policy/keys.h"

#include <stddef.h>

const char *const POLICY_KEYS[] = {"$schema",   "id",         "title", "source",
                                   "effective", "parameters", "gate",  "routes",
                                   "notes",     "proofs",     NULL};
const char *const TITLE_KEYS[] = {"zh", "en", NULL};
const char *const SOURCE_KEYS[] = {"number",    "issued_by", "issued_on", "url",
                                   "certainty", "caution",   NULL};
const char *const CERTAINTIES[] = {"official", "copy", "excerpt", "assumed", NULL};
const char *const EFFECTIVE_KEYS[] = {"from", "until", NULL};
const char *const PARAMETER_KEYS[] = {"value", "min", "max", "choices", "since",
                                      "zh",    "en",  "why", NULL};
const char *const DATED_KEYS[] = {"from", "value", "why", NULL};
const char *const GATE_KEYS[] = {"clause", "text", "en", "all", "any", "not", NULL};
const char *const ROUTE_KEYS[] = {"id",  "clause", "text", "en", "reason",
                                  "all", "any",    "not",  NULL};
const char *const GROUP_KEYS[] = {"all", "any", "not", NULL};
const char *const CONDITION_KEYS[] = {
    "clause",       "text",         "en",          "when",      "fact",
    "is",           "in",           "review",      "at_least",  "at_most",
    "grown_to",     "age_at_least", "age_at_most", "age_below", "includes_year",
    "months_since", "within",       NULL};
const char *const WHEN_KEYS[] = {"parameter", "is", NULL};
const char *const WINDOW_WORDS[] = {"same_year", "next_june", "two_years", NULL};
const char *const NOTE_KEYS[] = {"clause", "text", "en", NULL};
const char *const PROOF_KEYS[] = {"zh", "en", NULL};
