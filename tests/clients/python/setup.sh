#!/bin/sh
# Makes the two virtual environments with the Python clients, unless they are there and up to date.
# They go to $PARLOR_TEST_CLIENTS, by default target/test-clients of this repository.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
into=${PARLOR_TEST_CLIENTS:-$here/../../../target/test-clients}
mkdir -p "$into"

for version in 4 5; do
    requirements=$here/requirements-$version.txt
    venv=$into/python-$version
    if [ -x "$venv/bin/python" ] && cmp -s "$requirements" "$venv/installed.txt"; then
        echo "python-socketio $version is installed in $venv"
        continue
    fi
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
    # Written last: an installation that was cut short is made anew.
    cp "$requirements" "$venv/installed.txt"
    echo "python-socketio $version was installed in $venv"
done
