#!/bin/sh
# pcscd and the card service for other containers, until one of them ends or SIGTERM comes. Words: options of
# `vmyna serve`. Needs no rights but to write into /run/pcscd and /run/vmyna.
set -eu

for folder in /run/pcscd /run/vmyna; do
    [ -w "$folder" ] || {
        echo "vmyna: this user may not write into the shared folder, $folder" >&2
        echo "  fix: give the volume to user $(id -u) (Kubernetes: fsGroup; podman: -v NAME:$folder:U)" >&2
        exit 3
    }
done
# What an earlier container has left in the volume.
rm -f /run/pcscd/pcscd.comm /run/pcscd/pcscd.pid

configuration=$(mktemp -d)
ready=$configuration/ready
service=
daemon=
finish() {
    trap - EXIT TERM INT
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
    [ -z "$service" ] || kill "$service" 2>/dev/null || true
    wait || true
    rm -rf "$configuration" /run/pcscd/pcscd.comm /run/pcscd/pcscd.pid
    exit "$1"
}
trap 'finish 0' TERM INT
trap 'finish 3' EXIT

# `vmyna serve` says "ready" into a pipe: nothing polls, nothing sleeps.
mkfifo "$ready"
vmyna serve --socket /run/vmyna/socket "$@" >"$ready" &
service=$!
read -r word <"$ready" || true
[ "${word:-}" = ready ] || finish 3

# As many readers as there are slots.
mkdir "$configuration/reader.conf.d"
readers=$(vmyna status --socket /run/vmyna/socket --json | wc -l)
vmyna reader-conf --readers "$readers" --socket /run/vmyna/socket >"$configuration/reader.conf.d/vmyna"

# There is no polkit in a container to ask.
polkit=
if pcscd --help 2>&1 | grep -q disable-polkit; then polkit=--disable-polkit; fi
pcscd --foreground -c "$configuration/reader.conf.d" $polkit &
daemon=$!

# When one ends, so does the other.
while kill -0 "$service" 2>/dev/null && kill -0 "$daemon" 2>/dev/null; do
    sleep 1 &
    wait $! || true
done
echo "vmyna: the card service or pcscd has ended, the sidecar" >&2
echo "  fix: look at what it printed above, and start the container again" >&2
finish 3
