#!/usr/bin/env bash
# tests/bench/bench_policy.sh BUILD [--people N] [--rounds N] [--home DIR] [--duckdb DIR]: sizing on planes.
#   command   talent policy size --by employer_town,skill_level, process and connection included
#   what-if   by employer_town with three parameters moved, counting alone ÷ DuckDB (2 threads, its own table), same rows
#   courses   policy frontier over 60 values, policy forecast over 24 months, whole commands
#   patch     first sizing after 10,000 people changed ÷ warm
#   build     first sizing of all ÷ the mariadb client reading the same columns of everyone once
#   base      the same question to the base itself, and how the server goes about it (EXPLAIN)
#   import    an import of 20,000 rows into an empty base ÷ the same less what its line in the book of changes takes, which
#             is all that an import does for planes
# --home DIR: a base that is already filled. --duckdb DIR: the folder where npm put @duckdb/node-api (or it is fetched; without
# npm the peer is left out). Medians; the table goes to stdout.
set -euo pipefail
build=$(readlink -f "$1")
shift
people=1000000 rounds=5 home= duckdb=
while (($#)); do
    case $1 in
    --people) people=$2 && shift ;;
    --rounds) rounds=$2 && shift ;;
    --home) home=$(readlink -f "$2") && shift ;;
    --duckdb) duckdb=$(readlink -f "$2") && shift ;;
    *) echo "usage: bench_policy.sh BUILD [--people N] [--rounds N] [--home DIR] [--duckdb DIR]" >&2 && exit 2 ;;
    esac
    shift
done
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d "${TMPDIR:-/tmp}/talent-bench-XXXXXX")
own=
[ -n "$home" ] || own=$work/home

finish() {
    [ -z "$own" ] || "$build/talent" --home "$own" db stop >/dev/null 2>&1 || true
    [ ! -d "$work/import" ] || "$build/talent" --home "$work/import" db stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT

talent() { "$build/talent" --home "$home" --as-of 2012-10-08 --quiet --json "$@"; }
client() { mariadb --no-defaults --socket="$socket" --local-infile=1 --batch --skip-column-names ${database:+"$database"} "$@"; }
seconds() {
    local before=$EPOCHREALTIME
    "$@" >/dev/null
    awk -v a="$before" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f", b - a }'
}
median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
divide() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }
line() { printf '%-64s %12s %10s\n' "$@"; }

if [ -n "$own" ]; then
    home=$own
    mkdir -m 700 "$home"
fi
talent db start >/dev/null
talent survey batches >/dev/null
socket=$(talent db status | sed -n 's/.*"socket": *"\([^"]*\)".*/\1/p')
database=
database=$(client --execute="SELECT table_schema FROM information_schema.tables WHERE table_name = 'base_state'")
if [ -n "$own" ]; then
    "$build/tests/data/talent-generate" --rows "$people" --bare "$work/people" >/dev/null
    client --execute="LOAD DATA LOCAL INFILE '$work/people' INTO TABLE person CHARACTER SET binary"
    rm "$work/people"
fi
people=$(client --execute='SELECT COUNT(*) FROM person')

