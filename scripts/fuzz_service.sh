#!/usr/bin/env bash
# Send every call of the service what nobody should: scripts/fuzz_service.sh [MINUTES] [FOLDER]
# Half an hour: scripts/fuzz_service.sh 30
# Needs the extra [test]. It starts a service of its own, on an empty folder, and asks it with a key
# that may do everything. FOLDER keeps what was found (found.txt) and the log of the service.
# MINUTES 0 is the short run of the tests: EXAMPLES of every call, 5 unless told.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
minutes="${1:-30}"
folder="${2:-${TMPDIR:-/tmp}/hladr-fuzz-service}"
python="${PYTHON:-python}"
rm -rf "$folder/data"
mkdir -p "$folder/data"
export PYTHONPATH="$root:$root/tests/fuzz" PYTHONDONTWRITEBYTECODE=1
export HLADR_LEAST_FREE=0 HLADR_REQUESTS_A_MINUTE=1000000 HLADR_WAIT_SECONDS=10
HLADR_PORT="$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
export HLADR_PORT
address="http://127.0.0.1:$HLADR_PORT"

"$python" -c 'from service.program import main; main()' serve --data "$folder/data" \
  >"$folder/first-lines" 2>"$folder/log" &
service=$!
trap 'kill $service 2>/dev/null; wait $service 2>/dev/null || true; rm -rf "$folder/data"' EXIT
until curl --silent --fail --output "$folder/health" "$address/health"; do
  kill -0 $service || { cat "$folder/log" >&2; exit 2; }
  sleep 0.2
done
key="$(sed -n 's/^API key: //p' "$folder/first-lines")"
export FUZZ_SERVICE_KEY="$key" FUZZ_SERVICE_ADDRESS="$address" SCHEMATHESIS_HOOKS=service_hooks

if ((minutes > 0)); then
  run=(--max-time $((60 * minutes)) --phases coverage,fuzzing,stateful --max-examples 100)
else
  run=(--phases coverage,fuzzing --max-examples "${EXAMPLES:-5}" --seed 7)
fi
# What is deleted here (a key, a recalculation) is revoked or cancelled, and stays to be seen.
not_ours=positive_data_acceptance,negative_data_rejection,object_level_authorization,use_after_free
cd "$folder" # where it leaves notes of its own
status=0
"$python" -m schemathesis.cli run "$address/openapi.json" --no-color --warnings off \
  --header "Authorization: Bearer $key" --generation-database none --no-shrink \
  --continue-on-failure --request-timeout 30 "${run[@]}" \
  --exclude-checks "$not_ours" \
  >"$folder/found.txt" 2>&1 || status=$?
cat "$folder/found.txt"
if ((status > 0)) && ! grep --quiet '^Failures:' "$folder/found.txt"; then
  echo "errors above are of schemathesis itself; no call failed" >&2
  status=0
fi
# A service that has fallen over, or that knows nobody any more, has not been asked anything.
curl --silent --fail --output /dev/null --header "Authorization: Bearer $key" \
  "$address/api/v1/keys" || { echo "the key was not valid to the end" >&2; exit 3; }
if grep --quiet '"event": "fault"' "$folder/log"; then
  grep '"event": "fault"' "$folder/log" >&2
  exit 4
fi
exit $status
