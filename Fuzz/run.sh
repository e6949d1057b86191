#!/bin/sh
# Runs the fuzzers from the kept seeds. Docs: Docs/Fuzzing.md.
# Usage: Fuzz/run.sh [--seconds N] [--keep] [TARGET…]
#   --seconds N  in all, shared among the targets and the machine's cores (default 60)
#   --keep       add what found new ground to Fuzz/seeds, as few and as small as will do
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
work=$root/.build/fuzz
seconds=60
keep=no
chosen=

fail() {
    echo "vmyna: $2" >&2
    echo "  fix: $3" >&2
    exit "$1"
}

while [ $# -gt 0 ]; do
    case $1 in
    --seconds) [ $# -ge 2 ] || fail 2 "a number is missing, --seconds" "--seconds 60"; seconds=$2; shift ;;
    --keep) keep=yes ;;
    -*) fail 2 "no such option, $1" "Fuzz/run.sh [--seconds N] [--keep] [TARGET…]" ;;
    *) chosen="$chosen $1" ;;
    esac
    shift
done
case $seconds in '' | *[!0-9]*) fail 2 "no number of seconds, $seconds" "--seconds 60" ;; esac

targets=$(ls "$here/seeds")
for target in $chosen; do
    [ -d "$here/seeds/$target" ] || fail 2 "no such target, $target" "one of: $(echo $targets)"
done
[ -z "$chosen" ] || targets=$chosen

mkdir -p "$work/c" "$work/corpus" "$work/findings"
compiler=$(dirname "$(readlink -f "$(command -v swift)")")/clang
[ -x "$compiler" ] || compiler=clang
driver=$root/Sources/CReaderDriver
for part in frame link; do
    "$compiler" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -g -O1 -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-recover=undefined -I "$driver" -o "$work/c/driver-$part" "$here/driver/${part}_fuzz.c" \
        "$driver/frame.c" "$driver/device_name.c" "$driver/link.c" >"$work/build.log" 2>&1 ||
        fail 3 "the driver's fuzzer cannot be built, $part" "see $work/build.log; a Swift tool chain with libFuzzer is needed, or clang"
done
echo "Building the fuzzers …"
(cd "$root" && VMYNA_FUZZ=1 swift build -c release --sanitize fuzzer --scratch-path "$work" --product vmyna-fuzz) \
    >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log" >&2; fail 3 "the fuzzers cannot be built" "see $work/build.log"; }

# A trap in Swift is for libFuzzer to keep, not for Swift to explain.
export SWIFT_BACKTRACE=enable=no

# run_one TARGET SECONDS: one line
run_one() {
    target=$1
    corpus=$work/corpus/$target
    mkdir -p "$corpus"
    case $target in
    driver-*) program=$work/c/$target ;;
    *) program=$work/release/vmyna-fuzz ;;
    esac
    log=$work/$target.log
    # Long enough for an extended APDU where it matters; short inputs find more elsewhere.
    length=4096
    if VMYNA_FUZZ_TARGET=$target "$program" -max_total_time="$2" -max_len=$length -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$work/findings/$target-" -print_final_stats=1 "$corpus" "$here/seeds/$target" >"$log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        echo "ok      $target: $runs inputs in $2 s"
    else
        echo "FAILED  $target: $(grep -E 'Fatal error|ERROR:|SUMMARY' "$log" | head -n 1)"
        echo "        input: $(sed -n 's/.*Test unit written to //p' "$log" | head -n 1)"
        echo "        replay: VMYNA_FUZZ_TARGET=$target $program INPUT"
        return 1
    fi
    if [ $keep = yes ]; then
        VMYNA_FUZZ_TARGET=$target "$program" -set_cover_merge=1 -max_len=1024 "$here/seeds/$target" "$corpus" >>"$log" 2>&1 || true
    fi
}

cores=$(getconf _NPROCESSORS_ONLN)
count=$(echo $targets | wc -w)
each=$((seconds * cores / count))
[ $each -ge 1 ] || each=1
[ $each -le "$seconds" ] || each=$seconds
status=$work/status
rm -f "$status"
running=0
for target in $targets; do
    (run_one "$target" $each || echo "$target" >>"$status") &
    running=$((running + 1))
    if [ $running -ge "$cores" ]; then
        wait
        running=0
    fi
done
wait
[ ! -e "$status" ] || fail 1 "something was found: $(echo $(cat "$status"))" \
    "mend it, put the input into Fuzz/seeds/TARGET, and see that FuzzSeedTests fails without the mending"
echo "nothing found"
