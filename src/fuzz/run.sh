#!/usr/bin/env bash
# Searches for input that breaks something, with libFuzzer, on the stable compiler: coverage is counted, no sanitizer is needed.
#   src/fuzz/run.sh TARGET [SECONDS]     requests, patches, texts, expressions or frames; 60 seconds where nothing is said
# Inputs that reached new code are kept under target/fuzz/TARGET; one that broke something is written there and printed, and the exit code is not zero.
set -euo pipefail
cd "$(dirname "$0")/../.."
name=${1:?usage: src/fuzz/run.sh TARGET [SECONDS]} seconds=${2:-60}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/fuzz
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions"
host=$(rustc -vV | sed -n 's/^host: //p')
# for the named host, so that build scripts are left as they are
cargo build --release --package fuzz --features libfuzzer --target "$host"
mkdir -p "$CARGO_TARGET_DIR/$name"
K_FUZZ_TARGET=$name exec "$CARGO_TARGET_DIR/$host/release/fuzz" "$CARGO_TARGET_DIR/$name" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -artifact_prefix="$CARGO_TARGET_DIR/$name-" -print_final_stats=1
