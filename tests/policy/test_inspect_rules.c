/* Clauses and routes that decide nothing, that nobody can meet, or that cannot be tried. */
#include "findings.h"

/* A route, and what is found of it. */
static const struct {
    const char *group, *found;
} MISTAKES[] = {
    {"\"all\": [" COND("a", "\"fact\": \"skill_level\", \"in\": [2, 3]") "]", ""},
    /* two conditions that no person meets together */
    {"\"all\": [" COND("a", "\"fact\": \"skill_level\", \"in\": [2]") ", " COND(
         "b", "\"fact\": \"skill_level\", \"in\": [3]") "]",
     "unmet r"},
    {"\"all\": [" COND("a", "\"fact\": \"birth_date\", \"age_at_least\": 50") ", " COND(
         "b", "\"fact\": \"birth_date\", \"age_below\": 50") "]",
     "unmet r"},
    {"\"all\": [" COND("a", "\"fact\": \"birth_date\", \"age_at_least\": 50") ", " COND(
         "b", "\"fact\": \"birth_date\", \"age_at_most\": 50") "]",
     ""},
    /* one that follows from the other */
    {"\"all\": [" COND("a", "\"fact\": \"skill_level\", \"in\": [2]") ", " COND(
         "b", "\"fact\": \"skill_level\", \"at_most\": 3") "]",
     "decides_nothing b"},
    {"\"any\": [" COND("a", "\"fact\": \"pension_months\", \"at_least\": 12") ", " COND(
         "b", "\"fact\": \"pension_months\", \"at_least\": 24") "]",
     "decides_nothing b"},
    {"\"all\": [" COND("a", "\"fact\": \"pension_months\", \"grown_to\": 12") ", " COND(
         "b", "\"fact\": \"pension_months\", \"grown_to\": 24") "]",
     "decides_nothing a"},
    {"\"all\": [" COND("a", "\"fact\": \"birth_date\", \"age_at_most\": 45") ", {\"not\": " COND(
         "b", "\"fact\""
              ": "
              "\"birth_"
              "date\", "
              "\"age_"
              "at_"
              "least\":"
              " 60") "}"
                     "]",
     "decides_nothing b"},
    {"\"all\": [" COND("a", "\"fact\": \"occupation\", \"in\": [\"电工\"]") ", " COND(
         "b", "\"fact\": \"occupation\", \"in\": [\"电工\", \"焊工\"]") "]",
     "decides_nothing b"},
    {"\"all\": [" COND("a", "\"fact\": \"graduation_date\", \"within\": \"same_year\"") ", " COND(
         "b", "\"fact"
              "\": "
              "\"gradu"
              "ation_"
              "date\","
              " \"with"
              "in\": "
              "\"two_"
              "years"
              "\"") "]",
     "decides_nothing b"},
    {"\"all\": [" COND("a", "\"fact\": \"certificate_date\", \"months_since\": 12") ", " COND(
         "b", "\"fact\": "
              "\"certifica"
              "te_date\", "
              "\"at_"
              "most\": "
              "\"1990-01-"
              "01\"") "]",
     "decides_nothing a"},
    /* alone */
    {"\"any\": [" COND("a", "\"fact\": \"pension_months\", \"at_least\": 0") ", " COND(
         "b", "\"fact\": \"skill_level\", \"in\": [1]") "]",
     "always_holds a"},
    /* what staff decide neither holds nor fails */
    {"\"all\": [" COND("a", "\"fact\": \"certificate_type\", \"in\": [], \"review\": [1, 2]") "]",
     "unmet r"},
};

static void clauses_and_routes_that_are_wrong_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof MISTAKES / sizeof *MISTAKES; i++) {
        const char *json = small_json(arena, "", MISTAKES[i].group);
        if (strcmp(found(json), MISTAKES[i].found) != 0)
            fail_msg("%s\nfound '%s', not '%s'", MISTAKES[i].group, found(json), MISTAKES[i].found);
    }
}

