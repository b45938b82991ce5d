#!/usr/bin/env bash
# Builds the engine of `breakeven explore` from the source and puts it, compressed, where the program takes it from.
# `--check` builds it and says whether what is there is what the source gives.
set -euo pipefail
cd "$(dirname "$0")/../../.."

rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || true
target="${CARGO_TARGET_DIR:-target}"
# No path of this machine is in the file, so that any machine gives the same bytes.
export RUSTFLAGS="-C target-feature=+simd128 --remap-path-prefix=$PWD=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$(rustc --print sysroot)=rust"
cargo build --locked --profile wasm -p breakeven-wasm --target wasm32-unknown-unknown
built="$target/wasm32-unknown-unknown/wasm/breakeven_wasm.wasm"

if [ "${1:-}" = --check ]; then
    if gzip -dc src/report/explore/engine.wasm.gz | cmp - "$built"; then
        echo "the engine is what the source gives"
    else
        echo "the engine is another than the source gives: run src/bindings/wasm/build.sh" >&2
        exit 1
    fi
else
    gzip -9 -n -c "$built" > src/report/explore/engine.wasm.gz
    ls -l src/report/explore/engine.wasm.gz
fi
