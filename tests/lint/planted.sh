#!/usr/bin/env bash
# tests/lint/planted.sh TALENT GENERATE: planted personal data is never printed.
# Invented people go through the real program, commands that work and commands that fail; then everything that was
# printed or logged is searched: no ID number and no phone anywhere, no name outside the lists of people and messages.
set -euo pipefail
talent=$1 generate=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/talent-planted-XXXXXX")
home=$work/home
said=$work/said
gateway=
mkdir -m 700 "$home" && mkdir "$said"
finish() {
    [ -z "$gateway" ] || kill "$gateway" 2>/dev/null || true
    "$talent" --home "$home" db stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
failed=0
complain() {
    printf '%s\n' "$*"
    failed=1
}

# expect STATUS WORDS…: runs the program and keeps what it says; several statuses are joined by "|".
calls=0 input=/dev/null
expect() {
    local wanted=$1 status=0 name
    shift
    calls=$((calls + 1))
    name=$(printf '%s/%02d-%s-%s' "$said" "$calls" "${1//[^a-z]/}" "${2//[^a-z]/}")
    "$talent" --home "$home" --lang en --as-of 2012-10-08 "$@" >"$name.out" 2>"$name.err" <"$input" || status=$?
    case "|$wanted|" in
    *"|$status|"*) ;;
    *) complain "talent $* ended with $status, not $wanted:" && cat "$name.err" ;;
    esac
}
config() { # URL
    rm -f "$home/talent.json"
    (umask 077 && cat >"$home/talent.json") <<END
{ "gateway": "g", "gateways": { "g": { "type": "simulator", "url": "$1" } },
  "receive": { "listen": "127.0.0.1:0" }, "window": null, "colleagues": { "li": "$phone", "desk": "0769-$phone" } }
END
}

"$generate" --seed 4 --people 400 --secrets "$work/secrets" "$work/in" >/dev/null
id=$(awk '$1 == "id" && length($2) == 18 { print $2; exit }' "$work/secrets")
phone=$(awk '$1 == "phone" { print $2; exit }' "$work/secrets")
name=$(awk '$1 == "name" { print $2; exit }' "$work/secrets")
head -c 20000 "$work"/in/1-*.xlsx >"$work/torn.xlsx"
{ head -n 30 "$work"/in/6-*.json && printf '}]'; } >"$work/torn.json"
printf '姓名,身份证号码,%s\n%s,%s,%s\n' "$phone" "$name" "$id" "$phone" >"$work/headings.csv"
printf '姓名,身份证号码,手机号码,技能等级\n%s,%s,%s,"高级工\n' "$name" "$id" "$phone" >"$work/quote.csv"

