/* tests/policy/small.h: a policy of one route around the JSON of a condition.
 * Owns:   what is made lives in the arena. */
#ifndef TESTS_POLICY_SMALL_H
#define TESTS_POLICY_SMALL_H

#include "policy/parse.h"
#include "support/home.h"

/* The frame of a policy file with these members of the file (its parameters and gate, each with a
 * comma after it) and this group ("\"all\": […]") as its route. */
static inline const char *small_json(Arena *arena, const char *members, const char *group)
{
    return arena_printf(arena,
                        "{\"id\": \"small\", \"title\": {\"zh\": \"小\", \"en\": \"small\"}, "
                        "\"source\": {\"number\": "
                        "\"n\", \"issued_by\": \"b\", \"issued_on\": \"2012-01-01\", \"url\": "
                        "\"u\"}, \"effective\": "
                        "{\"from\": \"2012-01-01\"}, %s \"routes\": [{\"id\": \"r\", \"clause\": "
                        "\"R\", \"text\": \"t\", "
                        "\"en\": \"e\", \"reason\": \"r\", %s}]}",
                        members, group);
}

static inline ErrCode small_read(Arena *arena, const char *json, const Policy **ret_policy,
                                 Err *err)
{
    const PolicyFile file = {.name = "small.json", .bytes = json, .length = strlen(json)};
    return policy_read(arena, file, NULL, 0, ret_policy, err);
}

/* A policy whose one condition has these members: "\"fact\": \"skill_level\", \"in\": [3]". */
static inline const Policy *small_policy(Arena *arena, const char *condition)
{
    Err err = {0};
    const Policy *policy = NULL;
    const char *group = arena_printf(
        arena, "\"all\": [{\"clause\": \"c\", \"text\": \"t\", \"en\": \"e\", %s}]", condition);
    assert_ok(small_read(arena, small_json(arena, "", group), &policy, &err), &err);
    return policy;
}

#endif
