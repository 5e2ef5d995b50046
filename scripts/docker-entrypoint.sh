#!/bin/sh
# The folders are mounted from the host: we run as the owner of imports/, so that what we write is theirs to read and delete.
set -eu
if [ "$(id -u)" -ne 0 ]; then
  exec "$@"
fi
owner="$(stat -c %u "$IMPORTS_DIR")"
group="$(stat -c %g "$IMPORTS_DIR")"
if [ "$owner" -eq 0 ]; then
  # Made by the Docker daemon, or by root: then the user of the image takes them.
  owner="$(id -u node)"
  group="$(id -g node)"
  chown "$owner:$group" "$IMPORTS_DIR" "$PROCESSED_DIR" "$QUARANTINE_DIR" "$REPORTS_DIR"
fi
chown -R "$owner:$group" "$PASSBOOK_DIR"
exec setpriv --reuid "$owner" --regid "$group" --clear-groups "$@"
