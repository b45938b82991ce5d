//! Scenarios and what was learned of them, taken from the folders of earlier results.

use std::path::Path;

use super::simulation::SimulationArguments;
use super::{CliError, progress};
use crate::analysis::{Conditioning, Settings};
use crate::data::Actuals;
use crate::engine::Options;
use crate::export::read_results;
use crate::results::{ACTUALS_FILE, ConditionRecord, Kind, Results};
use crate::sampler::{Sampler, Sampling};
use crate::scenario::{self, Scenario};
use crate::words;

/// A forecast that was made.
pub(super) struct Forecast {
    /// The scenario, with what was learned of it.
    pub(super) scenario: Scenario,
    /// How it was simulated.
    pub(super) sampling: Sampling,
    /// The month up to which it has learned from actual numbers; 0 where from none.
    pub(super) learned_up_to: usize,
    /// What made it.
    pub(super) kind: &'static str,
}

/// The results in a folder.
fn results_in(folder: &Path) -> Result<Results, CliError> {
    let wrong = |why: String| CliError::Usage(format!("{}: {why}", folder.display()));
    let found = read_results(folder).map_err(|error| CliError::Usage(error.to_string()))?;
    found.ok_or_else(|| wrong("there are no results in this folder".to_owned()))
}

/// The scenario of results, from the copies of its files.
fn scenario_of(folder: &Path, results: &Results) -> Result<Scenario, CliError> {
    let copy = results.sources.iter().map(|source| &source.0).find(|name| *name != ACTUALS_FILE);
    let copy = copy.ok_or_else(|| CliError::Usage(format!("{}: it has no copy of a scenario", folder.display())))?;
    let record = results.record.scenario();
    Ok(scenario::load_given(&folder.join(copy).to_string_lossy(), &record.set, &record.given)?)
}

/// What a conditioned scenario has learned, to be weighed again with other paths or another seed.
fn conditioning(
    folder: &Path,
    scenario: &Scenario,
    record: &ConditionRecord,
    sampling: Sampling,
) -> Result<Conditioning, CliError> {
    let actuals = Actuals::load(&folder.join(ACTUALS_FILE), scenario)?;
    let settings = Settings { error: record.error, held_out: record.held_out_months, max_paths: record.max_paths };
    Ok(Conditioning::new(scenario, actuals, settings, sampling)?)
}

/// The scenario with the posterior of the results in `folder`, weighed again as they were: with the paths, the seed and the sampler
/// of this command.
pub(super) fn learned(
    scenario: &Scenario,
    folder: &Path,
    simulation: &SimulationArguments,
) -> Result<Scenario, CliError> {
    let shown = folder.display();
    let results = results_in(folder)?;
    let Kind::Condition(record) = &results.record.kind else {
        let kind = results.record.kind.name();
        let message = format!("--given {shown}: these are results of `{kind}`, expected those of `condition`");
        return Err(CliError::Usage(message));
    };
    let before = scenario_of(folder, &results)?;
    for (name, _, value) in scenario.ledger() {
        let other = before.input(&name).filter(|old| !old.dist.is_constant() && !value.dist.is_constant());
        if other.is_some_and(|old| old.dist != value.dist) {
            let message = format!(
                "`{name}` was learned from actual numbers, and has another distribution here: leave it as it is in {shown}, or \
                 set it to a plain number"
            );
            return Err(CliError::Usage(message));
        }
    }
    let conditioning = conditioning(folder, &before, record, simulation.sampling())?;
    let learned = conditioning.posterior(&simulation.options(progress::watch_for_interrupts())?)?;
    let Some(draws) = learned.known_draws() else { return Ok(scenario.clone()) };
    let name = folder.file_name().map_or_else(String::new, |name| words::shown_line(&name.to_string_lossy()));
    Ok(scenario.with_posterior(draws).given_results(&name))
}

/// The forecast of a run or of a conditioned scenario, as it was made.
pub(super) fn forecast_in(folder: &Path, options: &Options<'_>) -> Result<Forecast, CliError> {
    let results = results_in(folder)?;
    let simulation = &results.record.simulation;
    let sampler = Sampler::by_name(&simulation.sampler).unwrap_or_default();
    let sampling = Sampling { paths: simulation.paths, seed: simulation.seed, sampler };
    let refused = |why: &str| Err(CliError::Usage(format!("{}: {why}", folder.display())));
    match &results.record.kind {
        Kind::Run { .. } if results.record.scenario().posterior_sha256.is_some() => {
            refused("this run was given the results of `condition`: score the folder of these")
        }
        Kind::Run { .. } => {
            let scenario = scenario_of(folder, &results)?;
            Ok(Forecast { scenario, sampling, learned_up_to: 0, kind: "run" })
        }
        Kind::Condition(record) => {
            let before = scenario_of(folder, &results)?;
            let asked = Sampling { paths: record.asked_paths, ..sampling };
            let scenario = conditioning(folder, &before, record, asked)?.posterior(options)?;
            Ok(Forecast { scenario, sampling, learned_up_to: record.last_month, kind: "condition" })
        }
        other => refused(&format!("these are results of `{}`, expected those of `run` or `condition`", other.name())),
    }
}