# Intake, and what goes wrong in it.
expect 3 survey import "$work"/in/*
expect '0|3' survey import "$work"/in/4-*
for file in torn.xlsx torn.json headings.csv quote.csv nowhere.csv; do expect '1|3' survey import "$work/$file"; done
expect 1 survey import "$work/quote.csv" --form nothing
expect 0 survey batches
expect 0 survey problems
expect 0 survey problems 1
expect 0 survey problems -o "$work/mend.xlsx"
expect 1 survey problems -o /nowhere/mend.csv
expect 1 survey undo 999
# People, also asked for by what must not come back.
expect 0 people find "$name"
expect '0|1|2' people find "$id"
expect '0|1|2' people find "$phone"
expect '1|2' people find --where "id_number = $id"
expect '1|2' people find --where "phone = '$phone'"
expect '1|2' people find --where "skill_level = $id"
expect 0 people show 1
expect 1 people show 999999
expect '1|2' people show "$id"
# Policy.
expect 0 policy size
expect 0 policy size --by employer_town
expect '1|2' policy size --by name,phone
expect 0 policy explain 1
expect 1 policy explain 999999
# Outreach: a gateway that is not there, then one that misbehaves.
config "http://127.0.0.1:9/send"
expect 0 outreach template check
expect 0 outreach plan first --template settlement-invitation
expect 1 outreach plan first --template settlement-invitation
expect 0 outreach preview first --limit 3
expect 3 outreach test first --to li
expect 2 outreach test first --to "$phone"
expect 1 outreach test first --to "li,$name"
expect 1 outreach test first --to desk
expect 0 outreach log first --tests
expect 0 outreach approve first
expect 0 outreach launch first
expect 1 outreach launch first
expect '0|1|3' outreach dispatch --until-done
expect 0 outreach pause first
printf '%s\n' "$phone" >"$work/phone" && printf '%s9\nnobody\n' "$phone" >"$work/no-phone"
input=$work/phone
expect 0 outreach optout add
expect 0 outreach optout add
expect 0 outreach optout remove
expect '0|1' outreach optout remove
input=$work/no-phone
expect '1|2' outreach optout add
input=/dev/null
expect 2 outreach optout add "$phone"
expect 2 outreach optout remove "$phone"
expect 0 outreach optout list
: >"$said/gateway.err"
"$talent" --home "$work/gateway" --lang en outreach simulate --port 0 --seed 3 \
    --faults 'slow=5%,503=5%,429=1%,cut=3%,double=10%,reorder=10%,undelivered=5%' --replies 50% \
    >"$said/gateway.out" 2>"$said/gateway.err" &
gateway=$!
for ((i = 0; i < 100; i++)); do
    port=$(sed -n 's/.*127\.0\.0\.1:\([0-9]*\).*/\1/p' "$said/gateway.err")
    [ -z "$port" ] || break
    sleep 0.1
done
config "http://127.0.0.1:$port/send"
expect 0 outreach resume first
expect '0|3' outreach test first --to li
expect '0|3' outreach dispatch --until-done --log json
expect 0 outreach status first
expect 0 outreach inbox
expect '0|1' outreach answer 1 --as done --why 'called back'
expect '0|1' outreach answer 2 --as optout --why 'asked on the phone'
expect 0 outreach log first
expect 0 outreach log first -o "$work/log.csv"
expect 0 outreach report first --delivery
expect 0 outreach report first --suppress -o "$said/report.csv"
expect 0 survey undo 6 --force
expect 0 people correct 1 skill_level=技师 --why 证书核对
expect '1|2' people correct 1 "name=$name" "phone=$phone" --why "$id"
expect 0 audit list --limit 10000
expect 0 audit list --limit 10000 --json
expect 0 audit verify
expect 0 db status
kill "$gateway" && wait "$gateway" 2>/dev/null || true
gateway=

# The search. A number counts wherever its digits stand, a name only where names have no business; two characters
# can be a word by chance.
awk '$1 == "id" || $1 == "phone" { sub(/^[a-z]+ /, ""); print }' "$work/secrets" | sort -u >"$work/numbers"
LC_ALL=C awk '$1 == "name" && length($2) >= 9 { print $2 }' "$work/secrets" | sort -u >"$work/names"
[ "$(wc -l <"$work/numbers")" -gt 500 ] || complain "too little was planted"
find "$home" -maxdepth 2 -type f \( -name '*.log' -o -name '*.err' -o -name 'journal*' \) -size +0 -exec cp --backup=numbered -t "$said" {} +

hits=$(grep -rlaF -f "$work/numbers" "$said" || true)
[ -z "$hits" ] || complain "an ID number or a phone was printed:" $'\n'"$hits"
hits=$(grep -rlaF -f "$work/names" "$said" | grep -vE '/[0-9]+-(people-(find|show)|outreach-(preview|log))\.out$' || true)
[ -z "$hits" ] || complain "a name was printed:" $'\n'"$hits"
# The lists of people do show names: where none is found, nothing was looked at.
grep -qaF -f "$work/names" "$said"/*-people-find.out || complain "people find shows no planted name"
grep -qaF -f "$work/names" "$said"/*-outreach-preview.out || complain "outreach preview shows no planted name"
printf '%d commands, %d numbers, %d names\n' "$calls" "$(wc -l <"$work/numbers")" "$(wc -l <"$work/names")"
exit $failed
