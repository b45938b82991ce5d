//! The numbers of every analysis as the last version computed them. A change is value-breaking: it belongs in the changelog, and
//! `INSTA_UPDATE=always cargo test --test suite values` keeps the new numbers.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::support::Workplace;

/// Tables of so many lines are kept whole; of longer ones the first few, and the digest of all.
const WHOLE: usize = 40;
const FIRST: usize = 8;

fn workplace() -> Workplace {
    let work = Workplace::new();
    work.file("rich.toml", include_bytes!("../values/rich.toml"));
    work.file("small.toml", include_bytes!("../values/small.toml"));
    work.file("actuals.csv", include_bytes!("../values/actuals.csv"));
    work
}

fn run(work: &Workplace, arguments: &str) {
    let mut arguments: Vec<_> = arguments.split(' ').collect();
    arguments.extend(["--quiet", "--no-charts"]);
    let (status, _, stderr) = work.run(&arguments);
    assert_eq!(status, 0, "{stderr}");
}

/// The tables of a folder of results, but for the list of inputs, which nothing computes.
fn tables(work: &Workplace, dir: &str) -> String {
    let mut text = String::new();
    for (file, bytes) in work.files(dir) {
        if file.extension().is_none_or(|extension| extension != "csv")
            || file.starts_with("scenario")
            || file.ends_with("inputs.csv")
        {
            continue;
        }
        let table = String::from_utf8(bytes).unwrap();
        let lines = table.lines().count();
        let digest = Sha256::digest(&table);
        let first = u64::from_be_bytes(digest[..8].try_into().unwrap());
        writeln!(text, "{}: {lines} lines, digest {first:016x}", file.display()).unwrap();
        let kept = if lines <= WHOLE { lines } else { FIRST };
        for line in table.lines().take(kept) {
            writeln!(text, "{line}").unwrap();
        }
        text.push('\n');
    }
    assert!(!text.is_empty(), "no tables in {dir}");
    text
}

/// Runs a command and holds its tables against those that are kept.
#[track_caller]
fn keeps(name: &str, command: &str, dir: &str) {
    let work = workplace();
    run(&work, command);
    insta::assert_snapshot!(name, tables(&work, &format!("output/{dir}")));
}

#[test]
fn a_run_keeps_its_numbers() {
    keeps("values_run", "run rich.toml --paths 1024 --seed 7", "rich");
}

#[test]
fn the_other_samplers_keep_their_numbers() {
    keeps("values_random", "run small.toml --paths 1000 --sampler random", "small");
    keeps("values_latin", "run small.toml --paths 1000 --sampler latin-hypercube", "small");
}

#[test]
fn a_sweep_keeps_its_numbers() {
    keeps("values_sweep", "sweep small.toml --vary price.monthly=5:11:2 --paths 1024", "small/sweep-price.monthly");
}

#[test]
fn solutions_keep_their_numbers() {
    keeps(
        "values_solve",
        "solve small.toml --for price.monthly --until npv=0 --paths 1024",
        "small/solve-price.monthly",
    );
    keeps(
        "values_each_path",
        "solve small.toml --for price.monthly --each-path --paths 1024",
        "small/solve-price.monthly",
    );
}

#[test]
fn a_comparison_keeps_its_numbers() {
    keeps("values_compare", "compare small.toml rich.toml --paths 1024", "compare-small-rich");
}

#[test]
fn drivers_keep_their_numbers() {
    let command = "drivers small.toml --of npv --of payback --paths 1024 --max-paths 5000";
    keeps("values_drivers", command, "small");
}

#[test]
fn discovery_keeps_its_numbers() {
    keeps("values_discover", "discover rich.toml --of target_reached --paths 4096", "rich/discover-target_reached");
}

#[test]
fn values_of_information_keep_their_numbers() {
    let command = "voi small.toml --choose price.monthly=6:12:3 --or-nothing --study market.refusal_rate:n=1000 \
                   --study willingness.median_price:sd=2 --know market.refusal_rate,willingness.median_price --paths 1024";
    keeps("values_voi", command, "small/voi-price.monthly-or-nothing");
}

#[test]
fn conditioning_and_its_scores_keep_their_numbers() {
    let work = workplace();
    run(&work, "condition small.toml --actuals actuals.csv --holdout 1 --paths 2048");
    run(&work, "run small.toml --given output/small/condition-actuals --paths 1024");
    run(&work, "score output/small/condition-actuals --actuals actuals.csv");
    insta::assert_snapshot!("values_condition", tables(&work, "output"));
}

/// What is learned of each input from the actual numbers.
fn learned(work: &Workplace, options: &str) -> String {
    run(work, &format!("condition small.toml --actuals actuals.csv {options} --paths 512"));
    std::fs::read_to_string(work.path().join("output/small/condition-actuals/learned.csv")).unwrap()
}

#[test]
fn narrow_posteriors_keep_their_numbers() {
    // The better the numbers are known, the farther the draws must be moved, and the more steps that takes.
    let work = workplace();
    for error in ["4%", "2%", "1%"] {
        let learned = learned(&work, &format!("--error {error}"));
        insta::assert_snapshot!(format!("values_narrow_{}", error.trim_end_matches('%')), learned);
    }
}

#[test]
fn conditioning_keeps_its_numbers_with_every_sampler() {
    let work = workplace();
    for sampler in ["random", "latin-hypercube"] {
        let learned = learned(&work, &format!("--sampler {sampler}"));
        insta::assert_snapshot!(format!("values_condition_{sampler}"), learned);
    }
}

#[test]
fn conditioning_of_many_inputs_keeps_its_numbers() {
    keeps("values_condition_rich", "condition rich.toml --actuals actuals.csv --paths 2048", "rich/condition-actuals");
}

#[test]
fn a_supposition_keeps_its_numbers() {
    keeps(
        "values_given",
        "run small.toml --given market.refusal_rate=0.6 --paths 1024",
        "small@given-market.refusal_rate=0.6",
    );
}
