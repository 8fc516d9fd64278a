/* outreach/jsonpath.h: the way to a value in what a gateway sent:
 * "Response.SendStatusSet.0.Code".
 * Shape:  names and array places joined by dots; "" is the value itself.
 * Owns:   what is found is borrowed from the json_t given.
 * Errors: none; what is not there, or is of another kind, is not found. */
#ifndef OUTREACH_JSONPATH_H
#define OUTREACH_JSONPATH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The value at the path, NULL when there is none. */
json_t *jsonpath_find(json_t *json, const char *path);

/* A text, whole number or truth value ("true") at the path, written into out (size bytes, NUL included). False, and out
 * left alone, when it is absent, empty, of another kind, or does not fit. */
bool jsonpath_text(json_t *json, const char *path, char *out, size_t size);

#endif
