#!/usr/bin/env bash
# tests/bench/bench_intake.sh BUILD [--long] [--rows N] [--rounds N] [--sheet-rows N] [--peer-rows N] [--memory-rows N]
#                             [--base N] [--results FILE]: how fast questionnaires go in.
#   import    talent survey import of a CSV (20 columns and the day, 3 % bad rows, 10 % of its people known from an earlier
#             file) ÷ LOAD DATA LOCAL of the same file into one table with the keys of table person; ÷ mariadb-import of it;
#             ÷ csvsql --insert (csvkit) a row, measured on --peer-rows
#   check     the same file read and checked without a database (talent-bench-rows), and the same for .xlsx ÷ openpyxl
#   memory    peak of talent over a CSV of --memory-rows and an .xlsx of --sheet-rows, both as dry runs
#   large     import into a base of --base people ÷ into an empty one, a row
#   again     the next survey of the same people, and taking it back
# Rounds are interleaved: ours, then each peer. Medians of 3 (--long: 5) and the limits go to stdout, all rounds to
# BUILD/bench-intake.json. Each round has a base of its own. Trust the ratios: machines differ and are shared.
set -euo pipefail
build=$(readlink -f "$1")
shift
rows=200000 rounds=3 sheet_rows=200000 peer_rows=2000 memory_rows=1000000 base=500000 results=$build/bench-intake.json
while (($#)); do
    case $1 in
    --long) rows=1000000 rounds=5 sheet_rows=1000000 memory_rows=10000000 base=8000000 ;;
    --rows) rows=$2 && shift ;;
    --rounds) rounds=$2 && shift ;;
    --sheet-rows) sheet_rows=$2 && shift ;;
    --peer-rows) peer_rows=$2 && shift ;;
    --memory-rows) memory_rows=$2 && shift ;;
    --base) base=$2 && shift ;;
    --results) results=$2 && shift ;;
    *) sed -n '2,3s/^# //p' "$0" >&2 && exit 2 ;;
    esac
    shift
done
work=$(mktemp -d "${TMPDIR:-/tmp}/talent-bench-XXXXXX")
home=$work/home

