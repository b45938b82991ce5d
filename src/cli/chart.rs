//! `breakeven chart`: draws the charts of results again, from their files alone.

use std::path::{Path, PathBuf};

use clap::Args;

use super::CliError;
use super::results::LookArguments;
use crate::bounded;
use crate::chart::{self, Chart, ChartError, Material, Style};
use crate::export::{CompareRecord, Record, RunRecord, SolveRecord, SweepRecord, read_csv, read_record, write_record};
use crate::output;
use crate::table::Table;
use crate::words;

/// Charts are drawn from files of at most so many bytes: the monthly series of a hundred segments have some 50 MB.
const LARGEST_FILE: u64 = 1 << 26;

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

/// Charts drawn from a folder, and how its record learns of new ones.
struct Drawn {
    charts: Vec<Result<Chart, ChartError>>,
    /// Adds files to the folder's record, so that a later run knows them for its own.
    own: Box<dyn FnOnce(Vec<String>) -> Result<(), CliError>>,
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
            let Drawn { charts, own } = charts_of(folder, &style)?;
            let written = write(arguments, &style, &folder.display().to_string(), &place, charts, &mut tally)?;
            if arguments.to.is_none() {
                own(written.into_iter().map(|name| format!("charts/{name}")).collect())?;
            }
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

/// Writes the charts that are wanted; returns the names of their files.
fn write(
    arguments: &ChartArguments,
    style: &Style,
    from: &str,
    place: &Path,
    charts: Vec<Result<Chart, ChartError>>,
    tally: &mut Tally,
) -> Result<Vec<String>, CliError> {
    let (mut here, mut written) = (0, Vec::new());
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
            let name = format!("{}.{extension}", output::file_name(&chart.name));
            output::write_file(&place.join(&name), |writer| std::io::Write::write_all(writer, bytes))?;
            written.push(name);
        }
        here += 1;
    }
    tally.drawn += here;
    if here > 0 && !arguments.quiet {
        super::print(&format!("{}: {}\n", place.display(), words::counted(here, "chart")))?;
    }
    Ok(written)
}

/// Sweeps of the same input side by side.
fn charts_together(folders: &[PathBuf], style: &Style) -> Result<Vec<Result<Chart, ChartError>>, CliError> {
    let mut found: Vec<(SweepRecord, Vec<Table>)> = Vec::new();
    for folder in folders {
        let Some(mut record) = read::<SweepRecord>(folder)? else {
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
        let tables = tables(folder, record.files())?;
        found.push((record, tables));
    }
    let materials: Vec<_> = found.iter().map(|(record, tables)| Material { record, tables, style }).collect();
    Ok(chart::multiples(&materials).collect())
}

/// What a sweep varied, and over which values.
fn values(record: &SweepRecord) -> Vec<(&str, &[f64])> {
    record.vary.iter().map(|vary| (vary.input.as_str(), vary.values.as_slice())).collect()
}

/// A folder's charts, drawn from its files.
fn charts_of(folder: &Path, style: &Style) -> Result<Drawn, CliError> {
    if let Some(drawn) = drawn_from::<RunRecord>(folder, style, |material| chart::charts(material).collect())? {
        return Ok(drawn);
    }
    if let Some(drawn) = drawn_from::<SweepRecord>(folder, style, |material| chart::sweep_charts(material).collect())? {
        return Ok(drawn);
    }
    if let Some(drawn) = drawn_from::<SolveRecord>(folder, style, |material| chart::solve_charts(material).collect())? {
        return Ok(drawn);
    }
    let compared = |material: &Material<'_, CompareRecord>| chart::compare_charts(material).collect();
    if let Some(drawn) = drawn_from::<CompareRecord>(folder, style, compared)? {
        return Ok(drawn);
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

/// The charts of a folder that has a record of this kind.
fn drawn_from<R: Record + 'static>(
    folder: &Path,
    style: &Style,
    draw: impl FnOnce(&Material<'_, R>) -> Vec<Result<Chart, ChartError>>,
) -> Result<Option<Drawn>, CliError> {
    let Some(mut record) = read::<R>(folder)? else { return Ok(None) };
    let tables = tables(folder, record.files())?;
    let charts = draw(&Material { record: &record, tables: &tables, style });
    let file = folder.join(R::FILE);
    let own = move |names: Vec<String>| {
        let new: Vec<String> = names.into_iter().filter(|name| !record.files().contains(name)).collect();
        if new.is_empty() {
            return Ok(());
        }
        record.files().extend(new);
        Ok(output::write_file(&file, |writer| write_record(&record, writer))?)
    };
    Ok(Some(Drawn { charts, own: Box::new(own) }))
}

/// A record, where the folder has it.
fn read<R: Record>(folder: &Path) -> Result<Option<R>, CliError> {
    let file = folder.join(R::FILE);
    let wrong = |error: &dyn std::fmt::Display| CliError::Usage(format!("cannot read `{}`: {error}", file.display()));
    match bounded::read(&file, LARGEST_FILE) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(wrong(&error)),
        Ok(bytes) => read_record(&bytes).map(Some).map_err(|error| wrong(&error)),
    }
}

/// The tables of a folder: the CSV files that its record names.
fn tables(folder: &Path, files: &[String]) -> Result<Vec<Table>, CliError> {
    let mut out = Vec::new();
    for name in files.iter().filter_map(|file| file.strip_suffix(".csv")) {
        if output::file_name(name) != name {
            return Err(CliError::Usage(format!("the record in `{}` names a file `{name}.csv`", folder.display())));
        }
        let file = folder.join(format!("{name}.csv"));
        let wrong =
            |error: &dyn std::fmt::Display| CliError::Usage(format!("cannot read `{}`: {error}", file.display()));
        match bounded::read(&file, LARGEST_FILE) {
            // The charts that need it will say so.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(wrong(&error)),
            Ok(bytes) => out.push(read_csv(name, bytes.as_slice()).map_err(|error| wrong(&error))?),
        }
    }
    Ok(out)
}
