//! The golden cases: every month and outcome from an independent implementation of the model in another language.

use super::Check;
use super::closed::summary_of;
use crate::aggregate::Summary;

/// A scenario with its known months and outcomes.
struct Case {
    name: &'static str,
    scenario: &'static str,
    monthly: &'static str,
    outcomes: &'static str,
}

macro_rules! case {
    ($name:literal) => {
        Case {
            name: $name,
            scenario: include_str!(concat!("../../tests/golden/", $name, ".toml")),
            monthly: include_str!(concat!("../../tests/golden/", $name, "/monthly.csv")),
            outcomes: include_str!(concat!("../../tests/golden/", $name, "/outcomes.csv")),
        }
    };
}

const CASES: [Case; 5] = [case!("plain"), case!("rich"), case!("edges"), case!("segments"), case!("corners")];
/// Relative to the known value, or absolute where that is below 1.
const ALLOWED: f64 = 1e-9;

pub(super) fn checks() -> Vec<Check> {
    CASES.iter().flat_map(check).collect()
}

fn check(case: &Case) -> Vec<Check> {
    let title = |what: &str, n: usize| format!("golden case {}: {n} {what}, largest error", case.name);
    let summary = match summary_of(case.scenario, 1) {
        Ok(summary) => summary,
        Err(why) => return vec![Check::failed(format!("golden case {}", case.name), &why)],
    };
    let mut out = Vec::new();
    for (what, cells) in [("outcomes", outcomes(case, &summary)), ("months and series", months(case, &summary))] {
        let worst = cells.iter().copied().fold(0.0, super::worse);
        out.push(Check::distance(title(what, cells.len()), worst, ALLOWED));
    }
    out
}

/// How far a number is off; infinitely if one of the two is missing.
fn error(expected: Option<f64>, found: Option<f64>) -> f64 {
    match (expected, found) {
        (None, None) => 0.0,
        (Some(expected), Some(found)) if expected == found => 0.0,
        (Some(expected), Some(found)) => (found - expected).abs() / expected.abs().max(1.0),
        _ => f64::INFINITY,
    }
}

fn rows(csv: &str) -> Vec<Vec<&str>> {
    csv.lines().map(|line| line.split(',').collect()).collect()
}

fn outcomes(case: &Case, summary: &Summary) -> Vec<f64> {
    let check = |row: &Vec<&str>| {
        let found = summary.outcome(row[0]).and_then(|outcome| Some(outcome.mean?.value));
        error(row[1].parse().ok(), found)
    };
    rows(case.outcomes)[1..].iter().map(check).collect()
}

fn months(case: &Case, summary: &Summary) -> Vec<f64> {
    let rows = rows(case.monthly);
    let mut out = Vec::new();
    for row in &rows[1..] {
        for (series, cell) in rows[0].iter().zip(row).skip(1) {
            let month = row[0].parse().unwrap_or(usize::MAX);
            let found = summary.monthly.iter().find(|m| m.month == month && m.series == *series && m.segment.is_none());
            out.push(error(cell.parse().ok(), found.map(|m| m.mean.value)));
        }
    }
    out
}
