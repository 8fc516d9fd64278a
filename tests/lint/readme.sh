#!/usr/bin/env bash
# tests/lint/readme.sh SOURCE TALENT: the command table of each README is what the program itself says.
# The table stands between the lines <!-- commands --> and <!-- /commands -->.
set -euo pipefail
source=$1 talent=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

compare() { # README LANGUAGE
    awk '/^<!-- commands -->/ { on = 1; next } /^<!-- \/commands -->/ { on = 0 } on && NF' "$source/$1" >"$work/written"
    "$talent" --home "$work/home" --lang "$2" help --readme | awk NF >"$work/said"
    [ -s "$work/said" ] || { echo "the program says nothing for $1"; failed=1; }
    diff -u --label "$1" --label "talent help --readme ($2)" "$work/written" "$work/said" || failed=1
}
compare README.md en
compare README.zh-CN.md zh
exit $failed
