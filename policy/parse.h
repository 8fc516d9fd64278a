/* policy/parse.h: from the JSON of a policy file to the rule tree.
 * Shape:  load.c finds the file, frame.c reads its frame, parameter.c its parameters, setting.c what
 *         is moved of them, rule.c the conditions.
 * Owns:   what is made lives in the arena of the Policy; nothing of the JSON is kept.
 * Errors: ERR_CONFIG at the JSON path, with the nearest known name; ERR_USAGE for a setting.
 * Source: DESIGN 6 "A policy is a JSON file". */
#ifndef POLICY_PARSE_H
#define POLICY_PARSE_H

#include "policy/rule.h"

/* Reads a policy from its file, with parameters moved by settings. */
ErrCode policy_read(Arena *arena, PolicyFile file, const char *const *settings, size_t count,
                    const Policy **ret_policy, Err *err) MUST_CHECK;

/* Ids of the shipped policies, sorted. Live in arena. */
ErrCode policy_ids(Arena *arena, const char *const **ret_ids, size_t *ret_count,
                   Err *err) MUST_CHECK;
/* The file of an id, or of a path; lives in arena. */
const char *policy_path(Arena *arena, const char *id);

/* The parameters of a policy file; those named in settings ("age_max=50") are moved. */
ErrCode parameters_parse(Policy *policy, const Node *node, const char *const *settings,
                         size_t count, Err *err) MUST_CHECK;
/* The parameter of a name; NULL after an error at node, with the nearest known name as hint. */
Parameter *parameter_find(Policy *policy, const Node *node, const char *name, Err *err);
/* A number, flag or word that stands in place or is "$name"; *ret_name (NULL at first) becomes the
 * parameter's name. */
ErrCode parameter_number(Policy *policy, const Node *node, int64_t max, int64_t *ret_number,
                         const char **ret_name, Err *err) MUST_CHECK;
ErrCode parameter_flag(Policy *policy, const Node *node, bool *ret_flag, Err *err) MUST_CHECK;
ErrCode parameter_choice(Policy *policy, const Node *node, const char *const *choices,
                         int *ret_index, const char **ret_name, Err *err) MUST_CHECK;
/* The parameter of a name; NULL = there is none. */
Parameter *parameter_named(const Policy *policy, const char *name);
/* Hints at the parameter nearest to a name; returns the error's code. */
ErrCode parameter_hint(const Policy *policy, const char *name, Err *err);
/* Moves a parameter: "age_max=50", on all days. */
ErrCode setting_apply(Policy *policy, const char *setting, Err *err) MUST_CHECK;
/* The first day after the policy's era_from on which a parameter that was not moved changes;
 * DATE_NONE = there is none. */
Date parameters_change(const Policy *policy);
/* Its value, in the policy's era or one of its values, as typed in --set; lives in arena. */
const char *parameter_value(Arena *arena, const Parameter *parameter);
const char *parameter_value_of(Arena *arena, const Parameter *parameter, const DatedValue *value);

/* A group or a condition; *ret_on is false when a parameter switches it off, and
 * nothing is registered. */
ErrCode rule_parse(Policy *policy, const Node *node, Rule *ret_rule, bool *ret_on,
                   Err *err) MUST_CHECK;
/* The papers of "proofs"; policy/proof.c. */
ErrCode proofs_parse(Policy *policy, const Node *root, Err *err) MUST_CHECK;
/* The "all", "any" or "not" of an object whose other keys the caller reads. */
ErrCode rule_parse_group(Policy *policy, const Node *node, Rule *ret_rule, bool *ret_on,
                         Err *err) MUST_CHECK;
/* True when the gate, a route or a condition read so far bears this citation. */
bool clause_is_taken(const Policy *policy, const char *clause);

#endif
