#!/bin/sh
# Checks that there is a Swift tool chain that is new enough; says in one message how to get one.
set -eu
needed=6.2

found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
oldest=$(printf '%s\n%s\n' "$needed" "${found:-0}" | sort -V | head -n 1)
[ "$oldest" = "$needed" ] && exit 0

if [ -n "$found" ]; then what="Swift $found is too old"; else what="there is no Swift tool chain"; fi
echo "vmyna: $what, Swift $needed or newer is needed" >&2
echo "  fix: install it as https://www.swift.org/install/linux/ says, put its bin folder into PATH, and run this again" >&2
exit 3
