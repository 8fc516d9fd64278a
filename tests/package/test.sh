#!/usr/bin/env bash
# test.sh BUILD SOURCE: the package in a throw-away copy of the running system: installed, the demo walked by an ordinary user,
# upgraded, going back refused, removed, purged. Exit 77 = this machine lets nobody make such a copy.
set -euo pipefail
build=$1 source=$2
# What is mounted and started below ends with the namespaces of the inner run; nothing of it is seen out here.
if [ "${3:-}" != inside ]; then
    namespaces=(unshare --mount --propagation private --pid --fork --kill-child)
    [ "$(id -u)" = 0 ] && "${namespaces[@]}" true 2>/dev/null || { echo "needs root and namespaces"; exit 77; }
    status=0
    work=$(mktemp -d "${TMPDIR:-/tmp}/talent-package-XXXXXX")
    "${namespaces[@]}" "$0" "$build" "$source" inside "$work" || status=$?
    rm -rf --one-file-system "$work"
    exit $status
fi
work=$4
fail() { echo "FAILED: $*" >&2; exit 1; }

# Two versions of one package.
for version in 1.0.0 1.0.1; do
    (cd "$build" && cpack -B "$work/made" -D CPACK_PACKAGE_VERSION=$version) >"$work/cpack.log" 2>&1 ||
        { cat "$work/cpack.log" >&2; fail "cpack"; }
done

# The copy: what the system holds, with every change kept in memory; devices of its own.
mkdir "$work/top"
mount -t tmpfs tmpfs "$work/top"
mkdir "$work"/top/{upper,work,root}
root=$work/top/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/top/upper,workdir=$work/top/work" "$root"
mount -t proc proc "$root/proc"
for folder in dev tmp run; do mount -t tmpfs -o mode=1777 tmpfs "$root/$folder"; done
for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$root/dev/${node%:*}" c 1 "${node#*:}"; done
ln -s /proc/self/fd "$root/dev/fd"
mkdir -m 1777 "$root/dev/shm"
mkdir -p "$root/opt/demo/tests/data"
cp "$work"/made/*.deb "$source/tests/e2e/demo.sh" "$root/opt/demo/"
cp "$build/tests/data/talent-generate" "$root/opt/demo/tests/data/"

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
as() { local user=$1; shift; inside runuser -u "$user" -- "$@"; }
people() { as clerk talent --home /home/clerk/demo/home --json db status | sed -n 's/.*"people": *\([0-9]*\).*/\1/p'; }
version() { inside dpkg-query -W -f '${Version}' talent; }

inside dpkg -i /opt/demo/talent_1.0.0_amd64.deb
[ "$(inside talent --version)" = "$("$build/talent" --version)" ] || fail "another program is found than was installed"
inside talent --lang zh help | grep 用法 >/dev/null || fail "no Chinese messages"
inside test -s /usr/share/man/zh_CN/man1/talent.1.gz || fail "no manual"
inside bash -c '. /usr/share/bash-completion/completions/talent && complete -p talent' >/dev/null || fail "completion"
inside systemd-analyze verify /usr/lib/systemd/system/talent-{db,receive,dispatch}.service || fail "units"
[ "$(inside stat -c %U:%a /var/lib/talent)" = talent:700 ] || fail "the services' home is open to others"

inside useradd --create-home clerk
as clerk env HOME=/home/clerk PEOPLE=150 TALENT=/usr/bin/talent /opt/demo/demo.sh /opt/demo /home/clerk/demo >"$work/demo.log" 2>&1 ||
    { cat "$work/demo.log" >&2; fail "the demo"; }
before=$(people)
[ "$before" -gt 100 ] || fail "the demo left $before people"
as talent talent --home /var/lib/talent --config /etc/talent/talent.json policy size >/dev/null # makes its base

inside dpkg -i /opt/demo/talent_1.0.1_amd64.deb
[ "$(version)" = 1.0.1 ] || fail "the upgrade did not happen"
[ "$(people)" = "$before" ] || fail "people were lost on the way"
if inside dpkg -i /opt/demo/talent_1.0.0_amd64.deb 2>"$work/back.log"; then fail "going back was let through"; fi
grep -q 'going back from 1.0.1 to 1.0.0 is refused' "$work/back.log" || { cat "$work/back.log" >&2; fail "no word of why"; }
[ "$(version)" = 1.0.1 ] && inside talent --version >/dev/null || fail "a refusal broke what was there"

as clerk talent --home /home/clerk/demo/home db stop
inside dpkg -r talent
inside test ! -e /usr/bin/talent || fail "removed, and still there"
inside test -e /etc/talent/talent.json || fail "the configuration went with a removal"
inside test ! -S /var/lib/talent/db.sock || fail "the services' database still runs"
inside dpkg -P talent 2>&1 | grep "stay in /var/lib/talent" >/dev/null || fail "a purge says nothing about the base"
inside test -d /var/lib/talent/db || fail "a purge took the base"
inside test ! -e /etc/talent/talent.json || fail "a purge left the configuration"
echo "installed, used, upgraded, not taken back, removed, purged"
