#!/bin/sh
# Builds everything and prints the tables of one bench: `bench/run.sh [fanout|chat|lobby|files|push] [--no-peers] [flags]`.
#   fanout (default): what a delivery and an idle connection cost; flags of src/bin/table.rs (--quick, --runs 3 …)
#   chat: durable messages end to end against `parlor serve`; flags of src/bin/chat.rs
#   lobby: a crowd comes into one lobby at once; flags of src/bin/lobby.rs
#   files: a file is sent and read; flags of src/bin/files.rs
#   push: one message to thousands of plain TCP sockets; flags of src/bin/push.rs
# The peers are installed by name at the first run (bench/peers/install.sh); --no-peers leaves them out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
release=${CARGO_TARGET_DIR:-target}/release

bench=fanout
case ${1:-} in
  fanout | chat | lobby | files | push) bench=$1 && shift ;;
esac

if [ "$bench" = lobby ] || [ "$bench" = files ] || [ "$bench" = push ]; then
  cargo build --release --quiet -p parlor-bench --bin "$bench"
  cargo build --release --quiet -p parlor-server --bin parlor
  exec "$release/$bench" "$@"
fi

if [ "${1:-}" = "--no-peers" ]; then
  shift
  set -- --only parlor "$@"
else
  peers="npm flask"
  [ "$bench" = chat ] || peers="$peers socketioxide"
  for peer in $peers; do
    "$here/peers/install.sh" "$peer" >&2 || echo "peer $peer could not be installed and is left out" >&2
  done
fi

cargo build --release --quiet -p parlor-bench --bins
if [ "$bench" = chat ]; then
  cargo build --release --quiet -p parlor-server --bin parlor
  exec "$release/chat" "$@"
fi
cargo build --release --quiet -p parlor-socketio --example fanout
exec "$release/table" "$@"
