#!/usr/bin/env bash
# Build the image of the service with buildah, and say how large it is. What is in it is listed in
# the image, as its label hladr.sbom says.
#
#     scripts/build_container.sh [ARGUMENTS OF buildah build]
#
#     BASE=localhost/python       another image with Python, see scripts/base_image.sh
#     PIP_CONF=/etc/pip.conf      an index of one's own; it stays in no layer
#     CA=/path/ca.crt             certificates that the builder needs; likewise
#     BUILDAH_ISOLATION=chroot    where neither runc nor crun is installed
set -euo pipefail
cd "$(dirname "$0")/.."

version="$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml | head -n 1)"
more=()
[ -z "${BASE:-}" ] || more+=(--pull-never --build-arg "PYTHON=$BASE")
[ -z "${PIP_CONF:-}" ] || more+=(--secret "id=pip.conf,src=$PIP_CONF")
[ -z "${CA:-}" ] || more+=(--volume "$CA:/etc/ssl/certs/ca-certificates.crt:ro")
# The format of Docker, for that of OCI has no place for HEALTHCHECK.
buildah build --format docker --tag "localhost/hladr:$version" --tag localhost/hladr:latest \
  --build-arg "VERSION=$version" --file Containerfile "${more[@]}" "$@" .
buildah images localhost/hladr
