//! How far a sweep is, as a file: a sweep that was stopped goes on where it was.

use std::io::Write;

use serde::{Deserialize, Serialize};

use super::best::Foresight;
use crate::aggregate::CaseSummary;
use crate::sealed::{self, Mark};

/// How the file begins, with the number of the form that follows.
const MARK: Mark = *b"breakeven sweep1";

/// The points of a sweep that are done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepState {
    pub(super) done: Vec<CaseSummary>,
    pub(super) foresight: [Foresight; 2],
}

/// All that decides a sweep's numbers.
#[derive(PartialEq, Serialize, Deserialize)]
pub(super) struct SweepKey {
    pub(super) scenario: String,
    /// The texts of its files, wherever they lie.
    pub(super) texts: Vec<String>,
    pub(super) main: usize,
    pub(super) axes: Vec<(String, Vec<String>)>,
    pub(super) sampler: String,
    pub(super) seed: u64,
    pub(super) paths: u64,
}

impl SweepState {
    /// How many points are done.
    #[must_use]
    pub fn points(&self) -> usize {
        self.done.len()
    }

    pub(super) fn write(&self, question: &SweepKey, writer: &mut impl Write) -> std::io::Result<()> {
        sealed::write(&MARK, &(question, self), writer)
    }

    pub(super) fn read(question: &SweepKey, bytes: &[u8]) -> Option<Self> {
        let (asked, state): (SweepKey, Self) = sealed::read(&MARK, bytes).ok()?;
        (asked == *question && state.fits(question.paths)).then_some(state)
    }

    /// Whether it can be a state of a sweep of so many paths: a checksum tells damage, not malice.
    fn fits(&self, paths: u64) -> bool {
        let points = self.done.len();
        self.done.iter().all(|case| case.fits(paths))
            && self.foresight.iter().all(|foresight| foresight.fits(paths as usize, points))
    }
}
