//! `breakeven sweep`: a scenario with one or two of its inputs at each of many values.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;

use super::results::{self, Delivered, OutputArguments, Place};
use super::simulation::SimulationArguments;
use super::{CliError, Runs, progress, shard};
use crate::analysis::{AnalysisError, Axis, Sweep, SweepState};
use crate::bounded;
use crate::engine::{Options, RunError, Shard};
use crate::output;
use crate::part::{JoinedSweep, Part, axes_of, points_of};
use crate::results::Results;
use crate::words;

/// A sweep keeps what is done about so often.
const KEEP_EVERY: Duration = Duration::from_secs(1);
/// What a sweep keeps is not larger: 400 MB at the most paths.
const LARGEST_KEPT: u64 = 1 << 30;

/// Arguments of `sweep`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven sweep baseline --vary price.monthly=5:10:0.25
  breakeven sweep baseline --vary price.monthly=4.99,7.50,9.99,19.99
  breakeven sweep baseline --vary price.monthly=5:20/16 --vary market.refusal_rate=0.4:0.8:0.05
  breakeven sweep baseline --scenario music-like --scenario ai-app-like --vary price.monthly=2:20:1
  breakeven sweep as-launched --vary segments.prime.revenue.ancillary=0:5:0.5
  breakeven sweep as-launched --vary segments.*.price.monthly=5:15:5     all segments together
  breakeven sweep baseline --vary price.monthly=2:60/10000 --shard 3/8   for `breakeven merge`

