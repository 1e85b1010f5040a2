#!/usr/bin/env bash
# Runs every test from a clean clone: installs what the tests need and is missing (Debian packages, the real clients), builds, runs the unit tests and the
# end-to-end tests, each cluster in a network namespace without a way out. Needs root. The last line counts; the exit code is zero when nothing failed.
#   tests/run.sh [ARGUMENTS]    arguments go to cargo test, for instance: tests/run.sh -p k -- restart::
set -uo pipefail
cd "$(dirname "$0")/.."

if [[ $(id -u) != 0 ]]; then
    echo "tests/run.sh: the end-to-end tests make network namespaces and containers and need root: sudo tests/run.sh" >&2
    exit 1
fi

# What is looked for, and the package that has it.
needs="
/usr/bin/containerd         containerd
/usr/sbin/runc              runc
/usr/sbin/nft               nftables
/usr/sbin/ip                iproute2
/usr/bin/nsenter            util-linux
/usr/bin/protoc             protobuf-compiler
/usr/include/google/protobuf/descriptor.proto libprotobuf-dev
/usr/bin/etcd               etcd-server
/usr/bin/cc                 build-essential
/bin/busybox                busybox-static
/usr/sbin/nginx             nginx-light
/usr/bin/redis-server       redis-server
/usr/bin/perl               perl
/usr/bin/ps                 procps
/usr/bin/curl               curl
/usr/bin/python3            python3
/usr/bin/pip3               python3-pip
/usr/share/doc/python3-venv python3-venv
/usr/bin/node               nodejs
/usr/bin/npm                npm
"
missing=()
while read -r path package; do
    [[ -z $path ]] || command -v "${path##*/}" >/dev/null || [[ -e $path ]] || missing+=("$package")
done <<<"$needs"
# Only the static busybox runs inside an image.
if [[ -e /bin/busybox ]] && ldd /bin/busybox >/dev/null 2>&1; then missing+=(busybox-static); fi
if ((${#missing[@]})); then
    echo "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    # Packages bring services; the tests want the programs alone.
    policy=/usr/sbin/policy-rc.d
    [[ -e $policy ]] || { printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy && trap 'rm -f /usr/sbin/policy-rc.d' EXIT; }
    log=$(mktemp)
    { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; echo "tests/run.sh: packages could not be installed" >&2; exit 1; }
    rm -f "$log"
fi

command -v cargo >/dev/null || export PATH="$HOME/.cargo/bin:$PATH"
command -v cargo >/dev/null || { echo "tests/run.sh: cargo is missing: install Rust 1.95 or newer" >&2; exit 1; }

skip=()
if ! tests/clients.sh; then
    echo "the real kubectl and Helm cannot be had: what needs them is skipped"
    skip=(--skip parity::)
fi

arguments=("$@")
((${#arguments[@]})) || arguments=(--workspace)
if ((${#skip[@]})); then
    case " ${arguments[*]} " in *" -- "*) ;; *) arguments+=(--) ;; esac
    arguments+=("${skip[@]}")
fi

output=$(mktemp)
cargo test --no-fail-fast "${arguments[@]}" 2>&1 | tee "$output"
code=${PIPESTATUS[0]}

# Guardians clean up what shared clusters leave when the last test ends.
for _ in $(seq 100); do
    ls /run/netns 2>/dev/null | grep -q '^kt-' || break
    sleep 0.3
done

# "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; ..."
read -r passed failed skipped < <(awk '/^test result: / { p += $4; f += $6; s += $8 + $12 } END { print p + 0, f + 0, s + 0 }' "$output")
if ((code != 0)); then
    echo
    echo "failed:"
    { grep -E '^test .* \.\.\. FAILED$|^error(\[E[0-9]+\])?: ' "$output" || tail -n 5 "$output"; } | sort -u
fi
rm -f "$output"
# A run that tested nothing shows nothing.
((passed > 0)) || code=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$code"
