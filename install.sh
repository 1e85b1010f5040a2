#!/usr/bin/env bash
# Installs k: the packages that a cluster runs on (only those that are missing), the binary, its completions and man pages. Can be run again at any time.
#   ./install.sh                  install
#   ./install.sh --start          then start a cluster, run the example on it and ask it
#   ./install.sh --with-kubectl   also call it kubectl, where no kubectl is installed
set -euo pipefail
cd "$(dirname "$0")"

start=false with_kubectl=false
for argument in "$@"; do
    case $argument in
    --start) start=true ;;
    --with-kubectl) with_kubectl=true ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "install.sh: unknown argument $argument (see --help)" >&2; exit 1 ;;
    esac
done

say() { echo "==> $*"; }
fail() { echo "install.sh: $*" >&2; exit 1; }
# As root where the user is not.
if [[ $(id -u) == 0 ]]; then root() { "$@"; }; else root() { sudo "$@"; }; fi

missing=()
need() { [[ -e $1 ]] || command -v "${1##*/}" >/dev/null || missing+=("$2"); }
need /usr/bin/containerd containerd
need /usr/sbin/runc runc
need /usr/sbin/nft nftables
need /usr/bin/protoc protobuf-compiler
need /usr/include/google/protobuf/descriptor.proto libprotobuf-dev
need /usr/bin/cc build-essential
if $start; then
    need /usr/bin/curl curl
    { [[ -e /bin/busybox ]] && ! ldd /bin/busybox >/dev/null 2>&1; } || missing+=(busybox-static)
fi
if ((${#missing[@]})); then
    command -v apt-get >/dev/null || fail "these are missing, and there is no apt-get to install them with: ${missing[*]}"
    # A private containerd is started for every cluster; a service of the package stays as it was, or off.
    say "installing packages: ${missing[*]}"
    root apt-get update -qq
    root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    say "all packages are there"
fi

command -v cargo >/dev/null || export PATH="$HOME/.cargo/bin:$PATH"
command -v cargo >/dev/null || fail "cargo is missing: install Rust 1.95 or newer, then run this again"
say "building k (the first time takes some minutes)"
cargo build --release --quiet -p k
built=${CARGO_TARGET_DIR:-target}/release/k

prefix=/usr/local
if cmp -s "$built" $prefix/bin/k; then
    say "$prefix/bin/k is up to date"
else
    say "installing $prefix/bin/k"
    # Beside the old one and then in its place: a running server keeps the file that it was started from.
    root install -D -m 0755 "$built" $prefix/bin/.k.new
    root mv -f $prefix/bin/.k.new $prefix/bin/k
fi
place() { [[ ! -e $1 ]] || root install -D -m 0644 "$1" "$2"; }
say "installing completions and man pages"
place completions/k.bash $prefix/share/bash-completion/completions/k
place completions/_k $prefix/share/zsh/site-functions/_k
place completions/k.fish $prefix/share/fish/vendor_completions.d/k.fish
for page in man/*.1; do place "$page" "$prefix/share/man/man1/${page##*/}"; done
if $with_kubectl; then
    if found=$(command -v kubectl); then
        say "kubectl is installed as $found: left alone"
    else
        say "linking $prefix/bin/kubectl to k"
        root ln -s k $prefix/bin/kubectl
    fi
fi

if ! $start; then
    cat <<'TEXT'

Next:
  sudo k cluster start     # a cluster on this machine
  k get nodes
TEXT
    exit 0
fi

say "starting a cluster"
# Root starts it; the context goes into the kubeconfig of whoever called, who keeps the file.
config=${KUBECONFIG:-$HOME/.kube/config}
config=${config%%:*}
mkdir -p "$(dirname "$config")"
root $prefix/bin/k --kubeconfig "$config" cluster start
[[ -O $config ]] || root chown "$(id -u):$(id -g)" "$config"
export KUBECONFIG=$config

say "building the example's image from examples/hello and the machine's busybox"
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp examples/hello/Dockerfile examples/hello/serve "$context"
mkdir -p "$context/busybox/bin" "$context/busybox/tmp"
cp /bin/busybox "$context/busybox/bin/busybox"
for applet in $(/bin/busybox --list); do
    [[ $applet == busybox ]] || ln -s busybox "$context/busybox/bin/$applet"
done
root $prefix/bin/k image build -t hello:1 "$context"

say "k apply -f examples/hello.yaml"
k=$prefix/bin/k
$k apply -f examples/hello.yaml
$k rollout status deployment/hello --timeout=120s
$k get pods -l app=hello -o wide
node=$($k get nodes -o 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}')
say "curl http://$node:30080/"
for _ in 1 2 3; do curl --noproxy '*' --silent --show-error --retry 5 --retry-all-errors --max-time 10 "http://$node:30080/"; done

cat <<TEXT

The cluster runs. Next:
  k get pods -o wide
  k scale deployment hello --replicas=5
  k logs deployment/hello
  k delete -f examples/hello.yaml
  sudo k cluster stop        # and start again with: sudo k cluster start
  sudo k cluster delete      # leaves nothing behind
TEXT
