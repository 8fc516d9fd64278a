/* survey/form_shape.h: what a form file looks like, as one table.
 * Shape:  the keys of survey/forms/ID.json with their kinds and ranges.
 * Owns:   the shape lives in the arena.
 * Errors: none.
 * Source: DESIGN 5 "Forms". */
#ifndef SURVEY_FORM_SHAPE_H
#define SURVEY_FORM_SHAPE_H

#include "base/arena.h"
#include "base/shape.h"

const Shape *form_shape(Arena *arena);

#endif
