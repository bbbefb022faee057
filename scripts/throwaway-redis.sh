#!/usr/bin/env bash
# Runs a command beside a Redis of its own: on a free port, in a folder that goes with it. PARLOR_TEST_REDIS is its
# address.
#
#   scripts/throwaway-redis.sh cargo test -p parlor-bus
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 12000))
  redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --save '' --appendonly no \
    >"$folder/log" 2>&1 &
  server=$!
  # A port that somebody has already ends the server at once.
  for _ in $(seq 100); do
    kill -0 "$server" 2>/dev/null || break
    if grep -q 'Ready to accept connections' "$folder/log"; then
      status=0
      PARLOR_TEST_REDIS="redis://127.0.0.1:$port" "$@" || status=$?
      exit "$status"
    fi
    sleep 0.1
  done
  kill "$server" 2>/dev/null || true
done
cat "$folder/log" >&2
echo "no Redis could be started" >&2
exit 1
