# tests/bench/bench_outreach_peers.sh: the peers of bench_outreach.sh that are programs of Debian; read by it, not run.

# Some of Kannel's ports listen on every address: only in a network of one's own.
kannel_begin() {
    [ -x /usr/sbin/bearerbox ] || { kannel_why='package kannel is not installed'; return; }
    [ "${TALENT_BENCH_ALONE:-}" = yes ] || { kannel_why='no network of its own (unshare) is to be had'; return; }
    cat >"$work/kannel.conf" <<END
group = core
admin-port = 13000
admin-interface = 127.0.0.1
admin-password = admin
smsbox-port = 13001
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-level = 4

group = smsc
smsc = fake
smsc-id = F
port = 10000
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = 13013
sendsms-interface = 127.0.0.1
log-level = 4

group = sendsms-user
username = talent
password = secret
max-messages = 5
concatenation = true
END
    /usr/sbin/bearerbox -v 4 "$work/kannel.conf" >/dev/null 2>&1 &
    children+=($!)
    listens 13001
    /usr/sbin/smsbox -v 4 "$work/kannel.conf" >/dev/null 2>&1 &
    children+=($!)
    listens 13013
    listens 10000
    # the SMSC takes whatever comes
    (exec 3<>/dev/tcp/127.0.0.1/10000 && exec cat <&3 >/dev/null) &
    children+=($!)
    printf 'secret\n' >"$home/kannel.pass"
    chmod 600 "$home/kannel.pass"
}
listens() { # PORT
    local i
    for ((i = 0; i < 100; i++)); do
        ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || return 0
        sleep 0.1
    done
    fail "nobody listens on port $1"
}
measure_kannel() {
    [ -z "$kannel_why" ] || return 0
    local text
    gateway_is mute-kannel http://127.0.0.1:13013/cgi-bin/sendsms ', "username": "talent", "password_file": "kannel.pass", "from": "12333"'
    campaign "kannel-$1"
    kannel_per_s+=("$(dispatch "$work/kannel.json")")
    text=$(printf '%%E4%%B8%%9C%%E8%%8E%%9E%.0s' {1..30})
    kannel_wrk+=("$(wrk -t1 -c64 -d"${seconds}s" \
        "http://127.0.0.1:13013/cgi-bin/sendsms?username=talent&password=secret&from=12333&to=13000000000&coding=2&charset=UTF-8&text=$text&dlr-mask=31" | requests)")
    kannel_ratio+=("$(divide "${kannel_per_s[-1]}" "${kannel_wrk[-1]}")")
}

smsd_begin() {
    command -v gammu-smsd >/dev/null || { smsd_why='package gammu-smsd is not installed'; return; }
    local schema=/usr/share/doc/gammu-smsd/examples/mysql.sql
    [ -r "$schema" ] || [ -r "$schema.gz" ] || { smsd_why='its schema is not among its documents'; return; }
    mariadb --no-defaults --socket="$socket" --execute='CREATE DATABASE smsd' || { smsd_why='no second base'; return; }
    zcat -f "$schema" "$schema.gz" 2>/dev/null | sed "s/0000-00-00 00:00:00/1970-01-02 00:00:00/" |
        mariadb --no-defaults --socket="$socket" --force smsd 2>/dev/null || true
    mkdir -p "$work/phone"
    printf '[gammu]\nmodel = dummy\nconnection = none\ndevice = %s\n[smsd]\nservice = sql\ndriver = native_mysql\nuser = %s\npassword =\nhost = localhost\ndatabase = smsd\nloopsleep = 0\ncommtimeout = 1\nsendtimeout = 1\nmultiparttimeout = 1\nlogfile = %s\n' \
        "$work/phone" "$(id -un)" "$work/smsd.log" >"$work/smsd.conf"
}
measure_smsd() {
    [ -z "$smsd_why" ] || return 0
    local before after
    client "DELETE FROM smsd.outbox; DELETE FROM smsd.sentitems;
        INSERT INTO smsd.outbox (DestinationNumber, TextDecoded, Coding, CreatorID, Class)
        SELECT CONCAT('+86138', LPAD(seq, 8, '0')), REPEAT('东莞', 30), 'Unicode_No_Compression', 'bench', -1 FROM seq_1_to_2000" ||
        { smsd_why='its queue is not to be filled'; return 0; }
    MYSQL_UNIX_PORT=$socket gammu-smsd -c "$work/smsd.conf" >/dev/null 2>&1 &
    local daemon=$!
    children+=("$daemon")
    sleep 1
    before=$(client 'SELECT COUNT(*) FROM smsd.sentitems')
    sleep "$((seconds + 2))"
    after=$(client 'SELECT COUNT(*) FROM smsd.sentitems')
    kill "$daemon" && wait "$daemon" 2>/dev/null || true
    ((after > before)) || { smsd_why="it sends nothing here: $(tail -n 1 "$work/smsd.log" 2>/dev/null)"; return 0; }
    smsd_per_s+=("$(divide $((after - before)) $((seconds + 2)))")
    smsd_ratio+=("$(divide "${send_per_s[-1]}" "${smsd_per_s[-1]}")")
}

kannel_begin
smsd_begin
