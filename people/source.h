/* people/source.h: who said what is known of a person: the answers, and where each stands.
 * Shape:  a Source is one answer with its questionnaire line; Sources are all of a person, those
 *         that the fold believes first.
 * Owns:   everything lives in the arena given.
 * Errors: ERR_DB….
 * Source: sql/queries/people/answer.sql; DESIGN "Person = fold(answers)". */
#ifndef PEOPLE_SOURCE_H
#define PEOPLE_SOURCE_H

#include "people/record.h"

typedef struct Source {
    Record record; /* first: a Record of a Fold leads back to its Source */
    int64_t batch;
    const char *file, *source;
    unsigned sheet, line;
} Source;

typedef struct Sources {
    const Source *items;
    const Record **records; /* of the items, as fold_answers takes them */
    size_t count;
} Sources;

ErrCode sources_load(Db *db, Arena *arena, int64_t person, Sources *ret_sources,
                     Err *err) MUST_CHECK;

/* The Source of a Record that came from Sources. */
static inline const Source *source_of(const Record *record)
{
    return (const Source *)(const void *)record;
}

/* {batch, file, sheet, line, by}; owned by the caller. */
json_t *source_json(const Source *source);

#endif
