#!/usr/bin/env bash
# An image of Debian with Python, made from packages, where no registry of images is reached.
#
#     scripts/base_image.sh [MIRROR]      it is called localhost/python
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv,tzdata \
  bookworm "$folder" "$@" > /dev/null
rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
container="$(buildah from scratch)"
buildah copy --quiet "$container" "$folder" / > /dev/null
buildah commit --quiet --rm "$container" localhost/python
