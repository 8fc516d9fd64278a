/* tests/policy/findings.h: what is found in a small policy, in a word each.
 * Owns:   what is made lives in the arena of the test. */
#ifndef TESTS_POLICY_FINDINGS_H
#define TESTS_POLICY_FINDINGS_H

#include "policy/inspect.h"

#include "small.h"

static Arena *arena;

static inline int setup(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static inline json_t *inspect(const char *json)
{
    Err err = {0};
    const Policy *policy = NULL;
    json_t *findings = NULL;
    assert_ok(small_read(arena, json, &policy, &err), &err);
    assert_ok(policy_inspect(arena, policy, &findings, &err), &err);
    return findings;
}

/* "never_holds c1; unmet r": what was found, but for the lack of cases, which every small policy
 * has. */
static inline const char *found(const char *json)
{
    json_t *findings = inspect(json);
    const char *list = "";
    size_t index;
    const json_t *finding;
    json_array_foreach(findings, index, finding)
    {
        const char *what = json_string_value(json_object_get(finding, "what"));
        const char *from = json_string_value(json_object_get(finding, "from"));
        if (strcmp(what, "no_cases") == 0)
            continue;
        list = arena_printf(arena, "%s%s%s %s%s%s", list, list[0] ? "; " : "", what,
                            json_string_value(json_object_get(finding, "name")), from ? " " : "",
                            from ? from : "");
    }
    json_decref(findings);
    return list;
}

#define COND(clause, rest) "{\"clause\": \"" clause "\", \"text\": \"t\", \"en\": \"e\", " rest "}"

#define DATED(first, second)                                                                       \
    "\"parameters\": {\"low\": {\"value\": 20, \"min\": 0, \"max\": 99, \"since\": "               \
    "\"2012-01-01\", \"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}, "                              \
    "\"high\": {\"value\": [{\"from\": \"2012-01-01\", \"value\": " first                          \
    "}, {\"from\": \"2015-03-01\", \"value\": " second                                             \
    "}], \"min\": 0, \"max\": 99, \"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}},"

#define BETWEEN                                                                                    \
    "\"all\": [" COND("a", "\"fact\": \"birth_date\", \"age_at_least\": \"$low\"") ", " COND(      \
        "b", "\"fact\": \"birth_date\", \"age_at_most\": \"$high\"") "]"

#endif
