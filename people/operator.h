/* people/operator.h: the network that a mobile number's first digits were given out to.
 * Shape:  Operator is a line of people/operators.def.
 * Errors: none; OPERATOR_UNKNOWN for a prefix that was not given out when the table was made, and
 *         for what is no number.
 * Source: people/operators.def. It says nothing of the network that serves the number today. */
#ifndef PEOPLE_OPERATOR_H
#define PEOPLE_OPERATOR_H

typedef enum Operator {
#define OPERATOR(name, word, label) OPERATOR_##name,
#include "people/operators.def"
#undef OPERATOR
    OPERATOR_COUNT
} Operator;

/* digits: as in Phone.digits; NULL = unknown. */
Operator operator_find(const char *digits);
const char *operator_word(Operator operator);  /* "mobile": in JSON */
const char *operator_label(Operator operator); /* translated */

#endif
