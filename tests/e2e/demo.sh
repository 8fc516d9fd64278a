#!/usr/bin/env bash
# tests/e2e/demo.sh BUILD [FOLDER]: walks the whole street on invented questionnaires: what ./run demo does.
# Leaves FOLDER/home (base, key, configuration) and FOLDER/questionnaires to try things on; a second run begins anew.
# $TALENT names another program than the build's, $PEOPLE how many are asked.
set -euo pipefail
build=$(readlink -f "$1")
folder=${2:-demo}
talent=${TALENT:-$build/talent}
campaign=autumn-2012
export TALENT_HOME=$folder/home

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\033[1;36m' dim=$'\033[2m' plain=$'\033[0m'
fi
chinese=
case "${LANGUAGE:-${LC_ALL:-${LC_MESSAGES:-${LANG:-en}}}}" in zh*) chinese=1 ;; esac
step() { if [ -n "$chinese" ]; then printf '\n%s%s%s\n' "$bold" "$2" "$plain"; else printf '\n%s%s%s\n' "$bold" "$1" "$plain"; fi; }
show() { printf '%s$ talent %s%s\n' "$dim" "$*" "$plain"; }
# Runs a verb on the day of the survey and shows its command line; exit status 3 (done, with a remainder) is expected.
verb() {
    local status=0
    show "$@"
    "$talent" --as-of 2012-10-08 "$@" || status=$?
    [ $status = 0 ] || [ $status = 3 ] || exit $status
}

gateway=
finish() { [ -z "$gateway" ] || kill "$gateway" 2>/dev/null || true; }
trap finish EXIT

if [ -d "$folder/home" ]; then
    "$talent" db stop >/dev/null 2>&1 || true
    rm -rf "$folder"
fi
mkdir -p "$folder" && mkdir -m 700 "$folder/home"

step "1. Questionnaires come in: firms, schools, a roster of certificates; .xlsx, GB18030 .csv, Kobo JSON" "一、收问卷：企业、院校、鉴定名册；.xlsx、GB18030 .csv、Kobo JSON"
"$build/tests/data/talent-generate" --seed 2012 --people "${PEOPLE:-2400}" "$folder/questionnaires" >"$folder/made.json"
verb survey import "$folder"/questionnaires/*

step "2. What could not be taken waits in a workbook, with every reason" "二、不能收的行进隔离表，理由齐全"
verb survey problems -o "$folder/to-mend.xlsx"

step "3. How many are likely to meet the conditions, where, by which clause?" "三、多少人可能符合条件，在哪里，依据哪一款？"
verb policy size

step "4. A campaign: planned, looked at, approved, launched" "四、短信活动：计划、预览、批准、启动"
verb outreach plan $campaign --template settlement-invitation
verb outreach preview $campaign --limit 3
verb outreach approve $campaign
verb outreach launch $campaign

step "5. Sent through the bundled gateway over real HTTP: no SMS leaves the building" "五、经自带网关（真 HTTP）发送：不会发出任何短信"
: >"$folder/simulator.log"
"$talent" outreach simulate --port 0 --replies 35% --faults "slow=2%,503=1%,cut=1%,double=2%,reorder=10%,undelivered=4%" --seed 2012 \
    >"$folder/simulator.log" 2>&1 &
gateway=$!
for ((i = 0; i < 100; i++)); do
    port=$(sed -n 's/.*127\.0\.0\.1:\([0-9][0-9]*\).*/\1/p' "$folder/simulator.log" | head -n 1)
    [ -z "$port" ] || break
    sleep 0.1
done
[ -n "$port" ] || { cat "$folder/simulator.log" >&2; exit 1; }
# The window is lifted, so that the demo runs at any hour.
cat >"$folder/home/talent.json" <<END
{
  "gateway": "demo",
  "gateways": { "demo": { "type": "simulator", "url": "http://127.0.0.1:$port/send" } },
  "receive": { "listen": "127.0.0.1:0" },
  "window": null
}
END
verb outreach dispatch --until-done
verb outreach status $campaign

step "6. The report: surveyed → likely eligible → told → delivered → replied" "六、报告：调查 → 拟符合 → 已告知 → 已送达 → 已回复"
verb outreach report $campaign

step "The base stays. Try:" "演示库已留下，可以试试："
sed "s|^|  ./run talent --home $folder/home |" <<'END'
people find 长安镇 --limit 5
policy explain 17
policy size --by employer_town,skill_level
policy size --set age_max=50
outreach log autumn-2012 -o log.xlsx
db stop
END
