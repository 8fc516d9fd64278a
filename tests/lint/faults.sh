#!/usr/bin/env bash
# tests/lint/faults.sh SOURCE: every test that docs/FAULTS.md names is there.
set -euo pipefail
cd "$1"
failed=0 count=0 file=
while read -r name; do
    case $name in
    */*.c) file=tests/$name ;;
    *)
        count=$((count + 1))
        if ! grep -qsE "cmocka_unit_test[a-z_]*\($name[,)]" "$file"; then
            echo "docs/FAULTS.md: no test '$name' in $file"
            failed=1
        fi
        ;;
    esac
done < <(grep '^|' docs/FAULTS.md | sed 's/.*|\([^|]*\)|$/\1/' | grep -o '`[^`]*`' | tr -d '`')
echo "$count tests named"
[ "$count" -gt 20 ] || { echo "the table is not where it is looked for"; exit 1; }
exit $failed
