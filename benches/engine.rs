//! How long the stages of a run take, by instruction set; and the plain scalar version, which is the figure to beat.
//!
//! `cargo bench` runs all; `cargo bench -- paths` some. Times are of one thread and of [`PATHS`] paths; the throughput is in
//! paths a second: a thousand divided by its Mitem/s is nanoseconds a path. Compare within one run only: the machine's speed drifts.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot start has nothing else to say")]

use std::process::Command;

use breakeven::analysis::Sweep;
use breakeven::engine::{self, Options};
use breakeven::internals::{Recorded, draw, prepare_points, simulate_by_scalars, simulate_paths};
use breakeven::lanes::Level;
use breakeven::plan::Plan;
use breakeven::sampler::{Sampler, Sampling};
use breakeven::scenario;
use divan::Bencher;
use divan::counter::ItemsCount;

const PATHS: u64 = 1 << 14;

/// A name, and what is set in the baseline for it.
type Case = (&'static str, &'static [&'static str]);

/// The baseline has noise and beta-geometric retention; these take something away or add to it.
const CASES: [Case; 5] = [
    ("plain", &["shocks.annual_volatility=0", "retention.churn_spread=0"]),
    ("with noise", &["retention.churn_spread=0"]),
    ("with beta-geometric retention", &["shocks.annual_volatility=0"]),
    ("baseline", &[]),
    (
        "two segments",
        &[
            "segments.a.share=0.4",
            "segments.b.share=0.6",
            "segments.b.price.monthly={ uniform = { min = 5, max = 10 } }",
        ],
    ),
];

/// Ranges of a sweep.
const POINTS: [&str; 3] =
    ["price.monthly=5:15/1000", "price.free_months=0:24:1", "shocks.annual_volatility=0.05:0.1/100"];

fn plan(case: &str, sampler: Sampler) -> Plan {
    let sets = CASES.iter().find(|(name, _)| *name == case).unwrap().1;
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    Plan::new(&scenario::load_with("baseline", &sets).unwrap(), sampler, 1).unwrap()
}

fn main() {
    divan::main();
}

/// Draws and months, nothing kept.
#[divan::bench(sample_count = 15, sample_size = 1, args = CASES.map(|case| case.0), consts = [0, 1, 2])]
fn paths<const LEVEL: usize>(bencher: Bencher<'_, '_>, case: &str) {
    let Some(level) = level(LEVEL) else { return };
    let plan = plan(case, Sampler::Sobol);
    bencher.counter(ItemsCount::new(PATHS)).bench(|| simulate_paths(&plan, level, PATHS));
}

/// The same by the plain scalar version.
#[divan::bench(sample_count = 15, sample_size = 1, args = CASES.map(|case| case.0))]
fn paths_by_scalars(bencher: Bencher<'_, '_>, case: &str) {
    let plan = plan(case, Sampler::Sobol);
    bencher.counter(ItemsCount::new(PATHS)).bench(|| simulate_by_scalars(&plan, Level::detect(), PATHS));
}

/// Inputs and shocks of the baseline, by sampler.
#[divan::bench(sample_count = 15, sample_size = 1, args = Sampler::ALL.map(Sampler::name))]
fn draws(bencher: Bencher<'_, '_>, sampler: &str) {
    let plan = plan("baseline", Sampler::by_name(sampler).unwrap());
    bencher.counter(ItemsCount::new(PATHS)).bench(|| draw(&plan, Level::detect(), PATHS));
}

/// Months and outcomes that are already there, as in a run of more than a million paths.
#[divan::bench(sample_count = 15, sample_size = 1)]
fn aggregation(bencher: Bencher<'_, '_>) {
    let recorded = Recorded::new(60, 1 << 21);
    bencher.counter(ItemsCount::new(PATHS)).bench(|| recorded.count(Level::detect(), PATHS / 16));
}

/// What a point of a sweep costs before it is simulated: an input that is a number in the draws, a whole number of
/// months, and the shocks' volatility.
#[divan::bench(sample_count = 15, sample_size = 1, args = POINTS)]
fn points(bencher: Bencher<'_, '_>, axis: &str) {
    let baseline = scenario::load("baseline").unwrap();
    let sweep = Sweep::new(&baseline, vec![axis.parse().unwrap()], Sampling::of_paths(16)).unwrap();
    bencher.counter(ItemsCount::new(sweep.points())).bench(|| prepare_points(&sweep).unwrap());
}

/// A run with all that belongs to it, by threads.
#[divan::bench(sample_count = 15, sample_size = 1, args = [1, 2])]
fn run(bencher: Bencher<'_, '_>, threads: usize) {
    let plan = plan("baseline", Sampler::Sobol);
    let options = Options { threads: Some(threads), ..Options::default() };
    let paths = 8 * PATHS;
    bencher.counter(ItemsCount::new(paths)).bench(|| engine::run(&plan, paths, &options).unwrap());
}

/// The program as it is called, with its default number of paths.
#[divan::bench(sample_count = 15, sample_size = 1, args = ["tables only", "with charts"])]
fn command(bencher: Bencher<'_, '_>, what: &str) {
    let out = tempfile::tempdir().unwrap();
    bencher.counter(ItemsCount::new(131_072_u64)).bench(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_breakeven"));
        command.args(["run", "baseline", "--quiet", "--out"]).arg(out.path());
        if what == "tables only" {
            command.arg("--no-charts");
        }
        assert!(command.status().unwrap().success());
    });
}

/// SSE2, AVX2, AVX-512; none where the processor lacks it.
fn level(i: usize) -> Option<Level> {
    let level = [Level::Baseline, Level::Avx2, Level::Avx512][i];
    Level::available().contains(&level).then_some(level)
}
