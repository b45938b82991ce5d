//! Tests of the whole program, in one binary.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on should panic")]

mod condition;
mod decide;
mod determinism;
mod drivers;
mod errors;
mod fit;
mod folder;
mod formats;
mod fuzzed;
mod golden;
mod hostile;
mod layering;
mod library;
mod meaning;
mod newcomer;
mod pictures;
mod reproduce;
mod safety;
mod scale;
mod scenarios;
mod shells;
mod spoken;
mod statistics;
mod support;
mod values;
mod voi;
