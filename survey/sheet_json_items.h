/* survey/sheet_json_items.h: the answers of a JSON export, one by one, in bounded memory.
 * Shape:  three layouts are read: an array of objects, one object after another (JSON lines), and
 *         the page that KoboToolbox's API gives: {"count":…, "next":null, "results":[…]}.
 * Units:  items and lines from 1; one item at most JSON_ITEM_BYTES_MAX.
 * Owns:   plain value; items_done releases it. A returned json_t is owned by the caller.
 * Errors: ERR_INPUT with item, line and column, never with the text that was found there.
 * Source: RFC 8259; KoboToolbox API v2 "data", ODK Central's JSON exports. */
#ifndef SURVEY_SHEET_JSON_ITEMS_H
#define SURVEY_SHEET_JSON_ITEMS_H

#include "base/buffer.h"
#include "survey/sheet_reader.h"

#include <jansson.h>

enum { JSON_ITEM_BYTES_MAX = 32 << 20, JSON_DEPTH_MAX = 64 };

typedef struct JsonItems {
    int fd;
    uint64_t offset; /* of the next byte to read from the file */
    char *piece;     /* lives in the arena */
    size_t at, length;
    bool array; /* between '[' and ']' */
    bool ended;
    unsigned line; /* on which the next byte stands */
    unsigned item; /* of the last one given */
    Buffer text;   /* of the item being read */
    json_t *page;  /* the array "results", NULL = another layout */
} JsonItems;

void items_start(JsonItems *items, int fd, Arena *arena);
/* Begins again at the first item. */
void items_rewind(JsonItems *items);
/* The next object; *ret_item NULL after the last, when the rest of the file is known to be sound.
 */
ErrCode items_next(JsonItems *items, json_t **ret_item, Err *err) MUST_CHECK;
void items_done(JsonItems *items);

#endif