finish() {
    "$build/talent" --home "$home" db stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
say() { printf '%s\n' "$*" >&2; }
fail() { say "bench: $*" && exit 1; }

talent() { # exit status 3 (done, with a remainder) is no failure here
    local status=0
    "$build/talent" --home "$home" --as-of 2012-10-08 --quiet --json "$@" || status=$?
    [ $status = 0 ] || [ $status = 3 ] || fail "'talent $*' ended with $status"
}
generate() { "$build/tests/data/talent-generate" "$@" >/dev/null; }
client() { mariadb --no-defaults --socket="$socket" --local-infile=1 --batch --skip-column-names "$database" "$@"; }
new_home() {
    talent db stop >/dev/null 2>&1 || true
    rm -rf "$home"
    mkdir -m 700 "$home"
    printf '{"review": null}\n' >"$home/talent.json" # nothing is put aside
    talent db start >/dev/null
    talent survey batches >/dev/null # brings the schema in
    socket=$(talent db status | sed -n 's/.*"socket": *"\([^"]*\)".*/\1/p')
    database=information_schema
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

# The file as a table: one column for each of its own, a number, and the two keys that table person has besides.
columns=(name sex id_number hukou_region in_city_hukou education occupation skill_level certificate_no certificate_date
    employer employer_town pension_months owns_home home_town wants_settlement intended_town family_planning_ok phone
    consent_sms filled_on)
bare_table() { # NAME
    local column definition='id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY'
    for column in "${columns[@]}"; do definition+=", $column VARCHAR(200) NULL"; done
    client --execute="DROP TABLE IF EXISTS $1; CREATE TABLE $1 ($definition, UNIQUE KEY (id_number), KEY (phone))"
}
load_bare() {
    client --execute="LOAD DATA LOCAL INFILE '$work/rows.csv' INTO TABLE bare CHARACTER SET utf8mb4
        FIELDS TERMINATED BY ',' LINES TERMINATED BY '\r\n' IGNORE 1 LINES ($(list "${columns[@]}"))"
}
load_import() {
    mariadb-import --no-defaults --socket="$socket" --local --default-character-set=utf8mb4 --fields-terminated-by=, \
        --lines-terminated-by='\r\n' --ignore-lines=1 --columns="$(list "${columns[@]}")" "$database" "$work/peer.csv"
}
load_csvsql() {
    csvsql --snifflimit 0 --db "mysql+pymysql://root@localhost/$database?unix_socket=$socket&charset=utf8mb4" --tables csvkit --insert \
        "$work/few.csv" 2>"$work/csvsql.log" || { cat "$work/csvsql.log" >&2 && exit 1; }
}
count() { client --execute="SELECT COUNT(*) FROM $1"; }

measure_import() {
    local round bad
    generate --rows "$rows" --broken 30 --csv "$work/rows.csv"
    generate --rows "$rows" --every 10 --csv "$work/known.csv"
    ln "$work/rows.csv" "$work/peer.csv"
    head -n $((peer_rows + 1)) "$work/rows.csv" >"$work/few.csv"
    for ((round = 0; round < rounds; round++)); do
        new_home
        talent survey import "$work/known.csv" >/dev/null
        import_s+=("$(seconds talent survey import "$work/rows.csv")")
        bad=$(client --execute='SELECT quarantined FROM batch WHERE id = 2')
        [ "$(client --execute='SELECT line_count FROM batch WHERE id = 2')" = "$rows" ] || fail "not all rows were read"
        [ "$(client --execute='SELECT COUNT(*) FROM answer WHERE batch_id = 2')" = $((rows - bad)) ] ||
            fail "not all sound rows were taken"
        bare_table bare
        load_s+=("$(seconds load_bare)")
        [ "$(count bare)" -gt $((rows * 95 / 100)) ] || fail "the peer did not load all rows"
        load_ratio+=("$(divide "${import_s[-1]}" "${load_s[-1]}")")
        bare_table peer
        mariadb_import_s+=("$(seconds load_import)")
        mariadb_import_ratio+=("$(divide "${import_s[-1]}" "${mariadb_import_s[-1]}")")
        if command -v csvsql >/dev/null && /usr/bin/python3 -c 'import pymysql' 2>/dev/null; then
            csvsql_us+=("$(divide "$(seconds load_csvsql)" "$(divide "$peer_rows" 1000000)")")
            csvsql_ratio+=("$(divide "${csvsql_us[-1]}" "$(divide "${import_s[-1]}" "$(divide "$rows" 1000000)")")")
            client --execute='DROP TABLE csvkit'
        fi
        measure_again
    done
}

# Everybody answers again, with pensions half a year further; then as if they had not.
measure_again() {
    [ -f "$work/again.csv" ] || sed 's/2012-09-18/2012-10-01/' "$work/rows.csv" >"$work/again.csv"
    again_s+=("$(seconds talent survey import "$work/again.csv")")
    undo_s+=("$(seconds talent survey undo 3)")
    again_ratio+=("$(divide "${again_s[-1]}" "${load_s[-1]}")")
    undo_ratio+=("$(divide "${undo_s[-1]}" "${load_s[-1]}")")
}

checked() { "$build/tests/bench/talent-bench-rows" "$1" | awk '{ printf "%.0f", $1 / $3 }'; } # FILE → rows/s
read_openpyxl() { # FILE → rows/s
    /usr/bin/python3 - "$1" <<'END'
import sys, time, openpyxl
began = time.time()
sheet = openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0]
print(round(sum(1 for row in sheet.iter_rows(values_only=True)) / (time.time() - began)))
END
}

measure_check() {
    local round few=$((sheet_rows < 20000 ? sheet_rows : 20000))
    generate --rows "$sheet_rows" --broken 30 --xlsx "$work/rows.xlsx"
    generate --rows "$few" --broken 30 --xlsx "$work/few.xlsx"
    for ((round = 0; round < rounds; round++)); do
        csv_per_s+=("$(checked "$work/rows.csv")")
        xlsx_per_s+=("$(checked "$work/rows.xlsx")")
        if /usr/bin/python3 -c 'import openpyxl' 2>/dev/null; then
            openpyxl_per_s+=("$(read_openpyxl "$work/few.xlsx")")
            openpyxl_ratio+=("$(divide "${xlsx_per_s[-1]}" "${openpyxl_per_s[-1]}")")
        fi
    done
}

peak() { # COMMAND…: MiB
    local status=0
    /usr/bin/time -o "$work/peak" -f %M "$@" >/dev/null || status=$?
    [ $status = 0 ] || [ $status = 3 ] || fail "'$*' ended with $status"
    awk 'END { printf "%.1f", $1 / 1024 }' "$work/peak"
}
measure_memory() {
    local dry=("$build/talent" --home "$home" --as-of 2012-10-08 --quiet survey import --dry-run)
    new_home
    xlsx_mib=("$(peak "${dry[@]}" "$work/rows.xlsx")")
    generate --rows "$memory_rows" --broken 30 --csv "$work/memory.csv"
    csv_mib=("$(peak "${dry[@]}" "$work/memory.csv")")
    rm "$work/memory.csv"
}

# Other people than those of the file; their table alone, as that is where the keys are.
measure_large() {
    local empty_s
    new_home
    empty_s=$(seconds talent survey import "$work/rows.csv")
    new_home
    generate --seed 7 --rows "$base" --bare "$work/base.bare"
    client --execute="SET unique_checks = 0, foreign_key_checks = 0;
        LOAD DATA LOCAL INFILE '$work/base.bare' INTO TABLE person CHARACTER SET binary"
    rm "$work/base.bare"
    [ "$(count person)" = "$base" ] || fail "the base was not filled"
    client --execute="UPDATE base_state SET person_number = $base"
    large_s=("$(seconds talent survey import "$work/rows.csv")")
    large_peer=("$empty_s") large_ratio=("$(divide "${large_s[0]}" "$empty_s")")
}

json_line() { # NAME UNIT OURS PEER RATIO (names of arrays)
    local -n ours=$3 peer=$4 ratio=$5
    printf '  "%s": {"unit": "%s", "ours": [%s], "peer": [%s], "ratio": [%s]}' "$1" "$2" \
        "$(list "${ours[@]}")" "$(list "${peer[@]}")" "$(list "${ratio[@]}")"
}
table_line() { # WHAT UNIT FORMAT OURS PEER-NAME PEER RATIO LIMIT
    local -n ours=$4 peer=$6 ratio=$7
    local against='-' times='-'
    ((${#peer[@]} == 0)) || { against=$(printf "$3" "$(median "${peer[@]}")"); times=$(printf '%.2f' "$(median "${ratio[@]}")"); }
    printf '%-46s %10s %-7s %-30s %10s %8s  %s\n' "$1" "$(printf "$3" "$(median "${ours[@]}")")" "$2" "$5" "$against" "$times" "$8"
}

import_s=() load_s=() load_ratio=() mariadb_import_s=() mariadb_import_ratio=() csvsql_us=() csvsql_ratio=() again_s=() undo_s=()
again_ratio=() undo_ratio=() csv_per_s=() xlsx_per_s=() openpyxl_per_s=() openpyxl_ratio=() none=()

say "import of $rows rows, $rounds rounds…"
measure_import
say "reading and checking…"
measure_check
say "memory…"
measure_memory
say "a base of $base people…"
measure_large

row_us=("$(divide "$(median "${import_s[@]}")" "$(divide "$rows" 1000000)")")
{
    printf '{\n  "rounds": %d, "rows": %d, "sheet_rows": %d, "memory_rows": %d, "base": %d,\n' \
        "$rounds" "$rows" "$sheet_rows" "$memory_rows" "$base"
    json_line import s import_s load_s load_ratio && echo ,
    json_line mariadb_import s import_s mariadb_import_s mariadb_import_ratio && echo ,
    json_line csvsql us row_us csvsql_us csvsql_ratio && echo ,
    json_line again s again_s load_s again_ratio && echo ,
    json_line undo s undo_s load_s undo_ratio && echo ,
    json_line check 1/s csv_per_s none none && echo ,
    json_line xlsx 1/s xlsx_per_s openpyxl_per_s openpyxl_ratio && echo ,
    json_line csv_memory MiB csv_mib none none && echo ,
    json_line xlsx_memory MiB xlsx_mib none none && echo ,
    json_line large s large_s large_peer large_ratio && printf '\n}\n'
} >"$results"

printf '%-46s %10s %-7s %-30s %10s %8s  %s\n' "medians of $rounds rounds" ours '' 'peer in the same run' peer ratio limit
table_line "survey import, $rows rows" s %.2f import_s 'LOAD DATA LOCAL, same file' load_s load_ratio '≤ 1.5'
table_line '' s %.2f import_s 'mariadb-import' mariadb_import_s mariadb_import_ratio '≤ 1.33'
if ((${#csvsql_us[@]})); then
    table_line 'one row of it' µs %.1f row_us 'csvsql --insert, one row' csvsql_us csvsql_ratio '≥ 30 times'
else
    echo 'csvsql (packages csvkit, python3-pymysql) is not installed: not measured'
fi
table_line 'read and checked, .csv' rows/s %.0f csv_per_s '' none none '≥ 1000000'
if ((${#openpyxl_per_s[@]})); then
    table_line "read and checked, .xlsx of $sheet_rows rows" rows/s %.0f xlsx_per_s 'openpyxl read-only' openpyxl_per_s openpyxl_ratio \
        '≥ 300000, ≥ 30 times'
else
    table_line "read and checked, .xlsx of $sheet_rows rows" rows/s %.0f xlsx_per_s 'openpyxl is not installed' none none '≥ 300000'
fi
table_line "peak memory, .csv of $memory_rows rows" MiB %.1f csv_mib '' none none '≤ 128'
table_line "peak memory, .xlsx of $sheet_rows rows" MiB %.1f xlsx_mib '' none none '≤ 128'
table_line "import into a base of $base people" s %.2f large_s 'into an empty one' large_peer large_ratio '≤ 1.5'
table_line 'the same people surveyed again' s %.2f again_s 'LOAD DATA LOCAL, same file' load_s again_ratio ''
table_line 'that survey undone' s %.2f undo_s 'LOAD DATA LOCAL, same file' load_s undo_ratio ''
say "all rounds: $results"
