//! Writes the folder of a finished run, and says what came out.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::{CliError, answer, problems};
use crate::aggregate::{Precision, Summary};
use crate::chart::{self, Material};
use crate::engine::RunError;
use crate::export::{RunRecord, write_csv};
use crate::output::Staging;
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::table::{self, Table};

/// Arguments of every command that writes the folder of a run.
#[derive(Debug, Args)]
pub(super) struct OutputArguments {
    /// Folder for the results
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(super) out: PathBuf,
    /// Write tables only
    #[arg(long)]
    no_charts: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// A run with its result.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) scenario: Scenario,
    pub(super) plan: Plan,
    pub(super) summary: Summary,
    /// How near the goals it came, where it had any.
    pub(super) precision: Vec<Precision>,
}

/// Writes tables, charts and the record, and prints the answer.
pub(super) fn write(
    finished: &Finished,
    staging: Staging,
    arguments: &OutputArguments,
    cancel: &AtomicBool,
) -> Result<(), CliError> {
    let Finished { scenario, plan, summary, precision } = finished;
    let tables = table::tables(scenario, plan, summary);
    let mut files: Vec<String> = tables.iter().map(|table| format!("{}.csv", table.name)).collect();
    files.push("run.json".to_owned());
    files.extend(scenario_copies(scenario).map(|copy| copy.0));
    let mut record = RunRecord::new(scenario, plan, summary.paths, precision);
    if !arguments.no_charts {
        files.extend(write_charts(&staging, &record, &tables, cancel)?);
    }
    record.files = files;
    write_tables(&staging, &tables)?;
    for (name, text) in scenario_copies(scenario) {
        staging.write(&name, |writer| std::io::Write::write_all(writer, text.as_bytes()))?;
    }
    staging.write("run.json", |writer| record.write(writer))?;
    stop_if(cancel)?;
    let place = staging.publish()?;
    if arguments.quiet {
        return Ok(());
    }
    tell_warnings(scenario);
    let text = answer::text(scenario, &record, &tables, &place.display().to_string());
    super::print(&text)
}

/// The files that a scenario was read from: itself, and those that it extends.
fn scenario_copies(scenario: &Scenario) -> impl Iterator<Item = (String, &str)> {
    let files = scenario.files[..=scenario.main].iter().enumerate().rev();
    files.map(|(i, file)| {
        let own = i == scenario.main;
        let name = if own { "scenario.toml".to_owned() } else { format!("scenario-{}.toml", scenario.file_stem(i)) };
        (name, file.text.as_str())
    })
}

fn write_tables(staging: &Staging, tables: &[Table]) -> Result<(), CliError> {
    for table in tables {
        let name = format!("{}.csv", table.name);
        staging.write(&name, |writer| write_csv(table, writer).map_err(std::io::Error::other))?;
    }
    Ok(())
}

fn write_charts(
    staging: &Staging,
    record: &RunRecord,
    tables: &[Table],
    cancel: &AtomicBool,
) -> Result<Vec<String>, CliError> {
    let mut files = Vec::new();
    for chart in chart::charts(&Material { record, tables })? {
        stop_if(cancel)?;
        let png = chart::png(&chart.svg)?;
        for (extension, bytes) in [("png", png.as_slice()), ("svg", chart.svg.as_bytes())] {
            let name = format!("charts/{}.{extension}", chart.name);
            staging.write(&name, |writer| std::io::Write::write_all(writer, bytes))?;
            files.push(name);
        }
    }
    Ok(files)
}

fn stop_if(cancel: &AtomicBool) -> Result<(), CliError> {
    if cancel.load(Ordering::Relaxed) { Err(CliError::Run(RunError::Interrupted)) } else { Ok(()) }
}

fn tell_warnings(scenario: &Scenario) {
    match scenario.warnings.as_slice() {
        [] => {}
        [only] => problems::tell_list(&scenario.files, scenario.main, std::slice::from_ref(only)),
        many => {
            let style = anstyle::AnsiColor::Yellow.on_default().bold();
            let text = format!("{} warnings: `breakeven check {}` shows them", many.len(), scenario.path());
            super::tell(&format!("{style}warning{style:#}: {text}\n"));
        }
    }
}
