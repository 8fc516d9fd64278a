#!/usr/bin/env bash
# tests/models/check.sh MODEL: spin looks at every run of the model there is; then at the model with one rule taken away at a
# time (its mutants), where it must find a run that goes wrong. TALENT_TEST_ROUNDS above 1 allows two troubles in a run of
# three messages: 14 million states, 0.8 GB
set -euo pipefail
model=$(readlink -f "$1")
mutants=$(sed -n '/^ \* Mutants:/,/each take/p' "$model" | grep -o -- '-D[A-Z_]*')
[ "$(wc -w <<<"$mutants")" -ge 7 ] || { echo "the mutants are not where they are looked for"; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

compress= # states that are packed take half the memory and twice the time

# explore NAME OPTIONS…: what the verifier says is kept under that name. A mutant is found out before it is compiled well.
explore() {
    spin -a "${@:2}" "$model" >"$1.spin" || { cat "$1.spin"; exit 1; }
    cc -O"$level" -w -DSAFETY -DNOFAIR $compress -o pan pan.c
    ./pan -m100000 >"$1"
    grep -v Depth= "$1" | grep -E 'errors:|states, stored|^pan:1' | sed "s/^ */$1: /" || true
}

sound() {
    local level=1
    explore "$@"
    grep -q 'errors: 0' "$1" || { echo "$1: a run goes wrong"; exit 1; }
    if grep -qE 'search not completed|max search depth too small|out of memory' "$1"; then
        echo "$1: not every run was looked at"
        exit 1
    fi
}

if [ "${TALENT_TEST_ROUNDS:-1}" -gt 1 ]; then
    compress=-DCOLLAPSE
    sound three_messages_two_troubles -DTROUBLES=2
else
    sound three_messages_one_trouble -DTROUBLES=1
    sound two_messages_any_troubles -DMESSAGES=2 -DTROUBLES=3
fi
level=0
for mutant in $mutants; do
    explore "${mutant#-D}" "$mutant" -DTROUBLES=2
    grep -q 'errors: 1' "${mutant#-D}" || { echo "$mutant: nothing was found wrong"; exit 1; }
done
