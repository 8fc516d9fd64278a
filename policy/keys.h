/* policy/keys.h: the words of a policy file: what the loader knows, and nothing else.
 * Shape:  lists end with NULL. policy/policy.schema.json says the same to editors; a test holds the
 *         two against each other.
 * Source: DESIGN 6 "A policy is a JSON file". */
#ifndef POLICY_KEYS_H
#define POLICY_KEYS_H

extern const char *const POLICY_KEYS[];    /* of the file */
extern const char *const TITLE_KEYS[];     /* of "title" */
extern const char *const SOURCE_KEYS[];    /* of "source" */
extern const char *const CERTAINTIES[];    /* of "certainty", in the order of Certainty */
extern const char *const EFFECTIVE_KEYS[]; /* of "effective" */
extern const char *const PARAMETER_KEYS[]; /* of a parameter */
extern const char *const DATED_KEYS[];     /* of one of its dated values */
extern const char *const GATE_KEYS[];      /* of "gate" */
extern const char *const ROUTE_KEYS[];     /* of a route */
extern const char *const GROUP_KEYS[];     /* of a group within them, in the order of RuleOp */
extern const char *const CONDITION_KEYS[]; /* of a condition */
extern const char *const WHEN_KEYS[];      /* of "when" */
extern const char *const WINDOW_WORDS[];   /* of "within", in the order of Window */
extern const char *const NOTE_KEYS[];      /* of a note */
extern const char *const PROOF_KEYS[];     /* of a paper of "proofs" */

#endif
