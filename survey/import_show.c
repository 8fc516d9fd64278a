/* An import as a person reads it: a line for each file, then what was done to cells that were not
 * taken letter by letter, and what is noted, over all files. */
#include "survey/problem.h"
#include "survey/verbs.h"

#include "base/lang.h"
#include "base/render.h"

/* "  1,204 × another spelling of a date", when it was met at all. */
static void show_count(Arena *arena, int64_t count, const char *words, const char *name)
{
    if (count > 0)
        printf("%9s × %s (%s)\n", render_number(arena, count), words, name);
}

static int64_t normalised_of(const json_t *results, const char *kind)
{
    int64_t count = 0;
    size_t i;
    const json_t *result;
    json_array_foreach(results, i, result) count +=
        json_integer_value(json_object_get(json_object_get(result, "normalised"), kind));
    return count;
}

static int64_t noted_of(const json_t *results, const char *code)
{
    int64_t count = 0;
    size_t i, j;
    const json_t *result, *note;
    json_array_foreach(results, i, result) json_array_foreach(
        json_object_get(result, "notes"), j,
        note) if (strcmp(json_string_value(json_object_get(note, "code")), code) == 0) count +=
        json_integer_value(json_object_get(note, "count"));
    return count;
}

void import_show(const Context *context, const json_t *results)
{
    Arena *arena = context->arena;
    int64_t normalised = 0, noted = 0;
    render_result(&SURVEY_IMPORT, results);
    if (context->quiet)
        return;
    for (Normalised kind = 0; kind < NORMALISED_COUNT; kind++)
        normalised += normalised_of(results, normalised_name(kind));
    for (ProblemCode code = 0; code < PROBLEM_COUNT; code++)
        noted += noted_of(results, problem_name(code));
    if (normalised > 0)
        printf("\n%s\n", _("cells that were normalised (what was written is kept beside):"));
    for (Normalised kind = 0; kind < NORMALISED_COUNT; kind++)
        show_count(arena, normalised_of(results, normalised_name(kind)), normalised_sentence(kind),
                   normalised_name(kind));
    if (noted > 0)
        printf("\n%s\n", _("noted in rows that were taken ('talent survey codes' says more):"));
    for (ProblemCode code = 0; code < PROBLEM_COUNT; code++)
        show_count(arena, noted_of(results, problem_name(code)), problem_sentence(code),
                   problem_name(code));
}
