#!/bin/sh
# Every check, from style to real clients. `make test` calls it after installing what is missing.
set -eu
cd "$(dirname "$0")/.."

stage() { printf '\n=== %s\n' "$1"; }
flags="--explicit-target-dependency-import-check error"

stage "style"
swift format lint --strict --recursive Sources Tests Fuzz Benchmarks Package.swift
/usr/bin/python3 -B Scripts/tidy.py

stage "build without warnings, unit and conformance tests"
# shellcheck disable=SC2086 # flags are words
swift build --build-tests $flags
# shellcheck disable=SC2086
swift test --skip-build $flags

stage "what is shipped"
# shellcheck disable=SC2086
swift build -c release --static-swift-stdlib --product ifdvmyna $flags
# shellcheck disable=SC2086
swift build -c release --static-swift-stdlib --product vmyna $flags
ifd-bundle/make-bundle.sh

for suite in Tests/RealReader/driver/run.sh Tests/RealReader/driver/sanitized.sh Tests/RealReader/vpcd/run.sh Tests/RealReader/world/run.sh "Tests/RealClients/run.sh .build/release/vmyna"; do
    stage "$suite"
    # shellcheck disable=SC2086 # a program and its argument
    $suite
done

stage "kill tests, in short"
/usr/bin/python3 -B Tests/Torture/torture.py --vmyna .build/release/vmyna --seconds 15

stage "all checks passed"
