//! Writes the folder of finished results, and says what came out: the same way for every command that has some.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::session::{self, Session};
use super::{CliError, again, problems, terminal};
use crate::chart::{self, Chart, ChartError, Sketch, Style, Theme};
use crate::engine::{self, Options, PathColumn, PathTable, RunError, Threads};
use crate::export::{ParquetColumns, write_csv, write_json, write_json_tables, write_parquet, write_workbook};
use crate::output::{self, Staging};
use crate::plan::Plan;
use crate::results::Results;
use crate::scenario::{Problem, Scenario, Topic};

/// Arguments of every command that writes the folder of a run.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Results")]
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
    /// Print the record, all tables and the findings as JSON, and nothing else
    #[arg(long, help_heading = "Results")]
    json: bool,
    /// Print nothing but errors, and what --json asks for
    #[arg(long, short, help_heading = "Results")]
    pub(super) quiet: bool,
    #[arg(skip)]
    pub(super) session: Session,
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
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Charts")]
pub(super) struct LookArguments {
    /// Colours of the charts; print is black and white
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
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

impl ValueEnum for Theme {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

fn parse_scale(text: &str) -> Result<f64, String> {
    let scale = text.parse().ok().filter(|scale| (0.25..=4.0).contains(scale));
    scale.ok_or_else(|| "expected a number from 0.25 to 4".to_owned())
}

/// Where results go.
#[derive(Debug)]
pub(super) enum Place {
    /// A folder, which they replace as a whole.
    Folder(Staging),
    /// Whoever called the command as a function, with where they would be written.
    Caller { home: String, inside: Option<String>, paths: Option<Vec<PathTable>> },
}

/// Results that are where they belong.
#[derive(Debug)]
pub(super) struct Delivered {
    pub(super) results: Results,
    /// Their folder.
    pub(super) place: String,
}

/// Writes tables, copies of the scenarios, charts and the record, and puts them where they belong. `results` may name files that
/// are already there.
pub(super) fn deliver(
    results: Results,
    place: Place,
    arguments: &OutputArguments,
    options: &Options<'_>,
) -> Result<Delivered, CliError> {
    deliver_with(results, place, arguments, options, &[])
}

/// The same with the charts of sweeps side by side in place of the results' own, where there are some.
pub(super) fn deliver_with(
    mut results: Results,
    place: Place,
    arguments: &OutputArguments,
    options: &Options<'_>,
    sweeps: &[&Results],
) -> Result<Delivered, CliError> {
    results.record.command = again::command(&results.record, &arguments.session.asked);
    let staging = match place {
        Place::Folder(staging) => staging,
        Place::Caller { home, inside, paths } => {
            stop_if(options)?;
            arguments.session.give(&results, paths, home, inside);
            return Ok(Delivered { results, place: String::new() });
        }
    };
    let mut files = arguments.write_tables(&staging, &results)?;
    files.append(&mut results.record.files);
    files.push(results.record.file());
    for (name, text) in &results.sources {
        staging.write(name, |writer| std::io::Write::write_all(writer, text.as_bytes()))?;
        files.push(name.clone());
    }
    if !arguments.no_charts {
        let style = arguments.look.style();
        let charts = if sweeps.is_empty() { chart::charts(&results, &style) } else { chart::multiples(sweeps, &style) };
        files.extend(write_charts(&staging, charts, &style, options)?);
    }
    let record = results.record.file();
    for name in files.iter().filter(|name| **name != record) {
        results.record.sha256.insert(name.clone(), staging.sha256(name)?);
    }
    results.record.files = files;
    staging.write(&results.record.file(), |writer| results.record.write(writer))?;
    stop_if(options)?;
    let place = publish(staging, arguments.quiet)?;
    Ok(Delivered { results, place })
}

impl Delivered {
    /// Says what came out, where it is to be said at all.
    pub(super) fn say(&self, arguments: &OutputArguments) -> Result<(), CliError> {
        if arguments.talks() { super::print(&terminal::findings(&self.results, &self.place)) } else { Ok(()) }
    }
}

/// Prints results as one JSON document, where that is asked for.
pub(super) fn print_json(all: &[Delivered], arguments: &OutputArguments) -> Result<(), CliError> {
    if !arguments.json {
        return Ok(());
    }
    let mut text = Vec::new();
    write_json(all.iter().map(|delivered| &delivered.results), &mut text).map_err(CliError::Stdout)?;
    super::print(&String::from_utf8_lossy(&text))
}

/// The file of every path.
pub(super) const PATHS_FILE: &str = "paths.parquet";

impl Place {
    /// A folder in `out`, or one inside it.
    pub(super) fn folder(out: &Path, home: &str, inside: Option<&str>) -> Result<Self, CliError> {
        Ok(Self::Folder(Staging::new(out, home, inside)?))
    }

