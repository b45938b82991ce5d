//! The shortest way from a scenario to numbers: what is asked for is said in a chain, everything else has a default.

use std::sync::atomic::AtomicBool;

use crate::aggregate::Summary;
use crate::analysis::AnalysisError;
use crate::engine::{self, Job, Options, PathTable, Progress, RunError, Variant};
use crate::plan::Plan;
use crate::sampler::{Sampler, Sampling};
use crate::scenario::Scenario;

/// The most numbers that [`Run::tables`] keeps: 4 GB.
const MOST_NUMBERS: u64 = 1 << 29;

/// A run of a scenario. The same scenario, seed, sampler and number of paths give the same numbers, whatever the other options.
///
/// ```
/// use breakeven::{Question, Run, scenario};
///
/// let baseline = scenario::load("baseline").unwrap();
/// let summary = Run::new(&baseline).paths(16_384).seed(7).run()?;
/// let reached = summary.probability(Question::TargetReached).unwrap();
/// assert!(reached.low < 0.0041 && 0.0041 < reached.high, "14 million are reached in 0.41% of futures");
/// # Ok::<(), breakeven::analysis::AnalysisError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    scenario: &'a Scenario,
    sampling: Sampling,
    options: Options<'a>,
}

impl<'a> Run<'a> {
    /// A run of 131,072 paths with seed 1 and Sobol points, on all processors.
    #[must_use]
    pub fn new(scenario: &'a Scenario) -> Self {
        Self { scenario, sampling: Sampling::default(), options: Options::default() }
    }

    /// So many paths, 1 to 4,000,000,000.
    #[must_use]
    pub fn paths(self, paths: u64) -> Self {
        Self { sampling: Sampling { paths, ..self.sampling }, ..self }
    }

    /// All random numbers follow from this number.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { sampling: Sampling { seed, ..self.sampling }, ..self }
    }

    /// How the draws are spread over the inputs' ranges.
    #[must_use]
    pub fn sampler(self, sampler: Sampler) -> Self {
        Self { sampling: Sampling { sampler, ..self.sampling }, ..self }
    }

    /// On so many threads, at least one.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.options.threads = Some(threads.max(1));
        self
    }

    /// Ends with [`RunError::Interrupted`] once this is true.
    #[must_use]
    pub fn cancel(mut self, cancel: &'a AtomicBool) -> Self {
        self.options.cancel = Some(cancel);
        self
    }

    /// Counts here how far it is.
    #[must_use]
    pub fn progress(mut self, progress: &'a Progress) -> Self {
        self.options.progress = Some(progress);
        self
    }

    /// Simulates and summarises.
    ///
    /// # Errors
    /// Where there are no paths or too many, no investment is implied though the scenario asks for one, the run is interrupted,
    /// threads cannot be started, or money overflows.
    pub fn run(&self) -> Result<Summary, AnalysisError> {
        Ok(engine::run(&self.plan()?, self.sampling.paths, &self.options)?)
    }

    /// The run as a job that is done step by step, on the calling thread.
    ///
    /// # Errors
    /// As [`Run::run`].
    pub fn job(&self) -> Result<Job, AnalysisError> {
        Ok(Job::new(self.plan()?, self.sampling.paths)?)
    }

    /// Simulates each variant on the same futures and returns their paths as arrays, a table for each.
    ///
    /// First-order indices by pick-freeze (Saltelli and others, 2010): the share of NPV's variance that knowing one input
    /// removes. In the one month of this case everyone of 1,000 joins, so NPV = 1000 · price − fixed cost, with standard
    /// deviations 1000 · 1 and 2000: a fifth of the variance is the price's, four fifths are the fixed cost's.
    ///
    /// ```
    /// use breakeven::{Outcome, Run, engine::Variant, scenario};
    ///
    /// let text = "[horizon]\nmonths = 1\n[target]\nsubscribers = 1\n[market]\nactive_users = 1000\nrefusal_rate = 0\n\
    ///     [willingness]\nmedian_price = 1e9\nsteepness = 50\n[uptake]\nannual_innovation = 12\nannual_imitation = 0\n\
    ///     [retention]\nmonthly_churn = 0\n[price]\nmonthly = { normal = { mean = 100, sd = 1, min = 90, max = 110 } }\n\
    ///     [costs]\nmonthly_fixed = { normal = { mean = 20000, sd = 2000, min = 0, max = 40000 } }\n";
    /// let file = scenario::SourceFile { path: "case.toml".into(), text: text.into() };
    /// let case = scenario::parse("case", file).unwrap();
    ///
    /// let inputs = ["price.monthly", "costs.monthly_fixed"];
    /// // The futures as they are, all inputs drawn anew, and for each input all others drawn anew.
    /// let mut variants = vec![Variant::default(), Variant::default().redraw_all_but(&[])];
    /// variants.extend(inputs.map(|input| Variant::default().redraw_all_but(&[input])));
    /// let tables = Run::new(&case).paths(65_536).tables(&variants)?;
    /// let npv: Vec<&[f64]> = tables.iter().map(|table| table.outcome(Outcome::Npv)).collect();
    ///
    /// let n = npv[0].len() as f64;
    /// let mean = npv[0].iter().sum::<f64>() / n;
    /// let variance = npv[0].iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n;
    /// let first_order = |frozen: &[f64]| {
    ///     // What two futures that share this input alone have in common, less what two of nothing in common seem to have.
    ///     let pairs = npv[0].iter().zip(frozen.iter().zip(npv[1]));
    ///     pairs.map(|(a, (b, c))| (a - mean) * (b - c)).sum::<f64>() / n / variance
    /// };
    /// assert!((first_order(npv[2]) - 0.2).abs() < 0.02);
    /// assert!((first_order(npv[3]) - 0.8).abs() < 0.02);
    /// # Ok::<(), breakeven::analysis::AnalysisError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Run::run`]; where a variant names what the scenario does not draw or gives a value outside its input's range; where the tables would have more than 2²⁹ numbers.
    pub fn tables(&self, variants: &[Variant]) -> Result<Vec<PathTable>, AnalysisError> {
        engine::check_paths(self.sampling.paths)?;
        let plan = self.plan()?;
        let paths = plan.paths_of(self.sampling.paths);
        let numbers = paths.saturating_mul(engine::path_columns(&plan).len() as u64 * variants.len() as u64);
        if numbers > MOST_NUMBERS {
            let message = format!("{numbers} numbers: at most {MOST_NUMBERS} are kept; take fewer paths or variants");
            return Err(AnalysisError::Asked(message));
        }
        let cases = variants.iter().map(|variant| variant.case(&plan, paths)).collect::<Result<Vec<_>, _>>();
        let cases = cases.map_err(AnalysisError::Asked)?;
        let mut tables: Vec<PathTable> = Vec::new();
        engine::each_table(&cases, paths, &self.options, |some| -> Result<(), RunError> {
            if tables.is_empty() {
                tables = some;
            } else {
                tables.iter_mut().zip(some).for_each(|(table, more)| table.extend(more));
            }
            Ok(())
        })?;
        Ok(tables)
    }

    fn plan(&self) -> Result<Plan, AnalysisError> {
        Ok(Plan::new(self.scenario, self.sampling.sampler, self.sampling.seed)?)
    }
}
