//! `breakeven run`: simulates scenarios, writes their folders, says what came out.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::{CliError, answer, problems, progress};
use crate::chart::{self, Material};
use crate::engine::{self, MOST_PATHS, Options, RunError};
use crate::export::{RunRecord, write_csv};
use crate::lanes::Level;
use crate::output::Staging;
use crate::plan::Plan;
use crate::sampler::Sampler;
use crate::scenario::{self, Scenario};
use crate::table::{self, Table};

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  breakeven run baseline
  breakeven run baseline my-case.toml --paths 1e6 --seed 7
  breakeven run baseline --set market.refusal_rate=0.5
  breakeven run baseline --set price.monthly='{ uniform = { min = 5, max = 8 } }'
  breakeven run baseline --no-charts --quiet --out /tmp/results

Each scenario gets a folder in --out with its tables as CSV (summary, probabilities,
monthly, timing, quantiles, histogram, inputs), run.json, a copy of the scenario, and
charts/ as PNG and SVG. The same scenario, seed and number of paths give the same bytes
on every machine, for any number of threads.")]
pub(super) struct RunArguments {
    /// Scenarios: names (see `breakeven scenarios`) or paths of .toml files
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Overrides an input for this run: KEY=VALUE, a TOML value; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// How many futures to simulate; Sobol points are evenest at powers of two
    #[arg(long, value_name = "N", default_value = "131072", value_parser = parse_paths)]
    paths: u64,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", default_value = "1", value_parser = parse_seed)]
    seed: u64,
    /// How the futures are spread: sobol, latin-hypercube or random
    #[arg(long, value_name = "NAME", default_value = Sampler::default().name(), value_parser = parse_sampler)]
    sampler: Sampler,
    /// Folder for the results
    #[arg(long, value_name = "DIR", default_value = "output")]
    out: PathBuf,
    /// Threads [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Write tables only
    #[arg(long)]
    no_charts: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// A count of paths as people write it: 100000, `100_000`, 1e6.
fn parse_paths(text: &str) -> Result<u64, String> {
    let number: f64 =
        text.replace('_', "").parse().map_err(|_| "expected a number such as 100000 or 1e6".to_owned())?;
    if number.fract() != 0.0 || !(1.0..=MOST_PATHS as f64).contains(&number) {
        return Err(format!("expected a whole number from 1 to {MOST_PATHS}"));
    }
    Ok(number as u64)
}

/// A seed: any whole number, also as people write large ones.
fn parse_seed(text: &str) -> Result<u64, String> {
    let plain = text.replace('_', "");
    let number: Option<f64> = plain.parse().ok().filter(|x: &f64| x.fract() == 0.0 && (0.0..9e15).contains(x));
    let seed = plain.parse().ok().or(number.map(|x| x as u64));
    seed.ok_or_else(|| "expected a whole number from 0 on".to_owned())
}

fn parse_sampler(name: &str) -> Result<Sampler, String> {
    let known = Sampler::ALL.map(Sampler::name).join(", ");
    Sampler::by_name(name).ok_or_else(|| format!("expected one of {known}"))
}

/// A scenario that has passed every check and whose folder can be written.
struct Prepared {
    scenario: Scenario,
    plan: Plan,
    staging: Staging,
}

/// Runs every scenario; nothing is simulated before all of them check.
pub(super) fn run(arguments: &RunArguments) -> Result<(), CliError> {
    let level = level()?;
    let cancel = progress::watch_for_interrupts();
    for prepared in prepare(arguments)? {
        run_one(prepared, arguments, level, cancel)?;
    }
    Ok(())
}

/// The instruction set, which `BREAKEVEN_SIMD` may force for tests and comparisons.
fn level() -> Result<Level, CliError> {
    let Ok(name) = std::env::var("BREAKEVEN_SIMD") else { return Ok(Level::detect()) };
    Level::by_name(&name).ok_or_else(|| {
        let known: Vec<_> = Level::available().into_iter().map(Level::name).collect();
        CliError::Usage(format!("BREAKEVEN_SIMD is `{name}`: this processor has {}", known.join(", ")))
    })
}

fn prepare(arguments: &RunArguments) -> Result<Vec<Prepared>, CliError> {
    let mut scenarios: Vec<(Scenario, Plan)> = Vec::new();
    for name in &arguments.scenarios {
        let scenario = scenario::load_with(name, &arguments.set)?;
        if scenarios.iter().any(|(other, _)| other.name == scenario.name) {
            let message = format!("two scenarios are called `{}`: both would write the same folder", scenario.name);
            return Err(CliError::Usage(message));
        }
        let plan = Plan::new(&scenario, arguments.sampler, arguments.seed)?;
        scenarios.push((scenario, plan));
    }
    let prepared = scenarios.into_iter().map(|(scenario, plan)| {
        let staging = Staging::new(&arguments.out, &scenario.name)?;
        Ok(Prepared { scenario, plan, staging })
    });
    prepared.collect()
}

fn run_one(prepared: Prepared, arguments: &RunArguments, level: Level, cancel: &AtomicBool) -> Result<(), CliError> {
    let Prepared { scenario, plan, staging } = prepared;
    let summary = progress::shown(&scenario.name, arguments.paths, arguments.quiet, |done| {
        let options = Options {
            paths: arguments.paths,
            threads: arguments.threads.map(usize::from),
            level,
            cancel,
            progress: done,
        };
        engine::run(&plan, &options)
    })?;
    let tables = table::tables(&scenario, &plan, &summary);
    let mut files: Vec<String> = tables.iter().map(|table| format!("{}.csv", table.name)).collect();
    files.push("run.json".to_owned());
    files.extend(scenario_copies(&scenario).map(|copy| copy.0));
    let mut record = RunRecord::new(&scenario, &plan, &summary, Vec::new());
    if !arguments.no_charts {
        files.extend(write_charts(&staging, &record, &tables, cancel)?);
    }
    record.files = files;
    write_tables(&staging, &tables)?;
    for (name, text) in scenario_copies(&scenario) {
        staging.write(&name, |writer| std::io::Write::write_all(writer, text.as_bytes()))?;
    }
    staging.write("run.json", |writer| record.write(writer))?;
    stop_if(cancel)?;
    let place = staging.publish()?;
    if arguments.quiet {
        return Ok(());
    }
    tell_warnings(&scenario);
    let text = answer::text(&scenario, &record, &tables, &place.display().to_string());
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
