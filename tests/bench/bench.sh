#!/usr/bin/env bash
# tests/bench/bench.sh BUILD [--long] [--rows N] [--people N] [--results FILE]: first measurements.
# Each figure is measured beside a peer in the same run, because machines differ and are shared: trust the ratios.
#   import    talent survey import of a CSV of 200,000 rows ÷ bare LOAD DATA LOCAL of the same people, same columns and keys
#   sizing    talent policy size of 1,000,000 people by two facts ÷ a plain GROUP BY of the same two in the same table
#   start     talent --help
# Medians of 3 rounds (5 with --long). The table goes to stdout, all rounds to BUILD/bench-results.json.
set -euo pipefail
build=$(readlink -f "$1")
shift
rounds=3 rows=200000 people=1000000 results=$build/bench-results.json
while (($#)); do
    case $1 in
    --long) rounds=5 ;;
    --rows) rows=$2 && shift ;;
    --people) people=$2 && shift ;;
    --results) results=$2 && shift ;;
    *) echo "usage: bench.sh BUILD [--long] [--rows N] [--people N] [--results FILE]" >&2 && exit 2 ;;
    esac
    shift
done
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d "${TMPDIR:-/tmp}/talent-bench-XXXXXX")
home=$work/home

finish() {
    "$build/talent" --home "$home" db stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
say() { printf '%s\n' "$*" >&2; }

talent() { # exit status 3 (done, with a remainder) is no failure here
    local status=0
    "$build/talent" --home "$home" --as-of 2012-10-08 --quiet "$@" || status=$?
    [ $status = 0 ] || [ $status = 3 ] || { say "bench: 'talent $*' ended with $status"; exit 1; }
}
generate() { "$build/tests/data/talent-generate" "$@" >/dev/null; }
client() { mariadb --no-defaults --socket="$socket" --local-infile=1 --batch --skip-column-names ${database:+"$database"} "$@"; }
new_home() {
    talent db stop >/dev/null 2>&1 || true
    rm -rf "$home"
    mkdir -m 700 "$home"
    talent db start >/dev/null
    talent survey batches >/dev/null # brings the schema in
    socket=$(talent --json db status | sed -n 's/.*"socket": *"\([^"]*\)".*/\1/p')
    database=
    database=$(client --execute="SELECT table_schema FROM information_schema.tables WHERE table_name = 'base_state'")
}
seconds() { # COMMAND…: wall time
    local before=$EPOCHREALTIME
    "$@" >/dev/null
    awk -v a="$before" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f", b - a }'
}
median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
divide() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f", a / b }'; }
list() { local IFS=,; echo "$*"; }

# The columns of table person in its own order, as talent-generate --bare writes them.
load_bare() { # TABLE FILE
    client --execute="LOAD DATA LOCAL INFILE '$2' INTO TABLE $1 CHARACTER SET binary"
}

measure_import() {
    local round
    generate --rows "$rows" --csv "$work/rows.csv" --bare "$work/rows.bare"
    for ((round = 0; round < rounds; round++)); do
        new_home
        import_s+=("$(seconds talent survey import "$work/rows.csv")")
        client --execute='CREATE TABLE bare LIKE person'
        load_s+=("$(seconds load_bare bare "$work/rows.bare")")
        [ "$(client --execute='SELECT COUNT(*) FROM person')" = "$rows" ] || { say "bench: not all rows were imported"; exit 1; }
        [ "$(client --execute='SELECT COUNT(*) FROM bare')" = "$rows" ] || { say "bench: not all rows were loaded"; exit 1; }
        import_ratio+=("$(divide "${import_s[-1]}" "${load_s[-1]}")")
    done
}

group_by() { client --execute='SELECT employer_town, skill_level, COUNT(*) FROM person GROUP BY employer_town, skill_level'; }

measure_sizing() {
    local round
    new_home
    generate --rows "$people" --bare "$work/people.bare"
    load_bare person "$work/people.bare"
    client --execute='ANALYZE TABLE person' >/dev/null
    for ((round = 0; round < rounds; round++)); do
        group_s+=("$(seconds group_by)")
        size_s+=("$(seconds talent policy size --by employer_town,skill_level)")
        size_ratio+=("$(divide "${size_s[-1]}" "${group_s[-1]}")")
    done
}

help_often() { local i; for ((i = 0; i < 50; i++)); do "$build/talent" --help >/dev/null; done; }
true_often() { local i; for ((i = 0; i < 50; i++)); do /bin/true; done; }

measure_start() {
    local round
    for ((round = 0; round < rounds; round++)); do
        start_s+=("$(divide "$(seconds help_often)" 50)")
        true_s+=("$(divide "$(seconds true_often)" 50)")
        start_ratio+=("$(divide "${start_s[-1]}" "${true_s[-1]}")")
    done
}

# MEASURE, what, peer, ratio as arrays: one object of the results file, one line of the table.
json_line() { # NAME UNIT OURS PEER RATIO (names of arrays)
    local -n ours=$3 peer=$4 ratio=$5
    printf '  "%s": {"unit": "%s", "ours": [%s], "peer": [%s], "ratio": [%s]}' "$1" "$2" \
        "$(list "${ours[@]}")" "$(list "${peer[@]}")" "$(list "${ratio[@]}")"
}
table_line() { # WHAT UNIT FORMAT OURS PEER-NAME PEER RATIO
    local -n ours=$4 peer=$6 ratio=$7
    local against='-' times='-'
    ((${#peer[@]} == 0)) || { against=$(printf "$3" "$(median "${peer[@]}")"); times=$(printf '%.2f' "$(median "${ratio[@]}")"); }
    printf "%-44s %12s %-6s %-34s %12s %9s\n" "$1" "$(printf "$3" "$(median "${ours[@]}")")" "$2" "$5" "$against" "$times"
}

import_s=() load_s=() import_ratio=()
size_s=() group_s=() size_ratio=() start_s=() true_s=() start_ratio=()

say "import of $rows rows, $rounds rounds…"
measure_import
say "sizing of $people people, $rounds rounds…"
measure_sizing
say "start…"
measure_start

{
    printf '{\n  "rounds": %d, "rows": %d, "people": %d,\n' "$rounds" "$rows" "$people"
    json_line import s import_s load_s import_ratio && echo ,
    json_line sizing s size_s group_s size_ratio && echo ,
    json_line start s start_s true_s start_ratio && printf '\n}\n'
} >"$results"

printf "%-44s %12s %-6s %-34s %12s %9s\n" "medians of $rounds rounds" ours '' 'peer in the same run' peer 'ratio'
table_line "survey import, $rows rows" s %.2f import_s 'LOAD DATA LOCAL, same keys' load_s import_ratio
table_line "policy size --by town,level, $people people" s %.2f size_s 'plain GROUP BY, same table' group_s size_ratio
table_line "talent --help" s %.4f start_s '/bin/true' true_s start_ratio
say "all rounds: $results"