static void a_clause_that_its_parameter_forbids_is_found(void **state)
{
    (void)state;
    const char *json = small_json(
        arena,
        "\"parameters\": {\"p\": {\"value\": 0, \"min\": 0, \"max\": 9, \"since\": \"2012-01-01\", "
        "\"zh\": \"z\", \"en\": \"e\", \"why\": \"w\"}},",
        "\"any\": [" COND("a", "\"fact\": \"skill_level\", \"at_most\": \"$p\"") ", " COND(
            "b", "\"fact\": \"skill_level\", \"in\": [1]") "]");
    assert_string_equal(found(json), "never_holds a");
}

static void a_route_that_the_gate_forbids_is_found(void **state)
{
    (void)state;
    const char *json =
        small_json(arena,
                   "\"gate\": {\"clause\": \"G\", \"text\": \"t\", \"en\": \"e\", \"all\": [" COND(
                       "g", "\"fact\": \"in_city_hukou\", \"is\": false") "]},",
                   "\"all\": [" COND("a", "\"fact\": \"in_city_hukou\", \"is\": true") "]");
    assert_string_equal(found(json), "unmet r");
    json =
        small_json(arena,
                   "\"gate\": {\"clause\": \"G\", \"text\": \"t\", \"en\": \"e\", \"all\": [" COND(
                       "g", "\"fact\": \"in_city_hukou\", \"is\": false") "]},",
                   "\"all\": [" COND("a", "\"fact\": \"in_city_hukou\", \"is\": false") ", " COND(
                       "b", "\"fact\": \"skill_level\", \"in\": [1]") "]");
    assert_string_equal(found(json), "decides_nothing a");
}

static void parameters_that_contradict_each_other_are_found_with_their_day(void **state)
{
    (void)state;
    assert_string_equal(found(small_json(arena, DATED("45", "50"), BETWEEN)), "");
    assert_string_equal(found(small_json(arena, DATED("45", "18"), BETWEEN)), "unmet r 2015-03-01");
    assert_string_equal(found(small_json(arena, DATED("45", "45"), BETWEEN)), "no_change high");
}

/* Nine conditions on each of seven facts, which can stand in more than ten million ways. */
static const char *many_conditions(void)
{
    enum { EACH = 9 };
    static const struct {
        const char *fact, *op;
        Vocabulary vocabulary;
    } FACTS[] = {{"birth_date", "age_at_least", VOCABULARY_NONE},
                 {"pension_months", "at_least", VOCABULARY_NONE},
                 {"certificate_date", "months_since", VOCABULARY_NONE},
                 {"graduation_date", "months_since", VOCABULARY_NONE},
                 {"school_province", "in", VOCABULARY_PROVINCE},
                 {"employer_town", "in", VOCABULARY_TOWN},
                 {"home_town", "in", VOCABULARY_TOWN}};
    const char *list = "";
    for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++) {
        for (size_t k = 1; k <= EACH; k++) {
            int64_t bound = FACTS[i].vocabulary ? word_code_at(FACTS[i].vocabulary, k) : (int)k;
            list = arena_printf(arena,
                                "%s%s{\"clause\": \"%zu-%zu\", \"text\": \"t\", \"en\": \"e\", "
                                "\"fact\": \"%s\", \"%s\": %d}",
                                list, list[0] ? ", " : "", i, k, FACTS[i].fact, FACTS[i].op,
                                (int)bound);
        }
    }
    return list;
}

static void rules_with_too_many_cases_say_so(void **state)
{
    (void)state;
    const char *list = many_conditions();
    assert_string_equal(found(small_json(arena, "", arena_printf(arena, "\"any\": [%s]", list))),
                        "untried r");
    const char *gate = arena_printf(
        arena, "\"gate\": {\"clause\": \"G\", \"text\": \"t\", \"en\": \"e\", \"any\": [%s]},",
        list);
    assert_string_equal(found(small_json(arena, gate,
                                         "\"all\": [" COND("a", "\"fact\": \"skill_level\", "
                                                                "\"in\": [1]") "]")),
                        "untried gate; untried r");
}

