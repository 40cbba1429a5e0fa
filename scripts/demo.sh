#!/bin/bash
# Starts Fermata with the example project, takes an order to its end, and leaves
# the server running until Ctrl-C. With --once it stops after the order.
set -euo pipefail
set -m # the server is not to get the terminal's Ctrl-C, but to be stopped once
cd "$(dirname "$0")/.."

fermata=bin/fermata
project=examples/orders
store=${STORE:-./fermata-data}
listen=${LISTEN:-127.0.0.1:8083}
log=bin/fermata.log
: >"$log"
export FERMATA_ENDPOINT=http://$listen

$fermata dev "$project" --store "$store" --listen "$listen" >"$log" 2>&1 &
server=$!
stop() {
  trap - INT TERM EXIT
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" || true
}
trap 'echo; stop; exit 0' INT TERM
trap stop EXIT

until grep -qE '^(created|updated|unchanged) ' "$log"; do
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$log" >&2
    exit 1
  fi
  sleep 0.1
done
echo "Fermata runs at $FERMATA_ENDPOINT, its store is $store, its log is $log."

cat <<END

\$ $fermata start orders --wait --input @$project/order.json

END
$fermata start orders --wait --input @$project/order.json
cat <<END

The order is done: its payment failed twice and was tried again, as the state
machine says ($project/order.asl.json).
END
if [ "${1:-}" = --once ]; then exit 0; fi

cat <<END

Next, in another terminal:

  $fermata history orders                  what happened, event by event
  $fermata start orders --wait --input @$project/order-declined.json
  $fermata list orders

or with the AWS CLI:

  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1
  aws stepfunctions list-state-machines --endpoint-url $FERMATA_ENDPOINT

Or kill -9 $server in the middle of an order, and 'make run' again: it goes on.
Ctrl-C stops.
END
wait "$server"
