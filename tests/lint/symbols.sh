#!/usr/bin/env bash
# tests/lint/symbols.sh ROOM=ARCHIVE…: foreign libraries are called in their own room only, and no two rooms give one
# name to two things (the linker would take either).
# Also fails when a room that must call a library calls nothing: then nothing was looked at.
set -euo pipefail

declare -A home=([mysql_]=sql [curl_]=outreach [MHD_]=base)
declare -A seen=()
failed=0
complain() {
    printf '%s\n' "$*"
    failed=1
}

for argument in "$@"; do
    room=${argument%%=*} archive=${argument#*=}
    undefined=$(nm -u "$archive")
    [ -n "$undefined" ] || complain "nm says nothing of '$archive'"
    for prefix in "${!home[@]}"; do
        found=$(awk -v p="$prefix" '$1 == "U" && index($2, p) == 1 { print $2 }' <<<"$undefined" | sort -u)
        [ -n "$found" ] || continue
        if [ "${home[$prefix]}" = "$room" ]; then
            seen[$prefix]=yes
        else
            complain "$room calls what belongs to ${home[$prefix]}:" $found
        fi
    done
done
twice=$(for argument in "$@"; do nm -g --defined-only "${argument#*=}"; done |
    awk '$2 ~ /^[TDRB]$/ { print $3 }' | sort | uniq -d)
[ -z "$twice" ] || complain "defined in two rooms, or twice in one:" $twice
for prefix in "${!home[@]}"; do
    [ "${seen[$prefix]:-}" = yes ] || complain "${home[$prefix]} calls no $prefix function: was it looked at?"
done
exit $failed