/* Two clauses with one fault, and one clause with it in two eras: each is told once. */
static void each_mistake_is_told_once(void **state)
{
    (void)state;
    const char *json = small_json(
        arena, DATED("45", "50"),
        "\"any\": [" COND("a", "\"fact\": \"pension_months\", \"at_least\": 0") ", " COND(
            "b",
            "\"fact\": \"skill_level\", \"at_least\": 1") ", " COND("c",
                                                                    "\"fact\": \"birth_date\", "
                                                                    "\"age_at_least\": "
                                                                    "\"$low\"") ", " COND("d",
                                                                                          "\"fa"
                                                                                          "ct\""
                                                                                          ": "
                                                                                          "\"bi"
                                                                                          "rth_"
                                                                                          "date"
                                                                                          "\", "
                                                                                          "\"ag"
                                                                                          "e_"
                                                                                          "at_"
                                                                                          "most"
                                                                                          "\": "
                                                                                          "\"$"
                                                                                          "high"
                                                                                          "\"") "]");
    assert_string_equal(found(json), "always_holds a; always_holds b");
}

/* In force only before or after the days that can be tried; and for a short time. */
static void policies_of_any_time_are_looked_at(void **state)
{
    (void)state;
    static const struct {
        const char *effective, *found;
    } TABLE[] = {{"\"from\": \"1850-01-01\"", "unmet r"},
                 {"\"from\": \"9500-01-01\"", ""},
                 {"\"from\": \"2012-01-01\", \"until\": \"2012-02-01\"", "unmet r"},
                 {"\"from\": \"2012-01-01\", \"until\": \"2050-02-01\"", "unmet r"}};
    const char *json = small_json(
        arena, "",
        "\"all\": [" COND("a", "\"fact\": \"birth_date\", \"age_at_least\": 50") ", " COND(
            "b", "\"fact\": \"birth_date\", \"age_below\": 50") "]");
    const char *from = "\"from\": \"2012-01-01\"", *place = strstr(json, from);
    assert_non_null(place);
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++)
        assert_string_equal(found(arena_printf(arena, "%.*s%s%s", (int)(place - json), json,
                                               TABLE[i].effective, place + strlen(from))),
                            TABLE[i].found);
}

/* Counts and days that are listed, and bounds at both ends of the calendar. */
static void values_of_any_kind_are_tried(void **state)
{
    (void)state;
    static const char *const GROUPS[] = {
        "\"all\": [" COND("a", "\"fact\": \"occupation\", \"in\": [\"电工\"]") "]",
        "\"all\": [" COND(
            "a",
            "\"fact\": \"certificate_date\", \"at_most\": "
            "\"9999-12-31\"") ", " COND("b",
                                        "\"fact\": \"certificate_date\", \"months_since\": 12") "]",
        "\"all\": [" COND("a", "\"fact\": \"certificate_date\", \"at_least\": \"0001-01-02\"") "]",
        "\"all\": [" COND("a", "\"fact\": \"pension_months\", \"in\": [24, 36]") "]",
    };
    static const char *const FOUND[] = {"", "always_holds a", "", ""};
    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++)
        assert_string_equal(found(small_json(arena, "", GROUPS[i])), FOUND[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses_and_routes_that_are_wrong_are_found),
        cmocka_unit_test(a_clause_that_its_parameter_forbids_is_found),
        cmocka_unit_test(a_route_that_the_gate_forbids_is_found),
        cmocka_unit_test(parameters_that_contradict_each_other_are_found_with_their_day),
        cmocka_unit_test(rules_with_too_many_cases_say_so),
        cmocka_unit_test(each_mistake_is_told_once),
        cmocka_unit_test(policies_of_any_time_are_looked_at),
        cmocka_unit_test(values_of_any_kind_are_tried),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
