#!/usr/bin/env bash
# Remakes the tiny Stable Diffusion, its LoRA and what the LoRA generates from the sample's pictures. Needs Python 3 and
# the .NET SDK; downloads nothing.
#   ./remake-tiny-sd.sh            into the folder above this one
#   ./remake-tiny-sd.sh FOLDER     into FOLDER, which holds dataset/
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
sample=$(cd "${1:-$here/..}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
clone=$here/../../../..
tool() { dotnet run -c Release --project "$clone/src/DasAudit.Cli" -- "$@"; }

# Captions and tokenizer; text encoder (random) and autoencoder (trained); then the U-Net.
cp -r "$here/tiny-sd-config" "$scratch/parts"
python3 "$here/captions.py" --dataset "$sample/dataset" --tokenizer "$scratch/parts/tokenizer" \
    --base "$scratch/base" --lora "$sample/lora-pictures"
dotnet run -c Release --project "$clone/tests/DasAudit.Benchmarks" -- \
    tiny-parts "$scratch/parts" "$sample/dataset"
rm -rf "$sample/tiny-sd" "$sample/lora" "$sample/lora-generated"
tool train --model "$scratch/parts" --dataset "$scratch/base" --output "$sample/tiny-sd" --steps 3000 \
    --caption-dropout 0.1 --keep none --half
# A LoRA of a handful of OpenMoji's pictures, and pictures by it.
tool train --model "$sample/tiny-sd" --dataset "$sample/lora-pictures" --output "$sample/lora" --lora-rank 2 \
    --lora-modules all --learning-rate 3e-3 --steps 1000 --keep none --half
seed=0
for title in "angry face with horns" "skull" "smiling face with sunglasses" "winking face with tongue" \
    "loudly crying face" "cowboy hat face" "nauseated face" "cold face"; do
    tool generate --model "$sample/tiny-sd" --lora "$sample/lora" --prompt "$title, openmoji" --guidance 2 \
        --seed $seed --output "$sample/lora-generated"
    seed=$((seed + 1))
done
rm "$sample/tiny-sd/training.json" "$sample/lora/training.json"
