#!/bin/sh
# A Galera cluster of three MariaDB nodes on 127.0.0.1, for tests:
#   galera.sh start DIR | url DIR [NODE…] | kill DIR NODE | freeze DIR NODE | thaw DIR NODE | join DIR NODE | stop DIR
# NODE is 1, 2 or 3; start leaves DIR/url (mariadb://…@127.0.0.1:P1,127.0.0.1:P2,127.0.0.1:P3/talent?password_file=…).
# A suite runs against it with TALENT_TEST_DATABASE="$(cat DIR/url)".
set -eu

server=$(command -v mariadbd || echo /usr/sbin/mariadbd)
provider=/usr/lib/galera/libgalera_smm.so
# A state transfer by rsync wants an ordinary user.
as=""
if [ "$(id -u)" = 0 ]; then as="setpriv --reuid nobody --regid nogroup --clear-groups"; fi

node_pid() { cat "$1/$2/pid" 2>/dev/null || true; }

# run DIR NODE [OPTION…]: a node in the background; it is there when it says so.
run() {
    dir=$1 node=$2
    shift 2
    port=$(($(cat "$dir/port") + node))
    : >"$dir/$node/log"
    setsid $as "$server" --no-defaults --datadir="$dir/$node/data" --tmpdir="$dir/$node/tmp" --pid-file="$dir/$node/pid" \
        --socket="$dir/$node/s" --bind-address=127.0.0.1 --port=$port --skip-name-resolve --max-allowed-packet=64M \
        --innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=1 --innodb-autoinc-lock-mode=2 --binlog-format=ROW \
        --character-set-server=utf8mb4 --collation-server=utf8mb4_bin \
        --wsrep-on=ON --wsrep-provider=$provider --wsrep-cluster-name=talent --wsrep-node-name=node$node \
        --wsrep-cluster-address="$(cat "$dir/members")" --wsrep-node-address=127.0.0.1:$((port + 10)) \
        --wsrep-sst-method=rsync --wsrep-sst-receive-address=127.0.0.1:$((port + 30)) --wsrep-auto-increment-control=OFF --wsrep-slave-threads=2 \
        --wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:$((port + 10));ist.recv_addr=127.0.0.1:$((port + 20));gcache.size=64M;evs.keepalive_period=PT0.2S;evs.suspect_timeout=PT2.5S;evs.inactive_check_period=PT0.2S;evs.inactive_timeout=PT8S;evs.install_timeout=PT8S;pc.recovery=FALSE" \
        "$@" </dev/null >"$dir/$node/log" 2>&1 &
}

# ready DIR NODE: waits until a node takes part.
ready() {
    waited=0
    until grep -q 'ready for connections' "$1/$2/log" && grep -q 'Synchronized with group\|-> SYNCED' "$1/$2/log"; do
        waited=$((waited + 1))
        if [ $waited -gt 600 ]; then
            tail -n 40 "$1/$2/log" >&2
            exit 1
        fi
        sleep 0.05
    done
}

url() {
    dir=$1
    shift
    hosts=""
    for node in "${@:-1}"; do hosts="$hosts${hosts:+,}127.0.0.1:$(($(cat "$dir/port") + node))"; done
    printf 'mariadb://talent@%s/talent?password_file=%s/password' "$hosts" "$dir"
}

start() {
    mkdir -p "$1"
    dir=$(cd "$1" && pwd)
    umask 077
    for node in 1 2 3; do mkdir -p "$dir/$node/tmp" "$dir/$node/data"; done
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$dir/password"
    echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000)) >"$dir/port"
    first=$(($(cat "$dir/port") + 11))
    echo "gcomm://127.0.0.1:$first,127.0.0.1:$((first + 1)),127.0.0.1:$((first + 2))" >"$dir/members"
    cat >"$dir/1/init.sql" <<SQL
CREATE DATABASE talent CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER 'talent'@'127.0.0.1' IDENTIFIED BY '$(cat "$dir/password")';
GRANT ALL ON *.* TO 'talent'@'127.0.0.1';
SQL
    if [ "$as" ]; then
        chmod 711 "$dir"
        chown -R nobody:nogroup "$dir/1" "$dir/2" "$dir/3"
    fi
    $as mariadb-install-db --no-defaults --datadir="$dir/1/data" --tmpdir="$dir/1/tmp" --auth-root-authentication-method=socket \
        --skip-test-db --skip-name-resolve --force >"$dir/install.log" 2>&1
    run "$dir" 1 --wsrep-new-cluster --init-file="$dir/1/init.sql"
    ready "$dir" 1
    for node in 2 3; do
        run "$dir" $node
        ready "$dir" $node
    done
    url "$dir" 1 2 3 >"$dir/url"
}

halt() {
    pid=$(node_pid "$1" "$2")
    [ -n "$pid" ] || return 0
    kill -CONT "$pid" 2>/dev/null || true
    kill "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    rm -f "$1/$2/pid"
}

case ${1:-} in
start) start "$2" ;;
url) shift && url "$@" ;;
kill) kill -9 "$(node_pid "$2" "$3")" && rm "$2/$3/pid" ;;
join) run "$2" "$3" && ready "$2" "$3" ;;
freeze) kill -STOP "$(node_pid "$2" "$3")" ;;
thaw) kill -CONT "$(node_pid "$2" "$3")" ;;
stop) for node in 3 2 1; do halt "$2" $node; done ;;
*)
    echo "usage: galera.sh start|stop|url|kill|freeze|thaw|join DIR [NODE…]" >&2
    exit 2
    ;;
esac
