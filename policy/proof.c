/* The papers by which facts are proved at the counter: "proofs" of a policy file. */
#include "policy/keys.h"
#include "policy/parse.h"

static ErrCode parse_proof(Policy *policy, const Node *node, FactId fact, Err *err)
{
    const char *zh, *en;
    TRY(node_keys(node, PROOF_KEYS, err));
    TRY(node_get_string(node, "zh", &zh, err));
    TRY(node_get_string(node, "en", &en, err));
    policy->proofs[fact] =
        (Proof){.zh = arena_strdup(policy->arena, zh), .en = arena_strdup(policy->arena, en)};
    return OK;
}

ErrCode proofs_parse(Policy *policy, const Node *root, Err *err)
{
    const char *names[FACT_COUNT + 1] = {NULL};
    Node proofs = node_find(root, "proofs");
    if (!proofs.value)
        return OK;
    for (int fact = 0; fact < FACT_COUNT; fact++)
        names[fact] = fact_info((FactId)fact)->name;
    TRY(node_keys(&proofs, names, err));
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        Node proof = node_find(&proofs, names[fact]);
        if (proof.value)
            TRY(parse_proof(policy, &proof, (FactId)fact, err));
    }
    return OK;
}
