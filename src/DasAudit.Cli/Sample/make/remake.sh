#!/usr/bin/env bash
# Remakes the sample: pictures, encoder, model and generated pictures. Debian 12; needs root for apt.
#   ./remake.sh            everything, into the folder above this one
#   ./remake.sh FOLDER     the same, into FOLDER
set -euo pipefail
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1

here=$(cd "$(dirname "$0")" && pwd)
sample=$(mkdir -p "${1:-$here/..}" && cd "${1:-$here/..}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Tools: the results were made with Debian 12's own versions.
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    python3 python3-torch python3-pil python3-numpy librsvg2-bin
command -v npm >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm

# Pictures: exact versions, no install scripts.
(cd "$scratch" && npm init -y >/dev/null && npm install --ignore-scripts --no-audit --no-fund --save-exact \
    emoji-datasource-google@16.0.0 emoji-datasource-twitter@16.0.0 openmoji@17.0.0 twemoji@14.0.2)

/usr/bin/python3 "$here/pictures.py" --packages "$scratch/node_modules" --out "$sample/dataset"
/usr/bin/python3 "$here/encoder.py" --packages "$scratch/node_modules" --out "$sample/encoder"

# Model and generated pictures, by das-audit's own commands from this clone.
tool() { dotnet run -c Release --project "$here/../.." -- "$@"; }
rm -rf "$sample/model" "$sample/generated"
tool train --model "$here/model-config" --dataset "$sample/dataset" --output "$sample/model" --steps 7000 --half
tool generate --model "$sample/model" --output "$sample/generated" --seed 0 --count 12
