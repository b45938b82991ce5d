//! The golden cases: a scenario each, with its months and outcomes from an independent implementation of the model in
//! another language. Every cell must agree to 1e-9 relative, months exactly.

use breakeven::aggregate::Summary;
use breakeven::engine::{self, Options};
use breakeven::lanes::Level;
use breakeven::plan::Plan;
use breakeven::sampler::Sampler;
use breakeven::scenario;

fn simulate(case: &str, level: Level) -> Summary {
    let scenario = scenario::load(&format!("tests/golden/{case}.toml")).unwrap();
    let plan = Plan::new(&scenario, Sampler::default(), 1).unwrap();
    let options = Options { threads: Some(1), level, ..Options::default() };
    engine::run(&plan, 1, &options).unwrap()
}

fn close(found: f64, expected: f64) -> bool {
    found == expected || (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
}

fn agrees(case: &str) {
    for level in Level::available() {
        let summary = simulate(case, level);
        outcomes_agree(case, &summary);
        months_agree(case, &summary);
    }
}

fn outcomes_agree(case: &str, summary: &Summary) {
    let mut reader = csv::Reader::from_path(format!("tests/golden/{case}/outcomes.csv")).unwrap();
    let mut rows = 0;
    for row in reader.records().map(Result::unwrap) {
        let outcome = summary.outcome(&row[0]).unwrap_or_else(|| panic!("no outcome {}", &row[0]));
        let found = outcome.mean.map(|mean| mean.value);
        if row[1].is_empty() {
            assert_eq!(found, None, "{case}: {} is never reached", &row[0]);
            assert_eq!(outcome.reached.probability, 0.0);
        } else {
            let expected: f64 = row[1].parse().unwrap();
            let found = found.unwrap_or_else(|| panic!("{case}: {} is missing, not {expected}", &row[0]));
            assert!(close(found, expected), "{case}: {} is {found}, not {expected}", &row[0]);
        }
        rows += 1;
    }
    assert_eq!(rows, 16);
}

fn months_agree(case: &str, summary: &Summary) {
    let mut reader = csv::Reader::from_path(format!("tests/golden/{case}/monthly.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut rows = 0;
    for row in reader.records().map(Result::unwrap) {
        let month: usize = row[0].parse().unwrap();
        for (series, cell) in header.iter().zip(&row).skip(1) {
            let expected: f64 = cell.parse().unwrap();
            let found =
                summary.monthly.iter().find(|m| m.month == month && m.series == series && m.segment.is_none()).unwrap();
            assert!(
                close(found.mean.value, expected),
                "{case}: {series} of month {month} is {}, not {expected}",
                found.mean.value
            );
            assert_eq!(found.quantiles, [found.mean.value; 5], "one path has one quantile");
            assert_eq!(found.mean.se, None, "one path has no error");
        }
        rows += 1;
    }
    assert_eq!(rows, summary.months + 1);
}

#[test]
fn plain() {
    agrees("plain");
}

#[test]
fn rich() {
    agrees("rich");
}

#[test]
fn edges() {
    agrees("edges");
}

#[test]
fn segments() {
    agrees("segments");
}

#[test]
fn corners() {
    agrees("corners");
}

#[test]
fn every_check_of_verify_passes() {
    let all = breakeven::verify::checks();
    let off: Vec<_> = all.iter().filter(|check| !check.passed).collect();
    assert!(off.is_empty(), "{off:#?}");
    // What is published or can be redone by hand, beside samples and golden cases.
    let known = all
        .iter()
        .filter(|check| check.source == "closed form" || check.address.is_some_and(|at| !at.contains("crates.io")));
    assert!(all.len() >= 100 && known.count() >= 80, "{}", all.len());
    assert!(all.iter().all(|check| !check.group.is_empty() && !check.source.is_empty()));
}

#[test]
fn verify_says_where_its_answers_are_from() {
    let work = crate::support::Workplace::new();
    let (status, stdout, _) = work.run(&["verify", "--json"]);
    assert_eq!(status, 0);
    let rows: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let row = rows.as_array().unwrap().iter().find(|row| row["name"] == "NumAcc4: mean").unwrap();
    assert_eq!((row["group"].as_str(), row["passed"].as_bool()), (Some("statistics"), Some(true)));
    assert!(row["address"].as_str().unwrap().starts_with("https://www.itl.nist.gov/"), "{row}");
}
