#!/usr/bin/env bash
# tests/lint/readme.sh SOURCE TALENT: what each README says of commands and of problems is what the program itself says.
# The tables stand between the lines <!-- commands --> and <!-- /commands -->, <!-- problems --> and <!-- /problems -->.
set -euo pipefail
source=$1 talent=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

compare() { # README LANGUAGE NAME COMMAND…
    local readme=$1 lang=$2 name=$3
    shift 3
    awk -v first="<!-- $name -->" -v last="<!-- /$name -->" \
        'index($0, first) == 1 { on = 1; next } index($0, last) == 1 { on = 0 } on && NF' "$source/$readme" >"$work/written"
    "$talent" --home "$work/home" --lang "$lang" "$@" | awk NF >"$work/said"
    [ -s "$work/said" ] || { echo "the program says nothing for $readme"; failed=1; }
    diff -u --label "$readme" --label "talent $* ($lang)" "$work/written" "$work/said" || failed=1
}
for readme in README.md:en README.zh-CN.md:zh; do
    compare "${readme%:*}" "${readme#*:}" commands help --readme
    compare "${readme%:*}" "${readme#*:}" problems survey codes --readme
done
exit $failed
