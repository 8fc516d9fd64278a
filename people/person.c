#include "people/person.h"

#include "base/lang.h"
#include "people/record.h"

#include <inttypes.h>

static ErrCode sealed_read(const Rows *rows, unsigned column, const Sealer *sealer, Arena *arena,
                           FactValue *ret_value, Err *err)
{
    FactValue value = {.known = !rows_null(rows, column)};
    if (value.known) {
        size_t length;
        char *plain;
        const void *bytes = rows_bytes(rows, column, &length);
        TRY(unseal(sealer, arena, bytes, length, &plain, err));
        value.text = plain;
    }
    *ret_value = value;
    return OK;
}

ErrCode person_read(const Rows *rows, unsigned first, const Sealer *sealer, Arena *arena,
                    Person *ret_person, Err *err)
{
    Person person = {.id = rows_int(rows, first),
                     .conflicts = (uint32_t)rows_int(rows, first + 1),
                     .answers = (int)rows_int(rows, first + 2)};
    person.facts.pension_on = rows_date(rows, first + 3);
    person.facts.conflicts = person.conflicts;
    for (FactId fact = 0; fact < FACT_COUNT; fact++) {
        unsigned column = first + 4 + (unsigned)fact;
        FactValue *value = &person.facts.values[fact];
        if (fact_info(fact)->kind != KIND_SEALED)
            *value = record_fact(rows, column, fact, arena);
        else if (sealed_read(rows, column, sealer, arena, value, err) != OK)
            return err_wrap(err, _("cannot read '%s' of person %" PRId64), fact_info(fact)->name,
                            person.id);
    }
    *ret_person = person;
    return OK;
}

/* Says what became of a number that nobody has. */
static ErrCode person_missing(Db *db, int64_t id, Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_DECISION_OF_NUMBER, PARAMS(v_int(id)), &rows, err));
    err_set(err, ERR_NOT_FOUND, _("there is no person %" PRId64), id);
    if (rows_next(rows))
        return err_hint(err, _("it was merged into person %" PRId64), rows_int(rows, 1));
    return err_hint(err, _("find people with: %s"), "talent people find");
}

ErrCode person_load(Db *db, const Sealer *sealer, Arena *arena, int64_t id, Person *ret_person,
                    Err *err)
{
    AUTO_ROWS rows = NULL;
    TRY(db_query(db, QUERY_PEOPLE_PERSON_ONE, PARAMS(v_int(id)), &rows, err));
    if (!rows_next(rows))
        return person_missing(db, id, err);
    return person_read(rows, 0, sealer, arena, ret_person, err);
}
