#!/usr/bin/env bash
# tests/bench/bench_outreach.sh BUILD [--long] [--rounds N] [--rows N] [--seconds N] [--results FILE]: how fast messages go out and receipts
# come in. Every figure stands beside a peer on the same endpoint in the same round; rounds are interleaved.
#   send      outreach dispatch, a message a request over 64 kept connections, claims committed before and outcomes after
#             ÷ a bare libcurl loop (talent-bench-send) ÷ wrk -t1 -c64; the endpoint is the bundled gateway, without receipts
#   receipts  the same with two receipts a message, until the last one is matched
#   many      100 messages a request ÷ wrk's requests/s
#   two       two workers ÷ one, the same campaign
#   kannel    into Debian's Kannel ÷ wrk into the same Kannel (packages kannel; in a network of its own, as its ports need)
#   smsd      ÷ gammu-smsd with its MySQL queue and its dummy phone (package gammu-smsd)
#   take      receipts pushed by wrk, one a request, until all are stored and matched ÷ wrk on a bare libmicrohttpd handler
#   plan      outreach plan of everybody ÷ one INSERT … SELECT of as many messages into a copy of the same table
#   memory    peak of a worker, at this campaign and at a quarter of it
# Medians of 5 rounds and the goals go to stdout, all rounds to BUILD/bench-outreach.json. Machines differ and are shared:
# trust the ratios.
set -euo pipefail
build=$(readlink -f "$1")
shift
rounds=5 rows=36000 seconds=2 results=$build/bench-outreach.json
while (($#)); do
    case $1 in
    --long) rows=400000 seconds=5 ;;
    --rounds) rounds=$2 && shift ;;
    --rows) rows=$2 && shift ;;
    --seconds) seconds=$2 && shift ;;
    --results) results=$2 && shift ;;
    *) sed -n '2s/^# //p' "$0" >&2 && exit 2 ;;
    esac
    shift
done
here=$(dirname "$(readlink -f "$0")")
# Alone on a network of its own, where that is to be had: so no port of this run meets another's.
if [ -z "${TALENT_BENCH_ALONE:-}" ] && unshare -rn sh -c 'ip link set lo up' 2>/dev/null; then
    TALENT_BENCH_ALONE=yes exec unshare -rn sh -c 'ip link set lo up && exec "$@"' sh \
        "$0" "$build" --rounds "$rounds" --rows "$rows" --seconds "$seconds" --results "$results"
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/talent-bench-XXXXXX")
home=$work/home
children=()

