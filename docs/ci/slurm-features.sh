#!/usr/bin/env bash
#SBATCH --job-name=das-audit-features
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=12:00:00
# The features of a dataset in as many parts as the array has tasks, on machines that share a file system. All tasks
# write into one folder, which is then what one machine makes alone. A task that is killed goes on when it is
# submitted again. `evaluate lds --slurm FILE` writes such a script for retraining.
#
#   sbatch --export=ALL,MODEL=model,DATASET=pictures,FEATURES=features slurm-features.sh
set -euo pipefail
: "${MODEL:?}" "${DATASET:?}" "${FEATURES:?}"
${DAS_AUDIT:-dotnet das-audit} features build --model "$MODEL" --dataset "$DATASET" --output "$FEATURES" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --threads "$SLURM_CPUS_PER_TASK" --quiet
