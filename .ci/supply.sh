#!/usr/bin/env bash
# What those who build on the program rely on, too long for every change: the licences and advisories of its dependencies, the oldest
# compiler and the oldest dependencies that Cargo.toml allows, and the crate as it is packed.
#
#     .ci/supply.sh                    all of it, about 8 minutes on two cores
#     .ci/supply.sh deny packed        some of it: deny, oldest, minimal, packed
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}" CARGO_PROFILE_DEV_DEBUG=none
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

run() {
    echo "+ $*"
    "$@"
}

# Licences, advisories (where the database can be reached), sources, duplicates.
deny() {
    command -v cargo-deny >/dev/null || run cargo install --locked cargo-deny
    checks=(licenses bans sources)
    if git ls-remote -q https://github.com/rustsec/advisory-db >/dev/null 2>&1; then
        checks+=(advisories)
    else
        echo "SKIPPED: the advisory database cannot be reached"
    fi
    run cargo deny --config .ci/deny.toml check "${checks[@]}"
}

# The compiler that Cargo.toml says is enough.
oldest() {
    version=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
    run rustup toolchain install "$version" --profile minimal --no-self-update
    run cargo "+$version" check --locked
}

# The oldest version of each dependency that Cargo.toml says is enough.
minimal() {
    mkdir "$place/minimal"
    git archive HEAD | tar -x -C "$place/minimal"
    rustup toolchain list | grep -q '^nightly' || run rustup toolchain install nightly --profile minimal --no-self-update
    (cd "$place/minimal" && run cargo +nightly update --quiet -Z direct-minimal-versions && run cargo check --locked --workspace --all-targets)
}

# The crate as others get it: built from the archive, and used.
packed() {
    run cargo package --locked --no-verify --quiet
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
    mkdir "$place/packed"
    tar -x -C "$place/packed" -f "$CARGO_TARGET_DIR/package/breakeven-$version.crate"
    (cd "$place/packed/breakeven-$version" && run cargo build --locked)
    run "$CARGO_TARGET_DIR/debug/breakeven" run baseline --paths 2000 --out "$place/out"
    run "$CARGO_TARGET_DIR/debug/breakeven" explore baseline --paths 2048 --to "$place/out/page.html"
    run "$CARGO_TARGET_DIR/debug/breakeven" verify --quiet
}

[ $# -gt 0 ] || set -- deny oldest minimal packed
for step in "$@"; do
    case "$step" in
    deny | oldest | minimal | packed) "$step" ;;
    *)
        echo "$step: expected deny, oldest, minimal or packed"
        exit 2
        ;;
    esac
done
echo "all of it passed"
