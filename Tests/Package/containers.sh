#!/bin/sh
# The images of packaging/container with podman: jobs in containers of every kind of rights, and the sidecar.
#   Tests/Package/containers.sh BASE-FOLDER      as root; BASE-FOLDER is a bare Debian (run.sh makes it)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
base=$1
mark=vmyna-test-$$
log=$(mktemp)
limits="--ulimit nofile=1024:1024 --ulimit nproc=4096:4096"

# Runtimes differ in the cgroups that they take.
engine=
(cd "$base" && tar -cf - --one-file-system .) | podman import --quiet - localhost/$mark-base >/dev/null
for runtime in crun runc; do
    # shellcheck disable=SC2086 # words
    if [ -z "$engine" ] && command -v $runtime >/dev/null &&
        podman --runtime $runtime run --rm --network none $limits localhost/$mark-base true >"$log" 2>&1; then
        engine="podman --runtime $runtime"
    fi
done
clean() {
    podman rm --force --ignore $mark >/dev/null 2>&1 || true
    podman volume rm --force $mark-pcscd $mark-vmyna >/dev/null 2>&1 || true
    podman rmi --force localhost/$mark localhost/$mark-sidecar localhost/$mark-base >/dev/null 2>&1 || true
    rm -f "$log"
}
trap clean EXIT
if [ -z "$engine" ]; then
    echo "skip  containers: $(tail -n 1 "$log")"
    exit 0
fi
fail() {
    cat "$log" >&2
    echo "FAIL  $*" >&2
    exit 1
}

for target in ci sidecar; do
    name=$mark
    [ $target = ci ] || name=$mark-sidecar
    # shellcheck disable=SC2086
    $engine build $limits --network host --isolation oci --build-arg BASE=localhost/$mark-base \
        -f "$top/packaging/container/Containerfile" --target $target -t localhost/$name "$top" >"$log" 2>&1 || fail "image $target"
done
echo "ok    images built"

# job ROAD OPTION…: a reader by this road.
job() {
    road=$1
    shift
    # shellcheck disable=SC2086
    $engine run --rm --network none $limits "$@" localhost/$mark vmyna run --json -- opensc-tool --list-readers >"$log" 2>&1 ||
        fail "job: $*"
    grep -q 'vmyna Virtual Reader 00 00' "$log" || fail "no reader: $*"
    [ "$road" = any ] || grep -q "\"road\":\"$road\"" "$log" || fail "not the road $road: $*"
    echo "ok    $(sed -n 's/.*"road":"\([a-z-]*\)".*"total":\([0-9]*\).*/\1, \2 ms/p' "$log"): ${*:-defaults}"
}
# docker-seccomp.json denies what Docker's defaults deny: namespaces and mounts.
docker="--security-opt seccomp=$here/docker-seccomp.json"
job any
job any --user 0
job any --cap-drop all --security-opt no-new-privileges
job namespace --user 0 --privileged
for options in "" "--user 0" "--cap-drop all --security-opt no-new-privileges" "--read-only --tmpfs /tmp" \
    "--user 0 --read-only --tmpfs /tmp" "--user 5000:5000"; do
    # shellcheck disable=SC2086
    job socket $docker $options
done

# block FILE NUMBER: the text of one literal block (|) of a YAML file.
block() {
    awk -v wanted="$2" '
        inside { match($0, /^ */); if (NF && RLENGTH <= outer) inside = 0; else { if (!indent) indent = RLENGTH; print substr($0, indent + 1) } }
        !inside && /(^|[ -])\|$/ { count++; if (count == wanted) { inside = 1; match($0, /^ */); outer = RLENGTH; indent = 0 } }
    ' "$1"
}
# What the templates say, in the container that they are for.
fleet=$(block "$top/packaging/kubernetes/fleet.yaml" 1)
gitlab=$(block "$top/packaging/gitlab/vmyna.gitlab-ci.yml" 1)
action=$(block "$top/packaging/github-action/action.yml" 2)
confined="--read-only --tmpfs /tmp --cap-drop all --security-opt no-new-privileges"
# shellcheck disable=SC2086
$engine run --rm --network none $limits $docker $confined --env JOB_COMPLETION_INDEX=3 localhost/$mark sh -ec "$fleet" >"$log" 2>&1 ||
    fail "packaging/kubernetes/fleet.yaml"
grep -q '"exitCode":0' "$log" || fail "no report of the fleet's job"
variables="--env VMYNA_RUN_CARDS=fresh-adult --env VMYNA_RUN_TIMEOUT=60 --env RUNNER_TEMP=/tmp --env GITHUB_OUTPUT=/tmp/output"
for script in "$gitlab" "$action"; do
    # shellcheck disable=SC2086
    $engine run --rm --network none $limits $docker $variables --env VMYNA_RUN_COMMANDS="opensc-tool --atr; exit 7" localhost/$mark \
        bash -c "cd /tmp && { $script
        }; code=\$?; cat /tmp/vmyna-report.json; exit \$code" >"$log" 2>&1 && fail "a template lost the exit code"
    grep -q '"exitCode":7' "$log" || fail "a template's script"
done
echo "ok    the commands of the Kubernetes, GitLab and GitHub templates"

$engine volume create $mark-pcscd >/dev/null
$engine volume create $mark-vmyna >/dev/null
shared="-v $mark-pcscd:/run/pcscd -v $mark-vmyna:/run/vmyna"
# shellcheck disable=SC2086
$engine run -d --name $mark --network none $limits $docker --cap-drop all $shared localhost/$mark-sidecar >/dev/null
for _ in $(seq 100); do
    if podman exec $mark vmyna status --socket /run/vmyna/socket >/dev/null 2>&1; then break; fi
    sleep 0.1
done
# shellcheck disable=SC2086,SC2016
$engine run --rm --network none $limits $docker $shared localhost/$mark sh -ec '
    test -S /run/pcscd/pcscd.comm || sleep 1
    opensc-tool --atr
    vmyna eject --socket /run/vmyna/socket
    opensc-tool --list-readers | grep -q "No  "
    vmyna insert fresh-adult --socket /run/vmyna/socket
    pin=$(vmyna show fresh-adult --env | sed -n "s/^VMYNA_AUTH_PIN=.\(.*\).$/\1/p")
    echo letter >/tmp/letter
    pkcs11-tool --slot-index 0 --login --pin "$pin" --sign --mechanism SHA256-RSA-PKCS --id 01 --input-file /tmp/letter \
        --output-file /tmp/signature
    test "$(wc -c </tmp/signature)" = 256
    vmyna doctor' >"$log" 2>&1 || fail "a container beside the sidecar"
podman stop $mark >/dev/null
podman rm $mark >/dev/null
# shellcheck disable=SC2086
$engine run --rm --network none $limits $shared localhost/$mark find /run/pcscd /run/vmyna -mindepth 1 >"$log" 2>&1
[ ! -s "$log" ] || fail "the sidecar has left something"
echo "ok    sidecar: a signature from another container, the card taken out and put in from there, nothing left behind"