finish() {
    local child
    for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
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
client() { mariadb --no-defaults --socket="$socket" --batch --skip-column-names "$database" --execute="$1"; }
median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
divide() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f", (b > 0 ? a / b : 0) }'; }
list() { local IFS=,; echo "$*"; }
number() { sed -n 's/.*"'"$1"'": *\([0-9]*\).*/\1/p' "$2" | head -n 1; } # KEY FILE
seconds_of() { # COMMAND…: wall time
    local before=$EPOCHREALTIME
    "$@" >/dev/null
    awk -v a="$before" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f", b - a }'
}
first_line() { # FILE: waits for it
    local i
    for ((i = 0; i < 100; i++)); do
        [ ! -s "$1" ] || { head -n 1 "$1" && return; }
        sleep 0.1
    done
    fail "nothing in '$1'"
}

prepare() {
    mkdir -m 700 "$home" "$home/gateways"
    printf '{"review": null}\n' >"$home/talent.json"
    "$build/tests/data/talent-generate" --rows "$rows" --csv "$work/rows.csv" >/dev/null
    talent survey import "$work/rows.csv" >/dev/null
    socket=$(talent db status | sed -n 's/.*"socket": *"\([^"]*\)".*/\1/p')
    database=information_schema
    database=$(client "SELECT table_schema FROM information_schema.tables WHERE table_name = 'base_state'")
    mute simulator && mute simulator-batch && mute kannel
    "$build/talent" --home "$work/gateway" --lang en outreach simulate --port 0 >"$work/gateway.out" 2>"$work/gateway.log" &
    children+=($!)
    port=$(first_line "$work/gateway.log" | sed -n 's/.*127\.0\.0\.1:\([0-9]*\).*/\1/p')
    [ -n "$port" ] || fail "the bundled gateway does not start"
    printf '{"to": "13000000000", "text": "%s", "from": "12333", "reference": "%032d", "callback": "", "replies": ""}' \
        "$(printf '东莞%.0s' {1..30})" 0 >"$work/body"
}
mute() { # TYPE: one of the home's own without receipts
    python3 - "$here/../../outreach/gateways/$1.json" "$home/gateways/mute-$1.json" <<'END'
import json, sys
gateway = json.load(open(sys.argv[1]))
gateway.pop("receipt", None), gateway.pop("reply", None), gateway.pop("query", None)
gateway["limits"]["rate_per_s"] = 0
json.dump(gateway, open(sys.argv[2], "w"))
END
}
gateway_is() { # TYPE URL [MORE]
    printf '{"review": null, "gateway": "bench", "gateways": {"bench": {"type": "%s", "url": "%s", "connections": 64%s}},
             "receive": {"listen": "127.0.0.1:%s"}, "window": null, "cap": {"messages": 1000, "days": 1}}\n' \
        "$1" "$2" "${3:-}" "${4:-0}" >"$home/talent.json"
}
# Everybody likely, in an outbox that holds nothing else. WHERE narrows it down.
campaign() { # NAME [WHERE]
    client 'SET foreign_key_checks = 0; TRUNCATE delivery_event; TRUNCATE message; TRUNCATE lease; TRUNCATE receipt;
            DELETE FROM suppression; DELETE FROM campaign'
    plan_s_now=$(seconds_of talent outreach plan "$1" --template settlement-invitation ${2:+--where "$2"})
    talent outreach approve "$1" >/dev/null
    talent outreach launch "$1" >/dev/null
    messages=$(client 'SELECT COUNT(*) FROM message')
}
dispatch() { # OUT: rate in messages/s
    talent outreach dispatch --until-done >"$1"
    [ "$(client "SELECT COUNT(*) FROM message WHERE state IN ('queued', 'claimed')")" = 0 ] || fail "messages were left behind"
    divide "$(number sent "$1")" "$(divide "$(number elapsed_ms "$1")" 1000)"
}
requests() { awk '/Requests\/sec/ { print $2 }'; }
wrk_send() { wrk -t1 -c64 -d"${seconds}s" -s "$here/post.lua" "http://127.0.0.1:$port/send" | requests; }
bare_send() { "$build/tests/bench/talent-bench-send" "http://127.0.0.1:$port/send" "$seconds" 64 "$work/body"; }

