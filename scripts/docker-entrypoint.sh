#!/bin/sh
# The folders are mounted from the host: we run as their owner, so that what we write is theirs to read and delete.
# A service without folders runs as the image's user.
set -eu
if [ "$(id -u)" -ne 0 ]; then
  exec "$@"
fi
owner="$(id -u node)"
group="$(id -g node)"
folder="${IMPORTS_DIR:-${REPORTS_DIR:-}}"
if [ -n "$folder" ]; then
  if [ "$(stat -c %u "$folder")" -ne 0 ]; then
    owner="$(stat -c %u "$folder")"
    group="$(stat -c %g "$folder")"
  else
    # Made by the Docker daemon, or by root: then the user of the image takes them, where they may be written.
    for path in "${IMPORTS_DIR:-}" "${PROCESSED_DIR:-}" "${QUARANTINE_DIR:-}" "${REPORTS_DIR:-}"; do
      if [ -n "$path" ] && [ -w "$path" ]; then chown "$owner:$group" "$path"; fi
    done
  fi
fi
if [ -n "${PASSBOOK_DIR:-}" ]; then
  chown -R "$owner:$group" "$PASSBOOK_DIR"
fi
exec setpriv --reuid "$owner" --regid "$group" --clear-groups "$@"
