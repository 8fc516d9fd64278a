/* An expression over the facts. One that is taken says something definite of whoever is known, and
 * can be asked of the base; one that is refused is refused with a place and a reason. */
#include "fuzz/fuzz.h"

#include "people/where.h"

static void require(bool promise)
{
    if (!promise)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_ARENA arena = arena_new(0);
    Err err = {0};
    const Where *where = NULL;
    const char *text = arena_strndup(arena, (const char *)bytes, length);
    if (where_parse(arena, text, &where, &err) != OK) {
        require(err.code == ERR_USAGE && err.text[0] != '\0' && !where);
        return 0;
    }
    Facts facts = {.pension_on = DATE_NONE};
    Kleene nobody = where_holds(where, &facts);
    require(nobody == KLEENE_FALSE || nobody == KLEENE_UNKNOWN || nobody == KLEENE_TRUE);
    require(where_facts(where) != 0 || !where || nobody != KLEENE_UNKNOWN);
    for (int fact = 0; fact < FACT_COUNT; fact++)
        facts.values[fact] = (FactValue){.known = true, .number = 3, .text = "3"};
    facts.pension_on = 15614;
    require(where_holds(where, &facts) != KLEENE_UNKNOWN);
    require(where_expr(arena, where, "p") != NULL);
    return 0;
}