    /// Simulates once more and keeps every path with the results: too many to keep from the first time.
    pub(super) fn keep_paths(
        &mut self,
        results: &mut Results,
        plan: &Plan,
        number: u64,
        options: &Options<'_>,
    ) -> Result<(), CliError> {
        match self {
            Self::Caller { paths, .. } => *paths = Some(session::paths_in_memory(plan, number, options)?),
            Self::Folder(staging) => {
                write_paths(staging, engine::path_columns(plan), |add| engine::each_path(plan, number, options, add))?;
                results.record.files.push(PATHS_FILE.to_owned());
            }
        }
        Ok(())
    }

    /// Writes paths that are in memory.
    pub(super) fn write_paths(&self, results: &mut Results, paths: &[PathTable]) -> Result<(), CliError> {
        let (Self::Folder(staging), Some(first)) = (self, paths.first()) else { return Ok(()) };
        write_paths(staging, first.path_columns(), |add| paths.iter().try_for_each(add))?;
        results.record.files.push(PATHS_FILE.to_owned());
        Ok(())
    }
}

/// Writes every path that `each` hands on.
fn write_paths(
    staging: &Staging,
    columns: Vec<PathColumn>,
    each: impl FnOnce(&mut dyn FnMut(&PathTable) -> Result<(), PathsError>) -> Result<(), PathsError>,
) -> Result<(), CliError> {
    let columns = columns.into_iter().map(|column| (column.name, column.may_be_missing));
    let mut stopped = None;
    let written = staging.write(PATHS_FILE, |writer| {
        let mut file = ParquetColumns::new(writer, columns)?;
        let each = each(&mut |table| {
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

/// Puts results where they belong, says what became of other files there, and returns where they are.
fn publish(staging: Staging, quiet: bool) -> Result<String, CliError> {
    let published = staging.publish()?;
    for note in published.notes.iter().filter(|_| !quiet) {
        super::note(note);
    }
    Ok(published.place.display().to_string())
}

impl OutputArguments {
    /// Where the results of a scenario go: its folder, or one inside it.
    pub(super) fn place(&self, scenario: &Scenario, inside: Option<&str>) -> Result<Place, CliError> {
        self.place_in(output::file_name(scenario.name()), inside.map(output::folder_name))
    }

    /// Where the results of several scenarios go.
    pub(super) fn place_of_several(&self, name: &str) -> Result<Place, CliError> {
        self.place_in(output::folder_name(name), None)
    }

    fn place_in(&self, home: String, inside: Option<String>) -> Result<Place, CliError> {
        if self.session.is_called() {
            return Ok(Place::Caller { home, inside, paths: None });
        }
        Place::folder(&self.out, &home, inside.as_deref())
    }

    /// Warns of what should be known of a scenario that was simulated: on the terminal where it may, and any caller.
    pub(super) fn warn_of(&self, scenario: &Scenario) {
        if self.talks() {
            tell_warnings(scenario);
        }
        warnings_of(scenario).0.into_iter().for_each(|message| self.session.warn(message));
    }

    /// The same of correlations that a swept or searched input has lost.
    pub(super) fn warn_of_dropped(&self, scenario: &Scenario, warnings: &[Problem]) {
        for message in dropped(scenario, warnings) {
            if self.talks() {
                super::warn(message);
            }
            self.session.warn(message);
        }
    }

    /// Whether anything is said beside errors and JSON.
    pub(super) fn talks(&self) -> bool {
        !self.quiet && !self.json
    }

    /// Writes tables in every format that is asked for; returns the names of their files.
    fn write_tables(&self, staging: &Staging, results: &Results) -> Result<Vec<String>, CliError> {
        let mut files = Vec::new();
        let tables = &results.tables;
        if tables.is_empty() {
            return Ok(files);
        }
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
            staging.write("tables.xlsx", |writer| write_workbook(results, writer))?;
            files.push("tables.xlsx".to_owned());
        }
        Ok(files)
    }
}

/// Writes charts; returns the names of their files.
fn write_charts(
    staging: &Staging,
    charts: Vec<Sketch<'_>>,
    style: &Style,
    options: &Options<'_>,
) -> Result<Vec<String>, CliError> {
    let mut files = Vec::new();
    for drawn in draw_all(charts, style, options)? {
        let DrawnChart { chart, svg, png } = drawn?;
        for (extension, bytes) in [("png", png.as_slice()), ("svg", svg.as_bytes())] {
            let name = format!("charts/{}.{extension}", output::file_name(&chart.name));
            staging.write(&name, |writer| std::io::Write::write_all(writer, bytes))?;
            files.push(name);
        }
    }
    Ok(files)
}

/// A chart in both its forms.
pub(super) struct DrawnChart {
    pub(super) chart: Chart,
    pub(super) svg: String,
    pub(super) png: Vec<u8>,
}

/// Draws charts, each on one thread.
pub(super) fn draw_all(
    charts: Vec<Sketch<'_>>,
    style: &Style,
    options: &Options<'_>,
) -> Result<Vec<Result<DrawnChart, ChartError>>, CliError> {
    let draw = |sketch: Sketch<'_>| {
        // One that is not looked at any more costs nothing.
        let Ok(()) = stop_if(options) else { return None };
        let drawn = || {
            let chart = sketch.draw()?;
            let svg = chart.svg(style);
            let png = chart::png(&svg, style)?;
            Ok(DrawnChart { chart, svg, png })
        };
        Some(drawn())
    };
    let drawn = Threads::new(options)?.map(charts, draw);
    stop_if(options)?;
    Ok(drawn.into_iter().flatten().collect())
}

/// # Errors
/// Where it is told to stop.
pub(super) fn stop_if(options: &Options<'_>) -> Result<(), CliError> {
    let stopped = options.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed));
    if stopped { Err(CliError::Run(RunError::Interrupted)) } else { Ok(()) }
}

/// What set values have done to a scenario, and what its file should be warned of.
fn warnings_of(scenario: &Scenario) -> (Vec<&str>, Vec<&Problem>) {
    let (by_set, in_file): (Vec<&Problem>, Vec<&Problem>) =
        scenario.warnings().iter().partition(|problem| matches!(problem.topic, Topic::Set));
    let mut messages: Vec<&str> = by_set.iter().map(|problem| problem.message.as_str()).collect();
    messages.dedup();
    (messages, in_file)
}

/// Tells what should be known of a scenario that was simulated.
pub(super) fn tell_warnings(scenario: &Scenario) {
    // What a set value has done is told at once: the file itself has no such warning.
    let (by_set, in_file) = warnings_of(scenario);
    by_set.into_iter().for_each(super::warn);
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

/// What has become of correlations now that an input is a plain number.
fn dropped<'w>(scenario: &Scenario, warnings: &'w [Problem]) -> Vec<&'w str> {
    let known = |warning: &Problem| scenario.warnings().iter().any(|other| other.message == warning.message);
    let mut messages: Vec<&str> = warnings.iter().filter(|w| !known(w)).map(|w| w.message.as_str()).collect();
    messages.dedup();
    messages
}
