#!/usr/bin/env bash
# tests/lint/sources.sh SOURCE: rules of the house that a text search can see.
#   no "../" in includes; foreign headers in their own rooms; no SQL text in C outside sql/ and tests/;
#   files of at most 450 lines, functions of at most 70; nothing left for later.
set -euo pipefail
shopt -s lastpipe # report runs in this shell, or its verdict would be lost
cd "$1"
failed=0
report() { # TITLE, findings on stdin
    local found
    found=$(cat)
    [ -n "$found" ] || return 0
    printf '%s:\n%s\n\n' "$1" "$found"
    failed=1
}

rooms='base sql people audit account survey policy outreach'
room_files=$(find $rooms talent.c -name '*.[ch]' | LC_ALL=C sort)
all_files=$(find $rooms tests talent.c \( -name '*.[ch]' -o -name '*.sh' \) | LC_ALL=C sort)
[ "$(wc -l <<<"$room_files")" -gt 20 ] || { echo "the sources are not where they are looked for"; exit 1; }

grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]+"\.\./' $all_files | report 'an include climbs with "../"' || true

foreign() { # HEADER FILES-ALLOWED…: lines that include it elsewhere
    local header=$1
    shift
    grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]+[<\"]($header)" $room_files |
        { if [ $# -gt 0 ]; then grep -vE "^($(IFS='|'; echo "$*"))"; else cat; fi; } || true
}
foreign 'mysql\.h|mysql/|mariadb/' 'sql/' 'base/poison\.h:' | report '<mysql.h> belongs to sql/'
foreign 'curl/' 'outreach/' | report '<curl/curl.h> belongs to outreach/'
foreign 'microhttpd\.h' 'base/listener\.c:' | report '<microhttpd.h> belongs to base/listener.c'

# SQL text: a string literal that begins like a statement, or holds the middle of one.
grep -nE '"[[:space:]]*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|TRUNCATE|LOAD DATA)[[:space:]]|"[^"]*[[:space:]](FROM|WHERE|JOIN|GROUP BY|ORDER BY)[[:space:]]+[a-z_?]' \
    $(grep -v '^sql/' <<<"$room_files") | report 'SQL text outside sql/' || true

wc -l $all_files | awk '$2 != "total" && $1 > 450 { print $2 ": " $1 " lines" }' | report 'a file is longer than 450 lines'

# In the house's layout a function's braces stand alone in the first column.
awk 'FNR == 1 { start = 0 }
     /^\{/ { start = FNR; name = previous }
     /^\}/ { if (start && FNR - start - 1 > 70) print FILENAME ":" start ": " FNR - start - 1 " lines"; start = 0 }
     { previous = $0 }' $(grep '\.c$' <<<"$all_files") | report 'a function is longer than 70 lines'
functions=$(grep -c '^{' $(grep '\.c$' <<<"$room_files") | awk -F: '{ sum += $2 } END { print sum }')
[ "$functions" -gt 100 ] || { echo "only $functions functions were measured"; failed=1; }

grep -nE '\b(TODO|FIXME|XXX|HACK|TBD|WIP)\b|[Nn]ot (yet )?implemented|for now\b|\b[Ss]tub\b' \
    $(grep -v '^tests/lint/' <<<"$all_files") | report 'something was left for later' || true

printf '%d files, %d functions\n' "$(wc -l <<<"$all_files")" "$functions"
exit $failed
