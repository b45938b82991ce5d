//! Tests of the whole program, in one binary.

mod determinism;
mod errors;
mod folder;
mod golden;
mod layering;
mod support;
