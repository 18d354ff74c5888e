#!/usr/bin/env bash
# Fuzz the FCS reader: scripts/fuzz_fcs.sh [MINUTES] [JOBS] [FOLDER]
# Thirty minutes on two cores: scripts/fuzz_fcs.sh 30 2
# Needs the extra [fuzz]. FOLDER keeps the corpus that the jobs share, what was found (found/) and a
# log of each job. After a finding a job goes on with another seed until the time is over. The last
# line sums the jobs up.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
minutes="${1:-30}"
jobs="${2:-1}"
folder="${3:-${TMPDIR:-/tmp}/hladr-fuzz}"
python="${PYTHON:-python}"
mkdir -p "$folder/corpus" "$folder/found"
rm -f "$folder"/log.* "$folder"/slowest-*
export PYTHONPATH="$root:$root/tests/fuzz" PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1
export HLADR_CACHE_DIR="${HLADR_CACHE_DIR:-$folder/kernels}"
# Blocks from 128 KiB on are given back when freed, so that the memory limit sees each of them.
export MALLOC_MMAP_THRESHOLD_=131072 FUZZ_SCRATCH="$folder"
"$python" "$root/tests/fuzz/seeds.py" "$folder/seeds"
end=$((SECONDS + 60 * minutes))

fuzz() { # one job, with seeds of its own and what the others find
  local run=0
  while ((end - SECONDS > 5)); do
    "$python" "$root/tests/fuzz/fcs_target.py" "$folder/corpus" "$folder/seeds" \
      -seed=$(($1 * 1000 + RANDOM % 1000 + ++run * 100000)) -reload=60 \
      -max_total_time=$((end - SECONDS)) -max_len=65536 -timeout=10 -rss_limit_mb=4096 \
      -print_final_stats=1 -artifact_prefix="$folder/found/" >>"$folder/log.$1" 2>&1 || true
  done
}

for ((job = 1; job <= jobs; job++)); do fuzz "$job" & done
wait
grep -hE 'Uncaught|SUMMARY' "$folder"/log.* || true
find "$folder/found" -type f
sum() { grep -hoE "stat::$1: +[0-9]+" "$folder"/log.* | awk "{ n = $2 } END { print n + 0 }"; }
slowest="$(sort -n "$folder"/slowest-* 2>/dev/null | tail -1)"
printf '%s jobs of %s min: %s executions, %s findings, slowest input %s s, peak memory %s MB\n' \
  "$jobs" "$minutes" "$(sum number_of_executed_units 'n + $2')" \
  "$(find "$folder/found" -type f | wc -l)" "${slowest:-0}" \
  "$(sum peak_rss_mb '($2 > n ? $2 : n)')"
