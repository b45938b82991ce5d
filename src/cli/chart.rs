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

/// Arguments of `chart`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven chart output/baseline --theme dark
  breakeven chart output/baseline --width 3840 --to slides
  breakeven chart output/baseline/sweep-price.monthly --only npv --theme print

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
    #[command(flatten)]
    look: LookArguments,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Draws the charts of every folder; what cannot be drawn is told, and the rest is drawn.
pub(super) fn chart(arguments: &ChartArguments) -> Result<(), CliError> {
    let style = arguments.look.style();
    let mut names: Vec<String> = Vec::new();
    let (mut drawn, mut failed) = (0, 0);
    for folder in &arguments.folders {
        let place = arguments.to.clone().unwrap_or_else(|| folder.join("charts"));
        let mut here = 0;
        for chart in charts_of(folder, &style)? {
            let chart = match chart {
                Ok(chart) => chart,
                Err(error) => {
                    failed += 1;
                    super::tell(&format!("{}: {error}\n", folder.display()));
                    continue;
                }
            };
            names.push(chart.name.clone());
            if !arguments.only.is_empty() && !arguments.only.contains(&chart.name) {
                continue;
            }
            let png = chart::png(&chart.svg, &style)?;
            for (extension, bytes) in [("png", png.as_slice()), ("svg", chart.svg.as_bytes())] {
                let name = format!("{}.{extension}", chart.name);
                output::write_file(&place, &name, |writer| std::io::Write::write_all(writer, bytes))?;
            }
            here += 1;
        }
        if here > 0 && !arguments.quiet {
            super::print(&format!("{}: {}\n", place.display(), crate::words::counted(here, "chart")))?;
        }
        drawn += here;
    }
    if let Some(unknown) = arguments.only.iter().find(|name| !names.contains(name)).filter(|_| failed == 0) {
        names.dedup();
        return Err(CliError::Usage(format!("there is no chart `{unknown}`: there are {}", names.join(", "))));
    }
    if failed > 0 {
        let drawn = if drawn == 0 {
            "nothing is drawn".to_owned()
        } else {
            format!("{} drawn", if drawn == 1 { "1 is".to_owned() } else { format!("{drawn} are") })
        };
        return Err(CliError::Failed(format!(
            "{} could not be drawn, {drawn}: charts are drawn from CSV files; run the command that made the folder again",
            crate::words::counted(failed, "chart")
        )));
    }
    Ok(())
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
        format!("`{here}` has no record of results: none of run.json, sweep.json, solve.json, compare.json is there")
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
