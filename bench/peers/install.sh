#!/bin/sh
# Installs the peers by name into a folder outside the repository. `bench/peers/install.sh [npm] [flask] [socketioxide]`
# (default: all three). PEERS_DIR says where (default: target/peers in cargo's target folder).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${PEERS_DIR:-${CARGO_TARGET_DIR:-$here/../../target}/peers}
mkdir -p "$dir"
[ $# -gt 0 ] || set -- npm flask socketioxide

for peer in "$@"; do
  case $peer in
    npm)
      mkdir -p "$dir/npm"
      cp "$here"/npm/package.json "$here"/npm/*.js "$dir/npm/"
      (cd "$dir/npm" && npm install --no-audit --no-fund --no-package-lock --loglevel=error)
      ;;
    flask)
      mkdir -p "$dir/flask"
      cp "$here"/flask/*.py "$dir/flask/"
      [ -x "$dir/flask/venv/bin/python" ] || python3 -m venv "$dir/flask/venv"
      "$dir/flask/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/flask/requirements.txt"
      ;;
    socketioxide)
      CARGO_TARGET_DIR="$dir/socketioxide" cargo build --release --quiet --manifest-path "$here/socketioxide/Cargo.toml"
      ;;
    *)
      echo "unknown peer: $peer" >&2
      exit 2
      ;;
  esac
done
echo "peers are in $dir"
