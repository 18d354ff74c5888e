#!/usr/bin/env bash
# What is in an installation: name, version, licence of every package, as CycloneDX in dist/.
#
#     scripts/sbom.sh [PYTHON]      default the one on PATH; cyclonedx-bom must be installed there,
#                                   or in the one that CYCLONEDX names
set -euo pipefail
cd "$(dirname "$0")/.."

python="$(command -v "${1:-python}")"
mkdir -p dist
version="$("$python" -c 'from hladr.version import software_version; print(software_version())')"
target="dist/hladr-$version.cdx.json"
"${CYCLONEDX:-$python}" -m cyclonedx_py environment "$python" --pyproject pyproject.toml \
  --mc-type application --output-reproducible --output-format JSON --spec-version 1.6 \
  --output-file "$target"
echo "$target"
