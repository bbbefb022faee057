#!/bin/sh
# Installs the real Socket.IO clients that the stories need: two of npm's, two of PyPI's. Idempotent.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
lock=$here/node/package-lock.json
if ! cmp -s "$lock" "$here/node/node_modules/.installed"; then
    npm --prefix "$here/node" ci --silent --no-fund --no-audit
    cp "$lock" "$here/node/node_modules/.installed"
fi
"$here/python/setup.sh"
