//! `breakeven chart`: draws the charts of results again, from their files alone.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::de::DeserializeOwned;

use super::CliError;
use super::results::LookArguments;
use crate::chart::{self, Chart, ChartError, Material, Style};
use crate::export::{CompareRecord, RunRecord, SolveRecord, SweepRecord, read_csv};
use crate::output;
use crate::table::Table;
use crate::words;

/// Arguments of `chart`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven chart output/baseline --theme dark
  breakeven chart output/baseline --width 3840 --to slides
  breakeven chart output/baseline/sweep-price.monthly --only npv --theme print
  breakeven chart output/*/sweep-price.monthly --together --to output/side-by-side

Draws from the CSV files and the record (run.json, sweep.json, solve.json, compare.json) of a
folder that `run`, `sweep`, `solve` or `compare` wrote, without simulating anything.")]
pub(super) struct ChartArguments {
    /// Folders of results
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Draw only charts of these names, such as npv or paying-subscribers
    #[arg(long, value_name = "CHART", value_delimiter = ',')]
    only: Vec<String>,
    /// Where to put them [default: charts/ in each folder, over those that are there]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Draw sweeps of the same input side by side, in the order of their folders
    #[arg(long, requires = "to")]
    together: bool,
    #[command(flatten)]
    look: LookArguments,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// What has been drawn, and what could not be.
#[derive(Default)]
struct Tally {
    /// Every chart that there is, drawn or not wanted.
    names: Vec<String>,
    drawn: usize,
    failed: usize,
}

/// Draws the charts of every folder; what cannot be drawn is told, and the rest is drawn.
pub(super) fn chart(arguments: &ChartArguments) -> Result<(), CliError> {
    let style = arguments.look.style();
    let mut tally = Tally::default();
    if let (true, Some(to)) = (arguments.together, &arguments.to) {
        let charts = charts_together(&arguments.folders, &style)?;
        write(arguments, &style, "side by side", to, charts, &mut tally)?;
    } else {
        for folder in &arguments.folders {
            let place = arguments.to.clone().unwrap_or_else(|| folder.join("charts"));
            let charts = charts_of(folder, &style)?;
            write(arguments, &style, &folder.display().to_string(), &place, charts, &mut tally)?;
        }
    }
    let Tally { mut names, drawn, failed } = tally;
    if let Some(unknown) = arguments.only.iter().find(|name| !names.contains(name)).filter(|_| failed == 0) {
        names.dedup();
        return Err(CliError::Usage(format!("there is no chart `{unknown}`: there are {}", names.join(", "))));
    }
    if failed > 0 {
        let drawn = match drawn {
            0 => "nothing is drawn".to_owned(),
            1 => "1 is drawn".to_owned(),
            many => format!("{many} are drawn"),
        };
        return Err(CliError::Failed(format!(
            "{} could not be drawn, {drawn}: charts are drawn from CSV files; run the command that made the folder again",
            words::counted(failed, "chart")
        )));
    }
    Ok(())
}

/// Writes the charts that are wanted.
fn write(
    arguments: &ChartArguments,
    style: &Style,
    from: &str,
    place: &Path,
    charts: Vec<Result<Chart, ChartError>>,
    tally: &mut Tally,
) -> Result<(), CliError> {
    let mut here = 0;
    for chart in charts {
        let chart = match chart {
            Ok(chart) => chart,
            Err(error) => {
                tally.failed += 1;
                super::tell(&format!("{from}: {error}\n"));
                continue;
            }
        };
        tally.names.push(chart.name.clone());
        if !arguments.only.is_empty() && !arguments.only.contains(&chart.name) {
            continue;
        }
        let png = chart::png(&chart.svg, style)?;
        for (extension, bytes) in [("png", png.as_slice()), ("svg", chart.svg.as_bytes())] {
            let name = format!("{}.{extension}", chart.name);
            output::write_file(place, &name, |writer| std::io::Write::write_all(writer, bytes))?;
        }
        here += 1;
    }
    tally.drawn += here;
    if here == 0 || arguments.quiet {
        return Ok(());
    }
    super::print(&format!("{}: {}\n", place.display(), words::counted(here, "chart")))
}

/// Sweeps of the same input side by side.
fn charts_together(folders: &[PathBuf], style: &Style) -> Result<Vec<Result<Chart, ChartError>>, CliError> {
    let mut found: Vec<(SweepRecord, Vec<Table>)> = Vec::new();
    for folder in folders {
        let Some(record) = read::<SweepRecord>(folder, "sweep.json")? else {
            let here = folder.display();
            return Err(CliError::Usage(format!("`{here}` has no sweep.json: --together takes folders of sweeps")));
        };
        let alike = |first: &SweepRecord| first.vary.len() == 1 && values(first) == values(&record);
        if !found.first().map_or(record.vary.len() == 1, |(first, _)| alike(first)) {
            let here = folder.display();
            return Err(CliError::Usage(format!(
                "`{here}` is no sweep of one input over the same values as the first"
            )));
        }
        found.push((record, tables(folder)?));
    }
    let materials: Vec<_> = found.iter().map(|(record, tables)| Material { record, tables, style }).collect();
    Ok(chart::multiples(&materials).collect())
}

/// What a sweep varied, and over which values.
fn values(record: &SweepRecord) -> Vec<(&str, &[f64])> {
    record.vary.iter().map(|vary| (vary.input.as_str(), vary.values.as_slice())).collect()
}

/// A folder's charts, drawn from its files.
fn charts_of(folder: &Path, style: &Style) -> Result<Vec<Result<Chart, ChartError>>, CliError> {
    if let Some(record) = read::<RunRecord>(folder, "run.json")? {
        let tables = tables(folder)?;
        return Ok(chart::charts(&Material { record: &record, tables: &tables, style }).collect());
    }
    if let Some(record) = read::<SweepRecord>(folder, "sweep.json")? {
        let tables = tables(folder)?;
        return Ok(chart::sweep_charts(&Material { record: &record, tables: &tables, style }).collect());
    }
    if let Some(record) = read::<SolveRecord>(folder, "solve.json")? {
        let tables = tables(folder)?;
        return Ok(chart::solve_charts(&Material { record: &record, tables: &tables, style }).collect());
    }
    if let Some(record) = read::<CompareRecord>(folder, "compare.json")? {
        let tables = tables(folder)?;
        return Ok(chart::compare_charts(&Material { record: &record, tables: &tables, style }).collect());
    }
    let here = folder.display();
    Err(CliError::Usage(if folder.is_dir() {
        format!(
            "`{here}` has no record of results: none of run.json, sweep.json, solve.json, compare.json is there \
             (charts side by side are drawn from the folders of their sweeps, with --together)"
        )
    } else {
        format!("there is no folder `{here}`: give one that `breakeven run` wrote, such as output/baseline")
    }))
}

/// A record, where the folder has it.
fn read<R: DeserializeOwned>(folder: &Path, name: &str) -> Result<Option<R>, CliError> {
    let file = folder.join(name);
    let Ok(opened) = File::open(&file) else { return Ok(None) };
    let wrong = |error: serde_json::Error| CliError::Usage(format!("cannot read `{}`: {error}", file.display()));
    serde_json::from_reader(BufReader::new(opened)).map(Some).map_err(wrong)
}

/// Every table of a folder.
fn tables(folder: &Path) -> Result<Vec<Table>, CliError> {
    let wrong = |file: &Path, error: &dyn std::fmt::Display| {
        CliError::Usage(format!("cannot read `{}`: {error}", file.display()))
    };
    let entries = std::fs::read_dir(folder).map_err(|error| wrong(folder, &error))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "csv"));
    files.sort();
    let table = |file: &PathBuf| {
        let opened = File::open(file).map_err(|error| wrong(file, &error))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        read_csv(&name, BufReader::new(opened)).map_err(|error| wrong(file, &error))
    };
    files.iter().map(table).collect()
}
