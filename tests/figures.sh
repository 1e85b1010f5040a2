#!/usr/bin/env bash
# Prints the figures of ARCHITECTURE.md, of the release build, on this machine: a cluster in a network namespace of its own without a way out, removed at the end.
# Needs root and what tests/run.sh installs. Not a test: nothing fails because a machine is slow.
#   tests/figures.sh [PROGRAM]      the program is target/release/k where none is named
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-${CARGO_TARGET_DIR:-target}/release/k}")
name=kfig$$ dir=$(mktemp -d /var/tmp/k-figures.XXXXXX)
export KUBECONFIG=$dir/kubeconfig HOME=$dir
inside() { nsenter --net="/run/netns/$name" "$@"; }
k() { inside "$program" "$@"; }
place=(--name "$name" --data-dir "$dir/data")
trap 'sh src/testkit/clean.sh "$program" "$name" "$dir"' EXIT
ip netns add "$name"
inside ip link set lo up

now() { date +%s%N; }
since() { echo $((($(now) - $1) / 1000000)); }
row() { printf '%-62s %s\n' "$1" "$2"; }
# Least of twenty runs, in milliseconds, and the resident memory of the largest, in MiB (told by GNU time: a script interpreter's child would count the
# interpreter's memory as its own).
command -v /usr/bin/time >/dev/null || apt-get install -y --no-install-recommends time >/dev/null
least() {
    python3 - "$@" <<'PYTHON'
import subprocess, sys, time
took = []
for _ in range(20):
    begun = time.perf_counter()
    subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
    took.append(time.perf_counter() - begun)
told = subprocess.run(["/usr/bin/time", "-f", "%M", *sys.argv[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
print(f"{min(took) * 1000:.1f} ms, {int(told.stderr.split()[-1]) / 1024:.1f} MiB")
PYTHON
}

mkdir -p "$dir/image/bin"
cp /bin/busybox "$dir/image/bin/busybox"
ln -s busybox "$dir/image/bin/sh" && ln -s busybox "$dir/image/bin/sleep"
printf 'FROM scratch\nCOPY bin /bin\nCMD ["sleep", "3600"]\n' >"$dir/image/Dockerfile"
# The first start also makes certificates and the database.
k cluster start "${place[@]}" --node-name node1 --wait 60s >/dev/null
k image build "${place[@]}" -t figures:1 "$dir/image" >/dev/null
k cluster stop "${place[@]}" >/dev/null

begun=$(now)
k cluster start "${place[@]}" --wait 60s >/dev/null
started=$(since "$begun")
k run first --image=figures:1 --restart=Never >/dev/null
k wait --for=jsonpath='{.status.phase}'=Running pod/first --timeout=60s >/dev/null
first=$(since "$begun")
row "server start to answering" "$(grep -o 'milliseconds=[0-9]*' "$dir/data/server.log" | tail -n 2 | head -n 1 | cut -d= -f2) ms"
row "k cluster start until the node is Ready" "$started ms"
row "k cluster start, k run, until the pod is Running" "$first ms"
k delete pod first --now >/dev/null

for replicas in 1 20 50; do
    begun=$(now)
    k create deployment "d$replicas" --image=figures:1 --replicas=$replicas >/dev/null
    k wait --for=jsonpath='{.status.readyReplicas}'=$replicas "deployment/d$replicas" --timeout=300s >/dev/null
    row "Deployment of $replicas until all are ready" "$(since "$begun") ms"
    k delete deployment "d$replicas" >/dev/null
    k wait --for=delete pod -l "app=d$replicas" --timeout=300s >/dev/null
done

pid=$(cat "$dir/data/server.pid")
ticks() { awk '{print $14 + $15}' "/proc/$pid/stat"; }
sleep 5
before=$(ticks)
sleep 20
after=$(ticks)
row "idle: resident memory of the server" "$(awk '/VmRSS/ {printf "%.1f MiB", $2 / 1024}' "/proc/$pid/status")"
row "idle: processor, of one core, over 20 s" "$(awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" 'BEGIN {printf "%.2f%%", ticks / hz / 20 * 100}')"

row "/bin/true, for comparison" "$(least nsenter --net="/run/netns/$name" /bin/true)"
row "k version --client" "$(least nsenter --net="/run/netns/$name" "$program" version --client)"
row "k get of one object" "$(least nsenter --net="/run/netns/$name" "$program" get configmap kube-root-ca.crt)"
# Pods that no scheduler takes: rows, not containers.
for number in $(seq 3000); do
    printf -- '---\napiVersion: v1\nkind: Pod\nmetadata: {name: p%s, labels: {app: many}}\nspec: {schedulerName: none, containers: [{name: c, image: "figures:1"}]}\n' "$number"
done >"$dir/pods.yaml"
begun=$(now)
k create -f "$dir/pods.yaml" >/dev/null
row "k create -f of 3,000 pods" "$(since "$begun") ms"
row "k get pods -o wide of 3,000" "$(least nsenter --net="/run/netns/$name" "$program" get pods -o wide)"
row "resident memory of the server with 3,000 pods" "$(awk '/VmRSS/ {printf "%.1f MiB", $2 / 1024}' "/proc/$pid/status")"
