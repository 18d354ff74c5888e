#!/usr/bin/env bash
# Run the image as it is to be run: root read-only, nobody's rights, /data, /backups and /tmp to write to.
# No engine of containers is needed: a mount namespace and chroot do. As root, on Linux.
#
#     scripts/try_container.sh [IMAGE]
set -euo pipefail

image="${1:-localhost/hladr}"
port="${PORT:-8931}"
container="$(buildah from --pull-never "$image")"
root="$(buildah mount "$container")"
data="$(mktemp -d)" backups="$(mktemp -d)"
chown 10001:10001 "$data" "$backups"
trap 'buildah umount "$container" > /dev/null; buildah rm "$container" > /dev/null; rm -rf "$data" "$backups"' EXIT
mapfile -t env < <(buildah inspect --format '{{range .OCIv1.Config.Env}}{{println .}}{{end}}' "$container" | sed '/^$/d')
[ "$(buildah inspect --format '{{.OCIv1.Config.User}}' "$container")" = 10001:10001 ]

run() { # COMMAND...: in the image, until it ends
  unshare --mount --propagation private bash -c '
    root="$1" data="$2" backups="$3"; shift 3
    mount --bind "$root" "$root"
    mount --bind "$data" "$root/data"
    mount --bind "$backups" "$root/backups"
    mount -t tmpfs -o size=256m,mode=1777 tmpfs "$root/tmp"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -o remount,bind,ro "$root"
    exec chroot --userspec=10001:10001 "$root" "$@"
  ' sh "$root" "$data" "$backups" /usr/bin/env -i -C /data "${env[@]}" "HLADR_PORT=$port" HLADR_LEAST_FREE=0 \
    HLADR_PUBLIC_ORIGIN=https://hladr.example.org HLADR_SECURE_COOKIES=true \
    HLADR_TRUSTED_PROXY=127.0.0.1 "$@"
}

sbom="$(buildah inspect --format '{{index .OCIv1.Config.Labels "hladr.sbom"}}' "$container")"
run python3 -c 'import json, sys
print(len(json.load(open(sys.argv[1]))["components"]), "packages in", sys.argv[1])' "$sbom"
[ "$(run stat -c '%u %a' /backups)" = '10001 700' ]
run sh -c 'id -u; ! touch /opt/hladr/written 2> /dev/null && echo "root is read-only"'
run python3 -c 'import weasyprint
print(len(weasyprint.HTML(string="<p>HLA-DR").write_pdf()), "bytes of a page as PDF")'
run hladr demo -o /tmp/demo | tail -n 3
begun="$(date +%s%N)"
run hladr serve > "$data.out" 2> "$data.err" &
server=$!
for _ in $(seq 300); do
  if python3 -c "import urllib.request as u; print(u.urlopen('http://127.0.0.1:$port/health').read().decode())" 2> /dev/null; then break; fi
  sleep 0.1
done
kill -0 "$server" # else somebody else has the port, and answered
echo "answers after $(( ($(date +%s%N) - begun) / 1000000 )) ms"
run sh -c 'hladr backup -o /backups --keep 30 && hladr restore /backups --verify'
run hladr doctor
kill "$(pgrep -P "$server" || echo "$server")" 2> /dev/null || kill "$server"
wait "$server" || true
cat "$data.out" "$data.err"
rm -f "$data.out" "$data.err"
