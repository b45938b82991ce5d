//! Arguments of every command that simulates: what is overridden, how many paths, which luck, how many threads.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::CliError;
use crate::engine::{MOST_PATHS, Options};
use crate::lanes::Level;
use crate::sampler::{DEFAULT_PATHS, DEFAULT_SEED, Sampler, Sampling};
use crate::scenario::{self, Scenario};

/// Arguments of every command that simulates.
#[derive(Debug, Args)]
#[command(next_help_heading = "Simulation")]
pub(super) struct SimulationArguments {
    /// Override an input: KEY=VALUE, where the value is a number, 40%, x1.2 (times what the scenario says), or a distribution as
    /// in a file; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Suppose that an input turns out to be VALUE: inputs that are correlated with it move along, where --set would drop the
    /// correlation. Or a folder of `condition`: what was learned there is taken on. May be given several times
    #[arg(long, value_name = "KEY=VALUE|DIR")]
    pub(super) given: Vec<String>,
    /// How many futures to simulate; Sobol points are evenest at powers of two
    #[arg(long, value_name = "N", default_value_t = DEFAULT_PATHS, value_parser = parse_paths)]
    pub(super) paths: u64,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED, value_parser = parse_seed)]
    pub(super) seed: u64,
    /// How the futures are spread
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    pub(super) sampler: Sampler,
    /// Threads [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl SimulationArguments {
    /// A scenario by name or path with what is set and given.
    pub(super) fn load(&self, name: &str, cancel: &AtomicBool) -> Result<Scenario, CliError> {
        let (folders, keys): (Vec<&String>, Vec<&String>) = self.given.iter().partition(|given| !given.contains('='));
        let keys: Vec<String> = keys.into_iter().cloned().collect();
        let scenario = scenario::load_given(name, &self.set, &keys)?;
        match folders.as_slice() {
            [] => Ok(scenario),
            [folder] => super::given::learned(&scenario, Path::new(folder), self, cancel),
            _ => Err(CliError::Usage("--given takes one folder of results".to_owned())),
        }
    }

    /// Which paths are simulated.
    pub(super) fn sampling(&self) -> Sampling {
        Sampling { paths: self.paths, seed: self.seed, sampler: self.sampler }
    }

    /// How they are: the threads, the instruction set, and what stops them.
    pub(super) fn options<'a>(&self, cancel: &'a AtomicBool) -> Result<Options<'a>, CliError> {
        Ok(Options { threads: self.threads.map(usize::from), level: level()?, cancel: Some(cancel), progress: None })
    }
}

impl ValueEnum for Sampler {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// A count of paths as people write it: 100000, `100_000`, 1e6.
pub(super) fn parse_paths(text: &str) -> Result<u64, String> {
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

/// The instruction set, which `BREAKEVEN_SIMD` may force for tests and comparisons.
pub(super) fn level() -> Result<Level, CliError> {
    let Ok(name) = std::env::var("BREAKEVEN_SIMD") else { return Ok(Level::detect()) };
    Level::by_name(&name).ok_or_else(|| {
        let known: Vec<_> = Level::available().into_iter().map(Level::name).collect();
        CliError::Usage(format!("BREAKEVEN_SIMD is `{name}`: this processor has {}", known.join(", ")))
    })
}
