#!/bin/sh
# Runs the first Python 3.12 or newer it finds with the arguments given. OMNIAI_PYTHON names one and ends the search.

is_new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

if [ -n "${OMNIAI_PYTHON:-}" ]; then
  is_new_enough "$OMNIAI_PYTHON" && exec "$OMNIAI_PYTHON" "$@"
  echo "OmniAI: OMNIAI_PYTHON does not name a Python 3.12 or newer." >&2
  exit 1
fi

for candidate in python3.12 python3.13 python3.14 python3 "${HOME:-/}"/.pyenv/versions/3.1[2-9]*/bin/python; do
  is_new_enough "$candidate" && exec "$candidate" "$@"
done

echo "OmniAI: no Python 3.12 or newer was found. Install one, or set OMNIAI_PYTHON to its path." >&2
exit 1
