/* tests/outreach/fill.h: people and campaigns for the tests of this room, brought in as the program
 * brings them in.
 * Shape:  fill_person gives the facts of a technician who is likely eligible; change what the test
 *         is about.
 * Owns:   texts live in the home's arena. */
#ifndef TESTS_OUTREACH_FILL_H
#define TESTS_OUTREACH_FILL_H

#include "outreach/draft.h"
#include "people/answer.h"
#include "support/home.h"

#include <inttypes.h>

static inline void fill_number(Facts *facts, FactId fact, int64_t number)
{
    facts->values[fact] = (FactValue){.known = true, .number = number};
}

static inline void fill_text(Facts *facts, FactId fact, const char *text)
{
    facts->values[fact] = (FactValue){.known = true, .text = text};
}

/* A technician from elsewhere who works in 长安镇; number n makes the name and the phone. */
static inline Facts fill_person(Arena *arena, int n)
{
    Facts facts = {.pension_on = DATE_NONE};
    fill_text(&facts, FACT_NAME, arena_printf(arena, "林%d", n));
    fill_text(&facts, FACT_ID_NUMBER, arena_printf(arena, "4405241975%08d", n));
    fill_number(&facts, FACT_SEX, 1);
    fill_number(&facts, FACT_BIRTH_DATE, date_of(1975, 5, 5));
    fill_number(&facts, FACT_IN_CITY_HUKOU, 0);
    fill_number(&facts, FACT_SKILL_LEVEL, 2);
    fill_number(&facts, FACT_CERTIFICATE_TYPE, 1);
    fill_number(&facts, FACT_EMPLOYER_TOWN, 441900119);
    fill_text(&facts, FACT_PHONE, arena_printf(arena, "138%08d", n));
    return facts;
}

typedef struct FillTake {
    TestHome *home;
    const Facts *people;
    size_t count;
    int64_t *persons;
} FillTake;

static inline ErrCode fill_body(Db *db, void *state, Err *err)
{
    FillTake *take = state;
    Arena *arena = take->home->context.arena;
    Answer *answers = arena_array(arena, Answer, take->count);
    for (size_t at = 0; at < take->count; at++)
        answers[at] = (Answer){.sheet = 1, .line = (unsigned)at + 1, .facts = take->people[at]};
    AnswerBatch batch = {.batch = 1,
                         .surveyed_on = date_of(2012, 9, 1),
                         .credibility = 5,
                         .answers = answers,
                         .count = take->count};
    AnswerCounts counts;
    TRY(answers_lock(db, err));
    return answers_take(db, take->home->context.sealer, &batch, &counts, take->persons, err);
}

/* Empties the base and fills it with these people; gives their numbers in order. */
static inline int64_t *fill_people(TestHome *home, const Facts *people, size_t count)
{
    Err err = {0};
    test_reset(home);
    test_sql(home, "INSERT INTO batch (id, file, sha256, form, source, credibility, surveyed_on, "
                   "encoding, line_count, accepted, "
                   "quarantined, people_new, people_changed, people_unchanged, report, "
                   "imported_by, imported_at, elapsed_ms) "
                   "VALUES (1, 'a.xlsx', REPEAT('a', 64), 'enterprise', 's', 5, '2012-09-01', "
                   "'UTF-8', 1, 1, 0, 1, 0, 0, '{}', "
                   "'tester', UTC_TIMESTAMP(3), 1)");
    FillTake take = {.home = home, .people = people, .count = count};
    take.persons = arena_array(home->context.arena, int64_t, count);
    assert_ok(db_transact(home->context.db, fill_body, &take, &err), &err);
    return take.persons;
}

/* A draft of everyone likely or eligible with a template of two placeholders; change what the test
 * is about. */
static inline Draft fill_draft(TestHome *home, const char *name)
{
    static const char TEXT[] =
        "---\nid: t\npolicy: dongguan-2012-140\nlanguage: zh\nsignature: 东莞人社\nclass: notice\n"
        "approved_by: a\n---\n{{name}}{{salutation}}：{{route_reason}}，{{service_centre}}\n";
    Err err = {0};
    Context *context = &home->context;
    Template *template = arena_alloc(context->arena, sizeof *template);
    Draft draft = {.name = name, .user = "tester", .sealer = context->sealer, .quiet = true};
    assert_ok(template_parse(context->arena, "t.txt", TEXT, sizeof TEXT - 1, template, &err), &err);
    draft.request.template = template;
    assert_ok(policy_load(context->arena, template->policy, &draft.request.policy, &err), &err);
    draft.request.verdicts[VERDICT_ELIGIBLE] = draft.request.verdicts[VERDICT_LIKELY] = true;
    draft.request.as_of = context->as_of;
    draft.request.cap_messages = 1;
    draft.request.cap_days = 30;
    return draft;
}

/* The result of a verb, run in this process with options by name; positionals under their own. */
static inline json_t *fill_run(TestHome *home, const Command *command, json_t *options)
{
    Err err = {0};
    Arguments *arguments = NULL;
    json_t *result = NULL;
    assert_ok(command_arguments(home->context.arena, command, options, &arguments, &err), &err);
    assert_ok(command->run(&home->context, arguments, &result, &err), &err);
    json_decref(options);
    return result;
}

#endif
