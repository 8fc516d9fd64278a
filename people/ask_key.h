/* people/ask_key.h: the key by which a row of a follow-up questionnaire leads back to its person,
 *         without an ID number on the paper.
 * Shape:  the hash that links the person's answers (of the ID number, else of name and phone) and
 *         the facts that were asked, sealed: nobody without the key file can make one or read it.
 *         It names no person number, so it outlives merges and undone batches, and leads to nobody
 *         once the person is forgotten.
 * Units:  bit FACT_x of facts.
 * Owns:   nothing; texts live in the arena given.
 * Errors: none; parsing returns false.
 * Source: DESIGN 6 "the next questionnaire's first question", 5 "Linking". */
#ifndef PEOPLE_ASK_KEY_H
#define PEOPLE_ASK_KEY_H

#include "base/seal.h"

#include <stdbool.h>

typedef struct AskKey {
    uint8_t hash[SEAL_HASH_BYTES];
    bool by_id; /* hash of the ID number; false: of name and phone */
    uint32_t facts;
} AskKey;

const char *ask_key_format(const Sealer *sealer, Arena *arena, const AskKey *key);
/* Spaces around it and capitals are taken too. */
bool ask_key_parse(const Sealer *sealer, Arena *arena, const char *text, AskKey *ret_key);

#endif
