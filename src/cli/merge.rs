//! `breakeven merge`: joins the parts of a run that `run --shard` made.

use std::path::PathBuf;

use clap::Args;

use super::results::{self, OutputArguments};
use super::{CliError, progress, simulation};
use crate::analysis::Profile;
use crate::engine::Options;
use crate::part::JoinedRun;
use crate::results::Results;

/// Arguments of `merge`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven run baseline --paths 1e9 --shard 1/8     on one machine, 2/8 on the next, ...
  breakeven merge output/baseline.part-*-of-8        when all parts are in one place

The results are the very bytes that the single run would have written. The parts stay; they
may be given in any order.")]
pub(super) struct MergeArguments {
    /// The files of all parts of one run
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
}

/// Joins the parts and writes the results.
pub(super) fn merge(arguments: &MergeArguments) -> Result<(), CliError> {
    let level = simulation::level()?;
    let cancel = progress::watch_for_interrupts();
    let whole = JoinedRun::join(&arguments.parts)?;
    let staging = results::staging(&arguments.output.out, &whole.scenario, None)?;
    let options = Options { level, cancel: Some(cancel), ..Options::default() };
    let summary = whole.summary(&options)?;
    let JoinedRun { scenario, plan, .. } = whole;
    let profiles = Profile::all(&plan, summary.paths, level);
    let results = Results::of_run(&scenario, &plan, &summary, &[], &profiles);
    let delivered = results::deliver(results, staging, &arguments.output, &options)?;
    if arguments.output.talks() {
        results::tell_warnings(&scenario);
    }
    delivered.say(&arguments.output)?;
    results::print_json(&[delivered], &arguments.output)
}
