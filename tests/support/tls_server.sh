#!/bin/sh
# A MariaDB server over TCP with TLS on 127.0.0.1, for tests: tls_server.sh start DIR [PORT] | stop DIR
# DIR gets ca.pem (signs the server), other-ca.pem (does not), url (mariadb://…/talent?ssl_ca=…&password_file=…).
# A suite runs against it with TALENT_TEST_DATABASE="$(cat DIR/url)".
set -eu

stop() {
    if [ -f "$1/pid" ]; then
        pid=$(cat "$1/pid")
        kill "$pid" 2>/dev/null || true
        while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    fi
}

authority() { # NAME: a key and a certificate that may sign others
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=talent test $1" \
        -addext basicConstraints=critical,CA:TRUE -keyout "$1-key.pem" -out "$1.pem" 2>/dev/null
}

certificates() {
    authority ca
    authority other-ca
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=127.0.0.1" -keyout server-key.pem -out server.csr 2>/dev/null
    printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >server.ext
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30 -extfile server.ext \
        -out server.pem 2>/dev/null
}

start() {
    mkdir -p "$1"
    cd "$1"
    dir=$(pwd)
    user=$(id -un)
    umask 077
    certificates
    mkdir -p tmp # a server that starts empties the folder of its temporary tables
    as=""
    if [ "$(id -u)" = 0 ]; then as="--user=root"; fi
    mariadb-install-db --no-defaults --datadir="$dir/data" --tmpdir="$dir/tmp" --auth-root-authentication-method=socket \
        --auth-root-socket-user="$user" --skip-test-db --skip-name-resolve --force $as >install.log 2>&1
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >password
    # What a bureau's administrator would give: one account, encrypted connections only.
    cat >init.sql <<SQL
CREATE DATABASE talent CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE USER 'talent'@'127.0.0.1' IDENTIFIED BY '$(cat password)' REQUIRE SSL;
GRANT ALL ON *.* TO 'talent'@'127.0.0.1';
SQL
    port=${2:-0}
    attempt=0
    while :; do
        [ "$port" != 0 ] || port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
        : >server.log
        setsid "$(command -v mariadbd || echo /usr/sbin/mariadbd)" --no-defaults $as --datadir="$dir/data" --tmpdir="$dir/tmp" --pid-file="$dir/pid" --socket=../s \
            --bind-address=127.0.0.1 --port="$port" --skip-name-resolve --ssl-ca="$dir/ca.pem" --ssl-cert="$dir/server.pem" \
            --ssl-key="$dir/server-key.pem" --innodb-buffer-pool-size=64M --max-allowed-packet=64M \
            --init-file="$dir/init.sql" </dev/null >server.log 2>&1 &
        server=$!
        waited=0
        until grep -q 'ready for connections' server.log; do
            kill -0 $server 2>/dev/null || break
            waited=$((waited + 1))
            [ $waited -lt 600 ] || break
            sleep 0.05
        done
        if kill -0 $server 2>/dev/null && [ $waited -lt 600 ]; then break; fi
        attempt=$((attempt + 1))
        if [ $attempt = 3 ] || [ -n "${2:-}" ]; then
            cat server.log >&2
            exit 1
        fi
        port=0
    done
    printf 'mariadb://talent@127.0.0.1:%s/talent?ssl_ca=%s/ca.pem&password_file=%s/password' "$port" "$dir" "$dir" >url
}

case ${1:-} in
start) start "$2" "${3:-}" ;;
stop) stop "$2" ;;
*)
    echo "usage: tls_server.sh start DIR [PORT] | stop DIR" >&2
    exit 2
    ;;
esac
