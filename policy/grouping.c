#include "base/text.h"
#include "policy/sizing.h"

/* Bands of age by their first year; the year of 45 stands alone, because the notice turns on it. */
static const int BANDS[] = {0, 20, 25, 30, 35, 40, 45, 46, 50, 60};
enum { BAND_COUNT = sizeof BANDS / sizeof *BANDS };

static ErrCode unknown_grouping(Arena *arena, const char *name, Err *err)
{
    const char **names = arena_array(arena, const char *, FACT_COUNT + 1);
    size_t count = 0;
    names[count++] = "age";
    for (int i = 0; i < FACT_COUNT; i++) {
        if (fact_info((FactId)i)->sight == SIGHT_OPEN)
            names[count++] = fact_info((FactId)i)->name;
    }
    err_set(err, ERR_USAGE, _("cannot count by '%s': there is no such fact"), name);
    const char *nearest = text_nearest(name, names, count);
    return nearest ? err_hint(err, _("did you mean '%s'?"), nearest) : err->code;
}

static ErrCode parse_one(Arena *arena, const char *name, Sizing *sizing, Err *err)
{
    bool age = text_equal(name, "age");
    FactId fact = age                        ? FACT_BIRTH_DATE
                  : text_equal(name, "town") ? FACT_EMPLOYER_TOWN
                                             : fact_find(name);
    if (fact == FACT_NONE)
        return unknown_grouping(arena, name, err);
    if (!age && fact_info(fact)->sight != SIGHT_OPEN) {
        err_set(err, ERR_USAGE, _("cannot count by '%s': it is personal"), name);
        return fact == FACT_BIRTH_DATE ? err_hint(err, _("count by 'age'")) : err->code;
    }
    if (sizing->by_count == GROUPINGS_AT_MOST)
        return err_set(err, ERR_USAGE, _("cannot count by more than %d facts"), GROUPINGS_AT_MOST);
    const char *key = age ? "age" : fact_info(fact)->name;
    for (size_t i = 0; i < sizing->by_count; i++) {
        if (text_equal(sizing->by[i].name, key))
            return err_set(err, ERR_USAGE, _("cannot count by '%s' twice"), name);
    }
    sizing->by[sizing->by_count++] = (Grouping){.name = key, .fact = fact, .age = age};
    return OK;
}

ErrCode groupings_parse(Arena *arena, const char *names, Sizing *sizing, Err *err)
{
    while (names && *names) {
        size_t length = strcspn(names, ",");
        TRY(parse_one(arena, text_trim(arena, arena_strndup(arena, names, length)), sizing, err));
        names += length + (names[length] == ',');
    }
    return OK;
}

static const SqlExpr *age_expr(const Compiler *compiler)
{
    Arena *arena = compiler->arena;
    const SqlExpr *band = expr_value(arena, v_int(BANDS[BAND_COUNT - 1]));
    for (size_t i = BAND_COUNT - 1; i > 0; i--) {
        const Rule younger = {.op = RULE_AGE_BELOW, .fact = FACT_BIRTH_DATE, .bound = BANDS[i]};
        band = expr_if(arena, compile_now(compiler, &younger),
                       expr_value(arena, v_int(BANDS[i - 1])), band);
    }
    const SqlExpr *birth = expr_column(arena, compiler->alias, fact_info(FACT_BIRTH_DATE)->name);
    return expr_if(arena, expr_is_null(arena, birth), expr_unknown(arena), band);
}

const SqlExpr *grouping_expr(const Compiler *compiler, const Grouping *grouping)
{
    if (grouping->age)
        return age_expr(compiler);
    const SqlExpr *column =
        expr_column(compiler->arena, compiler->alias, fact_info(grouping->fact)->name);
    return fact_info(grouping->fact)->kind == KIND_DATE ? expr_year(compiler->arena, column)
                                                        : column;
}

FactValue grouping_value(const Grouping *grouping, FactValue fact, Date as_of)
{
    if (grouping->age) {
        int age = date_age((Date)fact.number, as_of);
        size_t band = BAND_COUNT - 1;
        while (band > 0 && age < BANDS[band])
            band--;
        fact.number = BANDS[band];
    } else if (fact_info(grouping->fact)->kind == KIND_DATE) {
        fact.number = date_civil((Date)fact.number).year;
    }
    return fact;
}

static const char *band_show(Arena *arena, int64_t first)
{
    for (size_t i = 0; i + 1 < BAND_COUNT; i++) {
        if (BANDS[i] != first)
            continue;
        int last = BANDS[i + 1] - 1;
        return first == last ? arena_printf(arena, "%d", last)
                             : arena_printf(arena, "%d–%d", BANDS[i], last);
    }
    return arena_printf(arena, "%d+", BANDS[BAND_COUNT - 1]);
}

const char *grouping_show(Arena *arena, const Grouping *grouping, FactValue value, Lang lang)
{
    if (!value.known)
        return NULL;
    if (grouping->age)
        return band_show(arena, value.number);
    if (fact_info(grouping->fact)->kind == KIND_DATE)
        return arena_printf(arena, "%d", (int)value.number);
    return fact_show(arena, grouping->fact, value, lang);
}
