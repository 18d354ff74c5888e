#!/usr/bin/env bash
# Fuzz the FCS reader on one core: scripts/fuzz_fcs.sh [MINUTES] [FOLDER]
# Needs the extra [fuzz]. FOLDER keeps the corpus, what was found (found/) and the log.
# After a finding it goes on with another seed until the time is over.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
minutes="${1:-30}"
folder="${2:-${TMPDIR:-/tmp}/hladr-fuzz}"
python="${PYTHON:-python}"
mkdir -p "$folder/corpus" "$folder/found"
export PYTHONPATH="$root:$root/tests/fuzz" PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1
export NUMBA_CACHE_DIR="${NUMBA_CACHE_DIR:-$folder/numba}"
# Blocks from 128 KiB on are given back when freed, so that the memory limit sees each of them.
export MALLOC_MMAP_THRESHOLD_=131072 FUZZ_SCRATCH="$folder"
"$python" "$root/tests/fuzz/seeds.py" "$folder/seeds"
end=$((SECONDS + 60 * minutes))
while ((end - SECONDS > 5)); do
  "$python" "$root/tests/fuzz/fcs_target.py" "$folder/corpus" "$folder/seeds" \
    -max_total_time=$((end - SECONDS)) -max_len=65536 -timeout=10 -rss_limit_mb=4096 \
    -print_final_stats=1 -artifact_prefix="$folder/found/" >>"$folder/log" 2>&1 || true
done
grep -hE 'DONE|stat::|Uncaught|SUMMARY' "$folder/log"
find "$folder/found" -type f
