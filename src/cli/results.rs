//! Writes the folder of a finished run, and says what came out.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};

use super::{CliError, answer, problems};
use crate::aggregate::{Precision, Summary};
use crate::analysis::Profile;
use crate::chart::{self, Chart, ChartError, Material, Style, Theme};
use crate::engine::{self, Options, RunError};
use crate::export::{
    ParquetColumns, RunRecord, write_csv, write_json, write_json_tables, write_parquet, write_record, write_workbook,
};
use crate::lanes::Level;
use crate::output::{self, Staging};
use crate::plan::Plan;
use crate::scenario::{Problem, Scenario, Topic};
use crate::table::{self, Table};

/// Arguments of every command that writes the folder of a run.
#[derive(Debug, Args)]
pub(super) struct OutputArguments {
    /// Folder for the results
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(super) out: PathBuf,
    /// Write tables only
    #[arg(long)]
    pub(super) no_charts: bool,
    /// Formats of the tables, separated by commas; xlsx is one workbook
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', default_value = "csv")]
    format: Vec<TableFormat>,
    #[command(flatten)]
    pub(super) look: LookArguments,
    /// Print nothing but errors
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// A format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TableFormat {
    Csv,
    Json,
    Parquet,
    Xlsx,
}

/// Arguments of every command that draws.
#[derive(Debug, Args)]
pub(super) struct LookArguments {
    /// Colours of the charts: light, dark, or print (black and white)
    #[arg(long, value_name = "NAME", default_value = "light", value_parser = parse_theme)]
    theme: Theme,
    /// Width of the charts in pixels; the height follows, 16:9
    #[arg(long, value_name = "PIXELS", default_value_t = Style::default().width,
        value_parser = clap::value_parser!(u32).range(i64::from(Style::WIDTHS.0)..=i64::from(Style::WIDTHS.1)))]
    width: u32,
    /// Enlarges the PNG without changing the drawing: 2 for a retina screen
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = parse_scale)]
    scale: f64,
}

impl LookArguments {
    pub(super) fn style(&self) -> Style {
        Style::new(self.theme, self.width, self.scale)
    }
}

fn parse_theme(name: &str) -> Result<Theme, String> {
    Theme::by_name(name).ok_or_else(|| format!("expected one of {}", Theme::ALL.map(Theme::name).join(", ")))
}

fn parse_scale(text: &str) -> Result<f64, String> {
    let scale = text.parse().ok().filter(|scale| (0.25..=4.0).contains(scale));
    scale.ok_or_else(|| "expected a number from 0.25 to 4".to_owned())
}

/// A run with its result.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) scenario: Scenario,
    pub(super) plan: Plan,
    pub(super) summary: Summary,
    /// How near the goals it came, where it had any.
    pub(super) precision: Vec<Precision>,
    /// Whether every path is to be written.
    pub(super) keep_paths: bool,
    /// Threads; none for one per processor.
    pub(super) threads: Option<usize>,
}

/// Writes tables, charts and the record, and prints the answer.
pub(super) fn write(
    finished: &Finished,
    staging: Staging,
    arguments: &OutputArguments,
    cancel: &AtomicBool,
) -> Result<(), CliError> {
    let Finished { scenario, plan, summary, precision, keep_paths, threads } = finished;
    let mut record = RunRecord::new(scenario, plan, summary.paths, precision);
    let tables = table::tables(scenario, plan, summary, &Profile::all(plan, summary.paths, Level::detect()));
    let mut files = arguments.write_tables(&staging, &[&record], &tables)?;
    if *keep_paths {
        write_paths(&staging, plan, summary.paths, *threads, cancel)?;
        files.push(PATHS_FILE.to_owned());
    }
    files.extend(files_of("run.json", scenario));
    if !arguments.no_charts {
        let style = arguments.look.style();
        let material = Material { record: &record, tables: &tables, style: &style };
        let charts = chart::charts(&material);
        files.extend(write_charts(&staging, charts, &style, cancel)?);
    }
    record.files = files;
    write_copies(&staging, scenario)?;
    staging.write("run.json", |writer| write_record(&record, writer))?;
    stop_if(cancel)?;
    let place = publish(staging, arguments.quiet)?;
    if arguments.quiet {
        return Ok(());
    }
    tell_warnings(scenario);
    let text = answer::run(scenario, &record, &tables, &place);
    super::print(&text)
}

/// The file of every path.
const PATHS_FILE: &str = "paths.parquet";

/// Simulates once more and writes every path: too many to keep from the first time.
fn write_paths(
    staging: &Staging,
    plan: &Plan,
    paths: u64,
    threads: Option<usize>,
    cancel: &AtomicBool,
) -> Result<(), CliError> {
    let options = Options { threads, level: super::simulation::level()?, cancel: Some(cancel), progress: None };
    let columns = engine::path_columns(plan).into_iter().map(|column| (column.name, column.is_month));
    let mut stopped = None;
    let written = staging.write(PATHS_FILE, |writer| {
        let mut file = ParquetColumns::new(writer, columns)?;
        let each = engine::each_path(plan, paths, &options, |table| {
            let numbers: Vec<f64> = (table.first_path..).take(table.paths()).map(|path| path as f64).collect();
            let columns: Vec<&[f64]> = std::iter::once(numbers.as_slice()).chain(table.columns()).collect();
            file.add(&columns).map_err(PathsError::Write)
        });
        match each {
            Ok(()) => file.finish(),
            Err(PathsError::Write(error)) => Err(error),
            Err(PathsError::Run(error)) => {
                stopped = Some(error);
                Ok(())
            }
        }
    });
    stopped.map_or(Ok(()), |error| Err(CliError::Run(error)))?;
    Ok(written?)
}

