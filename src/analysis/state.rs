//! How far a sweep is, as a file: a sweep that was stopped goes on where it was, and one that was cut into parts is joined.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::best::Foresight;
use crate::aggregate::CaseSummary;
use crate::sealed::{self, Mark};

/// How the file begins, with the number of the form that follows.
const MARK: Mark = *b"breakeven sweep2";

/// The points of a sweep that are done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepState {
    /// By their number.
    pub(super) done: BTreeMap<usize, CaseSummary>,
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

    /// The last point that is done; the first where none is.
    pub(super) fn last(&self) -> usize {
        self.done.last_key_value().map_or(0, |(point, _)| *point)
    }

    /// Whether just these points are done, where the ranges do not overlap.
    pub(crate) fn has(&self, ranges: &[Range<usize>]) -> bool {
        ranges.iter().map(ExactSizeIterator::len).sum::<usize>() == self.points()
            && ranges.iter().cloned().flatten().all(|point| self.done.contains_key(&point))
    }

    /// Takes in other points of the same sweep.
    pub(crate) fn merge(&mut self, other: Self) {
        self.done.extend(other.done);
        for (foresight, others) in self.foresight.iter_mut().zip(&other.foresight) {
            foresight.merge(others);
        }
    }

    pub(super) fn write(&self, question: &SweepKey, writer: &mut impl Write) -> std::io::Result<()> {
        sealed::write(&MARK, &(question, self), writer)
    }

    pub(super) fn read(question: &SweepKey, bytes: &[u8]) -> Option<Self> {
        let (asked, state): (SweepKey, Self) = sealed::read(&MARK, bytes).ok()?;
        (asked == *question && state.fits(question.paths)).then_some(state)
    }

    /// Whether it can be a state of a sweep of so many paths: a checksum tells damage, not malice.
    pub(crate) fn fits(&self, paths: u64) -> bool {
        self.done.values().all(|case| case.fits(paths))
            && self.foresight.iter().all(|foresight| foresight.fits(paths as usize, &self.done))
    }
}
