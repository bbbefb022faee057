#!/usr/bin/env bash
# A PostgreSQL for the tests: a new cluster in a temporary folder, on a free port of 127.0.0.1, gone at the end. What is
# durable in it is as durable as PostgreSQL is by default.
#
#   scripts/throwaway-postgres.sh COMMAND…   runs COMMAND with PARLOR_TEST_POSTGRES=postgres://… in its environment
#
# initdb refuses to run as root: root runs it as the user `postgres`, whom Debian's package makes.
set -euo pipefail

find_binaries() {
  local folder
  for folder in /usr/lib/postgresql/*/bin "$(dirname "$(command -v initdb || echo /nowhere/initdb)")"; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && binaries=$folder
  done
  if [ -z "${binaries:-}" ]; then
    echo "no PostgreSQL is installed here; install the Debian package postgresql (15 or newer)" >&2
    exit 1
  fi
}

as_owner() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@")
  else
    "$@"
  fi
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

stop() {
  if [ -n "${folder:-}" ]; then
    as_owner "$binaries/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
  fi
}

[ $# -gt 0 ] || { echo "usage: $0 COMMAND…" >&2; exit 2; }
find_binaries
trap stop EXIT
folder=$(mktemp -d "${TMPDIR:-/tmp}/parlor-postgres.XXXXXX")
[ "$(id -u)" != 0 ] || chown postgres: "$folder"
as_owner "$binaries/initdb" -D "$folder/data" -U parlor -A trust -E UTF8 --locale=C.UTF-8 >"$folder/initdb.log" 2>&1 || {
  cat "$folder/initdb.log" >&2
  exit 1
}
port=$(free_port)
as_owner "$binaries/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w \
  -o "-h 127.0.0.1 -p $port -k '' -c max_connections=1000" start >/dev/null || {
  cat "$folder/data/server.log" >&2
  exit 1
}
export PARLOR_TEST_POSTGRES="postgres://parlor@127.0.0.1:$port/postgres"
"$@"
