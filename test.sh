#!/usr/bin/env bash
# Runs everything that must hold: format, lints, licences, unit, contract, story and browser tests.
# Installs what the tests need where it may (Debian packages by name); a part that cannot run fails.
#
#   ./test.sh            everything
#   ./test.sh rust       format, lints, licences and all Rust tests
#   ./test.sh web        type check, unit tests and sizes of the web client
#   ./test.sh browser    the web client in a real browser against a real server
set -euo pipefail
cd "$(dirname "$0")"
parts=("${@:-}")
[ -n "${parts[0]}" ] || parts=(rust web browser)

export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
target=${CARGO_TARGET_DIR:-$PWD/target}
mkdir -p "$target"
export PARLOR_TEST_CLIENTS=${PARLOR_TEST_CLIENTS:-$target/test-clients}

title() { printf '\n== %s\n' "$*"; }

# need COMMAND PACKAGE...: installs Debian packages if the command is missing.
need() {
  local command=$1
  shift
  command -v "$command" >/dev/null && return
  title "installing $*"
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "the tests need '$command'; install the Debian packages: $*" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

rust() {
  title "format"
  cargo fmt --all --check
  title "lints"
  cargo clippy --quiet --workspace --all-targets --all-features -- -D warnings
  title "licences and duplicates"
  python3 scripts/check-dependencies.py
  title "real Socket.IO clients"
  tests/clients/setup.sh
  title "Rust tests"
  need pg_lsclusters postgresql
  need redis-server redis-server
  need nats-server nats-server
  # A node with a wrong clock among several, and nodes behind a proxy.
  need faketime faketime
  need nginx nginx-light
  scripts/throwaway-postgres.sh scripts/throwaway-redis.sh scripts/throwaway-nats.sh \
    cargo test --quiet --workspace --all-features
  title "the same stories over PostgreSQL"
  PARLOR_TEST_NODES_ON_POSTGRES=1 scripts/throwaway-postgres.sh \
    cargo test --quiet -p parlor-server --test stories
}

web() {
  title "web client: types, unit tests, sizes"
  npm --prefix web ci --silent --no-fund --no-audit
  npm --prefix web run --silent check
  npm --prefix web run --silent test
  npm --prefix web run --silent build
  npm --prefix web run --silent size
}

browser() {
  need chromium chromium fonts-dejavu-core fonts-noto-color-emoji
  title "web client in a browser"
  [ -d web/node_modules ] || npm --prefix web ci --silent --no-fund --no-audit
  # As the README starts it.
  cargo run --quiet -- --version
  PARLOR_BIN="$target/debug/parlor" npm --prefix web run --silent e2e
}

need python3 python3 python3-venv
need node nodejs npm
need cc gcc libc6-dev
for part in "${parts[@]}"; do
  "$part"
done
title "all passed"
