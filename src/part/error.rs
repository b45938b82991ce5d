//! Why parts do not make a whole.

use std::path::PathBuf;

use crate::analysis::AnalysisError;
use crate::engine::RunError;
use crate::scenario::Problems;
use crate::sealed::program;

/// Why parts do not make a run or a sweep.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It cannot be read.
    #[error("cannot read `{}`: {error}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Something else.
    #[error("`{}` is no part of a run or a sweep (`breakeven run SCENARIO --shard K/N` makes one)", .0.display())]
    Foreign(PathBuf),
    /// Its checksum does not fit.
    #[error("`{}` is damaged: make this part again", .0.display())]
    Damaged(PathBuf),
    /// Made by another version.
    #[error("`{}` was made by {made_by}, this is {}: parts are joined by the version that made them", file.display(), program())]
    Version {
        /// The file.
        file: PathBuf,
        /// The program that made it.
        made_by: String,
    },
    /// Parts of two runs or sweeps.
    #[error("`{}` belongs to another run than `{}`: {difference}", file.display(), first.display())]
    OtherRun {
        /// The file.
        file: PathBuf,
        /// The first file.
        first: PathBuf,
        /// In what they differ.
        difference: String,
    },
    /// One part twice.
    #[error("part {number} is given twice: `{}` and `{}`", first.display(), file.display())]
    Twice {
        /// Which.
        number: u64,
        /// One file.
        first: PathBuf,
        /// The other.
        file: PathBuf,
    },
    /// Some parts are not there.
    #[error("of {of} parts {} missing: {}", if list.contains(',') { "these are" } else { "one is" }, list)]
    Missing {
        /// Their numbers.
        list: String,
        /// How many there should be.
        of: u64,
    },
    /// The scenario inside does not load.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// It has draws of a posterior of which nothing says where they come from.
    #[error("draws of a posterior have parts where they were taken on from a folder of `condition`")]
    Unsaid,
    /// A point of a sweep has no result, or what was learned from actual numbers cannot be learned again.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// The first few paths could not be simulated.
    #[error(transparent)]
    Run(#[from] RunError),
}
