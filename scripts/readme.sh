#!/bin/bash
# Types what the README tells to type, and checks what it promises: the first
# command, and an order that is killed in the middle.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "readme: $*" >&2
  exit 1
}
if ! command -v node >/dev/null; then
  echo 'readme: skipped: the example needs node'
  exit 0
fi
folder=$(mktemp -d)
export TMPDIR=$folder
server=
finish() {
  if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap finish EXIT

fermata=bin/fermata
port=$((20000 + RANDOM % 10000)) # below those that the system gives to clients
export FERMATA_ENDPOINT=http://127.0.0.1:$port

STORE=$folder/first LISTEN=127.0.0.1:$port scripts/demo.sh --once >"$folder/demo" 2>&1 || { cat "$folder/demo" >&2; fail 'make run failed'; }
grep -q '"status":"confirmed"' "$folder/demo" || fail "the order of 'make run' was not confirmed"

begin() {
  $fermata server --project examples/orders --store "$folder/data" --listen "127.0.0.1:$port" >"$folder/ready" 2>"$folder/log" &
  server=$!
  for _ in $(seq 600); do
    if grep -q listens "$folder/ready"; then return; fi
    sleep 0.05
  done
  cat "$folder/log" >&2
  fail 'the server did not become ready'
}

calls() { grep -c "\"execution\":\"A-1001\".*\"function\":\"$1\"" "$folder/fermata-orders/calls.log" || true; }

begin
$fermata start orders --name A-1001 --input @examples/orders/order.json >/dev/null
until [ "$(calls take-payment)" -ge 1 ] 2>/dev/null; do sleep 0.05; done
kill -KILL "$server"
wait "$server" 2>/dev/null || true
begin
for _ in $(seq 600); do
  if $fermata describe orders/A-1001 | grep -q SUCCEEDED; then break; fi
  sleep 0.05
done
$fermata describe orders/A-1001 | grep -q '"status":"confirmed"' || fail 'the order that was killed in the middle did not end well'
[ "$(calls validate-order)" = 1 ] || fail "validate-order was called $(calls validate-order) times"
[ "$(calls update-stock)" = 1 ] || fail "update-stock was called $(calls update-stock) times"
[ "$(calls send-confirmation)" = 1 ] || fail "send-confirmation was called $(calls send-confirmation) times"
kill -TERM "$server"
wait "$server" || fail 'the server did not end well'
server=
echo 'readme: ok'
