//! `breakeven merge`: joins the parts of a run or a sweep that `--shard` made.

use std::path::{Path, PathBuf};

use clap::Args;

use super::results::{self, Delivered, OutputArguments};
use super::{CliError, Runs, given, simulation, sweep};
use crate::analysis::Profile;
use crate::engine::Options;
use crate::output;
use crate::part::{Joined, JoinedRun, Part};
use crate::results::Results;
use crate::words;

/// Arguments of `merge`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven run baseline --paths 1e9 --shard 1/8     on one machine, 2/8 on the next, ...
  breakeven merge output/baseline.part-*-of-8        when all parts are in one place
  breakeven sweep baseline --vary price.monthly=2:60/10000 --shard 1/8
  breakeven merge output/baseline.sweep-price.monthly.part-*-of-8
  breakeven merge output/baseline.part-?-of-64 --to-part first-nine
                                                     some parts become a bigger one

The results are the very bytes that the single command would have written. The parts stay; they
may be given in any order, and are those of a run or of a sweep.")]
pub(super) struct MergeArguments {
    /// The files of all parts of one run, or of one sweep
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,
    /// Join these parts, of which some may be missing, into a bigger part: a file that is merged with the others later
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "no_charts"])]
    to_part: Option<PathBuf>,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

impl Runs for MergeArguments {
    /// Joins the parts and writes the results.
    fn run(&self) -> Result<(), CliError> {
        if let Some(file) = &self.to_part {
            return to_part(self, file);
        }
        let options = options(&self.output)?;
        let delivered = deliver_joined(Joined::join(&self.parts, &options)?, &self.output, &options)?;
        delivered.say(&self.output)?;
        results::print_json(&[delivered], &self.output)
    }

    fn output(&mut self) -> Option<&mut OutputArguments> {
        Some(&mut self.output)
    }
}

/// Delivers the results of what is joined.
pub(super) fn deliver_joined(
    whole: Joined,
    output: &OutputArguments,
    options: &Options<'_>,
) -> Result<Delivered, CliError> {
    match whole {
        Joined::Run(run) => deliver_run(*run, output, options),
        Joined::Sweep(whole) => sweep::deliver_joined(*whole, output, options),
    }
}

/// How parts are joined: on all processors, until somebody stops it.
pub(super) fn options(output: &OutputArguments) -> Result<Options<'_>, CliError> {
    Ok(Options { level: simulation::level()?, cancel: Some(output.session.cancel()), ..Options::default() })
}

fn deliver_run(whole: JoinedRun, output: &OutputArguments, options: &Options<'_>) -> Result<Delivered, CliError> {
    let place = output.place(&whole.scenario, None)?;
    let summary = whole.summary(options)?;
    given::note_fewer(summary.paths, whole.asked_paths());
    let JoinedRun { scenario, plan, .. } = whole;
    let profiles = Profile::all(&plan, summary.paths, options.level);
    let results = Results::of_run(&scenario, &plan, &summary, &[], &profiles);
    let delivered = results::deliver(results, place, output, options)?;
    output.warn_of(&scenario);
    Ok(delivered)
}

/// Joins some parts into a bigger one.
fn to_part(arguments: &MergeArguments, file: &Path) -> Result<(), CliError> {
    if file.file_name().is_none() {
        return Err(CliError::Usage(format!("`{}` is no name for a file", file.display())));
    }
    let options = options(&arguments.output)?;
    let part = Part::of(Part::read_each(&arguments.parts), &options)?;
    results::stop_if(&options)?;
    // It may be one of those that are joined, where a pattern has named it.
    output::write_new(file, |writer| part.write(writer))?;
    if !arguments.output.talks() {
        return Ok(());
    }
    let (scenario, called, (count, what)) = (part.scenario(), part.called(), part.size());
    let size = words::counted(count as usize, what);
    super::print(&format!("{scenario}: {called}, {size}, now in {}\n", file.display()))
}
