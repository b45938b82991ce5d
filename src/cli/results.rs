//! Writes the folder of a finished run, and says what came out.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::{CliError, answer, problems};
use crate::aggregate::{Precision, Summary};
use crate::analysis::Profile;
use crate::chart::{self, Chart, ChartError, Material, Style, Theme};
use crate::engine::RunError;
use crate::export::{RunRecord, write_csv, write_json, write_record};
use crate::lanes::Level;
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
    pub(super) no_charts: bool,
    #[command(flatten)]
    pub(super) look: LookArguments,
    /// Print nothing but errors
    #[arg(long, short)]
    pub(super) quiet: bool,
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
}

/// Writes tables, charts and the record, and prints the answer.
pub(super) fn write(
    finished: &Finished,
    staging: Staging,
    arguments: &OutputArguments,
    cancel: &AtomicBool,
) -> Result<(), CliError> {
    let Finished { scenario, plan, summary, precision } = finished;
    let tables = table::tables(scenario, plan, summary, &Profile::new(plan, summary.paths, Level::detect()));
    let mut files = files_of(&tables, "run.json", scenario);
    let mut record = RunRecord::new(scenario, plan, summary.paths, precision);
    if !arguments.no_charts {
        let style = arguments.look.style();
        let material = Material { record: &record, tables: &tables, style: &style };
        let charts = chart::charts(&material);
        files.extend(write_charts(&staging, charts, &style, cancel)?);
    }
    record.files = files;
    write_tables(&staging, &tables)?;
    write_copies(&staging, scenario)?;
    staging.write("run.json", |writer| write_record(&record, writer))?;
    stop_if(cancel)?;
    let place = staging.publish()?;
    if arguments.quiet {
        return Ok(());
    }
    tell_warnings(scenario);
    let text = answer::run(scenario, &record, &tables, &place.display().to_string());
    super::print(&text)
}

/// The names of the files that every folder has: its tables, its record, and copies of the scenario.
pub(super) fn files_of(tables: &[Table], record: &str, scenario: &Scenario) -> Vec<String> {
    let mut files: Vec<String> = tables.iter().map(|table| format!("{}.csv", table.name)).collect();
    files.push(record.to_owned());
    files.extend(scenario_copies(scenario).map(|copy| copy.0));
    files
}

/// Prints a record and its tables as one JSON document.
pub(super) fn print_json(record: &impl serde::Serialize, tables: &[Table]) -> Result<(), CliError> {
    let mut text = Vec::new();
    write_json(record, tables, &mut text).map_err(CliError::Stdout)?;
    super::print(&String::from_utf8_lossy(&text))
}

/// The files that a scenario was read from: itself, and those that it extends.
pub(super) fn scenario_copies(scenario: &Scenario) -> impl Iterator<Item = (String, &str)> {
    let files = scenario.files[..=scenario.main].iter().enumerate().rev();
    files.map(|(i, file)| {
        let own = i == scenario.main;
        let name = if own { "scenario.toml".to_owned() } else { format!("scenario-{}.toml", scenario.file_stem(i)) };
        (name, file.text.as_str())
    })
}

pub(super) fn write_copies(staging: &Staging, scenario: &Scenario) -> Result<(), CliError> {
    for (name, text) in scenario_copies(scenario) {
        staging.write(&name, |writer| std::io::Write::write_all(writer, text.as_bytes()))?;
    }
    Ok(())
}

pub(super) fn write_tables(staging: &Staging, tables: &[Table]) -> Result<(), CliError> {
    for table in tables {
        let name = format!("{}.csv", table.name);
        staging.write(&name, |writer| write_csv(table, writer).map_err(std::io::Error::other))?;
    }
    Ok(())
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
            let name = format!("charts/{}.{extension}", chart.name);
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

/// Tells what has become of correlations now that an input is a plain number.
pub(super) fn tell_dropped(scenario: &Scenario, warnings: &[crate::scenario::Problem]) {
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    let known =
        |warning: &crate::scenario::Problem| scenario.warnings.iter().any(|other| other.message == warning.message);
    let mut messages: Vec<&str> = warnings.iter().filter(|w| !known(w)).map(|w| w.message.as_str()).collect();
    messages.dedup();
    for message in messages {
        super::tell(&format!("{style}warning{style:#}: {message}\n"));
    }
}

/// The name of an input as part of a folder's name.
pub(super) fn plain(input: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    input.chars().filter(|c| !matches!(c, '"' | '\'')).map(plain).collect()
}
