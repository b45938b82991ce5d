//! A part of a run or a sweep as a file: what `--shard` writes and `merge` reads; some parts together are a part again.
//!
//! It holds all that the whole's results are made from: the scenario's files, what was asked for, and the aggregate of the part's
//! paths, or the part's points of a sweep. Both merge without a trace, so any order gives the bytes of the single command.

mod error;
mod join;
mod learned;
mod whole;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

pub use error::PartError;
pub use join::{Joined, JoinedRun, JoinedSweep};
use whole::{Content, Header, Whole};
pub use whole::{axes_of, points_of};

use crate::analysis::{Sweep, SweepState};
use crate::bounded;
use crate::engine::{self, Options, Shard};
use crate::plan::Plan;
use crate::sampler::Sampling;
use crate::scenario::Scenario;
use crate::sealed::{self, Mark, SealError};
use crate::words;

/// How a part begins, with the number of the form that follows.
const MARK: Mark = *b"breakeven part 5";
/// No part is larger: one of 2²⁰ paths, whose outcomes are kept, has 160 MB, and 16 MB for each segment; one of a sweep with as many
/// paths 18 MB, and 3 kB for each point.
const LARGEST: u64 = 1 << 31;

/// A part of a run or a sweep.
#[derive(Debug)]
pub struct Part {
    header: Header,
    content: Content,
}

impl Part {
    /// Simulates one part of a run of `paths` paths.
    ///
    /// # Errors
    /// As [`engine::run`], and of draws of a posterior that do not say where they come from.
    pub fn simulate(
        scenario: &Scenario,
        plan: &Plan,
        paths: u64,
        shard: Shard,
        options: &Options<'_>,
    ) -> Result<Self, PartError> {
        let sampling = Sampling { paths, seed: plan.seed, sampler: plan.sampler };
        let header = Header::new(scenario, sampling, &[], shard)?;
        Ok(Self { header, content: Content::Paths(Box::new(engine::run_shard(plan, paths, shard, options)?)) })
    }

    /// A part of a sweep, whose points ([`points_of`]) are done in `state`. `asked` are the words that ask for it: `--vary` and a
    /// range, once or twice, among others.
    ///
    /// # Errors
    /// Of draws of a posterior that do not say where they come from.
    pub fn of_sweep(sweep: &Sweep, state: SweepState, asked: &[String], shard: Shard) -> Result<Self, PartError> {
        let header = Header::new(sweep.scenario(), sweep.sampling(), asked, shard)?;
        Ok(Self { header, content: Content::Points(state) })
    }

    /// Another part of the same whole.
    ///
    /// # Errors
    /// Where this one holds what nobody can have asked for, as [`engine::run`], and where it is interrupted.
    pub fn another(&self, shard: Shard, options: &Options<'_>) -> Result<Self, PartError> {
        match self.header.prepared(Path::new("the part"), options)? {
            Whole::Run(run) => Self::simulate(&run.0, &run.1, self.header.paths, shard, options),
            Whole::Sweep(sweep) => {
                let mut state = sweep.start();
                sweep.resume(&mut state, points_of(shard, sweep.points()), options, |_| ())?;
                Self::of_sweep(&sweep, state, &self.header.asked, shard)
            }
        }
    }

    /// The parts in these files, one after the other.
    pub fn read_each(files: &[PathBuf]) -> impl Iterator<Item = Result<(PathBuf, Self), PartError>> {
        files.iter().map(|file| Ok((file.clone(), Self::read(file)?)))
    }

    /// Which parts of how many, as people write it: `part 3 of 8`, `parts 1 to 4 and 7 of 8`.
    #[must_use]
    pub fn called(&self) -> String {
        let row = |(first, last): &(u64, u64)| {
            if first == last { first.to_string() } else { format!("{first} to {last}") }
        };
        let rows: Vec<String> = self.header.numbers.iter().map(row).collect();
        let noun = if self.header.count() == 1 { "part" } else { "parts" };
        format!("{noun} {} of {}", words::list(&rows), self.header.of)
    }

    /// The scenario's name.
    #[must_use]
    pub fn scenario(&self) -> &str {
        &self.header.name
    }

    /// How much of the whole it is, and of what: 5 of `path` or `point`.
    #[must_use]
    pub fn size(&self) -> (u64, &'static str) {
        match &self.content {
            Content::Paths(aggregate) => (aggregate.paths(), "path"),
            Content::Points(state) => (state.points() as u64, "point"),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write(&self, writer: &mut impl Write) -> std::io::Result<()> {
        sealed::write(&MARK, &(&self.header, &self.content), writer)
    }

    /// Reads one, and checks that it is whole and of this version.
    ///
    /// # Errors
    /// Where it is not.
    pub fn read(file: &Path) -> Result<Self, PartError> {
        let failed = |error| PartError::Read { file: file.to_owned(), error };
        let mut mark = Vec::new();
        bounded::open(file).and_then(|open| open.take(MARK.len() as u64).read_to_end(&mut mark)).map_err(failed)?;
        if mark != MARK {
            return Err(PartError::Foreign(file.to_owned()));
        }
        let bytes = bounded::read(file, LARGEST).map_err(failed)?;
        Self::from_bytes(&bytes, file)
    }

    /// The same of what [`Part::write`] wrote; `file` is what it is called in an error.
    ///
    /// # Errors
    /// Where it is not whole, or of another version.
    pub fn from_bytes(bytes: &[u8], file: &Path) -> Result<Self, PartError> {
        let (header, content) = sealed::read(&MARK, bytes).map_err(|error| match error {
            SealError::Foreign => PartError::Foreign(file.to_owned()),
            SealError::Damaged => PartError::Damaged(file.to_owned()),
            SealError::Version(made_by) => PartError::Version { file: file.to_owned(), made_by },
        })?;
        Ok(Self { header, content })
    }
}
