#!/usr/bin/env bash
# Kill the service again and again under load, on SQLite and on PostgreSQL: nothing that was
# acknowledged may be lost, nothing done twice, and the audit must hold.
#
#     scripts/crash_service.sh [KILLS]
set -euo pipefail
cd "$(dirname "$0")/../tests/test_service"

kills="${1:-20}"
python crash.py --kills "$kills"
python crash.py --kills "$kills" --postgresql
