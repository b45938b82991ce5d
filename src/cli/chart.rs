//! `breakeven chart`: draws the charts of results again, from their files alone.

use std::path::{Path, PathBuf};

use clap::Args;

use super::results::{DrawnChart, LookArguments, draw_all};
use super::{CliError, Runs};
use crate::chart::{self, Sketch, Style};
use crate::engine::Options;
use crate::export::read_results;
use crate::output;
use crate::results::{Kind, Results};
use crate::words;

/// Arguments of `chart`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven chart output/baseline --theme dark
  breakeven chart output/baseline --width 3840 --to slides
  breakeven chart output/baseline/sweep-price.monthly --only npv --theme print
  breakeven chart output/*/sweep-price.monthly --together --to output/side-by-side

Draws from the CSV files and the record (run.json, sweep.json, solve.json, compare.json, …) of a
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

impl Runs for ChartArguments {
    /// Draws the charts of every folder; what cannot be drawn is told, and the rest is drawn.
    fn run(&self) -> Result<(), CliError> {
        let style = self.look.style();
        let mut tally = Tally::default();
        if let (true, Some(to)) = (self.together, &self.to) {
            let sweeps = sweeps_together(&self.folders)?;
            write(
                self,
                &style,
                "side by side",
                to,
                chart::multiples(&sweeps.iter().collect::<Vec<_>>(), &style),
                &mut tally,
            )?;
        } else {
            for folder in &self.folders {
                let place = self.to.clone().unwrap_or_else(|| folder.join("charts"));
                if self.to.is_none() && place.is_symlink() {
                    let shown = words::shown_line(&place.display().to_string());
                    return Err(CliError::Usage(format!("{shown} is a symbolic link: say where to draw with --to")));
                }
                let mut results = results_in(folder)?;
                let charts = chart::charts(&results, &style);
                let written = write(self, &style, &folder.display().to_string(), &place, charts, &mut tally)?;
                if self.to.is_none() {
                    own(&mut results, folder, written.into_iter().map(|name| format!("charts/{name}")))?;
                }
            }
        }
        let Tally { mut names, drawn, failed } = tally;
        if let Some(unknown) = self.only.iter().find(|name| !names.contains(name)).filter(|_| failed == 0) {
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
}

/// Writes the charts that are wanted; returns the names of their files.
fn write(
    arguments: &ChartArguments,
    style: &Style,
    from: &str,
    place: &Path,
    charts: Vec<Sketch<'_>>,
    tally: &mut Tally,
) -> Result<Vec<String>, CliError> {
    let (mut here, mut written) = (0, Vec::new());
    tally.names.extend(charts.iter().map(|chart| chart.name().to_owned()));
    let wanted =
        |chart: &Sketch<'_>| arguments.only.is_empty() || arguments.only.iter().any(|name| name == chart.name());
    let wanted = charts.into_iter().filter(wanted).collect();
    for drawn in draw_all(wanted, style, &Options::default())? {
        let DrawnChart { chart, svg, png } = match drawn {
            Ok(drawn) => drawn,
            Err(error) => {
                tally.failed += 1;
                super::tell(&format!("{from}: {error}\n"));
                continue;
            }
        };
        for (extension, bytes) in [("png", png.as_slice()), ("svg", svg.as_bytes())] {
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

/// Sweeps of the same input over the same values.
fn sweeps_together(folders: &[PathBuf]) -> Result<Vec<Results>, CliError> {
    let mut found: Vec<Results> = Vec::new();
    for folder in folders {
        let results = read_results(folder).map_err(|error| CliError::Usage(error.to_string()))?;
        let here = folder.display();
        let Some(results) = results.filter(|results| matches!(results.record.kind, Kind::Sweep(_))) else {
            return Err(CliError::Usage(format!("`{here}` has no sweep.json: --together takes folders of sweeps")));
        };
        let own = values(&results);
        if own.len() != 1 || found.first().is_some_and(|first| values(first) != own) {
            return Err(CliError::Usage(format!(
                "`{here}` is no sweep of one input over the same values as the first"
            )));
        }
        found.push(results);
    }
    Ok(found)
}

/// What a sweep varied, and over which values.
fn values(results: &Results) -> Vec<(&str, &[f64])> {
    let Kind::Sweep(sweep) = &results.record.kind else { return Vec::new() };
    sweep.vary.iter().map(|vary| (vary.input.as_str(), vary.values.as_slice())).collect()
}

/// The results in a folder.
pub(super) fn results_in(folder: &Path) -> Result<Results, CliError> {
    let here = folder.display();
    match read_results(folder) {
        Ok(Some(results)) => Ok(results),
        Err(error) => Err(CliError::Usage(error.to_string())),
        Ok(None) if folder.is_dir() => {
            let records: Vec<String> = Kind::names_of_folders().map(|kind| format!("{kind}.json")).collect();
            Err(CliError::Usage(format!(
                "`{here}` has no record of results: none of {} is there \
                 (charts side by side are drawn from the folders of their sweeps, with --together)",
                records.join(", ")
            )))
        }
        Ok(None) => Err(CliError::Usage(format!(
            "there is no folder `{here}`: give one that `breakeven run` wrote, such as output/baseline"
        ))),
    }
}

/// Adds files to the folder's record, so that a later run knows them for its own.
fn own(results: &mut Results, folder: &Path, names: impl Iterator<Item = String>) -> Result<(), CliError> {
    let record = &mut results.record;
    let names: Vec<String> = names.collect();
    let before = record.clone();
    for name in &names {
        let path = folder.join(name);
        let failed = |error| CliError::Failed(format!("cannot read `{}`: {error}", path.display()));
        record.sha256.insert(name.clone(), output::sha256_of(&path).map_err(failed)?);
        if !record.files.contains(name) {
            record.files.push(name.clone());
        }
    }
    if *record == before {
        return Ok(());
    }
    Ok(output::write_file(&folder.join(record.file()), |writer| record.write(writer))?)
}
