#!/usr/bin/env bash
# Builds the Debian package: the program, its manual pages and completions. Needs `cargo install cargo-deb`.
set -euo pipefail
cd "$(dirname "$0")/../../.."

cargo build --release --locked
target="${CARGO_TARGET_DIR:-target}"
breakeven="$target/release/breakeven"
mkdir -p "$target/debian/completions"
"$breakeven" man "$target/debian/man"
"$breakeven" completions bash >"$target/debian/completions/breakeven.bash"
"$breakeven" completions zsh >"$target/debian/completions/_breakeven"
"$breakeven" completions fish >"$target/debian/completions/breakeven.fish"
cargo deb --no-build --locked "$@"
