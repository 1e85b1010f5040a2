#!/usr/bin/env bash
# Prints the figures of the API server alone that ARCHITECTURE.md has, of the release build, on this machine: in a network namespace of its own, removed at the end.
# Needs root and what tests/run.sh installs. Not a test: nothing fails because a machine is slow.
#   tests/api-figures.sh [UPDATES]     how often 1,000 objects are updated; 50,000 where it is not said
set -euo pipefail
cd "$(dirname "$0")/.."
command -v h2load >/dev/null || apt-get install -y --no-install-recommends nghttp2-client >/dev/null
cargo build --quiet --release --workspace --example dev --example figures
examples=$(realpath "${CARGO_TARGET_DIR:-target}/release/examples")
dir=$(mktemp -d /var/tmp/k-figures.XXXXXX)
trap 'rm -rf "$dir"' EXIT
unshare --net bash -euo pipefail -s -- "$examples" "$dir" "${1:-50000}" <<'INSIDE'
ip link set lo up
"$1/dev" "$2" 7443 >"$2.log" 2>&1 &
trap 'kill %1; wait %1 || true; rm -f "$2.log"' EXIT
# the kubeconfig is there once the server answers
grep -m 1 -q KUBECONFIG < <(tail --pid=$! -n +1 -F "$2.log" 2>/dev/null) || { cat "$2.log"; exit 1; }
"$1/figures" "$2" "$3"
INSIDE
