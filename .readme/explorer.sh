#!/usr/bin/env bash
# Writes .readme/explorer.html again, the baseline as a page that answers back; with --check it says whether that is what the program writes.
#   bash .readme/explorer.sh [--check] [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/.."
page=.readme/explorer.html
check=
if [ "${1:-}" = --check ]; then
    check=yes
    shift
fi
program=${1:-}
if [ -z "$program" ]; then
    cargo build --release --locked --quiet
    program=target/release/breakeven
fi
new=$(mktemp)
trap 'rm -f "$new"' EXIT
"$program" explore baseline --quiet --to "$new"
if [ -z "$check" ]; then
    cp "$new" "$page"
elif ! cmp "$page" "$new"; then
    echo "$page is another than the program writes: run bash .readme/explorer.sh" >&2
    exit 1
fi