/// Why paths could not be written.
enum PathsError {
    Run(RunError),
    Write(std::io::Error),
}

impl From<RunError> for PathsError {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

/// The names of the files that every folder has beside its tables: its record, and copies of the scenario.
pub(super) fn files_of(record: &str, scenario: &Scenario) -> Vec<String> {
    std::iter::once(record.to_owned()).chain(scenario.copies().into_iter().map(|copy| copy.0)).collect()
}

/// Prints a record and its tables as one JSON document.
pub(super) fn print_json(record: &impl serde::Serialize, tables: &[Table]) -> Result<(), CliError> {
    let mut text = Vec::new();
    write_json(record, tables, &mut text).map_err(CliError::Stdout)?;
    super::print(&String::from_utf8_lossy(&text))
}

/// The folder of a scenario's results, ready to be replaced; or a folder inside it.
pub(super) fn staging(out: &Path, scenario: &Scenario, inside: Option<&str>) -> Result<Staging, CliError> {
    let inside = inside.map(output::folder_name);
    Ok(Staging::new(out, &output::file_name(scenario.name()), inside.as_deref())?)
}

/// Puts results where they belong, says what became of other files there, and returns where they are.
pub(super) fn publish(staging: Staging, quiet: bool) -> Result<String, CliError> {
    let published = staging.publish()?;
    for note in published.notes.iter().filter(|_| !quiet) {
        super::note(note);
    }
    Ok(published.place.display().to_string())
}

pub(super) fn write_copies(staging: &Staging, scenario: &Scenario) -> Result<(), CliError> {
    for (name, text) in scenario.copies() {
        staging.write(&name, |writer| std::io::Write::write_all(writer, text.as_bytes()))?;
    }
    Ok(())
}

impl OutputArguments {
    /// Writes tables in every format that is asked for; returns the names of their files.
    pub(super) fn write_tables(
        &self,
        staging: &Staging,
        runs: &[&RunRecord],
        tables: &[Table],
    ) -> Result<Vec<String>, CliError> {
        let mut files = Vec::new();
        let has = |format| self.format.contains(&format);
        for table in tables.iter().filter(|_| has(TableFormat::Csv)) {
            let name = format!("{}.csv", table.name);
            staging.write(&name, |writer| write_csv(table, writer).map_err(std::io::Error::other))?;
            files.push(name);
        }
        for table in tables.iter().filter(|_| has(TableFormat::Parquet)) {
            let name = format!("{}.parquet", table.name);
            staging.write(&name, |writer| write_parquet(table, writer))?;
            files.push(name);
        }
        if has(TableFormat::Json) {
            staging.write("tables.json", |writer| write_json_tables(tables, writer))?;
            files.push("tables.json".to_owned());
        }
        if has(TableFormat::Xlsx) {
            staging.write("tables.xlsx", |writer| write_workbook(runs, tables, writer))?;
            files.push("tables.xlsx".to_owned());
        }
        Ok(files)
    }
}

/// Writes charts as they are drawn; returns the names of their files.
pub(super) fn write_charts(
    staging: &Staging,
    charts: impl Iterator<Item = Result<Chart, ChartError>>,
    style: &Style,
    cancel: &AtomicBool,
) -> Result<Vec<String>, CliError> {
    let mut files = Vec::new();
    for chart in charts {
        stop_if(cancel)?;
        let chart = chart?;
        let png = chart::png(&chart.svg, style)?;
        for (extension, bytes) in [("png", png.as_slice()), ("svg", chart.svg.as_bytes())] {
            let name = format!("charts/{}.{extension}", output::file_name(&chart.name));
            staging.write(&name, |writer| std::io::Write::write_all(writer, bytes))?;
            files.push(name);
        }
    }
    Ok(files)
}

pub(super) fn stop_if(cancel: &AtomicBool) -> Result<(), CliError> {
    if cancel.load(Ordering::Relaxed) { Err(CliError::Run(RunError::Interrupted)) } else { Ok(()) }
}

pub(super) fn tell_warnings(scenario: &Scenario) {
    // What a set value has done is told at once: the file itself has no such warning.
    let (by_set, in_file): (Vec<&Problem>, Vec<&Problem>) =
        scenario.warnings().iter().partition(|problem| matches!(problem.topic, Topic::Set));
    let mut messages: Vec<&str> = by_set.iter().map(|problem| problem.message.as_str()).collect();
    messages.dedup();
    for message in messages {
        super::warn(message);
    }
    match in_file.as_slice() {
        [] => {}
        [only] => problems::tell_list(scenario.files(), scenario.main(), std::slice::from_ref(*only)),
        many => {
            let check = format!("`breakeven check {}` shows", scenario.path());
            let without_source = many.iter().filter(|problem| matches!(problem.topic, Topic::NoSource(_))).count();
            match problems::without_sources(many).filter(|_| without_source == many.len()) {
                Some(text) => super::warn(&format!("{text} ({check} each)")),
                None => super::warn(&format!("{} warnings: {check} them", many.len())),
            }
        }
    }
}

/// Tells what has become of correlations now that an input is a plain number.
pub(super) fn tell_dropped(scenario: &Scenario, warnings: &[Problem]) {
    let known = |warning: &Problem| scenario.warnings().iter().any(|other| other.message == warning.message);
    let mut messages: Vec<&str> = warnings.iter().filter(|w| !known(w)).map(|w| w.message.as_str()).collect();
    messages.dedup();
    for message in messages {
        super::warn(message);
    }
}