Values are FROM:TO:STEP in exact decimals, FROM:TO/COUNT, or a list. A distribution is replaced
by the value; an implied investment stays what the scenario implies, since the money is sunk.
Every point sees the same futures, so that differences between points are sharp. Tables and
charts go to OUT/SCENARIO/sweep-KEYS/. A sweep that is stopped goes on from where it was when
the same command is given again.")]
pub(super) struct SweepArguments {
    /// Scenarios: names (see `breakeven scenarios`), paths of .toml files, or - for standard input
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Another scenario, drawn beside the first; may be given several times
    #[arg(long = "scenario", value_name = "SCENARIO")]
    more: Vec<String>,
    /// An input and its values: KEY=FROM:TO:STEP, KEY=FROM:TO/COUNT or KEY=A,B,C; once or twice
    #[arg(long, value_name = "KEY=VALUES", required = true)]
    vary: Vec<Axis>,
    #[command(flatten)]
    simulation: SimulationArguments,
    /// Simulate part K of N of the points only, into OUT/SCENARIO.sweep-KEYS.part-K-of-N, for `breakeven merge`; `auto` takes both
    /// from the variables of a job array (Slurm, Grid Engine, PBS, Kubernetes)
    #[arg(long, value_name = "K/N", value_parser = shard::parse, conflicts_with = "json")]
    shard: Option<Shard>,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

/// A sweep whose results can be written.
struct Prepared {
    sweep: Sweep,
    /// Where the results of a whole sweep go.
    place: Option<Place>,
    /// The hidden file with what is done; none for a caller, who gets what is done or nothing.
    kept: Option<PathBuf>,
}

impl Runs for SweepArguments {
    /// Sweeps every scenario; nothing is simulated before all of them check.
    fn run(&self) -> Result<(), CliError> {
        let options = self.simulation.options(self.output.session.cancel())?;
        let (mut done, mut sweeps) = (Vec::new(), Vec::new());
        for Prepared { sweep, place, kept } in prepare(self)? {
            let (state, results) = progress::shown(sweep.scenario().name(), self.output.quiet, |progress| {
                let options = Options { progress: Some(progress), ..options };
                let state = simulate(&sweep, self, kept.as_deref(), &options)?;
                if self.shard.is_some() {
                    return Ok::<_, CliError>((Some(state), None));
                }
                Ok((None, Some(finished(&sweep, state, &options)?)))
            })?;
            if let (Some(shard), Some(state)) = (self.shard, state) {
                let part = Part::of_sweep(&sweep, state, &words_of(&self.output), shard)?;
                let name = whole_name(&sweep, &self.vary);
                shard::hand_over(part, &name, shard, sweep.points() as u64, &self.output)?;
            }
            if let (Some(place), Some(results)) = (place, results) {
                done.push(results::deliver(results, place, &self.output, &options)?);
                sweeps.push(sweep);
            }
            // What was kept of a sweep that is done is of no more use; if it stays, it is overwritten some day.
            kept.map(std::fs::remove_file);
        }
        let together = if done.len() > 1 { side_by_side(&done, self, &options)? } else { None };
        for (i, (sweep, delivered)) in sweeps.iter().zip(&done).enumerate() {
            if i > 0 && self.output.talks() {
                super::print("\n")?;
            }
            self.output.warn_of(sweep.scenario());
            self.output.warn_of_dropped(sweep.scenario(), sweep.warnings());
            delivered.say(&self.output)?;
        }
        if let Some(place) = together.filter(|_| self.output.talks()) {
            super::print(&format!("All scenarios side by side: {place}\n"))?;
        }
        results::print_json(&done, &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}

/// What comes of a sweep all of whose points are done.
fn finished(sweep: &Sweep, state: SweepState, options: &Options<'_>) -> Result<Results, AnalysisError> {
    let result = sweep.result(state);
    let beyond = sweep.still_higher(&result, options)?;
    Ok(Results::of_sweep(sweep, &result, beyond))
}

/// Delivers the results of a sweep whose parts are joined.
pub(super) fn deliver_joined(
    whole: JoinedSweep,
    output: &OutputArguments,
    options: &Options<'_>,
) -> Result<Delivered, CliError> {
    let name = folder_name(&whole.axes());
    let JoinedSweep { sweep, state, asked } = whole;
    // The command that makes them again is that of the whole sweep.
    let mut output = output.clone();
    output.session = output.session.of_sweep(sweep.scenario().name(), &asked);
    let place = output.place(sweep.scenario(), Some(&name))?;
    let delivered = results::deliver(finished(&sweep, state, options)?, place, &output, options)?;
    output.warn_of(sweep.scenario());
    output.warn_of_dropped(sweep.scenario(), sweep.warnings());
    Ok(delivered)
}

/// Whether a part can say of which sweep it is.
fn check_words(arguments: &SweepArguments) -> Result<(), CliError> {
    let wrong = |message: &str| Err(CliError::Usage(message.to_owned()));
    if arguments.scenarios.len() + arguments.more.len() > 1 {
        return wrong("--shard takes one scenario at a time");
    }
    if axes_of(&words_of(&arguments.output)).as_ref() != Some(&arguments.vary) {
        return wrong("--vary names a segment in signs that a part cannot keep: leave out --shard");
    }
    Ok(())
}

/// The words that ask for the points of a sweep, of those that ask for all of it.
fn words_of(output: &OutputArguments) -> Vec<String> {
    let pairs = output.session.asked.windows(2).filter(|words| ["--vary", "--paths"].contains(&words[0].as_str()));
    pairs.flatten().cloned().collect()
}

fn prepare(arguments: &SweepArguments) -> Result<Vec<Prepared>, CliError> {
    let mut sweeps: Vec<Sweep> = Vec::new();
    for name in arguments.scenarios.iter().chain(&arguments.more) {
        let scenario = arguments.simulation.load(name, arguments.output.session.cancel())?;
        if sweeps.iter().any(|other| other.scenario().name() == scenario.name()) {
            let message = format!("two scenarios are called `{}`: both would write the same folder", scenario.name());
            return Err(CliError::Usage(message));
        }
        if arguments.shard.is_some() {
            check_words(arguments)?;
        }
        sweeps.push(Sweep::new(&scenario, arguments.vary.clone(), arguments.simulation.sampling())?);
    }
    let prepared = sweeps.into_iter().map(|sweep| {
        let place = if arguments.shard.is_none() {
            Some(arguments.output.place(sweep.scenario(), Some(&folder_name(&arguments.vary)))?)
        } else {
            if !arguments.output.session.is_called() {
                output::check_writable(&arguments.output.out)?;
            }
            None
        };
        // Beside the scenario's folder, which a run of the scenario replaces.
        let part = arguments.shard.map_or(String::new(), |Shard { number, of }| format!(".part-{number}-of-{of}"));
        let kept = arguments.output.out.join(format!(".{}{part}.kept", whole_name(&sweep, &arguments.vary)));
        Ok(Prepared { sweep, place, kept: (!arguments.output.session.is_called()).then_some(kept) })
    });
    prepared.collect()
}

/// `sweep-price.monthly`; for two inputs `sweep-price.monthly-market.refusal_rate`.
fn folder_name(axes: &[Axis]) -> String {
    let inputs: Vec<String> = axes.iter().map(|axis| axis.inputs.join("+")).collect();
    format!("sweep-{}", inputs.join("-"))
}

/// The name of a sweep among those of other scenarios.
fn whole_name(sweep: &Sweep, axes: &[Axis]) -> String {
    output::folder_name(&format!("{}.{}", sweep.scenario().name(), folder_name(axes)))
}

/// Simulates the points that are not yet done, and keeps what is done from time to time and where it is interrupted.
fn simulate(
    sweep: &Sweep,
    arguments: &SweepArguments,
    kept: Option<&Path>,
    options: &Options<'_>,
) -> Result<SweepState, CliError> {
    let points = arguments.shard.map_or(0..sweep.points(), |shard| points_of(shard, sweep.points()));
    let (all, quiet) = (points.len(), arguments.output.quiet);
    let earlier = kept.and_then(|kept| sweep.read_state(&bounded::read(kept, LARGEST_KEPT).ok()?));
    if let Some(state) = earlier.as_ref().filter(|_| !quiet) {
        let (done, all) = (words::count(state.points() as u64), words::count(all as u64));
        super::tell(&format!("{}: going on, {done} of {all} points are done\n", sweep.scenario().name()));
    }
    let mut state = earlier.unwrap_or_else(|| sweep.start());
    let keep = |state: &SweepState, kept: &Path| output::write_file(kept, |writer| sweep.write_state(state, writer));
    let (mut last, mut failed) = (Instant::now(), None);
    let result = sweep.resume(&mut state, points, options, |state| {
        if let Some(kept) = kept.filter(|_| last.elapsed() > KEEP_EVERY && failed.is_none()) {
            failed = keep(state, kept).err();
            last = Instant::now();
        }
    });
    if let Some(error) = failed.filter(|_| !quiet) {
        // The sweep itself is none the worse for it.
        super::note(&format!("what is done could not be kept for a later command: {error}"));
    }
    match (result, kept) {
        (Err(AnalysisError::Run(RunError::Interrupted)), Some(kept)) if state.points() > 0 => {
            keep(&state, kept)?;
            Err(CliError::Kept { done: state.points(), of: all })
        }
        (Err(error), kept) => {
            // It would fail again at the same point.
            kept.map(std::fs::remove_file);
            Err(error.into())
        }
        (Ok(()), _) => Ok(state),
    }
}

/// Charts of all scenarios side by side, where one input is varied and charts are wanted.
fn side_by_side(
    done: &[Delivered],
    arguments: &SweepArguments,
    options: &Options<'_>,
) -> Result<Option<String>, CliError> {
    if arguments.output.no_charts || arguments.vary.len() > 1 || arguments.output.session.is_called() {
        return Ok(None);
    }
    let sweeps: Vec<&Results> = done.iter().map(|delivered| &delivered.results).collect();
    let Some(together) = Results::side_by_side(&sweeps) else { return Ok(None) };
    let names: Vec<&str> = together.record.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    let name = format!("{}-{}", folder_name(&arguments.vary), names.join("-"));
    let place = arguments.output.place_of_several(&name)?;
    let delivered = results::deliver_with(together, place, &arguments.output, options, &sweeps)?;
    Ok(Some(delivered.place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_after_what_is_varied() {
        let axis = |text: &str| text.parse::<Axis>().unwrap();
        assert_eq!(folder_name(&[axis("price.monthly=5")]), "sweep-price.monthly");
        let two = [axis("price.monthly=5"), axis("segments.\"a/b c\".price.monthly=5")];
        let name = output::folder_name(&folder_name(&two));
        assert_eq!(name, "sweep-price.monthly-segments.a-b-c.price.monthly");
    }
}