measure_send() {
    gateway_is mute-simulator "http://127.0.0.1:$port/send"
    campaign "send-$1"
    plan_s+=("$plan_s_now") messages_planned=$messages
    client 'DROP TABLE IF EXISTS copied; CREATE TABLE copied LIKE message'
    insert_s+=("$(seconds_of client "INSERT INTO copied (campaign_id, person_id, verdict, route, phone_hash, phone, text, gaps, segments,
        reference) SELECT campaign_id, person_id, verdict, route, phone_hash, phone, text, gaps, segments, reference FROM message")")
    client 'DROP TABLE copied'
    plan_ratio+=("$(divide "${plan_s[-1]}" "${insert_s[-1]}")")
    send_per_s+=("$(dispatch "$work/send.json")")
    bare_per_s+=("$(bare_send)")
    wrk_per_s+=("$(wrk_send)")
    bare_ratio+=("$(divide "${send_per_s[-1]}" "${bare_per_s[-1]}")")
    wrk_ratio+=("$(divide "${send_per_s[-1]}" "${wrk_per_s[-1]}")")
}
measure_receipts() {
    gateway_is simulator "http://127.0.0.1:$port/send"
    campaign "receipts-$1"
    receipts_per_s+=("$(dispatch "$work/receipts.json")")
    [ "$(client "SELECT COUNT(*) FROM message WHERE state = 'delivered'")" = "$messages" ] || fail "receipts are missing"
    receipts_ratio+=("$(divide "${receipts_per_s[-1]}" "${wrk_per_s[-1]}")")
}
measure_many() {
    gateway_is mute-simulator-batch "http://127.0.0.1:$port/send"
    campaign "many-$1"
    many_per_s+=("$(dispatch "$work/many.json")")
    many_ratio+=("$(divide "${many_per_s[-1]}" "${wrk_per_s[-1]}")")
}
measure_two() {
    local slowest
    gateway_is mute-simulator "http://127.0.0.1:$port/send"
    campaign "two-$1"
    talent outreach dispatch --until-done >"$work/one.json" &
    local other=$!
    talent outreach dispatch --until-done >"$work/other.json"
    wait "$other"
    [ "$(client "SELECT COUNT(*) FROM message WHERE state = 'sent'")" = "$messages" ] || fail "two workers left messages behind"
    slowest=$(printf '%s\n' "$(number elapsed_ms "$work/one.json")" "$(number elapsed_ms "$work/other.json")" | sort -n | tail -n 1)
    two_per_s+=("$(divide "$messages" "$(divide "$slowest" 1000)")")
    two_ratio+=("$(divide "${two_per_s[-1]}" "${send_per_s[-1]}")")
}
# The messages of the last dispatch are open again; wrk pushes a receipt for each of them, over and over.
measure_take() {
    local token began taken bare
    client "UPDATE message SET state = 'sent', settled_at = NULL; SET foreign_key_checks = 0; TRUNCATE receipt"
    client 'SELECT LOWER(HEX(reference)) FROM message' >"$work/references"
    gateway_is simulator "http://127.0.0.1:$port/send" '' 18480
    rm -f "$work/receive.log" "$work/answer.out"
    "$build/talent" --home "$home" --lang en outreach receive >/dev/null 2>"$work/receive.log" &
    local receiver=$!
    children+=("$receiver")
    first_line "$work/receive.log" >/dev/null
    token=$(cat "$home/receive.token")
    began=$EPOCHREALTIME
    REFERENCES="$work/references" wrk -t1 -c64 -d"${seconds}s" -s "$here/receipts.lua" \
        "http://127.0.0.1:18480/receipt/$token/bench" >"$work/wrk.out"
    ! grep -q 'Non-2xx' "$work/wrk.out" || fail "receipts were refused"
    while [ "$(client "SELECT EXISTS (SELECT 1 FROM receipt WHERE state = 'new')")" = 1 ]; do sleep 0.05; done
    taken=$(client 'SELECT COUNT(*) FROM receipt')
    take_per_s+=("$(awk -v n="$taken" -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", n / (b - a) }')")
    kill -INT "$receiver" && wait "$receiver" || true
    "$build/tests/bench/talent-bench-answer" 0 < <(sleep $((seconds + 3))) >"$work/answer.out" &
    local answerer=$!
    bare=$(first_line "$work/answer.out")
    answer_per_s+=("$(REFERENCES="$work/references" wrk -t1 -c64 -d"${seconds}s" -s "$here/receipts.lua" "http://127.0.0.1:$bare/" | requests)")
    kill "$answerer" && wait "$answerer" 2>/dev/null || true
    take_ratio+=("$(divide "${take_per_s[-1]}" "${answer_per_s[-1]}")")
}
measure_memory() {
    local share
    gateway_is mute-simulator "http://127.0.0.1:$port/send"
    for share in 'birth_date >= 1960-01-01' 'skill_level = 2'; do
        campaign "memory-$((++memory_round))" "$share"
        /usr/bin/time -o "$work/peak" -f %M "$build/talent" --home "$home" --quiet outreach dispatch --until-done >/dev/null || true
        memory_of+=("$messages") memory_mib+=("$(awk 'END { printf "%.1f", $1 / 1024 }' "$work/peak")")
    done
}

json_line() { # NAME UNIT OURS PEER RATIO (names of arrays)
    local -n ours=$3 peer=$4 ratio=$5
    printf '  "%s": {"unit": "%s", "ours": [%s], "peer": [%s], "ratio": [%s]}' "$1" "$2" \
        "$(list "${ours[@]}")" "$(list "${peer[@]}")" "$(list "${ratio[@]}")"
}
table_line() { # WHAT UNIT FORMAT OURS PEER-NAME PEER RATIO GOAL
    local -n ours=$4 peer=$6 ratio=$7
    local against='-' times='-'
    ((${#peer[@]} == 0)) || { against=$(printf "$3" "$(median "${peer[@]}")"); times=$(printf '%.2f' "$(median "${ratio[@]}")"); }
    printf '%-42s %10s %-5s %-34s %10s %7s  %s\n' "$1" "$(printf "$3" "$(median "${ours[@]}")")" "$2" "$5" "$against" "$times" "$8"
}

send_per_s=() bare_per_s=() wrk_per_s=() bare_ratio=() wrk_ratio=() receipts_per_s=() receipts_ratio=() many_per_s=() many_ratio=()
two_per_s=() two_ratio=() take_per_s=() answer_per_s=() take_ratio=() plan_s=() insert_s=() plan_ratio=() memory_of=() memory_mib=()
kannel_per_s=() kannel_wrk=() kannel_ratio=() smsd_per_s=() smsd_ratio=() none=() memory_round=0 kannel_why='' smsd_why=''

command -v wrk >/dev/null || fail "wrk is not installed: './run bench outreach' installs it"
say "a base of $rows answers…"
prepare
# shellcheck source=tests/bench/bench_outreach_peers.sh
. "$here/bench_outreach_peers.sh"
for ((round = 1; round <= rounds; round++)); do
    say "round $round of $rounds…"
    measure_send "$round"
    measure_receipts "$round"
    measure_many "$round"
    measure_two "$round"
    measure_take
    measure_kannel "$round"
    measure_smsd "$round"
done
say "memory…"
measure_memory

{
    printf '{\n  "rounds": %d, "rows": %d, "messages": %d,\n' "$rounds" "$rows" "$messages"
    json_line send 1/s send_per_s bare_per_s bare_ratio && echo ,
    json_line send_wrk 1/s send_per_s wrk_per_s wrk_ratio && echo ,
    json_line receipts 1/s receipts_per_s wrk_per_s receipts_ratio && echo ,
    json_line many 1/s many_per_s wrk_per_s many_ratio && echo ,
    json_line two 1/s two_per_s send_per_s two_ratio && echo ,
    json_line kannel 1/s kannel_per_s kannel_wrk kannel_ratio && echo ,
    json_line smsd 1/s send_per_s smsd_per_s smsd_ratio && echo ,
    json_line take 1/s take_per_s answer_per_s take_ratio && echo ,
    json_line plan s plan_s insert_s plan_ratio && echo ,
    json_line memory MiB memory_mib none none && printf '\n}\n'
} >"$results"

printf '%-42s %10s %-5s %-34s %10s %7s  %s\n' "medians of $rounds rounds" ours '' 'peer in the same round' peer ratio goal
table_line "a message a request, ${memory_of[0]} messages" 1/s %.0f send_per_s 'bare libcurl, 64 connections' bare_per_s bare_ratio '≥ 0.9'
table_line '' 1/s %.0f send_per_s 'wrk -t1 -c64' wrk_per_s wrk_ratio '≥ 0.30'
table_line 'the same, two receipts a message matched' 1/s %.0f receipts_per_s 'wrk -t1 -c64' wrk_per_s receipts_ratio ''
table_line '100 messages a request, messages' 1/s %.0f many_per_s "wrk's requests" wrk_per_s many_ratio '≥ 0.8'
table_line 'two workers' 1/s %.0f two_per_s 'one worker' send_per_s two_ratio '≥ 1'
if ((${#kannel_per_s[@]})); then
    table_line 'into Kannel' 1/s %.0f kannel_per_s 'wrk into the same Kannel' kannel_wrk kannel_ratio '≥ 0.95'
else
    echo "into Kannel: not measured, $kannel_why"
fi
if ((${#smsd_per_s[@]})); then
    table_line 'a message a request' 1/s %.0f send_per_s 'gammu-smsd, MySQL, dummy phone' smsd_per_s smsd_ratio '≥ 200'
else
    echo "gammu-smsd: not measured, $smsd_why"
fi
table_line 'receipts stored and matched' 1/s %.0f take_per_s 'wrk, bare libmicrohttpd' answer_per_s take_ratio '≥ 0.3'
table_line "plan of $messages_planned messages" s %.2f plan_s 'INSERT … SELECT of as many' insert_s plan_ratio '≤ 2'
printf '%-42s %10s %-5s %-34s %10s %7s  %s\n' "peak memory, ${memory_of[0]} messages" "${memory_mib[0]}" MiB \
    "${memory_of[1]} messages" "${memory_mib[1]}" '' '≤ 64'
say "all rounds: $results"
