#!/usr/bin/env bash
# tests/lint/messages.sh SOURCE: every message for people has its Chinese.
# Takes what _() and N_() mark in all rooms and compares it with po/zh_CN.po: fails on a missing, empty or fuzzy one, and
# on a translation whose formats differ.
set -euo pipefail
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

find base sql people audit account survey policy outreach talent.c \( -name '*.[ch]' -o -name '*.def' \) | LC_ALL=C sort >"$work/files"
xgettext --language=C --from-code=UTF-8 --keyword= --keyword=_ --keyword=N_ --no-wrap --sort-output \
    --files-from="$work/files" -o "$work/talent.pot"
count=$(grep -c '^msgid ' "$work/talent.pot")
[ "$count" -gt 50 ] || { echo "only $count messages were found: are they marked?"; exit 1; }

msgfmt --check -o /dev/null po/zh_CN.po
# msgcmp names each message that the catalogue lacks; with a fuzzy or empty one it fails as well.
if ! msgcmp po/zh_CN.po "$work/talent.pot" >"$work/said" 2>&1; then
    cat "$work/said"
    echo "untranslated: $(grep -c 'untranslated\|but this definition is fuzzy\|used but not defined' "$work/said") of $count"
    exit 1
fi
echo "$count messages, all translated"
