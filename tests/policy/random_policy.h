/* tests/policy/random_policy.h: policies of any shape, around the values that a crowd has.
 * Owns:   the JSON is appended to the caller's buffer.
 * Source: tests/policy/crowd.h. */
#ifndef TESTS_POLICY_RANDOM_POLICY_H
#define TESTS_POLICY_RANDOM_POLICY_H

#include "crowd.h"

/* A condition of any kind, around the values that the crowd has. */
static inline void add_condition(Buffer *json, uint64_t *seed, int *number)
{
    static const char *const KINDS[] = {
        "\"fact\": \"family_planning_ok\", \"is\": true",
        "\"fact\": \"in_city_hukou\", \"is\": false",
        "\"fact\": \"pension_gap_known\", \"in\": [\"no\"], \"review\": [\"yes\"]",
        "\"fact\": \"certificate_type\", \"in\": [\"职业资格\"], \"review\": [\"技能等级\"]",
        "\"fact\": \"skill_level\", \"in\": [2, 3]",
        "\"fact\": \"skill_level\", \"at_most\": \"高级工\"",
        "\"fact\": \"education\", \"at_least\": 4",
        "\"fact\": \"occupation\", \"in\": [\"电工\", \"CNC操作工\"], \"review\": [\"焊工\"]",
        "\"fact\": \"employer_town\", \"in\": [\"长安镇\", \"虎门镇\", \"东城街道\"]",
        "\"fact\": \"certificate_date\", \"at_least\": \"2012-01-01\"",
        "\"fact\": \"certificate_date\", \"months_since\": 12",
        "\"fact\": \"graduation_date\", \"months_since\": 6",
        "\"fact\": \"pension_months\", \"grown_to\": 24",
        "\"fact\": \"pension_months\", \"grown_to\": 12",
        "\"fact\": \"pension_months\", \"at_least\": 6",
        "\"fact\": \"birth_date\", \"age_at_most\": 45",
        "\"fact\": \"birth_date\", \"age_below\": 40",
        "\"fact\": \"birth_date\", \"age_at_least\": 18",
        "\"fact\": \"birth_date\", \"age_at_least\": 46",
        "\"fact\": \"graduation_date\", \"within\": \"same_year\"",
        "\"fact\": \"graduation_date\", \"within\": \"next_june\"",
        "\"fact\": \"certificate_date\", \"within\": \"two_years\"",
        "\"fact\": \"school_province\", \"in\": [\"广东\"]",
    };
    buffer_printf(json, "{\"clause\": \"c%d\", \"text\": \"t\", \"en\": \"e\", %s}", ++*number,
                  KINDS[crowd_chance(seed, (int64_t)(sizeof KINDS / sizeof *KINDS))]);
}

static inline void add_rule(Buffer *json, uint64_t *seed, int *number, int depth)
{
    int64_t kind = depth >= 4 || *number > 45 ? 9 : crowd_chance(seed, 10);
    if (kind > 3) {
        add_condition(json, seed, number);
        return;
    }
    if (kind == 3) {
        buffer_text(json, "{\"not\": ");
        add_rule(json, seed, number, depth + 1);
    } else {
        buffer_printf(json, "{\"%s\": [", kind == 0 ? "all" : "any");
        for (int64_t i = 1 + crowd_chance(seed, 3); i > 0; i--) {
            add_rule(json, seed, number, depth + 1);
            buffer_text(json, i > 1 ? ", " : "]");
        }
    }
    buffer_char(json, '}');
}

static inline void add_group(Buffer *json, uint64_t *seed, int *number)
{
    buffer_printf(json, "\"%s\": [", crowd_chance(seed, 3) ? "all" : "any");
    for (int64_t i = 1 + crowd_chance(seed, 3); i > 0; i--) {
        add_rule(json, seed, number, 1);
        buffer_text(json, i > 1 ? ", " : "]");
    }
}

/* Routes and, three times in four, a gate; half of them end some day. */
static inline void random_policy(Buffer *json, uint64_t *seed)
{
    int number = 0;
    buffer_printf(json,
                  "{\"id\": \"random\", \"title\": {\"zh\": \"z\", \"en\": \"e\"}, \"source\": "
                  "{\"number\": \"n\", "
                  "\"issued_by\": \"b\", \"issued_on\": \"2012-01-01\", \"url\": \"u\"}, "
                  "\"effective\": {\"from\": "
                  "\"2012-01-01\", \"until\": %s}, ",
                  crowd_chance(seed, 2) ? "null" : "\"2013-06-15\"");
    if (crowd_chance(seed, 4)) {
        buffer_text(json, "\"gate\": {\"clause\": \"g\", \"text\": \"t\", \"en\": \"e\", ");
        add_group(json, seed, &number);
        buffer_text(json, "}, ");
    }
    buffer_text(json, "\"routes\": [");
    for (int64_t i = 1 + crowd_chance(seed, 3); i > 0; i--) {
        buffer_printf(json,
                      "{\"id\": \"r%d\", \"clause\": \"r%d\", \"text\": \"t\", \"en\": \"e\", "
                      "\"reason\": \"r\", ",
                      (int)i, (int)i);
        add_group(json, seed, &number);
        buffer_text(json, i > 1 ? "}, " : "}]}");
    }
}

#endif
