//! How far a sweep is, as a file: a sweep that was stopped goes on where it was.

use std::io::Write;

use serde::{Deserialize, Serialize};

use super::best::Foresight;
use super::sweep::Sweep;
use crate::aggregate::Brief;
use crate::sealed::{self, Mark};

/// How the file begins, with the number of the form that follows.
const MARK: Mark = *b"breakeven sweep1";

/// The points of a sweep that are done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepState {
    pub(super) done: Vec<Brief>,
    pub(super) foresight: [Foresight; 2],
}

/// All that decides a sweep's numbers.
#[derive(PartialEq, Serialize, Deserialize)]
struct Question {
    scenario: String,
    /// The texts of its files, wherever they lie.
    texts: Vec<String>,
    main: usize,
    axes: Vec<(String, Vec<String>)>,
    sampler: String,
    seed: u64,
    paths: u64,
}

impl Question {
    fn of(sweep: &Sweep) -> Self {
        let (scenario, plan) = (sweep.scenario(), sweep.first_plan());
        let values = |axis: &super::Axis| axis.values.iter().map(|value| value.written.clone()).collect();
        Self {
            scenario: scenario.name.clone(),
            texts: scenario.files.iter().map(|file| file.text.clone()).collect(),
            main: scenario.main,
            axes: sweep.axes().iter().map(|axis| (axis.input.clone(), values(axis))).collect(),
            sampler: plan.sampler.name().to_owned(),
            seed: plan.seed,
            paths: sweep.paths(),
        }
    }
}

impl SweepState {
    /// How many points are done.
    #[must_use]
    pub fn points(&self) -> usize {
        self.done.len()
    }

    /// Writes it, with all that the sweep was asked.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write(&self, sweep: &Sweep, writer: &mut impl Write) -> std::io::Result<()> {
        sealed::write(&MARK, &(Question::of(sweep), self), writer)
    }

    /// Reads the state of this very sweep: none where the file is damaged, or of another sweep or version.
    #[must_use]
    pub fn read(sweep: &Sweep, bytes: &[u8]) -> Option<Self> {
        let (question, state): (Question, Self) = sealed::read(&MARK, bytes).ok()?;
        let fits = state.done.len() <= sweep.points() && question == Question::of(sweep);
        fits.then_some(state)
    }
}
