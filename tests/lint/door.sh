#!/usr/bin/env bash
# tests/lint/door.sh SOURCE COMPILER ROOM=DIR:DIR…: an upward include does not compile.
# For each pair of rooms, a file with one #include of the other room's headers is compiled with the first room's own
# include path: it must compile exactly when the floor plan allows it.
set -euo pipefail
source=$1 compiler=$2
shift 2

# The floor plan of DESIGN "The house": what each room may see beside itself.
declare -A floors=(
    [base]=''
    [sql]='base'
    [people]='sql base'
    [audit]='sql base'
    [account]='people sql base'
    [survey]='people sql base'
    [policy]='people sql base'
    [outreach]='policy survey people sql base'
)
failed=0 allowed=0 refused=0
complain() {
    printf '%s\n' "$*"
    failed=1
}

compiles() { # DIR:DIR HEADER
    local flags=() dir
    IFS=: read -ra dirs <<<"$1"
    for dir in "${dirs[@]}"; do flags+=("-I$dir"); done
    printf '#include "%s"\n' "$2" | "$compiler" -std=gnu17 -D_GNU_SOURCE -fsyntax-only -x c "${flags[@]}" - 2>/dev/null
}

rooms=()
for argument in "$@"; do rooms+=("${argument%%=*}"); done
for argument in "$@"; do
    room=${argument%%=*} path=${argument#*=}
    if [ -z "${floors[$room]+known}" ]; then
        complain "room '$room' does not stand on the floor plan of this test"
        continue
    fi
    for other in "${rooms[@]}"; do
        header=$(find "$source/$other" -maxdepth 1 -name '*.h' ! -name poison.h -printf '%f\n' | LC_ALL=C sort | head -n 1)
        may=no
        case " $room ${floors[$room]} " in *" $other "*) may=yes ;; esac
        if compiles "$path" "$other/$header"; then
            [ $may = yes ] || complain "$room can include '$other/$header', which stands above it"
            allowed=$((allowed + 1))
        else
            [ $may = no ] || complain "$room cannot include '$other/$header', which it stands on"
            refused=$((refused + 1))
        fi
    done
done
[ "$allowed" -gt 0 ] && [ "$refused" -gt 0 ] || complain "nothing was compared"
printf '%d includes compile, %d do not\n' "$allowed" "$refused"
exit $failed
