/* people/fact.h: the fact vocabulary: what may be known of a person, and how a value is written.
 * Shape:  FactId is a line of people/facts.def; FactValue holds one value or nothing; Facts is a
 *         whole person.
 * Units:  PENSION_MONTHS is months as of Facts.pension_on (the survey date of the answer it came
 *         from).
 * Owns:   text is borrowed or lives in the arena that made it.
 * Errors: ERR_INPUT from fact_parse, with the words that are allowed.
 * Source: people/facts.def, people/words.def, people/towns.def; DESIGN "The fact vocabulary". */
#ifndef PEOPLE_FACT_H
#define PEOPLE_FACT_H

#include "base/arena.h"
#include "base/date.h"
#include "base/lang.h"

typedef enum FactId {
#define FACT(name, kind, vocabulary, unit, en, zh, sight) FACT_##name,
#include "people/facts.def"
#undef FACT
    FACT_COUNT,
    FACT_NONE = -1
} FactId;

typedef enum FactKind {
    KIND_TEXT,
    KIND_DATE,
    KIND_NUMBER,
    KIND_FLAG,
    KIND_CODE,
    KIND_SEALED
} FactKind;
typedef enum Vocabulary {
    VOCABULARY_NONE,
    VOCABULARY_SEX,
    VOCABULARY_LEVEL,
    VOCABULARY_CERTIFICATE,
    VOCABULARY_SCHOOL,
    VOCABULARY_INTENTION,
    VOCABULARY_EDUCATION,
    VOCABULARY_PROVINCE,
    VOCABULARY_TOWN
} Vocabulary;
typedef enum Sight { SIGHT_OPEN, SIGHT_PERSONAL, SIGHT_SECRET } Sight;

typedef struct FactInfo {
    const char *name; /* "skill_level": in files, SQL columns, --where, JSON */
    FactKind kind;
    Vocabulary vocabulary;
    const char *unit;
    const char *en, *zh; /* label */
    Sight sight;
} FactInfo;

const FactInfo *fact_info(FactId fact);
FactId fact_find(const char *name); /* FACT_NONE when unknown */
const char *fact_label(FactId fact, Lang lang);

/* A value: text for KIND_TEXT and KIND_SEALED (the plain number), else a number: a Date, a count,
 * 0/1, a code. */
typedef struct FactValue {
    bool known;
    int64_t number;
    const char *text;
} FactValue;

typedef struct Facts {
    FactValue values[FACT_COUNT];
    Date pension_on;    /* the day on which PENSION_MONTHS was said, DATE_NONE = never */
    uint32_t conflicts; /* of a person read from the base: bit FACT_x: its answers disagree */
} Facts;

/* Shown to people in a language: "高级工", "长安镇", "是", "2012-09-27", "24"; NULL when unknown.
 * Codes that no vocabulary knows are shown as the number. Sealed values come out masked. Lives in
 * arena. */
const char *fact_show(Arena *arena, FactId fact, FactValue value, Lang lang);
/* From what a person types in --where or --set: a word in either language, a code, a number, a
 * date, yes/no/是/否/有/无. */
ErrCode fact_parse(Arena *arena, FactId fact, const char *text, FactValue *ret_value,
                   Err *err) MUST_CHECK;

/* Vocabularies. Codes start at 1; 0 = not a word.
 * The key is the exact shown form, zh or en, whatever its case, width and spaces; provinces with
 * and without 省/市/自治区; towns also by other names, with and without 东莞市, 镇, 街道. */
int64_t word_find(Vocabulary vocabulary, const char *key);
const char *word_show(Vocabulary vocabulary, int64_t code, Lang lang); /* NULL = no such code */
size_t word_count(Vocabulary vocabulary);
int64_t word_code_at(Vocabulary vocabulary, size_t index);
/* The code of the word whose Chinese form stands at the beginning of a text: "广东省广州市". */
int64_t word_in_front(Vocabulary vocabulary, const char *text);

bool fact_same(FactId fact, FactValue a, FactValue b);

#endif
