/* base/node.h: reading JSON that people write (configuration, forms, policies, gateways) with
 * errors at the JSON path.
 * Shape:  a Node is a value and the way to it: "policy/x.json: $.routes[1].all[0].fact".
 * Owns:   nothing; a Node borrows the json_t it was made from and its parent Node.
 * Errors: ERR_CONFIG with file and path: wrong kind, missing or unknown key (with the nearest known
 *         one), out of range. */
#ifndef BASE_NODE_H
#define BASE_NODE_H

#include "base/arena.h"
#include "base/date.h"

#include <jansson.h>

typedef struct Node {
    const struct Node *parent; /* NULL at the root */
    const char *name;          /* the file at the root, else the key; NULL for an array item */
    size_t index;              /* of an array item */
    json_t *value;             /* NULL = absent optional key */
} Node;

/* Reads a whole JSON file (at most 4 MiB, duplicate keys refused). Returns owned json_t. */
ErrCode node_load(const char *file, json_t **ret_json, Err *err) MUST_CHECK;
/* The same from memory; name stands for the file in messages. */
ErrCode node_parse(const char *name, const char *bytes, size_t length, json_t **ret_json,
                   Err *err) MUST_CHECK;

Node node_root(const char *file, json_t *value);

/* Refuses every key of an object that is not in keys (NULL-terminated); refuses a non-object. */
ErrCode node_keys(const Node *node, const char *const *keys, Err *err) MUST_CHECK;

/* A key that must exist / may be absent (ret->value NULL, also for JSON null). ret borrows node. */
ErrCode node_get(const Node *node, const char *key, Node *ret, Err *err) MUST_CHECK;
Node node_find(const Node *node, const char *key);

/* Items of an array; node_count refuses a non-array. */
ErrCode node_count(const Node *node, size_t *ret_count, Err *err) MUST_CHECK;
Node node_item(const Node *node, size_t index);

/* The value itself, of the wanted kind. Strings are borrowed from the json_t. */
ErrCode node_string(const Node *node, const char **ret_text, Err *err) MUST_CHECK;
ErrCode node_int(const Node *node, int64_t min, int64_t max, int64_t *ret_number,
                 Err *err) MUST_CHECK;
ErrCode node_bool(const Node *node, bool *ret_flag, Err *err) MUST_CHECK;
ErrCode node_date(const Node *node, Date *ret_date, Err *err) MUST_CHECK;
/* One of choices (NULL-terminated); *ret_index is its place. */
ErrCode node_choice(const Node *node, const char *const *choices, int *ret_index,
                    Err *err) MUST_CHECK;

/* "key must exist and be of the kind" in one step. */
ErrCode node_get_string(const Node *node, const char *key, const char **ret_text,
                        Err *err) MUST_CHECK;
ErrCode node_get_int(const Node *node, const char *key, int64_t min, int64_t max,
                     int64_t *ret_number, Err *err) MUST_CHECK;

/* An ERR_CONFIG about this node: "FILE: $.path: message". */
ErrCode node_error(const Node *node, Err *err, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
