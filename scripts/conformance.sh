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
known=$PWD/scripts/conformance.known
report=$(mktemp)
trap 'rm -f "$report"' EXIT
# replay runs the cases that its arguments choose. Beyond the percentage, only
# those that conformance.known explains may differ.
replay() {
  (cd "$shared/conformance" && ./run --json "$report" \
    --server "$binary server --store memory --limits aws --listen 127.0.0.1:{port}" "$@")
  python3 - "$report" "$known" <<'EOF'
import json, sys
known = dict(line.rstrip("\n").split("\t") for line in open(sys.argv[2]) if line.strip() and not line.startswith("#"))
name = lambda case: case["id"].split("::")[-1]
failed = [c for c in json.load(open(sys.argv[1])) if not c["exact"] and c["outcome"] != "unsupported"]
new = [c for c in failed if name(c) not in known]
for case in new:
    print(f"conformance: {case['id']} differs: {case['reason'] or ', '.join(case['kinds'])}\n{case['diff']}")
print(f"conformance: {len(failed) - len(new)} known differences (scripts/conformance.known), {len(new)} new ones")
sys.exit(bool(new))
EOF
}
replay --cases first.list --fail-under 95 "$@"
replay --group api "$@"
replay --group map "$@"
