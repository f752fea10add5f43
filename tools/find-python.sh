#!/bin/sh
# Print the path of a Python that can run cxdash: 3.11 or later, able to create an environment.
# Set PYTHON to choose one yourself.
set -eu

usable='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
found=""
for name in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do
    path=$(command -v "$name" 2>/dev/null) || continue
    if "$path" -c "$usable" >/dev/null 2>&1; then
        echo "$path"
        exit 0
    fi
    found="$found $("$path" --version 2>&1 | head -n 1) at $path;"
done

{
    echo "cxdash needs Python 3.11 or later with its venv module, and none was found."
    [ -z "$found" ] || echo "Found, but too old or without venv:${found%;}."
    echo "Nothing was installed."
    echo "On Debian 12 or Ubuntu 24.04: sudo apt-get install python3 python3-venv"
    echo "Elsewhere: https://www.python.org/downloads/ . To name one: make run PYTHON=/path/to/python3.11"
} >&2
exit 1
