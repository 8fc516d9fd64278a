#!/usr/bin/env bash
# tests/lint/checks.sh SOURCE: docs/CHECKS.md names tests that exist and run, and leaves no item of the checklist out.
set -euo pipefail
cd "$1"
failed=0
complain() {
    printf '%s\n' "$*"
    failed=1
}

count=0
while read -r file name; do
    count=$((count + 1))
    # A name that stands in the list of tests, not only as a function.
    grep -qzE "cmocka_unit_test[a-z_]*\([[:space:]]*$name\b" "tests/$file.c" 2>/dev/null || complain "no test '$name' in tests/$file.c"
done < <(grep -oE '`[a-z0-9]+/test_[a-z0-9_]+ [a-z0-9_]+`' docs/CHECKS.md | tr -d '`')
while read -r _ path; do
    count=$((count + 1))
    grep -qF "(\"$path\"" tests/data/corpus/corpus.def || complain "no file '$path' in tests/data/corpus/corpus.def"
done < <(grep -oE '`corpus [^`]+`' docs/CHECKS.md | tr -d '`')
for ((item = 1; item <= 25; item++)); do
    grep -qE "^\| $item \|.*\`[a-z0-9]+/" docs/CHECKS.md || complain "item $item of the checklist names no test"
done
[ $count -ge 60 ] || complain "only $count tests are named"
echo "$count tests and files"
exit $failed
