//! Runs a plan: blocks of paths over all threads, merged into one aggregate.
//!
//! A block is a fixed range of path numbers, simulated alone and in a fixed order; which thread takes it, and when, leaves
//! no trace, since aggregates merge exactly.

mod cases;
mod groups;
mod job;
mod options;
mod paths;
mod runs;
mod simulate;
mod stages;
mod threads;
mod thresholds;
mod variant;
mod watch;
mod worker;

pub(crate) use cases::{Case, Observe, SecondDraws};
pub(crate) use groups::{Drawing, Group};
pub use job::{Job, Status};
pub use options::{MOST_PATHS, Options, Progress, RunError};
pub(crate) use options::{PATHS_PER_BLOCK, blocks, check_paths};
pub use paths::{PathColumn, PathTable, each_path, path_columns};
pub(crate) use paths::{each_table, on_some_paths};
pub use runs::{MOST_SHARDS, Shard, run, run_for_fans, run_until};
pub(crate) use runs::{fits, run_shard, summarise};
pub(crate) use simulate::CaseResult;
#[cfg(feature = "internals")]
pub(crate) use stages::Simulate;
pub(crate) use threads::Threads;
pub(crate) use thresholds::Bounds;
pub use variant::Variant;
pub(crate) use watch::{Watch, Watched, Watching, watched};

pub(crate) use crate::aggregate::Wanted;
