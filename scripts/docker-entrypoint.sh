#!/bin/sh
# The folders are mounted from the host: we run as their owner, so that what we write is theirs to read and delete.
# A service without folders runs as the image's user.
set -eu
# Not root; or a root that is in truth the user who started a rootless engine: then all is theirs already.
if [ "$(id -u)" -ne 0 ] || ! grep -Eq '^ +0 +0 ' /proc/self/uid_map; then
  exec "$@"
fi
owner="$(id -u node)"
group="$(id -g node)"
folder="${IMPORTS_DIR:-${REPORTS_DIR:-}}"
if [ -n "$folder" ] && [ "$(stat -c %u "$folder")" -ne 0 ]; then
  owner="$(stat -c %u "$folder")"
  group="$(stat -c %g "$folder")"
fi
# What the Docker daemon or root has made is given to the same user, where it may be written.
for path in "${IMPORTS_DIR:-}" "${PROCESSED_DIR:-}" "${QUARANTINE_DIR:-}" "${REPORTS_DIR:-}"; do
  if [ -n "$path" ] && [ -w "$path" ] && [ "$(stat -c %u "$path")" -eq 0 ]; then
    chown "$owner:$group" "$path"
  fi
done
if [ -n "${PASSBOOK_DIR:-}" ]; then
  chown -R "$owner:$group" "$PASSBOOK_DIR"
fi
exec setpriv --reuid "$owner" --regid "$group" --clear-groups "$@"
