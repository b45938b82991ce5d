//! What a sweep says.

use super::{dollars_with_error, grid_of, half_width, made, wrapped};
use crate::aggregate::Proportion;
use crate::analysis::{Best, Measure, Point, SweepResult};
use crate::export::{SweepRecord, VaryRecord};
use crate::words;

/// The most rows of the table; of more points some are shown.
const MOST_ROWS: usize = 26;

/// The whole text for one sweep.
pub(in crate::cli) fn sweep(record: &SweepRecord, result: &SweepResult, place: &str) -> String {
    let bold = anstyle::Style::new().bold();
    let what: Vec<String> = record.vary.iter().map(described).collect();
    let mut out = format!("{bold}{}: {}{bold:#}\n", record.run.title, what.join(", "));
    for line in sentences(record, result) {
        out += &wrapped(&line, 2);
    }
    if let [_] = record.vary[..] {
        out += &format!("\n{}\n\n", grid_of(&rows(record, result)));
    }
    out + &made(&record.run, "Tables and charts", place)
}

/// `monthly price from $5 to $10 (21 values)`.
fn described(vary: &VaryRecord) -> String {
    let name = words::input(&vary.input);
    match vary.values[..] {
        [] => name,
        [only] => format!("{name} {}", words::amount(only, &vary.unit)),
        [first, .., last] => {
            let (first, last) = (words::amount(first, &vary.unit), words::amount(last, &vary.unit));
            format!("{name} from {first} to {last} ({} values)", vary.values.len())
        }
    }
}

/// `a monthly price of $7.75 and a refusal rate of 60%`.
fn at(record: &SweepRecord, point: &Point) -> String {
    let values = record.vary.iter().zip(&point.values);
    let values = values
        .map(|(vary, x)| format!("{} of {}", words::a(&words::input(&vary.input)), words::amount(*x, &vary.unit)));
    values.collect::<Vec<_>>().join(" and ")
}

fn sentences(record: &SweepRecord, result: &SweepResult) -> Vec<String> {
    let (npv, payback) = (result.best(Measure::Npv), result.best(Measure::Payback));
    let point = |best: &Best| &result.points[best.point];
    let mut out = Vec::new();
    if result.points.len() == 1 {
        let only = &result.points[0];
        if let Some(mean) = only.brief.mean("npv") {
            out.push(format!("Mean NPV at {}: {}.", at(record, only), dollars_with_error(&mean)));
        }
    } else if npv.rows.iter().all(|row| row.difference.value == 0.0) {
        out.push(format!("Mean NPV is the same at every point: {}.", dollars_with_error(&npv.rows[0].value)));
    } else {
        let row = &npv.rows[npv.point];
        out.push(format!("Mean NPV is highest at {}: {}.", at(record, point(npv)), dollars_with_error(&row.value)));
        if on_edge(record, npv.point) {
            out.push("That is the end of the range: a wider --vary would show whether it goes on.".to_owned());
        }
        if record.run.paths > 1 {
            out.push(format!(
            "This choice is the best on {} of paths. Whoever knew the path beforehand would do better by {} on average.",
            words::percent(row.share_best),
            dollars_with_error(&row.regret)
        ));
        }
    }
    let often = |p: &Proportion| words::frequency(p.probability, Some(p.half_width()), record.run.paths);
    let likeliest = point(payback);
    if let Some(p) = likeliest.brief.probability("payback") {
        out.push(if payback.foresight.value <= 0.0 {
            "The investment is paid back on no path at any point.".to_owned()
        } else if payback.rows.iter().all(|row| row.difference.value == 0.0) {
            format!("The investment is paid back {}, at every point alike.", often(&p))
        } else {
            let edge = if on_edge(record, payback.point) { ", the end of the range" } else { "" };
            format!("Payback is likeliest at {}{edge}: {}.", at(record, likeliest), often(&p))
        });
    }
    out
}

/// Whether a point has the first or last value of an input with several.
fn on_edge(record: &SweepRecord, mut point: usize) -> bool {
    record.vary.iter().rev().any(|vary| {
        let (n, at) = (vary.values.len(), point % vary.values.len());
        point /= n;
        n > 2 && (at == 0 || at == n - 1)
    })
}

fn rows(record: &SweepRecord, result: &SweepResult) -> Vec<Vec<String>> {
    let (npv, vary) = (result.best(Measure::Npv), &record.vary[0]);
    let swept = vary.input == "target.subscribers";
    let target = words::people_short(record.run.target_subscribers);
    let reached = if swept { "target reached".to_owned() } else { format!("{target} reached") };
    let header = [&words::input(&vary.input), "mean NPV", "less than the best by", "best on", "paid back", &reached];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows[0][0] = format!("  {}", rows[0][0]);
    let every = result.points.len().div_ceil(MOST_ROWS);
    for (i, (row, point)) in npv.rows.iter().zip(&result.points).enumerate() {
        if i % every != 0 && i != npv.point && i + 1 != result.points.len() {
            continue;
        }
        let share =
            |event: &str| point.brief.probability(event).map_or_else(String::new, |p| with_error(&p, record.run.paths));
        let behind = match half_width(&row.difference) {
            _ if i == npv.point => "best".to_owned(),
            Some(half) => format!("{} ± {}", words::dollars_short(-row.difference.value), words::dollars_short(half)),
            None => words::dollars_short(-row.difference.value),
        };
        rows.push(vec![
            format!("  {}", words::amount(point.values[0], &vary.unit)),
            words::dollars_short(row.value.value),
            behind,
            words::percent(row.share_best),
            share("payback"),
            share("target_reached"),
        ]);
    }
    rows
}

/// `0.36% ± 0.02%`, `never`, `always`.
fn with_error(p: &Proportion, paths: u64) -> String {
    if p.probability <= 0.0 {
        return "never".to_owned();
    }
    if p.probability >= 1.0 {
        return "always".to_owned();
    }
    if paths < 2 { words::percent(p.probability) } else { words::percent_with_error(p.probability, p.half_width()) }
}
