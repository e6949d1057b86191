#!/bin/sh
# Programs as they come from Debian and PyPI, and the examples, each in a `vmyna run` of its own. One line per client; the last line is
# "N passed, M failed, K skipped". How each is set up: Docs/Clients.md, whose commands these are (compare.py sees to it).
# Usage: Tests/Clients/run.sh VMYNA_BINARY [WORD…]   only clients whose name contains a WORD
#
# The head of a client's file says what it needs:
#   needs: Debian packages
#   pip: packages of PyPI; REPOSITORY/… are our own
#   card: what sits in the reader (fresh-adult)
# It runs in an empty folder of its own, with `vmyna` in PATH and VMYNA_… telling what it has. Exit code 0 is passed,
# 77 skipped; its last line on standard output is the detail.
set -eu

[ $# -ge 1 ] || { echo "usage: $0 VMYNA_BINARY [WORD...]" >&2; exit 2; }
[ -x "$1" ] || {
    echo "vmyna: there is no program, $1" >&2
    echo "  fix: make build, and name .build/release/vmyna" >&2
    exit 3
}
CLIENTS=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$CLIENTS/../.." && pwd)
vmyna=$(realpath "$1")
shift
PATH=$(dirname "$vmyna"):$PATH
VENV=$root/.build/clients-venv
export CLIENTS PATH VENV
# Servers are on loopback; no proxy is asked for the way.
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy || true
# What is asked of the clients is asked in English, and in the same way everywhere.
export LC_ALL=C.UTF-8

passed=0 failed=0 skipped=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

head_line() { sed -n "s/^[#/]* $2: *//p" "$1" | head -n 1; }

# The Debian packages and those of PyPI; fails when they cannot be had.
prepare() {
    # shellcheck disable=SC2046 # packages are words
    "$root/Scripts/need-packages.sh" opensc $(head_line "$1" needs) || return 1
    pip=$(head_line "$1" pip)
    [ -n "$pip" ] || return 0
    "$root/Scripts/need-packages.sh" python3-venv || return 1
    [ -x "$VENV/bin/python" ] || /usr/bin/python3 -m venv "$VENV" || return 1
    # shellcheck disable=SC2086
    "$VENV/bin/pip" --quiet --disable-pip-version-check install $(echo "$pip" | sed "s#REPOSITORY#$root#")
}

command_for() {
    case $1 in
        *.sh) echo "sh -eu $1" ;;
        *.py) if [ -n "$(head_line "$1" pip)" ]; then echo "$VENV/bin/python -B $1"; else echo "/usr/bin/python3 -B $1"; fi ;;
        *.pl) echo "perl $1" ;;
        *.java) echo "sh -eu $CLIENTS/lib/java.sh $1" ;;
    esac
}

# The name that is printed: the file's own, or that of its example.
name_of() {
    case $1 in
        */Examples/*) echo "Examples/$(basename "$(dirname "$1")")" ;;
        *) basename "$1" ;;
    esac
}

client() {
    file=$1
    name=$(name_of "$file")
    begin=$(date +%s)
    if ! prepare "$file" >"$folder/log" 2>&1; then
        skipped=$((skipped + 1))
        echo "skipped $name: $(tail -n 1 "$folder/log")"
        return
    fi
    rm -rf "$folder/work"
    mkdir "$folder/work"
    card=$(head_line "$file" card)
    code=0
    # shellcheck disable=SC2046 # a command is words
    (cd "$folder/work" && exec "$vmyna" run --card "${card:-fresh-adult}" --timeout 180 -- $(command_for "$file")) \
        >"$folder/out" 2>"$folder/err" </dev/null || code=$?
    took="$(($(date +%s) - begin)) s"
    case $code in
        0)
            passed=$((passed + 1))
            echo "ok      $name ($took): $(tail -n 1 "$folder/out")"
            ;;
        77)
            skipped=$((skipped + 1))
            echo "skipped $name: $(tail -n 1 "$folder/out")"
            ;;
        *)
            failed=$((failed + 1))
            echo "FAILED  $name ($took): exit code $code"
            # The explained exchanges that `vmyna run` adds are long; its log keeps them.
            sed "/^vmyna: the last/,\$d" "$folder/err" | tail -n 25 "$folder/out" - | cut -c 1-300 | sed "s/^/    /"
            ;;
    esac
}

wanted() {
    [ $# -gt 1 ] || return 0
    name=$1
    shift
    for word in "$@"; do
        case $name in *"$word"*) return 0 ;; esac
    done
    return 1
}

if ! /usr/bin/python3 -B "$CLIENTS/compare.py"; then failed=$((failed + 1)); else passed=$((passed + 1)); fi
for file in "$CLIENTS"/* "$root"/Examples/*/run.sh; do
    case $file in "$CLIENTS"/run.sh | */compare.py | */README*) continue ;; esac
    [ -f "$file" ] || continue
    if wanted "$(name_of "$file")" "$@"; then client "$file"; fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
