/* people/scope.h: whom the acting account may see, put into --where in one place.
 * Shape:  an officer of towns sees people who work or live there; a comparison with an unknown town is
 *         never true of them. Who runs a command as an analyst may not ask by a fact that names a
 *         person. Everybody else, and everybody while there are no accounts, asks as he likes.
 *         A command that an officer may run must go through here: scope_where for many people,
 *         scope_holds for one; talent.c prints nothing of one that did not.
 * Owns:   a Where lives in the arena of the context.
 * Errors: ERR_USAGE of people/where.h; ERR_REFUSED.
 * Source: DESIGN 9 "Roles". */
#ifndef PEOPLE_SCOPE_H
#define PEOPLE_SCOPE_H

#include "base/command.h"
#include "people/where.h"

/* where_parse_with, and the scope. terms may be NULL. */
ErrCode scope_where(Context *context, const char *text, const WhereTerms *terms,
                    const Where **ret_where, Err *err) MUST_CHECK;

/* Whether the acting account may see this person. */
bool scope_holds(Context *context, const Facts *facts);

/* ERR_NOT_FOUND for somebody who may not be seen, as if there were no such person. */
ErrCode scope_person(Context *context, int64_t person, const Facts *facts, Err *err) MUST_CHECK;

#endif
