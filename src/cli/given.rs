//! Scenarios and what was learned of them, taken from the folders of earlier results.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::CliError;
use super::simulation::SimulationArguments;
use crate::analysis::{Conditioning, Settings};
use crate::data::Actuals;
use crate::engine::Options;
use crate::export::read_results;
use crate::results::{ACTUALS_FILE, ConditionRecord, Kind, Results};
use crate::sampler::{Sampler, Sampling};
use crate::scenario::{self, PosteriorSource, Scenario, SourceFile};
use crate::words;

/// Says where fewer paths are known from actual numbers than were asked for.
pub(super) fn note_fewer(known: u64, asked: u64) {
    if known < asked {
        let (paths, asked) = (words::paths(known), words::count(asked));
        super::note(&format!("{paths}, not {asked}: more are not known from the actual numbers"));
    }
}

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
    let wrong = |why: &str| CliError::Usage(format!("{}: {why}", folder.display()));
    let copy = results.sources.iter().map(|source| &source.0).find(|name| *name != ACTUALS_FILE);
    let copy = copy.ok_or_else(|| wrong("it has no copy of a scenario"))?;
    let record = results.record.scenario();
    let scenario = scenario::load_given(&folder.join(copy).to_string_lossy(), &record.set, &record.given)?;
    if record.is_of(&scenario) {
        return Ok(scenario);
    }
    Err(wrong("the copies of its scenario have been changed since: run the command that made the folder again"))
}

/// A file of a folder as the folder has it.
fn file_in(folder: &Path, file: &str) -> String {
    Path::new(file).strip_prefix(folder).map_or_else(|_| file.to_owned(), |file| file.display().to_string())
}

/// The actual numbers from which a scenario has learned, and how they were taken.
fn actuals_of(folder: &Path, scenario: &Scenario, record: &ConditionRecord) -> Result<(Actuals, Settings), CliError> {
    let actuals = Actuals::load(&folder.join(ACTUALS_FILE), scenario)?;
    if !record.is_of(&actuals) {
        let why = "its copy of the actual numbers has been changed since: run the command that made the folder again";
        return Err(CliError::Usage(format!("{}: {why}", folder.display())));
    }
    Ok((actuals, Settings { error: record.error, held_out: record.held_out_months, max_paths: record.max_paths }))
}

/// The scenario with the posterior of the results in `folder`, weighed again as they were: with the paths, the seed and the sampler
/// of this command.
pub(super) fn learned(
    scenario: &Scenario,
    folder: &Path,
    simulation: &SimulationArguments,
    cancel: &AtomicBool,
) -> Result<Scenario, CliError> {
    let shown = folder.display();
    let results = results_in(folder)?;
    let Kind::Condition(record) = &results.record.kind else {
        let kind = results.record.kind.name();
        let message = format!("--given {shown}: these are results of `{kind}`, expected those of `condition`");
        return Err(CliError::Usage(message));
    };
    let before = scenario_of(folder, &results)?;
    if let Some(what) = scenario.unlike_learned(&before) {
        let message = format!(
            "{what} was learned from actual numbers, and is another here: leave it as it is in {shown}, or set an input to a plain \
             number"
        );
        return Err(CliError::Usage(message));
    }
    let (actuals, settings) = actuals_of(folder, &before, record)?;
    // Whoever makes the posterior again has other folders.
    let inside = |file: &SourceFile| SourceFile { path: file_in(folder, &file.path), text: file.text.clone() };
    let source = PosteriorSource {
        results: folder.file_name().map_or_else(String::new, |name| words::shown_line(&name.to_string_lossy())),
        given_to: scenario.name().to_owned(),
        name: before.name().to_owned(),
        files: before.files().iter().map(inside).collect(),
        main: before.main(),
        actuals: inside(actuals.file()),
        error: settings.error,
        held_out: settings.held_out,
        max_paths: settings.max_paths,
    };
    let conditioning = Conditioning::new(&before, actuals, settings, simulation.sampling())?;
    let learned = conditioning.given_to(scenario, &Arc::new(source), &simulation.options(cancel)?)?;
    note_fewer(learned.known_draws().map_or(simulation.paths, |draws| draws.paths() as u64), simulation.paths);
    Ok(learned)
}

/// The forecast of a run or of a conditioned scenario, as it was made.
pub(super) fn forecast_in(folder: &Path, options: &Options<'_>) -> Result<Forecast, CliError> {
    let results = results_in(folder)?;
    let simulation = &results.record.simulation;
    let sampler = Sampler::by_name(&simulation.sampler).unwrap_or_default();
    let sampling = Sampling { paths: simulation.paths, seed: simulation.seed, sampler };
    let refused = |why: &str| Err(CliError::Usage(format!("{}: {why}", folder.display())));
    match &results.record.kind {
        Kind::Run(_) if results.record.scenario().posterior_sha256.is_some() => {
            refused("this run was given the results of `condition`: score the folder of these")
        }
        Kind::Run(_) => {
            let scenario = scenario_of(folder, &results)?;
            Ok(Forecast { scenario, sampling, learned_up_to: 0, kind: "run" })
        }
        Kind::Condition(record) => {
            let before = scenario_of(folder, &results)?;
            let asked = Sampling { paths: record.asked_paths, ..sampling };
            let (actuals, settings) = actuals_of(folder, &before, record)?;
            let conditioning = Conditioning::new(&before, actuals, settings, asked)?;
            let learned_up_to = conditioning.last_month();
            let scenario = conditioning.posterior(options)?;
            Ok(Forecast { scenario, sampling, learned_up_to, kind: "condition" })
        }
        other => refused(&format!("these are results of `{}`, expected those of `run` or `condition`", other.name())),
    }
}
