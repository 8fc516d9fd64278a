#!/usr/bin/env bash
# tests/bench/bench_policy.sh BUILD [--people N] [--rounds N] [--home DIR] [--duckdb DIR]: sizing on planes.
#   command   talent policy size --by employer_town,skill_level, process and connection included
#   what-if   by employer_town with three parameters moved, counting alone ÷ DuckDB (2 threads, its own table), same rows
#   patch     first sizing after 10,000 people changed ÷ warm
#   build     first sizing of all ÷ the mariadb client reading the same columns of everyone once
#   base      the same question to the base itself
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

facts='id, pension_on, sex, birth_date, in_city_hukou, skill_level, certificate_type, certificate_date, employer_town,
  pension_months, pension_gap_known, school_kind, school_province, graduation_date, family_planning_ok, no_criminal_record,
  no_banned_organisation, owns_home, home_town, wants_settlement, intended_town, consent_sms, education'
read_all() { client --quick --execute="SELECT $facts FROM person"; }
size() { talent policy size --by employer_town,skill_level; }
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

read_s=() build_s=() warm_s=() patch_s=() whatif_ms=() duck_ms=()
for ((i = 0; i < 2; i++)); do
    read_s+=("$(seconds read_all)")
    rm -rf "$home/planes"
    build_s+=("$(seconds talent policy size)")
done
for ((i = 0; i < rounds; i++)); do
    size >/dev/null
    warm_s+=("$(seconds size)")
    change_people $((i + 1)) >/dev/null
    patch_s+=("$(seconds size)")
done
base_s=$(seconds size_in_base)
cmp -s <(size) <(size_in_base) || { echo "bench: planes and base say different things" >&2; exit 1; }
bytes=$(divide "$(stat -c %s "$home"/planes/* | awk '{ s += $1 } END { print s }')" "$people")

if [ -z "$duckdb" ] && command -v npm >/dev/null; then
    duckdb=$work/duckdb
    mkdir "$duckdb"
    (cd "$duckdb" && npm init -y && npm install @duckdb/node-api) >/dev/null 2>&1 || duckdb=
fi
mapfile -t whatif_ms < <("$build/tests/bench/talent-bench-planes" "$home" $((rounds + 1)) employer_town "${moved[@]}" | awk 'NR > 1 { print $1 + $2 }')
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
[ ${#duck_ms[@]} = 0 ] && line '  DuckDB: could not be had' - - || line '  DuckDB, 2 threads, own table, town and route, ms' "$(median "${duck_ms[@]}")" -
line 'first sizing after 10,000 people changed, s (÷ warm)' "$(median "${patch_s[@]}")" "$(divide "$(median "${patch_s[@]}")" "$(median "${warm_s[@]}")")"
line 'first sizing, planes from nothing, s (÷ a client that reads all)' "$(median "${build_s[@]}")" "$(divide "$(median "${build_s[@]}")" "$(median "${read_s[@]}")")"
line 'bytes a person on disk' "$bytes" -
