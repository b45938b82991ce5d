//! What a comparison says.

use super::{dollars_with_error, grid_of, half_width, made, share_of, wrapped};
use crate::aggregate::Estimate;
use crate::analysis::{Against, Comparison, Contribution, Difference};
use crate::export::{CompareRecord, RunRecord};
use crate::words;

/// The most characters of a value as the file writes it.
const VALUE: usize = 36;

/// The whole text for one comparison.
pub(in crate::cli) fn compare(record: &CompareRecord, comparison: &Comparison, place: &str) -> String {
    let bold = anstyle::Style::new().bold();
    let [first, others @ ..] = record.scenarios.as_slice() else { return String::new() };
    let mut out = String::new();
    for (other, against) in others.iter().zip(&comparison.others) {
        out += &format!("{bold}{} compared with {}{bold:#}\n", other.title, first.title);
        for line in sentences(first, other, against) {
            out += &wrapped(&line, 2);
        }
        out += &format!("\n{}\n\n", grid_of(&rows(against)));
    }
    out + &made(first, "Tables and charts", place)
}

fn sentences(first: &RunRecord, other: &RunRecord, against: &Against) -> Vec<String> {
    let mut out = Vec::new();
    let (a, b) = (&first.title, &other.title);
    if let Some(row) = against.row("npv")
        && let (Some(difference), Some(mean), Some(of_first)) = (&row.difference, row.mean, row.first)
    {
        let (mean, of_first) = (words::dollars(mean), words::dollars(of_first));
        out.push(format!("Mean NPV is {mean} against {of_first}: {}.", said(difference, &dollars_with_error)));
        out.extend(better(a, b, row, first.paths));
    }
    let target = if first.target_subscribers == other.target_subscribers {
        "The target is reached".to_owned()
    } else {
        let [theirs, ours] = [other, first].map(|record| words::people(record.target_subscribers));
        format!("The target ({theirs} against {ours}) is reached")
    };
    for (event, what) in [("payback", "The investment is paid back"), ("target_reached", target.as_str())] {
        if let Some(Difference { difference: Some(difference), mean: Some(mean), first: Some(of_first), .. }) =
            against.row(event)
        {
            out.push(how_often(what, (first, *of_first), (other, *mean), difference));
        }
    }
    out
}

/// How often something happens in each of two scenarios, to the digits that their difference has.
fn how_often(
    what: &str,
    (first, of_first): (&RunRecord, f64),
    (other, of_other): (&RunRecord, f64),
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

fn better(a: &str, b: &str, row: &Difference, paths: u64) -> Option<String> {
    let (better, equal) = (row.better.as_ref()?, row.equal.as_ref()?);
    let worse = 1.0 - better.probability - equal.probability;
    Some(if paths == 1 {
        let which = if better.probability > 0.0 { b } else { a };
        format!("In the only simulated future “{which}” has the higher NPV.")
    } else if better.probability >= 1.0 {
        format!("“{b}” has a higher NPV than “{a}” in every simulated future.")
    } else if worse >= 1.0 {
        format!("“{b}” has a lower NPV than “{a}” in every simulated future.")
    } else {
        let tie = if equal.probability > 0.0 {
            format!(", and the same in {}", words::percent(equal.probability))
        } else {
            String::new()
        };
        format!("“{b}” has a higher NPV than “{a}” in {} of simulated futures{tie}.", share_of(better))
    })
}

fn rows(against: &Against) -> Vec<Vec<String>> {
    let mut list: Vec<&Contribution> = against.contributions.iter().collect();
    let part = |contribution: &Contribution| contribution.part("npv").map_or(0.0, |part| part.value);
    list.sort_by(|a, b| part(b).abs().total_cmp(&part(a).abs()));
    let mut out = vec![["  why", "from", "to", "mean NPV", "payback"].map(str::to_owned).to_vec()];
    for contribution in list {
        let part = |name, unit| {
            let Some(part) = contribution.part(name) else { return String::new() };
            let half = part.interval.map(|(low, high)| 0.5 * (high - low));
            words::change_with_error(part.value, half, unit)
        };
        out.push(vec![
            format!("  {}", words::input(&contribution.change)),
            short(&contribution.from),
            short(&contribution.to),
            part("npv", "$"),
            part("payback", "share"),
        ]);
    }
    out
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
