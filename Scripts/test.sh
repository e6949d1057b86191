#!/bin/sh
# Every check, from style to real clients. `make test` calls it after installing what is missing.
set -eu
cd "$(dirname "$0")/.."

stage() { printf '\n=== %s\n' "$1"; }
flags="--explicit-target-dependency-import-check error"

stage "style"
swift format lint --strict --recursive Sources Tests Fuzz Benchmarks Examples Package.swift
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
# shellcheck disable=SC2086
swift build -c release --static-swift-stdlib --product vmyna-desk $flags
ifd-bundle/make-bundle.sh

stage "documents"
/usr/bin/python3 -B Tests/DocumentTests/documents.py .build/release/vmyna
/usr/bin/python3 -B Tests/DocumentTests/errors.py
/usr/bin/python3 -B Tests/DocumentTests/training.py
/usr/bin/python3 -B Tests/DocumentTests/protocol.py .build/release/vmyna
Scripts/docs.sh

for suite in driver vpcd world doctor; do
    stage "real readers: $suite"
    Scripts/as-root.sh Tests/RealReader/$suite/run.sh
done
stage "the driver under sanitizers, in pcscd"
Scripts/as-root.sh Tests/RealReader/driver/sanitized.sh

export VMYNA=.build/release/vmyna
stage "real clients"
Scripts/as-root.sh Tests/RealClients/run.sh "$VMYNA"
Scripts/as-root.sh /usr/bin/python3 -B Tests/RealClients/faults.py "$VMYNA"
Scripts/as-root.sh /usr/bin/python3 -B Tests/RealClients/traces.py "$VMYNA"
Tests/RealClients/stories.sh
"$VMYNA" run --card fresh-adult -- /usr/bin/python3 -B Tests/RealClients/face.py --vmyna "$VMYNA"

stage "clients that need no more than is here, and an example: Docs/Clients.md"
Tests/Clients/run.sh "$VMYNA" opensc. pyscard. scriptor. sign-document

stage "the training desk, in a real browser"
Scripts/as-root.sh Tests/RealDesk/run.sh "$VMYNA"

stage "kill tests, in short"
Scripts/as-root.sh /usr/bin/python3 -B Tests/Torture/torture.py "$VMYNA" 20

stage "all checks passed"
