#!/usr/bin/env bash
# Runs a command beside a NATS of its own, on a free port. PARLOR_TEST_NATS is its address.
#
#   scripts/throwaway-nats.sh cargo test -p parlor-bus
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 12000))
  nats-server --addr 127.0.0.1 --port "$port" >"$folder/log" 2>&1 &
  server=$!
  # A port that somebody has already ends the server at once.
  for _ in $(seq 100); do
    kill -0 "$server" 2>/dev/null || break
    if grep -q 'Server is ready' "$folder/log"; then
      status=0
      PARLOR_TEST_NATS="nats://127.0.0.1:$port" "$@" || status=$?
      exit "$status"
    fi
    sleep 0.1
  done
  kill "$server" 2>/dev/null || true
done
cat "$folder/log" >&2
echo "no NATS could be started" >&2
exit 1
