#!/bin/bash
# Replays recordings of AWS Step Functions against bin/fermata. The recordings
# are kept beside the project, in $FERMATA_SHARED or ../shared. Where
# FERMATA_SHARED is set, a run that is impossible counts as failed.
set -euo pipefail
cd "$(dirname "$0")/.."

shared=${FERMATA_SHARED:-../shared}
if [ ! -x "$shared/conformance/run" ]; then
  echo "conformance: skipped: there is no $shared/conformance/run"
  if [ -n "${FERMATA_SHARED:-}" ]; then exit 1; fi
  exit 0
fi
if ! command -v python3 >/dev/null; then
  echo 'conformance: skipped: it needs python3'
  if [ -n "${FERMATA_SHARED:-}" ]; then exit 1; fi
  exit 0
fi
binary=$PWD/bin/fermata
cd "$shared/conformance"
exec ./run --cases first.list --fail-under 95 --group-under 90 \
  --server "$binary server --store memory --limits aws --listen 127.0.0.1:{port}" "$@"
