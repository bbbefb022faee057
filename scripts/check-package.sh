#!/usr/bin/env bash
# Makes the Debian package, installs it, starts what it installed as its unit would, upgrades it, and purges it.
# With --as-built it takes the release that is built already. Needs root and changes this machine's packages: it refuses to where Parlor is installed already.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "check-package: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "run it as root: it installs a package"
dpkg -s parlor >/dev/null 2>&1 && fail "Parlor is installed here; its data would be lost"
command -v cargo-deb >/dev/null || fail "install it: cargo install cargo-deb --locked"

work=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  dpkg --purge parlor >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

target=${CARGO_TARGET_DIR:-$PWD/target}
package() { # VERSION
  cargo deb --quiet -p parlor-server --no-build --deb-version "$1" --output "$work/parlor-$1.deb" >/dev/null
  [ "$(dpkg-deb --field "$work/parlor-$1.deb" Version)" = "$1" ] || fail "the package has another version than $1"
}

# As the unit starts it, by hand: there may be no systemd as the first process here.
setting() { sed -n "s/^$1=//p" "$unit"; }
start() {
  install -d -m 700 -o parlor -g parlor /var/lib/parlor
  setpriv --reuid=parlor --regid=parlor --init-groups -- env "$(setting Environment)" PARLOR_BIND="127.0.0.1:$port" PARLOR_TCP_BIND= \
    $(setting ExecStart) >"$work/log" 2>&1 &
  server=$!
  for _ in $(seq 100); do
    curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && return
    kill -0 "$server" 2>/dev/null || fail "it ended: $(cat "$work/log")"
    sleep 0.1
  done
  fail "it does not become ready: $(cat "$work/log")"
}
stop() {
  kill "$server"
  wait "$server" || fail "it ended badly: $(cat "$work/log")"
  server=
}
post() { curl -fsS "http://127.0.0.1:$port/api/v1$1" -H 'content-type: application/json' -d "$2"; }

[ "${1:-}" = --as-built ] || cargo build --quiet --release --locked
package 0.1.0-1
package 0.1.0-2
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

echo "== installing"
dpkg -i "$work/parlor-0.1.0-1.deb" >/dev/null
unit=$(dpkg -L parlor | sed -n '/\/parlor\.service$/p')
systemd-analyze verify "$unit" || fail "systemd does not take the unit"
getent passwd parlor >/dev/null || fail "there is no user parlor"
start
post /accounts '{"username": "ada", "password": "a long password"}' | grep -q '"token"' || fail "no account can be made"
stop
[ "$(stat -c %a:%U /var/lib/parlor)" = 700:parlor ] || fail "the data folder is open to others"

echo "== upgrading"
echo '# changed by hand' >>/etc/parlor/parlor.toml
dpkg -i "$work/parlor-0.1.0-2.deb" >/dev/null
grep -q 'changed by hand' /etc/parlor/parlor.toml || fail "the upgrade lost the settings"
start
post /sessions '{"username": "ada", "password": "a long password"}' | grep -q '"token"' || fail "the upgrade lost an account"
stop

echo "== removing and purging"
dpkg --remove parlor >/dev/null 2>&1
[ -f /var/lib/parlor/parlor.db ] || fail "removing took the data away"
[ ! -e /usr/bin/parlor ] || fail "the program is still there"
dpkg --purge parlor >/dev/null 2>&1
[ ! -e /var/lib/parlor ] || fail "purging left the data"
echo "the package installs, starts, upgrades, and goes"
