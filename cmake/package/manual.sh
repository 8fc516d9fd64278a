#!/bin/sh
# manual.sh PROGRAM FOLDER: the manual in both languages and the completion for bash, as the program itself prints them.
set -e
mkdir -p "$2/zh_CN"
TALENT_HOME=$(mktemp -d)
export TALENT_HOME
trap 'rm -rf "$TALENT_HOME"' EXIT
"$1" --lang en help --man | gzip -9n >"$2/talent.1.gz"
"$1" --lang zh help --man | gzip -9n >"$2/zh_CN/talent.1.gz"
"$1" help --completion >"$2/talent.bash"
