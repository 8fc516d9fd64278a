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
        "\"fact\": \"certificate_type\", \"in\": [], \"review\": [\"职业资格\"]",
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

static inline void add_use(Buffer *json, uint64_t *seed);

/* As add_group, with what reads the parameters in it. */
static inline void add_dated_group(Buffer *json, uint64_t *seed, int *number)
{
    buffer_printf(json, "\"%s\": [", crowd_chance(seed, 3) ? "all" : "any");
    add_use(json, seed);
    add_rule(json, seed, number, 1);
    buffer_text(json, "]");
}

/* One to four values, each from a day on: month ends, leap days and others around the crowd's. */
static inline void add_dated(Buffer *json, uint64_t *seed, const char *const *values, int64_t count)
{
    Date day = date_of(2011, 6, 1) + (Date)crowd_chance(seed, 600);
    buffer_text(json, "\"value\": [");
    for (int64_t i = 0, times = 1 + crowd_chance(seed, 4); i < times; i++) {
        char text[11];
        const Civil civil = date_civil(day);
        if (crowd_chance(seed, 3) == 0) /* the last day of the month */
            day = date_add_months(date_of(civil.year, civil.month, 1), 1) - 1;
        buffer_printf(json, "%s{\"from\": \"%s\", \"value\": %s}", i ? ", " : "",
                      date_format(day, text), values[crowd_chance(seed, count)]);
        day += 32 + (Date)crowd_chance(seed, 300);
    }
    buffer_text(json, "], \"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"");
}

/* Parameters that change in time, each read by a condition of random_use. */
static inline void add_parameters(Buffer *json, uint64_t *seed)
{
    static const char *const AGES[] = {"18", "40", "44", "45", "46", "50"};
    static const char *const MONTHS[] = {"0", "6", "12", "24", "36"};
    static const char *const WINDOWS[] = {"\"same_year\"", "\"next_june\"", "\"two_years\""};
    static const char *const FLAGS[] = {"true", "false"};
    buffer_text(json, "\"parameters\": {\"age\": {\"min\": 16, \"max\": 120, ");
    add_dated(json, seed, AGES, 6);
    buffer_text(json, "}, \"months\": {\"min\": 0, \"max\": 600, ");
    add_dated(json, seed, MONTHS, 5);
    buffer_text(json, "}, \"window\": {\"choices\": [\"same_year\", \"next_june\", "
                      "\"two_years\"], ");
    add_dated(json, seed, WINDOWS, 3);
    buffer_text(json, "}, \"year\": {");
    add_dated(json, seed, FLAGS, 2);
    buffer_text(json, "}}, ");
}

/* A group that reads all of them; what it asks is in force while the window has a certain word. */
static inline void add_use(Buffer *json, uint64_t *seed)
{
    buffer_printf(json,
                  "{\"%s\": [{\"clause\": \"u1\", \"text\": \"t\", \"en\": \"e\", "
                  "\"fact\": \"birth_date\", \"age_at_most\": \"$age\", "
                  "\"includes_year\": \"$year\"}, "
                  "{\"clause\": \"u2\", \"text\": \"t\", \"en\": \"e\", "
                  "\"fact\": \"pension_months\", \"grown_to\": \"$months\"}, "
                  "{\"clause\": \"u3\", \"text\": \"t\", \"en\": \"e\", "
                  "\"fact\": \"graduation_date\", \"within\": \"$window\"}, "
                  "{\"clause\": \"u4\", \"text\": \"t\", \"en\": \"e\", "
                  "\"when\": {\"parameter\": \"window\", \"is\": \"two_years\"}, "
                  "\"fact\": \"skill_level\", \"at_most\": 2}]}, ",
                  crowd_chance(seed, 2) ? "any" : "all");
}

/* Routes and, three times in four, a gate; half of them end some day, and in half of them
 * parameters change. */
static inline void random_policy(Buffer *json, uint64_t *seed)
{
    int number = 0;
    bool dated = crowd_chance(seed, 2) == 0;
    buffer_printf(json,
                  "{\"id\": \"random\", \"title\": {\"zh\": \"z\", \"en\": \"e\"}, \"source\": "
                  "{\"number\": \"n\", "
                  "\"issued_by\": \"b\", \"issued_on\": \"2012-01-01\", \"url\": \"u\"}, "
                  "\"effective\": {\"from\": "
                  "\"2012-01-01\", \"until\": %s}, ",
                  crowd_chance(seed, 2) ? "null" : "\"2013-06-15\"");
    if (dated)
        add_parameters(json, seed);
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
        if (dated)
            add_dated_group(json, seed, &number);
        else
            add_group(json, seed, &number);
        dated = false;
        buffer_text(json, i > 1 ? "}, " : "}]}");
    }
}

#endif
