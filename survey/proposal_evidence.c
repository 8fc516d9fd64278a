/* What speaks for a column being a fact: how alike the headings are, and whether the cells pass the
 * fact's own check. */
#include "base/buffer.h"
#include "base/text.h"
#include "survey/check.h"
#include "survey/proposal.h"

enum { RUN_SHOWN = 3, SHAPE_BYTES = 96, CHARACTERS_MAX = 64 };

static const Cell *cell_of(const Proposal *proposal, size_t row, size_t column)
{
    const Row *line = &proposal->rows[row];
    if (column >= line->count || line->cells[column].kind == CELL_EMPTY ||
        check_blank(proposal->base, proposal->arena, line->cells[column].text))
        return NULL;
    return &line->cells[column];
}

static bool passes(const Checked *checked, Target target)
{
    for (size_t i = 0; i < checked->problem_count; i++)
        if (checked->problems[i].target == target &&
            checked->problems[i].severity == SEVERITY_QUARANTINE)
            return false;
    return target >= FACT_COUNT || checked->facts.values[target].known;
}

void proposal_weigh(const Proposal *proposal, const Form *form, const FormHeading *heading,
                    ProposedColumn *column)
{
    Heading alone = {.form = form, .sheet_name = "", .width = column->column + 1};
    alone.columns = arena_array(proposal->arena, const FormHeading *, alone.width);
    alone.columns[column->column] = heading;
    for (Target target = 0; target < TARGET_COUNT; target++)
        alone.column_of[target] = COLUMN_NONE;
    alone.column_of[heading->target] = column->column;
    CheckSetting setting = {.heading = &alone,
                            .surveyed_on = proposal->today,
                            .today = proposal->today,
                            .date_1904 = proposal->date_1904};
    AUTO_ARENA scratch = arena_new(0);
    column->filled = column->fit = 0;
    for (size_t row = 0; row < proposal->row_count; row++) {
        Checked checked;
        if (!cell_of(proposal, row, column->column))
            continue;
        arena_reset(scratch);
        check_row(&setting, scratch, &proposal->rows[row], &checked);
        column->filled++;
        column->fit += passes(&checked, heading->target);
    }
}

/* A word of a vocabulary says nothing about a person by itself. */
static bool is_word(const Form *form, Arena *arena, const char *key)
{
    for (size_t i = 0; i < form->words.flag.count; i++)
        if (strcmp(form->words.flag.words[i].key, key) == 0)
            return true;
    for (FactId fact = 0; fact < FACT_COUNT; fact++)
        if (fact_info(fact)->kind == KIND_CODE && form_word(form, arena, fact, false, key))
            return true;
    return false;
}

static const char *class_of(uint32_t character, char plain[2])
{
    if (character >= '0' && character <= '9')
        return "0";
    if ((character | 0x20) >= 'a' && (character | 0x20) <= 'z')
        return "a";
    plain[0] = (char)character;
    plain[1] = '\0';
    return character < 0x80 ? plain : "字";
}

/* Digits as 0, letters as a, everything beyond ASCII as 字; long runs as "0{18}". */
static const char *shape_of(Arena *arena, const char *text)
{
    AUTO_BUFFER out = BUFFER(SHAPE_BYTES);
    const char *at = text, *end = text + strlen(text);
    char plain[2];
    while (at < end && out.length < SHAPE_BYTES / 2) {
        char kind[8];
        size_t run = 1;
        snprintf(kind, sizeof kind, "%s", class_of(text_next(&at, end), plain));
        for (const char *next = at;
             next < end && strcmp(class_of(text_next(&next, end), plain), kind) == 0; at = next)
            run++;
        for (size_t i = 0; i < run && run <= RUN_SHOWN; i++)
            buffer_text(&out, kind);
        if (run > RUN_SHOWN)
            buffer_printf(&out, "%s{%zu}", kind, run);
    }
    return arena_printf(arena, "%s%s", buffer_string(&out), at < end ? "…" : "");
}

void proposal_sample(const Proposal *proposal, ProposedColumn *column)
{
    Arena *arena = proposal->arena;
    column->sample_count = 0;
    for (size_t row = 0; row < proposal->row_count && column->sample_count < PROPOSAL_SAMPLES;
         row++) {
        const Cell *cell = cell_of(proposal, row, column->column);
        if (!cell)
            continue;
        const char *key = form_key(arena, cell->text);
        const char *shape =
            is_word(proposal->base, arena, key)
                ? text_trim(arena, cell->text)
                : shape_of(arena, text_trim(arena, text_fold_width(arena, cell->text)));
        bool seen = false;
        for (size_t i = 0; i < column->sample_count; i++)
            seen |= strcmp(column->samples[i], shape) == 0;
        if (!seen)
            column->samples[column->sample_count++] = shape;
    }
}

static size_t characters_of(const char *text, uint32_t characters[CHARACTERS_MAX])
{
    const char *at = text, *end = text + strlen(text);
    size_t count = 0;
    while (at < end && count < CHARACTERS_MAX)
        characters[count++] = text_next(&at, end);
    return count;
}

/* How many characters both have in the same order. */
static size_t common_characters(const uint32_t *a, size_t a_count, const uint32_t *b,
                                size_t b_count)
{
    size_t row[CHARACTERS_MAX + 1] = {0};
    for (size_t i = 0; i < a_count; i++) {
        size_t diagonal = 0;
        for (size_t j = 0; j < b_count; j++) {
            size_t above = row[j + 1];
            row[j + 1] = a[i] == b[j] ? diagonal + 1 : above > row[j] ? above : row[j];
            diagonal = above;
        }
    }
    return row[b_count];
}

/* The share of characters that both have in the same order; a heading within the other one is worth
 * at least half. */
double heading_similarity(const char *key, const char *other)
{
    uint32_t a[CHARACTERS_MAX], b[CHARACTERS_MAX];
    size_t a_count = characters_of(key, a), b_count = characters_of(other, b);
    if (a_count < 2 || b_count < 2)
        return strcmp(key, other) == 0 ? 1 : 0;
    double shorter = (double)(a_count < b_count ? a_count : b_count),
           longer = (double)(a_count < b_count ? b_count : a_count);
    double ordered =
        2.0 * (double)common_characters(a, a_count, b, b_count) / (double)(a_count + b_count);
    double within = strstr(key, other) || strstr(other, key) ? 0.5 + 0.5 * shorter / longer : 0;
    return ordered > within ? ordered : within;
}
