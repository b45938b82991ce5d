//! `--given FOLDER`: a scenario that takes on what another command has learned from actual numbers.

use std::path::Path;

use super::simulation::SimulationArguments;
use super::{CliError, progress};
use crate::analysis::{Conditioning, Settings};
use crate::data::Actuals;
use crate::export::read_results;
use crate::results::{ACTUALS_FILE, Kind};
use crate::scenario::{self, Scenario};
use crate::words;

/// The folder of a scenario's files among results.
const SCENARIO: &str = "scenario/";

/// The scenario with the posterior of the results in `folder`, weighed again as they were: with the paths, the seed and the sampler
/// of this command.
pub(super) fn learned(
    scenario: &Scenario,
    folder: &Path,
    simulation: &SimulationArguments,
) -> Result<Scenario, CliError> {
    let shown = folder.display();
    let usage = |message: String| CliError::Usage(message);
    let results = read_results(folder).map_err(|error| usage(format!("--given {shown}: {error}")))?;
    let results = results.ok_or_else(|| usage(format!("--given {shown}: there are no results in this folder")))?;
    let Kind::Condition(record) = &results.record.kind else {
        let kind = results.record.kind.name();
        return Err(usage(format!("--given {shown}: these are results of `{kind}`, expected those of `condition`")));
    };
    let file = results.record.files.iter().find(|file| file.starts_with(SCENARIO) && **file != *ACTUALS_FILE);
    let file = file.ok_or_else(|| usage(format!("--given {shown}: the record names no scenario file")))?;
    let before = scenario::load_given(&folder.join(file).to_string_lossy(), &record.set, &record.given)?;
    let actuals = Actuals::load(&folder.join(ACTUALS_FILE), &before)?;
    let settings = Settings { error: record.error, held_out: record.held_out_months, max_paths: record.max_paths };
    let conditioning = Conditioning::new(&before, actuals, settings, simulation.sampling())?;
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
    let options = simulation.options(progress::watch_for_interrupts())?;
    let learned = conditioning.posterior(&options)?;
    let Some(draws) = learned.known_draws() else { return Ok(scenario.clone()) };
    let name = folder.file_name().map_or_else(String::new, |name| words::shown_line(&name.to_string_lossy()));
    Ok(scenario.with_posterior(draws).given_results(&name))
}
