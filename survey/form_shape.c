/* What a form file looks like: the one table that the loader checks by and that
 * survey/forms/form.schema.json is printed from. What a form means (whether a heading stands twice,
 * whether what is required has a column) is the loader's own business. */
#include "survey/form_shape.h"

#include "survey/form.h"

static const Shape *shape_copy(Arena *arena, const Shape *shapes, size_t count)
{
    return arena_memdup(arena, shapes, count * sizeof *shapes);
}
#define SHAPES(arena, ...)                                                                         \
    shape_copy((arena), (const Shape[]){__VA_ARGS__},                                              \
               sizeof((const Shape[]){__VA_ARGS__}) / sizeof(Shape))

static const char *const *target_names(Arena *arena)
{
    const char **names = arena_array(arena, const char *, TARGET_COUNT + 1);
    for (Target target = 0; target < TARGET_COUNT; target++)
        names[target] = target_name(target);
    return names;
}

static const char *const *shown_words(Arena *arena, Vocabulary vocabulary)
{
    size_t count = word_count(vocabulary);
    const char **words = arena_array(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        words[i] = word_show(vocabulary, word_code_at(vocabulary, i), LANG_ZH);
    return words;
}

/* Every fact with a vocabulary, and its words. */
static const Shape *implied_facts(Arena *arena)
{
    Shape *facts = arena_array(arena, Shape, FACT_COUNT + 1);
    size_t count = 0;
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        if (fact_info(fact)->kind == KIND_CODE)
            facts[count++] = (Shape){.key = fact_info(fact)->name,
                                     .kind = SHAPE_CHOICE,
                                     .noun = N_("a word of the vocabulary"),
                                     .choices = shown_words(arena, fact_info(fact)->vocabulary)};
    return facts;
}

static const Shape *synonym_shape(Arena *arena)
{
    static const char *const UNITS[] = {"months", "years", "unsaid", NULL};
    return SHAPES(
        arena,
        {.kind = SHAPE_TEXT_OR_OBJECT,
         .about = "another heading of the column; as an object, one that says more than its name",
         .inner = SHAPES(
             arena, {.key = "heading", .kind = SHAPE_TEXT, .required = true},
             {.key = "implies",
              .kind = SHAPE_ENTRY,
              .about = "a fact that the heading itself states of every row",
              .inner = implied_facts(arena)},
             {.key = "invert",
              .kind = SHAPE_FLAG,
              .about = "a yes/no column that asks for the opposite"},
             {.key = "unit",
              .kind = SHAPE_CHOICE,
              .about = "what a bare number in a column of insurance counts; months when left out",
              .choices = UNITS,
              .noun = N_("a unit")},
             {.key = "fallback",
              .kind = SHAPE_FLAG,
              .about = "counts only where no better heading of the fact stands"},
             {0})},
        {0});
}

static const Shape *column_shape(Arena *arena)
{
    return SHAPES(
        arena,
        {.kind = SHAPE_OBJECT,
         .inner = SHAPES(
             arena,
             {.key = "fact",
              .kind = SHAPE_CHOICE,
              .required = true,
              .about = "what the column says: a fact, or what a column can say beside the facts",
              .choices = target_names(arena),
              .noun = N_("a fact")},
             {.key = "heading",
              .kind = SHAPE_TEXT,
              .required = true,
              .about = "as a blank questionnaire shows it"},
             {.key = "note", .kind = SHAPE_TEXT, .about = "shown beside the heading's cell"},
             {.key = "width",
              .kind = SHAPE_NUMBER,
              .required = true,
              .min = 4,
              .max = 80,
              .about = "characters"},
             {.key = "text", .kind = SHAPE_FLAG, .about = "kept as text, so that no digit is lost"},
             {.key = "in_title",
              .kind = SHAPE_FLAG,
              .about = "may stand once above the table for all its rows"},
             {.key = "hidden", .kind = SHAPE_FLAG, .about = "not on blank questionnaires"},
             {.key = "synonyms",
              .kind = SHAPE_LIST,
              .required = true,
              .about = "other headings of the column",
              .inner = synonym_shape(arena)},
             {0})},
        {0});
}

static const Shape *texts_shape(Arena *arena)
{
    return SHAPES(arena, {.kind = SHAPE_TEXT}, {0});
}

static const Shape *required_shape(Arena *arena)
{
    const Shape *name = SHAPES(
        arena, {.kind = SHAPE_CHOICE, .choices = target_names(arena), .noun = N_("a fact")}, {0});
    return SHAPES(arena, {.kind = SHAPE_LIST, .min = 1, .inner = name}, {0});
}

static const Shape *title_shape(Arena *arena)
{
    return SHAPES(arena, {.key = "zh", .kind = SHAPE_TEXT, .required = true},
                  {.key = "en", .kind = SHAPE_TEXT, .required = true}, {0});
}

const Shape *form_shape(Arena *arena)
{
    return SHAPES(
        arena,
        {.kind = SHAPE_OBJECT,
         .about = "A questionnaire as data: which heading is which fact. survey/forms/ID.json is "
                  "shipped; HOME/forms/ID.json is an administrator's own.",
         .inner = SHAPES(
             arena, {.key = "$schema", .kind = SHAPE_TEXT, .about = "for editors"},
             {.key = "id",
              .kind = SHAPE_TEXT,
              .required = true,
              .about = "the file's name without its ending"},
             {.key = "about", .kind = SHAPE_TEXT, .about = "a remark for who edits the file"},
             {.key = "title", .kind = SHAPE_OBJECT, .required = true, .inner = title_shape(arena)},
             {.key = "credibility",
              .kind = SHAPE_NUMBER,
              .required = true,
              .min = 1,
              .max = 9,
              .about = "of answers of the same day the more credible one holds"},
             {.key = "words",
              .kind = SHAPE_TEXT,
              .required = true,
              .about = "the file of spellings, beside the form or shipped: words/common.json"},
             {.key = "required",
              .kind = SHAPE_LIST,
              .required = true,
              .about = "of each group one must have a column",
              .inner = required_shape(arena)},
             {.key = "marks",
              .kind = SHAPE_LIST,
              .about = "headings that tell this form from others that know as many of a table's "
                       "headings; with none of them the form gives way",
              .inner = texts_shape(arena)},
             {.key = "columns",
              .kind = SHAPE_LIST,
              .required = true,
              .min = 1,
              .inner = column_shape(arena)},
             {.key = "ignored",
              .kind = SHAPE_LIST,
              .required = true,
              .about = "headings that are known and not kept",
              .inner = texts_shape(arena)},
             {0})},
        {0});
}
