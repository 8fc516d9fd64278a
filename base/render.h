/* base/render.h: a JSON result as a person reads it on a terminal.
 * Shape:  an array of objects becomes a table with CJK-aware columns; an object becomes "key value"
 *         lines, with nested arrays as tables below their key.
 * Units:  terminal columns; colour only on a terminal and without NO_COLOR.
 * Errors: none; writing errors of stdout are seen by talent.c when it closes the stream. */
#ifndef BASE_RENDER_H
#define BASE_RENDER_H

#include "base/command.h"

#include <stdio.h>

/* A command's result on stdout, as --json or its own show or render_result would have it; NULL
 * prints nothing. */
void render_print(const Command *command, const Context *context, const json_t *result);

/* The default show of a command: its columns, or the keys as they come. */
void render_result(const Command *command, const json_t *result);

/* A table of rows (array of objects) with the given columns (ends with {0}; NULL = keys of the
 * first row). */
void render_table(FILE *out, const Column *columns, const json_t *rows);

typedef enum Style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_GOOD, STYLE_WARN, STYLE_BAD } Style;
/* Escape sequence to begin and to end a style; "" when out is no terminal. */
const char *render_style(FILE *out, Style style);
const char *render_plain(FILE *out);

/* A bar of at most columns columns for value out of total, in block characters. Lives in arena. */
const char *render_bar(Arena *arena, int64_t value, int64_t total, int columns);

/* "12,345" for people; lives in arena. */
const char *render_number(Arena *arena, int64_t number);

#endif
