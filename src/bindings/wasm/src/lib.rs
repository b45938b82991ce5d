//! The engine of breakeven for a browser page: scenario texts and overrides in, findings, tables and drawings out.
//!
//! The page speaks to it in messages: a request is JSON, with bytes behind it where it brings parts of a run, and so is an answer. There are
//! no files, no threads and no clock in here: the page runs several of these side by side, each on a part of the run, and one joins the
//! parts, as `breakeven run --shard` and `breakeven merge` do. So the numbers are those of the command line, to the last bit.

mod answer;
mod describe;
mod engine;
mod file;
#[cfg(target_arch = "wasm32")]
mod memory;
mod request;

pub use engine::Engine;