# The statement by which the base itself is asked, as the server was given it, and its EXPLAIN.
explain_sizing() {
    client --execute="SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 1"
    size_in_base >/dev/null
    client --execute='SET GLOBAL general_log = 0'
    local statement
    statement=$(client --raw --execute="SELECT argument FROM mysql.general_log WHERE command_type = 'Execute'
        AND argument LIKE '%GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9%' ORDER BY event_time DESC LIMIT 1")
    client --table --column-names --execute="EXPLAIN $statement"
}

# What an import writes into the book of changes, written once more; less what the client takes to do nothing.
measure_import() {
    local home=$work/import socket database= book nothing
    mkdir -m 700 "$home"
    "$build/tests/data/talent-generate" --rows 20000 --broken 30 --csv "$work/rows.csv" >/dev/null
    talent db start >/dev/null
    talent survey batches >/dev/null
    socket=$(talent db status | sed -n 's/.*"socket": *"\([^"]*\)".*/\1/p')
    database=$(client --execute="SELECT table_schema FROM information_schema.tables WHERE table_name = 'base_state'")
    import_s=$(seconds talent survey import "$work/rows.csv")
    nothing=$(seconds client --execute='DO 1')
    book=$(seconds client --execute='INSERT INTO person_change (version, first_person, last_person, persons)
        SELECT version + 1000, first_person, last_person, persons FROM person_change')
    import_ratio=$(awk -v i="$import_s" -v b="$book" -v n="$nothing" 'BEGIN { w = b > n ? b - n : 0; printf "%.3f", i / (i - w) }')
    talent db stop >/dev/null
}

facts='id, pension_on, sex, birth_date, in_city_hukou, skill_level, certificate_type, certificate_date, employer_town,
  pension_months, pension_gap_known, school_kind, school_province, graduation_date, family_planning_ok, no_criminal_record,
  no_banned_organisation, owns_home, home_town, wants_settlement, intended_town, consent_sms, education'
read_all() { client --quick --execute="SELECT $facts FROM person"; }
size() { talent policy size --by employer_town,skill_level; }
frontier() { talent policy frontier age_max 16 75 1; }
forecast() { talent policy forecast --months 24; }
size_in_base() { talent policy size --by employer_town,skill_level --from-base; }
moved=(age_max=50 pension_months_min=12 graduation_window=two_years)

# Ten thousand people far apart get other pension months, found by their keys and put into the book as an import would do it.
change_people() {
    local seq="seq_$1_to_${people}_step_$((people / 10000))"
    client --execute="SET SESSION group_concat_max_len = 1000000; START TRANSACTION;
        UPDATE base_state SET people_version = people_version + 1;
        UPDATE $seq k STRAIGHT_JOIN person p ON p.id = k.seq SET p.pension_months = 1 + (IFNULL(p.pension_months, 0) + 5) % 60;
        INSERT INTO person_change (version, first_person, last_person, persons)
          SELECT (SELECT people_version FROM base_state), 1, 0, GROUP_CONCAT(UNHEX(LPAD(HEX(seq), 16, '0')) ORDER BY seq SEPARATOR '')
          FROM $seq; COMMIT"
}

read_s=() build_s=() warm_s=() patch_s=() frontier_s=() forecast_s=() whatif_ms=() duck_ms=() import_s= import_ratio=
for ((i = 0; i < 2; i++)); do
    read_s+=("$(seconds read_all)")
    rm -rf "$home/planes"
    build_s+=("$(seconds talent policy size)")
done
for ((i = 0; i < rounds; i++)); do
    size >/dev/null
    warm_s+=("$(seconds size)")
    frontier_s+=("$(seconds frontier)")
    forecast_s+=("$(seconds forecast)")
    change_people $((i + 1)) >/dev/null
    patch_s+=("$(seconds size)")
done
base_s=$(seconds size_in_base)
explain=$(explain_sizing)
measure_import
cmp -s <(size) <(size_in_base) || { echo "bench: planes and base say different things" >&2; exit 1; }
bytes=$(divide "$(stat -c %s "$home"/planes/* | awk '{ s += $1 } END { print s }')" "$people")

if [ -z "$duckdb" ] && command -v npm >/dev/null; then
    duckdb=$work/duckdb
    mkdir "$duckdb"
    (cd "$duckdb" && npm init -y && npm install @duckdb/node-api) >/dev/null 2>&1 || duckdb=
fi
"$build/tests/bench/talent-bench-planes" "$home" $((rounds + 1)) employer_town "${moved[@]}" | tail -n +2 >"$work/whatif"
mapfile -t open_ms < <(cut -d' ' -f1 "$work/whatif")
mapfile -t count_ms < <(cut -d' ' -f2 "$work/whatif")
mapfile -t whatif_ms < <(awk '{ print $1 + $2 }' "$work/whatif")
if [ -n "$duckdb" ]; then
    client --quick --execute="SELECT employer_town, skill_level, certificate_type, pension_months, pension_on, birth_date, school_kind,
        school_province, graduation_date, family_planning_ok, no_criminal_record, no_banned_organisation, in_city_hukou
        FROM person" >"$work/people.tsv"
    cp "$here/peer_duckdb.mjs" "$duckdb/"
    mapfile -t duck_ms < <(node "$duckdb/peer_duckdb.mjs" "$work/people.tsv" $((rounds + 1)) | tail -n +2)
    mapfile -t again_ms < <("$build/tests/bench/talent-bench-planes" "$home" $((rounds + 1)) employer_town "${moved[@]}" | awk 'NR > 1 { print $1 + $2 }')
    whatif_ms+=("${again_ms[@]}") # before and after the peer, because the machine is shared
fi

line "$people people, medians of $rounds" value '÷ peer'
line 'policy size --by employer_town,skill_level, whole command, s' "$(median "${warm_s[@]}")" "$(divide "$(median "${warm_s[@]}")" "$base_s")"
line '  the same in the base itself (once), s' "$base_s" -
line 'what-if by town, three parameters moved, counting alone, ms' "$(median "${whatif_ms[@]}")" \
    "$([ ${#duck_ms[@]} = 0 ] && echo - || divide "$(median "${whatif_ms[@]}")" "$(median "${duck_ms[@]}")")"
line '  of it opening the files, ms; counting, ms' "$(median "${open_ms[@]}")" "$(median "${count_ms[@]}")"
[ ${#duck_ms[@]} = 0 ] && line '  DuckDB: could not be had' - - || line '  DuckDB, 2 threads, own table, town and route, ms' "$(median "${duck_ms[@]}")" -
line 'policy frontier over 60 values, whole command, s' "$(median "${frontier_s[@]}")" -
line 'policy forecast --months 24, whole command, s' "$(median "${forecast_s[@]}")" -
line 'first sizing after 10,000 people changed, s (÷ warm)' "$(median "${patch_s[@]}")" "$(divide "$(median "${patch_s[@]}")" "$(median "${warm_s[@]}")")"
line 'first sizing, planes from nothing, s (÷ a client that reads all)' "$(median "${build_s[@]}")" "$(divide "$(median "${build_s[@]}")" "$(median "${read_s[@]}")")"
line 'import of 20,000 rows, s (÷ without its line in the book of changes)' "$import_s" "$import_ratio"
line 'bytes a person on disk' "$bytes" -
printf '\nThe statement of the sizing in the base itself, as the server goes about it:\n%s\n' "$explain"
