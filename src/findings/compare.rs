//! What a comparison says.

use super::{Block, Grid, Says, dollars_with_error, half_width, share_of};
use crate::aggregate::Estimate;
use crate::results::{CompareRecord, Results, ScenarioRecord};
use crate::scenario::called;
use crate::table::Row;
use crate::words;

/// The most characters of a value as the file writes it.
const VALUE: usize = 36;

impl Says for CompareRecord {
    /// Each scenario but the first against the first.
    fn blocks(&self, results: &Results) -> Vec<Block> {
        let Some((first, others)) = results.record.scenarios.split_first() else { return Vec::new() };
        let block = |other: &ScenarioRecord| Block {
            heading: format!("{} compared with {}", other.title, first.title),
            sentences: sentences(results, first, other),
            grid: Some(grid(results, other)),
            remarks: Vec::new(),
        };
        others.iter().map(block).collect()
    }
}

fn sentences(results: &Results, first: &ScenarioRecord, other: &ScenarioRecord) -> Vec<String> {
    let mut out = Vec::new();
    let (a, b) = (&first.title, &other.title);
    let row =
        |outcome: &str| results.rows_of("differences", &other.name).find(|row| row.text("outcome") == Some(outcome));
    let both = |row: &Row<'_>| Some((row.estimate("difference")?, row.number("mean")?, row.number("first_mean")?));
    if let Some(row) = row("npv")
        && let Some((difference, mean, of_first)) = both(&row)
    {
        let (mean, of_first) = (words::dollars(mean), words::dollars(of_first));
        out.push(format!("Mean NPV is {mean} against {of_first}: {}.", said(&difference, &dollars_with_error)));
        out.extend(better(a, b, &row, results.record.simulation.paths));
    }
    let target = if first.target_subscribers == other.target_subscribers {
        "The target is reached".to_owned()
    } else {
        let [theirs, ours] = [other, first].map(|record| words::people(record.target_subscribers));
        format!("The target ({theirs} against {ours}) is reached")
    };
    for (event, what) in [("payback", "The investment is paid back"), ("target_reached", target.as_str())] {
        if let Some((difference, mean, of_first)) = row(event).and_then(|row| both(&row)) {
            out.push(how_often(what, (first, of_first), (other, mean), &difference));
        }
    }
    out
}

/// How often something happens in each of two scenarios, to the digits that their difference has.
fn how_often(
    what: &str,
    (first, of_first): (&ScenarioRecord, f64),
    (other, of_other): (&ScenarioRecord, f64),
    difference: &Estimate,
) -> String {
    let [ours, theirs] = [first, other].map(|record| words::within(record.horizon_months));
    let alike = ours == theirs;
    if of_first == of_other && (of_first == 0.0 || of_first == 1.0) {
        let whole = if of_first == 0.0 { "no simulated future of either" } else { "every simulated future of both" };
        let horizon = if alike { theirs } else { format!("{theirs} against {ours}") };
        return format!("{what} {horizon} in {whole}.");
    }
    let share = |p: f64| match p {
        0.0 => "none of the simulated futures".to_owned(),
        _ => format!("{} of simulated futures", words::percent_beside(p, half_width(difference))),
    };
    let points = |x: &Estimate| words::points_with_error(x.value, half_width(x));
    let horizon = if alike { String::new() } else { format!(" {ours}") };
    format!(
        "{what} {theirs} in {} against {}{horizon}: {}.",
        share(of_other),
        share(of_first).replace(" of simulated futures", "").replace(" of the simulated futures", ""),
        said(difference, &points)
    )
}

/// `$250 million ± $1 million more`.
fn said(difference: &Estimate, size: &dyn Fn(&Estimate) -> String) -> String {
    if difference.value == 0.0 {
        return "the same".to_owned();
    }
    let sign = if difference.value < 0.0 { -1.0 } else { 1.0 };
    let interval = difference.interval.map(|(low, high)| if sign < 0.0 { (-high, -low) } else { (low, high) });
    let positive = Estimate { value: sign * difference.value, se: difference.se, interval };
    format!("{} {}", size(&positive), if sign < 0.0 { "less" } else { "more" })
}

fn better(a: &str, b: &str, row: &Row<'_>, paths: u64) -> Option<String> {
    let (better, equal) = (row.frequency("share_better", paths)?, row.number("share_equal")?);
    let worse = 1.0 - better.share - equal;
    Some(if paths == 1 {
        let which = if better.share > 0.0 { b } else { a };
        format!("In the only simulated future “{which}” has the higher NPV.")
    } else if better.share >= 1.0 {
        format!("“{b}” has a higher NPV than “{a}” in every simulated future.")
    } else if worse >= 1.0 {
        format!("“{b}” has a lower NPV than “{a}” in every simulated future.")
    } else {
        let tie = if equal > 0.0 { format!(", and the same in {}", words::percent(equal)) } else { String::new() };
        format!("“{b}” has a higher NPV than “{a}” in {} of simulated futures{tie}.", share_of(&better))
    })
}

/// What each change adds, the largest first.
fn grid(results: &Results, other: &ScenarioRecord) -> Grid {
    let of = |outcome: &'static str| {
        results.rows_of("contributions", &other.name).filter(move |row| row.text("outcome") == Some(outcome))
    };
    let part = |row: &Row<'_>| row.number("contribution").unwrap_or(0.0);
    let mut list: Vec<Row<'_>> = of("npv").collect();
    list.sort_by(|a, b| part(b).abs().total_cmp(&part(a).abs()));
    let told = |row: Option<Row<'_>>, unit: &str| {
        let part = row.and_then(|row| row.estimate("contribution"));
        part.map_or_else(String::new, |part| words::change_with_error(part.value, half_width(&part), unit))
    };
    let line = |row: &Row<'_>| {
        let change = row.text("change").unwrap_or_default();
        let payback = of("payback").find(|other| other.text("change") == Some(change));
        vec![
            called(change),
            short(row.text("from").unwrap_or_default()),
            short(row.text("to").unwrap_or_default()),
            told(Some(*row), "$"),
            told(payback, "share"),
        ]
    };
    let header = ["why", "from", "to", "mean NPV", "payback"].map(str::to_owned).to_vec();
    let caption = "What each difference between the inputs adds, on average over all orders of changing them";
    Grid { caption: caption.to_owned(), header, rows: list.iter().map(line).collect() }
}

fn short(value: &str) -> String {
    if value.chars().count() <= VALUE {
        return value.to_owned();
    }
    // A number is not cut: what does not fit is left out parameter by parameter.
    let start: String = value.chars().take(VALUE - 2).collect();
    match start.rfind(", ") {
        Some(end) => format!("{}, …", &start[..end]),
        None => format!("{start}…"),
    }
}
