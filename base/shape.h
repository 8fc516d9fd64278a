/* base/shape.h: the shape that a JSON file must have, said once: what its reader checks and what its
 * JSON Schema says are made from the same table.
 * Shape:  a Shape is one value: its key in the object above, its kind, and what stands inside it. A
 *         list of Shapes ends with one whose kind is SHAPE_END.
 * Owns:   nothing; shapes borrow their texts.
 * Errors: ERR_CONFIG at the path, with the nearest known word as hint.
 * Source: JSON Schema, draft 2020-12. */
#ifndef BASE_SHAPE_H
#define BASE_SHAPE_H

#include "base/node.h"

typedef enum ShapeKind {
    SHAPE_END,
    SHAPE_TEXT,           /* not empty */
    SHAPE_NUMBER,         /* a whole one, min..max */
    SHAPE_FLAG,           /* true or false */
    SHAPE_CHOICE,         /* one of choices */
    SHAPE_LIST,           /* of inner, at least min */
    SHAPE_OBJECT,         /* the keys of inner and no others */
    SHAPE_ENTRY,          /* an object of exactly one of the keys of inner */
    SHAPE_TEXT_OR_OBJECT, /* a text, or an object of the keys of inner */
} ShapeKind;

typedef struct Shape {
    const char *key; /* NULL for the root and for a list's item */
    ShapeKind kind;
    const char *about; /* what it is for: the schema's description; NULL = nothing to say */
    bool required;
    int64_t min, max;
    const char *const *choices; /* ends with NULL … */
    const char *noun;           /* … and what they are, N_("a fact") */
    const struct Shape *inner;
} Shape;

/* Refuses a value that has not the shape. */
ErrCode shape_check(const Shape *shape, const Node *node, Err *err) MUST_CHECK;

/* The shape as a JSON Schema document with its title; owned by the caller. */
json_t *shape_schema(const Shape *shape, const char *title);

#endif
